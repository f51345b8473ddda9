package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/robots"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
	"github.com/dateline-news/dateline/services/internal/trail"
)

// Admit gives an article found its slot on its host. The page becomes due at
// that time, by the server's clock: no worker sleeps, and any replica may fetch
// it then. An entry with no page of its own goes straight to the parser, which
// reads the feed's text. An article that its publisher has pushed already is a
// duplicate, and so is one that is known under another name.
func (f *Fetcher) Admit(ctx context.Context, article *datelinev1.Article) ([]stage.Out, error) {
	if !validID(article.GetId()) {
		return nil, stage.Permanent(fmt.Errorf("%.80q is no id of an article", article.GetId()))
	}
	pushed, err := f.deps.Seen.Last(ctx, topology.ArticlePushed(article.GetId()))
	if err != nil {
		return nil, fmt.Errorf("look up article %s: %w", article.GetId(), err)
	}
	if pushed.Article != nil {
		return nil, stage.Duplicate()
	}
	names, known, err := f.recognise(ctx, article)
	if err != nil {
		return nil, err
	}
	if known {
		return names, stage.Duplicate()
	}
	if article.GetFetch().GetVia() == viaFeed {
		return []stage.Out{f.fetched(article, urlnorm.Host(article.GetSource().GetFeedUrl()), nil)}, nil
	}
	host := urlnorm.Host(article.GetFetch().GetUrl())
	if host == "" {
		return nil, stage.Permanent(fmt.Errorf("article %s has no URL to fetch", article.GetId()))
	}
	slot, err := f.budget.plan(ctx, host, 0, time.Time{})
	if err != nil {
		return nil, err
	}
	return append([]stage.Out{f.wait(article, host, slot, "admit")}, names...), nil
}

// Ways that a document comes.
const (
	viaHTTP = "http"
	viaFeed = "feed"
	viaPush = "push"
)

// unchecked is the verdict of a robots.txt that was not asked.
const unchecked = "unchecked"

// wait makes a page due at the slot that was planned for it, or at once if that
// is now. why is unique to this wait of the article.
func (f *Fetcher) wait(article *datelinev1.Article, host string, slot time.Time, why string) stage.Out {
	out := f.waitUnplanned(article, host, slot, why)
	out.Header[headerSlot] = slot.UTC().Format(time.RFC3339Nano)
	if slot.Sub(f.now()) <= patience {
		out.Subject, out.Target, out.At = out.Target, "", time.Time{}
	}
	return out
}

func (f *Fetcher) waitUnplanned(article *datelinev1.Article, host string, until time.Time, why string) stage.Out {
	return stage.Out{
		Subject: topology.PageWait(host, article.GetId()), Target: topology.PageDue(host, article.GetId()), At: until,
		ID:      stage.ID(article.GetId(), article.GetRevision(), why),
		Message: article,
		Header:  map[string]string{stage.HeaderArticle: article.GetId()},
	}
}

// pageWaits are the waits after a page's failures. They add up to more than a
// day, so that an outage of a night is outlived.
var pageWaits = [...]time.Duration{time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 18 * time.Hour}

// Page fetches a page that is due.
//
//  1. What is known of the article is looked up: its other names and its last
//     visit. A look that comes too soon, or has to give way, is put off.
//  2. robots.txt is asked, from a cache.
//  3. The page takes its host's turn; if that is far off, it is put off to it.
//  4. The page is fetched; if it was before, on the condition that it changed.
//  5. A page goes to the parser, unless it is another article's. A failure that
//     may pass puts the fetch off. A failure for good falls back to the feed's own
//     text, where there is enough of it, or ends the article with the reason. A
//     failed look is left at that.
//  6. The visit is remembered and the next look scheduled, in that order after the
//     page, so that a crash repeats the look and loses nothing.
func (f *Fetcher) Page(ctx context.Context, raw stage.Raw) ([]stage.Out, error) {
	article, err := stage.Decode[datelinev1.Article](raw)
	if err != nil {
		return nil, stage.Permanent(err)
	}
	p := &page{
		Fetcher: f, article: article, verdict: unchecked,
		host: urlnorm.Host(article.GetFetch().GetUrl()), planned: raw.Header.Get(headerSlot) != "",
		ofFeed: raw.Header.Get(headerLook) == lookOfFeed,
	}
	if !validID(article.GetId()) || p.host == "" {
		return nil, stage.Permanent(fmt.Errorf("article %.80q has no id or no URL to fetch", article.GetId()))
	}
	return p.work(ctx)
}

// page is one fetch of an article's page.
type page struct {
	*Fetcher
	article *datelinev1.Article
	host    string
	planned bool
	verdict string
	// ofFeed says that the article's feed asked for this look.
	ofFeed bool
	// visit is the last visit of the page; nil if there was none, or if pages are not
	// looked at again.
	visit         *datelinev1.Visit
	visitSequence uint64
}

func (p *page) url() string { return p.article.GetFetch().GetUrl() }

func (p *page) work(ctx context.Context) ([]stage.Out, error) {
	if outs, done, err := p.recall(ctx); done || err != nil {
		return outs, err
	}
	var delay time.Duration
	if p.cfg.Robots {
		verdict, busy, err := p.checkRobots(ctx, p.host, p.url())
		if err != nil {
			return nil, err
		}
		if !busy.IsZero() {
			return p.again(ctx, busy, 0)
		}
		p.verdict, delay = verdict.State, verdict.CrawlDelay
		switch verdict.State {
		case robots.Unreachable:
			return p.later(ctx, 0, "robots-unreachable", errors.New("robots.txt cannot be had: "+p.host))
		case robots.Disallowed:
			return p.instead(ctx, "robots", stage.Drop("robots"))
		}
	}
	headers, err := p.headers(ctx)
	if err != nil {
		return nil, err
	}
	turn, slot, err := p.turn(ctx, p.budget.ofHost(p.host, delay), p.planned)
	if err != nil {
		return nil, err
	}
	if turn == nil {
		return p.putOff(ctx, slot)
	}
	req := httpget.Request{URL: p.url(), Kind: kindPage, Header: headers}
	p.conditional(&req)
	resp, err := p.ask(ctx, turn, req)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("fetch %s: %w", p.url(), ctx.Err())
	case err != nil && final(err):
		return p.instead(ctx, httpget.Class(err), stage.Permanent(err))
	case err != nil:
		return p.later(ctx, 0, httpget.Class(err), err)
	}
	return p.answered(ctx, resp)
}

// again plans a slot that is not before the given time.
func (p *page) again(ctx context.Context, notBefore time.Time, delay time.Duration) ([]stage.Out, error) {
	slot, err := p.budget.plan(ctx, p.host, delay, notBefore)
	if err != nil {
		return nil, err
	}
	return p.putOff(ctx, slot)
}

// putOff makes the page due at a planned slot. Its id follows from the delivery,
// since a page may be put off more than once.
func (p *page) putOff(ctx context.Context, slot time.Time) ([]stage.Out, error) {
	why := fmt.Sprintf("slot%d", stage.DeliveryFrom(ctx).Sequence)
	return []stage.Out{p.marked(p.wait(p.article, p.host, slot, why))}, stage.Defer("host-busy")
}

// headers are those that the submitter of the article's feed gave for it, such as a
// key. They go no further than the host that they were given for.
func (p *page) headers(ctx context.Context) (map[string]string, error) {
	id := p.article.GetSource().GetFeedId()
	if id == "" || !validID(id) {
		return nil, nil
	}
	record, _, err := p.deps.Feeds.Get(ctx, id)
	if errors.Is(err, bus.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up feed %s: %w", id, err)
	}
	if !sameHost(record.GetFeed().GetUrl(), p.url()) {
		return nil, nil
	}
	return record.GetFeed().GetHeaders(), nil
}

// final says whether a failed request would always fail.
func final(err error) bool {
	var (
		blocked *httpget.Blocked
		badURL  *urlnorm.Error
	)
	if errors.As(err, &blocked) || errors.As(err, &badURL) {
		return true
	}
	switch httpget.Class(err) {
	case "too-large", "redirects", "encoding":
		return true
	}
	return false
}

// answered decides by the status.
func (p *page) answered(ctx context.Context, resp *httpget.Response) ([]stage.Out, error) {
	if p.looking() {
		if outs, done, err := p.lookedAt(resp); done || err != nil {
			return outs, err
		}
	}
	switch s := resp.Status; {
	case s == http.StatusTooManyRequests, s == http.StatusRequestTimeout, s == http.StatusTooEarly, s >= 500:
		return p.later(ctx, resp.RetryAfter, "status", fmt.Errorf("%s answered %d", p.url(), s))
	case s == http.StatusNotFound, s == http.StatusGone:
		return p.instead(ctx, "gone", stage.Drop("gone"))
	case s == http.StatusUnauthorized, s == http.StatusPaymentRequired, s == http.StatusForbidden, s == http.StatusUnavailableForLegalReasons:
		return p.instead(ctx, "forbidden", stage.Drop("forbidden"))
	case s < 200 || s >= 300:
		return p.instead(ctx, "status", stage.Drop("status"))
	case !readable(resp.ContentType):
		return p.instead(ctx, "media-type", stage.Drop("media-type"))
	case len(bytes.TrimSpace(resp.Body)) == 0:
		// Caches and servers in trouble answer so, and mend.
		return p.later(ctx, 0, "empty", fmt.Errorf("%s answered with an empty page", p.url()))
	}
	duplicate, err := p.identify(ctx, resp)
	if err != nil {
		return nil, err
	}
	if duplicate {
		return nil, stage.Duplicate()
	}
	sum := sha256.Sum256(resp.Body)
	p.article.Fetch = &datelinev1.Fetch{
		Url: p.url(), FinalUrl: resp.FinalURL, Status: uint32(resp.Status),
		FetchedAt: timestamppb.New(p.now()), ContentType: resp.ContentType, Charset: resp.Charset,
		Etag: resp.ETag, LastModified: resp.LastModified, Bytes: uint32(len(resp.Body)),
		Sha256: hex.EncodeToString(sum[:]), Robots: p.verdict, Via: viaHTTP, Refetch: p.article.GetFetch().GetRefetch(),
	}
	return p.came(ctx, resp)
}

// readable says whether the parser reads a media type; an absent one is sniffed
// there.
func readable(mediaType string) bool {
	switch mediaType {
	case "", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "application/octet-stream":
		return true
	}
	return false
}

// later puts a page off after a failure, or gives it up when all waits are
// spent. Its slot is planned when that time has come.
func (p *page) later(ctx context.Context, retryAfter time.Duration, reason string, cause error) ([]stage.Out, error) {
	if p.looking() {
		return p.lookFailed(reason, cause)
	}
	tried := 0
	for _, s := range p.article.GetTrail() {
		if s.GetStage() == topology.Page.Name {
			tried++
		}
	}
	if tried >= len(pageWaits) {
		return p.instead(ctx, reason, stage.Permanent(fmt.Errorf("gave up after %d attempts: %w", tried+1, cause)))
	}
	// Half of the wait is random, so that the pages of a host that failed
	// together do not come back together.
	half := pageWaits[tried] / 2
	wait := max(half, retryAfter) + time.Duration(p.random()*float64(half))
	p.log.Warn("page put off", zap.String("stage", topology.Page.Name), zap.String("article", p.article.GetId()),
		zap.Error(cause), zap.Duration("wait", wait))
	p.article.Trail = append(p.article.Trail, trail.Stamp(ctx, cause.Error()))
	return []stage.Out{p.waitUnplanned(p.article, p.host, p.now().Add(wait), fmt.Sprintf("wait%d", tried+1))}, stage.Defer(reason)
}

// feedTextMin is the least text, in bytes, that stands in for a page. It is
// about two sentences.
const feedTextMin = 200

// instead lets the feed's own text stand in for a page that is not to be had;
// where there is too little of it, the verdict holds.
func (p *page) instead(ctx context.Context, reason string, verdict error) ([]stage.Out, error) {
	if p.looking() {
		return p.lookFailed(reason, verdict)
	}
	entry := p.article.GetSource().GetEntry()
	if max(len(entry.GetContent()), len(entry.GetSummary())) < feedTextMin {
		p.log.Info("page given up", zap.String("stage", topology.Page.Name), zap.String("article", p.article.GetId()),
			zap.String("url", p.url()), zap.String("reason", reason))
		return nil, verdict
	}
	p.article.Fetch = &datelinev1.Fetch{
		Url: p.url(), FetchedAt: timestamppb.New(p.now()), Robots: p.verdict, Via: viaFeed,
	}
	p.article.Trail = append(p.article.Trail, trail.Stamp(ctx, "page not to be had ("+reason+"), taking the feed's text"))
	return []stage.Out{p.fetched(p.article, p.host, nil)}, nil
}
