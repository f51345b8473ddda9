package stagetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type article = *datelinev1.Article

// good is a stage as it should be.
func good(ctx context.Context, a article) ([]stage.Out, error) {
	if a.GetId() == "" {
		return nil, stage.Permanent(errors.New("no id"))
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	a = proto.CloneOf(a)
	a.Document = &datelinev1.Document{Headline: strings.ToValidUTF8(strings.ToUpper(a.GetDocument().GetHeadline()), "")}
	return []stage.Out{{Subject: topology.ArticleParsed(a.GetId()), ID: a.GetId() + ":1:toy", Message: a}}, nil
}

func sample(t *testing.T, f bus.Format) stage.Raw {
	t.Helper()
	msg, err := bus.Encode(topology.ArticleFetched("news.example", "a1"),
		&datelinev1.Article{Id: "a1", Document: &datelinev1.Document{Headline: "Le barrage rouvre"}}, f)
	require.NoError(t, err)
	return stage.Raw{Subject: msg.Subject, Header: msg.Header, Data: msg.Data}
}

func toy(t *testing.T, fn stage.Func[article]) Stage[article] {
	t.Helper()
	return Stage[article]{
		New:     func() stage.Func[article] { return fn },
		Decode:  stage.Decode[datelinev1.Article],
		Samples: map[string]stage.Raw{"sample": sample(t, bus.Protobuf)},
	}
}

func TestGoodStage(t *testing.T) {
	t.Parallel()
	s := toy(t, good)
	s.Samples["as JSON"] = sample(t, bus.JSON)
	s.Samples["compressed"] = sample(t, bus.Zstd)
	Run(t, s)
}

func TestGoodScheduler(t *testing.T) {
	t.Parallel()
	Run(t, toy(t, func(_ context.Context, a article) ([]stage.Out, error) {
		return []stage.Out{{
			Subject: topology.PageWait("h", a.GetId()), Target: topology.PageDue("h", a.GetId()),
			At: time.Now().Add(time.Minute), Message: &datelinev1.Article{Id: "a1"},
		}}, stage.Defer("busy")
	}))
}

// problems are all that the suite has to say of a stage; hostile messages, which
// take long, are tried where the sample shows none.
func problems(t *testing.T, s Stage[article]) string {
	t.Helper()
	s = s.withDefaults()
	var all []string
	for _, c := range s.checks() {
		all = append(all, c.run(t.Context(), s.Samples["sample"])...)
	}
	if len(all) == 0 {
		all = s.hostile(t.Context())
	}
	return strings.Join(all, "\n")
}

// with is the good stage with its output changed.
func with(change func(*stage.Out)) stage.Func[article] {
	return func(ctx context.Context, a article) ([]stage.Out, error) {
		outs, err := good(ctx, a)
		for i := range outs {
			change(&outs[i])
		}
		return outs, err
	}
}

func TestBadStages(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, tt := range []struct {
		name string
		fn   stage.Func[article]
		want string
	}{
		{"an id from the clock", with(func(o *stage.Out) { calls++; o.ID += strings.Repeat("x", calls) }), "output 0 is articles.parsed.a1 (id"},
		{"an id from the attempt", func(ctx context.Context, a article) ([]stage.Out, error) {
			outs, err := good(ctx, a)
			if len(outs) > 0 && stage.DeliveryFrom(ctx).Attempt > 1 {
				outs[0].ID += "again"
			}
			return outs, err
		}, `then articles.parsed.a1 (id "a1:1:toyagain"`},
		{"a run in the id", func(ctx context.Context, a article) ([]stage.Out, error) {
			outs, err := good(ctx, a)
			for i := range outs {
				outs[i].ID = stage.DeliveryFrom(ctx).Replay.Mark(outs[i].ID)
			}
			return outs, err
		}, "names the run, which the runner adds"},
		{"a ce-id without the run", with(func(o *stage.Out) { o.Header = map[string]string{"ce-id": o.ID} }), "does not name the run"},
		{"a verdict that changes", func(ctx context.Context, a article) ([]stage.Out, error) {
			if stage.DeliveryFrom(ctx).Attempt > 1 {
				return nil, stage.Duplicate()
			}
			return good(ctx, a)
		}, "the verdict is ok, then duplicate"},
		{"a number of outputs that changes", func(ctx context.Context, a article) ([]stage.Out, error) {
			if stage.DeliveryFrom(ctx).Attempt > 1 {
				return nil, nil
			}
			return good(ctx, a)
		}, "there are 1 outputs, then 0"},
		{"it changes its input", func(ctx context.Context, a article) ([]stage.Out, error) {
			a.Document = nil
			return good(ctx, a)
		}, "changes its input"},
		{"neither id nor expectation", with(func(o *stage.Out) { o.ID = "" }), "a repeat would be stored twice"},
		{"no stream", with(func(o *stage.Out) { o.Subject = "weather.today" }), "belongs to no stream"},
		{"a forged subject", with(func(o *stage.Out) { o.Subject = "articles.parsed.>" }), "not a subject"},
		{"no message", with(func(o *stage.Out) { o.Message = nil }), "no message"},
		{"no text", with(func(o *stage.Out) { o.Message = &datelinev1.Article{Id: "\xff"} }), "encode Article"},
		{"a schedule elsewhere", with(func(o *stage.Out) { o.At = time.Now() }), "takes no schedules"},
		{"a schedule without a target", with(func(o *stage.Out) {
			o.Subject, o.At = topology.PageWait("h", "x"), time.Now()
		}), "is not another subject of stream PAGES"},
		{"a target without a schedule", with(func(o *stage.Out) { o.Target = "x" }), "a target without a time"},
		{"one id twice", func(ctx context.Context, a article) ([]stage.Out, error) {
			outs, err := good(ctx, a)
			return append(outs, outs...), err
		}, "have the same id"},
		{"deferred to nowhere", func(context.Context, article) ([]stage.Out, error) { return nil, stage.Defer("busy") }, "the message is lost"},
		{"outputs beside a failure", func(ctx context.Context, a article) ([]stage.Out, error) {
			outs, _ := good(ctx, a)
			return outs, stage.Permanent(errors.New("no article"))
		}, "they are not published"},
		{"it panics", func(context.Context, article) ([]stage.Out, error) { panic("index out of range") }, "the handler panicked: index out of range"},
		{"it panics on hostile input only", func(ctx context.Context, a article) ([]stage.Out, error) {
			_ = a.GetId()[0]
			return good(ctx, a)
		}, "empty: the handler panicked"},
		{"it blames the message for its context", func(ctx context.Context, a article) ([]stage.Out, error) {
			outs, err := good(ctx, a)
			if err != nil {
				return nil, stage.Permanent(err)
			}
			return outs, nil
		}, "the context ended, and the verdict on the message is permanent, not ok"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, problems(t, toy(t, tt.fn)), tt.want)
		})
	}
}

func TestHandlerThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	s := toy(t, func(ctx context.Context, a article) ([]stage.Out, error) {
		if ctx.Err() != nil {
			<-release
		}
		return good(ctx, a)
	})
	s.Patience = time.Millisecond
	require.Contains(t, strings.Join(s.heedsContext(t.Context(), s.Samples["sample"]), ""), "goes on for 1ms after its context ended")
}

func TestBadDecoders(t *testing.T) {
	t.Parallel()
	s := toy(t, good)
	s.Decode = func(raw stage.Raw) (article, error) {
		if len(raw.Data) == 0 {
			panic("empty")
		}
		raw.Data[0] = 0
		return stage.Decode[datelinev1.Article](raw)
	}
	require.Contains(t, problems(t, s), "the sample is not decoded")
	require.Contains(t, strings.Join(s.hostile(t.Context()), "\n"), "the decoder panicked: empty")
	s.Decode = func(raw stage.Raw) (article, error) {
		a, err := stage.Decode[datelinev1.Article](raw)
		raw.Header.Set("X-Seen", "yes")
		return a, err
	}
	require.Contains(t, strings.Join(s.decodes(t.Context(), s.Samples["sample"]), ""), "changes the message")
}

func TestOwnStreams(t *testing.T) {
	t.Parallel()
	s := toy(t, with(func(o *stage.Out) { o.Subject = "weather.today" }))
	s.Streams = []jetstream.StreamConfig{{Name: "WEATHER", Subjects: []string{"weather.*"}}}
	Run(t, s)
}
