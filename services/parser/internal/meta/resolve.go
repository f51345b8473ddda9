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
	Bytes      = "bytes"
	Transport  = "transport"
)

// Origin says where a field came from, and by which rule: docs/parser.md lists
// the rules.
type Origin struct {
	Source, Rule string
	Confidence   float64
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
	License, RobotsMeta, TDM, AMP         Value
	// Body is the story's text as structured data give it; empty mostly.
	Body string
	// Types are the schema.org types of the page's story; OGType is og:type.
	Types  []string
	OGType string
	// AllTypes are the types of all objects that the page describes, Title is its title
	// element, and Dates counts the dates printed.
	AllTypes []string
	Title    string
	Dates    int
	// Free is schema.org's isAccessibleForFree; nil if it is not given.
	Free                      *bool
	FreeOrigin                Origin
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
	return r.named(0, keys...).Text
}

// named is the first value of the first meta name that has one, as a candidate.
func (r *resolver) named(confidence float64, keys ...string) Value {
	for _, k := range keys {
		for _, v := range r.p.names[k] {
			if v = clean(v); v != "" {
				return Value{Text: v, Origin: metaOrigin(k, confidence)}
			}
		}
	}
	return Value{}
}

// metaOrigin is the origin of what a meta element says.
func metaOrigin(name string, confidence float64) Origin {
	source := Meta
	if strings.HasPrefix(name, "og:") || strings.HasPrefix(name, "article:") {
		source = OpenGraph
	}
	return Origin{source, "meta." + name, confidence}
}

// stated is the first property of the story's JSON-LD that holds text, as a
// candidate.
func (r *resolver) stated(confidence float64, keys ...string) Value {
	if r.story != nil {
		for _, k := range keys {
			if s := stringsOf(r.story[k]); len(s) > 0 {
				return value(s[0], JSONLD, k, confidence)
			}
		}
	}
	return Value{}
}

// marked is a microdata property's first value, as a candidate.
func (r *resolver) marked(key string, confidence float64) Value {
	if v := r.p.micro[key]; len(v) > 0 {
		return value(v[0], Microdata, key, confidence)
	}
	return Value{}
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

// value is a candidate whose rule is the source's reading of key.
func value(text, source, key string, confidence float64) Value {
	if text == "" {
		return Value{}
	}
	return Value{Text: text, Origin: Origin{source, source + "." + key, confidence}}
}

// printedAs is a candidate found on the page by a rule of its own.
func printedAs(text, rule string, confidence float64) Value {
	return Value{Text: text, Origin: Origin{HTML, rule, confidence}}
}

func (r *resolver) language() {
	locale := r.named(0.6, "og:locale")
	locale.Text = strings.ReplaceAll(locale.Text, "_", "-")
	v := pick(
		printedAs(strings.TrimSpace(r.p.lang), "html.lang", 0.8),
		r.stated(0.8, "inLanguage"),
		r.named(0.7, "content-language", "language", "dc.language", "dcterms.language"),
		locale,
	)
	if len(v.Text) > 35 { // RFC 5646, section 4.4.1: longer tags do not occur
		v = Value{}
	}
	r.out.Language = v
}

func (r *resolver) siteName() {
	publisher := Value{}
	if r.story != nil {
		if names := r.p.namesIn(r.story["publisher"], 0); len(names) > 0 {
			publisher = value(names[0], JSONLD, "publisher", 0.9)
		}
	}
	for _, o := range r.p.scripts {
		if publisher.Text != "" {
			break
		}
		for _, t := range types(o) {
			if t == "NewsMediaOrganization" || t == "WebSite" {
				publisher = value(first(o, "name"), JSONLD, "site", 0.9)
			}
		}
	}
	v := pick(
		r.named(0.95, "og:site_name"),
		publisher,
		r.named(0.8, "application-name", "apple-mobile-web-app-title", "dc.publisher", "citation_journal_title"),
	)
	if len(v.Text) > 100 {
		v = Value{}
	}
	r.out.SiteName = v
}

func (r *resolver) abstract() {
	v := pick(
		r.stated(0.85, "description", "abstract", "alternativeHeadline"),
		r.named(0.85, "og:description"),
		r.named(0.8, "description", "dc.description", "dcterms.description", "dcterms.abstract", "sailthru.description"),
		r.named(0.75, "twitter:description"),
		r.marked("description", 0.7),
	)
	if v.Text == r.out.Headline.Text {
		v = Value{}
	}
	r.out.Abstract = v
}

func (r *resolver) section() {
	r.out.Section = pick(
		r.stated(0.9, "articleSection"),
		r.named(0.85, "article:section"),
		r.named(0.7, "section", "parsely-section", "dc.subject.section", "cxenseparse:section"),
		r.marked("articleSection", 0.8),
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
		lists, origin = ld, Origin{JSONLD, "jsonld.keywords", 0.9}
	case len(r.p.names["article:tag"]) > 0:
		lists, origin = r.p.names["article:tag"], metaOrigin("article:tag", 0.9)
	default:
		if v := r.named(0.7, "news_keywords", "keywords", "parsely-tags", "sailthru.tags"); v.Text != "" {
			lists, origin = []string{v.Text}, v.Origin
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
	o := r.out
	for _, key := range [...]string{"image", "thumbnailUrl"} {
		if r.story == nil || len(o.Images) > 0 {
			break
		}
		if o.Images = imagesIn(r.story[key], 0); len(o.Images) > 0 {
			o.ImagesOrigin = Origin{JSONLD, "jsonld." + key, 0.9}
		}
	}
	if og := r.named(0.9, "og:image:secure_url", "og:image", "og:image:url"); og.Text != "" {
		width, _ := strconv.Atoi(r.name("og:image:width"))
		height, _ := strconv.Atoi(r.name("og:image:height"))
		lead := Image{URL: og.Text, Caption: r.name("og:image:alt"), Width: width, Height: height}
		// What is offered for sharing is the lead picture; JSON-LD often lists crops.
		o.Images = append([]Image{lead}, o.Images...)
		o.ImagesOrigin = og.Origin
	}
	if len(o.Images) > 0 {
		return
	}
	v := pick(
		r.named(0.8, "twitter:image", "twitter:image:src", "thumbnail", "sailthru.image.full"),
		printedAs(r.p.links["image_src"], "link.image_src", 0.7),
	)
	if v.Text != "" {
		o.Images, o.ImagesOrigin = []Image{{URL: v.Text}}, v.Origin
	}
}

func (r *resolver) canonical() {
	var ld Value
	if r.story != nil {
		if s, ok := r.story["mainEntityOfPage"].(string); ok {
			ld = value(s, JSONLD, "mainEntityOfPage", 0.8)
		}
		ld = pick(ld, r.stated(0.8, "url"))
	}
	r.out.Canonical = pick(
		printedAs(r.p.links["canonical"], "link.canonical", 0.95),
		r.named(0.9, "og:url"),
		ld,
	)
	r.out.AMP = printedAs(r.p.links["amphtml"], "link.amphtml", 0.95)
}

func (r *resolver) rest() {
	o, p := r.out, r.p
	if r.story != nil {
		o.Body = bodyOf(r.story)
		o.Types = types(r.story)
	}
	for _, obj := range p.scripts {
		o.AllTypes = append(o.AllTypes, types(obj)...)
	}
	o.Title, o.Dates = p.title, len(p.dates)
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
