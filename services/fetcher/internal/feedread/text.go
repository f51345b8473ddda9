package feedread

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
)

// cleanChars drops what no text holds: control characters besides tab and line ends,
// the two noncharacters that XML forbids, and bytes that are no UTF-8. Characters of
// the C1 range, which come from mislabelled Windows text, become what was meant.
func cleanChars(s string) string {
	i := 0
	for i < len(s) && (s[i] >= ' ' && s[i] < 0x7f || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	if i == len(s) {
		return s
	}
	if !needsCleaning(s[i:]) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return r
		case r < ' ' || r == 0x7f || r == 0xfffe || r == 0xffff:
			return -1
		case r >= 0x80 && r < 0xa0:
			if w := windows1252[r-0x80]; w >= 0xa0 {
				return w
			}
			return -1
		}
		return r
	}, s)
}

func needsCleaning(s string) bool {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 ||
			r == 0xfffe || r == 0xffff || r == utf8.RuneError && n == 1 {
			return true
		}
		i += n
	}
	return false
}

// tidyLine makes a string one clean line: white space, also line ends, becomes single
// spaces.
func tidyLine(s string) string {
	return strings.Join(strings.Fields(cleanChars(s)), " ")
}

// cut shortens a string to at most n bytes at a character's border, with an ellipsis.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRightFunc(s[:n], unicode.IsSpace) + "…"
}

// looksLikeHTML tells texts that are HTML though they say otherwise: an end tag or a
// void element of HTML stands in them.
func looksLikeHTML(s string) bool {
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			return false
		}
		s = s[i+1:]
		end := s[0] == '/'
		name := strings.TrimPrefix(s, "/")
		name = strings.ToLower(name[:nameLen(name)])
		if end && htmlElements[name] || !end && voids[name] {
			return true
		}
	}
}

// blocks are the elements of HTML that begin a new line.
var blocks = map[string]bool{
	"address": true, "article": true, "aside": true, "blockquote": true, "br": true, "dd": true, "div": true, "dl": true, "dt": true,
	"figcaption": true, "figure": true, "footer": true, "form": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true,
	"h6": true, "header": true, "hr": true, "li": true, "main": true, "nav": true, "ol": true, "p": true, "pre": true,
	"section": true, "table": true, "td": true, "th": true, "tr": true, "ul": true,
}

// silent are the elements whose content is no text for readers.
var silent = map[string]bool{
	"script": true, "style": true, "head": true, "title": true, "noscript": true, "template": true, "textarea": true, "select": true, "svg": true, "math": true,
}

// inline are the other elements of HTML.
var inline = []string{
	"a", "abbr", "acronym", "area", "audio", "b", "base", "basefont", "bdi", "bdo", "big", "blink", "body", "button", "canvas",
	"caption", "center", "cite", "code", "col", "colgroup", "data", "datalist", "del", "details", "dfn", "dialog", "dir", "em",
	"embed", "noembed", "iframe", "object", "applet", "fieldset", "font", "frame", "frameset", "html", "i", "img", "input", "ins", "kbd", "label", "legend", "link", "map",
	"mark", "marquee", "menu", "meta", "meter", "noframes", "nobr", "optgroup", "option", "output", "param", "picture", "progress", "q", "rp",
	"rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "tbody", "tfoot", "thead",
	"time", "track", "tt", "u", "var", "video", "wbr",
}

// htmlElements are all elements of HTML.
var htmlElements = func() map[string]bool {
	all := make(map[string]bool, 160)
	for _, set := range []map[string]bool{blocks, silent, voids} {
		for name := range set {
			all[name] = true
		}
	}
	for _, name := range inline {
		all[name] = true
	}
	return all
}()

// endComments ends a comment that has no end where its tag does, as readers of feeds
// always did: by HTML's rule it would hide the rest of the text.
func endComments(s string) string {
	from := 0
	for {
		i := strings.Index(s[from:], "<!--")
		if i < 0 {
			return s
		}
		start := from + i
		if end := strings.Index(s[start+2:], "-->"); end >= 0 {
			from = start + 2 + end + len("-->")
			continue
		}
		rest := ""
		if end := strings.IndexByte(s[start:], '>'); end >= 0 {
			rest = s[start+end+1:]
		}
		// No comment after this one has an end, either.
		s, from = s[:start]+strings.ReplaceAll(rest, "<!--", "<!"), start
	}
}

// plain gives a value as plain text: lines without markup, of at most n bytes. Tags of
// elements that HTML does not have stay, since they are words in angle brackets.
func (v value) plain(n int) string {
	if v.kind == plainText {
		return tidyLines(v.s, n)
	}
	if !strings.ContainsAny(v.s, "<&") {
		return tidyLines(v.s, n)
	}
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(endComments(v.s)))
	skip, depth := "", 0
	// Twice the length, since white space will go.
	for b.Len() < 2*n+1024 {
		tt := z.Next()
		if tt == xhtml.ErrorToken {
			break
		}
		switch tt {
		case xhtml.TextToken:
			if skip == "" {
				b.WriteString(strings.ReplaceAll(html.UnescapeString(string(z.Raw())), "\n", " "))
			}
		case xhtml.StartTagToken, xhtml.EndTagToken, xhtml.SelfClosingTagToken:
			raw := string(z.Raw())
			nameBytes, _ := z.TagName()
			name := string(nameBytes)
			if frames[name] {
				z.NextIsNotRawText()
			}
			switch {
			case skip != "":
				if name == skip {
					depth += map[xhtml.TokenType]int{xhtml.StartTagToken: 1, xhtml.EndTagToken: -1}[tt]
				}
				if depth == 0 {
					skip = ""
				}
			case silent[name] && tt == xhtml.StartTagToken:
				skip, depth = name, 1
			case blocks[name]:
				b.WriteByte('\n')
			case !htmlElements[name] && !strings.Contains(name, ":"):
				b.WriteString(raw)
			}
		}
	}
	return tidyLines(b.String(), n)
}

// line is plain on one line.
func (v value) line(n int) string { return cut(strings.ReplaceAll(v.plain(n), "\n", " "), n) }

// tidyLines joins white space within lines, drops empty lines, and cuts to n bytes.
func tidyLines(s string, n int) string {
	var b strings.Builder
	for line := range strings.SplitSeq(cleanChars(s), "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
		if b.Len() > n {
			break
		}
	}
	return cut(b.String(), n)
}
