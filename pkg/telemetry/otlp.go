package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/zap"
)

// TraceConfig says where traces go. OpenTelemetry's own variables
// (OTEL_EXPORTER_OTLP_*, OTEL_TRACES_EXPORTER, OTEL_TRACES_SAMPLER, OTEL_BSP_*,
// OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME, OTEL_SDK_DISABLED) are heeded, too.
type TraceConfig struct {
	Endpoint string  `config:"endpoint" help:"OTLP collector that traces go to, such as http://127.0.0.1:4318; empty: that of OTEL_EXPORTER_OTLP_ENDPOINT, and where that is empty, too, none are sent"`
	Protocol string  `config:"protocol" default:"auto" oneof:"auto,http/protobuf,grpc" help:"how the collector is spoken to; auto is what OTEL_EXPORTER_OTLP_PROTOCOL says, else http/protobuf"`
	Sample   float64 `config:"sample" default:"1" help:"share of the traces begun here that are recorded, 0 to 1; who submits with a trace of their own decides for it. OTEL_TRACES_SAMPLER goes before this"`
}

// Protocols of OTLP.
const (
	protocolAuto = "auto"
	protocolHTTP = "http/protobuf"
	protocolGRPC = "grpc"
)

// shutdownTraces bounds the time that a process spends on its last traces.
const shutdownTraces = 5 * time.Second

// Tracing is the source of a process's spans.
type Tracing struct {
	*sdktrace.TracerProvider
	log *zap.Logger
}

// StartTracing returns the source of the spans of service, which sends them to
// the collector that is configured. Where none is, spans are not recorded, but
// ids are passed on, so that a submitter's trace reaches the event. Sending never
// holds up work: what a collector does not take in time is lost, and logged.
func StartTracing(ctx context.Context, c TraceConfig, service string, log *zap.Logger) (*Tracing, error) {
	protocol, on, err := c.resolve()
	if err != nil {
		return nil, err
	}
	if !on {
		return &Tracing{NewTracerProvider(service, sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.NeverSample()))), log}, nil
	}
	exporter, err := c.exporter(ctx, protocol)
	if err != nil {
		return nil, fmt.Errorf("send traces by %s: %w", protocol, err)
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(aboutService(service)...), resource.WithHost(), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("describe this process for traces: %w", err)
	}
	opts := []sdktrace.TracerProviderOption{
		sdktrace.WithResource(about),
		sdktrace.WithBatcher(reporting{exporter, log}),
	}
	if os.Getenv("OTEL_TRACES_SAMPLER") == "" {
		opts = append(opts, sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(c.Sample))))
	}
	log.Info("traces are sent", zap.String("protocol", protocol), zap.String("endpoint", c.Endpoint), zap.Float64("sample", c.Sample))
	return &Tracing{sdktrace.NewTracerProvider(opts...), log}, nil
}

// Close sends what is pending, for at most a few seconds.
func (t *Tracing) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTraces)
	defer cancel()
	if err := t.Shutdown(ctx); err != nil {
		t.log.Warn("the last traces were not sent", zap.Error(err))
	}
}

// resolve says by which protocol traces are sent, and whether they are.
func (c TraceConfig) resolve() (protocol string, on bool, err error) {
	if c.Sample < 0 || c.Sample > 1 {
		return "", false, fmt.Errorf("traces.sample is %v; give a share from 0 to 1", c.Sample)
	}
	if c.Endpoint != "" {
		u, err := url.Parse(c.Endpoint)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return "", false, fmt.Errorf("traces.endpoint is %q; give a URL such as http://127.0.0.1:4318", c.Endpoint)
		}
	}
	exporter := os.Getenv("OTEL_TRACES_EXPORTER")
	switch {
	case os.Getenv("OTEL_SDK_DISABLED") == "true", exporter == "none":
		return "", false, nil
	case exporter != "" && exporter != "otlp":
		return "", false, fmt.Errorf("OTEL_TRACES_EXPORTER is %q; only otlp and none are known", exporter)
	}
	on = c.Endpoint != "" || exporter == "otlp" || firstSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT") != ""
	protocol = c.Protocol
	if protocol == "" || protocol == protocolAuto {
		protocol = firstSet("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
	}
	switch protocol {
	case "":
		protocol = protocolHTTP
	case protocolHTTP, protocolGRPC:
	default:
		return "", false, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q; only %s and %s are known", protocol, protocolHTTP, protocolGRPC)
	}
	return protocol, on, nil
}

func firstSet(names ...string) string {
	for _, name := range names {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}

func (c TraceConfig) exporter(ctx context.Context, protocol string) (sdktrace.SpanExporter, error) {
	if protocol == protocolGRPC {
		var opts []otlptracegrpc.Option
		if c.Endpoint != "" {
			opts = append(opts, otlptracegrpc.WithEndpointURL(c.Endpoint))
		}
		return otlptracegrpc.New(ctx, opts...)
	}
	var opts []otlptracehttp.Option
	if c.Endpoint != "" {
		u, err := url.Parse(c.Endpoint)
		if err != nil {
			return nil, err
		}
		if u.Path == "" || u.Path == "/" {
			// The collector's base address, as OTEL_EXPORTER_OTLP_ENDPOINT gives it.
			u.Path = "/v1/traces"
		}
		opts = append(opts, otlptracehttp.WithEndpointURL(u.String()))
	}
	return otlptracehttp.New(ctx, opts...)
}

// reporting tells this process's log of failures, where the library would write
// to standard error in a form of its own.
type reporting struct {
	sdktrace.SpanExporter
	log *zap.Logger
}

// ExportSpans implements sdktrace.SpanExporter.
func (r reporting) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := r.SpanExporter.ExportSpans(ctx, spans)
	if err != nil && !errors.Is(err, context.Canceled) {
		r.log.Warn("traces not sent, and lost", zap.Int("spans", len(spans)), zap.Error(err))
	}
	return nil
}

// aboutService are attributes of the OpenTelemetry semantic conventions, section
// "Service".
func aboutService(name string) []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String("service.namespace", "dateline"),
		attribute.String("service.name", name),
		attribute.String("service.version", Version()),
	}
}
