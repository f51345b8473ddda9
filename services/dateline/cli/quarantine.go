package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/view"
)

func newQuarantine() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "Look at messages that a stage gave up on; retry or drop them",
		Example: `  dateline quarantine ls
  dateline quarantine show q2mzy7k3n5pslf4a
  dateline quarantine retry --all --stage parser`,
		Args: subcommand,
		RunE: showHelp,
	}
	cmd.AddCommand(newQuarantineList(), newQuarantineShow(),
		newQuarantineAct("retry", "Send messages back to where they came from",
			"  dateline quarantine retry q2mzy7k3n5pslf4a\n  dateline quarantine retry --all", (*quarantine.Quarantine).Retry),
		newQuarantineAct("drop", "Take messages out of quarantine for good",
			"  dateline quarantine drop q2mzy7k3n5pslf4a\n  dateline quarantine drop --all --stage parser", (*quarantine.Quarantine).Drop))
	return cmd
}

func newQuarantineList() *cobra.Command {
	var (
		stage  string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List quarantined messages",
		Example: `  dateline quarantine ls
  dateline quarantine ls --stage parser --json`,
		Args: noArgs,
	}
	cmd.Flags().StringVar(&stage, "stage", "", "only messages of this stage")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each message whole as one line of JSON")
	cmd.PreRunE = func(*cobra.Command, []string) error { return checkStage(stage) }
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, _ []string) error {
		q, err := quarantine.Open(cmd.Context(), b)
		if err != nil {
			return err
		}
		if asJSON {
			return q.Each(cmd.Context(), stage, func(m quarantine.Message) error {
				line, err := view.JSON(m.Quarantined)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", line)
				return err
			})
		}
		return listQuarantine(cmd.Context(), cmd.OutOrStdout(), q, stage)
	})
	return cmd
}

// checkStage refuses the name of no stage: it would have an empty quarantine.
func checkStage(name string) error {
	var names []string
	for _, s := range topology.Stages() {
		names = append(names, s.Name)
	}
	if name != "" && !slices.Contains(names, name) {
		return service.Usagef("there is no stage %q; there are %s", name, strings.Join(names, ", "))
	}
	return nil
}

func listQuarantine(ctx context.Context, w io.Writer, q *quarantine.Quarantine, stage string) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	n := 0
	err := q.Each(ctx, stage, func(m quarantine.Message) error {
		if n++; n == 1 {
			fmt.Fprintln(tw, "ID\tSTAGE\tCLASS\tATTEMPT\tAGE\tARTICLE\tERROR")
		}
		age := time.Since(m.GetQuarantinedAt().AsTime()).Round(time.Second)
		_, err := fmt.Fprintf(tw, "%s\t%s\t%s\t%d\t%s\t%s\t%s\n", m.GetId(), m.GetStage(), m.GetClass(), m.GetAttempt(), age,
			view.Clean(m.GetArticleId(), 40), view.Clean(m.GetError(), 160))
		return err
	})
	if err != nil {
		return err
	}
	if n == 0 {
		text := "the quarantine is empty"
		if stage != "" {
			text = "the quarantine holds nothing of " + stage
		}
		_, err := fmt.Fprintln(w, text)
		return err
	}
	return tw.Flush()
}

func newQuarantineShow() *cobra.Command {
	var asJSON, payload bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show one quarantined message whole",
		Example: `  dateline quarantine show q2mzy7k3n5pslf4a
  dateline quarantine show --payload q2mzy7k3n5pslf4a > payload.bin`,
		Args: exactArgs(1, "one id; see 'dateline quarantine ls'"),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print as one line of JSON")
	cmd.Flags().BoolVar(&payload, "payload", false, "print the payload's bytes and nothing else")
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		q, err := quarantine.Open(cmd.Context(), b)
		if err != nil {
			return err
		}
		m, err := q.Get(cmd.Context(), args[0])
		if err != nil {
			return unknownHint(err)
		}
		out := cmd.OutOrStdout()
		switch {
		case payload:
			_, err = out.Write(m.GetPayload())
		case asJSON:
			var line []byte
			if line, err = view.JSON(m.Quarantined); err == nil {
				_, err = fmt.Fprintf(out, "%s\n", line)
			}
		default:
			err = showQuarantined(out, m)
		}
		return err
	})
	return cmd
}

func unknownHint(err error) error {
	if errors.Is(err, quarantine.ErrUnknown) {
		return fmt.Errorf("%w; see 'dateline quarantine ls'", err)
	}
	return err
}

// shownPayload is how much of a payload is shown, in bytes.
const shownPayload = 2000

func showQuarantined(w io.Writer, m quarantine.Message) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name string, value any) { fmt.Fprintf(tw, "%s\t%s\n", name, view.Clean(fmt.Sprint(value), 1000)) }
	row("id", m.GetId())
	row("stage", m.GetStage())
	row("class", m.GetClass())
	row("error", m.GetError())
	row("attempt", m.GetAttempt())
	row("article", m.GetArticleId())
	row("at", m.GetQuarantinedAt().AsTime().Format(time.RFC3339))
	row("by", m.GetHost()+", version "+m.GetCodeVersion())
	row("subject", m.GetSubject())
	row("from", fmt.Sprintf("stream %s, sequence %d", m.GetStream(), m.GetSequence()))
	for _, name := range slices.Sorted(maps.Keys(m.GetHeaders())) {
		for _, v := range m.GetHeaders()[name].GetValues() {
			row("header", name+": "+v)
		}
	}
	row("payload", fmt.Sprintf("%d bytes", len(m.GetPayload())))
	if err := tw.Flush(); err != nil {
		return err
	}
	if p := m.GetPayload(); utf8.Valid(p) && !bytes.ContainsRune(p, 0) {
		_, err := fmt.Fprintf(w, "\n%s\n", view.Clean(string(p[:min(len(p), shownPayload)]), shownPayload))
		return err
	}
	_, err := fmt.Fprintln(w, "\nthe payload is binary; see --payload")
	return err
}

// newQuarantineAct makes a command that does one thing to one, several or all
// messages.
func newQuarantineAct(verb, short, example string, act func(*quarantine.Quarantine, context.Context, quarantine.Message) error) *cobra.Command {
	var (
		all   bool
		stage string
	)
	cmd := &cobra.Command{
		Use:     verb + " ID...|--all",
		Short:   short,
		Example: example,
	}
	cmd.Flags().BoolVar(&all, "all", false, "all messages, or all of --stage")
	cmd.Flags().StringVar(&stage, "stage", "", "with --all: only messages of this stage")
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if all == (len(args) > 0) {
			return service.Usagef("dateline quarantine %s needs either ids or --all; see 'dateline quarantine ls'", verb)
		}
		if stage != "" && !all {
			return service.Usagef("--stage goes with --all, not with ids")
		}
		return checkStage(stage)
	}
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		q, err := quarantine.Open(cmd.Context(), b)
		if err != nil {
			return err
		}
		n := 0
		// One that cannot be helped does not keep the others.
		var failed error
		do := func(m quarantine.Message) error {
			if err := act(q, cmd.Context(), m); err != nil {
				failed = errors.Join(failed, err)
				return cmd.Context().Err()
			}
			n++
			return nil
		}
		if all {
			err = q.Each(cmd.Context(), stage, do)
		}
		for _, id := range args {
			m, getErr := q.Get(cmd.Context(), id)
			if getErr != nil {
				failed = errors.Join(failed, unknownHint(getErr))
				continue
			}
			err = errors.Join(err, do(m))
		}
		past := map[string]string{"retry": "sent back", "drop": "dropped"}[verb]
		fmt.Fprintf(cmd.OutOrStdout(), "%d %s\n", n, past)
		return errors.Join(failed, err)
	})
	return cmd
}
