package fetch

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// seenSet is the seen-set in the stream that holds it.
type seenSet struct {
	bus    *bus.Bus
	stream jetstream.Stream
}

// headerOwner names the submission that made an entry of the seen-set.
const headerOwner = "Dateline-Submission"

// last asks for the last message on a subject.
func last(ctx context.Context, stream jetstream.Stream, subject string) (*jetstream.RawStreamMsg, error) {
	return bus.Ask(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return stream.GetLastMsgForSubject(ctx, subject)
	})
}

// Last implements Seen.
func (s seenSet) Last(ctx context.Context, subject string) (Known, error) {
	msg, err := last(ctx, s.stream, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Known{}, nil
	}
	if err != nil {
		return Known{}, fmt.Errorf("look up %s: %w", subject, err)
	}
	data, err := s.bus.Payload(ctx, msg.Header, msg.Data)
	if err != nil {
		return Known{}, err
	}
	known := Known{Article: &datelinev1.Article{}, Sequence: msg.Sequence, Owner: msg.Header.Get(headerOwner)}
	return known, bus.Decode(msg.Header, data, known.Article)
}

// Visit implements Seen.
func (s seenSet) Visit(ctx context.Context, articleID string) (*datelinev1.Visit, uint64, error) {
	subject := topology.ArticleVisited(articleID)
	msg, err := last(ctx, s.stream, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("look up %s: %w", subject, err)
	}
	visit := &datelinev1.Visit{}
	return visit, msg.Sequence, bus.Decode(msg.Header, msg.Data, visit)
}

// Mark implements Seen.
func (s seenSet) Mark(ctx context.Context, subject string, after uint64, owner string, article *datelinev1.Article) error {
	out := stage.Out{Subject: subject, Message: article, Expect: &after}
	if owner != "" {
		out.Header = map[string]string{headerOwner: owner}
	}
	msg, err := out.Encode()
	if err != nil {
		return err
	}
	_, err = bus.Ask(ctx, func(ctx context.Context) (*jetstream.PubAck, error) { return s.bus.JS.PublishMsg(ctx, msg) })
	if bus.IsConflict(err) {
		return fmt.Errorf("mark %s: %w", subject, bus.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("mark %s: %w", subject, err)
	}
	return nil
}

// polls looks at the stream of schedules and due polls.
type polls struct{ stream jetstream.Stream }

// Has implements Polls.
func (p polls) Has(ctx context.Context, subject string) (bool, error) {
	_, err := last(ctx, p.stream, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up %s: %w", subject, err)
	}
	return true, nil
}

// Count implements Polls.
func (p polls) Count(ctx context.Context) (int, error) {
	info, err := bus.Ask(ctx, func(ctx context.Context) (*jetstream.StreamInfo, error) { return p.stream.Info(ctx) })
	if err != nil {
		return 0, fmt.Errorf("count the schedules: %w", err)
	}
	return int(info.State.Msgs), nil
}

// Subjects implements Polls. It costs one request for each 100,000 feeds.
func (p polls) Subjects(ctx context.Context) (map[string]struct{}, error) {
	info, err := p.stream.Info(ctx, jetstream.WithSubjectFilter(">"))
	if err != nil {
		return nil, fmt.Errorf("list the schedules: %w", err)
	}
	subjects := make(map[string]struct{}, len(info.State.Subjects))
	for subject := range info.State.Subjects {
		subjects[subject] = struct{}{}
	}
	return subjects, nil
}

// waits looks at the stream of pages that wait.
type waits struct {
	bus    *bus.Bus
	stream jetstream.Stream
}

// scheduledAt begins the header of a message that is scheduled for a time.
const scheduledAt = "@at "

// Hasten implements Waits. It costs one request for each page that waits.
func (w waits) Hasten(ctx context.Context, after, to time.Time) (int, error) {
	hastened := 0
	for next := uint64(1); ; {
		msg, err := bus.Ask(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
			return w.stream.GetMsg(ctx, next, jetstream.WithGetMsgSubject(topology.PagesWaiting))
		})
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return hastened, nil
		}
		if err != nil {
			return hastened, fmt.Errorf("read the pages that wait: %w", err)
		}
		next = msg.Sequence + 1
		at, err := time.Parse(time.RFC3339Nano, strings.TrimPrefix(msg.Header.Get(jetstream.ScheduleHeader), scheduledAt))
		if err != nil || !at.After(after) {
			continue
		}
		sooner := &nats.Msg{Subject: msg.Subject, Header: msg.Header, Data: msg.Data}
		sooner.Header.Set(jetstream.ScheduleHeader, scheduledAt+to.UTC().Format(time.RFC3339Nano))
		sooner.Header.Set(jetstream.ExpectedLastSubjSeqHeader, strconv.FormatUint(msg.Sequence, 10))
		for _, own := range []string{jetstream.MsgIDHeader, jetstream.MsgRollup} { // The server adds the second itself.
			sooner.Header.Del(own)
		}
		_, err = bus.Ask(ctx, func(ctx context.Context) (*jetstream.PubAck, error) { return w.bus.JS.PublishMsg(ctx, sooner) })
		if err != nil && !bus.IsConflict(err) {
			return hastened, fmt.Errorf("have a page wait no longer: %w", err)
		}
		hastened++
	}
}
