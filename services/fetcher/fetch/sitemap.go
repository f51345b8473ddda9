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

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

// Bounds of what one poll of a sitemap index does.
const (
	// maxChildren is how many of its sitemaps are asked for.
	maxChildren = 5
	// maxExpanded is how many entries they give, the newest.
	maxExpanded = 5000
	// maxRemembered is how many of them the feed's record remembers.
	maxRemembered = 200
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

// expand reads some of the sitemaps that an index lists: those that seem to have
// news, and in turn the others (see pickSitemaps). It returns their entries, the
// newest first, each once, and what is to be remembered of the sitemaps in the
// feed's record. A sitemap that cannot be read is logged and tried again at a
// later poll; the error says that none could be, with children to remember all the
// same, or that the context ended.
func (f *Fetcher) expand(ctx context.Context, record *datelinev1.FeedRecord, index *datelinev1.Feed) (entries []*datelinev1.Entry, children []*datelinev1.Sitemap, err error) {
	within, cancel := context.WithTimeout(ctx, expandPatience)
	defer cancel()
	log := f.log.With(zap.String("feed", record.GetFeed().GetId()), zap.String("index", index.GetUrl()))
	remembered := record.GetPoll().GetSitemaps()
	picked := pickSitemaps(f.own(within, index, log), remembered, maxChildren)
	var asked []*datelinev1.Sitemap
	var failed []error
	for _, child := range picked {
		feed, state, err := f.child(within, record.GetFeed(), index.GetUrl(), child)
		if ctx.Err() != nil {
			return nil, nil, fmt.Errorf("read the sitemaps of %s: %w", index.GetUrl(), ctx.Err())
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("read sitemap %s: %w", child.GetUrl(), err))
			log.Warn("sitemap of an index not read", zap.String("url", child.GetUrl()), zap.Error(err))
			state = asBefore(child, remembered)
		}
		asked = append(asked, state)
		entries = append(entries, feed.GetEntries()...)
	}
	children = remember(asked, remembered, index.GetSitemaps())
	if len(picked) > 0 && len(failed) == len(picked) {
		err = fmt.Errorf("none of the %d sitemaps asked for could be read: %w", len(picked), failed[0])
	}
	return newest(entries, maxExpanded), children, err
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
// was asked for.
func asBefore(child *datelinev1.Sitemap, remembered []*datelinev1.Sitemap) *datelinev1.Sitemap {
	for _, s := range remembered {
		if s.GetUrl() == child.GetUrl() {
			return s
		}
	}
	return &datelinev1.Sitemap{Url: child.GetUrl()}
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
	if len(feed.GetSitemaps()) > 0 {
		// An index in an index is against the protocol, and a way to keep a crawler
		// busy without end.
		return nil, nil, errors.New("it is a sitemap index, too, and those are not followed any further")
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

// remember gives what a feed's record keeps of the sitemaps of its index: those
// asked for now, then those asked for before, as long as the index lists them.
func remember(asked, before, listed []*datelinev1.Sitemap) []*datelinev1.Sitemap {
	there := make(map[string]bool, len(listed))
	for _, s := range listed {
		there[s.GetUrl()] = true
	}
	for _, s := range asked {
		there[s.GetUrl()] = false
	}
	for _, s := range before {
		if there[s.GetUrl()] {
			asked = append(asked, s)
		}
	}
	return asked[:min(len(asked), maxRemembered)]
}
