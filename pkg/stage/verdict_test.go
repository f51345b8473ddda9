package stage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

type counts = map[string]float64

var errDown = errors.New("the upstream is down")

// TestVerdicts says, for each verdict, what is published, that the message is
// over and done with, and how it is counted.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		handle   func(a *datelinev1.Article, attempt int) ([]stage.Out, error)
		outcomes counts
		parsed   int
		class    string
		attempt  uint32
	}{
		{
			name:     "ok",
			handle:   func(a *datelinev1.Article, _ int) ([]stage.Out, error) { return []stage.Out{parsed(a)}, nil },
			outcomes: counts{"ok": 1}, parsed: 1,
		},
		{
			name:     "ok without outputs",
			handle:   func(*datelinev1.Article, int) ([]stage.Out, error) { return nil, nil },
			outcomes: counts{"ok": 1},
		},
		{
			name:     "drop",
			handle:   func(*datelinev1.Article, int) ([]stage.Out, error) { return nil, stage.Drop("paywall") },
			outcomes: counts{"dropped/paywall": 1},
		},
		{
			name: "drop publishes what is returned beside it",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				return []stage.Out{parsed(a)}, stage.Drop("unchanged")
			},
			outcomes: counts{"dropped/unchanged": 1}, parsed: 1,
		},
		{
			name: "a drop whose outputs cannot be published",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				out := parsed(a)
				out.Subject = "articles.parsed.*"
				return []stage.Out{out}, stage.Drop("unchanged")
			},
			outcomes: counts{"quarantined/permanent": 1}, class: stage.ClassPermanent, attempt: 1,
		},
		{
			name: "duplicate publishes what is returned beside it",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				return []stage.Out{parsed(a)}, stage.Duplicate()
			},
			outcomes: counts{"duplicate": 1}, parsed: 1,
		},
		{
			name: "drop with a reason that is no label",
			handle: func(*datelinev1.Article, int) ([]stage.Out, error) {
				return nil, stage.Drop("https://news.example/1")
			},
			outcomes: counts{"dropped/other": 1},
		},
		{
			name:     "duplicate",
			handle:   func(*datelinev1.Article, int) ([]stage.Out, error) { return nil, stage.Duplicate() },
			outcomes: counts{"duplicate": 1},
		},
		{
			name: "permanent, wrapped",
			handle: func(*datelinev1.Article, int) ([]stage.Out, error) {
				return nil, fmt.Errorf("parse: %w", stage.Permanent(errors.New("not a page")))
			},
			outcomes: counts{"quarantined/permanent": 1}, class: stage.ClassPermanent, attempt: 1,
		},
		{
			name:     "panic",
			handle:   func(*datelinev1.Article, int) ([]stage.Out, error) { panic("index out of range") },
			outcomes: counts{"quarantined/permanent": 1}, class: stage.ClassPermanent, attempt: 1,
		},
		{
			name: "retry after, then ok",
			handle: func(a *datelinev1.Article, attempt int) ([]stage.Out, error) {
				if attempt == 1 {
					return nil, stage.RetryAfter(30*time.Millisecond, errDown)
				}
				return []stage.Out{parsed(a)}, nil
			},
			outcomes: counts{"retried/error": 1, "ok": 1}, parsed: 1,
		},
		{
			name: "retry after, for ever",
			handle: func(*datelinev1.Article, int) ([]stage.Out, error) {
				return nil, stage.RetryAfter(time.Millisecond, errDown)
			},
			outcomes: counts{"retried/error": 2, "quarantined/exhausted": 1}, class: stage.ClassExhausted, attempt: 3,
		},
		{
			name: "defer publishes",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				return []stage.Out{parsed(a)}, stage.Defer("slot-taken")
			},
			outcomes: counts{"retried/slot-taken": 1}, parsed: 1,
		},
		{
			name:     "error, for ever",
			handle:   func(*datelinev1.Article, int) ([]stage.Out, error) { return nil, errDown },
			outcomes: counts{"retried/error": 2, "quarantined/exhausted": 1}, class: stage.ClassExhausted, attempt: 3,
		},
		{
			name: "a server that does not answer, for more than all attempts",
			handle: func(a *datelinev1.Article, attempt int) ([]stage.Out, error) {
				if attempt <= 5 {
					return nil, fmt.Errorf("look up article: %w", bus.ErrNoAnswer)
				}
				return []stage.Out{parsed(a)}, nil
			},
			outcomes: counts{"retried/error": 5, "ok": 1}, parsed: 1,
		},
		{
			name: "an output with a wildcard",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				out := parsed(a)
				out.Subject = "articles.parsed.*"
				return []stage.Out{out}, nil
			},
			outcomes: counts{"quarantined/permanent": 1}, class: stage.ClassPermanent, attempt: 1,
		},
		{
			name: "an output that is no text",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				a.Document = &datelinev1.Document{Text: "\xff"}
				return []stage.Out{parsed(a)}, nil
			},
			outcomes: counts{"quarantined/permanent": 1}, class: stage.ClassPermanent, attempt: 1,
		},
		{
			name: "an output scheduled into another stream",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				return []stage.Out{{
					Subject: topology.PageWait("h", "x"), Target: topology.ArticleParsed("x"), At: time.Now().Add(time.Hour), Message: a,
				}}, nil
			},
			outcomes: counts{"quarantined/permanent": 1}, class: stage.ClassPermanent, attempt: 1,
		},
		{
			name: "an output scheduled where schedules are off: the stream may be put right",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				out := parsed(a)
				out.At, out.Target = time.Now().Add(time.Hour), topology.ArticleParsed("other")
				return []stage.Out{out}, nil
			},
			outcomes: counts{"retried/error": 2, "quarantined/exhausted": 1}, class: stage.ClassExhausted, attempt: 3,
		},
		{
			name: "an output with headers over the server's limit",
			handle: func(a *datelinev1.Article, _ int) ([]stage.Out, error) {
				out := parsed(a)
				out.Header = map[string]string{"X-Long": strings.Repeat("x", 70_000)}
				return []stage.Out{out}, nil
			},
			outcomes: counts{"quarantined/too-large": 1}, class: stage.ClassTooLarge, attempt: 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.feed("a1")
			articles(r, func(ctx context.Context, a *datelinev1.Article) ([]stage.Out, error) {
				return tt.handle(a, stage.DeliveryFrom(ctx).Attempt)
			})
			r.settled(topology.Parser, tt.outcomes)
			require.Zero(t, r.count(topology.StreamFetched), "the message is done with")
			require.Equal(t, tt.parsed, r.count(topology.StreamParsed))
			if tt.class == "" {
				require.Zero(t, r.count(topology.StreamQuarantine))
				return
			}
			q := r.quarantined()
			require.Equal(t, tt.class, q.GetClass())
			require.Equal(t, tt.attempt, q.GetAttempt())
		})
	}
}

// TestQuarantineIsWhole says that nothing of a message that is given up is lost.
func TestQuarantineIsWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("other") // So that the sequence is not 1.
	msg := nats.NewMsg(topology.ArticleFetched("news.example", "a1"))
	msg.Data = []byte{0xff, 0x00, 0xfe}
	msg.Header = nats.Header{
		"X-Source": {"one", "two"}, "x-latin": {"caf\xe9"}, stage.HeaderArticle: {"a1"}, jetstream.MsgIDHeader: {"a1:1:fetcher"},
	}
	ack := r.publish(msg)
	articles(r, func(context.Context, *datelinev1.Article) ([]stage.Out, error) { return nil, nil })
	r.settled(topology.Parser, counts{"ok": 1, "quarantined/undecodable": 1})

	q := r.quarantined()
	require.Equal(t, msg.Data, q.GetPayload())
	require.Equal(t, []string{"one", "two"}, q.GetHeaders()["X-Source"].GetValues())
	require.Equal(t, []string{"caf\uFFFD"}, q.GetHeaders()["x-latin"].GetValues(), "proto holds no invalid UTF-8")
	require.Equal(t, []string{"a1:1:fetcher"}, q.GetHeaders()[jetstream.MsgIDHeader].GetValues())
	require.Equal(t, "parser", q.GetStage())
	require.Equal(t, stage.ClassUndecodable, q.GetClass())
	require.Contains(t, q.GetError(), "decode protobuf Article")
	require.Equal(t, topology.ArticleFetched("news.example", "a1"), q.GetSubject())
	require.Equal(t, topology.StreamFetched, q.GetStream())
	require.Equal(t, ack.Sequence, q.GetSequence())
	require.EqualValues(t, 1, q.GetAttempt())
	require.Equal(t, "1.2.3", q.GetCodeVersion())
	require.Equal(t, "test-host", q.GetHost())
	require.Equal(t, "a1", q.GetArticleId())
	require.NotNil(t, q.GetQuarantinedAt())
}

func TestQuarantineBoundsTheError(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("a1")
	articles(r, func(context.Context, *datelinev1.Article) ([]stage.Out, error) {
		return nil, stage.Permanent(errors.New(strings.Repeat("é", 1<<20)))
	})
	r.settled(topology.Parser, counts{"quarantined/permanent": 1})
	require.Less(t, len(r.quarantined().GetError()), 5<<10)
}

func TestDecoderPanics(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("a1")
	run(r, topology.Parser, func(stage.Raw) (string, error) { panic("off by one") },
		func(context.Context, string) ([]stage.Out, error) { return nil, nil })
	r.settled(topology.Parser, counts{"quarantined/undecodable": 1})
	require.Contains(t, r.quarantined().GetError(), "off by one")
}

// TestCrashedMessage is one that was delivered again and again, and never got an
// outcome.
func TestCrashedMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("a1")
	consumer, err := r.bus.JS.Consumer(t.Context(), topology.StreamFetched, topology.Parser.Name)
	require.NoError(t, err)
	for range 4 * r.settings.MaxAttempts {
		msg, err := consumer.Next(jetstream.FetchMaxWait(patience))
		require.NoError(t, err)
		require.NoError(t, msg.Nak()) // As if its process had died.
	}
	articles(r, func(context.Context, *datelinev1.Article) ([]stage.Out, error) {
		t.Error("the handler is called once more")
		return nil, nil
	})
	r.settled(topology.Parser, counts{"quarantined/crashed": 1})
	require.EqualValues(t, 13, r.quarantined().GetAttempt())
}

func TestSettingsThatLack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	fn := func(context.Context, stage.Raw) ([]stage.Out, error) { return nil, nil }
	_, err := stage.NewRunner(topology.Parser, stage.AsIs, fn, stage.Settings{})
	require.ErrorContains(t, err, "stage parser: stage settings need a bus and metrics")
	_, err = stage.NewRunner(topology.Stage{Name: "x", Stream: "Y"}, stage.AsIs, fn, r.settings)
	require.ErrorContains(t, err, "ack wait")
}
