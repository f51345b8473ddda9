package topology

import (
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Names of the streams and buckets.
const (
	StreamSubmissions = "SUBMISSIONS"
	StreamFeeds       = "FEEDS"
	StreamFetch       = "FETCH"
	StreamPages       = "PAGES"
	StreamFetched     = "FETCHED"
	StreamArchive     = "ARCHIVE"
	StreamParsed      = "PARSED"
	StreamEnriched    = "ENRICHED"
	StreamClusters    = "CLUSTERS"
	StreamQuarantine  = "QUARANTINE"
	StreamAlerts      = "ALERTS"

	BucketFeeds = "feeds"
	BucketHosts = "hosts"
	// BucketTemplates holds what the pages of each host have in common.
	BucketTemplates = "templates"
	// BucketWatches holds the standing searches, by name.
	BucketWatches = "watches"
	// BucketLarge is the object store of payloads that are over the server's
	// max_payload.
	BucketLarge = "large"
)

// MinAPILevel is the JetStream API level that Dateline needs: message schedules
// as nats-server 2.14 and later fix them (level 4).
const MinAPILevel = 4

// Options are what a deployment may choose.
type Options struct {
	// Replicas of every stream, consumer and bucket: 1 or, in a cluster, 3.
	Replicas int
	// MaxStore is the disk that all streams together may take, in bytes. Each
	// stream gets its share of it.
	MaxStore int64
}

// DefaultMaxStore is the disk taken where nothing is configured, in bytes.
const DefaultMaxStore = 10 << 30

func (o Options) withDefaults() Options {
	if o.Replicas == 0 {
		o.Replicas = 1
	}
	if o.MaxStore == 0 {
		o.MaxStore = DefaultMaxStore
	}
	return o
}

// share is a part of the store in percent. The parts add up to 97, so that the
// streams without a limit of their own (FEEDS, FETCH, PAGES, other buckets), which
// hold small messages bounded by the number of feeds and articles, have room.
func (o Options) share(percent int64) int64 { return o.MaxStore / 100 * percent }

const day = 24 * time.Hour

// Streams returns the configuration of every stream, in the order of an
// article's way.
func Streams(o Options) []jetstream.StreamConfig {
	o = o.withDefaults()
	return []jetstream.StreamConfig{
		{
			Name:        StreamSubmissions,
			Description: "what publishers send, until it is taken over",
			Subjects:    []string{SubjectFeedSubmit, SubjectFeedRemove, SubjectArticleSubmit, "feeds.deliver.*"},
			Retention:   jetstream.WorkQueuePolicy,
			// A full stream refuses the newest, so that a publisher gets an error
			// and nobody's submission is pushed out in silence.
			Discard:    jetstream.DiscardNew,
			MaxBytes:   o.share(5),
			Duplicates: 2 * time.Minute,
			Storage:    jetstream.FileStorage,
			Replicas:   o.Replicas,
		},
		{
			Name:        StreamFeeds,
			Description: "one scheduled message a feed, and the polls that are due",
			Subjects:    []string{"feeds.schedule.>", "feeds.poll.>"},
			Retention:   jetstream.WorkQueuePolicy,
			// No MaxAge: it would expire schedules.
			AllowMsgSchedules: true,
			MaxMsgsPerSubject: 1,
			Duplicates:        2 * time.Minute,
			Storage:           jetstream.FileStorage,
			Replicas:          o.Replicas,
		},
		{
			Name:              StreamFetch,
			Description:       "the articles found: seen-set and queue in one write; other names of articles, the last look at each page, and where articles ended",
			Subjects:          []string{"articles.found.>", "articles.pushed.>", "articles.alias.*", "articles.visited.*", "articles.ended.*.*"},
			Retention:         jetstream.LimitsPolicy,
			MaxMsgsPerSubject: 1,
			MaxAge:            30 * day,
			AllowDirect:       true,
			Duplicates:        2 * time.Minute,
			Storage:           jetstream.FileStorage,
			Replicas:          o.Replicas,
		},
		{
			Name:        StreamPages,
			Description: "pages that wait for their slot on their host, and those that are due",
			Subjects:    []string{"pages.wait.>", "pages.due.>"},
			Retention:   jetstream.WorkQueuePolicy,
			// No MaxAge: it would expire schedules.
			AllowMsgSchedules: true,
			MaxMsgsPerSubject: 1,
			Duplicates:        2 * time.Minute,
			Storage:           jetstream.FileStorage,
			Replicas:          o.Replicas,
		},
		{
			Name:        StreamFetched,
			Description: "raw pages on their way to the parser",
			Subjects:    []string{"articles.fetched.>", "replay.fetched.>"},
			Retention:   jetstream.WorkQueuePolicy,
			Discard:     jetstream.DiscardNew,
			MaxBytes:    o.share(20),
			Duplicates:  10 * time.Minute,
			Storage:     jetstream.FileStorage,
			Replicas:    o.Replicas,
			// Not of what is replayed, which is in the archive already.
			RePublish: &jetstream.RePublish{Source: "articles.fetched.>", Destination: "archive.fetched.>"},
		},
		{
			Name:        StreamArchive,
			Description: "raw pages kept, so that a replay parses again without refetching",
			Subjects:    []string{"archive.>"},
			Retention:   jetstream.LimitsPolicy,
			MaxAge:      7 * day,
			MaxBytes:    o.share(21),
			Duplicates:  2 * time.Minute,
			Storage:     jetstream.FileStorage,
			Replicas:    o.Replicas,
		},
		{
			Name:        StreamParsed,
			Description: "documents on their way to the enricher; kept for replay",
			Subjects:    []string{"articles.parsed.>", "replay.parsed.>"},
			Retention:   jetstream.LimitsPolicy,
			MaxAge:      7 * day,
			MaxBytes:    o.share(10),
			Duplicates:  10 * time.Minute,
			Storage:     jetstream.FileStorage,
			Replicas:    o.Replicas,
		},
		{
			Name:        StreamEnriched,
			Description: "enriched events: the product",
			Subjects:    []string{"articles.enriched.>"},
			Retention:   jetstream.LimitsPolicy,
			MaxAge:      30 * day,
			MaxBytes:    o.share(30),
			// The last word on doubles. This stream keeps its messages, so its
			// memory of ids survives a restart of the server.
			Duplicates:  4 * time.Hour,
			AllowDirect: true,
			Storage:     jetstream.FileStorage,
			Replicas:    o.Replicas,
		},
		{
			Name:        StreamClusters,
			Description: "signatures of texts, by which every enricher finds the near-duplicates",
			Subjects:    []string{"clusters.*"},
			Retention:   jetstream.LimitsPolicy,
			// A revision takes the place of the one before.
			MaxMsgsPerSubject: 1,
			MaxAge:            7 * day,
			MaxBytes:          o.share(2),
			Duplicates:        10 * time.Minute,
			Storage:           jetstream.FileStorage,
			Replicas:          o.Replicas,
		},
		{
			Name:        StreamQuarantine,
			Description: "messages that a stage gave up on, whole, with the reason",
			Subjects:    []string{"quarantine.>"},
			Retention:   jetstream.LimitsPolicy,
			MaxAge:      30 * day,
			MaxBytes:    o.share(5),
			AllowDirect: true,
			Duplicates:  10 * time.Minute,
			Storage:     jetstream.FileStorage,
			Replicas:    o.Replicas,
		},
		{
			Name:        StreamAlerts,
			Description: "events that standing searches match",
			Subjects:    []string{"alerts.*.*"},
			Retention:   jetstream.LimitsPolicy,
			MaxAge:      30 * day,
			MaxBytes:    o.share(2),
			// As for the events: one alert for an event and a watch.
			Duplicates:  4 * time.Hour,
			AllowDirect: true,
			Storage:     jetstream.FileStorage,
			Replicas:    o.Replicas,
		},
	}
}

// Stage is where one stage of the pipeline gets its messages.
type Stage struct {
	// Name is the stage's name in metrics, logs, trails and quarantine; it is
	// also the name of its durable consumer.
	Name string
	// Stream is the stream that it consumes.
	Stream string
	// Filters are the subjects that it consumes.
	Filters []string
	// AckWait is how long the server waits for a sign of life before it
	// delivers a message again.
	AckWait time.Duration
	// Articles says that each message is of one article, so that its end is worth a
	// mark.
	Articles bool
	// Replays says that messages of a run of 'dateline replay' may come. A stage that
	// outsiders publish to must not heed who says so.
	Replays bool
	// Kept is the stream that keeps what the stage takes, to which a replay refers; empty
	// where none does.
	Kept string
	// MaxAckPending bounds what all replicas of the stage together have in hand.
	MaxAckPending int
	// Feeds names the stage that consumes what this one publishes into a stream
	// that drops its oldest; empty where the stream refuses the newest instead.
	// The runner pauses while that stage's backlog is over half of the stream.
	Feeds *Stage
}

// The stages.
var (
	// Registry takes feed submissions and removals.
	Registry = Stage{
		Name: "fetcher-registry", Stream: StreamSubmissions,
		Filters: []string{SubjectFeedSubmit, SubjectFeedRemove},
		AckWait: 30 * time.Second, MaxAckPending: 256,
	}
	// Push takes documents that publishers push.
	Push = Stage{
		Name: "fetcher-push", Stream: StreamSubmissions,
		Filters: []string{SubjectArticleSubmit},
		AckWait: 30 * time.Second, MaxAckPending: 256,
	}
	// Deliver takes feed documents that hubs deliver, and requests to hubs.
	Deliver = Stage{
		Name: "fetcher-deliver", Stream: StreamSubmissions,
		Filters: []string{"feeds.deliver.*"},
		AckWait: 30 * time.Second, MaxAckPending: 256,
	}
	// Poll polls feeds that are due.
	Poll = Stage{
		Name: "fetcher-poll", Stream: StreamFeeds,
		Filters: []string{"feeds.poll.>"},
		AckWait: 30 * time.Second, MaxAckPending: 1024,
	}
	// Admit gives each article found its slot on its host.
	Admit = Stage{
		Name: "fetcher-admit", Stream: StreamFetch, Articles: true,
		Filters: []string{"articles.found.>"},
		AckWait: 30 * time.Second, MaxAckPending: 1024,
	}
	// Page fetches pages that are due.
	Page = Stage{
		Name: "fetcher-page", Stream: StreamPages, Articles: true,
		Filters: []string{"pages.due.>"},
		AckWait: 30 * time.Second, MaxAckPending: 1024,
	}
	// Parser makes documents of pages.
	Parser = Stage{
		Name: "parser", Stream: StreamFetched, Articles: true,
		Filters: []string{"articles.fetched.>", "replay.fetched.>"},
		AckWait: 30 * time.Second, MaxAckPending: 512,
		Replays: true, Kept: StreamArchive,
		Feeds: &Enricher,
	}
	// Enricher makes enriched events of documents.
	Enricher = Stage{
		Name: "enricher", Stream: StreamParsed, Articles: true,
		Filters: []string{"articles.parsed.>", "replay.parsed.>"},
		AckWait: 30 * time.Second, MaxAckPending: 512,
		Replays: true, Kept: StreamParsed,
	}
	// Alerts puts events to the standing searches.
	Alerts = Stage{
		Name: "alerts", Stream: StreamEnriched, Replays: true,
		Filters: []string{"articles.enriched.>"},
		AckWait: 30 * time.Second, MaxAckPending: 512,
	}
)

// Stages returns all stages, in the order of an article's way.
func Stages() []Stage {
	return []Stage{Registry, Push, Deliver, Poll, Admit, Page, Parser, Enricher, Alerts}
}

// Consumer returns the configuration of the stage's durable consumer.
func (s Stage) Consumer(o Options) jetstream.ConsumerConfig {
	o = o.withDefaults()
	return jetstream.ConsumerConfig{
		Durable:        s.Name,
		FilterSubjects: s.Filters,
		DeliverPolicy:  jetstream.DeliverAllPolicy,
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        s.AckWait,
		// The stage counts deliveries itself: a message over the server's limit
		// would stay in a work queue for ever, undeliverable and unreported.
		MaxDeliver:    -1,
		MaxAckPending: s.MaxAckPending,
		Replicas:      o.Replicas,
	}
}

// Buckets returns the configuration of every key-value bucket.
func Buckets(o Options) []jetstream.KeyValueConfig {
	o = o.withDefaults()
	return []jetstream.KeyValueConfig{
		{
			Bucket: BucketFeeds, Description: "the registry of feeds, with their poll state",
			History: 5, Storage: jetstream.FileStorage, Replicas: o.Replicas,
		},
		{
			Bucket: BucketHosts, Description: "host budgets: the next free slot of each host",
			History: 1, TTL: 2 * day, Storage: jetstream.FileStorage, Replicas: o.Replicas,
		},
		{
			Bucket: BucketTemplates, Description: "what the pages of each host have in common",
			// Up to 32 KB a host. When the bucket is full, the parser
			// goes on and learns no more until hosts expire.
			History: 1, TTL: 30 * day, MaxBytes: o.share(2), Compression: true, Storage: jetstream.FileStorage, Replicas: o.Replicas,
		},
		{
			Bucket: BucketWatches, Description: "standing searches, by name",
			History: 1, Storage: jetstream.FileStorage, Replicas: o.Replicas,
		},
	}
}

// LargePayloads returns the configuration of the object store for payloads over
// the server's max_payload. Its objects outlive every stream that refers to
// them.
func LargePayloads(o Options) jetstream.ObjectStoreConfig {
	o = o.withDefaults()
	return jetstream.ObjectStoreConfig{
		Bucket: BucketLarge, Description: "payloads over max_payload, by message id",
		TTL: 31 * day, Storage: jetstream.FileStorage, Replicas: o.Replicas,
	}
}
