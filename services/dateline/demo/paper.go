package demo

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

//go:embed templates static articles reserve
var files embed.FS

// paper is one publication: who it is, where it keeps its pages and feed, and
// how it sends them.
type paper struct {
	slug    string
	name    string
	tagline string
	langs   []string // the first is the front page's
	city    string
	// zone has a fixed offset, so that the clock times that articles mention in
	// their text stay true in summer, and no zone database is needed.
	zone *time.Location
	// address is the pattern of an article's path; see story.path.
	address  string
	feedPath string
	format   feedFormat
	fullText bool // the feed carries whole articles
	accent   string
	extra    bool
	// htmlType is the Content-Type of pages as the paper's server sends it.
	htmlType string
	// charset is what pages and the feed are encoded in; empty for UTF-8.
	charset  string
	encoding encoding.Encoding
	pages    *template.Template
}

// papers are the site's publications with their templates.
func papers() ([]*paper, error) {
	list := roster()
	for _, p := range list {
		var err error
		if p.pages, err = template.ParseFS(files, "templates/"+p.slug+".html"); err != nil {
			return nil, fmt.Errorf("parse templates of %s: %w", p.slug, err)
		}
	}
	return list, nil
}

// roster lists the publications in the order of the front page and of FeedPaths.
func roster() []*paper {
	const utf8 = "text/html; charset=utf-8"
	return []*paper{
		{
			slug: "meridia", name: "Agence Meridia", tagline: "Dépêches de la Méditerranée", langs: []string{"fr", "ar"}, city: "Rabat",
			zone: hours(1), address: "/meridia/{lang}/depeches/{yyyy}-{mm}-{dd}/{slug}", feedPath: "/meridia/rss.xml", format: feedRSS2,
			accent: "#9a1b2f", htmlType: utf8,
		},
		{
			slug: "quotidien", name: "Le Quotidien des Quais", tagline: "Le journal du port et de la ville", langs: []string{"fr"}, city: "Marseille",
			zone: hours(1), address: "/quotidien/actu/{yyyy}{mm}{dd}/{slug}.html", feedPath: "/quotidien/atom.xml", format: feedAtom,
			accent: "#1f5f8b", htmlType: utf8,
		},
		{
			slug: "courier", name: "The Harbour Courier", tagline: "News from the tideline since 1871", langs: []string{"en"}, city: "Hull",
			zone: hours(0), address: "/courier/{yyyy}/{mon}/{dd}/{slug}", feedPath: "/courier/feed.atom", format: feedAtom,
			accent: "#0b3d4f", htmlType: utf8,
		},
		{
			slug: "ufer", name: "Uferzeitung", tagline: "Unabhängig am Bodensee", langs: []string{"de"}, city: "Konstanz",
			zone: hours(1), address: "/ufer/artikel/{slug}-{yyyy}{mm}{dd}.html", feedPath: "/ufer/rss", format: feedRSS2,
			accent: "#2d6a4f", htmlType: utf8,
		},
		{
			slug: "listok", name: "Волжский листок", tagline: "Газета для всех, кто живёт у реки", langs: []string{"ru"}, city: "Нижний Новгород",
			zone: hours(3), address: "/listok/{yyyy}-{mm}-{dd}/{slug}.shtml", feedPath: "/listok/rss.rdf", format: feedRSS1,
			accent: "#7a3b00", htmlType: "text/html", charset: "windows-1251", encoding: charmap.Windows1251,
		},
		{
			slug: "correio", name: "Correio da Ria", tagline: "Diário regional de Aveiro", langs: []string{"pt"}, city: "Aveiro",
			zone: hours(0), address: "/correio/noticia/{dd}-{mm}-{yyyy}/{slug}", feedPath: "/correio/rss.xml", format: feedRSS2, fullText: true,
			accent: "#b5541c", htmlType: "text/html; charset=ISO-8859-15", charset: "ISO-8859-15", encoding: charmap.ISO8859_15,
		},
		{
			slug: "orbe", name: "Orbe", tagline: "El mundo en varias lenguas", langs: []string{"es", "it", "fr", "zh", "ja"}, city: "Montevideo",
			zone: hours(-3), address: "/orbe/{lang}/{yyyy}/{mm}/{dd}/{slug}/", feedPath: "/orbe/feed.json", format: feedJSON,
			accent: "#5b3a8c", htmlType: utf8,
		},
		{
			slug: "kade", name: "De Kade", tagline: "Nieuws van het water", langs: []string{"nl"}, city: "Rotterdam",
			zone: hours(1), address: "/kade/{yyyy}/{mm}/{slug}-{dd}", feedPath: "/kade/rss.xml", format: feedRSS2,
			accent: "#00607a", htmlType: utf8, extra: true,
		},
	}
}

// hours is a zone that many hours east of UTC.
func hours(n int) *time.Location { return time.FixedZone("", n*int(time.Hour/time.Second)) }

// home is the path of the paper's front page.
func (p *paper) home() string { return "/" + p.slug + "/" }

// encode turns UTF-8 into the paper's charset. What the charset lacks becomes a
// numeric character reference, as publishing systems of its age do it.
func (p *paper) encode(text string) ([]byte, error) {
	if p.encoding == nil {
		return []byte(text), nil
	}
	out, err := encoding.HTMLEscapeUnsupported(p.encoding.NewEncoder()).String(text)
	if err != nil {
		return nil, fmt.Errorf("encode in %s: %w", p.charset, err)
	}
	return []byte(out), nil
}

// expand fills a path's or a date's pattern: {yyyy}, {mm}, {mon}, {dd}, {d},
// {HH} and {MM} from t, the rest from further pairs of name and value.
func expand(pattern string, t time.Time, further ...string) string {
	pairs := append([]string{
		"{yyyy}", t.Format("2006"),
		"{mm}", t.Format("01"),
		"{mon}", strings.ToLower(t.Format("Jan")),
		"{dd}", t.Format("02"),
		"{d}", t.Format("2"),
		"{HH}", t.Format("15"),
		"{MM}", t.Format("04"),
	}, further...)
	return strings.NewReplacer(pairs...).Replace(pattern)
}
