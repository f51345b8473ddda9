package agency

import (
	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/parser/internal/byline"
	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// nitf reads a document of the News Industry Text Format (IPTC, NITF 3.6 DTD).
func nitf(root *html.Node) *Story {
	s := &Story{}
	body := at(root, "body")
	s.content(orEmpty(at(body, "body.content")))
	s.nitfHead(at(root, "head"))
	s.nitfBodyHead(at(body, "body.head"))
	for _, n := range []*html.Node{root, body, at(body, "body.content")} {
		if s.Language == "" {
			s.Language = attr(n, "lang")
		}
	}
	if s.Headline == "" {
		s.Headline = line(at(root, "head", "title"))
	}
	s.open()
	return s
}

func orEmpty(n *html.Node) *html.Node {
	if n == nil {
		return &html.Node{Type: html.ElementNode}
	}
	return n
}

// nitfHead reads what the document says of itself.
func (s *Story) nitfHead(head *html.Node) {
	for t := range elements(head, "tobject") {
		for sub := range elements(t, "tobject.subject") {
			s.subject(attr(sub, "tobject.subject.refnum"), "subj")
		}
	}
	for m := range elements(head, "meta") {
		if attr(m, "name") == "slugline" && s.Slugline == "" {
			s.Slugline = attr(m, "content")
		}
	}
	docdata := at(head, "docdata")
	s.Status = status(attr(docdata, "management-status"))
	s.Urgency = urgency(attr(at(docdata, "urgency"), "ed-urg"))
	if key := attr(at(docdata, "du-key"), "key"); key != "" {
		s.Slugline = key
	}
	issued, released := when(attr(at(docdata, "date.issue"), "norm")), when(attr(at(docdata, "date.release"), "norm"))
	s.Published = first(issued, released, when(attr(at(head, "pubdata"), "date.publication")))
	if attr(docdata, "management-status") == "embargoed" {
		s.Embargo = released
	}
	var latest date.Date
	for h := range elements(head, "revision-history") {
		if d := when(attr(h, "norm")); given(d) && d.Time.After(latest.Time) {
			latest = d
		}
	}
	if latest.Time.After(s.Published.Time) {
		s.Modified = latest
	}
	s.Section = attr(at(head, "pubdata"), "position.section")
	s.Provider = attr(at(head, "pubdata"), "name")
	holder := at(docdata, "doc.copyright")
	s.Credit = attr(holder, "holder")
	if s.Credit != "" {
		s.Terms = plain.Line("© " + attr(holder, "year") + " " + s.Credit)
	}
	s.Note = attr(at(docdata, "ed-msg"), "info")
	for list := range elements(docdata, "key-list") {
		for k := range elements(list, "keyword") {
			s.keyword(attr(k, "key"))
		}
	}
	for list := range elements(docdata, "identified-content") {
		for c := range elements(list) {
			if c.Data == "classifier" {
				s.subject(attr(c, "value"), attr(c, "type"))
				continue
			}
			s.keyword(line(c))
		}
	}
}

// nitfBodyHead reads what stands above the text.
func (s *Story) nitfBodyHead(head *html.Node) {
	s.Headline = line(at(head, "hedline", "hl1"))
	s.Abstract = line(at(head, "abstract"))
	if s.Abstract == "" {
		s.Abstract = line(at(head, "hedline", "hl2"))
	}
	by := at(head, "byline")
	var people []string
	for p := range elements(by, "person") {
		people = append(people, line(p))
	}
	s.Authors = byline.FromList(people, "")
	s.by(line(by))
	if d := line(at(head, "distributor")); d != "" {
		s.Credit = d
	}
	if dateline := at(head, "dateline"); dateline != nil {
		s.Dateline = line(dateline)
		if !given(s.Published) {
			s.Published = when(attr(at(dateline, "story.date"), "norm"))
		}
	}
	if note := line(at(head, "note")); note != "" {
		s.Note = note
	}
	if rights := line(at(head, "rights")); rights != "" {
		s.Terms = rights
	}
}
