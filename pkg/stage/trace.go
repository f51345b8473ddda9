package stage

import (
	"context"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/topology"
)

// headerCause carries the trace context of the span that a message follows from
// without being a part of its story (Out.Detached), in the form of traceparent.
const headerCause = "Dateline-Cause"

// startSpan begins the span of one delivery: a child of the span that made the
// message, or, where that began a story of its own, the root of a trace with a
// link to it. Names and attributes are those of OpenTelemetry's semantic
// conventions for messaging spans.
func (r *Runner[In]) startSpan(ctx context.Context, d *delivery) context.Context {
	h := d.msg.Headers()
	ctx = propagation.TraceContext{}.Extract(ctx, telemetry.HeaderCarrier(h))
	pattern := template(r.spec, d.msg.Subject())
	opts := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindConsumer)}
	if cause := causeOf(h); cause.IsValid() {
		opts = append(opts, trace.WithLinks(trace.Link{SpanContext: cause}))
	}
	ctx, d.span = r.tracer.Start(ctx, "process "+pattern, opts...)
	if d.span.IsRecording() {
		d.span.SetAttributes(
			attribute.String("messaging.system", "nats"),
			attribute.String("messaging.operation.name", "process"),
			attribute.String("messaging.operation.type", "process"),
			attribute.String("messaging.destination.name", d.msg.Subject()),
			attribute.String("messaging.destination.template", pattern),
			attribute.String("messaging.consumer.group.name", r.spec.Name),
			attribute.String("messaging.message.id", h.Get(jetstream.MsgIDHeader)),
			attribute.Int("messaging.message.body.size", len(d.msg.Data())),
			attribute.String("messaging.nats.stream", r.spec.Stream),
			attribute.Int64("messaging.nats.sequence", int64(d.meta.Sequence.Stream)),
			attribute.Int("messaging.nats.attempt", d.attempt()),
			attribute.String("dateline.article", h.Get(HeaderArticle)),
		)
		d.log = d.log.With(zap.Stringer("trace", d.span.SpanContext().TraceID()))
	}
	return ctx
}

// template is the pattern of a stage's subjects that a subject is of.
func template(spec topology.Stage, subject string) string {
	for _, filter := range spec.Filters {
		if strings.HasPrefix(subject, strings.TrimRight(filter, ".>*")) {
			return filter
		}
	}
	return spec.Stream
}

// inject continues a trace in an output, or says what the output follows from.
func inject(ctx context.Context, o Out, h nats.Header) {
	if !o.Detached {
		propagation.TraceContext{}.Inject(ctx, telemetry.HeaderCarrier(h))
		return
	}
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	h.Set(headerCause, carrier.Get("traceparent"))
}

func causeOf(h nats.Header) trace.SpanContext {
	carrier := propagation.MapCarrier{"traceparent": h.Get(headerCause)}
	return trace.SpanContextFromContext(propagation.TraceContext{}.Extract(context.Background(), carrier))
}

// note tells a delivery's span how it ended.
func (d *delivery) note(outcome, reason string) {
	if !d.span.IsRecording() {
		return
	}
	d.span.SetAttributes(attribute.String("dateline.outcome", outcome), attribute.String("dateline.reason", reason))
	if outcome == outcomeQuarantined || reason == reasonError {
		d.span.SetAttributes(attribute.String("error.type", reason))
		d.span.SetStatus(codes.Error, outcome)
	}
}
