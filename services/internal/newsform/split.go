package newsform

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dateline-news/dateline/services/internal/charset"
)

// Story is one of the stories of a document that holds several, as a document of
// its own in UTF-8. One that breaks its form's rules stands as it came.
type Story struct {
	Content []byte
	// Form is the form of the document that it stood in.
	Form Form
	// Place tells for people where it stood: "story 2 of 3".
	Place string
}

// Split takes a document apart that holds several stories: a newsMessage of
// NewsML-G2, NITF documents or newsItems one after the other or in an element of
// any name, ninjs objects in a list or one after the other, messages of IPTC 7901
// one after the other. It returns nil for a document that is its only story itself.
//
// Pictures and other items that are no text are no stories, but an item that
// withdraws one is. What is broken costs its own story, and in JSON what follows
// it. declared is the transport's charset, or empty.
func Split(content []byte, declared string) []Story {
	form := Of(content)
	if form == None {
		return nil
	}
	text, _ := charset.Decode(content, declared)
	var parts [][]byte
	switch form {
	case NITF:
		parts = elements(text, "nitf")
	case NewsML:
		parts = items(text)
	case NinJS:
		parts = objects(text)
	case IPTC7901:
		parts = messages(text)
	}
	if len(parts) == 0 || len(parts) == 1 && standsAlone(form, text) {
		return nil
	}
	stories := make([]Story, len(parts))
	for i, part := range parts {
		stories[i] = Story{Content: part, Form: form, Place: fmt.Sprintf("story %d of %d", i+1, len(parts))}
	}
	return stories
}

// standsAlone reports whether a document with one story is that story, and not
// something around it.
func standsAlone(form Form, text []byte) bool {
	switch form {
	case NITF, NewsML:
		return ofRoot(root(text)) != None
	case NinJS:
		return isNinJS(text)
	}
	return true
}

// elements are the elements of a name, as they are written; they do not stand in
// each other.
func elements(text []byte, name string) (out [][]byte) {
	for len(text) > 0 {
		var found [][]byte
		found, text = elementsUntil(text, name)
		out = append(out, found...)
	}
	return out
}

// elementsUntil is elements up to the first fault of the markup, with the rest from
// where the next element of the name begins.
func elementsUntil(text []byte, name string) (found [][]byte, rest []byte) {
	d := lenient(text)
	start, last := -1, 0
	end := func(at int) {
		found, start, last = append(found, bytes.TrimSpace(text[start:at])), -1, at
	}
	for {
		at := int(d.InputOffset())
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) && start < 0 {
			return found, nil
		}
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != name {
				continue
			}
			if start >= 0 { // the one before was not closed
				end(at)
			}
			start = at
		case xml.EndElement:
			if t.Name.Local == name && start >= 0 {
				end(int(d.InputOffset()))
			}
		}
	}
	// The fault is in the element that is open, or in the tag of one.
	at := int(d.InputOffset())
	if start < 0 {
		if start = nextElement(text, last, name); start < 0 {
			return found, nil
		}
	}
	if start >= at {
		return found, text[start:]
	}
	next := nextElement(text, max(at, start+1), name)
	if next < 0 {
		end(len(text))
		return found, nil
	}
	end(next)
	return found, text[next:]
}

// nextElement is where the next element of a name begins, with a prefix or without;
// -1 where none does.
func nextElement(text []byte, from int, name string) int {
	for from < len(text) {
		i := bytes.IndexByte(text[from:], '<')
		if i < 0 {
			return -1
		}
		from += i
		tag := text[from+1 : min(len(text), from+1+maxTag)]
		if end := bytes.IndexAny(tag, " \t\r\n/>"); end > 0 {
			tag = tag[:end]
			if string(tag[bytes.LastIndexByte(tag, ':')+1:]) == name {
				return from
			}
		}
		from++
	}
	return -1
}

// maxTag bounds what is read of a tag's name.
const maxTag = 64

// items are the newsItems that are stories: they carry text, or withdraw or
// withhold one.
func items(text []byte) [][]byte {
	all := elements(text, "newsItem")
	stories := slices.DeleteFunc(slices.Clone(all), func(item []byte) bool { return !isStory(item) })
	if len(stories) == 0 && len(all) > 0 {
		return all[:1]
	}
	return stories
}

// isStory reports whether a newsItem is a story; what cannot be read counts as one.
func isStory(item []byte) bool {
	d, whole := lenient(item), false
	for {
		t, err := d.RawToken()
		if err != nil {
			return !whole || !errors.Is(err, io.EOF)
		}
		if end, ok := t.(xml.EndElement); ok && end.Name.Local == "newsItem" {
			whole = true
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		code := attribute(start, "qcode")
		switch start.Name.Local {
		case "inlineXML", "inlineData":
			return true
		case "itemClass":
			if localCode(code) == "text" {
				return true
			}
		case "pubStatus":
			if s := localCode(code); s == "canceled" || s == "withheld" {
				return true
			}
		}
	}
}

func localCode(qcode string) string { return qcode[strings.LastIndexByte(qcode, ':')+1:] }

// objects are the news objects of a list, of a list in an object, or one after the
// other.
func objects(text []byte) [][]byte {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	if len(text) == 0 {
		return nil
	}
	if text[0] != '[' {
		var whole map[string]json.RawMessage
		if json.Unmarshal(text, &whole) == nil {
			if list := listed(whole); list != nil {
				return objects(list)
			}
			return [][]byte{text}
		}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if text[0] == '[' {
		if _, err := d.Token(); err != nil {
			return nil
		}
	}
	var out [][]byte
	for d.More() {
		at := d.InputOffset()
		var one json.RawMessage
		if d.Decode(&one) != nil {
			if rest := bytes.Trim(text[at:], ", \t\r\n"); len(rest) > 0 {
				out = append(out, rest)
			}
			return out
		}
		out = append(out, one)
	}
	return out
}

// listed is the list of news objects that an object of another kind holds, as
// newsrooms' interfaces give it; nil where there is none.
func listed(o map[string]json.RawMessage) json.RawMessage {
	for _, name := range [...]string{"items", "_items"} {
		if list := bytes.TrimSpace(o[name]); len(list) > 0 && list[0] == '[' && isNinJS(firstValue(list)) {
			return list
		}
	}
	return nil
}

// firstValue is the first value of a list, or of values one after the other; nil
// where it cannot be read.
func firstValue(text []byte) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(text))
	if len(text) > 0 && text[0] == '[' {
		if _, err := d.Token(); err != nil {
			return nil
		}
	}
	var first json.RawMessage
	if d.Decode(&first) != nil {
		return nil
	}
	return first
}

// messages are the messages of IPTC 7901, each from its start of header on.
func messages(text []byte) [][]byte {
	var out [][]byte
	for {
		at := bytes.IndexByte(text, startOfHeader)
		if at < 0 {
			return out
		}
		text = text[at:]
		end := len(text)
		if next := bytes.IndexByte(text[1:], startOfHeader); next >= 0 {
			end = next + 1
		}
		if one := text[:end]; bytes.IndexByte(one, startOfText) > 0 {
			out = append(out, one)
		}
		text = text[end:]
	}
}
