package meta

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// maxHeadline is longer than any headline, in bytes.
const maxHeadline = 500

// headline chooses the headline. The h1 is what the reader sees, but on some
// pages it is the site's name or a section: it needs a witness among the other
// titles. Those are often rewritten for search engines or social networks.
func (r *resolver) headline() {
	page := printedAs(r.cutSite(r.p.title), "title.element", 0.7)
	told := Value{}
	if r.p.told != "" && !r.isSite(r.p.told) && (len(r.p.headings) == 0 || agreement(r.p.headings[0].text, page.Text) < 0.9) {
		told = printedAs(plain.Line(r.p.told), "title.printed", 0.8)
		if len(told.Text) < len(page.Text) {
			page = told
		}
	}
	og := r.named(0.85, "og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "citation_title", "title")
	og.Text = r.cutSite(og.Text)
	if told.Text != "" && len(told.Text) < len(og.Text) && (strings.HasPrefix(og.Text, told.Text) || strings.HasSuffix(og.Text, told.Text)) {
		og.Text = told.Text
	}
	ld := r.stated(0.9, "headline")
	if ld.Text == "" && r.story != nil && articleRank(r.story) >= 2 {
		ld = r.stated(0.9, "name")
	}
	ld.Text = r.cutSite(ld.Text)
	micro := r.marked("headline", 0.85)
	witnesses := []string{ld.Text, og.Text, page.Text, micro.Text, r.c.Title}
	if h := r.supportedHeading(witnesses); h != "" {
		// A kicker often stands inside the h1: then the other titles end it.
		for _, w := range [...]string{ld.Text, og.Text} {
			if fw, fh := plain.Fold(w), plain.Fold(h); len(fw) > 20 && len(fw) < len(fh) && len(fw)*10 > len(fh)*5 && strings.HasSuffix(fh, fw) {
				h = w
			}
		}
		r.out.Headline = printedAs(h, "h1.supported", 0.95)
		return
	}
	var only Value
	if len(r.p.headings) == 1 && !r.p.headings[0].aside && ld.Text == "" && og.Text == "" && !r.isSite(r.p.headings[0].text) && len(r.p.headings[0].text) > 20 {
		only = printedAs(r.p.headings[0].text, "h1.only", 0.7)
	}
	r.out.Headline = pick(ld, micro, og, told, only, page)
	if v := &r.out.Headline; len(v.Text) > maxHeadline {
		*v = Value{}
	}
}

// supportedHeading returns the h1 that agrees best with the other titles.
func (r *resolver) supportedHeading(witnesses []string) string {
	best, bestScore := "", 0.0
	for _, h := range r.p.headings {
		text := r.cutSite(h.text)
		if len(text) > maxHeadline || utf8.RuneCountInString(text) < 5 || r.isSite(text) {
			continue
		}
		score := 0.0
		for _, w := range witnesses {
			score = max(score, agreement(text, w))
		}
		if h.marked {
			score += 0.2
		}
		if h.aside {
			score -= 0.3
		}
		if score > bestScore {
			best, bestScore = text, score
		}
	}
	if bestScore < 0.5 {
		return ""
	}
	return best
}

// agreement is how far two titles say the same: the share of the longer one's
// words that the shorter one has too, or containment.
func agreement(a, b string) float64 {
	fa, fb := plain.Fold(a), plain.Fold(b)
	if fa == "" || fb == "" {
		return 0
	}
	if fa == fb {
		return 1
	}
	if short := min(len(fa), len(fb)); short > 12 && (strings.Contains(fa, fb) || strings.Contains(fb, fa)) {
		return 0.9
	}
	words := map[string]bool{}
	for w := range strings.FieldsSeq(strings.ToLower(a)) {
		words[plain.Fold(w)] = true
	}
	same, all := 0, 0
	for w := range strings.FieldsSeq(strings.ToLower(b)) {
		if w = plain.Fold(w); w != "" {
			all++
			if words[w] {
				same++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(same) / float64(all+len(words))
}

// separators part a headline from the site's name in title elements.
var separators = [...]string{" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " // ", " / ", "|", "_", "｜", " ‹ ", " › ", ": ", "-"}

// cutSite removes the site's name, and sections beside it, from a title.
func (r *resolver) cutSite(title string) string {
	for range 3 {
		cut := r.cutOnce(title)
		if cut == title {
			break
		}
		title = cut
	}
	return title
}

func (r *resolver) cutOnce(title string) string {
	wide := unspaced(title)
	for _, sep := range separators {
		if (sep == "-" || sep == "_") && !wide {
			continue
		}
		if i := strings.LastIndex(title, sep); i > 0 {
			head, tail := strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(sep):])
			if head != "" && (r.isSite(tail) || (sep != ": " && r.witnessed(head, tail)) || r.label(sep, head, tail, wide)) {
				return head
			}
		}
		if i := strings.Index(title, sep); i > 0 {
			head, tail := strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(sep):])
			if tail != "" && r.isSite(head) {
				return tail
			}
		}
	}
	return title
}

// marksParts are the signs that part a title element.
const marksParts = "|-–—:»«·•/_>›‹｜－–－＿"

// minPart is the least of a part of the title that tells, in bytes.
const minPart = 10

// tell keeps the longest part of the title element that the page prints by itself:
// where no h1 says so, that is the headline, and the rest is the site.
func (p *Page) tell(text string) {
	if len(text) < minPart || len(p.title) < minPart {
		return
	}
	if text = strings.TrimSpace(text); len(text) <= max(len(p.told), minPart-1) || len(text) >= len(p.title) || len(text)*3 < len(p.title) {
		return
	}
	at := strings.Index(p.title, text)
	if at < 0 {
		return
	}
	before, after := p.title[:at], p.title[at+len(text):]
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(after, " "))
	// "Kicker: headline" is one headline, "Paper : headline" is two things.
	if after != "" && (after[0] == ':' || !strings.ContainsRune(marksParts, next)) {
		return
	}
	if before != "" {
		// What begins the title is rather the headline than what follows.
		bare := strings.TrimRight(before, " ")
		last, size := utf8.DecodeLastRuneInString(bare)
		if !strings.ContainsRune(marksParts, last) || bare[len(bare)-size] == ':' && !strings.HasSuffix(bare, " :") ||
			len(strings.Fields(bare)) > maxSiteWords+1 || p.told != "" && strings.HasPrefix(p.title, p.told) {
			return
		}
	}
	p.told = text
}

// maxSiteWords is how many words the names of a site and a section have together.
const maxSiteWords = 4

// label reports whether what follows a bar is a site or section: nobody writes
// bars into headlines. In scripts that do not part words hyphens are bars, too, unless
// a heading has them.
func (r *resolver) label(sep, head, tail string, wide bool) bool {
	if wide {
		return len(tail) <= maxUnspacedLabel && len(tail)*3 <= len(head)*2 && strings.ContainsAny(sep, "|-_｜") && !r.headed(head+tail)
	}
	return (sep == " | " || sep == " » " || sep == " :: ") && len(strings.Fields(head)) >= 3 && len(strings.Fields(tail)) <= 5 && len(tail) < len(head)
}

// headed reports whether a text is printed as a heading.
func (r *resolver) headed(text string) bool {
	want := plain.Fold(text)
	for i := range r.p.headings {
		if plain.Fold(r.p.headings[i].text) == want {
			return true
		}
	}
	return false
}

// maxUnspacedLabel is the longest name of a site or section in a script of three
// bytes a character.
const maxUnspacedLabel = 36

// unspaced reports whether a text is of a script that does not part words.
func unspaced(s string) bool {
	n := 0
	for _, r := range s {
		if plain.Unspaced(r) {
			n++
		}
	}
	return n >= 6 && n*6 > len(s)
}

// witnessed reports whether head is printed as a heading of its own, and what
// follows the separator is short enough to be a site or section.
func (r *resolver) witnessed(head, tail string) bool {
	if len(strings.Fields(tail)) > 6 || len(tail) >= len(head) && len(head) < 30 {
		return false
	}
	if r.headed(head) {
		return true
	}
	want := plain.Fold(head)
	for _, key := range [...]string{"og:title", "twitter:title"} {
		for _, v := range r.p.names[key] {
			if plain.Fold(clean(v)) == want {
				return true
			}
		}
	}
	return r.story != nil && plain.Fold(first(r.story, "headline")) == want
}

// isSite reports whether a text is the site's name or its host's.
func (r *resolver) isSite(s string) bool {
	f := plain.Fold(s)
	if f == "" {
		return false
	}
	site := plain.Fold(r.out.SiteName.Text)
	if site != "" && (f == site || f == "the"+site || "the"+f == site) {
		return true
	}
	host := hostOf(r.c.URL)
	if host == "" {
		host = hostOf(r.p.links["canonical"])
	}
	if host == "" {
		return false
	}
	whole := plain.Fold(host)
	name := host
	if i := strings.IndexByte(host, '.'); i > 0 {
		name = host[:i]
	}
	name = plain.Fold(name)
	return f == whole || f == "www"+whole || (len(name) > 2 && (f == name || f == "the"+name || strings.TrimPrefix(name, "the") == f))
}

// hostOf is the host of an absolute URL without "www.".
func hostOf(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
