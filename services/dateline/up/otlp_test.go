package up_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/telemetry/otlptest"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/up"
)

// spans are what a collector was sent, by id.
type spans map[string]otlptest.Span

// way are the names of an event's spans, from the root to the last, whose id the
// event carries.
func (s spans) way(t *testing.T, traceparent string) (names []string, root otlptest.Span) {
	t.Helper()
	parts := strings.Split(traceparent, "-")
	require.Len(t, parts, 4, traceparent)
	for id := parts[2]; ; id = root.Parent() {
		span, sent := s[id]
		if !sent {
			return names, root
		}
		require.Equal(t, parts[1], span.Trace(), "one trace")
		root, names = span, append([]string{span.GetName()}, names...)
	}
}

// named finds a span of a trace.
func (s spans) named(traceID, name string) (otlptest.Span, bool) {
	for _, span := range s {
		if span.Trace() == traceID && span.GetName() == name {
			return span, true
		}
	}
	return otlptest.Span{}, false
}

// TestTracesFromSubmissionToEvent follows a pushed document and an article of a
// feed through the whole pipeline, as a collector sees them.
func TestTracesFromSubmissionToEvent(t *testing.T) {
	collector := otlptest.HTTP(t)
	cfg := testConfig(t, t.TempDir(), freeAddr(t))
	cfg.Telemetry.Traces.Endpoint = collector.URL
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()

	submitter := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1, 2, 3}, SpanID: trace.SpanID{4, 5, 6}, TraceFlags: trace.FlagsSampled, Remote: true,
	})
	var pushedParent, foundParent string
	enough := errors.New("enough")
	err := up.Run(ctx, cfg, up.Options{Demo: true, Out: io.Discard, Err: io.Discard, Attach: func(ctx context.Context, c *client.Client, _ prometheus.Gatherer) error {
		receipt, err := c.SubmitArticle(trace.ContextWithSpanContext(ctx, submitter), &datelinev1.Submission{Content: pushed})
		if err != nil {
			return err
		}
		err = c.Events(ctx, client.EventOptions{Since: time.Hour}, func(e client.Event) error {
			switch e.GetId() {
			case receipt.GetId():
				pushedParent = e.Header["traceparent"][0]
			default:
				foundParent = e.Header["traceparent"][0]
			}
			if pushedParent != "" && foundParent != "" {
				return enough
			}
			return nil
		})
		if errors.Is(err, enough) {
			return nil
		}
		return err
	}})
	require.NoError(t, err)

	all := spans{}
	for _, span := range collector.Spans() {
		all[span.ID()] = span
		require.Equal(t, "dateline", span.Service)
	}
	names, root := all.way(t, pushedParent)
	require.Equal(t, []string{"process articles.submit", "process articles.fetched.>", "process articles.parsed.>"}, names)
	require.Equal(t, submitter.TraceID().String(), root.Trace())
	require.Equal(t, submitter.SpanID().String(), root.Parent(), "the submitter's span is the first one's parent")
	require.Equal(t, "fetcher-push", root.Attribute("messaging.consumer.group.name"))
	require.Equal(t, "nats", root.Attribute("messaging.system"))
	require.Equal(t, "articles.submit", root.Attribute("messaging.destination.name"))
	require.Equal(t, "ok", root.Attribute("dateline.outcome"))

	names, root = all.way(t, foundParent)
	require.Equal(t, []string{
		"process feeds.poll.>", "process articles.found.>", "process pages.due.>", "process articles.fetched.>", "process articles.parsed.>",
	}, names)
	require.Empty(t, root.Parent(), "each poll is a trace of its own")
	require.Len(t, root.GetLinks(), 1)
	cause := all[root.Linked(0)]
	require.Contains(t, []string{"process feeds.submit", "process feeds.poll.>"}, cause.GetName(), "linked with what scheduled it")
	get, found := all.named(root.Trace(), "GET")
	require.True(t, found)
	require.NotEmpty(t, get.Parent())
}
