package feedread

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	undeclared "github.com/dateline-news/dateline/services/internal/charset"
)

// sevenBit are the encodings whose text consists of ASCII bytes alone, so that it looks
// like UTF-8.
var sevenBit = map[string]bool{"iso-2022-jp": true, "hz-gb-2312": true}

// decode gives a document's text as UTF-8 without characters that no text holds, the
// name of the encoding it was in, and whether bytes had to be replaced.
//
// The order of belief: a byte order mark; the pattern of zero bytes that UTF-16 and
// UTF-32 make of a '<' or '{'; UTF-8 if the bytes are valid UTF-8, whatever is
// declared, since text in other encodings hardly ever is; the header's charset; the
// XML declaration; the East Asian encoding that the letters tell; and Windows-1252.
// Declared UTF-8 that is not valid yields to another declaration or to what the letters
// tell, or else is repaired.
func decode(body []byte, contentType string) (doc, name string, repaired bool) {
	if enc, name, skip := byPattern(body); enc != nil {
		out, err := enc.NewDecoder().Bytes(body[skip:])
		if err == nil {
			return finishDecode(out, name, false)
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	declared := declaredCharsets(body, contentType)
	if utf8.Valid(body) {
		for _, label := range declared {
			if enc, err := htmlindex.Get(label); err == nil && sevenBit[canonical(enc)] && bytes.ContainsAny(body, "\x1b~") {
				if out, err := enc.NewDecoder().Bytes(body); err == nil {
					return finishDecode(out, canonical(enc), false)
				}
			}
		}
		return finishDecode(body, "utf-8", false)
	}
	wantUTF8 := false
	for _, label := range declared {
		enc, name := charset.Lookup(label)
		switch {
		case enc == nil || name == "replacement" || strings.HasPrefix(name, "utf-16"):
		case name == "utf-8":
			wantUTF8 = true
		default:
			out, err := enc.NewDecoder().Bytes(body)
			if err == nil {
				return finishDecode(out, name, bytes.Contains(out, []byte("\ufffd")))
			}
		}
	}
	valid, invalid := undeclared.CountUTF8(body)
	if valid < invalid {
		if enc, name := undeclared.Detect(body); enc != nil {
			if out, err := enc.NewDecoder().Bytes(body); err == nil {
				return finishDecode(out, name, bytes.Contains(out, []byte("\ufffd")))
			}
		}
	}
	if valid >= invalid || wantUTF8 && valid > 0 {
		return finishDecode(bytes.ToValidUTF8(body, []byte("\ufffd")), "utf-8", true)
	}
	out, err := charmapWindows.NewDecoder().Bytes(body)
	if err != nil {
		out = bytes.ToValidUTF8(body, []byte("\ufffd"))
	}
	return finishDecode(out, "windows-1252", wantUTF8)
}

var charmapWindows, _ = charset.Lookup("windows-1252")

func canonical(enc encoding.Encoding) string {
	name, err := htmlindex.Name(enc)
	if err != nil {
		return ""
	}
	return name
}

func finishDecode(out []byte, name string, repaired bool) (string, string, bool) {
	s := string(out)
	clean := cleanChars(s)
	return clean, name, repaired || len(clean) != len(s)
}

// byPattern finds UTF-16 and UTF-32 by their mark or by where their zero bytes stand.
// skip is the length of the mark.
func byPattern(b []byte) (enc encoding.Encoding, name string, skip int) {
	utf16 := func(e unicode.Endianness) encoding.Encoding { return unicode.UTF16(e, unicode.IgnoreBOM) }
	utf32e := func(e utf32.Endianness) encoding.Encoding { return utf32.UTF32(e, utf32.IgnoreBOM) }
	switch {
	case bytes.HasPrefix(b, []byte{0, 0, 0xfe, 0xff}):
		return utf32e(utf32.BigEndian), "utf-32be", 4
	case bytes.HasPrefix(b, []byte{0xff, 0xfe, 0, 0}):
		return utf32e(utf32.LittleEndian), "utf-32le", 4
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return utf16(unicode.BigEndian), "utf-16be", 2
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return utf16(unicode.LittleEndian), "utf-16le", 2
	case len(b) < 4:
		return nil, "", 0
	}
	zeros := [4]bool{b[0] == 0, b[1] == 0, b[2] == 0, b[3] == 0}
	switch zeros {
	case [4]bool{true, true, true, false}:
		return utf32e(utf32.BigEndian), "utf-32be", 0
	case [4]bool{false, true, true, true}:
		return utf32e(utf32.LittleEndian), "utf-32le", 0
	case [4]bool{true, false, true, false}:
		return utf16(unicode.BigEndian), "utf-16be", 0
	case [4]bool{false, true, false, true}:
		return utf16(unicode.LittleEndian), "utf-16le", 0
	}
	return nil, "", 0
}

// declaredCharsets gives the charsets of the header and of the XML declaration.
func declaredCharsets(body []byte, contentType string) []string {
	var out []string
	if i := indexFold(contentType, "charset"); i >= 0 {
		v := strings.TrimLeft(contentType[i+len("charset"):], " \t=")
		if end := strings.IndexByte(v, ';'); end >= 0 {
			v = v[:end]
		}
		out = append(out, strings.Trim(v, " \t\"'"))
	}
	head := body[:min(len(body), 1024)]
	if i := bytes.Index(head, []byte("<?xml")); i >= 0 {
		decl := head[i:]
		if end := bytes.IndexByte(decl, '>'); end >= 0 {
			decl = decl[:end]
		}
		if i := bytes.Index(decl, []byte("encoding")); i >= 0 {
			v := bytes.TrimLeft(decl[i+len("encoding"):], " \t\r\n=")
			if len(v) > 1 && (v[0] == '"' || v[0] == '\'') {
				if end := bytes.IndexByte(v[1:], v[0]); end > 0 {
					out = append(out, strings.TrimSpace(string(v[1:1+end])))
				}
			}
		}
	}
	return out
}

// indexFold gives the place of an ASCII word in s in any case; -1 if there is none. The
// lower case of a string may be longer than the string, so places in it say nothing.
func indexFold(s, word string) int {
	for i := 0; i+len(word) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}
