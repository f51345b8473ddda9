package newsform

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of an identifier, in bytes. What is shorter than the least is a number that
// begins again, or that another agency gives, too.
const (
	minIdentifier = 6
	maxIdentifier = 1 << 10
)

// Identifier is what an agency calls a story, in all of its versions; empty if the
// document does not say. It is NITF's doc-id (with the source that registered it, where
// that is given), the guid of NewsML-G2's newsItem, and the uri of ninjs. IPTC 7901
// numbers messages, not stories.
func Identifier(content []byte) string {
	id := ""
	switch Of(content) {
	case NITF:
		id = nitfIdentifier(newTokens(content))
	case NewsML:
		id = newsMLIdentifier(newTokens(content))
	case NinJS:
		id = ninJSIdentifier(content)
	}
	if len(id) < minIdentifier || len(id) > maxIdentifier || !utf8.ValidString(id) {
		return ""
	}
	return id
}

// newTokens reads markup without expanding anything. Identifiers are ASCII, so that
// UTF-16 can be read by leaving out the zeros.
func newTokens(content []byte) *xml.Decoder {
	if bytes.IndexByte(content[:min(len(content), 64)], 0) >= 0 {
		content = bytes.ReplaceAll(content, []byte{0}, nil)
	}
	return lenient(bytes.TrimLeft(content, "\xef\xbb\xbf\xfe\xff"))
}

// nitfIdentifier finds the document's identifier, which stands before the story.
func nitfIdentifier(d *xml.Decoder) string {
	for {
		t, err := d.RawToken()
		if err != nil {
			return ""
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case start.Name.Local == "body":
			return ""
		case start.Name.Local == "doc-id":
			id, source := attribute(start, "id-string"), attribute(start, "regsrc")
			if id == "" || source == "" {
				return id
			}
			return source + " " + id
		}
	}
}

// newsMLIdentifier finds the identifier of the item that has text, or of the first.
func newsMLIdentifier(d *xml.Decoder) string {
	first, present := "", ""
	for {
		t, err := d.RawToken()
		if err != nil {
			return first
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "newsItem":
			if present = attribute(start, "guid"); first == "" {
				first = present
			}
		case "inlineXML", "inlineData":
			return present
		}
	}
}

func ninJSIdentifier(content []byte) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), &members) != nil {
		return ""
	}
	for _, wanted := range []string{"uri", "guid"} {
		// In order, since several spellings of one name may be there.
		for _, name := range slices.Sorted(maps.Keys(members)) {
			var id string
			if FoldName(name) == wanted && json.Unmarshal(members[name], &id) == nil && strings.TrimSpace(id) != "" {
				return strings.TrimSpace(id)
			}
		}
	}
	return ""
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
