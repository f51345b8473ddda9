package feedread

import "strings"

// spaces gives the short name of each namespace that carries something of ours. The
// URIs are in lower case, without scheme and final slash or hash, since publishers
// vary these. The namespaces of RSS and of sitemaps have the empty name.
var spaces = map[string]string{
	"":                                       "",
	"purl.org/rss/1.0":                       "",
	"purl.org/net/rss1.1":                    "",
	"my.netscape.com/rdf/simple/0.9":         "",
	"channel.netscape.com/rdf/simple/0.9":    "",
	"backend.userland.com/rss":               "",
	"backend.userland.com/rss2":              "",
	"blogs.law.harvard.edu/tech/rss":         "",
	"cyber.law.harvard.edu/rss":              "",
	"cyber.law.harvard.edu/rss/rss.html":     "",
	"rssnamespace.org/feeds/rss":             "",
	"w3.org/1999/02/22-rdf-syntax-ns":        "rdf",
	"w3.org/2005/atom":                       "atom",
	"purl.org/atom/ns":                       "atom",
	"purl.org/rss/1.0/modules/content":       "content",
	"purl.org/dc/elements/1.0":               "dc",
	"purl.org/dc/elements/1.1":               "dc",
	"purl.org/dc/terms":                      "dcterms",
	"purl.org/rss/1.0/modules/syndication":   "sy",
	"search.yahoo.com/mrss":                  "media",
	"search.yahoo.com/rss":                   "media",
	"itunes.com/dtds/podcast-1.0.dtd":        "itunes",
	"example.com/dtds/podcast-1.0.dtd":       "itunes",
	"w3.org/1999/xhtml":                      "xhtml",
	"w3.org/xml/1998/namespace":              "xml",
	"rssnamespace.org/feedburner/ext/1.0":    "feedburner",
	"prismstandard.org/namespaces/basic/2.0": "prism",
	"prismstandard.org/namespaces/1.2/basic": "prism",
	"news.google.com/news":                   "news",
	"google.com/schemas/sitemap-news/0.9":    "news",
	"google.com/schemas/sitemap-image/1.1":   "image",
	"google.com/schemas/sitemap-image/1.0":   "image",
	"sitemaps.org/schemas/sitemap/0.9":       "",
	"sitemaps.org/schemas/sitemap":           "",
	"google.com/schemas/sitemap/0.84":        "",
	"google.com/schemas/sitemap/0.90":        "",
}

// foreign is the short name of any other namespace.
const foreign = "?"

// spaceOf gives the short name of a namespace URI.
func spaceOf(uri string) string {
	s := strings.ToLower(strings.TrimSpace(uri))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	s = strings.TrimPrefix(s, "www.")
	if short, ok := spaces[strings.TrimRight(s, "/#")]; ok {
		return short
	}
	if strings.HasPrefix(s, "purl.org/atom/") {
		return "atom"
	}
	return foreign
}

// usual gives the namespace that a prefix stands for where a document forgot to
// declare it.
var usual = map[string]string{
	"atom": "atom", "atom10": "atom", "a10": "atom", "content": "content", "dc": "dc", "dcterms": "dcterms", "sy": "sy",
	"media": "media", "itunes": "itunes", "xhtml": "xhtml", "rdf": "rdf", "rss": "", "xml": "xml",
	"feedburner": "feedburner", "prism": "prism", "news": "news", "image": "image",
}

// binding is one namespace declaration.
type binding struct {
	prefix, space string
	depth         int
}

// namer turns the names of tags into keys: "title" for RSS, "atom:title" for Atom.
type namer struct {
	bindings []binding
	keys     map[string]string // of the bindings in force
}

// declare takes the declarations among the attributes of the element at a depth.
func (nm *namer) declare(attrs []attr, depth int) {
	const most = 1024
	for _, a := range attrs {
		prefix, ok := strings.CutPrefix(a.name, "xmlns")
		if !ok || prefix != "" && prefix[0] != ':' || len(nm.bindings) >= most {
			continue
		}
		nm.bindings = append(nm.bindings, binding{strings.TrimPrefix(prefix, ":"), spaceOf(a.value), depth})
		nm.keys = nil
	}
}

// adopt takes the unknown namespace of a root element for the one of its format.
func (nm *namer) adopt(name, format string) {
	prefix, _, ok := strings.Cut(name, ":")
	if !ok {
		prefix = ""
	}
	space := ""
	if format == "atom" {
		space = "atom"
	}
	nm.bindings = append(nm.bindings, binding{prefix: prefix, space: space})
	nm.keys = nil
}

// leave forgets the declarations of the element at a depth.
func (nm *namer) leave(depth int) {
	n := len(nm.bindings)
	for n > 0 && nm.bindings[n-1].depth >= depth {
		n--
	}
	if n < len(nm.bindings) {
		nm.bindings = nm.bindings[:n]
		nm.keys = nil
	}
}

// key gives the key of a tag name.
func (nm *namer) key(name string) string {
	if k, ok := nm.keys[name]; ok {
		return k
	}
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		prefix, local = "", name
	}
	k := strings.ToLower(local)
	if space := nm.space(prefix); space != "" {
		k = space + ":" + k
	}
	const most = 512
	if nm.keys == nil || len(nm.keys) >= most {
		nm.keys = make(map[string]string)
	}
	nm.keys[name] = k
	return k
}

func (nm *namer) space(prefix string) string {
	for i := len(nm.bindings) - 1; i >= 0; i-- {
		if nm.bindings[i].prefix == prefix {
			return nm.bindings[i].space
		}
	}
	if prefix == "" {
		return ""
	}
	if s, ok := usual[strings.ToLower(prefix)]; ok {
		return s
	}
	return foreign
}
