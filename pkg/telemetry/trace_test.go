package telemetry_test

import (
	"context"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/dateline-news/dateline/pkg/telemetry"
)

const (
	parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	state  = "team=news"
)

func TestTraceTravelsInHeaders(t *testing.T) {
	t.Parallel()
	provider := telemetry.NewTracerProvider("parser")
	t.Cleanup(func() { require.NoError(t, provider.Shutdown(context.Background())) })
	propagator := telemetry.Propagator()

	for name, headers := range map[string]nats.Header{
		"as specified": {"traceparent": {parent}, "tracestate": {state}},
		"as in HTTP":   {"Traceparent": {parent}, "Tracestate": {state}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := propagator.Extract(t.Context(), telemetry.HeaderCarrier(headers))
			ctx, span := provider.Tracer("test").Start(ctx, "parse")
			defer span.End()
			require.Equal(t, "0af7651916cd43dd8448eb211c80319c", span.SpanContext().TraceID().String())
			require.NotEqual(t, "b7ad6b7169203331", span.SpanContext().SpanID().String())

			out := nats.Header{"Nats-Msg-Id": {"a1"}}
			propagator.Inject(ctx, telemetry.HeaderCarrier(out))
			require.Equal(t, nats.Header{
				"Nats-Msg-Id": {"a1"},
				"traceparent": {"00-0af7651916cd43dd8448eb211c80319c-" + span.SpanContext().SpanID().String() + "-01"},
				"tracestate":  {state},
			}, out)
		})
	}
}

func TestSamplingOfTheParentIsHonoured(t *testing.T) {
	t.Parallel()
	exporter := tracetest.NewInMemoryExporter()
	provider := telemetry.NewTracerProvider("parser", sdktrace.WithSyncer(exporter))
	headers := telemetry.HeaderCarrier{"traceparent": {parent[:len(parent)-1] + "0"}}
	_, span := provider.Tracer("test").Start(telemetry.Propagator().Extract(t.Context(), headers), "silent")
	span.End()
	_, span = provider.Tracer("test").Start(t.Context(), "parse")
	span.End()
	spans := exporter.GetSpans()
	require.Len(t, spans, 1)
	require.Equal(t, "parse", spans[0].Name)
	require.Contains(t, spans[0].Resource.String(), "service.name=parser")
}

func TestHeaderCarrier(t *testing.T) {
	t.Parallel()
	headers := map[string][]string{"Traceparent": {"old"}, "Other": {}}
	c := telemetry.HeaderCarrier(headers)
	require.Equal(t, "old", c.Get("traceparent"))
	require.Empty(t, c.Get("other"))
	require.Empty(t, c.Get("absent"))
	c.Set("Traceparent", parent)
	require.Equal(t, map[string][]string{"traceparent": {parent}, "Other": {}}, headers)
	require.ElementsMatch(t, []string{"traceparent", "Other"}, c.Keys())
	require.Empty(t, telemetry.HeaderCarrier(nil).Get("traceparent"))
}

// FuzzHeaderCarrier holds that foreign headers give a valid parent or none.
func FuzzHeaderCarrier(f *testing.F) {
	f.Add(parent, state)
	f.Add("00-00000000000000000000000000000000-b7ad6b7169203331-01", "=,=")
	f.Add("ff-zz", "a=b,a=c")
	f.Fuzz(func(t *testing.T, parent, state string) {
		in := telemetry.HeaderCarrier{"traceparent": {parent}, "tracestate": {state}}
		ctx := telemetry.Propagator().Extract(context.Background(), in)
		out := telemetry.HeaderCarrier{}
		telemetry.Propagator().Inject(ctx, out)
		require.Equal(t, trace.SpanContextFromContext(ctx).IsValid(), out.Get("traceparent") != "")
	})
}
