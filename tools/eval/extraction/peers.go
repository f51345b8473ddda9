package extraction

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"
	distiller "github.com/markusmobius/go-domdistiller"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// program reads pages.
type program struct {
	name string
	read func(ctx context.Context, content []byte, address string) (guess, error)
}

// programs are those that are compared. The first is the floor: building the
// tree that all the others need.
func programs() []program {
	return []program{
		{"x/net/html alone", bare},
		{"**Dateline**", dateline(parse.New(parse.Config{}))},
		{"Dateline, rules only", dateline(parse.New(parse.Config{Rules: true}))},
		{"go-trafilatura 1.12.2", trafilaturaWith(true)},
		{"go-trafilatura, no fallback", trafilaturaWith(false)},
		{"go-readability 2.1.3", readable},
		{"go-domdistiller 1.0.0", distilled},
	}
}

func bare(_ context.Context, content []byte, _ string) (guess, error) {
	_, err := html.Parse(bytes.NewReader(content))
	return guess{}, err
}

// readAt is the time of reading: after all pages of the corpus were written, so
// that no date is taken for one in the future.
var readAt = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func dateline(p *parse.Parser) func(context.Context, []byte, string) (guess, error) {
	return func(ctx context.Context, content []byte, address string) (guess, error) {
		doc, err := p.Parse(ctx, &datelinev1.Page{Content: content, Article: &datelinev1.Article{
			Fetch: &datelinev1.Fetch{Url: address, FinalUrl: address, ContentType: "text/html", FetchedAt: timestamppb.New(readAt)},
		}})
		if err != nil {
			return guess{}, err
		}
		g := guess{title: doc.GetHeadline(), authors: doc.GetAuthors(), body: doc.GetText()}
		if doc.GetPublishedAt() != nil {
			// The truth is the day that the page prints, in its own zone.
			zone := time.FixedZone("", int(doc.GetPublishedOffsetMinutes())*60)
			g.date = dayOf(doc.GetPublishedAt().AsTime().In(zone))
		}
		return g, nil
	}
}

func trafilaturaWith(fallback bool) func(context.Context, []byte, string) (guess, error) {
	return func(_ context.Context, content []byte, address string) (guess, error) {
		result, err := trafilatura.Extract(bytes.NewReader(content), trafilatura.Options{OriginalURL: parsed(address), EnableFallback: fallback})
		if err != nil {
			return guess{}, err
		}
		m := result.Metadata
		return guess{title: m.Title, authors: strings.Split(m.Author, ";"), date: dayOf(m.Date), body: result.ContentText}, nil
	}
}

func readable(_ context.Context, content []byte, address string) (guess, error) {
	article, err := readability.FromReader(bytes.NewReader(content), parsed(address))
	if err != nil {
		return guess{}, err
	}
	var body strings.Builder
	if err := article.RenderText(&body); err != nil {
		return guess{}, err
	}
	published, _ := article.PublishedTime()
	return guess{title: article.Title(), authors: []string{article.Byline()}, date: dayOf(published), body: body.String()}, nil
}

func distilled(_ context.Context, content []byte, address string) (guess, error) {
	result, err := distiller.ApplyForReader(bytes.NewReader(content), &distiller.Options{OriginalURL: parsed(address)})
	if err != nil {
		return guess{}, err
	}
	return guess{
		title: result.Title, body: result.Text, authors: []string{result.MarkupInfo.Author}, date: result.MarkupInfo.Article.PublishedTime,
	}, nil
}

// parsed gives readers that insist on an address one of no meaning where a page
// has none.
func parsed(address string) *url.URL {
	if u, err := url.Parse(address); err == nil && u.IsAbs() {
		return u
	}
	return &url.URL{Scheme: "https", Host: "example.org", Path: "/"}
}
