// Package opml reads and writes lists of feeds (OPML 2.0).
package opml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	unicodetext "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Bounds of a file that is read.
const (
	maxBytes = 64 << 20
	maxFeeds = 1_000_000
	maxDepth = 32
)

// ErrNotOPML means that a file is something else.
var ErrNotOPML = errors.New("this is no OPML: it does not begin with an <opml> element")

// Read returns the feeds of a list. The folders that a feed stands in, and its
// categories, become labels. It takes what other programs write: any charset
// that the file declares or begins with, names in any case.
func Read(r io.Reader) ([]*datelinev1.Feed, error) { return readAtMost(r, maxBytes) }

func readAtMost(r io.Reader, limit int64) ([]*datelinev1.Feed, error) {
	// One byte more than allowed tells a file that is too large.
	limited := &io.LimitedReader{R: r, N: limit + 1}
	dec := xml.NewDecoder(transform.NewReader(limited, unicodetext.BOMOverride(encoding.Nop.NewDecoder())))
	dec.Strict = false
	dec.CharsetReader = reader
	feeds, err := read(dec)
	switch {
	case limited.N == 0:
		return nil, fmt.Errorf("read OPML: the file is larger than %d MiB", limit>>20)
	case err != nil:
		return nil, fmt.Errorf("read OPML: %w", err)
	case len(feeds) == 0:
		return nil, errors.New("read OPML: the list has no outline with an xmlUrl")
	}
	return feeds, nil
}

// reader decodes a declared charset. UTF-16 has been told by its byte order mark
// and decoded already: a declaration in it could not be read otherwise.
func reader(label string, in io.Reader) (io.Reader, error) {
	if strings.HasPrefix(strings.ToLower(label), "utf-16") {
		return in, nil
	}
	return charset.NewReaderLabel(label, in)
}

// read goes through the elements one by one: a tree of them would take many
// times the file's size.
func read(dec *xml.Decoder) ([]*datelinev1.Feed, error) {
	var (
		feeds   []*datelinev1.Feed
		folders []string // one for every open outline; "" for one that is a feed
		begun   bool
	)
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && begun {
			return feeds, nil
		}
		if err != nil && !begun {
			return nil, ErrNotOPML
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if !begun && !strings.EqualFold(t.Name.Local, "opml") {
				return nil, ErrNotOPML
			}
			begun = true
			if !isOutline(t.Name) {
				continue
			}
			if len(folders) == maxDepth {
				return nil, fmt.Errorf("outlines are nested deeper than %d", maxDepth)
			}
			feed, folder := outline(t.Attr, folders)
			folders = append(folders, folder)
			if feed == nil {
				continue
			}
			if len(feeds) == maxFeeds {
				return nil, fmt.Errorf("there are more than %d feeds", maxFeeds)
			}
			feeds = append(feeds, feed)
		case xml.EndElement:
			if isOutline(t.Name) && len(folders) > 0 {
				folders = folders[:len(folders)-1]
			}
		}
	}
}

func isOutline(name xml.Name) bool { return strings.EqualFold(name.Local, "outline") }

// outline reads one outline: a feed, or else the name of a folder.
func outline(attributes []xml.Attr, folders []string) (feed *datelinev1.Feed, folder string) {
	values := map[string]string{}
	for _, a := range attributes {
		values[strings.ToLower(a.Name.Local)] = strings.TrimSpace(a.Value)
	}
	address := values["xmlurl"]
	if address == "" {
		return nil, first(values["text"], values["title"])
	}
	return &datelinev1.Feed{
		Url: address, Title: first(values["title"], values["text"]), SiteUrl: values["htmlurl"],
		Labels: labels(folders, values["category"]),
	}, ""
}

// labels makes labels of folders and of categories: "a,b/c" is three of them, and
// "a=b" one with a value.
func labels(folders []string, categories string) map[string]string {
	out := map[string]string{}
	for _, f := range folders {
		if f != "" {
			out[f] = ""
		}
	}
	for _, c := range strings.FieldsFunc(categories, func(r rune) bool { return r == ',' || r == '/' }) {
		name, value, _ := strings.Cut(c, "=")
		if name = unescape(name); name != "" {
			out[name] = unescape(value)
		}
	}
	return out
}

// escape keeps apart what a list of categories would tear apart.
var escape = strings.NewReplacer("%", "%25", ",", "%2C", "/", "%2F", "=", "%3D")

func unescape(s string) string {
	plain, err := url.PathUnescape(s)
	if err != nil || !utf8.ValidString(plain) || strings.ContainsFunc(plain, unicode.IsControl) {
		plain = s
	}
	return strings.TrimSpace(plain)
}

// category writes labels so that labels reads them.
func category(labels map[string]string) string {
	var all []string
	for name, value := range labels {
		c := escape.Replace(name)
		if value != "" {
			c += "=" + escape.Replace(value)
		}
		all = append(all, c)
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}

type document struct {
	XMLName xml.Name `xml:"opml"`
	Version string   `xml:"version,attr"`
	Title   string   `xml:"head>title"`
	Body    []entry  `xml:"body>outline"`
}

type entry struct {
	Text     string `xml:"text,attr"`
	Title    string `xml:"title,attr,omitempty"`
	Type     string `xml:"type,attr,omitempty"`
	XMLURL   string `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string `xml:"htmlUrl,attr,omitempty"`
	Category string `xml:"category,attr,omitempty"`
}

// Write writes a list of feeds. Of a feed it keeps URL, title, site and labels;
// request headers may hold keys, and no other program would know intervals.
func Write(w io.Writer, feeds []*datelinev1.Feed) error {
	doc := document{Version: "2.0", Title: "Dateline feeds"}
	for _, f := range feeds {
		title := first(f.GetTitle(), f.GetUrl())
		doc.Body = append(doc.Body, entry{
			Text: title, Title: title, Type: "rss", XMLURL: f.GetUrl(), HTMLURL: f.GetSiteUrl(), Category: category(f.GetLabels()),
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
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	return nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
