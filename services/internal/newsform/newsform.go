// Package newsform tells the news agencies' exchange formats apart by how a
// document begins.
package newsform

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
)

// Form is an exchange format of the International Press Telecommunications
// Council (IPTC); None is any other document.
type Form string

// The formats.
const (
	None Form = ""
	// NITF is the News Industry Text Format, 3.x.
	NITF Form = "nitf"
	// NewsML is NewsML-G2: a newsItem, or a newsMessage with such.
	NewsML Form = "newsml"
	// NinJS is News in JSON, 1.x to 3.x.
	NinJS Form = "ninjs"
	// IPTC7901 is the wire format of IPTC 7901 ("Recommended Message Format").
	IPTC7901 Form = "iptc7901"
)

// MediaType is what a document of the form is called where nobody said. The
// wire format has no registered name of its own.
func (f Form) MediaType() string {
	switch f {
	case NITF:
		return "text/vnd.iptc.nitf"
	case NewsML:
		return "application/vnd.iptc.g2.newsitem+xml"
	case NinJS:
		return "application/json"
	case IPTC7901:
		return "text/plain"
	}
	return ""
}

// maxHead bounds what stands before the root element, in bytes: a declaration,
// comments and a document type.
const maxHead = 64 << 10

// Of returns a document's form. It looks at the content only: agencies' systems
// write all of these under any media type.
func Of(content []byte) Form {
	head := content[:min(len(content), maxHead)]
	if isWire(head) {
		return IPTC7901
	}
	// In UTF-16 every other byte of markup is zero; marks of the byte order are no
	// markup either.
	if bytes.IndexByte(head[:min(len(head), 64)], 0) >= 0 {
		head = bytes.ReplaceAll(head, []byte{0}, nil)
	}
	head = bytes.TrimLeft(head, "\xef\xbb\xbf\xfe\xff \t\r\n")
	switch {
	case len(head) == 0:
	case head[0] == '{' || head[0] == '[':
		if holdsNinJS(content) {
			return NinJS
		}
	case head[0] == '<':
		name, rest := rootAndRest(head)
		if form := ofRoot(name); form != None {
			return form
		}
		// A package of an agency's own making: an element of any name with stories in it.
		return ofRoot(root(rest))
	}
	return None
}

// ofRoot is the form whose documents begin with an element.
func ofRoot(name string) Form {
	switch name {
	case "nitf":
		return NITF
	case "newsItem", "newsMessage":
		return NewsML
	}
	return None
}

// Control characters that frame a message of IPTC 7901.
const (
	startOfHeader = 0x01
	startOfText   = 0x02
)

// isWire recognises a message by its frame: a start of header with nothing but
// white space and idle characters before it, and a start of text soon after.
func isWire(head []byte) bool {
	at := bytes.IndexByte(head[:min(len(head), 64)], startOfHeader)
	if at < 0 || len(bytes.Trim(head[:at], " \t\r\n\x00\x16")) > 0 {
		return false
	}
	return bytes.IndexByte(head[at:min(len(head), at+1024)], startOfText) > 0
}

// root returns the local name of the first element, after declarations, comments
// and a document type; empty if there is none.
func root(b []byte) string {
	name, _ := rootAndRest(b)
	return name
}

// rootAndRest is root with what follows the element's tag.
func rootAndRest(b []byte) (name string, rest []byte) {
	for {
		b = bytes.TrimLeft(b, " \t\r\n")
		end := 0
		switch {
		case bytes.HasPrefix(b, []byte("<?")):
			end = after(b, "?>")
		case bytes.HasPrefix(b, []byte("<!--")):
			end = after(b, "-->")
		case bytes.HasPrefix(b, []byte("<!")):
			end = afterDoctype(b)
		case len(b) > 0 && b[0] == '<':
			name := b[1:]
			if i := bytes.IndexAny(name, " \t\r\n/>"); i >= 0 {
				name = name[:i]
			}
			return string(name[bytes.LastIndexByte(name, ':')+1:]), b[after(b, ">"):]
		}
		if end == 0 {
			return "", nil
		}
		b = b[end:]
	}
}

// after returns the offset behind a mark; 0 where it is missing.
func after(b []byte, mark string) int {
	i := bytes.Index(b, []byte(mark))
	if i < 0 {
		return 0
	}
	return i + len(mark)
}

// afterDoctype returns the offset behind a document type with its internal
// subset.
func afterDoctype(b []byte) int {
	depth := 0
	for i, c := range b {
		switch c {
		case '<', '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth--; depth <= 0 {
				return i + 1
			}
		}
	}
	return 0
}

// isNinJS recognises a news object by its members: it has an identifier, and
// something that no submission to Dateline has. What has "content" is a
// submission.
func isNinJS(content []byte) bool {
	var members map[string]json.RawMessage
	return json.Unmarshal(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), &members) == nil && isNewsObject(members)
}

func isNewsObject(members map[string]json.RawMessage) bool {
	identified, told := false, false
	for name := range members {
		switch FoldName(name) {
		case "content":
			return false
		case "uri", "guid":
			identified = true
		case "versioncreated", "firstcreated", "contentcreated", "pubstatus", "headline", "headlines", "slugline",
			"bodytext", "bodyxhtml", "bodyhtml", "bodies", "representationtype":
			told = true
		}
	}
	return identified && told
}

// holdsNinJS recognises a news object, and several: in a list, in a list within
// another object, or one after the other.
func holdsNinJS(content []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))
	var whole map[string]json.RawMessage
	if json.Unmarshal(text, &whole) == nil {
		return isNewsObject(whole) || listed(whole) != nil
	}
	return isNinJS(firstValue(text))
}

// FoldName makes one name of the spellings that versions of ninjs give a member:
// "body_text", "versioncreated" (1.x, 2.x) and "versionCreated" (3.x).
func FoldName(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}

// lenient reads markup as it comes, in whatever charset.
func lenient(content []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return d
}
