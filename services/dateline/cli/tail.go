package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/services/dateline/view"
)

func newTail() *cobra.Command {
	var (
		options client.EventOptions
		asJSON  bool
		limit   int
	)
	cmd := &cobra.Command{
		Use:   "tail",
		Short: "Print enriched events as they arrive",
		Example: `  dateline tail
  dateline tail --lang fr --since 1h
  dateline tail --json --since 24h --limit 10 | jq .document.headline`,
		Args: noArgs,
	}
	f := cmd.Flags()
	f.StringVar(&options.Language, "lang", "", "only events in this language (ISO 639-1)")
	f.StringVar(&options.Topic, "topic", "", "only events of this topic")
	f.DurationVar(&options.Since, "since", 0, "begin this far back; 0s: with what comes from now on")
	f.StringVar(&options.Durable, "durable", "", "name of a durable consumer: the next tail of that name goes on where this one ends")
	f.BoolVar(&asJSON, "json", false, "print each event as one line of JSON")
	f.IntVar(&limit, "limit", 0, "end after this many events; 0: never")
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, _ []string) error {
		out := cmd.OutOrStdout()
		printer := view.NewPrinter(out)
		n := 0
		err := client.New(b).Events(cmd.Context(), options, func(e client.Event) error {
			if err := printEvent(out, printer, e, asJSON); err != nil {
				return err
			}
			if n++; n == limit {
				return errEnough
			}
			return nil
		})
		if errors.Is(err, errEnough) {
			return nil
		}
		return err
	})
	return cmd
}

// errEnough ends a tail that has printed all that was asked for.
var errEnough = errors.New("printed as many events as asked for")

func printEvent(out io.Writer, printer *view.Printer, e client.Event, asJSON bool) error {
	if !asJSON {
		return printer.Event(e.Article)
	}
	line, err := view.JSON(e.Article)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", line)
	return err
}
