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
	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
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
	host := urlnorm.Host(record.GetFeed().GetUrl())
	slot, err := f.turn(ctx, host, raw.Header.Get(headerSlot) != "", 0)
	if err != nil {
		return nil, err
	}
	if !slot.IsZero() {
		out := schedule(due.GetId(), slot)
		out.Header[headerSlot] = slot.UTC().Format(time.RFC3339Nano)
		return []stage.Out{out}, stage.Defer("host-busy")
	}
	if at := record.GetPoll().GetNextPollAt(); at != nil {
		f.metrics.pollLag.Observe(max(0, f.now().Sub(at.AsTime()).Seconds()))
	}

	outcome, feed := f.poll(ctx, record)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("poll %s: %w", record.GetFeed().GetUrl(), ctx.Err())
	}
	if err := f.heed(ctx, host, outcome.Status, outcome.RetryAfter); err != nil {
		return nil, err
	}
	return f.polled(ctx, record, revision, outcome, feed), nil
}

// poll fetches and reads the feed. What goes wrong is part of the outcome, not
// an error: a feed that fails has a next poll, too.
func (f *Fetcher) poll(ctx context.Context, record *datelinev1.FeedRecord) (pollplan.Outcome, *datelinev1.Feed) {
	state := record.GetPoll()
	resp, err := f.get(ctx, httpget.Request{
		URL: record.GetFeed().GetUrl(), Kind: kindFeed,
		ETag: state.GetEtag(), LastModified: state.GetLastModified(), Header: record.GetFeed().GetHeaders(),
	})
	if err != nil {
		return pollplan.Outcome{Err: err}, nil
	}
	outcome := pollplan.Outcome{
		Status: resp.Status, ETag: resp.ETag, LastModified: resp.LastModified,
		RetryAfter: resp.RetryAfter, MovedTo: otherFeed(record.GetFeed(), resp.MovedTo()), TTL: resp.Fresh(),
	}
	if resp.Status != 200 {
		return outcome, nil
	}
	sum := sha256.Sum256(resp.Body)
	outcome.BodySHA256 = hex.EncodeToString(sum[:])
	feed, err := feedread.Read(resp.Body, feedread.Options{URL: resp.FinalURL, ContentType: contentType(resp)})
	var notFeed *feedread.NotFeed
	if errors.As(err, &notFeed) && notFeed.Found == "html" && mayBeSite(record) {
		for _, link := range discover.Feeds(resp.Body, resp.FinalURL) {
			if url := otherFeed(record.GetFeed(), link.URL); url != "" {
				return outcome, &datelinev1.Feed{Url: url, Format: formatSite}
			}
		}
	}
	if err != nil {
		outcome.Err = err
		return outcome, nil
	}
	outcome.Entries, outcome.TTL = feed.GetEntries(), max(outcome.TTL, feed.GetTtl().AsDuration())
	return outcome, feed
}

// formatSite marks what poll gives for a site that is no feed itself: a Feed
// that holds only the URL of the one it links to.
const formatSite = "site"

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
	now := f.now()
	subscription := record.GetFeed()
	fresh := pollplan.NewEntries(record.GetPoll(), outcome.Entries)
	next := pollplan.Next(record.GetPoll(), outcome, f.planOf(subscription), now, f.random)

	var outs []stage.Out
	switch {
	case feed.GetFormat() == formatSite:
		next.State, next.NextPollAt = pollplan.Moved, nil
		next.Reason = "this is a site; the feed that it links to is polled instead: " + feed.GetUrl()
		outs = append(outs, f.succeed(subscription, feed.GetUrl(), subscription.GetUrl()))
	case next.GetState() == pollplan.Moved:
		outs = append(outs, f.succeed(subscription, next.GetMovedTo(), ""))
	}
	if feed != nil && feed.GetFormat() != formatSite {
		describe(subscription, feed)
	}
	for _, entry := range fresh {
		out := f.found(ctx, subscription, entry)
		if !topology.ValidSubject(out.Subject) {
			// One host name that is longer than a subject must not stop the feed.
			f.log.Warn("entry dropped: its host's name is too long", zap.String("feed", subscription.GetId()), zap.String("url", entry.GetUrl()))
			continue
		}
		outs = append(outs, out)
	}
	f.logPoll(subscription, record.GetPoll(), next, outcome, len(fresh))

	record.Poll = next
	outs = append(outs, stage.Out{Subject: f.deps.Feeds.Subject(subscription.GetId()), Message: record, Expect: &revision, Last: true})
	if next.GetNextPollAt() != nil {
		outs = append(outs, schedule(subscription.GetId(), next.GetNextPollAt().AsTime()))
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

func (f *Fetcher) planOf(feed *datelinev1.Feed) pollplan.Config {
	plan := f.plan
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
	subscription.HubUrl = feed.GetHubUrl()
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

func (f *Fetcher) logPoll(feed *datelinev1.Feed, before, after *datelinev1.PollState, outcome pollplan.Outcome, fresh int) {
	log := f.log.With(zap.String("stage", topology.Poll.Name), zap.String("feed", feed.GetId()), zap.String("url", feed.GetUrl()),
		zap.String("state", after.GetState()), zap.Int("status", outcome.Status))
	switch {
	case outcome.Err != nil:
		log.Warn("poll failed", zap.Error(outcome.Err), zap.Duration("next", after.GetInterval().AsDuration()))
	case before.GetState() != after.GetState():
		log.Info("feed state changed", zap.String("was", before.GetState()), zap.String("reason", after.GetReason()), zap.Int("new", fresh))
	default:
		log.Debug("polled", zap.Int("new", fresh), zap.Duration("next", after.GetInterval().AsDuration()))
	}
}
