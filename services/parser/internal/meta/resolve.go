package meta

import (
	"strconv"
	"strings"
	"time"

	"github.com/dateline-news/dateline/services/parser/internal/date"
)

// Sources of a field, by the event's names.
const (
	JSONLD     = "jsonld"
	OpenGraph  = "opengraph"
	Microdata  = "microdata"
	Meta       = "meta"
	HTML       = "html"
	URL        = "url"
	Feed       = "feed"
	Submission = "submission"
	Text       = "text"
)

// Origin says where a field came from.
type Origin struct {
	Source     string
	Confidence float64
}

// Value is a text field with its origin; an empty Value was not found.
type Value struct {
	Text string
	Origin
}

// Date is a time field with its origin.
type Date struct {
	date.Date
	Origin
	Known bool
	// Doubt says why the time is doubtful, by the event's names; mostly empty.
	Doubt string
}

// DoubtFuture is the doubt about a time that lies after the time of reading.
const DoubtFuture = "future"

// Image is a picture that the metadata name.
type Image struct {
	URL, Caption  string
	Width, Height int
}

// Story is all that the metadata say.
type Story struct {
	Headline, Abstract, SiteName, Section Value
	Canonical, Language                   Value
	Byline                                Value
	Authors                               []string
	AuthorsOrigin                         Origin
	Published, Modified                   Date
	Tags                                  []string
	TagsOrigin                            Origin
	Images                                []Image
	ImagesOrigin                          Origin
	// Body is the story's text as structured data give it; empty mostly.
	Body string
	// Types are the schema.org types of the page's story; OGType is og:type.
	Types  []string
	OGType string
	// Free is schema.org's isAccessibleForFree; nil if it is not given.
	Free                      *bool
	License, RobotsMeta, TDM  string
	Articles, PasswordFields  int
	Inputs, Scripts, Iframes  int
	Videos                    int
	Refresh, Frames, Paywalls bool
}

// Context is what is known beside the page's own bytes.
type Context struct {
	// URL is the address that the page was read from.
	URL string
	// Now is the latest time that the page can be from; dates more than a day
	// after it are refused.
	Now time.Time
	// Title is the feed's or the submitter's headline, used as a witness.
	Title string
}

// resolver chooses each field from its candidates.
type resolver struct {
	p     *Page
	c     Context
	story map[string]any
	out   *Story
	// bylineMarked says that the markup calls the byline an author's name.
	bylineMarked bool
}

// Resolve chooses the fields.
func (p *Page) Resolve(c Context) *Story {
	r := resolver{p: p, c: c, out: &Story{}}
	witness := p.title
	if len(p.headings) > 0 {
		witness += " " + p.headings[0].text
	}
	r.story = p.story(witness)
	r.language()
	r.siteName()
	r.canonical()
	r.headline()
	r.abstract()
	r.authors()
	r.dates()
	r.section()
	r.tags()
	r.images()
	r.rights()
	r.rest()
	return r.out
}

// name is the first value of the first meta name that has one.
func (r *resolver) name(keys ...string) string {
	for _, k := range keys {
		for _, v := range r.p.names[k] {
			if v = clean(v); v != "" {
				return v
			}
		}
	}
	return ""
}

func (r *resolver) jsonld(keys ...string) string {
	if r.story == nil {
		return ""
	}
	return first(r.story, keys...)
}

func (r *resolver) micro(key string) string {
	if v := r.p.micro[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// pick returns the first candidate with text.
func pick(candidates ...Value) Value {
	for _, v := range candidates {
		if v.Text != "" {
			return v
		}
	}
	return Value{}
}

func value(text, source string, confidence float64) Value {
	return Value{Text: text, Origin: Origin{Source: source, Confidence: confidence}}
}

func (r *resolver) language() {
	og := strings.ReplaceAll(r.name("og:locale"), "_", "-")
	v := pick(
		value(strings.TrimSpace(r.p.lang), HTML, 0.8),
		value(r.jsonld("inLanguage"), JSONLD, 0.8),
		value(r.name("content-language", "language", "dc.language", "dcterms.language"), Meta, 0.7),
		value(og, OpenGraph, 0.6),
	)
	if len(v.Text) > 35 { // RFC 5646, section 4.4.1: longer tags do not occur
		v = Value{}
	}
	r.out.Language = v
}

func (r *resolver) siteName() {
	publisher := ""
	if r.story != nil {
		if names := r.p.namesIn(r.story["publisher"], 0); len(names) > 0 {
			publisher = names[0]
		}
	}
	for _, o := range r.p.scripts {
		if publisher != "" {
			break
		}
		for _, t := range types(o) {
			if t == "NewsMediaOrganization" || t == "WebSite" {
				publisher = first(o, "name")
			}
		}
	}
	v := pick(
		value(r.name("og:site_name"), OpenGraph, 0.95),
		value(publisher, JSONLD, 0.9),
		value(r.name("application-name", "apple-mobile-web-app-title", "dc.publisher", "citation_journal_title"), Meta, 0.8),
	)
	if len(v.Text) > 100 {
		v = Value{}
	}
	r.out.SiteName = v
}

func (r *resolver) abstract() {
	v := pick(
		value(r.jsonld("description", "abstract", "alternativeHeadline"), JSONLD, 0.85),
		value(r.name("og:description"), OpenGraph, 0.85),
		value(r.name("description", "dc.description", "dcterms.description", "dcterms.abstract", "sailthru.description"), Meta, 0.8),
		value(r.name("twitter:description"), Meta, 0.75),
		value(r.micro("description"), Microdata, 0.7),
	)
	if v.Text == r.out.Headline.Text {
		v = Value{}
	}
	r.out.Abstract = v
}

func (r *resolver) section() {
	r.out.Section = pick(
		value(r.jsonld("articleSection"), JSONLD, 0.9),
		value(r.name("article:section"), OpenGraph, 0.85),
		value(r.name("section", "parsely-section", "dc.subject.section", "cxenseparse:section"), Meta, 0.7),
		value(r.micro("articleSection"), Microdata, 0.8),
	)
	if len(r.out.Section.Text) > 100 {
		r.out.Section = Value{}
	}
}

// maxTags bounds the keywords kept: beyond, they are spam.
const maxTags = 40

func (r *resolver) tags() {
	var lists []string
	var origin Origin
	var ld []string
	if r.story != nil {
		ld = stringsOf(r.story["keywords"])
	}
	switch {
	case len(ld) > 0:
		lists, origin = ld, Origin{JSONLD, 0.9}
	case len(r.p.names["article:tag"]) > 0:
		lists, origin = r.p.names["article:tag"], Origin{OpenGraph, 0.9}
	default:
		if s := r.name("news_keywords", "keywords", "parsely-tags", "sailthru.tags"); s != "" {
			lists, origin = []string{s}, Origin{Meta, 0.7}
		}
	}
	seen := map[string]bool{}
	for _, list := range lists {
		if len(lists) > 1 && !strings.Contains(list, ",") {
			r.addTag(list, seen)
			continue
		}
		for tag := range strings.FieldsFuncSeq(list, func(c rune) bool { return c == ',' || c == ';' || c == '،' || c == '、' }) {
			r.addTag(tag, seen)
		}
	}
	if len(r.out.Tags) > 0 {
		r.out.TagsOrigin = origin
	}
}

func (r *resolver) addTag(tag string, seen map[string]bool) {
	tag = clean(tag)
	key := strings.ToLower(tag)
	// "type:article" and the like are for machines.
	if tag == "" || len(tag) > 100 || seen[key] || len(r.out.Tags) >= maxTags || strings.Contains(tag, ":") && !strings.Contains(tag, " ") {
		return
	}
	seen[key] = true
	r.out.Tags = append(r.out.Tags, tag)
}

func (r *resolver) images() {
	if r.story != nil {
		r.out.Images = imagesIn(r.story["image"], 0)
		if len(r.out.Images) == 0 {
			r.out.Images = imagesIn(r.story["thumbnailUrl"], 0)
		}
		r.out.ImagesOrigin = Origin{JSONLD, 0.9}
	}
	og := r.name("og:image:secure_url", "og:image", "og:image:url")
	if og != "" {
		width, _ := strconv.Atoi(r.name("og:image:width"))
		height, _ := strconv.Atoi(r.name("og:image:height"))
		lead := Image{URL: og, Caption: r.name("og:image:alt"), Width: width, Height: height}
		// What is offered for sharing is the lead picture; JSON-LD often lists crops.
		r.out.Images = append([]Image{lead}, r.out.Images...)
		r.out.ImagesOrigin = Origin{OpenGraph, 0.9}
	}
	if len(r.out.Images) == 0 {
		if s := r.name("twitter:image", "twitter:image:src", "thumbnail", "sailthru.image.full"); s != "" {
			r.out.Images = []Image{{URL: s}}
			r.out.ImagesOrigin = Origin{Meta, 0.8}
		} else if s := r.p.links["image_src"]; s != "" {
			r.out.Images = []Image{{URL: s}}
			r.out.ImagesOrigin = Origin{Meta, 0.7}
		}
	}
	if len(r.out.Images) == 0 {
		r.out.ImagesOrigin = Origin{}
	}
}

func (r *resolver) canonical() {
	og := r.name("og:url")
	ld := ""
	if r.story != nil {
		if s, ok := r.story["mainEntityOfPage"].(string); ok {
			ld = s
		}
		if ld == "" {
			ld = first(r.story, "url")
		}
	}
	r.out.Canonical = pick(
		value(r.p.links["canonical"], HTML, 0.95),
		value(og, OpenGraph, 0.9),
		value(ld, JSONLD, 0.8),
	)
}

func (r *resolver) rest() {
	o, p := r.out, r.p
	if r.story != nil {
		o.Body = bodyOf(r.story)
		o.Types = types(r.story)
	}
	o.OGType = strings.ToLower(r.name("og:type"))
	o.Articles, o.PasswordFields, o.Inputs = p.articles, p.passwords, p.inputs
	o.Scripts, o.Iframes, o.Videos = p.scriptN, p.iframes, p.videos
	o.Refresh, o.Frames, o.Paywalls = p.refresh, p.frames, p.paywalled
}

// maxBody bounds the text taken from structured data.
const maxBody = 400_000

func bodyOf(o map[string]any) string {
	s, ok := o["articleBody"].(string)
	if !ok || len(s) > maxBody {
		return ""
	}
	return s
}

func number(v any) int {
	switch v := v.(type) {
	case float64:
		if v > 0 && v < 1e6 {
			return int(v)
		}
	case string:
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(v), "px"))
		if err == nil && n > 0 && n < 1e6 {
			return n
		}
	case map[string]any:
		return number(v["value"])
	}
	return 0
}
