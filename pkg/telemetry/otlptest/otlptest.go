// Package otlptest is a collector of traces for tests: it speaks OTLP over HTTP
// and gRPC, and keeps what it is sent.
package otlptest

import (
	"compress/gzip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// Span is a span as it was sent.
type Span struct {
	*tracev1.Span
	// Service is the service.name of the process.
	Service string
}

// ID and Trace are the span's ids as they stand in a traceparent; Parent is
// empty for a root.
func (s Span) ID() string     { return hex.EncodeToString(s.GetSpanId()) }
func (s Span) Trace() string  { return hex.EncodeToString(s.GetTraceId()) }
func (s Span) Parent() string { return hex.EncodeToString(s.GetParentSpanId()) }

// Linked is the id of the span that a link leads to.
func (s Span) Linked(link int) string { return hex.EncodeToString(s.GetLinks()[link].GetSpanId()) }

// Attribute is an attribute's text; empty if there is none.
func (s Span) Attribute(key string) string { return value(s.GetAttributes(), key) }

func value(attributes []*common.KeyValue, key string) string {
	for _, a := range attributes {
		if a.GetKey() == key {
			return a.GetValue().GetStringValue()
		}
	}
	return ""
}

// Collector is a running collector.
type Collector struct {
	coltrace.UnimplementedTraceServiceServer
	// URL is where it listens.
	URL string

	mu    sync.Mutex
	spans []Span
}

// HTTP runs a collector that speaks OTLP over HTTP.
func HTTP(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{}
	server := httptest.NewServer(http.HandlerFunc(c.serve))
	t.Cleanup(server.Close)
	c.URL = server.URL
	return c
}

// GRPC runs a collector that speaks OTLP over gRPC.
func GRPC(t testing.TB) *Collector {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &Collector{URL: "http://" + l.Addr().String()}
	server := grpc.NewServer()
	coltrace.RegisterTraceServiceServer(server, c)
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() { server.Stop(); require.NoError(t, <-done) })
	return c
}

// Spans are all spans that were sent, in order of arrival.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spans[:len(c.spans):len(c.spans)]
}

// Export implements the gRPC service.
func (c *Collector) Export(_ context.Context, req *coltrace.ExportTraceServiceRequest) (*coltrace.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range req.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				c.spans = append(c.spans, Span{span, value(resource.GetResource().GetAttributes(), "service.name")})
			}
		}
	}
	return &coltrace.ExportTraceServiceResponse{}, nil
}

func (c *Collector) serve(w http.ResponseWriter, r *http.Request) {
	req, err := decode(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer, err := c.Export(r.Context(), req)
	if err == nil {
		var body []byte
		if body, err = proto.Marshal(answer); err == nil {
			w.Header().Set("Content-Type", "application/x-protobuf")
			_, err = w.Write(body)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func decode(r *http.Request) (*coltrace.ExportTraceServiceRequest, error) {
	if r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
		return nil, fmt.Errorf("no OTLP: %s %s %s", r.Method, r.URL.Path, r.Header.Get("Content-Type"))
	}
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(body)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		body = unpacked
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	req := &coltrace.ExportTraceServiceRequest{}
	if err := proto.Unmarshal(data, req); err != nil {
		return nil, errors.Join(errors.New("decode OTLP"), err)
	}
	return req, nil
}
