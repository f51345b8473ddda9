package replay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/time/rate"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

const (
	// lookEvery is the distance of looks at what waits, and chunk how many are sent between
	// two: what else came to the stages meanwhile is then heeded soon.
	lookEvery = 200 * time.Millisecond
	chunk     = 64
	// idleLooks in a row at which nothing waits say that a stage is done.
	idleLooks = 5
	// pause is the wait before what the server did not take is sent again.
	pause = time.Second
)

// Progress is how far a replay is.
type Progress struct {
	Sent, Of int
	// Waiting are the messages that wait for the stages, or are in their hands, news included.
	Waiting int
}

// Summary is what came of a replay.
type Summary struct {
	// Events are the articles that came out; Dropped those that a stage dropped, by stage
	// and reason; Quarantined those that it gave up.
	Events, Quarantined int
	Dropped             map[string]int
	// Passed are those of which nothing came: their last revision is of another look at
	// the page, what was to be replayed had expired, or this run had brought them before.
	Passed int
}

// stages are those that a replay goes through.
func (p *Plan) stages() []topology.Stage {
	if p.options.From.Name == topology.Parser.Name {
		return []topology.Stage{topology.Parser, topology.Enricher}
	}
	return []topology.Stage{topology.Enricher}
}

// Send sends what is planned, never more than the stages have room for, and waits until the
// last has come out. What is sent when ctx ends comes out all the same.
func (p *Plan) Send(ctx context.Context, tell func(Progress)) (*Summary, error) {
	before, err := p.places(ctx)
	if err != nil {
		return nil, err
	}
	limit := rate.Inf
	if p.options.Rate > 0 {
		limit = rate.Limit(p.options.Rate)
	}
	limiter := rate.NewLimiter(limit, 1)
	sent, last := 0, uint64(0)
	for sent < len(p.items) {
		waiting, err := p.waiting(ctx)
		if err != nil {
			return nil, err
		}
		tell(Progress{Sent: sent, Of: len(p.items), Waiting: waiting})
		room := min(chunk, p.options.Window-waiting, len(p.items)-sent)
		if room <= 0 {
			if err := sleep(ctx, lookEvery); err != nil {
				return nil, err
			}
			continue
		}
		for _, i := range p.items[sent : sent+room] {
			if err := limiter.Wait(ctx); err != nil {
				return nil, err
			}
			if last, err = p.publish(ctx, i); err != nil {
				return nil, err
			}
			sent++
		}
	}
	if err := p.settle(ctx, last, tell); err != nil {
		return nil, err
	}
	return p.summary(ctx, before)
}

// waiting is how much waits for the stage that is furthest behind.
func (p *Plan) waiting(ctx context.Context) (int, error) {
	most := 0
	for _, s := range p.stages() {
		info, err := p.consumer(ctx, s)
		if err != nil {
			return 0, err
		}
		most = max(most, int(info.NumPending)+info.NumAckPending)
	}
	return most, nil
}

// consumer looks at a stage's consumer, as long as it takes.
func (p *Plan) consumer(ctx context.Context, s topology.Stage) (*jetstream.ConsumerInfo, error) {
	return persist(ctx, func(ctx context.Context) (*jetstream.ConsumerInfo, error) {
		c, err := p.bus.JS.Consumer(ctx, s.Stream, s.Name)
		if err != nil {
			return nil, fmt.Errorf("look up consumer %s of %s: %w", s.Name, s.Stream, err)
		}
		return c.CachedInfo(), nil
	})
}

// publish sends a reference and returns its sequence.
func (p *Plan) publish(ctx context.Context, i item) (uint64, error) {
	msg := nats.NewMsg(topology.ReplayOf(i.subject))
	msg.Header.Set(stage.HeaderReplay, p.options.Run)
	msg.Header.Set(stage.HeaderReplayOf, strconv.FormatUint(i.sequence, 10))
	msg.Header.Set(stage.HeaderArticle, i.article)
	msg.Header.Set(jetstream.MsgIDHeader, stage.Replay{Run: p.options.Run}.Mark(fmt.Sprintf("%s:%d", i.id, i.sequence)))
	if p.options.Alerts {
		msg.Header.Set(stage.HeaderReplayAlerts, "1")
	}
	ack, err := persist(ctx, func(ctx context.Context) (*jetstream.PubAck, error) { return p.bus.JS.PublishMsg(ctx, msg) })
	if err != nil {
		return 0, fmt.Errorf("publish on %s: %w", msg.Subject, err)
	}
	return ack.Sequence, nil
}

// settle waits until the stages are done with all that was sent: each with what had come
// to it when the one before was done.
func (p *Plan) settle(ctx context.Context, sequence uint64, tell func(Progress)) error {
	for n, s := range p.stages() {
		if n > 0 {
			at, err := p.place(ctx, s.Stream)
			if err != nil {
				return err
			}
			sequence = at
		}
		for idle := 0; ; {
			info, err := p.consumer(ctx, s)
			if err != nil {
				return err
			}
			// One look at which nothing waits does not say it: for a moment, neither count
			// holds what the server hands to the stage.
			waiting := int(info.NumPending) + info.NumAckPending
			if idle++; waiting > 0 {
				idle = 0
			}
			if info.AckFloor.Stream >= sequence || idle == idleLooks {
				break
			}
			tell(Progress{Sent: len(p.items), Of: len(p.items), Waiting: waiting})
			if err := sleep(ctx, lookEvery); err != nil {
				return err
			}
		}
	}
	return nil
}

// outcomes are the streams that tell what came of a replay.
var outcomes = map[string]string{topology.StreamEnriched: topology.EnrichedFilter("", ""), topology.StreamFetch: topology.Ended}

// places are the ends of these streams.
func (p *Plan) places(ctx context.Context) (map[string]uint64, error) {
	at := map[string]uint64{}
	for name := range outcomes {
		last, err := p.place(ctx, name)
		if err != nil {
			return nil, err
		}
		at[name] = last
	}
	return at, nil
}

// place is the last sequence of a stream.
func (p *Plan) place(ctx context.Context, name string) (uint64, error) {
	return persist(ctx, func(ctx context.Context) (uint64, error) {
		stream, err := p.bus.JS.Stream(ctx, name)
		if err != nil {
			return 0, fmt.Errorf("open stream %s: %w", name, err)
		}
		return stream.CachedInfo().State.LastSeq, nil
	})
}

// summary reads what came of the run since.
func (p *Plan) summary(ctx context.Context, before map[string]uint64) (*Summary, error) {
	s, ends := &Summary{Dropped: map[string]int{}}, map[string]bool{}
	events := after(before[topology.StreamEnriched], outcomes[topology.StreamEnriched])
	events.HeadersOnly = true
	err := scan(ctx, p.bus.JS, topology.StreamEnriched, events, func(m jetstream.Msg, _ *jetstream.MsgMetadata) error {
		if m.Headers().Get(stage.HeaderReplay) == p.options.Run {
			s.Events++
			ends[lastToken(m.Subject())] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = scan(ctx, p.bus.JS, topology.StreamFetch, after(before[topology.StreamFetch], outcomes[topology.StreamFetch]), func(m jetstream.Msg, _ *jetstream.MsgMetadata) error {
		end := &datelinev1.Ending{}
		if m.Headers().Get(stage.HeaderReplay) != p.options.Run || bus.Decode(m.Headers(), m.Data(), end) != nil {
			return nil
		}
		ends[end.GetArticleId()] = true
		if end.GetQuarantineId() != "" {
			s.Quarantined++
		} else {
			s.Dropped[end.GetStage()+": "+end.GetReason()]++
		}
		return nil
	})
	s.Passed = max(0, p.Articles-p.Done-len(ends))
	return s, err
}

// persist asks the server as often as it takes, where it does not answer, or has no room or
// no leader: a replay may take hours.
func persist[T any](ctx context.Context, question func(context.Context) (T, error)) (T, error) {
	for {
		answer, err := bus.Ask(ctx, question)
		var api *jetstream.APIError
		passing := errors.Is(err, bus.ErrNoAnswer) || errors.As(err, &api) && api.Code >= http.StatusInternalServerError
		if !passing {
			return answer, err
		}
		if err := sleep(ctx, pause); err != nil {
			return answer, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
