package fetch

import (
	"context"
	"net/http"
	"net/url"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
)

// startRequest begins the span of a request, a part of its message's span. Names
// and attributes are those of OpenTelemetry's semantic conventions for HTTP
// clients. The URL itself is not among them: it may hold a key.
func startRequest(ctx context.Context, req httpget.Request) (context.Context, trace.Span) {
	tracer := trace.SpanFromContext(ctx).TracerProvider().Tracer("github.com/dateline-news/dateline/services/fetcher/fetch")
	host := ""
	if u, err := url.Parse(req.URL); err == nil {
		host = u.Host
	}
	return tracer.Start(ctx, http.MethodGet, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.request.method", http.MethodGet),
		attribute.String("server.address", host),
		attribute.String("dateline.kind", req.Kind),
	))
}

// endRequest ends the span of a request with its outcome.
func endRequest(span trace.Span, resp *httpget.Response, err error) {
	defer span.End()
	if err != nil {
		span.SetAttributes(attribute.String("error.type", httpget.Class(err)))
		span.SetStatus(codes.Error, "")
		return
	}
	span.SetAttributes(
		attribute.Int("http.response.status_code", resp.Status),
		attribute.Int("http.response.body.size", len(resp.Body)))
	if resp.Status >= http.StatusBadRequest {
		span.SetAttributes(attribute.String("error.type", statusLabel(resp.Status)))
		span.SetStatus(codes.Error, "")
	}
}
