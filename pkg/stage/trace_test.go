package stage_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// recorded are the attributes of a span.
func recorded(span tracetest.SpanStub) map[string]string {
	all := map[string]string{}
	for _, a := range span.Attributes {
		if a.Value.Type() == attribute.STRING {
			all[string(a.Key)] = a.Value.AsString()
		}
	}
	return all
}

// TestSpansTellHowADeliveryEnded, also of a message that no handler ever saw.
func TestSpansTellHowADeliveryEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	exporter := tracetest.NewInMemoryExporter()
	r.settings.Tracer = sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	_, err := r.bus.JS.Publish(t.Context(), topology.ArticleFetched("news.example", "a1"), []byte("\xff no article"))
	require.NoError(t, err)
	articles(r, echo)
	r.settled(topology.Parser, counts{"quarantined/undecodable": 1})

	r.eventually(func() bool { return len(exporter.GetSpans()) == 1 }, "one delivery, one span")
	span := exporter.GetSpans()[0]
	require.Equal(t, "process articles.fetched.>", span.Name)
	require.Equal(t, codes.Error, span.Status.Code)
	got := recorded(span)
	require.Equal(t, "quarantined", got["dateline.outcome"])
	require.Equal(t, "undecodable", got["error.type"])
	require.Equal(t, "parser", got["messaging.consumer.group.name"])
	require.Equal(t, topology.ArticleFetched("news.example", "a1"), got["messaging.destination.name"])
}

// TestWhatIsDetachedIsLinked: a trace of its own, with a link to its cause.
func TestWhatIsDetachedIsLinked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	exporter := tracetest.NewInMemoryExporter()
	r.settings.Tracer = sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	articles(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		return []stage.Out{{
			Subject: topology.PageWait("news.example", a.GetId()), Target: topology.PageDue("news.example", a.GetId()),
			At: time.Now(), ID: "look", Message: a, Detached: true,
		}}, nil
	})
	run(r, topology.Page, stage.Decode[datelinev1.Article], func(context.Context, *datelinev1.Article) ([]stage.Out, error) { return nil, nil })
	r.feed("a1")
	r.settled(topology.Page, counts{"ok": 1})

	var spans tracetest.SpanStubs
	r.eventually(func() bool { spans = exporter.GetSpans(); return len(spans) == 2 }, "two spans")
	cause, look := spans[0], spans[1]
	require.False(t, look.Parent.IsValid())
	require.NotEqual(t, cause.SpanContext.TraceID(), look.SpanContext.TraceID())
	require.Len(t, look.Links, 1)
	require.Equal(t, cause.SpanContext.SpanID(), look.Links[0].SpanContext.SpanID())
	require.Equal(t, "process pages.due.>", look.Name)
}

// TestNothingIsRecordedUnasked: without a collector a submitter's trace goes on
// all the same.
func TestNothingIsRecordedUnasked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	msg, err := bus.Encode(topology.ArticleFetched("news.example", "a1"), &datelinev1.Article{Id: "a1"}, bus.Protobuf)
	require.NoError(t, err)
	msg.Header["traceparent"] = []string{parent}
	r.publish(msg)
	articles(r, echo)
	r.settled(topology.Parser, counts{"ok": 1})
	got := r.last(topology.StreamParsed, topology.ArticleParsed("a1")).Header["traceparent"]
	require.Equal(t, []string{parent}, got)
}
