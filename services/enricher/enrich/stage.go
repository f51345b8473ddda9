package enrich

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/cluster"
	"github.com/dateline-news/dateline/services/enricher/watch"
	"github.com/dateline-news/dateline/services/internal/trail"
)

// Settings is the enricher's section of the configuration.
type Settings struct {
	Languages []string `config:"languages" help:"languages to tell apart, as ISO 639-1 codes, comma-separated; none: all 75"`
	Enricher  struct {
		Disable  []string `config:"disable" help:"annotators to switch off, comma-separated"`
		Encoding string   `config:"encoding" default:"json" oneof:"json,protobuf" help:"how enriched events are written"`
		Workers  int      `config:"workers" help:"articles enriched at once; 0: one a core"`
		// Near-duplicates.
		ClusterMax int           `config:"cluster-max" default:"200000" help:"articles among which near-duplicates are looked for; some 0.8 KB of memory each"`
		ClusterAge time.Duration `config:"cluster-age" default:"72h" help:"age up to which articles are looked at for near-duplicates, at most 168h"`
	} `config:"enricher"`
}

// Build makes the enricher's stages: the one that enriches, and the one that puts events to
// the standing searches. Models load in the background, so that both are ready at once.
func Build(ctx context.Context, env worker.Env, s Settings) ([]worker.Stage, func(), error) {
	h := newHandler(env, s.Enricher.Encoding)
	enricher, err := New(Config{Languages: s.Languages, Disable: s.Enricher.Disable}, h.observe)
	if err != nil {
		return nil, nil, err
	}
	h.enricher = enricher
	collectors := []prometheus.Collector{h.articles, h.annotators}
	if !slices.Contains(s.Enricher.Disable, cluster.Annotator) {
		h.clusters, err = cluster.New(env.Bus, h.log, s.Enricher.ClusterMax, s.Enricher.ClusterAge)
		if err != nil {
			return nil, nil, err
		}
		collectors = append(collectors, h.clusters.Collectors()...)
	}
	for _, c := range collectors {
		if err := env.Registry.Register(c); err != nil {
			return nil, nil, err
		}
	}
	settings := env.Settings
	settings.Workers = s.Enricher.Workers
	runner, err := stage.NewRunner(topology.Enricher, stage.Decode[datelinev1.Article], h.handle, settings)
	if err != nil {
		return nil, nil, err
	}
	var enriching worker.Stage = runner
	if h.clusters != nil {
		enriching = h.clusters.With(runner)
	}
	alerts, err := watch.Build(ctx, env)
	if err != nil {
		return nil, nil, err
	}
	return []worker.Stage{&warmer{h: h}, enriching, alerts}, func() {}, nil
}

type handler struct {
	enricher *Enricher
	// clusters is nil where they are switched off.
	clusters   *cluster.Clusters
	format     bus.Format
	log        *zap.Logger
	articles   *prometheus.CounterVec
	annotators *prometheus.HistogramVec
}

func newHandler(env worker.Env, encoding string) *handler {
	h := &handler{
		format: bus.JSON,
		log:    env.Log.With(zap.String("stage", topology.Enricher.Name)),
		articles: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dateline_enrich_articles_total",
			Help: "Articles enriched, by language.",
		}, []string{"language"}),
		annotators: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "dateline_annotator_duration_seconds",
			Help:    "Time that an annotator took for one article.",
			Buckets: prometheus.ExponentialBucketsRange(0.00001, 1, 16),
		}, []string{"annotator"}),
	}
	if encoding == "protobuf" {
		h.format = bus.Protobuf
	}
	return h
}

func (h *handler) observe(annotator string, took time.Duration) {
	h.annotators.WithLabelValues(annotator).Observe(took.Seconds())
}

// handle makes an enriched event of a document.
//
//  1. The text's signature goes out, and its place among the others comes back
//     while the work goes on. In a replay the article keeps the place that it has.
//  2. Every annotator adds its part.
//  3. The index of signatures says which cluster the article belongs to.
//  4. The event goes out on the subject that names its language and topic.
func (h *handler) handle(ctx context.Context, in *datelinev1.Article) ([]stage.Out, error) {
	if in.GetId() == "" {
		return nil, stage.Permanent(errors.New("the message is no article: id is empty"))
	}
	place, kept, err := h.place(ctx, in)
	if err != nil {
		return nil, err
	}
	enrichment, err := h.enricher.Enrich(ctx, in.GetDocument())
	var empty *Empty
	if errors.As(err, &empty) {
		h.log.Info("article dropped", zap.String("article", in.GetId()), zap.String("reason", "empty"))
		return nil, stage.Drop("empty")
	}
	if err != nil {
		return nil, err
	}
	if kept != nil {
		kept.Restore(enrichment)
	}
	if place != nil {
		h.observe(cluster.Annotator, h.clusters.Finish(ctx, place, enrichment))
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("enriching, in annotator %s: %w", cluster.Annotator, err)
		}
	}
	article := proto.CloneOf(in)
	article.Enrichment = enrichment
	article.Trail = append(article.Trail, trail.Stamp(ctx))

	lang, topic := enrichment.GetLanguage().GetCode(), ""
	if topics := enrichment.GetTopics(); len(topics) > 0 {
		topic = topics[0].GetSlug()
	}
	h.articles.WithLabelValues(lang).Inc()
	id := stage.ID(article.GetId(), article.GetRevision(), topology.Enricher.Name)
	out := stage.Out{
		Subject: topology.ArticleEnriched(lang, topic, article.GetId()),
		Among:   topology.EventsOf(article.GetId()),
		ID:      id,
		Message: article,
		Format:  h.format,
		Header:  cloudEvent(stage.DeliveryFrom(ctx).Replay.Mark(id), article),
	}
	if article.GetFetch().GetRefetch() > 0 {
		// Another look says nothing of how fresh news are.
		return []stage.Out{out}, nil
	}
	out.FirstSeen = article.GetFirstSeenAt().AsTime()
	if at := article.GetDocument().GetPublishedAt(); at != nil {
		out.Published = at.AsTime()
	}
	return []stage.Out{out}, nil
}

// place begins to look for an article's cluster, or finds the one that it has already and
// keeps in a replay. Both are nil where clusters are switched off.
func (h *handler) place(ctx context.Context, in *datelinev1.Article) (*cluster.Placement, *cluster.Kept, error) {
	if h.clusters == nil {
		return nil, nil, nil
	}
	if stage.DeliveryFrom(ctx).Replay.Run != "" {
		kept, err := h.clusters.Recall(ctx, in.GetId())
		if kept != nil || err != nil {
			return nil, kept, err
		}
	}
	return h.clusters.Begin(in), nil, nil
}

// EventType is the CloudEvents type of an enriched event.
const EventType = "org.dateline.article.enriched.v1"

// cloudEvent gives the CloudEvents attributes as headers. The NATS binding 1.0.2
// knows structured mode only; headers named ce-* are this project's convention,
// after the HTTP binding (section 3.1). All values are ASCII: a normalised URL is.
func cloudEvent(id string, a *datelinev1.Article) map[string]string {
	source := a.GetSource().GetFeedUrl()
	if source == "" {
		source = "urn:dateline:" + topology.SubjectArticleSubmit
	}
	return map[string]string{
		"ce-specversion": "1.0",
		"ce-id":          id,
		"ce-source":      source,
		"ce-type":        EventType,
		"ce-subject":     a.GetId(),
		"ce-time":        a.GetFirstSeenAt().AsTime().Format(time.RFC3339Nano),

		stage.HeaderArticle: a.GetId(),
	}
}

// warmer loads the models while the stage works already.
type warmer struct{ h *handler }

// Name implements worker.Stage.
func (w *warmer) Name() string { return "enricher-models" }

// Ready implements worker.Stage: the models load on demand until they are warm.
func (w *warmer) Ready() error { return nil }

// Run implements worker.Stage.
func (w *warmer) Run(ctx context.Context) error {
	started := time.Now()
	if err := w.h.enricher.Warm(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("load the models: %w", err)
	}
	w.h.log.Info("models loaded", zap.Duration("took", time.Since(started)))
	<-ctx.Done()
	return nil
}
