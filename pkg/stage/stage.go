package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Func is all that a stage's author writes: one message in, any number out. The
// error may be a verdict of this package.
type Func[In any] func(ctx context.Context, in In) ([]Out, error)

// Out is a message to publish.
type Out struct {
	// Subject to publish on.
	Subject string
	// ID is the message's id for deduplication. It must follow from the input
	// alone, so that a repeat gives the same. The runner adds a replay's run to it.
	ID string
	// Among is a filter of all subjects that an output of this id could stand on, where
	// that does not follow from the input alone: an event's language and topic may come
	// out otherwise after an upgrade. Empty: Subject only.
	Among string
	// Message is the payload.
	Message proto.Message
	// Format is how it is written.
	Format bus.Format
	// Header is added to the message.
	Header map[string]string
	// Expect, if not nil, is the sequence that the last message on the subject
	// must have. 0 means that there must be none: a refusal then says that the
	// message is known already, and is no error. A refusal of any other sequence
	// means that somebody else wrote in between; the input is retried.
	Expect *uint64
	// At, if not zero, makes this a scheduled message: it stands on Subject until
	// then and appears on Target.
	At     time.Time
	Target string
	// Last is published only after the server has confirmed all others: for what
	// says that the work is done.
	Last bool
	// Detached begins a trace of its own, where what follows from the message is
	// no part of the input's story: the next poll of a feed.
	Detached bool
	// Published and FirstSeen are the article's times, for the freshness and
	// transit metrics; zero where they do not apply.
	Published, FirstSeen time.Time
}

// New is the value of Out.Expect for a subject that must be empty.
func New() *uint64 { return new(uint64) }

// Raw is a message as it came.
type Raw struct {
	Subject string
	Header  nats.Header
	Data    []byte
}

// Decoder makes a handler's input of a message.
type Decoder[In any] func(Raw) (In, error)

// Decode is the Decoder of protobuf messages (or JSON, if the headers say so),
// compressed or not.
func Decode[M any, P interface {
	*M
	proto.Message
}](raw Raw) (P, error) {
	m := P(new(M))
	if err := bus.Decode(raw.Header, raw.Data, m); err != nil {
		return nil, err
	}
	return m, nil
}

// AsIs is the Decoder of stages that read the payload themselves.
func AsIs(raw Raw) (Raw, error) { return raw, nil }

// Delivery says which delivery of a message a handler has in hand.
type Delivery struct {
	// Stage is the stage's name.
	Stage string
	// Attempt counts deliveries, from 1.
	Attempt int
	// Stored is when the message was published.
	Stored time.Time
	// Sequence is the message's place in its stream.
	Sequence uint64
	// Started is when the handler was called.
	Started time.Time
	// Replay is the run that the message belongs to.
	Replay Replay
}

type deliveryKey struct{}

// WithDelivery returns a context in which DeliveryFrom returns d: for tests of
// handlers, which the runner calls in such a one.
func WithDelivery(ctx context.Context, d Delivery) context.Context {
	return context.WithValue(ctx, deliveryKey{}, d)
}

// DeliveryFrom returns the delivery that a handler's context belongs to; the
// zero Delivery outside a handler.
func DeliveryFrom(ctx context.Context) Delivery {
	d, _ := ctx.Value(deliveryKey{}).(Delivery)
	return d
}

// Settings are what a runner is given besides its handler. Bus and Metrics are
// required.
type Settings struct {
	Bus     *bus.Bus
	Metrics *Metrics
	Log     *zap.Logger
	Tracer  trace.TracerProvider
	// Topology is used to create the consumer again if somebody deletes it;
	// nil where this process may not.
	Topology *topology.Options
	// Workers is how many handlers run at once.
	Workers int
	// MaxInFlight bounds the messages in hand, those waiting for confirmation
	// included.
	MaxInFlight int
	// MaxAttempts is how often a message is tried before it is quarantined.
	MaxAttempts int
	// Deadline bounds one call of the handler.
	Deadline time.Duration
	// Drain is how long work in hand may go on after a stop.
	Drain time.Duration
	// Backoff is the delay between attempts.
	Backoff Backoff
	// Hold says that no new work is to be taken for now; nil: it always is. What is in
	// hand goes on.
	Hold func() bool
	// Version of the program and Host, for the quarantine.
	Version, Host string
}

// Defaults, chosen for stages that wait for the network or for two cores alike.
const (
	defaultMaxAttempts = 5
	defaultDeadline    = 2 * time.Minute
	defaultDrain       = 20 * time.Second
	// maxDeliveriesFactor times MaxAttempts deliveries without any outcome mean
	// that the message kills its process. It is well above the attempts, since a
	// restart of a healthy process costs a delivery, too.
	maxDeliveriesFactor = 4
)

func (s Settings) withDefaults() (Settings, error) {
	if s.Bus == nil || s.Metrics == nil {
		return s, errors.New("stage settings need a bus and metrics")
	}
	if s.Log == nil {
		s.Log = zap.NewNop()
	}
	if s.Tracer == nil {
		s.Tracer = noop.NewTracerProvider()
	}
	if s.Workers <= 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if s.MaxInFlight <= 0 {
		s.MaxInFlight = 4 * s.Workers
	}
	if s.MaxAttempts <= 0 {
		s.MaxAttempts = defaultMaxAttempts
	}
	if s.Deadline <= 0 {
		s.Deadline = defaultDeadline
	}
	if s.Drain <= 0 {
		s.Drain = defaultDrain
	}
	s.Backoff = s.Backoff.withDefaults()
	if s.Host == "" {
		host, err := os.Hostname()
		if err != nil {
			return s, fmt.Errorf("find this host's name: %w", err)
		}
		s.Host = host
	}
	return s, nil
}

// Metrics are the numbers that every stage has. One Metrics serves all stages
// of a process.
type Metrics struct {
	ledger    *ledger
	duration  *prometheus.HistogramVec
	paused    *prometheus.GaugeVec
	wait      *prometheus.HistogramVec
	freshness *prometheus.HistogramVec
	transit   *prometheus.HistogramVec
}

// NewMetrics registers the metrics.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		ledger: newLedger(),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "dateline_stage_duration_seconds",
			Help:    "Time a stage's handler took for one message.",
			Buckets: prometheus.ExponentialBucketsRange(0.0005, 60, 18),
		}, []string{"stage"}),
		paused: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "dateline_stage_paused",
			Help: "1 while the stage waits for the one after it to catch up, or for room on the disk, else 0.",
		}, []string{"stage"}),
		wait: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "dateline_stage_wait_seconds",
			Help:    "Time from when a message was stored to when the stage first took it up.",
			Buckets: ageBuckets,
		}, []string{"stage"}),
		freshness: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "dateline_freshness_seconds",
			Help:    "Time from an article's publication to the end of the stage.",
			Buckets: ageBuckets,
		}, []string{"stage"}),
		transit: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "dateline_transit_seconds",
			Help:    "Time from Dateline's first sight of an article to the end of the stage.",
			Buckets: ageBuckets,
		}, []string{"stage"}),
	}
	reg.MustRegister(m.ledger, m.duration, m.paused, m.wait, m.freshness, m.transit)
	return m
}

// ageBuckets reach from a hundredth of a second to a week: an article may wait
// in a feed, or behind a busy host, for long.
var ageBuckets = []float64{.01, .03, .1, .3, 1, 3, 10, 30, 60, 300, 900, 3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600}

// ID is the deterministic id of what a stage publishes of an article.
func ID(articleID string, revision uint32, stage string) string {
	return fmt.Sprintf("%s:%d:%s", articleID, revision, stage)
}
