// Package opml reads and writes lists of feeds (OPML 2.0).
package opml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Bounds of a file that is read.
const (
	maxBytes = 64 << 20
	maxFeeds = 1_000_000
	maxDepth = 32
)

type document struct {
	XMLName xml.Name  `xml:"opml"`
	Version string    `xml:"version,attr"`
	Title   string    `xml:"head>title"`
	Body    []outline `xml:"body>outline"`
}

type outline struct {
	Text     string    `xml:"text,attr"`
	Title    string    `xml:"title,attr,omitempty"`
	Type     string    `xml:"type,attr,omitempty"`
	XMLURL   string    `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string    `xml:"htmlUrl,attr,omitempty"`
	Category string    `xml:"category,attr,omitempty"`
	Children []outline `xml:"outline"`
}

// Read returns the feeds of a list. The folders that a feed stands in, and its
// categories, become labels.
func Read(r io.Reader) ([]*datelinev1.Feed, error) {
	var doc document
	dec := xml.NewDecoder(io.LimitReader(r, maxBytes))
	dec.Strict = false
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	var feeds []*datelinev1.Feed
	if err := collect(doc.Body, nil, &feeds); err != nil {
		return nil, err
	}
	if len(feeds) == 0 {
		return nil, errors.New("read OPML: the list has no outline with an xmlUrl")
	}
	return feeds, nil
}

func collect(outlines []outline, folders []string, into *[]*datelinev1.Feed) error {
	if len(folders) > maxDepth {
		return fmt.Errorf("read OPML: folders are nested deeper than %d", maxDepth)
	}
	for _, o := range outlines {
		if o.XMLURL != "" {
			if len(*into) == maxFeeds {
				return fmt.Errorf("read OPML: more than %d feeds", maxFeeds)
			}
			*into = append(*into, &datelinev1.Feed{Url: o.XMLURL, Title: first(o.Title, o.Text), SiteUrl: o.HTMLURL, Labels: labels(folders, o.Category)})
			continue
		}
		path := append(folders[:len(folders):len(folders)], first(o.Text, o.Title))
		if err := collect(o.Children, path, into); err != nil {
			return err
		}
	}
	return nil
}

func labels(folders []string, category string) map[string]string {
	out := map[string]string{}
	for _, f := range append(folders[:len(folders):len(folders)], strings.FieldsFunc(category, func(r rune) bool { return r == ',' || r == '/' })...) {
		if f = strings.TrimSpace(f); f != "" {
			out[f] = ""
		}
	}
	return out
}

// Write writes a list of feeds.
func Write(w io.Writer, feeds []*datelinev1.Feed) error {
	doc := document{Version: "2.0", Title: "Dateline feeds"}
	for _, f := range feeds {
		title := first(f.GetTitle(), f.GetUrl())
		var categories []string
		for label, value := range f.GetLabels() {
			if value == "" {
				categories = append(categories, label)
			}
		}
		doc.Body = append(doc.Body, outline{
			Text: title, Title: title, Type: "rss", XMLURL: f.GetUrl(), HTMLURL: f.GetSiteUrl(), Category: strings.Join(slices.Sorted(slices.Values(categories)), ","),
		})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
