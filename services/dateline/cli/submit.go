package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/service"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/internal/newsform"
)

func newSubmit() *cobra.Command {
	var about datelinev1.Submission
	cmd := &cobra.Command{
		Use:   "submit FILE...",
		Short: "Push documents: HTML pages or agencies' stories",
		Long: `Submit publishes documents on articles.submit. A document without a URL is known
by its agency's identifier, so that a correction is its next revision, or else by
its content: the same one submitted twice gives one event.

A file is HTML, plain text or an agency's story (NITF, NewsML-G2, ninjs, IPTC
7901), or JSON that holds the document and what is known of it:
{"content","url","title","published","contentType","labels"}; flags go before what
it says. A name that ends in .gz is decompressed.`,
		Example: `  dateline submit story.txt
  dateline submit story.nitf.xml
  dateline submit page.html --url https://example.org/2026/story --published 2026-11-23T09:30:00Z
  cat story.txt | dateline submit -`,
		Args: minArgs(1, "at least one file, or - for standard input"),
	}
	f := cmd.Flags()
	f.StringVar(&about.Url, "url", "", "URL of the article")
	f.StringVar(&about.Title, "title", "", "headline")
	f.StringVar(&about.Published, "published", "", "publication time: RFC 3339, or a date as exact as known, such as 2023-12")
	f.StringVar(&about.ContentType, "content-type", "", "media type; none: by the file's name, or sniffed")
	f.StringToStringVar(&about.Labels, "label", nil, "label for the event, as name=value")
	cmd.PreRunE = func(_ *cobra.Command, args []string) error { return checkSubmission(&about, args) }
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		c := client.New(b)
		var failed error
		for i, name := range args {
			err := submitFile(cmd, c, name, &about)
			if err != nil && cmd.Context().Err() != nil {
				return errors.Join(failed, interrupted(cmd.Context(), i, len(args)))
			}
			failed = errors.Join(failed, err)
		}
		return failed
	})
	return cmd
}

// checkSubmission finds what is wrong with the flags before anything is sent.
func checkSubmission(about *datelinev1.Submission, args []string) error {
	if len(args) > 1 && about.GetUrl() != "" {
		return service.Usagef("--url names one article, but %d files were given", len(args))
	}
	if err := checkPublished(about.GetPublished(), time.Now()); err != nil {
		return service.Usagef("%w", err)
	}
	if t := about.GetContentType(); t != "" {
		if _, _, err := mime.ParseMediaType(t); err != nil {
			return service.Usagef("--content-type is %q; give a media type such as text/html", t)
		}
	}
	return nil
}

// publishedForms are the forms of a time that everybody reads alike.
var publishedForms = []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateTime, time.DateOnly, "2006-01", "2006"}

func checkPublished(published string, now time.Time) error {
	if published == "" {
		return nil
	}
	for _, form := range publishedForms {
		t, err := time.Parse(form, published)
		if err != nil {
			continue
		}
		// A day for the zones; the parser would not believe it either.
		if t.After(now.AddDate(0, 0, 1)) {
			return fmt.Errorf("--published is %q, which is to come", published)
		}
		return nil
	}
	return fmt.Errorf("--published is %q; give a time such as 2026-11-23T09:30:00Z, or a date such as 2026-11-23, 2026-11 or 2026", published)
}

func submitFile(cmd *cobra.Command, c *client.Client, name string, about *datelinev1.Submission) error {
	content, err := readDocument(cmd.Context(), cmd.InOrStdin(), name)
	if err != nil {
		return err
	}
	about = proto.CloneOf(about)
	if about.GetContentType() == "" {
		about.ContentType = typeByName(name)
	}
	if isJSON(about.GetContentType(), content) {
		if content, err = unwrap(content, about); err != nil {
			return fmt.Errorf("submit %s: %w", name, err)
		}
	}
	receipt, err := withWait(cmd.Context(), func(ctx context.Context) (*datelinev1.Receipt, error) {
		return c.SubmitDocument(ctx, about, content)
	})
	if err != nil {
		return fmt.Errorf("submit %s: %w", name, err)
	}
	return report(cmd.OutOrStdout(), name, receipt)
}

// isJSON says whether a document is a submission in JSON, as articles.submit does: a
// news object (ninjs) is a document itself.
func isJSON(contentType string, content []byte) bool {
	if newsform.Of(content) == newsform.NinJS {
		return false
	}
	if contentType != "" {
		mediaType, _, _ := mime.ParseMediaType(contentType)
		return mediaType == typeJSON
	}
	content = bytes.TrimSpace(content)
	return len(content) > 0 && content[0] == '{' && json.Valid(content)
}

// unwrap takes a document out of a submission in JSON, and what it says of it into
// about, where nothing is said yet.
func unwrap(content []byte, about *datelinev1.Submission) ([]byte, error) {
	inside := &datelinev1.Submission{}
	if err := protojson.Unmarshal(content, inside); err != nil {
		// protojson joins its words by a changing kind of space.
		reason := strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "proto:"), "\u00a0", " "))
		return nil, fmt.Errorf(`it is no submission in JSON: %s; give {"content": "…", "url": "…"}`, reason)
	}
	document := inside.GetContent()
	inside.Content = ""
	about.ContentType = ""
	proto.Merge(inside, about)
	proto.Reset(about)
	proto.Merge(about, inside)
	return []byte(document), nil
}
