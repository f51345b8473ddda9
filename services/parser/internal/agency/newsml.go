package agency

import (
	"cmp"
	"strings"

	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// newsML reads a newsItem, or the story of a newsMessage (IPTC, NewsML-G2
// Standard, power conformance level; the guidelines' order of trust: what
// contentMeta says goes before what the inline content says of itself).
func newsML(root *html.Node) (*Story, error) {
	if root.Data == "newsItem" {
		return newsItem(root)
	}
	var story *html.Node
	for set := range elements(root, "itemSet") {
		for item := range elements(set, "newsItem") {
			if inline(item) != nil {
				return newsItem(item)
			}
			if story == nil {
				// A story that is withdrawn may have no content.
				story = item
			}
		}
	}
	if story == nil {
		return &Story{}, nil
	}
	return newsItem(story)
}

// inline is the content of an item that is text; nil where there is none.
func inline(item *html.Node) *html.Node {
	for set := range elements(item, "contentSet") {
		for c := range elements(set) {
			if c.Data == "inlineXML" || c.Data == "inlineData" && readableType(attr(c, "contenttype")) {
				return c
			}
		}
	}
	return nil
}

func readableType(contentType string) bool {
	return contentType == "" || strings.HasPrefix(contentType, "text/") || strings.Contains(contentType, "html")
}

func newsItem(item *html.Node) (*Story, error) {
	meta, content := at(item, "itemMeta"), at(item, "contentMeta")
	s, err := newsContent(inline(item))
	if err != nil {
		return nil, err
	}
	class := code(at(meta, "itemClass"))
	s.Other = class != "" && local(class) != "text"
	s.newsItemMeta(meta)
	s.newsContentMeta(content)
	rights := at(item, "rightsInfo")
	s.Terms = cmp.Or(line(at(rights, "usageTerms")), line(at(rights, "copyrightNotice")), s.Terms)
	s.Credit = cmp.Or(line(at(content, "creditline")), name(at(content, "infoSource")), s.Provider, s.Credit, name(at(rights, "copyrightHolder")))
	created := first(when(line(at(meta, "firstCreated"))), when(line(at(content, "contentCreated"))))
	s.dated(created, first(when(line(at(meta, "versionCreated"))), when(line(at(content, "contentModified")))))
	s.Language = cmp.Or(attr(at(content, "language"), "tag"), s.Language, attr(item, "lang"))
	s.open()
	return s, nil
}

// newsContent reads an item's inline content: NITF, HTML or plain text.
func newsContent(n *html.Node) (*Story, error) {
	s := &Story{}
	switch {
	case n == nil:
	case n.Data == "inlineData":
		if strings.Contains(attr(n, "contenttype"), "html") {
			return s, s.markup(raw(n))
		}
		s.paragraphs(raw(n))
	case at(n, "nitf") != nil:
		s = nitf(at(n, "nitf"))
	default:
		s.content(n)
		if page := at(n, "html"); page != nil {
			s.Headline = line(at(page, "head", "title"))
			s.Language = attr(page, "lang")
		}
	}
	if s.Language == "" {
		s.Language = attr(n, "lang")
	}
	return s, nil
}

func (s *Story) newsItemMeta(meta *html.Node) {
	s.Provider = name(at(meta, "provider"))
	s.Status = cmp.Or(status(code(at(meta, "pubStatus"))), s.Status)
	s.Note = cmp.Or(line(at(meta, "edNote")), s.Note)
	s.Embargo = first(when(line(at(meta, "embargoed"))), s.Embargo)
	s.Headline = cmp.Or(s.Headline, line(at(meta, "title")))
}

func (s *Story) newsContentMeta(meta *html.Node) {
	s.Headline = cmp.Or(line(at(meta, "headline")), s.Headline)
	s.Abstract = cmp.Or(line(at(meta, "description")), s.Abstract)
	s.Slugline = cmp.Or(line(at(meta, "slugline")), s.Slugline)
	s.Dateline = cmp.Or(line(at(meta, "dateline")), s.Dateline)
	if n := urgency(line(at(meta, "urgency"))); n > 0 {
		s.Urgency = n
	}
	if by := line(at(meta, "by")); by != "" {
		s.Byline, s.Authors = "", nil
		s.by(by)
	}
	if s.Byline == "" && len(s.Authors) == 0 {
		for c := range elements(meta, "creator") {
			if n := name(c); n != "" && len(s.Authors) < maxKeywords {
				s.Authors = append(s.Authors, n)
			}
		}
	}
	for k := range elements(meta, "keyword") {
		s.keyword(line(k))
	}
	for sub := range elements(meta, "subject") {
		s.subject(cmp.Or(attr(sub, "qcode"), attr(sub, "uri")), "")
		s.keyword(line(at(sub, "name")))
	}
}

// code is what a property refers to: a code with a prefix, or a URI.
func code(n *html.Node) string { return cmp.Or(attr(n, "qcode"), attr(n, "uri")) }

// name is what a property is called: its name, or what stands for it.
func name(n *html.Node) string {
	return plain.Line(cmp.Or(line(at(n, "name")), attr(n, "literal"), local(code(n)), line(n)))
}
