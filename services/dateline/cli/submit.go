package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/service"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// maxDocument bounds a file that is read, in bytes.
const maxDocument = 64 << 20

func newSubmit() *cobra.Command {
	var about datelinev1.Submission
	cmd := &cobra.Command{
		Use:   "submit FILE...",
		Short: "Push documents: HTML pages or plain-text wire stories",
		Long: `Submit publishes documents on articles.submit. A document without a URL is known
by its content: the same one submitted twice gives one event.`,
		Example: `  dateline submit story.txt
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
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		if len(args) > 1 && about.GetUrl() != "" {
			return service.Usagef("--url names one article, but %d files were given", len(args))
		}
		c := client.New(b)
		var failed error
		for _, name := range args {
			failed = errors.Join(failed, submitFile(cmd, c, name, &about))
		}
		return failed
	})
	return cmd
}

func submitFile(cmd *cobra.Command, c *client.Client, name string, about *datelinev1.Submission) error {
	content, err := readDocument(cmd.InOrStdin(), name)
	if err != nil {
		return err
	}
	if about.GetContentType() == "" {
		about.ContentType = typeByName(name)
	}
	receipt, err := withWait(cmd.Context(), func(ctx context.Context) (*datelinev1.Receipt, error) {
		return c.SubmitDocument(ctx, about, content)
	})
	if err != nil {
		return fmt.Errorf("submit %s: %w", name, err)
	}
	return report(cmd.OutOrStdout(), name, receipt)
}

// readDocument reads a file, or standard input for "-".
func readDocument(stdin io.Reader, name string) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open document: %w", err)
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	content, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(content) > maxDocument {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxDocument>>20)
	}
	return content, nil
}

// typeByName gives the media type of a file's extension, where it is one that a
// document may have.
func typeByName(name string) string {
	switch t, _, _ := mime.ParseMediaType(mime.TypeByExtension(filepath.Ext(strings.TrimSuffix(name, ".gz")))); t {
	case "text/html", "application/xhtml+xml", "text/plain":
		return t
	}
	return ""
}
