package demo

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"strings"
	"time"
)

// feedFormat is one of the formats that the papers' feeds come in.
type feedFormat int

const (
	feedRSS2 feedFormat = iota // https://www.rssboard.org/rss-specification
	feedRSS1                   // https://web.resource.org/rss/1.0/spec
	feedAtom                   // RFC 4287
	feedJSON                   // https://www.jsonfeed.org/version/1.1/
)

func (f feedFormat) mediaType() string {
	switch f {
	case feedAtom:
		return "application/atom+xml"
	case feedRSS1:
		return "application/rdf+xml"
	case feedJSON:
		return "application/feed+json"
	default:
		return "application/rss+xml"
	}
}

// feed is the route of a paper's feed with these stories, newest first.
func (s *Site) feed(p *paper, stories []*story) route {
	return func(base string) (resource, error) {
		modified := s.edition.Add(-24 * time.Hour)
		for _, st := range stories {
			if st.modified().After(modified) {
				modified = st.modified()
			}
		}
		res := resource{contentType: p.format.mediaType(), modified: modified, maxAge: 10}
		var err error
		switch p.format {
		case feedAtom:
			res.body, err = p.encodeXML(p.atom(base, stories, modified))
		case feedRSS1:
			res.body, err = p.encodeXML(p.rss1(base, stories))
		case feedJSON:
			res.body, err = json.MarshalIndent(p.jsonFeed(base, stories), "", "  ")
		default:
			res.body, err = p.encodeXML(p.rss2(base, stories, modified))
		}
		if err != nil {
			return resource{}, fmt.Errorf("write feed of %s: %w", p.name, err)
		}
		return res, nil
	}
}

// encodeXML writes a feed in the paper's charset, which its declaration names.
func (p *paper) encodeXML(doc any) ([]byte, error) {
	out, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, err
	}
	charset := p.charset
	if charset == "" {
		charset = "utf-8"
	}
	return p.encode(`<?xml version="1.0" encoding="` + charset + `"?>` + "\n" + string(out) + "\n")
}

// html is the story's body as a feed carries it.
func (st *story) html() string {
	var out strings.Builder
	for _, b := range st.blocks {
		switch b.Kind {
		case "heading":
			fmt.Fprintf(&out, "<h2>%s</h2>\n", b.HTML)
		case "quotation":
			fmt.Fprintf(&out, "<blockquote><p>%s</p></blockquote>\n", b.HTML)
		case "list":
			out.WriteString("<ul>\n")
			for _, item := range b.Items {
				fmt.Fprintf(&out, "<li>%s</li>\n", item.HTML)
			}
			out.WriteString("</ul>\n")
		default:
			fmt.Fprintf(&out, "<p>%s</p>\n", b.HTML)
		}
	}
	return out.String()
}

// teaserHTML is the summary with the picture, as RSS descriptions often are.
func (st *story) teaserHTML(base string) string {
	return fmt.Sprintf(`<p><img src="%s" alt=""></p><p>%s</p>`, base+st.lead(), template.HTMLEscapeString(st.summary))
}

// guid identifies the story within its feed.
func (st *story) guid() string {
	return st.paper.slug + "-" + st.published.Format("20060102") + "-" + st.slug
}
