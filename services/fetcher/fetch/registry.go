package fetch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// Register handles feeds.submit and feeds.remove.
//
//  1. The payload is read: a plain URL, JSON or protobuf.
//  2. The feed's identity follows from its normalised URL.
//  3. It is entered in the registry, or its entry is updated.
//  4. Its first poll is scheduled: for now, unless many feeds are new.
//  5. The submitter is answered, where it asked for an answer.
func (f *Fetcher) Register(ctx context.Context, raw stage.Raw) ([]stage.Out, error) {
	if raw.Subject == topology.SubjectFeedRemove {
		return f.remove(ctx, raw)
	}
	feed, err := readFeedSubmission(raw)
	if err != nil {
		return nil, f.reject(raw, err)
	}
	normalized, err := urlnorm.Normalize(feed.GetUrl())
	if err != nil {
		return nil, f.reject(raw, err)
	}
	feed.Url, feed.Id = normalized, urlnorm.ID("f", normalized)

	record, status, err := f.enter(ctx, feed)
	if err != nil {
		return nil, err
	}
	outs, err := f.firstPoll(ctx, record, status)
	if err != nil {
		return nil, err
	}
	f.log.Info("feed submitted", zap.String("feed", feed.GetId()), zap.String("url", feed.GetUrl()), zap.String("status", string(status)))
	f.answer(raw.Header, &datelinev1.Receipt{Status: string(status.receipt()), Id: feed.GetId(), Url: feed.GetUrl()})
	return outs, nil
}

// entered says what a submission did to the registry.
type entered string

const (
	added   entered = "added"
	updated entered = "updated"
	exists  entered = "exists"
	// rekeyed is updated with other headers: what failed for want of a key may
	// work now.
	rekeyed entered = "rekeyed"
)

func (e entered) receipt() entered {
	if e == rekeyed {
		return updated
	}
	return e
}

// firstPoll schedules a new feed's first poll, and one for now where a submission
// brought news; otherwise only for a feed that has none, neither scheduled nor due
// nor in hand.
func (f *Fetcher) firstPoll(ctx context.Context, record *datelinev1.FeedRecord, status entered) ([]stage.Out, error) {
	feedID := record.GetFeed().GetId()
	switch status {
	case added:
		return []stage.Out{schedule(feedID, record.GetPoll().GetNextPollAt().AsTime())}, nil
	case rekeyed:
		return []stage.Out{schedule(feedID, f.now())}, nil
	}
	due, err := f.deps.Polls.Has(ctx, topology.FeedPoll(feedID))
	if err != nil || due {
		return nil, err
	}
	return []stage.Out{scheduleIfNone(feedID, f.now())}, nil
}

// enterTries bounds the writes lost to a poll of the same feed.
const enterTries = 20

// enter writes the feed into the registry and says what that did. A record that
// cannot be read is written anew.
func (f *Fetcher) enter(ctx context.Context, feed *datelinev1.Feed) (*datelinev1.FeedRecord, entered, error) {
	for range enterTries {
		record, revision, err := f.deps.Feeds.Get(ctx, feed.GetId())
		status := exists
		switch {
		case errors.Is(err, bus.ErrNotFound), errors.Is(err, bus.ErrCorrupt):
			status = added
			record = &datelinev1.FeedRecord{Feed: feed, Poll: &datelinev1.PollState{
				State: pollplan.New, Reason: "not polled yet", AddedAt: timestamppb.New(f.now()),
				NextPollAt: timestamppb.New(f.pace.firstPoll()),
			}}
		case err != nil:
			return nil, "", err
		default:
			if status = update(record, feed); status == exists {
				return record, exists, nil
			}
		}
		_, err = f.deps.Feeds.Put(ctx, feed.GetId(), record, revision)
		if err == nil {
			return record, status, nil
		}
		if !errors.Is(err, bus.ErrConflict) {
			return nil, "", err
		}
	}
	return nil, "", fmt.Errorf("enter feed %s: %d writes in a row lost to others", feed.GetId(), enterTries)
}

// update applies what a repeated submission says anew, and revives a feed whose
// polling has ended.
func update(record *datelinev1.FeedRecord, feed *datelinev1.Feed) entered {
	before := proto.CloneOf(record)
	have := record.GetFeed()
	if len(feed.GetLabels()) > 0 {
		have.Labels = feed.GetLabels()
	}
	if len(feed.GetHeaders()) > 0 {
		have.Headers = feed.GetHeaders()
	}
	if feed.GetMinInterval() != nil {
		have.MinInterval = feed.GetMinInterval()
	}
	if feed.GetMaxInterval() != nil {
		have.MaxInterval = feed.GetMaxInterval()
	}
	if p := record.GetPoll(); ended(p) {
		p.State, p.Reason, p.ConsecutiveErrors = pollplan.New, "submitted again", 0
	}
	switch {
	case !maps.Equal(before.GetFeed().GetHeaders(), have.GetHeaders()):
		return rekeyed
	case !proto.Equal(before, record):
		return updated
	}
	return exists
}

// ended says whether a feed is polled no more.
func ended(p *datelinev1.PollState) bool {
	return p.GetState() == pollplan.Gone || p.GetState() == pollplan.Moved
}

// remove forgets a feed. Its next poll is let go at once, and finds nothing: left
// alone, it would stand in the way of the same feed's first poll if it is
// submitted again.
func (f *Fetcher) remove(ctx context.Context, raw stage.Raw) ([]stage.Out, error) {
	id := strings.TrimSpace(string(raw.Data))
	if strings.Contains(id, ":") {
		normalized, err := urlnorm.Normalize(id)
		if err != nil {
			return nil, f.reject(raw, err)
		}
		id = urlnorm.ID("f", normalized)
	}
	if !validID(id) {
		return nil, f.reject(raw, fmt.Errorf("%.80q is neither the id nor the URL of a feed", id))
	}
	record, _, err := f.deps.Feeds.Get(ctx, id)
	if errors.Is(err, bus.ErrNotFound) {
		f.answer(raw.Header, &datelinev1.Receipt{Status: "unknown", Id: id, Message: "no such feed; see `dateline feeds ls`"})
		return nil, nil
	}
	if err != nil && !errors.Is(err, bus.ErrCorrupt) {
		return nil, err
	}
	if err := f.deps.Feeds.Delete(ctx, id); err != nil {
		return nil, err
	}
	f.log.Info("feed removed", zap.String("feed", id), zap.String("url", record.GetFeed().GetUrl()))
	f.answer(raw.Header, &datelinev1.Receipt{Status: "removed", Id: id, Url: record.GetFeed().GetUrl()})
	return append(f.leaveHub(record), schedule(id, f.now())), nil
}

// maxID is longer than any id that is given out.
const maxID = 64

// validID says whether an id from outside may be looked up.
func validID(id string) bool { return len(id) <= maxID && topology.Token(id) == id }

// reject answers a bad submission and keeps it in quarantine.
func (f *Fetcher) reject(raw stage.Raw, err error) error {
	f.answer(raw.Header, &datelinev1.Receipt{Status: "rejected", Message: err.Error()})
	return stage.Permanent(err)
}

// answer tells the submitter. That it cannot be told is not the submission's
// fault, so it is only logged.
func (f *Fetcher) answer(header nats.Header, receipt *datelinev1.Receipt) {
	if err := f.deps.Answer(header, receipt); err != nil {
		f.log.Warn("cannot answer a submission", zap.Error(err), zap.String("status", receipt.GetStatus()))
	}
}

// schedule puts a feed's next poll at a time, in place of any other.
func schedule(feedID string, at time.Time) stage.Out {
	return stage.Out{
		Subject: topology.FeedSchedule(feedID), Target: topology.FeedPoll(feedID), At: at,
		Message: &datelinev1.Feed{Id: feedID},
		Header:  map[string]string{stage.HeaderArticle: feedID},
		Last:    true,
		// Else all polls of a feed would be one trace that never ends.
		Detached: true,
	}
}

// scheduleIfNone puts a feed's next poll at a time, unless one is scheduled.
func scheduleIfNone(feedID string, at time.Time) stage.Out {
	out := schedule(feedID, at)
	out.Expect = stage.New()
	return out
}
