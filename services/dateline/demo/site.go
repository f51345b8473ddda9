// Package demo is a small news site served from memory: a handful of invented
// papers in many languages, each with its own layout and feed, so that Dateline
// can be seen at work with no network.
//
// Everything on it is fiction written for this project. An article is one file
// under articles; a paper is a row in papers and a template.
package demo

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Kind says what stands at an article's address.
type Kind string

const (
	// KindArticle is an ordinary article.
	KindArticle Kind = "article"
	// KindWire is an agency dispatch.
	KindWire Kind = "wire"
	// KindSyndicated is another paper's near-verbatim copy of a dispatch.
	KindSyndicated Kind = "syndicated"
	// KindRewrite tells a dispatch's story in other words.
	KindRewrite Kind = "rewrite"
	// KindLiveBlog is a page of posts that grows through the day.
	KindLiveBlog Kind = "liveblog"
	// KindConsent is a page that shows a consent wall where the article should be.
	KindConsent Kind = "consent"
	// KindPaywall is a page that shows two paragraphs and an offer.
	KindPaywall Kind = "paywall"
	// KindDisallowed is a page that robots.txt forbids.
	KindDisallowed Kind = "disallowed"
)

// Options are what a Site is made with.
type Options struct {
	// Now gives the time; nil stands for time.Now. The day (UTC) that it gives
	// in New is the day of the edition.
	Now func() time.Time
}

// Article describes one article of the site.
type Article struct {
	// Path is the article's address on the site.
	Path string
	// Language is its ISO 639-1 code.
	Language string
	// Paper is the name of the paper that carries it.
	Paper string
	// Title is its headline.
	Title string
	// Kind says what the page is.
	Kind Kind
	// Feed is the path of the feed that lists it.
	Feed string
	// Published is when the article says it came out.
	Published time.Time
	// Updated is when it says it was changed last; zero if it was not.
	Updated time.Time
	// Text is the body as written, paragraphs parted by one empty line; empty
	// where the page shows something else in its place.
	Text string
}

// Site is the demo news site. It is safe for concurrent use.
type Site struct {
	now     func() time.Time
	edition time.Time
	papers  []*paper
	front   *template.Template

	mu      sync.RWMutex
	stories []*story // newest first
	reserve []*story // in the order in which they will come out
	routes  map[string]route
}

// New makes the edition of the day that o.Now gives. All its articles came out
// in the twelve hours before that day began (UTC), so that none is ever in the
// future and a restart on the same day serves the same pages; their dates are
// part of their addresses, so that the next day's edition is news again.
//
// The error is not nil only if a bundled file is broken.
func New(o Options) (*Site, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	all, err := papers()
	if err != nil {
		return nil, err
	}
	front, err := template.ParseFS(files, "templates/index.html")
	if err != nil {
		return nil, fmt.Errorf("parse template of the front page: %w", err)
	}
	s := &Site{
		now:     o.Now,
		edition: o.Now().UTC().Truncate(24 * time.Hour),
		papers:  all,
		front:   front,
	}
	if s.stories, err = loadStories("articles", all, s.edition); err != nil {
		return nil, err
	}
	if s.reserve, err = loadStories("reserve", all, s.edition); err != nil {
		return nil, err
	}
	// Files of the reserve come in the order of their papers; by slug they mix.
	slices.SortFunc(s.reserve, func(a, b *story) int { return cmp.Compare(a.slug, b.slug) })
	s.arrange()
	return s, s.check()
}

// Handler serves the site.
func (s *Site) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Articles lists what the site has published so far, by path: the extra feed's
// articles too, and those of the reserve that are out.
func (s *Site) Articles() []Article {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]Article, 0, len(s.stories))
	for _, st := range s.stories {
		list = append(list, st.article())
	}
	slices.SortFunc(list, func(a, b Article) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// FeedPaths lists the feeds that a demo submits at its start.
func (s *Site) FeedPaths() []string {
	var paths []string
	for _, p := range s.papers {
		if !p.extra {
			paths = append(paths, p.feedPath)
		}
	}
	return paths
}

// ExtraFeedPath is the feed that a demo leaves for its user to add by hand.
func (s *Site) ExtraFeedPath() string {
	i := slices.IndexFunc(s.papers, func(p *paper) bool { return p.extra })
	return s.papers[i].feedPath
}

// HomePath is a paper's front page that names the paper's feed in its head, for
// trying autodiscovery.
func (s *Site) HomePath() string { return "/courier/" }

// arrange puts the stories in order and rebuilds what depends on their list.
// Pages being rendered keep the old list, so it is never changed in place. The
// caller holds mu, or is New.
func (s *Site) arrange() {
	s.stories = slices.SortedFunc(slices.Values(s.stories), func(a, b *story) int {
		return cmp.Or(b.published.Compare(a.published), cmp.Compare(a.path(), b.path()))
	})
	s.routes = s.makeRoutes()
}

// check renders every page and feed once, those of the reserve too, so that a
// broken file is found at the start and not by a reader.
func (s *Site) check() error {
	for _, path := range slices.Sorted(maps.Keys(s.routes)) {
		if _, err := s.routes[path]("http://localhost"); err != nil {
			return fmt.Errorf("render %s: %w", path, err)
		}
	}
	for _, st := range s.reserve {
		if _, err := s.storyPage(st, nil)("http://localhost"); err != nil {
			return fmt.Errorf("render %s: %w", st.slug, err)
		}
	}
	return nil
}
