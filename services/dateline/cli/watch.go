package cli

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/services/dateline/view"
	"github.com/dateline-news/dateline/services/enricher/query"
	"github.com/dateline-news/dateline/services/enricher/watch"
)

func newWatch() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Have events that a standing search matches published as alerts",
		Long: `A watch is a search that stands: each event from now on that it matches is also
published on alerts.NAME.ID, once. Watches take effect at once, in all enrichers.

A query is words and "phrases", joined by AND (which may be left out), OR and NOT,
with parentheses, and fields: lang:fr topic:health entity:"Angela Merkel"
speaker:Lagarde country:MA source:example.org label:desk=north. A word that ends in
* stands for all that begin so. Case and accents do not count.`,
		Example: `  dateline watch add water '(groundwater OR "nappes côtières") country:MA'
  dateline watch ls`,
		Args: subcommand,
		RunE: showHelp,
	}
	cmd.AddCommand(newWatchAdd(), newWatchList(), newWatchRemove())
	return cmd
}

// watches makes a command's RunE of a function on the list of watches.
func watches(cmd *cobra.Command, run func(cmd *cobra.Command, s *watch.Store, args []string) error) {
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		s, err := watch.Open(cmd.Context(), b)
		if err != nil {
			return err
		}
		return run(cmd, s, args)
	})
}

func newWatchAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add NAME QUERY",
		Short: "Begin a standing search, or give it another query",
		Example: `  dateline watch add bridges 'bridge OR Brücke OR pont'
  dateline watch add lagarde 'speaker:Lagarde -topic:sport'`,
		Args: exactArgs(2, "a name and a query; put the query in single quotes"),
	}
	watches(cmd, func(cmd *cobra.Command, s *watch.Store, args []string) error {
		added, err := s.Add(cmd.Context(), args[0], args[1])
		var wrong *query.Error
		if errors.As(err, &wrong) && wrong.Query != "" {
			return fmt.Errorf("%w\n  %s", err, strings.ReplaceAll(wrong.Pointer(), "\n", "\n  "))
		}
		if err != nil {
			return err
		}
		what := "changed"
		if added {
			what = "added"
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s; its alerts are on alerts.%s.>\n", what, args[0], args[0])
		return err
	})
	return cmd
}

func newWatchList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "ls",
		Short:   "List the standing searches",
		Example: "  dateline watch ls",
		Args:    noArgs,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each as one line of JSON")
	watches(cmd, func(cmd *cobra.Command, s *watch.Store, _ []string) error {
		all, err := s.List(cmd.Context())
		if err != nil {
			return err
		}
		out := cmd.OutOrStdout()
		if len(all) == 0 && !asJSON {
			_, err := fmt.Fprintln(out, "no watches; add one with: dateline watch add NAME 'QUERY'")
			return err
		}
		tw := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		if !asJSON {
			fmt.Fprintln(tw, "NAME\tSINCE\tQUERY")
		}
		for _, w := range all {
			if asJSON {
				line, err := view.JSON(w)
				if err != nil {
					return err
				}
				fmt.Fprintf(tw, "%s\n", line)
				continue
			}
			fmt.Fprintf(tw, "%s\t%s\t%s\n", view.Clean(w.GetName(), 40), w.GetCreatedAt().AsTime().Local().Format(time.DateTime), view.Clean(w.GetQuery(), 200))
		}
		return tw.Flush()
	})
	return cmd
}

func newWatchRemove() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "rm NAME",
		Short:   "End a standing search; its alerts stay",
		Example: "  dateline watch rm bridges",
		Args:    exactArgs(1, "the name of one watch; see 'dateline watch ls'"),
	}
	watches(cmd, func(cmd *cobra.Command, s *watch.Store, args []string) error {
		if err := s.Remove(cmd.Context(), args[0]); err != nil {
			return fmt.Errorf("%w; see 'dateline watch ls'", err)
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "removed %s\n", args[0])
		return err
	})
	return cmd
}
