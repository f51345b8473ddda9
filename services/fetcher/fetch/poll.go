package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
	"github.com/dateline-news/dateline/services/internal/trail"
)

// Poll handles a feed that is due.
//
//  1. The feed's record is read from the registry; a feed that is gone from it
//     is polled no more.
//  2. It takes its host's turn; if that is far off, the poll is put off to it.
//  3. The feed is fetched, conditionally, and read.
//  4. Entries that are new to the feed become articles found.
//  5. Its new state is written and its next poll scheduled, in that order after
//     the articles, so that a crash polls again and loses none.
func (f *Fetcher) Poll(ctx context.Context, raw stage.Raw) ([]stage.Out, error) {
	due, err := stage.Decode[datelinev1.Feed](raw)
	if err != nil {
		return nil, stage.Permanent(err)
	}
	if !validID(due.GetId()) {
		return nil, stage.Permanent(fmt.Errorf("%.80q is no id of a feed", due.GetId()))
	}
	record, revision, err := f.deps.Feeds.Get(ctx, due.GetId())
	if errors.Is(err, bus.ErrNotFound) {
		return nil, stage.Drop("removed")
	}
	if err != nil {
		return nil, err
	}
	if ended(record.GetPoll()) {
		return nil, stage.Drop("ended")
	}
	if err := f.pace.wait(ctx); err != nil {
		return nil, fmt.Errorf("wait to poll %s: %w", record.GetFeed().GetUrl(), err)
	}
	turn, slot, err := f.turn(ctx, f.budget.ofFeed(record.GetFeed()), raw.Header.Get(headerSlot) != "")
	if err != nil {
		return nil, err
	}
	if turn == nil {
		out := schedule(due.GetId(), slot)
		out.Header[headerSlot] = slot.UTC().Format(time.RFC3339Nano)
		return []stage.Out{out}, stage.Defer("host-busy")
	}
	if at := record.GetPoll().GetNextPollAt(); at != nil {
		f.metrics.pollLag.Observe(max(0, f.now().Sub(at.AsTime()).Seconds()))
	}

	outcome, feed := f.poll(ctx, turn, record)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("poll %s: %w", record.GetFeed().GetUrl(), ctx.Err())
	}
	return f.polled(ctx, record, revision, outcome, feed), nil
}

// poll fetches and reads the feed. What goes wrong is part of the outcome, not
// an error: a feed that fails has a next poll, too. The feed is nil where there
// was nothing to read.
func (f *Fetcher) poll(ctx context.Context, t *turn, record *datelinev1.FeedRecord) (pollplan.Outcome, *datelinev1.Feed) {
	subscription := record.GetFeed()
	req := httpget.Request{URL: subscription.GetUrl(), Kind: kindFeed, Header: subscription.GetHeaders()}
	conditional := f.condition(&req, record)
	resp, err := f.ask(ctx, t, req)
	if err != nil {
		return pollplan.Outcome{Err: err, Hard: final(err)}, nil
	}
	outcome := pollplan.Outcome{
		Status: resp.Status, Conditional: conditional, ETag: resp.ETag, LastModified: resp.LastModified,
		RetryAfter: resp.RetryAfter, MovedTo: otherFeed(subscription, resp.MovedTo()),
		TTL:       max(resp.Fresh(), subscription.GetTtl().AsDuration()),
		SkipHours: subscription.GetSkipHours(), SkipDays: subscription.GetSkipDays(),
	}
	if resp.Status != 200 {
		return outcome, nil
	}
	sum := sha256.Sum256(resp.Body)
	outcome.BodySHA256 = hex.EncodeToString(sum[:])
	if outcome.BodySHA256 == record.GetPoll().GetBodySha256() && subscription.GetFormat() != formatIndex {
		// It was read before, and nothing in it is news.
		return outcome, nil
	}
	return f.readFeed(ctx, record, resp, outcome)
}

// condition makes the request for a feed conditional, unless there is a reason not
// to. An index of sitemaps is always read: which of its children are still to be
// looked at does not follow from the index alone.
func (f *Fetcher) condition(req *httpget.Request, record *datelinev1.FeedRecord) bool {
	conditional, reason := pollplan.Conditional(record.GetPoll(), f.now())
	if record.GetFeed().GetFormat() == formatIndex {
		conditional, reason = false, "an index of sitemaps is read at each poll"
	}
	if !conditional {
		f.log.Debug("unconditional request", zap.String("stage", topology.Poll.Name), zap.String("feed", record.GetFeed().GetId()),
			zap.String("url", req.URL), zap.String("reason", reason))
		return false
	}
	req.ETag, req.LastModified = record.GetPoll().GetEtag(), record.GetPoll().GetLastModified()
	return true
}

// Formats of the documents that list a site's pages rather than its news.
const (
	formatSitemap     = "sitemap"
	formatNewsSitemap = "news sitemap"
	formatIndex       = "sitemap index"
)

// maxEntries caps the entries that are taken of one document, the newest first: a
// flood must neither fill the bus nor starve the other feeds of its host. The
// largest honest feeds have some hundreds.
const maxEntries = 1000

// readFeed reads the body of an answer.
func (f *Fetcher) readFeed(ctx context.Context, record *datelinev1.FeedRecord, resp *httpget.Response, outcome pollplan.Outcome) (pollplan.Outcome, *datelinev1.Feed) {
	var report feedread.Report
	feed, err := feedread.Read(resp.Body, feedread.Options{
		URL: resp.FinalURL, ContentType: contentType(resp), ContentLanguage: resp.Header.Get("Content-Language"), MaxEntries: maxEntries, MaxBytes: int(f.cfg.MaxBytes), Now: f.now, Report: &report,
	})
	var notFeed *feedread.NotFeed
	if errors.As(err, &notFeed) && notFeed.Found == "html" && mayBeSite(record) {
		if outcome.Site = f.feedOf(ctx, record.GetFeed(), resp); outcome.Site != "" {
			return outcome, nil
		}
	}
	if err != nil {
		outcome.Err = err
		return outcome, nil
	}
	advertise(feed, resp)
	outcome.Entries, outcome.Dropped = feed.GetEntries(), report.Dropped
	outcome.TTL = max(resp.Fresh(), feed.GetTtl().AsDuration())
	outcome.SkipHours, outcome.SkipDays = feed.GetSkipHours(), feed.GetSkipDays()
	switch feed.GetFormat() {
	case formatIndex:
		return f.readIndex(ctx, record, outcome, feed)
	case formatSitemap, formatNewsSitemap:
		outcome.Sitemap = true
	}
	return outcome, feed
}

// readIndex takes the entries of an index's children for its own.
func (f *Fetcher) readIndex(ctx context.Context, record *datelinev1.FeedRecord, outcome pollplan.Outcome, feed *datelinev1.Feed) (pollplan.Outcome, *datelinev1.Feed) {
	read, err := f.expand(ctx, record, feed)
	outcome.Err = err
	outcome.Sitemap, outcome.Index, outcome.Sitemaps, outcome.Unread = true, true, read.children, read.unread
	outcome.Entries, outcome.Dropped = pollplan.Newest(read.entries, maxEntries)
	return outcome, feed
}

// contentType joins what httpget took apart.
func contentType(resp *httpget.Response) string {
	if resp.Charset == "" {
		return resp.ContentType
	}
	return resp.ContentType + "; charset=" + resp.Charset
}

// mayBeSite says whether a page in place of a feed is taken for a site that was
// submitted. A feed that was read before has an outage; and what a site links to
// is a feed or an error, lest pages lead from one to the next without end.
func mayBeSite(record *datelinev1.FeedRecord) bool {
	feed := record.GetFeed()
	return feed.GetFormat() == "" && feed.GetSiteUrl() == "" && record.GetPoll().GetLastSuccessAt() == nil
}

// otherFeed normalises the address of a feed that is to be polled in place of
// this one; empty if it is no address, or this feed's own.
func otherFeed(feed *datelinev1.Feed, url string) string {
	normalized, err := urlnorm.Normalize(url)
	if err != nil || urlnorm.ID("f", normalized) == feed.GetId() {
		return ""
	}
	return normalized
}

// polled makes the outputs of a poll.
func (f *Fetcher) polled(ctx context.Context, record *datelinev1.FeedRecord, revision uint64, outcome pollplan.Outcome, feed *datelinev1.Feed) []stage.Out {
	subscription := record.GetFeed()
	next, yield := pollplan.Next(record.GetPoll(), outcome, f.planOf(subscription), f.now(), f.random)

	var outs []stage.Out
	switch {
	case outcome.Site != "":
		outs = append(outs, f.succeed(subscription, outcome.Site, subscription.GetUrl()))
	case next.GetState() == pollplan.Moved:
		outs = append(outs, f.succeed(subscription, next.GetMovedTo(), ""))
	}
	if feed != nil {
		describe(subscription, feed)
	}
	outs = append(outs, f.news(ctx, subscription, yield)...)
	f.logPoll(subscription, record.GetPoll(), next, outcome, yield)

	record.Poll = next
	outs = append(outs, f.tend(record)...)
	outs = append(outs, stage.Out{Subject: f.deps.Feeds.Subject(subscription.GetId()), Message: record, Expect: &revision, Last: true})
	if next.GetNextPollAt() != nil {
		outs = append(outs, schedule(subscription.GetId(), next.GetNextPollAt().AsTime()))
	}
	return outs
}

// news makes articles of a document's new entries, and has the pages of changed
// ones looked at again.
func (f *Fetcher) news(ctx context.Context, feed *datelinev1.Feed, yield pollplan.Yield) []stage.Out {
	var outs []stage.Out
	add := func(entry *datelinev1.Entry, out stage.Out) {
		if !topology.ValidSubject(out.Subject) {
			// One host name that is longer than a subject must not stop the feed.
			f.log.Warn("entry dropped: its host's name is too long", zap.String("feed", feed.GetId()), zap.String("url", entry.GetUrl()))
			return
		}
		outs = append(outs, out)
	}
	for _, entry := range yield.New {
		add(entry, f.found(ctx, feed, entry))
	}
	for _, entry := range yield.Changed {
		if out, ok := f.lookAgain(ctx, feed, entry); ok {
			add(entry, out)
		}
	}
	return outs
}

// succeed submits the feed that is polled in place of another. Its headers,
// which may hold keys, go no further than the host that they were given for.
func (f *Fetcher) succeed(feed *datelinev1.Feed, url, siteURL string) stage.Out {
	next := &datelinev1.Feed{
		Url: url, SiteUrl: siteURL, Labels: feed.GetLabels(), MinInterval: feed.GetMinInterval(), MaxInterval: feed.GetMaxInterval(),
	}
	if sameHost(feed.GetUrl(), url) {
		next.Headers = feed.GetHeaders()
	}
	return stage.Out{Subject: topology.SubjectFeedSubmit, ID: feed.GetId() + ":to:" + urlnorm.ID("f", url), Message: next}
}

// sameHost says whether headers for one URL may go to another: the host and port
// are the same, and nothing that was encrypted comes to be sent in the clear.
func sameHost(from, to string) bool {
	return urlnorm.Host(from) == urlnorm.Host(to) && (strings.HasPrefix(to, "https:") || strings.HasPrefix(from, "http:"))
}

// planOf gives the bounds of a feed's polls: the service's, which the submitter may
// narrow. Its maximal interval is also a word on what its polls may cost.
func (f *Fetcher) planOf(feed *datelinev1.Feed) pollplan.Config {
	plan := f.plan
	plan.Full = f.cfg.FullInterval
	if feed.GetMinInterval() != nil {
		plan.Min = max(plan.Min, feed.GetMinInterval().AsDuration())
	}
	if feed.GetMaxInterval() != nil {
		plan.Max = max(plan.Min, min(plan.Max, feed.GetMaxInterval().AsDuration()))
	}
	return plan
}

// describe takes over what a feed says of itself.
func describe(subscription, feed *datelinev1.Feed) {
	if feed.GetTitle() != "" {
		subscription.Title = feed.GetTitle()
	}
	subscription.Description = feed.GetDescription()
	subscription.SiteUrl = feed.GetSiteUrl()
	subscription.Language = feed.GetLanguage()
	subscription.Format = feed.GetFormat()
	subscription.Ttl = feed.GetTtl()
	subscription.SkipHours, subscription.SkipDays = feed.GetSkipHours(), feed.GetSkipDays()
	subscription.HubUrl, subscription.SelfUrl = feed.GetHubUrl(), feed.GetSelfUrl()
}

// found makes an article of an entry that is new to its feed. The seen-set takes
// it if it is new to Dateline, too.
func (f *Fetcher) found(ctx context.Context, feed *datelinev1.Feed, entry *datelinev1.Entry) stage.Out {
	article := &datelinev1.Article{
		Revision:    1,
		FirstSeenAt: timestamppb.New(f.now()),
		Source: &datelinev1.Source{
			FeedId: feed.GetId(), FeedUrl: feed.GetUrl(), FeedTitle: feed.GetTitle(), Labels: feed.GetLabels(), Entry: entry,
		},
		Trail: []*datelinev1.Stamp{trail.Stamp(ctx)},
	}
	normalized, err := urlnorm.Normalize(entry.GetUrl())
	host := urlnorm.Host(normalized)
	if err != nil {
		// It has no page of its own: the feed's text is all there is.
		host = urlnorm.Host(feed.GetUrl())
		article.Id = urlnorm.ID("a", feed.GetUrl()+"#"+nameOf(entry))
		article.Fetch = &datelinev1.Fetch{Via: viaFeed, Robots: unchecked, FetchedAt: timestamppb.New(f.now())}
	} else {
		article.Id = urlnorm.ID("a", normalized)
		article.Fetch = &datelinev1.Fetch{Url: normalized}
	}
	return stage.Out{
		Subject: topology.ArticleFound(host, article.GetId()),
		ID:      stage.ID(article.GetId(), article.GetRevision(), topology.Poll.Name),
		Message: article,
		Expect:  stage.New(),
		Header:  map[string]string{stage.HeaderArticle: article.GetId()},
	}
}

// nameOf tells an entry without an address from the others of its feed.
func nameOf(e *datelinev1.Entry) string {
	if e.GetGuid() != "" {
		return e.GetGuid()
	}
	return e.GetTitle() + "\n" + e.GetSummary() + "\n" + e.GetContent()
}

func (f *Fetcher) logPoll(feed *datelinev1.Feed, before, after *datelinev1.PollState, outcome pollplan.Outcome, yield pollplan.Yield) {
	log := f.log.With(zap.String("stage", topology.Poll.Name), zap.String("feed", feed.GetId()), zap.String("url", feed.GetUrl()),
		zap.String("state", after.GetState()), zap.Int("status", outcome.Status), zap.Int("new", len(yield.New)))
	if after.GetNextPollAt() != nil {
		log = log.With(zap.Duration("next", after.GetNextPollAt().AsTime().Sub(f.now())))
	}
	if outcome.Dropped > 0 {
		log.Warn("entries left out", zap.Int("entries", outcome.Dropped), zap.Int("most", maxEntries))
	}
	if after.GetValidatorLies() > before.GetValidatorLies() {
		log.Warn("answers 304 had hidden entries", zap.Time("distrusted-until", after.GetDistrustUntil().AsTime()))
	}
	switch {
	case outcome.Err != nil:
		log.Warn("poll failed", zap.Error(outcome.Err))
	case before.GetState() != after.GetState():
		log.Info("feed state changed", zap.String("was", before.GetState()), zap.String("reason", after.GetReason()))
	default:
		log.Debug("polled", zap.Int("changed", len(yield.Changed)), zap.Int("held", yield.Held))
	}
}
