package feedread

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// The tables below say which element gives which field. RSS, its modules and Atom are
// read by one table, since publishers mix them. The keys of Atom stand without
// "atom:".

// entryTexts are the elements that give an entry's texts, with their ranks.
var entryTexts = map[string]struct {
	field field
	rank  uint8
}{
	"title": {fieldTitle, 9}, "media:title": {fieldTitle, 2}, "dc:title": {fieldTitle, 3}, "itunes:title": {fieldTitle, 1},
	"description": {fieldSummary, 9}, "summary": {fieldSummary, 8}, "abstract": {fieldSummary, 7},
	"dcterms:abstract": {fieldSummary, 6}, "dc:description": {fieldSummary, 5}, "itunes:summary": {fieldSummary, 3},
	"media:description": {fieldSummary, 2}, "itunes:subtitle": {fieldSummary, 1},
	"content:encoded": {fieldContent, 9}, "content": {fieldContent, 8}, "fullitem": {fieldContent, 7},
	"xhtml:body": {fieldContent, 6}, "body": {fieldContent, 5}, "xhtml:div": {fieldContent, 4},
}

// entryDates are the elements that give an entry's times.
var entryDates = map[string]struct {
	field field
	rank  uint8
}{
	"pubdate": {fieldPublished, 9}, "published": {fieldPublished, 9}, "issued": {fieldPublished, 8}, "dc:date": {fieldPublished, 7},
	"dcterms:issued": {fieldPublished, 6}, "prism:publicationdate": {fieldPublished, 5}, "dcterms:created": {fieldPublished, 4},
	"created": {fieldPublished, 4}, "date": {fieldPublished, 3}, "dcterms:date": {fieldPublished, 3}, "news:publication_date": {fieldPublished, 2},
	"updated": {fieldUpdated, 9}, "modified": {fieldUpdated, 8}, "dcterms:modified": {fieldUpdated, 7}, "lastbuilddate": {fieldUpdated, 3},
}

// entryParts are the elements that give the other fields of an entry.
var entryParts = map[string]func(e *rawEntry, n *node){
	"link":                func(e *rawEntry, n *node) { e.addLink(linkOf(n)) },
	"feedburner:origlink": func(e *rawEntry, n *node) { e.addLink(link{href: n.plain(), base: n.base, rel: "original"}) },
	"guid": func(e *rawEntry, n *node) {
		e.setGUID(n.plain(), 9)
		e.guidIsLink = !strings.EqualFold(n.attr("isPermaLink"), "false")
	},
	"id":              func(e *rawEntry, n *node) { e.setGUID(n.plain(), 9) },
	"dc:identifier":   func(e *rawEntry, n *node) { e.setGUID(n.plain(), 1) },
	"author":          func(e *rawEntry, n *node) { e.addAuthor(personOf(n)) },
	"dc:creator":      func(e *rawEntry, n *node) { e.addAuthor(n.plain()) },
	"dc:author":       func(e *rawEntry, n *node) { e.addAuthor(n.plain()) },
	"itunes:author":   func(e *rawEntry, n *node) { e.addAuthor(n.plain()) },
	"category":        func(e *rawEntry, n *node) { e.addCategory(categoryOf(n)...) },
	"dc:subject":      func(e *rawEntry, n *node) { e.addCategory(n.plain()) },
	"tags":            func(e *rawEntry, n *node) { e.addCategory(strings.Split(n.plain(), ",")...) },
	"itunes:keywords": func(e *rawEntry, n *node) { e.addCategory(strings.Split(n.plain(), ",")...) },
	"dc:language":     func(e *rawEntry, n *node) { e.setLang(n.plain(), 3) },
	"language":        func(e *rawEntry, n *node) { e.setLang(n.plain(), 2) },
	"enclosure":       func(e *rawEntry, n *node) { e.addMedia(n.attr("url"), n.attr("type"), "") },
	"media:content":   mediaContent,
	"media:thumbnail": func(e *rawEntry, n *node) { e.addImage(n.attr("url")) },
	"media:group":     mediaContent,
	"itunes:image":    func(e *rawEntry, n *node) { e.addImage(n.attr("href")) },
	"image": func(e *rawEntry, n *node) {
		if u := n.find("url"); u != nil {
			e.addImage(u.plain())
		} else if href := n.attr("href"); href != "" {
			e.addImage(href)
		} else {
			e.addImage(n.plain())
		}
	},
}

// mediaContent reads a media:content or media:group with what stands in it.
func mediaContent(e *rawEntry, n *node) {
	e.addMedia(n.attr("url"), n.attr("type"), n.attr("medium"))
	for _, k := range n.kids {
		switch k.key {
		case "media:thumbnail":
			e.addImage(k.attr("url"))
		case "media:content":
			e.addMedia(k.attr("url"), k.attr("type"), k.attr("medium"))
		}
		if t, ok := entryTexts[k.key]; ok {
			e.setText(t.field, t.rank, textOf(k))
		}
	}
}

// feedTexts are the elements that give a feed's texts.
var feedTexts = map[string]struct {
	field field
	rank  uint8
}{
	"title": {fieldTitle, 9}, "dc:title": {fieldTitle, 3}, "media:title": {fieldTitle, 2}, "itunes:title": {fieldTitle, 1},
	"description": {fieldSummary, 9}, "subtitle": {fieldSummary, 9}, "tagline": {fieldSummary, 9}, "abstract": {fieldSummary, 8},
	"dc:description": {fieldSummary, 5}, "info": {fieldSummary, 4}, "itunes:summary": {fieldSummary, 3}, "itunes:subtitle": {fieldSummary, 2},
	"media:description": {fieldSummary, 1},
}

// syndicationPeriods are the values of sy:updatePeriod.
var syndicationPeriods = map[string]time.Duration{
	"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
	"monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
}

// root takes what the feed's root or a wrapper says in its attributes.
func (f *rawFeed) root(n *node) {
	if f.format == "" {
		f.format = formatOf(n)
	}
	if n.lang != "" && better(&f.ranks, fieldLang, 1) {
		f.lang = n.lang
	}
	if href := n.attr("href"); href != "" && n.key == "channel" {
		f.links = append(f.links, link{href: href, base: n.base})
	}
}

// formatOf gives the format of a feed by its root.
func formatOf(n *node) string {
	version := cut(tidyLine(n.attr("version")), 8)
	switch format := roots[n.key]; {
	case format == "cdf" && n.name == "Channel":
		return "rss 1.1"
	case format == "atom" && version != "":
		return "atom " + version
	case format == "atom":
		return "atom 1.0"
	case format == "rss":
		return strings.TrimSpace("rss " + version)
	case format == "rss 1.0":
		for _, a := range n.attrs {
			if strings.Contains(a.value, "netscape.com/rdf/simple/0.9") {
				return "rss 0.90"
			}
		}
		return format
	default:
		return format
	}
}

// field takes a field of the feed itself.
func (f *rawFeed) field(n *node) {
	key := strings.TrimPrefix(n.key, "atom:")
	if t, ok := feedTexts[key]; ok {
		if v := textOf(n); !v.empty() && better(&f.ranks, t.field, t.rank-atomInRSS(n, f.format)) {
			if t.field == fieldTitle {
				f.title = v
			} else {
				f.description = v
			}
		}
		return
	}
	switch key {
	case "link":
		l := linkOf(n)
		switch {
		case l.rel == "hub" && f.hub.href == "":
			f.hub = l
		case l.rel == "self" && f.self.href == "":
			f.self = l
		}
		f.links = append(f.links, l)
	case "language", "dc:language":
		if better(&f.ranks, fieldLang, 3) {
			f.lang = n.plain()
		}
	case "ttl":
		if minutes, err := strconv.Atoi(strings.TrimSpace(n.plain())); err == nil && minutes > 0 {
			f.ttl = time.Duration(min(minutes, 1<<20)) * time.Minute
		}
	case "skiphours":
		f.skipHours(n)
	case "skipdays":
		f.skipDays(n)
	case "sy:updateperiod":
		f.updatePer = syndicationPeriods[strings.ToLower(strings.TrimSpace(n.plain()))]
	case "sy:updatefrequency":
		if freq, err := strconv.Atoi(strings.TrimSpace(n.plain())); err == nil && freq > 0 {
			f.updateFreq = freq
		}
	case "author":
		if strings.HasPrefix(f.format, "atom") {
			f.authors = append(f.authors, personOf(n))
		}
	}
}

// atomInRSS ranks Atom's elements in an RSS feed behind RSS's own.
func atomInRSS(n *node, format string) uint8 {
	if strings.HasPrefix(n.key, "atom:") && !strings.HasPrefix(format, "atom") {
		return 1
	}
	return 0
}

// entry takes an entry.
func (f *rawFeed) entry(n *node) {
	switch f.format {
	case formatSitemap, formatNews:
		f.page(n)
		return
	case formatIndex:
		f.sitemap(n)
		return
	}
	e := &rawEntry{base: n.base}
	e.setLang(n.lang, 1)
	for _, a := range n.attrs {
		switch strings.ToLower(a.name) {
		case "rdf:about", "about":
			e.setGUID(a.value, 2)
		case "href":
			e.addLink(link{href: a.value, base: n.base})
		case "lastmod":
			e.setTime(f.dates, fieldUpdated, 2, a.value)
		}
	}
	for _, k := range n.kids {
		if k.key == "" {
			continue
		}
		key, behind := strings.TrimPrefix(k.key, "atom:"), atomInRSS(k, f.format)
		if t, ok := entryTexts[key]; ok {
			e.setText(t.field, t.rank-behind, textOf(k))
		} else if t, ok := entryDates[key]; ok {
			e.setTime(f.dates, t.field, t.rank-behind, k.plain())
		} else if part, ok := entryParts[key]; ok {
			part(e, k)
		}
	}
	f.add(e)
}

func (e *rawEntry) setText(f field, rank uint8, v value) {
	if v.empty() || !better(&e.ranks, f, rank) {
		return
	}
	switch f {
	case fieldTitle:
		e.title = v
	case fieldSummary:
		e.summary = v
	case fieldContent:
		e.content = v
	}
}

func (e *rawEntry) setTime(dates *dateReader, f field, rank uint8, s string) {
	if f == fieldPublished {
		e.setPublished(dates, rank, s)
		return
	}
	if t := dates.read(s); !t.IsZero() && better(&e.ranks, f, rank) {
		e.updated = t
	}
}

func (e *rawEntry) setLang(s string, rank uint8) {
	if strings.TrimSpace(s) != "" && better(&e.ranks, fieldLang, rank) {
		e.lang = s
	}
}

func (e *rawEntry) setGUID(s string, rank uint8) {
	if strings.TrimSpace(s) != "" && better(&e.ranks, fieldGUID, rank) {
		e.guid = s
	}
}

// The numbers of things that are kept of one entry.
const (
	maxLinks      = 16
	maxAuthors    = 32
	maxCategories = 64
	maxImages     = 16
)

func (e *rawEntry) addLink(l link) {
	if len(e.links) < maxLinks && strings.TrimSpace(l.href) != "" {
		e.links = append(e.links, l)
	}
}

func (e *rawEntry) addAuthor(s string) {
	if len(e.authors) < maxAuthors {
		e.authors = append(e.authors, s)
	}
}

func (e *rawEntry) addCategory(names ...string) {
	for _, s := range names {
		if len(e.categories) < maxCategories {
			e.categories = append(e.categories, s)
		}
	}
}

func (e *rawEntry) addImage(url string) {
	if len(e.images) < maxImages && url != "" {
		e.images = append(e.images, url)
	}
}

// addMedia takes an enclosure if it is an image.
func (e *rawEntry) addMedia(url, media, medium string) {
	if strings.HasPrefix(strings.ToLower(media), "image/") || strings.EqualFold(medium, "image") {
		e.addImage(url)
	}
}

// linkOf reads a link of RSS (the text) or Atom (href).
func linkOf(n *node) link {
	href := n.attr("href")
	if href == "" {
		href = n.plain()
	}
	l := link{href: href, base: n.base, rel: strings.ToLower(n.attr("rel")), media: strings.ToLower(n.attr("type"))}
	l.rss = n.key == "link" && l.rel == ""
	return l
}

// categoryOf gives the names of a category: its label and, where that is another word,
// its term; else its text.
func categoryOf(n *node) []string {
	label, term := n.attr("label"), n.attr("term")
	switch {
	case label != "" && (strings.EqualFold(label, term) || strings.Contains(term, "://")):
		return []string{label}
	case label != "" || term != "":
		return []string{label, term}
	case n.attr("text") != "":
		return []string{n.attr("text")}
	}
	return []string{n.plain()}
}

// personOf gives the name of an author: Atom's name, else its address; RSS's text.
func personOf(n *node) string {
	for _, k := range n.kids {
		if strings.TrimPrefix(k.key, "atom:") == "name" && strings.TrimSpace(k.plain()) != "" {
			return k.plain()
		}
	}
	for _, k := range n.kids {
		if strings.TrimPrefix(k.key, "atom:") == "email" {
			return k.plain()
		}
	}
	return n.plain()
}

// textOf reads a text construct by the rules of its format: RSS's are HTML; Atom's say
// what they are (RFC 4287, section 3.1, and for 0.3 its mode attribute).
func textOf(n *node) value {
	v := value{base: n.base, kind: htmlText}
	media, mode := strings.ToLower(n.attr("type")), strings.ToLower(n.attr("mode"))
	atom := strings.HasPrefix(n.key, "atom:") || media != "" || mode != ""
	switch {
	case n.attr("src") != "" && len(n.kids) == 0:
		return value{}
	case n.hasElements():
		v.s = n.markup()
		return v
	case mode == "base64", atom && isBinary(media):
		v.s = n.plain()
		if data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(v.s), "")); err == nil {
			v.s = cleanChars(string(data))
		}
	default:
		v.s = n.plain()
	}
	if atom && (media == "" || media == "text" || strings.HasPrefix(media, "text/plain")) && !looksLikeHTML(v.s) {
		v.kind = plainText
	}
	return v
}

// isBinary tells media types whose content stands in base64 (RFC 4287, section 4.1.3.3).
func isBinary(media string) bool {
	switch {
	case media == "", !strings.Contains(media, "/"), strings.HasPrefix(media, "text/"), strings.HasSuffix(media, "xml"):
		return false
	default:
		return true
	}
}
