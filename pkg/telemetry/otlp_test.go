package telemetry_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/telemetry/otlptest"
)

// tracing starts tracing with a configuration and variables.
func tracing(t *testing.T, c telemetry.TraceConfig, env map[string]string) (*telemetry.Tracing, *observer.ObservedLogs, error) {
	t.Helper()
	for _, name := range []string{
		"OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_TRACES_SAMPLER", "OTEL_SERVICE_NAME", "OTEL_EXPORTER_OTLP_PROTOCOL",
		"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
	} {
		t.Setenv(name, env[name])
	}
	core, logs := observer.New(zap.InfoLevel)
	tr, err := telemetry.StartTracing(t.Context(), c, "parser", zap.New(core))
	return tr, logs, err
}

// work makes a span below a submitter's, and one of a trace of its own, and ends.
func work(t *testing.T, tr *telemetry.Tracing) {
	t.Helper()
	headers := telemetry.HeaderCarrier{"traceparent": {parent}}
	_, span := tr.Tracer("test").Start(telemetry.Propagator().Extract(t.Context(), headers), "theirs")
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", span.SpanContext().TraceID().String())
	require.True(t, span.SpanContext().IsSampled())
	span.End()
	_, span = tr.Tracer("test").Start(t.Context(), "ours")
	require.True(t, span.SpanContext().IsValid())
	span.End()
	tr.Close()
}

func TestTracesAreSent(t *testing.T) {
	byHTTP, byGRPC := otlptest.HTTP(t), otlptest.GRPC(t)
	for name, tt := range map[string]struct {
		config telemetry.TraceConfig
		env    map[string]string
		to     *otlptest.Collector
		want   []string
	}{
		"HTTP, configured":       {telemetry.TraceConfig{Endpoint: byHTTP.URL, Sample: 1}, nil, byHTTP, []string{"theirs", "ours"}},
		"HTTP, whole address":    {telemetry.TraceConfig{Endpoint: byHTTP.URL + "/v1/traces", Sample: 1}, nil, byHTTP, []string{"theirs", "ours"}},
		"HTTP, by a variable":    {telemetry.TraceConfig{Sample: 1}, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": byHTTP.URL}, byHTTP, []string{"theirs", "ours"}},
		"none of our own traces": {telemetry.TraceConfig{Endpoint: byHTTP.URL, Sample: 0}, nil, byHTTP, []string{"theirs"}},
		"sampler by a variable":  {telemetry.TraceConfig{Endpoint: byHTTP.URL, Sample: 0}, map[string]string{"OTEL_TRACES_SAMPLER": "always_on"}, byHTTP, []string{"theirs", "ours"}},
		"gRPC, configured":       {telemetry.TraceConfig{Endpoint: byGRPC.URL, Protocol: "grpc", Sample: 1}, nil, byGRPC, []string{"theirs", "ours"}},
		"gRPC, by variables": {
			telemetry.TraceConfig{Protocol: "auto", Sample: 1},
			map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": byGRPC.URL, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
			byGRPC,
			[]string{"theirs", "ours"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(tt.to.Spans())
			tr, _, err := tracing(t, tt.config, tt.env)
			require.NoError(t, err)
			work(t, tr)
			var names []string
			for _, span := range tt.to.Spans()[before:] {
				names = append(names, span.GetName())
				require.Equal(t, "parser", span.Service)
			}
			require.Equal(t, tt.want, names, "also what was pending at the end")
		})
	}
}

func TestTracesAreOff(t *testing.T) {
	collector := otlptest.HTTP(t)
	on := telemetry.TraceConfig{Endpoint: collector.URL, Sample: 1}
	for name, tt := range map[string]struct {
		config telemetry.TraceConfig
		env    map[string]string
	}{
		"by default":             {telemetry.TraceConfig{Protocol: "auto", Sample: 1}, nil},
		"by the SDK's variable":  {on, map[string]string{"OTEL_SDK_DISABLED": "true"}},
		"by the exporter's name": {on, map[string]string{"OTEL_TRACES_EXPORTER": "none"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			tr, _, err := tracing(t, tt.config, tt.env)
			require.NoError(t, err)
			_, span := tr.Tracer("test").Start(t.Context(), "ours")
			require.False(t, span.IsRecording(), "it costs nothing")
			work(t, tr)
			require.Empty(t, collector.Spans())
		})
	}
}

func TestTraceConfigRefuses(t *testing.T) {
	for want, tt := range map[string]struct {
		config telemetry.TraceConfig
		env    map[string]string
	}{
		`traces.sample is 2; give a share from 0 to 1`:                             {telemetry.TraceConfig{Sample: 2}, nil},
		`traces.endpoint is "collector"; give a URL such as http://127.0.0.1:4318`: {telemetry.TraceConfig{Endpoint: "collector"}, nil},
		`OTEL_TRACES_EXPORTER is "zipkin"; only otlp and none are known`:           {telemetry.TraceConfig{}, map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}},
		`OTEL_EXPORTER_OTLP_PROTOCOL is "http/json"; only http/protobuf and grpc are known`: {
			telemetry.TraceConfig{}, map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"},
		},
	} {
		_, _, err := tracing(t, tt.config, tt.env)
		require.EqualError(t, err, want)
	}
}

// TestABrokenCollectorHoldsNothingUp: spans that cannot be sent are lost, and the
// log says so.
func TestABrokenCollectorHoldsNothingUp(t *testing.T) {
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "out of order", http.StatusNotImplemented)
	}))
	defer broken.Close()
	tr, logs, err := tracing(t, telemetry.TraceConfig{Endpoint: broken.URL, Sample: 1}, nil)
	require.NoError(t, err)
	for range 10_000 { // more than are kept
		_, span := tr.Tracer("test").Start(context.Background(), "parse")
		span.End()
	}
	work(t, tr)
	require.NotZero(t, logs.FilterMessage("traces not sent, and lost").Len())
}

func BenchmarkSpanWithoutACollector(b *testing.B) {
	tr, err := telemetry.StartTracing(b.Context(), telemetry.TraceConfig{Sample: 1}, "parser", zap.NewNop())
	require.NoError(b, err)
	defer tr.Close()
	tracer := tr.Tracer("test")
	b.ReportAllocs()
	for b.Loop() {
		_, span := tracer.Start(b.Context(), "parse")
		span.End()
	}
}
