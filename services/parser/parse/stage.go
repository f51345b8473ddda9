package parse

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/internal/trail"
)

// Settings is the parser's section of the configuration.
type Settings struct {
	Parser struct {
		MaxBytes config.Bytes  `config:"max-bytes" default:"10MiB" help:"largest document that is parsed"`
		Budget   time.Duration `config:"budget" default:"10s" help:"longest time for one document"`
		Workers  int           `config:"workers" help:"documents parsed at once; 0: one a core"`
	} `config:"parser"`
}

// Build makes the parser's stage.
func Build(_ context.Context, env worker.Env, s Settings) ([]worker.Stage, func(), error) {
	h := &handler{
		parser: New(Config{MaxBytes: int(s.Parser.MaxBytes), Budget: s.Parser.Budget}),
		log:    env.Log.With(zap.String("stage", topology.Parser.Name)),
		fields: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dateline_parse_fields_total",
			Help: "Fields of documents found, by field and by where it was found.",
		}, []string{"field", "source"}),
	}
	if err := env.Registry.Register(h.fields); err != nil {
		return nil, nil, err
	}
	settings := env.Settings
	settings.Workers = s.Parser.Workers
	runner, err := stage.NewRunner(topology.Parser, stage.Decode[datelinev1.Page], h.handle, settings)
	if err != nil {
		return nil, nil, err
	}
	return []worker.Stage{runner}, func() {}, nil
}

type handler struct {
	parser *Parser
	log    *zap.Logger
	fields *prometheus.CounterVec
}

// handle makes a document of a page.
//
//  1. The page is parsed. What is no article is dropped with its reason; what
//     can never be parsed goes to quarantine.
//  2. The article goes on with the document and without the page's bytes.
func (h *handler) handle(ctx context.Context, page *datelinev1.Page) ([]stage.Out, error) {
	article := page.GetArticle()
	if article.GetId() == "" {
		return nil, stage.Permanent(errors.New("the page belongs to no article: article.id is empty"))
	}
	doc, err := h.parser.Parse(ctx, page)
	var (
		rejected    *Rejected
		undecodable *Undecodable
	)
	switch {
	case errors.As(err, &rejected):
		h.log.Info("page dropped", zap.String("article", article.GetId()), zap.String("reason", rejected.Reason))
		return nil, stage.Drop(rejected.Reason)
	case errors.As(err, &undecodable):
		return nil, stage.Permanent(err)
	case err != nil:
		return nil, err
	}
	for field, origin := range doc.GetOrigins() {
		h.fields.WithLabelValues(field, origin.GetSource()).Inc()
	}
	article = proto.CloneOf(article)
	article.Document = doc
	article.Trail = append(article.Trail, trail.Stamp(ctx))
	out := stage.Out{
		Subject:   topology.ArticleParsed(article.GetId()),
		ID:        stage.ID(article.GetId(), article.GetRevision(), topology.Parser.Name),
		Message:   article,
		Header:    map[string]string{stage.HeaderArticle: article.GetId()},
		FirstSeen: article.GetFirstSeenAt().AsTime(),
	}
	if doc.GetPublishedAt() != nil {
		out.Published = doc.GetPublishedAt().AsTime()
	}
	return []stage.Out{out}, nil
}
