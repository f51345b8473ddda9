package fetch

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
	"github.com/dateline-news/dateline/services/fetcher/internal/robots"
)

// Feeds is the registry.
type Feeds interface {
	Get(ctx context.Context, key string) (*datelinev1.FeedRecord, uint64, error)
	Put(ctx context.Context, key string, record *datelinev1.FeedRecord, revision uint64) (uint64, error)
	Delete(ctx context.Context, key string) error
	// Follow calls fn for every entry, then caughtUp, and then fn for every change,
	// until ctx ends.
	Follow(ctx context.Context, fn func(bus.Entry[*datelinev1.FeedRecord]) error, caughtUp func() error) error
	// Subject is the subject that an entry is written by, for a write that
	// belongs to a stage's output.
	Subject(key string) string
}

// Polls tells which polls there are: scheduled, due or in hand.
type Polls interface {
	// Has says whether there is a message on a subject.
	Has(ctx context.Context, subject string) (bool, error)
	// Count is how many there are.
	Count(ctx context.Context) (int, error)
	// Subjects are those of all schedules and due polls.
	Subjects(ctx context.Context) (map[string]struct{}, error)
}

// Waits are the pages that wait for their time.
type Waits interface {
	// Hasten has all pages that wait for a time after the given one wait for another,
	// and returns how many there were.
	Hasten(ctx context.Context, after, to time.Time) (int, error)
}

// Known is an entry of the seen-set.
type Known struct {
	// Article as it was written last; nil if there is none.
	Article *datelinev1.Article
	// Sequence of that write; 0 if there is none.
	Sequence uint64
	// Owner is the submission that made the entry.
	Owner string
}

// Seen is the seen-set.
type Seen interface {
	// Last looks up what was written last on a subject.
	Last(ctx context.Context, subject string) (Known, error)
	// Mark writes an entry, if the last one is still the given one. It returns
	// bus.ErrConflict if it is not.
	Mark(ctx context.Context, subject string, after uint64, owner string, article *datelinev1.Article) error
	// Visit looks up the last visit of an article's page, and the sequence of its
	// entry; nil and 0 if there was none.
	Visit(ctx context.Context, articleID string) (*datelinev1.Visit, uint64, error)
}

// Answer answers a submitter.
type Answer func(header nats.Header, m proto.Message) error

// Deps are what a Fetcher needs of the world.
type Deps struct {
	Feeds    Feeds
	Polls    Polls
	Waits    Waits
	Slots    slots
	Seen     Seen
	Answer   Answer
	Log      *zap.Logger
	Registry prometheus.Registerer
	// Publish publishes a message that is no stage's output, and waits until it is
	// stored.
	Publish func(ctx context.Context, msg *nats.Msg) error
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Fetcher holds the fetcher's handlers. Close it when they no longer run.
type Fetcher struct {
	cfg     Config
	deps    Deps
	log     *zap.Logger
	client  *httpget.Client
	robots  *robots.Cache
	budget  *budget
	awaited awaited
	pace    *pace
	plan    pollplan.Config
	looks   []time.Duration
	metrics *metrics
	// census is the last full count of the feeds; nil before the first.
	census atomic.Pointer[census]
	hubs   *hubMetrics
	now    func() time.Time
	random func() float64
}

// New makes a Fetcher.
func New(cfg Config, deps Deps) (*Fetcher, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.Log == nil {
		deps.Log = zap.NewNop()
	}
	looks, err := cfg.refetches()
	if err != nil {
		return nil, err
	}
	f := &Fetcher{
		cfg: cfg, deps: deps, log: deps.Log,
		client: httpget.New(httpget.Config{
			UserAgent: cfg.userAgent(), AllowPrivate: cfg.AllowPrivate, AllowHosts: cfg.AllowHosts,
			Timeout: cfg.Timeout, MaxBytes: int64(cfg.MaxBytes), Proxy: cfg.Proxy, Now: deps.Now,
		}),
		budget: &budget{
			slots: deps.Slots, delay: cfg.HostDelay, connections: cfg.HostConnections, timeout: cfg.Timeout,
			bridges: cfg.BridgeHosts, now: deps.Now,
		},
		pace:    newPace(cfg.PollRate, deps.Now),
		looks:   looks,
		plan:    pollplan.Config{Min: cfg.MinInterval, Max: cfg.MaxInterval},
		metrics: newMetrics(deps.Registry),
		hubs:    newHubMetrics(deps.Registry),
		now:     deps.Now,
		random:  rand.Float64,
	}
	f.robots = robots.New(f.getRobots, robots.Config{Agent: agent, Now: deps.Now})
	return f, nil
}

// Close ends idle connections.
func (f *Fetcher) Close() { f.client.Close() }

// Kinds of requests.
const (
	kindFeed   = "feed"
	kindPage   = "page"
	kindRobots = "robots"
	kindHub    = "hub"
)

type metrics struct {
	responses *prometheus.CounterVec
	bytes     *prometheus.CounterVec
	feeds     *prometheus.GaugeVec
	pollLag   prometheus.Histogram
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		responses: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dateline_fetch_responses_total",
			Help: "Requests made, by kind (feed, page, robots, hub) and by status code or class of error.",
		}, []string{"kind", "code"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dateline_fetch_bytes_total",
			Help: "Bytes received, after decompression, by kind.",
		}, []string{"kind"}),
		feeds: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "dateline_feeds",
			Help: "Feeds registered, by state; corrupt: the record cannot be read.",
		}, []string{"state"}),
		pollLag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "dateline_feed_poll_lag_seconds",
			Help:    "Time from when a poll was due to when it was made.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800},
		}),
	}
	if reg != nil {
		reg.MustRegister(m.responses, m.bytes, m.feeds, m.pollLag)
	}
	return m
}
