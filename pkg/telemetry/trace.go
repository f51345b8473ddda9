package telemetry

import (
	"net/textproto"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

var _ trace.TracerProvider = (*sdktrace.TracerProvider)(nil)

// NewTracerProvider returns a provider for service. Without options it exports
// nothing, yet it gives every span its ids, so that an article's way can be
// followed through logs and headers; sdktrace.WithBatcher adds an exporter. A
// parent's decision on sampling is honoured. The caller ends it with Shutdown,
// which writes out what is pending.
func NewTracerProvider(service string, opts ...sdktrace.TracerProviderOption) *sdktrace.TracerProvider {
	return sdktrace.NewTracerProvider(append([]sdktrace.TracerProviderOption{
		sdktrace.WithResource(resource.NewSchemaless(aboutService(service)...)),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.AlwaysSample())),
	}, opts...)...)
}

// Propagator carries trace contexts as W3C Trace Context headers.
func Propagator() propagation.TextMapPropagator { return propagation.TraceContext{} }

// HeaderCarrier carries a trace context in the headers of a NATS message, whose
// names are case-sensitive: it writes the names in lower case, as W3C Trace
// Context (section 3.2.1) spells them. It also reads the form "Traceparent", in
// which publishers that treat the headers as HTTP's write them.
//
// Set needs a non-nil map.
type HeaderCarrier map[string][]string

var _ propagation.TextMapCarrier = HeaderCarrier(nil)

// Get returns the first value of key, or an empty string.
func (c HeaderCarrier) Get(key string) string {
	key = strings.ToLower(key)
	for _, name := range [...]string{key, textproto.CanonicalMIMEHeaderKey(key)} {
		if values := c[name]; len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// Set replaces the values of key, in whichever case they were, by value.
func (c HeaderCarrier) Set(key, value string) {
	key = strings.ToLower(key)
	delete(c, textproto.CanonicalMIMEHeaderKey(key))
	c[key] = []string{value}
}

// Keys returns the names as they stand in the headers.
func (c HeaderCarrier) Keys() []string {
	keys := make([]string, 0, len(c))
	for k := range c {
		keys = append(keys, k)
	}
	return keys
}
