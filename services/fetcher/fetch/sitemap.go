package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

// Bounds of what one poll of a sitemap index does.
const (
	// maxChildren is how many of its sitemaps are asked for, and how many of those that
	// indexes among them list.
	maxChildren = 5
	// maxExpanded is how many entries they give, the newest.
	maxExpanded = 5000
	// maxRemembered is how many of its sitemaps the feed's record remembers, and
	// maxUnlisted how many that it does not list itself, or no longer.
	maxRemembered, maxUnlisted = 200, 20
	// expandPatience is how long all of them may take, waiting for turns included;
	// what is not read by then is read at a later poll.
	expandPatience = time.Minute
)

// errForeign is why a sitemap is not read that an index of another site lists.
var errForeign = errors.New("it is on another site than the index, whose robots.txt does not name it")

// feedOf gives the feed of a site that was submitted as one: the first that its page
// links to, else the likeliest of the sitemaps that its robots.txt names, as a last
// resort. It is empty where there is none.
func (f *Fetcher) feedOf(ctx context.Context, submitted *datelinev1.Feed, page *httpget.Response) string {
	links := discover.Feeds(page.Body, page.FinalURL)
	if len(links) == 0 && f.cfg.Robots {
		named, err := f.robots.Sitemaps(ctx, page.FinalURL)
		if err != nil {
			f.log.Debug("sitemaps of a site not looked up", zap.String("url", page.FinalURL), zap.Error(err))
		}
		links = discover.Sitemaps(named)
	}
	for _, link := range links {
		if url := otherFeed(submitted, link.URL); url != "" {
			return url
		}
	}
	return ""
}

// expansion is what is read of an index: the entries of its sitemaps, the newest first,
// each once, those among them whose sitemap was not read before, and what is to be
// remembered of the sitemaps in the feed's record.
type expansion struct {
	entries  []*datelinev1.Entry
	unread   map[*datelinev1.Entry]bool
	children []*datelinev1.Sitemap
}

// expand reads some of the sitemaps that an index lists: those that seem to have
// news, and in turn the others (see pickSitemaps). Where there are indexes among them,
// as large sites have, some of theirs are read, too. A sitemap that cannot be read is
// logged and tried again at a later poll; the error says that none could be, with
// children to remember all the same, or that the context ended.
func (f *Fetcher) expand(ctx context.Context, record *datelinev1.FeedRecord, index *datelinev1.Feed) (read expansion, err error) {
	within, cancel := context.WithTimeout(ctx, expandPatience)
	defer cancel()
	e := &expander{
		Fetcher: f, feed: record.GetFeed(), remembered: record.GetPoll().GetSitemaps(), listed: index.GetSitemaps(),
		expansion: expansion{unread: map[*datelinev1.Entry]bool{}},
		log:       f.log.With(zap.String("feed", record.GetFeed().GetId()), zap.String("index", index.GetUrl())),
	}
	inner := e.read(within, index)
	for _, nested := range inner {
		e.listed = append(e.listed, nested.GetSitemaps()...)
	}
	if len(inner) > 0 {
		// An index in an index is against the protocol. What is below is a way to keep a
		// crawler busy without end.
		for _, deeper := range e.read(within, inner...) {
			e.failed = append(e.failed, fmt.Errorf("read sitemap %s: %w", deeper.GetUrl(), errDeep))
			e.log.Warn("sitemap of an index not read", zap.String("url", deeper.GetUrl()), zap.Error(errDeep))
		}
	}
	if ctx.Err() != nil {
		return expansion{}, fmt.Errorf("read the sitemaps of %s: %w", index.GetUrl(), ctx.Err())
	}
	if n := len(e.children); len(e.failed) > 0 && len(e.failed) >= n-len(inner) {
		err = fmt.Errorf("none of the %d sitemaps asked for could be read: %w", n, e.failed[0])
	}
	e.entries = newest(e.entries, maxExpanded)
	e.children = remember(e.children, e.remembered, e.listed)
	return e.expansion, err
}

// errDeep is why an index is not read that is listed by one in another.
var errDeep = errors.New("it is a sitemap index in one that is in another, and those are not followed any further")

// expander reads the sitemaps of an index.
type expander struct {
	*Fetcher
	expansion
	feed               *datelinev1.Feed
	remembered, listed []*datelinev1.Sitemap
	failed             []error
	log                *zap.Logger
}

// read reads some of the sitemaps that indexes list, and returns the indexes among them.
func (e *expander) read(ctx context.Context, indexes ...*datelinev1.Feed) (inner []*datelinev1.Feed) {
	var own []*datelinev1.Sitemap
	by := map[string]string{}
	for _, index := range indexes {
		for _, s := range e.own(ctx, index, e.log) {
			if by[s.GetUrl()] == "" && !slices.ContainsFunc(e.children, func(asked *datelinev1.Sitemap) bool { return asked.GetUrl() == s.GetUrl() }) {
				own, by[s.GetUrl()] = append(own, s), index.GetUrl()
			}
		}
	}
	for _, child := range pickSitemaps(own, e.remembered, maxChildren) {
		before := asBefore(child, e.remembered)
		feed, state, err := e.child(ctx, e.feed, by[child.GetUrl()], child)
		if err != nil {
			e.log.Warn("sitemap of an index not read", zap.String("url", child.GetUrl()), zap.Error(err))
			e.failed = append(e.failed, fmt.Errorf("read sitemap %s: %w", child.GetUrl(), err))
			state = before
		}
		if len(feed.GetSitemaps()) > 0 {
			// It is always read, as its parent is.
			state.Etag, state.LastModifiedHeader = "", ""
			inner = append(inner, feed)
		}
		e.children = append(e.children, state)
		e.entries = append(e.entries, feed.GetEntries()...)
		for _, entry := range feed.GetEntries() {
			e.unread[entry] = neverRead(before)
		}
	}
	return inner
}

// own gives the sitemaps of an index that it may list.
func (f *Fetcher) own(ctx context.Context, index *datelinev1.Feed, log *zap.Logger) []*datelinev1.Sitemap {
	listed := index.GetSitemaps()
	own := make([]*datelinev1.Sitemap, 0, len(listed))
	for _, s := range listed {
		if f.belongs(ctx, index.GetUrl(), s.GetUrl()) {
			own = append(own, s)
		}
	}
	if refused := len(listed) - len(own); refused > 0 {
		log.Warn("sitemaps of an index refused", zap.Int("refused", refused), zap.Error(errForeign))
	}
	return own
}

// asBefore gives what was remembered of a sitemap, so that it stays due, or that it
// was asked for and never read.
func asBefore(child *datelinev1.Sitemap, remembered []*datelinev1.Sitemap) *datelinev1.Sitemap {
	for _, s := range remembered {
		if s.GetUrl() == child.GetUrl() {
			return s
		}
	}
	return &datelinev1.Sitemap{Url: child.GetUrl(), LastModified: &timestamppb.Timestamp{}}
}

// neverRead says whether a sitemap was only asked for as yet: what is remembered of it
// is older than all that there is.
func neverRead(s *datelinev1.Sitemap) bool {
	return s.GetLastModified() != nil && s.GetLastModified().AsTime().Unix() == 0
}

// child fetches and reads one sitemap of an index. feed is nil if it has not
// changed; state is what to remember of it.
func (f *Fetcher) child(ctx context.Context, subscription *datelinev1.Feed, indexURL string, child *datelinev1.Sitemap) (feed *datelinev1.Feed, state *datelinev1.Sitemap, err error) {
	turn, err := f.takeWithin(ctx, child.GetUrl(), expandPatience/maxChildren)
	if err != nil {
		return nil, nil, err
	}
	req := httpget.Request{URL: child.GetUrl(), Kind: kindFeed, ETag: child.GetEtag(), LastModified: child.GetLastModifiedHeader()}
	if sameHost(subscription.GetUrl(), child.GetUrl()) {
		req.Header = subscription.GetHeaders()
	}
	resp, err := f.ask(ctx, turn, req)
	if err != nil {
		return nil, nil, err
	}
	state = proto.CloneOf(child)
	switch {
	case resp.NotModified:
		return nil, state, nil
	case resp.Status != http.StatusOK:
		return nil, nil, fmt.Errorf("answered %d", resp.Status)
	case !f.belongs(ctx, indexURL, resp.FinalURL):
		return nil, nil, errForeign
	}
	state.Etag, state.LastModifiedHeader = resp.ETag, resp.LastModified
	feed, err = feedread.Read(resp.Body, feedread.Options{
		URL: resp.FinalURL, ContentType: contentType(resp), MaxEntries: maxExpanded, MaxBytes: int(f.cfg.MaxBytes), Listed: true, Now: f.now,
	})
	if err != nil {
		return nil, nil, err
	}
	return feed, state, nil
}

// belongs says whether an index may list a sitemap: both are of one site, or the
// robots.txt of the index's host names the sitemap, which is how a site says that
// another host keeps its sitemaps (sitemaps.org, "Sitemaps & Cross Submits").
func (f *Fetcher) belongs(ctx context.Context, indexURL, childURL string) bool {
	if websub.SameSite(indexURL, childURL) {
		return true
	}
	if !f.cfg.Robots {
		return false
	}
	named, err := f.robots.Sitemaps(ctx, indexURL)
	return err == nil && slices.Contains(named, childURL)
}

// newest orders entries by date, the newest first and those without one last,
// drops those whose address came before, and keeps at most n.
func newest(entries []*datelinev1.Entry, n int) []*datelinev1.Entry {
	at := func(e *datelinev1.Entry) time.Time {
		switch {
		case e.GetPublished() != nil:
			return e.GetPublished().AsTime()
		case e.GetUpdated() != nil:
			return e.GetUpdated().AsTime()
		}
		return time.Time{}
	}
	slices.SortStableFunc(entries, func(a, b *datelinev1.Entry) int { return at(b).Compare(at(a)) })
	seen := make(map[string]bool, len(entries))
	entries = slices.DeleteFunc(entries, func(e *datelinev1.Entry) bool {
		again := seen[e.GetGuid()]
		seen[e.GetGuid()] = true
		return again
	})
	return entries[:min(len(entries), n)]
}

// remember gives what a feed's record keeps of sitemaps: those asked for now, then those
// asked for before, the last first. Of those that nobody listed now, which may be of an
// index that was not read, it keeps a few.
func remember(asked, before, listed []*datelinev1.Sitemap) []*datelinev1.Sitemap {
	there := make(map[string]bool, len(listed))
	for _, s := range listed {
		there[s.GetUrl()] = true
	}
	now := make(map[string]bool, len(asked))
	for _, s := range asked {
		now[s.GetUrl()] = true
	}
	unlisted := 0
	for _, s := range before {
		if now[s.GetUrl()] || !there[s.GetUrl()] && unlisted >= maxUnlisted {
			continue
		}
		if !there[s.GetUrl()] {
			unlisted++
		}
		asked = append(asked, s)
	}
	return asked[:min(len(asked), maxRemembered)]
}
