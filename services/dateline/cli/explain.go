package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/service"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
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
		show        shown
		contentType string
		url         string
	)
	cmd := &cobra.Command{
		Use:   "explain FILE|URL",
		Short: "Parse and enrich one document with no broker; print it with the origin of each field",
		Long: `Explain runs the parser and the enricher over a document and prints the Article as
JSON; document.origins tells where each field came from, and by which rule. A
feed document is printed as a Feed with its entries. A file may also be an
agency's story: NITF, NewsML-G2, ninjs or IPTC 7901. Its name may end in .gz. Of
a file with several stories each is explained; they are printed as a list.

With --why it prints a table of the fields instead: value, source, rule and
confidence; with --blocks every block of the page, kept (+) or left out (-),
with its score and the reason. Both may be asked for at once; --json prints them
as JSON.

With --batch it reads JSON lines {"id","url","contentType","path" or "content"}
from standard input (path may end in .gz) and writes one line for each, in the
same order, on all cores. A row that fails gives {"id","error"}; one of several
stories gives a line for each, their ids numbered.`,
		Example: `  dateline explain page.html --url https://example.org/story
  dateline explain https://example.org/story
  dateline explain page.html --why --blocks
  dateline explain --batch < pages.jsonl > articles.jsonl`,
	}
	bindConfig(cmd, &cfg)
	// They are for many documents, or for a broker.
	hideFlags(cmd, "fetcher-workers", "fetcher-host-delay", "fetcher-min-interval", "fetcher-max-interval",
		"parser-workers", "parser-templates", "enricher-workers", "enricher-encoding")
	cmd.Flags().BoolVar(&batch, "batch", false, "read rows from standard input")
	cmd.Flags().BoolVar(&show.why, "why", false, "print each field with its value, source, rule and confidence")
	cmd.Flags().BoolVar(&show.blocks, "blocks", false, "print every block of the page, kept or left out, with the reason")
	cmd.Flags().BoolVar(&show.json, "json", false, "print what --why and --blocks show as JSON")
	cmd.Flags().StringVar(&contentType, "content-type", "", "media type of the document; none: by the file's name, or sniffed")
	cmd.Flags().StringVar(&url, "url", "", "URL that the document came from")
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if batch && len(args) > 0 {
			return service.Usagef("explain --batch reads rows from standard input and takes no arguments")
		}
		if !batch && len(args) != 1 {
			return service.Usagef("explain needs one file or URL\nSee '%s --help'", cmd.CommandPath())
		}
		return show.check(batch)
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
		found, err := e.one(cmd, args[0], url, contentType)
		if err != nil {
			return err
		}
		return show.print(cmd.OutOrStdout(), found)
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

// explained is what became of a document, or of one story of it.
type explained struct {
	id      string
	message proto.Message
	page    *parse.Explanation
	err     error
}

// one explains a file or URL.
func (e *explainer) one(cmd *cobra.Command, name, url, contentType string) ([]explained, error) {
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		page, err := fetch.Get(cmd.Context(), e.cfg.Fetch.Fetcher, name)
		if err != nil {
			return nil, err
		}
		if fetched := page.GetArticle().GetFetch(); fetch.IsFeed(page.GetContent(), fetched.GetContentType()) {
			return e.feed("", fetched.GetFinalUrl(), fetched.GetContentType(), page.GetContent())
		}
		return []explained{e.explain(cmd.Context(), page)}, nil
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
func (e *explainer) document(ctx context.Context, id, url, contentType string, content []byte) ([]explained, error) {
	if newsform.Of(content) == newsform.None && fetch.IsFeed(content, contentType) {
		return e.feed(id, url, contentType, content)
	}
	if isJSON(contentType, content) {
		return nil, errors.New("the document is JSON, and neither a JSON Feed nor ninjs; give HTML, plain text, an agency's story or a feed")
	}
	var found []explained
	for _, page := range fetch.Documents(id, url, contentType, content, time.Now()) {
		found = append(found, e.explain(ctx, page))
	}
	return found, nil
}

func (e *explainer) feed(id, url, contentType string, content []byte) ([]explained, error) {
	feed, err := fetch.ReadFeed(content, url, contentType)
	if err != nil {
		return nil, err
	}
	if id != "" {
		feed.Id = id
	}
	return []explained{{id: feed.GetId(), message: feed}}, nil
}

func (e *explainer) explain(ctx context.Context, page *datelinev1.Page) explained {
	article := page.GetArticle()
	found := explained{id: article.GetId(), message: article}
	if article.Document, found.page, found.err = e.parser.Explain(ctx, page); found.err != nil {
		found.err = fmt.Errorf("parse: %w", found.err)
		return found
	}
	if article.Enrichment, found.err = e.enricher.Enrich(ctx, article.GetDocument()); found.err != nil {
		found.err = fmt.Errorf("enrich: %w", found.err)
	}
	return found
}
