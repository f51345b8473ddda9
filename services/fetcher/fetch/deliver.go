package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

// Deliver handles what a hub delivered for a feed, and requests to hubs.
//
//  1. The feed's record is read from the registry; what comes for a feed that is gone
//     from it is dropped.
//  2. The document is read as the feed. What is none is taken for a sign that the feed
//     has changed: it is polled.
//  3. Entries that are new to the feed become articles found, as after a poll.
//  4. Its new state is written. When and how it is polled does not change.
func (f *Fetcher) Deliver(ctx context.Context, raw stage.Raw) ([]stage.Out, error) {
	feedID := raw.Subject[strings.LastIndexByte(raw.Subject, '.')+1:]
	if !validID(feedID) {
		return nil, stage.Permanent(fmt.Errorf("%.80q is no id of a feed", feedID))
	}
	if mode := raw.Header.Get(headerHubMode); mode != "" {
		return nil, f.askHub(ctx, feedID, mode, raw)
	}
	body, err := bus.Decompress(raw.Header, raw.Data)
	if err != nil {
		return nil, stage.Permanent(err)
	}
	record, revision, err := f.deps.Feeds.Get(ctx, feedID)
	if errors.Is(err, bus.ErrNotFound) {
		return nil, stage.Drop("removed")
	}
	if err != nil {
		return nil, err
	}
	if ended(record.GetPoll()) {
		return nil, stage.Drop("ended")
	}
	return f.delivered(ctx, record, revision, raw.Header.Get(bus.HeaderContentType), body), nil
}

// delivered makes the outputs of a delivery.
func (f *Fetcher) delivered(ctx context.Context, record *datelinev1.FeedRecord, revision uint64, contentType string, body []byte) []stage.Out {
	feed, now := record.GetFeed(), f.now()
	log := f.log.With(zap.String("stage", topology.Deliver.Name), zap.String("feed", feed.GetId()), zap.String("url", feed.GetUrl()))
	if hub := record.GetHub(); hub != nil {
		hub.Deliveries++
		hub.LastDeliveryAt = timestamppb.New(now)
	}
	var report feedread.Report
	document, err := feedread.Read(body, feedread.Options{
		URL: record.GetHub().GetTopicUrl(), ContentType: contentType, MaxEntries: maxEntries, Now: f.now, Report: &report,
	})
	var outs []stage.Out
	written := stage.Out{Subject: f.deps.Feeds.Subject(feed.GetId()), Message: record, Expect: &revision, Last: true}
	if err != nil {
		log.Info("delivery is no feed, polling", zap.Error(err))
		return append(f.pollSoon(record), written)
	}
	next, yield := pollplan.Next(record.GetPoll(), pollplan.Outcome{
		Status: 200, Pushed: true, Entries: document.GetEntries(), Dropped: report.Dropped,
	}, f.planOf(feed), now, f.random)
	record.Poll = next
	outs = append(outs, f.news(ctx, feed, yield)...)
	log.Debug("delivered", zap.Int("new", len(yield.New)), zap.Int("changed", len(yield.Changed)))
	return append(outs, written)
}

// pollSoon has a feed polled as soon as its least interval allows.
func (f *Fetcher) pollSoon(record *datelinev1.FeedRecord) []stage.Out {
	poll := record.GetPoll()
	at := latest(f.now(), poll.GetLastPollAt().AsTime().Add(f.planOf(record.GetFeed()).Min))
	if !at.Before(poll.GetNextPollAt().AsTime()) {
		return nil
	}
	poll.NextPollAt = timestamppb.New(at)
	return []stage.Out{schedule(record.GetFeed().GetId(), at)}
}

// hubRegistry keeps subscriptions in the registry, for hubs that call.
type hubRegistry struct{ *Fetcher }

// Find implements websub.Subscriptions.
func (h hubRegistry) Find(ctx context.Context, feedID string) (*datelinev1.HubSubscription, error) {
	record, _, err := h.deps.Feeds.Get(ctx, feedID)
	if errors.Is(err, bus.ErrNotFound) {
		return nil, websub.ErrUnknown
	}
	return record.GetHub(), err
}

// Change implements websub.Subscriptions.
func (h hubRegistry) Change(ctx context.Context, feedID string, change func(*datelinev1.HubSubscription) bool) error {
	return h.changeHub(ctx, feedID, change)
}

// Deliver implements websub.Subscriptions: the stream of submissions takes the delivery
// over, or refuses it if it is full. A hub that did not hear that it was taken delivers
// it again; within the stream's window it is then known.
func (h hubRegistry) Deliver(ctx context.Context, feedID string, d websub.Delivery) error {
	sum := sha256.Sum256(d.Body)
	msg := nats.NewMsg(topology.FeedDeliver(feedID))
	msg.Data = d.Body
	msg.Header.Set(jetstream.MsgIDHeader, "deliver:"+feedID+":"+hex.EncodeToString(sum[:16]))
	msg.Header.Set(stage.HeaderArticle, feedID)
	if line := cleanLine(d.ContentType); line != "" {
		msg.Header.Set(bus.HeaderContentType, line)
	}
	return h.deps.Publish(ctx, msg)
}

// changeHub writes a feed's subscription, if change returns true. If the subscription is
// due before the feed's next poll, that is brought forward.
func (f *Fetcher) changeHub(ctx context.Context, feedID string, change func(*datelinev1.HubSubscription) bool) error {
	for range enterTries {
		record, revision, err := f.deps.Feeds.Get(ctx, feedID)
		if errors.Is(err, bus.ErrNotFound) {
			return websub.ErrUnknown
		}
		if err != nil {
			return err
		}
		if record.GetHub() == nil || !change(record.GetHub()) {
			return nil
		}
		if err := f.renewInTime(ctx, record); err != nil {
			return err
		}
		if _, err = f.deps.Feeds.Put(ctx, feedID, record, revision); !errors.Is(err, bus.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("write the subscription of feed %s: %d writes in a row lost to others", feedID, enterTries)
}

// renewInTime brings a feed's next poll forward to when its subscription is due, unless
// it is early enough. That is done before the record says so: a poll too many does no
// harm.
func (f *Fetcher) renewInTime(ctx context.Context, record *datelinev1.FeedRecord) error {
	next := record.GetPoll().GetNextPollAt()
	if next == nil || !websub.Covered(record.GetHub(), f.now()) {
		return nil
	}
	at := latest(websub.Due(record.GetHub()), f.now().Add(f.planOf(record.GetFeed()).Min))
	if !at.Before(next.AsTime()) {
		return nil
	}
	record.Poll.NextPollAt = timestamppb.New(at)
	msg, err := schedule(record.GetFeed().GetId(), at).Encode()
	if err != nil {
		return err
	}
	return f.deps.Publish(ctx, msg)
}
