package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/service"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/view"
	"github.com/dateline-news/dateline/services/enricher/enrich"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/internal/newsform"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// explainConfig is what explain shares with the services.
type explainConfig struct {
	Fetch  fetch.Settings
	Parse  parse.Settings
	Enrich enrich.Settings
}

func newExplain() *cobra.Command {
	var (
		cfg         explainConfig
		batch       bool
		contentType string
		url         string
	)
	cmd := &cobra.Command{
		Use:   "explain FILE|URL",
		Short: "Parse and enrich one document with no broker; print it with the origin of each field",
		Long: `Explain runs the parser and the enricher over a document and prints the Article as
JSON; document.origins tells where each field came from. A feed document is
printed as a Feed with its entries. A file may also be an agency's story: NITF,
NewsML-G2, ninjs or IPTC 7901. Its name may end in .gz.

With --batch it reads JSON lines {"id","url","contentType","path" or "content"}
from standard input (path may end in .gz) and writes one line for each, in the
same order, on all cores. A row that fails gives {"id","error"}.`,
		Example: `  dateline explain page.html --url https://example.org/story
  dateline explain https://example.org/story
  dateline explain --batch < pages.jsonl > articles.jsonl`,
	}
	bindConfig(cmd, &cfg)
	// They are for many documents, or for a broker.
	hideFlags(cmd, "fetcher-workers", "fetcher-host-delay", "fetcher-min-interval", "fetcher-max-interval",
		"parser-workers", "parser-templates", "enricher-workers", "enricher-encoding")
	cmd.Flags().BoolVar(&batch, "batch", false, "read rows from standard input")
	cmd.Flags().StringVar(&contentType, "content-type", "", "media type of the document; none: by the file's name, or sniffed")
	cmd.Flags().StringVar(&url, "url", "", "URL that the document came from")
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if batch && len(args) > 0 {
			return service.Usagef("explain --batch reads rows from standard input and takes no arguments")
		}
		if !batch && len(args) != 1 {
			return service.Usagef("explain needs one file or URL\nSee '%s --help'", cmd.CommandPath())
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := loadConfig(cmd, &cfg); err != nil {
			return err
		}
		e, err := newExplainer(cfg)
		if err != nil {
			return err
		}
		if batch {
			return e.batch(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout())
		}
		m, err := e.one(cmd, args[0], url, contentType)
		if err != nil {
			return err
		}
		line, err := view.JSON(m)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := json.Indent(&out, line, "", "  "); err != nil {
			return fmt.Errorf("encode the result: %w", err)
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), out.String())
		return err
	}
	return cmd
}

// explainer is the pipeline without a broker.
type explainer struct {
	cfg      explainConfig
	parser   *parse.Parser
	enricher *enrich.Enricher
}

func newExplainer(cfg explainConfig) (*explainer, error) {
	enricher, err := enrich.New(enrich.Config{Languages: cfg.Enrich.Languages, Disable: cfg.Enrich.Enricher.Disable})
	if err != nil {
		return nil, err
	}
	p := cfg.Parse.Parser
	return &explainer{
		cfg:      cfg,
		parser:   parse.New(parse.Config{MaxBytes: int(p.MaxBytes), Budget: p.Budget}),
		enricher: enricher,
	}, nil
}

// one explains a file or URL.
func (e *explainer) one(cmd *cobra.Command, name, url, contentType string) (proto.Message, error) {
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		page, err := fetch.Get(cmd.Context(), e.cfg.Fetch.Fetcher, name)
		if err != nil {
			return nil, err
		}
		return e.explain(cmd.Context(), page)
	}
	content, err := readDocument(cmd.Context(), cmd.InOrStdin(), name)
	if err != nil {
		return nil, err
	}
	if contentType == "" {
		contentType = typeByName(name)
	}
	return e.document(cmd.Context(), "", url, contentType, content)
}

// document explains bytes at hand.
func (e *explainer) document(ctx context.Context, id, url, contentType string, content []byte) (proto.Message, error) {
	if newsform.Of(content) == newsform.None && fetch.IsFeed(content, contentType) {
		return e.feed(id, url, contentType, content)
	}
	if isJSON(contentType, content) {
		return nil, errors.New("the document is JSON, and neither a JSON Feed nor ninjs; give HTML, plain text, an agency's story or a feed")
	}
	return e.explain(ctx, fetch.Document(id, url, contentType, content, time.Now()))
}

func (e *explainer) feed(id, url, contentType string, content []byte) (proto.Message, error) {
	feed, err := fetch.ReadFeed(content, url, contentType)
	if err != nil {
		return nil, err
	}
	if id != "" {
		feed.Id = id
	}
	return feed, nil
}

func (e *explainer) explain(ctx context.Context, page *datelinev1.Page) (proto.Message, error) {
	article := page.GetArticle()
	if fetched := article.GetFetch(); fetched.GetVia() == "http" && fetch.IsFeed(page.GetContent(), fetched.GetContentType()) {
		return e.feed("", fetched.GetFinalUrl(), fetched.GetContentType(), page.GetContent())
	}
	doc, err := e.parser.Parse(ctx, page)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	article.Document = doc
	if article.Enrichment, err = e.enricher.Enrich(ctx, doc); err != nil {
		return nil, fmt.Errorf("enrich: %w", err)
	}
	return article, nil
}
