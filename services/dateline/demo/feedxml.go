package demo

import (
	"encoding/xml"
	"time"
)

// Element names carry their prefix, since readers of feeds are often less strict
// about namespaces than about the usual prefixes.

type rss2Doc struct {
	XMLName   xml.Name    `xml:"rss"`
	Version   string      `xml:"version,attr"`
	DC        string      `xml:"xmlns:dc,attr"`
	Content   string      `xml:"xmlns:content,attr"`
	AtomSpace string      `xml:"xmlns:atom,attr"`
	Channel   rss2Channel `xml:"channel"`
}

type rss2Channel struct {
	Title         string     `xml:"title"`
	Link          string     `xml:"link"`
	Description   string     `xml:"description"`
	Language      string     `xml:"language"`
	LastBuildDate string     `xml:"lastBuildDate"`
	TTL           int        `xml:"ttl"` // minutes
	Self          rss2Self   `xml:"atom:link"`
	Items         []rss2Item `xml:"item"`
}

type rss2Self struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rss2Item struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	GUID        rss2GUID `xml:"guid"`
	PubDate     string   `xml:"pubDate"`
	Creator     string   `xml:"dc:creator,omitempty"`
	Language    string   `xml:"dc:language"`
	Categories  []string `xml:"category"`
	Description string   `xml:"description"`
	Content     string   `xml:"content:encoded,omitempty"`
}

type rss2GUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	Value       string `xml:",chardata"`
}

func (p *paper) rss2(base string, stories []*story, modified time.Time) rss2Doc {
	doc := rss2Doc{
		Version: "2.0", DC: "http://purl.org/dc/elements/1.1/",
		Content: "http://purl.org/rss/1.0/modules/content/", AtomSpace: "http://www.w3.org/2005/Atom",
		Channel: rss2Channel{
			Title: p.name, Link: base + p.home(), Description: p.tagline, Language: p.langs[0],
			LastBuildDate: modified.Format(time.RFC1123Z), TTL: 1,
			Self: rss2Self{Href: base + p.feedPath, Rel: "self", Type: p.format.mediaType()},
		},
	}
	for _, st := range stories {
		item := rss2Item{
			Title: st.title, Link: base + st.path(), GUID: rss2GUID{Value: st.guid()},
			PubDate: st.published.Format(time.RFC1123Z), Creator: st.byline, Language: st.lang,
			Categories: append([]string{st.section}, st.tags...), Description: st.teaserHTML(base),
		}
		if p.fullText {
			item.Content = st.html()
		}
		doc.Channel.Items = append(doc.Channel.Items, item)
	}
	return doc
}

type rss1Doc struct {
	XMLName xml.Name    `xml:"rdf:RDF"`
	RDF     string      `xml:"xmlns:rdf,attr"`
	Space   string      `xml:"xmlns,attr"`
	DC      string      `xml:"xmlns:dc,attr"`
	Channel rss1Channel `xml:"channel"`
	Items   []rss1Item  `xml:"item"`
}

type rss1Channel struct {
	About       string    `xml:"rdf:about,attr"`
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"dc:language"`
	Items       []rss1Ref `xml:"items>rdf:Seq>rdf:li"`
}

type rss1Ref struct {
	Resource string `xml:"rdf:resource,attr"`
}

type rss1Item struct {
	About       string `xml:"rdf:about,attr"`
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	Description string `xml:"description"`
	Creator     string `xml:"dc:creator,omitempty"`
	Subject     string `xml:"dc:subject"`
	Date        string `xml:"dc:date"`
}

func (p *paper) rss1(base string, stories []*story) rss1Doc {
	doc := rss1Doc{
		RDF:   "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
		Space: "http://purl.org/rss/1.0/", DC: "http://purl.org/dc/elements/1.1/",
		Channel: rss1Channel{
			About: base + p.feedPath, Title: p.name, Link: base + p.home(), Description: p.tagline, Language: p.langs[0],
		},
	}
	for _, st := range stories {
		link := base + st.path()
		doc.Channel.Items = append(doc.Channel.Items, rss1Ref{Resource: link})
		doc.Items = append(doc.Items, rss1Item{
			About: link, Title: st.title, Link: link, Description: st.summary,
			Creator: st.byline, Subject: st.section, Date: st.published.Format(time.RFC3339),
		})
	}
	return doc
}

type atomDoc struct {
	XMLName  xml.Name    `xml:"feed"`
	Space    string      `xml:"xmlns,attr"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Lang       string         `xml:"xml:lang,attr"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Link       atomLink       `xml:"link"`
	Author     string         `xml:"author>name"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

func (p *paper) atom(base string, stories []*story, modified time.Time) atomDoc {
	doc := atomDoc{
		Space: "http://www.w3.org/2005/Atom", Lang: p.langs[0], ID: base + p.home(), Title: p.name, Subtitle: p.tagline,
		Updated: modified.Format(time.RFC3339),
		Links: []atomLink{
			{Rel: "self", Type: p.format.mediaType(), Href: base + p.feedPath},
			{Rel: "alternate", Type: "text/html", Href: base + p.home()},
		},
	}
	for _, st := range stories {
		author := st.byline
		if author == "" { // RFC 4287, section 4.1.2: an author is required
			author = p.name
		}
		entry := atomEntry{
			Lang: st.lang, ID: "tag:" + p.slug + ".example," + st.published.Format(time.DateOnly) + ":" + st.slug,
			Title: st.title, Link: atomLink{Rel: "alternate", Type: "text/html", Href: base + st.path()}, Author: author,
			Published: st.published.Format(time.RFC3339), Updated: st.modified().Format(time.RFC3339), Summary: st.summary,
		}
		for _, term := range append([]string{st.section}, st.tags...) {
			entry.Categories = append(entry.Categories, atomCategory{Term: term})
		}
		doc.Entries = append(doc.Entries, entry)
	}
	return doc
}
