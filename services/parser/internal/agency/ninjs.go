package agency

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/internal/newsform"
)

// object is a JSON object with its members' names folded, since versions of
// ninjs spell them differently.
type object map[string]json.RawMessage

func readObject(raw json.RawMessage) object {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	o := make(object, len(members))
	for name, v := range members {
		// Of two spellings of one name either may stay; the smaller one does.
		name = newsform.FoldName(name)
		if have, ok := o[name]; !ok || string(v) < string(have) {
			o[name] = v
		}
	}
	return o
}

// text is the first of the members that is a string with something in it.
func (o object) text(names ...string) string {
	for _, name := range names {
		var s string
		if o[name] != nil && json.Unmarshal(o[name], &s) == nil && strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// list is a member that is a list of objects; a single one counts as a list.
func (o object) list(name string) []object {
	var items []json.RawMessage
	if o[name] == nil {
		return nil
	}
	if json.Unmarshal(o[name], &items) != nil {
		items = []json.RawMessage{o[name]}
	}
	var out []object
	for _, item := range items[:min(len(items), maxSubjects)] {
		if member := readObject(item); member != nil {
			out = append(out, member)
		}
	}
	return out
}

// value is the text of the entry with the role "main" in a list of texts, or of
// the first entry.
func (o object) value(name string) string {
	found := ""
	for _, entry := range o.list(name) {
		v := entry.text("value")
		if found == "" || v != "" && entry.text("role") == "main" {
			found = v
		}
	}
	return found
}

// ninjs reads a news object (IPTC, ninjs 1.x, 2.x and 3.x).
func ninjs(text []byte) (*Story, error) {
	o := readObject(json.RawMessage(strings.TrimPrefix(string(text), "\ufeff")))
	if o == nil {
		return nil, fmt.Errorf("%w: no JSON object", ErrMalformed)
	}
	s := &Story{
		Headline: cmp.Or(o.value("headlines"), o.text("headline", "title")),
		Abstract: cmp.Or(o.value("descriptions"), o.text("descriptiontext")),
		Slugline: o.text("slugline"), Language: o.text("language"), Status: status(o.text("pubstatus")),
		Terms: o.text("usageterms", "copyrightnotice"), Note: o.text("ednote"), Embargo: when(o.text("embargoed")),
		Urgency: urgency(string(o["urgency"])),
	}
	if kind := o.text("type"); kind != "" && kind != "text" {
		s.Other = true
	}
	if uri := o.text("uri"); strings.HasPrefix(uri, "http") {
		s.URL = uri
	}
	if err := s.ninjsBody(o); err != nil {
		return nil, err
	}
	s.by(o.text("byline", "by"))
	if sources := o.list("infosources"); len(sources) > 0 {
		s.Provider = sources[0].text("name", "literal")
	}
	s.Credit = cmp.Or(o.text("creditline"), s.Provider, o.text("source"), o.text("copyrightholder"))
	s.dated(first(when(o.text("firstcreated")), when(o.text("contentcreated"))), when(o.text("versioncreated")))
	for _, sub := range append(o.list("subject"), o.list("subjects")...) {
		s.subject(sub.text("code", "uri"), sub.text("scheme", "uri"))
		s.keyword(sub.text("name"))
	}
	var keywords []string
	if json.Unmarshal(o["keywords"], &keywords) == nil {
		for _, k := range keywords {
			s.keyword(k)
		}
	}
	return s, nil
}

// ninjsBody reads the body with the most structure.
func (s *Story) ninjsBody(o object) error {
	if markup := o.text("bodyxhtml", "bodyhtml"); markup != "" {
		return s.markup(markup)
	}
	var words string
	for _, body := range o.list("bodies") {
		v, kind := body.text("value"), body.text("contenttype")
		switch {
		case v == "":
		case strings.Contains(kind, "html"), kind == "" && strings.Contains(v, "</p>"):
			return s.markup(v)
		case words == "" || body.text("role") == "main":
			words = v
		}
	}
	s.paragraphs(cmp.Or(words, o.text("bodytext")))
	return nil
}

// markup reads a body in HTML.
func (s *Story) markup(content string) error {
	root, err := html.Parse(strings.NewReader(content))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDeep, err)
	}
	s.content(root)
	return nil
}
