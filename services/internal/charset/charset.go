// Package charset turns a document's bytes into UTF-8 text.
//
// The order of trust follows what was measured on real pages: a byte order
// mark; the transport's charset, where the bytes decode cleanly; valid UTF-8,
// whatever the page declares (stale declarations are far more common than
// foreign text that happens to be valid UTF-8); the document's own declaration
// in its first kilobytes; nearly valid UTF-8; an East Asian encoding that the
// letters tell (see Detect); windows-1252, the web's default (WHATWG Encoding
// Standard).
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

const (
	// prescan is how far a declaration is looked for. Browsers stop at 1,024
	// bytes; real pages carry scripts and comments before their meta element.
	prescan = 8 << 10
	// fallbackName is what undeclared, invalid text is taken for.
	fallbackName = "windows-1252"
	// maxBadShare is the share of bytes that may be wrong in text that still
	// counts as UTF-8: one broken byte must not turn a page into mojibake.
	maxBadShare = 1.0 / 500
)

// Reading says which encoding a document was read in, and why.
type Reading struct {
	// Encoding is a WHATWG name, lower case.
	Encoding string
	// Rule is one of the Rule constants.
	Rule string
}

// Rules, the order of trust; docs/parser.md explains them.
const (
	RuleMark      = "charset.mark"      // a byte order mark
	RuleZeros     = "charset.zeros"     // every second byte is zero: UTF-16 without its mark
	RuleTransport = "charset.transport" // the transport's parameter
	RuleDeclared  = "charset.declared"  // the document's own declaration
	RuleValid     = "charset.valid"     // the bytes are UTF-8
	RuleNearly    = "charset.nearly"    // the bytes are UTF-8 but for a few
	RuleSniffed   = "charset.sniffed"   // letters and their frequencies
	RuleDefault   = "charset.default"   // nothing tells
)

// Decode returns content as valid UTF-8 and how it was read. declared is the
// transport's charset parameter, or empty. Bytes that mean nothing become U+FFFD.
func Decode(content []byte, declared string) ([]byte, Reading) {
	if enc, label, n := byteOrderMark(content); enc != nil {
		return decodeAs(content[n:], enc), Reading{label, RuleMark}
	}
	if enc, label := wideWithoutMark(content); enc != nil {
		return decodeAs(content, enc), Reading{label, RuleZeros}
	}
	valid := utf8.Valid(content)
	transport, transportName := lookup(declared)
	if isUTF16(transportName) && bytes.IndexByte(content[:min(len(content), prescan)], 0) >= 0 {
		// Hardly any text in another script has as many zeros as wideWithoutMark asks
		// for, and none that is not UTF-16 has any.
		if text, ok := decodeCleanly(content, transport); ok {
			return text, Reading{transportName, RuleTransport}
		}
	}
	if transport != nil && transportName != "utf-8" && !isUTF16(transportName) {
		// ASCII is the same text in nearly every encoding, and ISO-2022-JP is
		// ASCII bytes; only bytes above 0x7f can contradict the transport.
		if !valid || isStateful(transportName) {
			if text, ok := decodeCleanly(content, transport); ok {
				return text, Reading{transportName, RuleTransport}
			}
		}
	}
	if valid {
		if enc, label := lookup(declaration(content)); enc != nil && isStateful(label) {
			return decodeAs(content, enc), Reading{label, RuleDeclared}
		}
		return content, Reading{"utf-8", RuleValid}
	}
	meta, metaName := lookup(declaration(content))
	if meta != nil && metaName != "utf-8" && !isUTF16(metaName) {
		if text, ok := decodeCleanly(content, meta); ok {
			return text, Reading{metaName, RuleDeclared}
		}
	}
	if nearlyUTF8(content) {
		return bytes.ToValidUTF8(content, []byte("\uFFFD")), Reading{"utf-8", RuleNearly}
	}
	// Nothing decodes cleanly: a declared foreign encoding with some broken
	// bytes is still likelier than Western text.
	switch {
	case transport != nil && transportName != "utf-8" && !isUTF16(transportName):
		return decodeAs(content, transport), Reading{transportName, RuleTransport}
	case meta != nil && metaName != "utf-8" && !isUTF16(metaName):
		return decodeAs(content, meta), Reading{metaName, RuleDeclared}
	}
	if enc, label := Detect(content); enc != nil {
		return decodeAs(content, enc), Reading{label, RuleSniffed}
	}
	enc, label := lookup(fallbackName)
	return decodeAs(content, enc), Reading{label, RuleDefault}
}

// byteOrderMark returns the encoding that a mark at the start names, and the
// mark's length.
func byteOrderMark(b []byte) (encoding.Encoding, string, int) {
	switch {
	case bytes.HasPrefix(b, []byte{0xef, 0xbb, 0xbf}):
		return unicode.UTF8, "utf-8", 3
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be", 2
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le", 2
	}
	return nil, "", 0
}

// wideWithoutMark recognises UTF-16 that lost its mark: nearly every second
// byte of markup is zero then.
func wideWithoutMark(b []byte) (encoding.Encoding, string) {
	window := b[:min(len(b), 512)&^1]
	if len(window) < 16 {
		return nil, ""
	}
	var even, odd int
	for i := 0; i < len(window); i += 2 {
		if window[i] == 0 {
			even++
		}
		if window[i+1] == 0 {
			odd++
		}
	}
	pairs := len(window) / 2
	switch {
	case odd*10 >= pairs*9 && even*10 <= pairs:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"
	case even*10 >= pairs*9 && odd*10 <= pairs:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"
	}
	return nil, ""
}

// lookup resolves a label as the WHATWG Encoding Standard does. The
// "replacement" encoding, meant to refuse text, is not offered.
func lookup(label string) (encoding.Encoding, string) {
	label = strings.Trim(label, " \t\r\n\f\"'")
	if label == "" || len(label) > 64 {
		return nil, ""
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return nil, ""
	}
	name, err := htmlindex.Name(enc)
	if err != nil || name == "replacement" {
		return nil, ""
	}
	return enc, name
}

// isStateful reports whether text of the encoding looks like ASCII.
func isStateful(name string) bool { return name == "iso-2022-jp" }

func isUTF16(name string) bool { return strings.HasPrefix(name, "utf-16") }

// decodeCleanly decodes b and reports whether every byte meant something and
// the result holds no C1 controls, which real text never does.
func decodeCleanly(b []byte, enc encoding.Encoding) ([]byte, bool) {
	text := decodeAs(b, enc)
	bad := 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError || (r >= 0x80 && r < 0xa0) {
			bad++
		}
		i += n
	}
	return text, bad == 0 || float64(bad) < float64(len(b))*maxBadShare/4
}

// decodeAs decodes b; bytes that mean nothing become U+FFFD.
func decodeAs(b []byte, enc encoding.Encoding) []byte {
	text, err := enc.NewDecoder().Bytes(b)
	if err != nil || !utf8.Valid(text) {
		return bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	return text
}

// nearlyUTF8 reports whether b holds multi-byte UTF-8 and hardly anything else.
func nearlyUTF8(b []byte) bool {
	good, bad := CountUTF8(b)
	return good > 8*bad || (good > bad && float64(bad) < float64(len(b))*maxBadShare/8)
}

// CountUTF8 counts the characters of several bytes and the bytes that belong to none.
func CountUTF8(b []byte) (valid, invalid int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			invalid++
		} else {
			valid++
		}
		i += n
	}
	return valid, invalid
}
