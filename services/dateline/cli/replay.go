package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/replay"
)

// replayFlags are the flags as they are given.
type replayFlags struct {
	from, since, until, host, lang, run string
	ids                                 []string
	rate                                float64
	window                              int
	alerts, dryRun, yes                 bool
}

func newReplay() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay --from parser|enricher",
		Short: "Parse or enrich the articles of the last days once more, after an upgrade",
		Long: `Replay sends what is kept through the stages once more: from the parser, raw pages,
so that nothing is fetched again; from the enricher, parsed documents. Of each article
its last revision comes out again, under the same id and revision, as an event whose
header Dateline-Replay names the run. The event before stays until it expires.

Replay is slow on purpose: it waits whenever more than --window messages wait for a
stage, so that news are not held up. It may be interrupted, and so may the services: run
it again with the same --run, and each article comes out once.

Replace every replica of the stage first. Standing searches do not hear of a replay,
unless --alerts is given.`,
		Example: `  dateline replay --from enricher --since 7d --dry-run
  dateline replay --from parser --host news.example.org --yes
  dateline replay --from parser --id aidtybkpja4okuhb3liozxhxd`,
		Args: noArgs,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "the first stage: parser or enricher")
	flags.StringVar(&f.since, "since", "", "begin this far back, such as 7d or 12h, or at a time (RFC 3339); default: with the oldest that is kept")
	flags.StringVar(&f.until, "until", "", "end this far back, or at a time; default: now")
	flags.StringSliceVar(&f.ids, "id", nil, "only these articles, by id or address")
	flags.StringVar(&f.host, "host", "", "only pages of this host")
	flags.StringVar(&f.lang, "lang", "", "only articles that have an event in this language (ISO 639-1)")
	flags.StringVar(&f.run, "run", "", "name of the run: go on with one that was interrupted; default: the time")
	flags.Float64Var(&f.rate, "rate", 0, "send at most so many a second; 0: as fast as the stages take them")
	flags.IntVar(&f.window, "window", 256, "wait while more messages than this wait for a stage")
	flags.BoolVar(&f.alerts, "alerts", false, "put the events to the standing searches, too")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would be done, and do nothing")
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	var options replay.Options
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) (err error) {
		options, err = f.options(cmd, time.Now())
		return err
	}
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, _ []string) error {
		plan, err := replay.Make(cmd.Context(), b, options)
		if errors.Is(err, context.Canceled) {
			return fmt.Errorf("%w: nothing was sent", errInterrupted)
		}
		if err != nil {
			return err
		}
		out := cmd.OutOrStdout()
		showPlan(out, plan, options)
		switch {
		case f.dryRun:
			fmt.Fprintln(out, "nothing was sent; leave --dry-run out")
			return nil
		case plan.Messages == 0:
			fmt.Fprintln(out, "there is nothing left to do")
			return nil
		}
		if !f.yes {
			if err := confirm(cmd.Context(), cmd.InOrStdin(), out, "Go on? [y/N] "); err != nil {
				return err
			}
		}
		return runReplay(cmd, plan, options, f)
	})
	return cmd
}

// maxReplayIDs bounds the articles that are asked for by name: the server gets them as a
// filter.
const maxReplayIDs = 500

// options checks the flags.
func (f replayFlags) options(cmd *cobra.Command, now time.Time) (replay.Options, error) {
	o := replay.Options{IDs: f.ids, Host: f.host, Language: f.lang, Alerts: f.alerts, Rate: f.rate, Window: f.window, Run: f.run, Resume: f.run != ""}
	for _, s := range []topology.Stage{topology.Parser, topology.Enricher} {
		if f.from == s.Name {
			o.From = s
		}
	}
	var err error
	if o.Since, err = pastTime("since", f.since, now); err != nil {
		return o, err
	}
	if o.Until, err = pastTime("until", f.until, now); err != nil {
		return o, err
	}
	if o.Until.IsZero() {
		o.Until = now
	}
	if o.Run == "" {
		o.Run = now.UTC().Format("20060102-150405")
	}
	switch {
	case o.From.Name == "":
		return o, service.Usagef("%s needs --from parser or --from enricher, not %q\nSee '%s --help'", cmd.CommandPath(), f.from, cmd.CommandPath())
	case !o.Since.Before(o.Until):
		return o, service.Usagef("--since %s is not before --until %s", o.Since.UTC().Format(time.RFC3339), o.Until.UTC().Format(time.RFC3339))
	case !stage.ValidRun(o.Run):
		return o, service.Usagef("--run is %.80q; give up to 40 lower-case letters, digits and '-'", o.Run)
	case f.lang != "" && !languageForm.MatchString(f.lang):
		return o, service.Usagef("--lang is %q; give an ISO 639-1 code such as fr, or und", f.lang)
	case f.rate < 0 || f.window < 1:
		return o, service.Usagef("--rate is %v and --window %d; give a rate from 0 and a window from 1", f.rate, f.window)
	case len(f.ids) > maxReplayIDs:
		return o, service.Usagef("--id names %d articles; name at most %d at a time", len(f.ids), maxReplayIDs)
	case slices.Contains(f.ids, ""):
		return o, service.Usagef("--id names an article without an id")
	}
	return o, nil
}

// pastTime reads a time: how far back it is, in days or as a duration, or when it is.
func pastTime(flag, s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 12); err == nil {
			return now.AddDate(0, 0, -int(n)), nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && !t.After(now) {
		return t, nil
	}
	return time.Time{}, service.Usagef("--%s is %q; give how far back, such as 7d or 12h, or a past time such as %s", flag, s, now.UTC().Add(-time.Hour).Format(time.RFC3339))
}

func showPlan(w io.Writer, p *replay.Plan, o replay.Options) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%-10s%s\n", name, fmt.Sprintf(format, args...))
	}
	row("run", "%s", o.Run)
	what, way := "document", "parsed documents, by the enricher"
	if o.From.Name == topology.Parser.Name {
		what, way = "page", "kept pages, by the parser and then the enricher"
	}
	row("from", "%s", way)
	row("articles", "%d, to be sent as %s", p.Articles-p.Done, count(p.Messages, what))
	if p.Done > 0 {
		row("", "%d came out of this run before", p.Done)
	}
	if p.Lost > 0 {
		row("", "%d left out: their payloads, which were too large for a message, are not kept any more", p.Lost)
	}
	if !o.Since.IsZero() && o.Since.Before(p.Reaches) {
		row("", "what is kept reaches back to %s only", p.Reaches.UTC().Format(time.RFC3339))
	}
	alerts := "standing searches do not hear of it"
	if o.Alerts {
		alerts = "standing searches hear of it"
	}
	row("alerts", "%s", alerts)
}

var errNotConfirmed = errors.New("not confirmed, and nothing was done; answer y, or give --yes")

// confirm asks a question.
func confirm(ctx context.Context, in io.Reader, out io.Writer, question string) error {
	fmt.Fprint(out, question)
	answers := make(chan string, 1)
	go func() {
		// What ends without a line was no answer, and is as good as no.
		line, _ := bufio.NewReader(in).ReadString('\n')
		answers <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case answer := <-answers:
		if answer == "y" || answer == "yes" {
			return nil
		}
		fmt.Fprintln(out)
		return errNotConfirmed
	case <-ctx.Done():
		return errInterrupted
	}
}

// Distances between lines of progress, and after how long without any a word is due.
const (
	tellEvery = 5 * time.Second
	stuck     = time.Minute
)

func runReplay(cmd *cobra.Command, plan *replay.Plan, o replay.Options, f replayFlags) error {
	var last replay.Progress
	told, moved := time.Now(), time.Now()
	summary, err := plan.Send(cmd.Context(), func(p replay.Progress) {
		now := time.Now()
		if p != last {
			last, moved = p, now
		}
		if now.Sub(told) < tellEvery {
			return
		}
		told = now
		fmt.Fprintf(cmd.ErrOrStderr(), "%d of %d sent, %d waiting\n", p.Sent, p.Of, p.Waiting)
		if now.Sub(moved) >= stuck {
			fmt.Fprintln(cmd.ErrOrStderr(), "nothing moves; do the services run? 'dateline doctor' tells")
		}
	})
	if err != nil {
		if cmd.Context().Err() != nil && errors.Is(err, context.Canceled) {
			err = fmt.Errorf("%w: %d of %d sent, which come out all the same", errInterrupted, last.Sent, last.Of)
		}
		return fmt.Errorf("%w; go on with:\n  %s", err, f.goOn(o))
	}
	showSummary(cmd.OutOrStdout(), o.Run, summary)
	return nil
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// goOn is the command that goes on with a run.
func (f replayFlags) goOn(o replay.Options) string {
	args := []string{"dateline replay --from", o.From.Name, "--run", o.Run}
	add := func(name, value string) {
		if value != "" {
			args = append(args, name, value)
		}
	}
	if !o.Since.IsZero() {
		add("--since", o.Since.UTC().Format(time.RFC3339))
	}
	// Not cut down to a second before, where the last article may have come.
	add("--until", o.Until.UTC().Format(time.RFC3339Nano))
	add("--id", strings.Join(f.ids, ","))
	add("--host", f.host)
	add("--lang", f.lang)
	if f.rate > 0 {
		add("--rate", strconv.FormatFloat(f.rate, 'f', -1, 64))
	}
	if f.alerts {
		args = append(args, "--alerts")
	}
	return strings.Join(args, " ")
}

func showSummary(w io.Writer, run string, s *replay.Summary) {
	fmt.Fprintf(w, "run %s is done: %s\n", run, count(s.Events, "event"))
	for _, reason := range slices.Sorted(maps.Keys(s.Dropped)) {
		fmt.Fprintf(w, "%d dropped by the %s; the event before stays, where there is one\n", s.Dropped[reason], reason)
	}
	if s.Quarantined > 0 {
		fmt.Fprintf(w, "%d quarantined: dateline quarantine ls\n", s.Quarantined)
	}
	if s.Passed > 0 {
		fmt.Fprintf(w, "%d passed over: the last revision is not of what was sent, or that is not kept any more\n", s.Passed)
	}
}
