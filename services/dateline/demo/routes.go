package demo

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"slices"
	"time"
)

// forbidden is a folder that robots.txt closes, so that a demo also shows a page
// that is left alone (RFC 9309).
const (
	forbidden = "/ufer/epaper/"
	robots    = "User-agent: *\nDisallow: " + forbidden + "\nAllow: /\n"
)

// makeRoutes maps every address of the site to what stands there.
func (s *Site) makeRoutes() map[string]route {
	routes := map[string]route{
		"/":           s.index,
		"/robots.txt": fixed("text/plain; charset=utf-8", []byte(robots), s.edition),
	}
	for _, p := range s.papers {
		own := slices.DeleteFunc(slices.Clone(s.stories), func(st *story) bool { return st.paper != p })
		routes[p.home()] = s.frontPage(p, own)
		routes[p.feedPath] = s.feed(p, own)
		routes[p.style()] = p.stylesheet
		for _, st := range own {
			routes[st.path()] = s.storyPage(st, related(st, own))
			routes[st.lead()] = st.picture
		}
	}
	return routes
}

// related picks up to five other stories of the paper, those in the same
// language first.
func related(st *story, own []*story) []*story {
	others := slices.DeleteFunc(slices.Clone(own), func(o *story) bool { return o == st })
	slices.SortStableFunc(others, func(a, b *story) int {
		switch {
		case (a.lang == st.lang) == (b.lang == st.lang):
			return 0
		case a.lang == st.lang:
			return -1
		default:
			return 1
		}
	})
	return others[:min(len(others), 5)]
}

// fixed is a route to unchanging bytes.
func fixed(contentType string, body []byte, modified time.Time) route {
	return func(string) (resource, error) {
		return resource{contentType: contentType, body: body, modified: modified, maxAge: 3600}, nil
	}
}

// index is the site's own front page: the papers, and how to add the extra feed.
func (s *Site) index(base string) (resource, error) {
	type row struct{ Name, Tagline, City, Home, Feed, Format string }
	var v struct {
		Base, Extra string
		Papers      []row
	}
	v.Base, v.Extra = base, base+s.ExtraFeedPath()
	for _, p := range s.papers {
		v.Papers = append(v.Papers, row{p.name, p.tagline, p.city, base + p.home(), base + p.feedPath, p.format.mediaType()})
	}
	var out bytes.Buffer
	if err := s.front.Execute(&out, v); err != nil {
		return resource{}, fmt.Errorf("fill in index: %w", err)
	}
	return resource{contentType: "text/html; charset=utf-8", body: out.Bytes(), modified: s.edition, maxAge: 60}, nil
}

// style is the path of the paper's style sheet.
func (p *paper) style() string { return "/css/" + p.slug + ".css" }

// stylesheet is the sheet that all papers share after the paper's own colour.
func (p *paper) stylesheet(string) (resource, error) {
	shared, err := files.ReadFile("static/paper.css")
	if err != nil {
		return resource{}, fmt.Errorf("read style sheet: %w", err)
	}
	body := fmt.Appendf(nil, ":root { --accent: %s; }\n%s", p.accent, shared)
	return resource{contentType: "text/css; charset=utf-8", body: body, maxAge: 3600}, nil
}

// picture draws a horizon for a story: always the same for one story, and
// different from one to the next.
func (st *story) picture(string) (resource, error) {
	seed := int(crc32.ChecksumIEEE([]byte(st.slug)) & 0xffff)
	sun, line := 120+seed%560, 230+seed/7%90
	body := fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 450" width="800" height="450">
<rect width="800" height="450" fill="%[1]s" opacity=".25"/>
<circle cx="%[2]d" cy="%[3]d" r="%[4]d" fill="#fff" opacity=".8"/>
<path d="M0 %[5]d Q200 %[6]d 400 %[5]d T800 %[5]d V450 H0 Z" fill="%[1]s"/>
<path d="M0 %[7]d Q200 %[5]d 400 %[7]d T800 %[7]d V450 H0 Z" fill="#000" opacity=".2"/>
</svg>
`, st.paper.accent, sun, line-90+seed%40, 40+seed%30, line, line-60-seed%50, line+70)
	return resource{contentType: "image/svg+xml", body: body, maxAge: 3600}, nil
}
