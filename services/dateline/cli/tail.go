package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/services/dateline/view"
)

func newTail() *cobra.Command {
	var (
		options client.EventOptions
		asJSON  bool
		news    bool
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
	f.BoolVar(&news, "no-replays", false, "leave out what was parsed or enriched once more, by 'dateline replay'")
	f.IntVar(&limit, "limit", 0, "end after this many events; 0: never")
	cmd.PreRunE = func(*cobra.Command, []string) error { return checkTail(&options, limit) }
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, _ []string) error {
		out := cmd.OutOrStdout()
		printer := view.NewPrinter(out)
		// Ended by its context, not by an error: the last event is acknowledged, too.
		ctx, enough := context.WithCancel(cmd.Context())
		defer enough()
		options.Started = func() { tellWait(cmd.ErrOrStderr(), options) }
		n := 0
		return client.New(b).Events(ctx, options, func(e client.Event) error {
			if news && e.Replay() != "" {
				return nil
			}
			if err := printEvent(out, printer, e, asJSON); err != nil {
				return err
			}
			if n++; n == limit {
				enough()
			}
			return nil
		})
	})
	return cmd
}

// Forms of what chooses events: others would match nothing, and a tail of
// nothing waits for ever.
var (
	languageForm = regexp.MustCompile(`^([A-Za-z]{2}|[Uu]nd)$`)
	topicForm    = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	durableForm  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

func checkTail(o *client.EventOptions, limit int) error {
	switch {
	case o.Language != "" && !languageForm.MatchString(o.Language):
		return service.Usagef("--lang is %q; give an ISO 639-1 code such as fr, or und", o.Language)
	case o.Topic != "" && !topicForm.MatchString(o.Topic):
		return service.Usagef("--topic is %q; give a topic's slug, or none", o.Topic)
	case o.Durable != "" && !durableForm.MatchString(o.Durable):
		return service.Usagef("--durable is %q; give a name of letters, digits, - and _", o.Durable)
	case o.Since < 0:
		return service.Usagef("--since is %s; give a time back from now, such as 1h", o.Since)
	case limit < 0:
		return service.Usagef("--limit is %d; give a number of events, or 0 for no limit", limit)
	}
	return nil
}

// tellWait says, to a person, why nothing happens yet.
func tellWait(stderr io.Writer, o client.EventOptions) {
	if terminal, ok := stderr.(*os.File); ok && o.Since == 0 && o.Durable == "" {
		if info, err := terminal.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			fmt.Fprintln(stderr, "Waiting for events; --since 1h begins earlier, Ctrl-C ends.")
		}
	}
}

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
