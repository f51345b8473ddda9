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
	"github.com/dateline-news/dateline/services/parser/earlier"
	"github.com/dateline-news/dateline/services/parser/templates"
)

// Settings is the parser's section of the configuration.
type Settings struct {
	Parser struct {
		MaxBytes config.Bytes  `config:"max-bytes" default:"10MiB" help:"largest document that is parsed"`
		Budget   time.Duration `config:"budget" default:"10s" help:"longest time for one document"`
		Workers  int           `config:"workers" help:"documents parsed at once; 0: one a core"`

		Templates bool `config:"templates" default:"true" help:"learn which blocks the pages of a host have in common, and leave them out of texts"`
	} `config:"parser"`
}

// Build makes the parser's stage.
func Build(ctx context.Context, env worker.Env, s Settings) ([]worker.Stage, func(), error) {
	documents, err := earlier.Open(ctx, env.Bus)
	if err != nil {
		return nil, nil, err
	}
	h := &handler{
		parser:  New(Config{MaxBytes: int(s.Parser.MaxBytes), Budget: s.Parser.Budget}),
		earlier: documents,
		log:     env.Log.With(zap.String("stage", topology.Parser.Name)),
		fields: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dateline_parse_fields_total",
			Help: "Fields of documents found, by field and by where it was found.",
		}, []string{"field", "source"}),
		furniture: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dateline_parse_furniture_blocks_total",
			Help: "Blocks left out of texts since other pages of the host have them, too.",
		}),
	}
	if s.Parser.Templates {
		if h.templates, err = templates.Open(ctx, env.Bus); err != nil {
			return nil, nil, err
		}
	}
	for _, c := range []prometheus.Collector{h.fields, h.furniture} {
		if err := env.Registry.Register(c); err != nil {
			return nil, nil, err
		}
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
	parser    *Parser
	earlier   published
	templates hosts // nil: none are learnt
	log       *zap.Logger
	fields    *prometheus.CounterVec
	furniture prometheus.Counter
}

// handle makes a document of a page.
//
//  1. For another look at an article, and for a replay, its last revision is looked up.
//     A replay of any other look than that revision's is passed over.
//  2. The page is parsed, unless it vanished. What is no article is dropped with
//     its reason; what can never be parsed goes to quarantine.
//  3. Another look becomes the article's next revision, or is dropped.
//  4. The article goes on with the document and without the page's bytes.
func (h *handler) handle(ctx context.Context, page *datelinev1.Page) ([]stage.Out, error) {
	if page.GetArticle().GetId() == "" {
		return nil, stage.Permanent(errors.New("the page belongs to no article: article.id is empty"))
	}
	article := proto.CloneOf(page.GetArticle())
	replayed := stage.DeliveryFrom(ctx).Replay.Run != ""
	found, err := h.before(ctx, article, replayed)
	if err != nil {
		return nil, err
	}
	var others *among
	if article.GetVanishedAt() == nil {
		// Lines that the last revision has do not stay in a replay, which is to find what
		// would be found today.
		var last *datelinev1.Document
		if !replayed {
			last = found.Article.GetDocument()
		}
		if others, err = h.others(ctx, article, last, again(article) || replayed); err != nil {
			return nil, err
		}
		if article.Document, err = h.document(ctx, page, others); err != nil {
			return nil, err
		}
	}
	out := stage.Out{Header: map[string]string{stage.HeaderArticle: article.GetId()}}
	notes := others.notes()
	if again(article) || found.Article != nil {
		if err := revise(article, found); err != nil {
			return nil, err
		}
		if found.Article == nil {
			notes = append(notes, "no earlier revision to compare with")
		}
	}
	// Of several pages of an article that was none before, a replay makes one revision.
	if found.Sequence > 0 || replayed {
		out.Expect = &found.Sequence
	}
	if !replayed {
		h.learn(ctx, article, others)
	}
	article.Trail = append(article.Trail, trail.Stamp(ctx, notes...))
	out.Subject = topology.ArticleParsed(article.GetId())
	out.ID, out.Message = outputID(article), article
	out.FirstSeen = article.GetFirstSeenAt().AsTime()
	if at := article.GetDocument().GetPublishedAt(); at != nil && article.GetDocument().GetPublishedDoubt() == "" {
		out.Published = at.AsTime()
	}
	return []stage.Out{out}, nil
}

// before finds the last revision of an article that may have one. The error may be a
// verdict.
func (h *handler) before(ctx context.Context, a *datelinev1.Article, replayed bool) (found earlier.Found, err error) {
	if !again(a) && !replayed {
		return found, nil
	}
	found, err = h.earlier.Last(ctx, a.GetId(), a.GetFirstSeenAt().AsTime())
	if err == nil && replayed && found.Article != nil && !sameLook(a, found.Article) {
		err = stage.Skip(ReasonSuperseded)
	}
	return found, err
}

// document parses a page among the others of its host. The error is a verdict.
func (h *handler) document(ctx context.Context, page *datelinev1.Page, others *among) (*datelinev1.Document, error) {
	doc, err := h.parser.parse(ctx, page, others, nil)
	var (
		rejected    *Rejected
		undecodable *Undecodable
	)
	switch {
	case errors.As(err, &rejected):
		h.log.Info("page dropped", zap.String("article", page.GetArticle().GetId()), zap.String("reason", rejected.Reason))
		return nil, stage.Drop(rejected.Reason)
	case errors.As(err, &undecodable):
		return nil, stage.Permanent(err)
	case err != nil:
		return nil, err
	}
	for field, origin := range doc.GetOrigins() {
		h.fields.WithLabelValues(field, origin.GetSource()).Inc()
	}
	return doc, nil
}
