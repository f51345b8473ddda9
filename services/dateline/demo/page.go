package demo

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
)

// page is what a template sees.
type page struct {
	Base string // the site's address, without a slash at the end
	URL  string // the page's own address
	Say  wording
	Lang string
	Dir  string // "ltr" or "rtl"

	Paper    string
	Tagline  string
	City     string
	Home     string
	Feed     string
	FeedType string
	Style    string
	Sections []string
	Year     string

	// Of an article.
	Title, Summary, Byline, Section, Caption, Correction string

	Tags      []string
	Image     string
	Comments  []comment
	Published moment
	Updated   moment // zero if never updated
	Blocks    []block
	Intro     []block // of a live blog
	Posts     []post  // of a live blog
	Related   []teaser
	Linked    any // JSON-LD

	// Of a front page.
	Fronts []front
}

// moment is a time as machines and as readers write it.
type moment struct {
	ISO, Words, Day string
}

// teaser is a link to a story.
type teaser struct {
	URL, Title, Summary, Section, Lang, Dir, Image string
	Published                                      moment
}

// front is a section of a front page.
type front struct {
	Name    string
	Teasers []teaser
}

// storyPage is the route of a story's page; related are the paper's other
// stories, nearest first.
func (s *Site) storyPage(st *story, related []*story) route {
	return func(base string) (resource, error) {
		p, err := st.page(base, related)
		if err != nil {
			return resource{}, err
		}
		name := "article"
		if st.paper.pages.Lookup(string(st.kind)) != nil {
			name = string(st.kind)
		}
		return st.paper.render(name, p, st.modified())
	}
}

// frontPage is the route of a paper's front page.
func (s *Site) frontPage(p *paper, stories []*story) route {
	return func(base string) (resource, error) {
		v, err := p.page(base, p.langs[0])
		if err != nil {
			return resource{}, err
		}
		v.URL, v.Title, v.Year = base+p.home(), p.name, s.edition.Format("2006")
		modified := s.edition
		for _, st := range stories {
			t, err := st.teaser(base)
			if err != nil {
				return resource{}, err
			}
			if st.published.After(modified) {
				modified = st.published
			}
			i := slices.IndexFunc(v.Fronts, func(f front) bool { return f.Name == st.section })
			if i < 0 {
				i = len(v.Fronts)
				v.Fronts = append(v.Fronts, front{Name: st.section})
			}
			v.Fronts[i].Teasers = append(v.Fronts[i].Teasers, t)
		}
		for _, f := range v.Fronts {
			v.Sections = append(v.Sections, f.Name)
		}
		return p.render("front", v, modified)
	}
}

// page is what all of the paper's pages in a language have in common.
func (p *paper) page(base, lang string) (page, error) {
	say, ok := wordings[lang]
	if !ok {
		return page{}, fmt.Errorf("no wording for language %q", lang)
	}
	return page{
		Base: base, Say: say, Lang: lang, Dir: direction(lang),
		Paper: p.name, Tagline: p.tagline, City: p.city, Home: base + p.home(),
		Feed: base + p.feedPath, FeedType: p.format.mediaType(), Style: base + p.style(),
	}, nil
}

// page is what the story's template sees.
func (st *story) page(base string, related []*story) (page, error) {
	v, err := st.paper.page(base, st.lang)
	if err != nil {
		return page{}, err
	}
	v.URL = base + st.path()
	v.Title, v.Summary, v.Byline, v.Section = st.title, st.summary, st.byline, st.section
	v.Caption, v.Correction, v.Tags, v.Comments = st.caption, st.correction, st.tags, st.comments
	v.Image, v.Blocks, v.Year = base+st.lead(), st.blocks, st.published.Format("2006")
	if v.Published, err = momentOf(st.lang, st.published); err != nil {
		return page{}, err
	}
	if v.Updated, err = momentOf(st.lang, st.updated); err != nil {
		return page{}, err
	}
	if st.kind == KindLiveBlog {
		v.Intro, v.Posts = posts(st.blocks)
	}
	v.Sections = []string{st.section}
	for _, other := range related {
		t, err := other.teaser(base)
		if err != nil {
			return page{}, err
		}
		v.Related = append(v.Related, t)
		if !slices.Contains(v.Sections, other.section) && other.lang == st.lang {
			v.Sections = append(v.Sections, other.section)
		}
	}
	v.Linked = st.linkedData(base)
	return v, nil
}

// teaser is the story as other pages point to it.
func (st *story) teaser(base string) (teaser, error) {
	m, err := momentOf(st.lang, st.published)
	if err != nil {
		return teaser{}, err
	}
	return teaser{
		URL: base + st.path(), Title: st.title, Summary: st.summary, Section: st.section,
		Lang: st.lang, Dir: direction(st.lang), Image: base + st.lead(), Published: m,
	}, nil
}

// momentOf writes t for a reader of lang; the zero time stays empty.
func momentOf(lang string, t time.Time) (moment, error) {
	if t.IsZero() {
		return moment{}, nil
	}
	cal, err := calendarOf(lang)
	if err != nil {
		return moment{}, err
	}
	return moment{ISO: t.Format(time.RFC3339), Words: cal.moment(t), Day: cal.day(t)}, nil
}

// direction is the way that a language is written.
func direction(lang string) string {
	if lang == "ar" {
		return "rtl"
	}
	return "ltr"
}

// render fills one of the paper's templates and encodes it.
func (p *paper) render(name string, v page, modified time.Time) (resource, error) {
	var out bytes.Buffer
	if err := p.pages.ExecuteTemplate(&out, name, v); err != nil {
		return resource{}, fmt.Errorf("fill in %s of %s: %w", name, p.name, err)
	}
	body, err := p.encode(strings.TrimSpace(out.String()) + "\n")
	if err != nil {
		return resource{}, err
	}
	return resource{contentType: p.htmlType, body: body, modified: modified, maxAge: 60}, nil
}
