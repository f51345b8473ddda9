package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

// Headers of a request to a hub, which is a message among those that hubs deliver for
// the same feed.
const (
	headerHubMode  = "Dateline-Hub-Mode"
	headerHubToken = "Dateline-Hub-Token"
)

// pushedSlower is how many times longer the polls of a feed are apart while its hub
// delivers. They find what a hub lost.
const pushedSlower = 4

// pushes says whether hubs are asked to deliver.
func (f *Fetcher) pushes() bool { return f.cfg.WebSubURL != "" }

// advertise takes over what an answer's headers say of the feed's hub and topic, which
// counts more than what the document says.
func advertise(feed *datelinev1.Feed, resp *httpget.Response) {
	found := websub.Discover(websub.Document{URL: resp.FinalURL, Header: resp.Header, Feed: feed})
	feed.HubUrl = found.Hub
	if found.Self != "" {
		feed.SelfUrl = found.Self
	}
}

// tend sees to a feed's subscription after a poll, whose state is in the record: it
// asks the hub for one, renews it, or ends it. The record says so before the hub is
// asked, since a hub may verify before it has answered.
func (f *Fetcher) tend(record *datelinev1.FeedRecord) []stage.Out {
	if !f.pushes() {
		return nil
	}
	var outs []stage.Out
	feed, now := record.GetFeed(), f.now()
	hub, topic := hubOf(record)
	if before := record.GetHub(); !websub.Same(before, hub, topic) && before != nil {
		outs = f.leaveHub(record)
		before.State, before.Reason, before.LeaseUntil = websub.Ended, "the feed names another hub, or none", nil
	}
	read := record.GetPoll().GetConsecutiveErrors() == 0
	if hub != "" && read && !now.Before(websub.Due(record.GetHub())) {
		record.Hub = websub.Request(record.GetHub(), hub, topic, now)
		outs = append(outs, hubRequest(feed.GetId(), websub.ModeSubscribe, record.GetHub()))
	}
	if record.GetPoll().GetNextPollAt() != nil && websub.Covered(record.GetHub(), now) {
		record.Poll.NextPollAt = timestamppb.New(f.pushedPoll(record, read, now))
	}
	return outs
}

// hubOf gives the hub and the topic that a feed names; none where polling has ended. A
// hub that is named by http is asked by https first (section 8.2), and as it is named
// where that failed.
func hubOf(record *datelinev1.FeedRecord) (hub, topic string) {
	feed, before := record.GetFeed(), record.GetHub()
	if feed.GetHubUrl() == "" || record.GetPoll().GetNextPollAt() == nil {
		return "", ""
	}
	hub, topic = feed.GetHubUrl(), feed.GetSelfUrl()
	if topic == "" {
		topic = feed.GetUrl()
	}
	secure := websub.Secure(hub)
	plain := before.GetHubUrl() == hub && before.GetState() != websub.Ended
	failed := before.GetHubUrl() == secure && before.GetState() == websub.Failed && !websub.Live(before)
	if secure != "" && !plain && !failed {
		hub = secure
	}
	return hub, topic
}

// pushedPoll is when to poll a feed whose hub delivers: more seldom, but not after its
// subscription is due.
func (f *Fetcher) pushedPoll(record *datelinev1.FeedRecord, read bool, now time.Time) time.Time {
	plan, feed := f.planOf(record.GetFeed()), record.GetFeed()
	next := record.GetPoll().GetNextPollAt().AsTime()
	if wait := next.Sub(now); read && wait < plan.Max {
		slow := min(pushedSlower*wait, plan.Max-time.Duration(f.random()*float64(plan.Max/5)))
		next = pollplan.Allowed(now.Add(max(wait, slow)), feed.GetSkipHours(), feed.GetSkipDays(), f.random())
	}
	return earliest(next, latest(websub.Due(record.GetHub()), now.Add(plan.Min)))
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// leaveHub asks a hub to deliver no more, if it may be delivering.
func (f *Fetcher) leaveHub(record *datelinev1.FeedRecord) []stage.Out {
	if !f.pushes() || !websub.Live(record.GetHub()) {
		return nil
	}
	return []stage.Out{hubRequest(record.GetFeed().GetId(), websub.ModeUnsubscribe, record.GetHub())}
}

// hubRequest is the output that has a hub asked. It holds no secret: that of a
// subscription is in the registry, and an end needs none.
func hubRequest(feedID, mode string, sub *datelinev1.HubSubscription) stage.Out {
	at := sub.GetRequestedAt()
	return stage.Out{
		Subject: topology.FeedDeliver(feedID),
		ID:      "hub:" + mode + ":" + feedID + ":" + strconv.FormatInt(at.AsTime().UnixNano(), 36),
		Message: &datelinev1.HubSubscription{HubUrl: sub.GetHubUrl(), TopicUrl: sub.GetTopicUrl(), RequestedAt: at},
		Header: map[string]string{
			stage.HeaderArticle: feedID, headerHubMode: mode, headerHubToken: websub.Token(sub, feedID),
		},
		Last: true, Detached: true,
	}
}

const (
	// hubTries is how often a hub is asked in a row.
	hubTries = 3
	// hubWait and maxHubWait bound the time between two tries.
	hubWait, maxHubWait = 5 * time.Second, time.Minute
	// topicPatience is how long the look at a topic waits for its host's turn.
	topicPatience = 30 * time.Second
)

// askHub makes a request to a hub. The hosts of hubs have no budget: they are there to
// be asked, and are, once a lease for each feed.
func (f *Fetcher) askHub(ctx context.Context, feedID, mode string, raw stage.Raw) error {
	asked, err := stage.Decode[datelinev1.HubSubscription](raw)
	if err != nil {
		return stage.Permanent(err)
	}
	if !f.pushes() {
		return stage.Drop("websub-off")
	}
	if mode == websub.ModeUnsubscribe {
		return f.unsubscribe(ctx, feedID, asked, raw.Header.Get(headerHubToken))
	}
	record, _, err := f.deps.Feeds.Get(ctx, feedID)
	if errors.Is(err, bus.ErrNotFound) {
		return stage.Drop("removed")
	}
	if err != nil {
		return err
	}
	sub := record.GetHub()
	lag := asked.GetRequestedAt().AsTime().Sub(sub.GetRequestedAt().AsTime())
	switch {
	case lag > 0 && stage.DeliveryFrom(ctx).Attempt < hubTries:
		// The record is on its way: it was published side by side with this request.
		return stage.RetryAfter(time.Second, errors.New("the registry does not know of the request yet"))
	case lag != 0, !websub.Same(sub, asked.GetHubUrl(), asked.GetTopicUrl()), sub.GetState() != websub.Requested:
		return stage.Drop("superseded")
	}
	return f.subscribe(ctx, record)
}

// subscribe asks a hub for a subscription that the registry holds, and says there if
// that failed. If it did not, the hub verifies it.
func (f *Fetcher) subscribe(ctx context.Context, record *datelinev1.FeedRecord) error {
	feedID, sub := record.GetFeed().GetId(), record.GetHub()
	reason, again, err := f.mayTopic(ctx, record)
	if err == nil && reason == "" {
		callback := websub.Callback(f.cfg.WebSubURL, feedID, websub.Token(sub, feedID))
		reason, again, err = f.post(ctx, sub.GetHubUrl(), websub.Form(websub.ModeSubscribe, sub, callback, f.cfg.WebSubLease))
	}
	switch {
	case err != nil:
		return err
	case reason == "":
		f.log.Info("hub asked for a feed", zap.String("feed", feedID), zap.String("hub", sub.GetHubUrl()), zap.String("topic", sub.GetTopicUrl()))
		return nil
	case again > 0 && stage.DeliveryFrom(ctx).Attempt < hubTries:
		return stage.RetryAfter(again, errors.New(reason))
	}
	f.log.Warn("no subscription", zap.String("feed", feedID), zap.String("hub", sub.GetHubUrl()), zap.String("reason", reason))
	err = f.changeHub(ctx, feedID, func(now *datelinev1.HubSubscription) bool {
		if now.GetState() != websub.Requested || !now.GetRequestedAt().AsTime().Equal(sub.GetRequestedAt().AsTime()) {
			return false
		}
		websub.Fail(now, reason)
		return true
	})
	if errors.Is(err, websub.ErrUnknown) {
		return stage.Drop("removed")
	}
	return err
}

// unsubscribe asks a hub to deliver no more. That is a courtesy: the lease ends by
// itself.
func (f *Fetcher) unsubscribe(ctx context.Context, feedID string, sub *datelinev1.HubSubscription, token string) error {
	reason, again, err := f.post(ctx, sub.GetHubUrl(), websub.Form(websub.ModeUnsubscribe, sub, websub.Callback(f.cfg.WebSubURL, feedID, token), 0))
	switch {
	case err != nil, reason == "":
		return err
	case again > 0 && stage.DeliveryFrom(ctx).Attempt < hubTries:
		return stage.RetryAfter(again, errors.New(reason))
	}
	f.log.Info("hub not told to end", zap.String("feed", feedID), zap.String("hub", sub.GetHubUrl()), zap.String("reason", reason))
	return stage.Drop("hub-unwilling")
}

// mayTopic says why a feed may not have its topic subscribed to; the reason is empty if
// it may. A feed speaks for its own site. If it gives an address on another site as its
// own, that document must name the same hub and give the same address: else a feed could
// have others' hubs asked, in the service's name, for what it does not publish.
func (f *Fetcher) mayTopic(ctx context.Context, record *datelinev1.FeedRecord) (reason string, again time.Duration, err error) {
	feed, sub := record.GetFeed(), record.GetHub()
	if websub.SameSite(feed.GetUrl(), sub.GetTopicUrl()) {
		return "", 0, nil
	}
	turn, err := f.takeWithin(ctx, sub.GetTopicUrl(), topicPatience)
	var resp *httpget.Response
	if err == nil {
		resp, err = f.ask(ctx, turn, httpget.Request{URL: sub.GetTopicUrl(), Kind: kindFeed})
	}
	if err != nil {
		reason, again = unanswered("its topic on another site", err)
		return reason, again, ctx.Err()
	}
	there := f.advertOf(resp)
	self := there.Self
	if self == "" {
		self = resp.FinalURL
	}
	sameHub := there.Hub == sub.GetHubUrl() || websub.Secure(there.Hub) == sub.GetHubUrl()
	if there.Hub == "" || !sameHub || self != sub.GetTopicUrl() {
		return "the feed gives " + sub.GetTopicUrl() + " as its own address, on another site, which does not say so", 0, nil
	}
	return "", 0, nil
}

// advertOf reads what another document says of its hub.
func (f *Fetcher) advertOf(resp *httpget.Response) websub.Advert {
	doc := websub.Document{URL: resp.FinalURL, Header: resp.Header, ContentType: resp.ContentType, Body: resp.Body}
	feed, err := feedread.Read(resp.Body, feedread.Options{URL: resp.FinalURL, ContentType: contentType(resp), MaxEntries: 1, Now: f.now})
	if err == nil {
		doc.Feed = feed
	}
	return websub.Discover(doc)
}

// unanswered says why there was no answer, and whether to ask again soon.
func unanswered(who string, err error) (reason string, again time.Duration) {
	if !final(err) {
		again = hubWait
	}
	return fmt.Sprintf("%s did not answer: %v", who, err), again
}

// post sends a form to a hub. The reason says why the hub does not take it, and is empty
// if it does; again is when it may be asked again, 0 if that is no use. The error is for
// an end of ctx only.
func (f *Fetcher) post(ctx context.Context, hub string, form map[string][]string) (reason string, again time.Duration, err error) {
	resp, err := f.client.Post(ctx, httpget.Form{URL: hub, Values: form})
	if err != nil {
		if ctx.Err() != nil {
			return "", 0, fmt.Errorf("ask hub %s: %w", hub, ctx.Err())
		}
		f.metrics.responses.WithLabelValues(kindHub, httpget.Class(err)).Inc()
		reason, again = unanswered("the hub", err)
		return reason, again, nil
	}
	f.metrics.responses.WithLabelValues(kindHub, statusLabel(resp.Status)).Inc()
	if resp.Status >= 200 && resp.Status <= 299 {
		// 202 is what section 5.1.2 asks for; hubs that verify at once say 204.
		return "", 0, nil
	}
	if resp.Status >= 500 || resp.Status == http.StatusTooManyRequests {
		again = min(max(resp.RetryAfter, hubWait), maxHubWait)
	}
	reason = fmt.Sprintf("the hub answered %d", resp.Status)
	if len(resp.Body) > 0 {
		reason += ": " + cleanLine(string(resp.Body))
	}
	return reason, again, nil
}

// hubMetrics count what goes on with hubs.
type hubMetrics struct {
	deliveries    *prometheus.CounterVec
	subscriptions *prometheus.GaugeVec
}

func newHubMetrics(reg prometheus.Registerer) *hubMetrics {
	m := &hubMetrics{
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dateline_websub_deliveries_total",
			Help: "Deliveries of hubs, by outcome: accepted, unsigned, forged, unwanted, too-large, unreadable or refused (for want of room).",
		}, []string{"outcome"}),
		subscriptions: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "dateline_websub_subscriptions",
			Help: "Subscriptions at hubs, by state: requested, active, denied, failed or ended.",
		}, []string{"state"}),
	}
	for _, outcome := range websub.Outcomes {
		m.deliveries.WithLabelValues(string(outcome))
	}
	if reg != nil {
		reg.MustRegister(m.deliveries, m.subscriptions)
	}
	return m
}
