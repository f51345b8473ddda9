package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
	"github.com/dateline-news/dateline/services/internal/trail"
)

// headerLook marks a page that waits for another look, and says which one it is, or
// lookOfFeed where its feed asked for it.
const headerLook = "Dateline-Look"

const lookOfFeed = "feed"

// Bounds of looking again.
const (
	// feedLooks is the least time between two looks that a feed's entry asks for.
	feedLooks = time.Hour
	// lookPatience is how far ahead a host's plan may reach for a look: beyond that
	// there is enough to fetch that nobody has seen.
	lookPatience = time.Minute
	// lookSpread is the time over which looks that a feed asks for are spread.
	lookSpread = 5 * time.Second
	// lookJitter is how much earlier or later a look comes, so that what was published
	// together is not asked for together.
	lookJitter = 0.2
	// maxLooks and maxLookWait bound the setting: what is known of a visit is kept for
	// 30 days.
	maxLooks    = 50
	maxLookWait = 28 * 24 * time.Hour
)

// never stands for no look at all, since an empty variable is one that is not set.
const never = "never"

// refetches are the waits before the looks at a page after the first.
func (c *Config) refetches() ([]time.Duration, error) {
	if len(c.Refetch) == 1 && c.Refetch[0] == never {
		return nil, nil
	}
	waits := make([]time.Duration, 0, len(c.Refetch))
	for _, text := range c.Refetch {
		wait, err := time.ParseDuration(text)
		if err != nil || wait <= 0 || wait > maxLookWait {
			return nil, fmt.Errorf("fetcher.refetch holds %q; give durations such as 1h,6h,24h, each over 0s and not over 672h, or never", text)
		}
		waits = append(waits, wait)
	}
	if len(waits) > maxLooks {
		return nil, fmt.Errorf("fetcher.refetch holds %d durations; give at most %d", len(waits), maxLooks)
	}
	return waits, nil
}

// lookAgain makes the page of an article due for another look soon, because its
// feed's entry changed. It says whether there is a page to look at: not where the
// entry has no address, nor where its page has never come.
func (f *Fetcher) lookAgain(ctx context.Context, feed *datelinev1.Feed, entry *datelinev1.Entry) (stage.Out, bool) {
	article, visit, err := f.visitedOf(ctx, feed, entry)
	if err != nil {
		f.log.Warn("changed entry not looked at again", zap.String("feed", feed.GetId()), zap.String("url", entry.GetUrl()), zap.Error(err))
	}
	if article == nil || visit == nil {
		return stage.Out{}, false
	}
	return f.lookSoon(article, visit), true
}

// visitedOf gives the article that an entry is of, and the last visit of its page;
// nil where there was none.
func (f *Fetcher) visitedOf(ctx context.Context, feed *datelinev1.Feed, entry *datelinev1.Entry) (*datelinev1.Article, *datelinev1.Visit, error) {
	address, err := urlnorm.Normalize(entry.GetUrl())
	if err != nil || len(f.looks) == 0 {
		return nil, nil, nil
	}
	id, aliases := urlnorm.ID("a", address), []string(nil)
	owner, _, err := f.alias(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if owner != nil {
		id, address, aliases = owner.GetId(), owner.GetFetch().GetUrl(), owner.GetAliases()
	}
	visit, _, err := f.deps.Seen.Visit(ctx, id)
	if err != nil || visit == nil {
		return nil, nil, err
	}
	known, err := f.deps.Seen.Last(ctx, topology.ArticleFound(urlnorm.Host(address), id))
	if err != nil {
		return nil, nil, err
	}
	article := &datelinev1.Article{
		Id: id, Revision: 1, FirstSeenAt: timestamppb.New(f.now()), Source: known.Article.GetSource(), Aliases: aliases,
		Fetch: &datelinev1.Fetch{Url: address}, Trail: known.Article.GetTrail(),
	}
	if at := known.Article.GetFirstSeenAt(); at != nil {
		article.FirstSeenAt = at
	}
	if source := known.Article.GetSource(); source == nil || source.GetFeedId() == feed.GetId() {
		// The same feed, with newer words; the stamp says since when.
		article.Source = &datelinev1.Source{
			FeedId: feed.GetId(), FeedUrl: feed.GetUrl(), FeedTitle: feed.GetTitle(), Labels: feed.GetLabels(), Entry: entry,
		}
		article.Trail = append(slices.Clip(article.Trail), trail.Stamp(ctx, "the feed's entry changed"))
	}
	return article, visit, nil
}

// lookSoon makes a page due for a look that its feed asks for; for the first, where
// it was not visited yet.
func (f *Fetcher) lookSoon(article *datelinev1.Article, visit *datelinev1.Visit) stage.Out {
	why := "soon"
	if visit != nil {
		article.Fetch.Refetch = max(1, visit.GetFetches())
		why = fmt.Sprintf("soon%d", visit.GetFetches())
	}
	at := f.now().Add(time.Duration(f.random() * float64(lookSpread)))
	out := f.waitUnplanned(article, urlnorm.Host(article.GetFetch().GetUrl()), at, why)
	if visit != nil {
		out.Header[headerLook] = lookOfFeed
	}
	return out
}

// looking says whether this is a look after the first.
func (p *page) looking() bool { return p.article.GetFetch().GetRefetch() > 0 }

// recall reads what is known of the page: whether the article is another's by now,
// where it is to be had, and when it was visited last. done says that the outputs and
// the verdict hold.
func (p *page) recall(ctx context.Context) (outs []stage.Out, done bool, err error) {
	own, _, err := p.alias(ctx, p.article.GetId())
	switch {
	case err != nil:
		return nil, true, err
	case own != nil && own.GetId() != p.article.GetId():
		return nil, true, stage.Duplicate()
	case own != nil:
		was := p.url()
		if to := own.GetFetch().GetUrl(); urlnorm.Host(to) != "" {
			p.article.Fetch.Url = to
		}
		for _, address := range append([]string{was}, own.GetAliases()...) {
			addAlias(p.article, address)
		}
		p.article.Aliases = slices.DeleteFunc(p.article.GetAliases(), func(a string) bool { return a == p.url() })
	}
	if host := urlnorm.Host(p.url()); host != p.host {
		p.host, p.planned = host, false
		return []stage.Out{p.await(p.now(), fmt.Sprintf("moved%d", stage.DeliveryFrom(ctx).Sequence))}, true, stage.Defer("moved")
	}
	if len(p.looks) == 0 {
		if p.looking() {
			return nil, true, stage.Drop("refetch-off")
		}
		return nil, false, nil
	}
	if p.visit, p.visitSequence, err = p.deps.Seen.Visit(ctx, p.article.GetId()); err != nil {
		return nil, true, err
	}
	switch {
	case p.looking():
		return p.mayLook(ctx)
	case p.visit != nil:
		// The page is out. What may be missing is the look after it: the process may have
		// ended between the two.
		p.article.Fetch.Refetch = max(1, p.visit.GetFetches()) - 1
		return p.next(false), true, stage.Duplicate()
	}
	return nil, false, nil
}

// await makes the page due at a time, for the look that this one is.
func (p *page) await(at time.Time, why string) stage.Out {
	return p.marked(p.waitUnplanned(p.article, p.host, at, why))
}

// marked marks a page that waits for another look.
func (p *page) marked(out stage.Out) stage.Out {
	if p.looking() {
		out.Header[headerLook] = strconv.Itoa(int(p.article.GetFetch().GetRefetch()))
		if p.ofFeed {
			out.Header[headerLook] = lookOfFeed
		}
	}
	return out
}

// mayLook says whether the page may be looked at again now. What nobody has seen yet
// goes first.
func (p *page) mayLook(ctx context.Context) (outs []stage.Out, done bool, err error) {
	pushed, err := p.deps.Seen.Last(ctx, topology.ArticlePushed(p.article.GetId()))
	if err != nil {
		return nil, true, err
	}
	if pushed.Article != nil {
		// Its publisher says what it is.
		return nil, true, stage.Drop("pushed")
	}
	if soonest := p.visit.GetFetchedAt().AsTime().Add(p.spacing()); p.visit != nil && soonest.After(p.now()) {
		return []stage.Out{p.await(soonest, fmt.Sprintf("early%d", stage.DeliveryFrom(ctx).Sequence))}, true, stage.Defer("looked-lately")
	}
	if p.planned {
		// It has its slot, and was counted when it got it.
		return nil, false, nil
	}
	backlog, err := p.budget.backlog(ctx, p.host)
	if err != nil {
		return nil, true, err
	}
	if backlog > lookPatience {
		return p.next(false), true, stage.Drop("refetch-busy")
	}
	ok, err := p.budget.refetch(ctx, p.host, p.cfg.RefetchBudget)
	if err != nil {
		return nil, true, err
	}
	if !ok {
		return p.next(false), true, stage.Drop("refetch-budget")
	}
	return nil, false, nil
}

// spacing is the least time since the last look. A scheduled look that is delivered a
// second time comes sooner than half of its wait.
func (p *page) spacing() time.Duration {
	if p.ofFeed {
		return feedLooks
	}
	return p.looks[min(int(p.article.GetFetch().GetRefetch()), len(p.looks))-1] / 2
}

// next schedules the look after this one, if there is to be one. A page that was not
// there is looked for once more in any case.
func (p *page) next(missing bool) []stage.Out {
	n := int(p.article.GetFetch().GetRefetch())
	if n >= len(p.looks) && !missing || len(p.looks) == 0 {
		return nil
	}
	wait := p.looks[min(n, len(p.looks)-1)]
	wait += time.Duration((2*p.random() - 1) * lookJitter * float64(wait))
	again := proto.CloneOf(p.article)
	again.Fetch = &datelinev1.Fetch{Url: p.url(), Refetch: uint32(n + 1)}
	again.VanishedAt = nil
	again.Trail = slices.DeleteFunc(again.GetTrail(), func(s *datelinev1.Stamp) bool { return s.GetStage() == topology.Page.Name })
	out := p.waitUnplanned(again, p.host, p.now().Add(wait), fmt.Sprintf("look%d", n+1))
	out.Header[headerLook] = strconv.Itoa(n + 1)
	// Only when the page is out, and in a trace of its own: it is days away.
	out.Last, out.Detached = true, true
	return []stage.Out{out}
}

// remember writes what this look saw. It holds the parser's page back by nothing, and
// comes after it: a visit that is remembered is out. A look of another replica at the
// same time makes one of the two be tried again, and find that it was made lately.
func (p *page) remember(v *datelinev1.Visit) stage.Out {
	v.ArticleId, v.FetchedAt = p.article.GetId(), timestamppb.New(p.now())
	after := p.visitSequence
	return stage.Out{
		Subject: topology.ArticleVisited(p.article.GetId()), Message: v, Expect: &after, Last: true,
		Header: map[string]string{stage.HeaderArticle: p.article.GetId()},
	}
}

// before is the last visit as far as it is known. At a look it counts at least the
// looks before it.
func (p *page) before() *datelinev1.Visit {
	v := &datelinev1.Visit{}
	if p.visit != nil {
		v = proto.CloneOf(p.visit)
	}
	v.Fetches = max(v.GetFetches(), p.article.GetFetch().GetRefetch())
	return v
}

// conditional makes a look conditional, unless the page was not there lately: its
// return is news even where it has not changed.
func (p *page) conditional(req *httpget.Request) {
	if p.looking() && p.visit.GetMissing() == 0 && !p.visit.GetVanished() {
		req.ETag, req.LastModified = p.visit.GetEtag(), p.visit.GetLastModified()
	}
}

// lookedAt decides what a look found by its status. done says that the outputs and
// the verdict hold; a page that may have changed goes on as any other.
func (p *page) lookedAt(resp *httpget.Response) (outs []stage.Out, done bool, err error) {
	switch s := resp.Status; {
	case s == http.StatusNotModified:
		v := p.before()
		v.Fetches++
		outs, err = p.unchanged(v)
		return outs, true, err
	case s == http.StatusNotFound, s == http.StatusGone:
		outs, err = p.missing(resp)
		return outs, true, err
	case s >= 200 && s < 300 && !p.stayed(resp.FinalURL):
		outs, err = p.lookFailed("elsewhere", errors.New("it leads to another page: "+resp.FinalURL))
		return outs, true, err
	}
	return nil, false, nil
}

// stayed says whether an answer is the page's: not where it leads to the site's front
// page or to a section, which some sites do for what they took down.
func (p *page) stayed(finalURL string) bool {
	normalized, err := urlnorm.Normalize(finalURL)
	if err != nil || normalized == p.url() {
		return true
	}
	return discover.SamePage(p.url(), normalized) || urlnorm.Host(normalized) != p.host && !isFrontPage(normalized)
}

// unchanged ends a look that found what was there before.
func (p *page) unchanged(v *datelinev1.Visit) ([]stage.Out, error) {
	v.Missing = 0
	return append(p.next(false), p.remember(v)), stage.Drop("unchanged")
}

// lookFailed ends a look that found nothing out. There may be another one.
func (p *page) lookFailed(reason string, cause error) ([]stage.Out, error) {
	p.log.Info("page not looked at again", zap.String("stage", topology.Page.Name), zap.String("article", p.article.GetId()),
		zap.String("url", p.url()), zap.String("reason", reason), zap.Error(cause))
	return p.next(false), stage.Drop("refetch-failed")
}

// vanishedAfter is how many looks in a row have to find no page (404) before it is
// said that the article is gone. 410 says so itself (RFC 9110, section 15.5.11).
const vanishedAfter = 2

// missing ends a look that found no page. That the article has vanished is said once.
func (p *page) missing(resp *httpget.Response) ([]stage.Out, error) {
	v := p.before()
	v.Missing++
	gone := resp.Status == http.StatusGone || v.GetMissing() >= vanishedAfter
	outs := append(p.next(!gone), p.remember(v))
	if !gone || v.GetVanished() {
		return outs, stage.Drop("missing")
	}
	v.Vanished = true
	gonePage := proto.CloneOf(p.article)
	gonePage.VanishedAt = timestamppb.New(p.now())
	gonePage.Fetch = &datelinev1.Fetch{
		Url: p.url(), FinalUrl: resp.FinalURL, Status: uint32(resp.Status), FetchedAt: timestamppb.New(p.now()),
		Robots: p.verdict, Via: viaHTTP, Refetch: v.GetFetches(),
	}
	out := p.seenAgain(gonePage, nil, fmt.Sprintf("gone%d", v.GetFetches()))
	return append([]stage.Out{out}, outs...), nil
}

// seenAgain hands on what a look saw. Its id counts the looks that found a page, so
// that a repeat of the same look has the same. It says nothing of how fresh news are.
func (p *page) seenAgain(article *datelinev1.Article, content []byte, which string) stage.Out {
	out := p.fetched(article, p.host, content)
	out.ID += ":" + which
	out.Published, out.FirstSeen = time.Time{}, time.Time{}
	return out
}

// came hands the page that came to the parser, and remembers it. At a look, one that
// is the same to the byte ends here.
func (p *page) came(ctx context.Context, resp *httpget.Response) ([]stage.Out, error) {
	v := p.before()
	unchanged := p.looking() && v.GetSha256() == p.article.GetFetch().GetSha256() && !v.GetVanished()
	look := v.GetFetches()
	v.Fetches++
	v.Url, v.Etag, v.LastModified, v.Sha256 = resp.FinalURL, resp.ETag, resp.LastModified, p.article.GetFetch().GetSha256()
	if unchanged {
		return p.unchanged(v)
	}
	v.Missing, v.Vanished = 0, false
	next := p.next(false)
	p.article.Trail = append(p.article.Trail, trail.Stamp(ctx))
	var outs []stage.Out
	if p.looking() {
		p.article.Fetch.Refetch = look
		outs = []stage.Out{p.seenAgain(p.article, resp.Body, fmt.Sprintf("look%d", look))}
	} else {
		outs = []stage.Out{p.fetched(p.article, p.host, resp.Body)}
	}
	if len(p.looks) == 0 {
		return outs, nil
	}
	return append(append(outs, p.remember(v)), next...), nil
}
