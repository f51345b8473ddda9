package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/opml"
	"github.com/dateline-news/dateline/services/dateline/view"
)

func newFeeds() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "feeds",
		Short: "Add, remove and list feeds",
		Example: `  dateline feeds add https://example.org/feed.xml
  dateline feeds ls`,
		Args: subcommand,
		RunE: showHelp,
	}
	cmd.AddCommand(newFeedsAdd(), newFeedsRemove(), newFeedsList(), newFeedsImport(), newFeedsExport())
	return cmd
}

const (
	// answerWait is how long a command waits for a fetcher's answer, and queuedWait
	// how long once one did not come.
	answerWait = 5 * time.Second
	queuedWait = time.Second
	// submitAtOnce is how many feeds of a list are on their way together.
	submitAtOnce = 64
)

func newFeedsAdd() *cobra.Command {
	var (
		labels   map[string]string
		interval time.Duration
	)
	cmd := &cobra.Command{
		Use:   "add URL...",
		Short: "Have feeds read; a site's URL is enough where the site links to its feed",
		Example: `  dateline feeds add https://example.org/feed.xml
  dateline feeds add --label desk=africa https://example.org/`,
		Args: minArgs(1, "at least one URL"),
	}
	cmd.Flags().StringToStringVar(&labels, "label", nil, "label for every article of the feeds, as name=value")
	cmd.Flags().DurationVar(&interval, "max-interval", 0, "poll at least this often; 0s: as the service sees fit")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if interval < 0 {
			return service.Usagef("--max-interval is %s; give a time such as 10m", interval)
		}
		return nil
	}
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		var feeds []*datelinev1.Feed
		for _, url := range args {
			feed := &datelinev1.Feed{Url: url, Labels: labels}
			if interval > 0 {
				feed.MaxInterval = durationpb.New(interval)
			}
			feeds = append(feeds, feed)
		}
		return addFeeds(cmd, b, feeds)
	})
	return cmd
}

// addFeeds submits feeds and says what became of each, in their order. Where
// nobody answers one, the others do not wait as long.
func addFeeds(cmd *cobra.Command, b *bus.Bus, feeds []*datelinev1.Feed) error {
	c := client.New(b)
	var failed error
	wait, done := answerWait, 0
	for some := range slices.Chunk(feeds, submitAtOnce) {
		receipts := make([]*datelinev1.Receipt, len(some))
		var group errgroup.Group
		for i, feed := range some {
			group.Go(func() error {
				ctx, cancel := context.WithTimeout(cmd.Context(), wait)
				defer cancel()
				var err error
				if receipts[i], err = c.SubmitFeed(ctx, feed); err != nil {
					return fmt.Errorf("submit %q: %w", feed.GetUrl(), err)
				}
				return nil
			})
		}
		err := group.Wait()
		for i, receipt := range receipts {
			if receipt == nil {
				continue
			}
			done++
			if receipt.GetStatus() == client.StatusQueued {
				wait = queuedWait
			}
			failed = errors.Join(failed, report(cmd.OutOrStdout(), some[i].GetUrl(), receipt))
		}
		if stopped := interrupted(cmd.Context(), done, len(feeds)); stopped != nil {
			return errors.Join(failed, stopped)
		}
		if err != nil {
			return errors.Join(failed, err)
		}
	}
	return failed
}

func withWait(ctx context.Context, submit func(context.Context) (*datelinev1.Receipt, error)) (*datelinev1.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	return submit(ctx)
}

// report prints a receipt; one that tells of a fault becomes an error.
func report(w io.Writer, what string, r *datelinev1.Receipt) error {
	switch r.GetStatus() {
	case "rejected", "unknown":
		return fmt.Errorf("%s %q: %s", r.GetStatus(), what, view.Clean(r.GetMessage(), 500))
	}
	url := r.GetUrl()
	if url == "" {
		url = what
	}
	line := strings.TrimSpace(fmt.Sprintf("%-9s %s  %s", r.GetStatus(), r.GetId(), view.Clean(url, 200)))
	if m := r.GetMessage(); m != "" {
		line += "  (" + view.Clean(m, 200) + ")"
	}
	if _, err := fmt.Fprintln(w, line); err != nil {
		return err
	}
	for i, story := range r.GetStories() {
		if err := report(w, fmt.Sprintf("story %d", i+1), story); err != nil {
			return err
		}
	}
	return nil
}

func newFeedsRemove() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "rm ID|URL...",
		Short:   "Stop reading feeds and forget them",
		Example: "  dateline feeds rm https://example.org/feed.xml",
		Args:    minArgs(1, "at least one id or URL"),
	}
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		c := client.New(b)
		var failed error
		for i, arg := range args {
			receipt, err := withWait(cmd.Context(), func(ctx context.Context) (*datelinev1.Receipt, error) { return c.RemoveFeed(ctx, arg) })
			if err != nil && cmd.Context().Err() != nil {
				return errors.Join(failed, interrupted(cmd.Context(), i, len(args)))
			}
			if err != nil {
				return fmt.Errorf("remove %q: %w", arg, err)
			}
			failed = errors.Join(failed, report(cmd.OutOrStdout(), arg, receipt))
		}
		return failed
	})
	return cmd
}

func newFeedsList() *cobra.Command {
	var (
		asJSON bool
		state  string
	)
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List feeds with their states and the reasons",
		Example: `  dateline feeds ls
  dateline feeds ls --state failing
  dateline feeds ls --json`,
		Args: noArgs,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each feed's record as one line of JSON")
	cmd.Flags().StringVar(&state, "state", "", "only feeds in this state: new, healthy, quiet, late, limited, moved, gone or failing")
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, _ []string) error {
		records, corrupt, err := listFeeds(cmd.Context(), b)
		if err != nil {
			return err
		}
		if state != "" {
			records = slices.DeleteFunc(records, func(r *datelinev1.FeedRecord) bool { return r.GetPoll().GetState() != state })
			if len(records) == 0 && !asJSON {
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "no feed is %q\n", state)
				return errors.Join(err, corrupt)
			}
		}
		if asJSON {
			return errors.Join(printJSON(cmd.OutOrStdout(), records), corrupt)
		}
		return errors.Join(printFeeds(cmd.OutOrStdout(), records), corrupt)
	})
	return cmd
}

// listFeeds returns the feeds in the order of their URLs, and what is to be said,
// after them, of those that cannot be read.
func listFeeds(ctx context.Context, b *bus.Bus) (records []*datelinev1.FeedRecord, corrupt, err error) {
	store, err := bus.OpenStore[datelinev1.FeedRecord](ctx, b.JS, topology.BucketFeeds)
	if err != nil {
		return nil, nil, err
	}
	err = store.Each(ctx, func(_ string, r *datelinev1.FeedRecord) error {
		records = append(records, r)
		return nil
	})
	slices.SortFunc(records, func(a, b *datelinev1.FeedRecord) int {
		return cmp.Compare(a.GetFeed().GetUrl(), b.GetFeed().GetUrl())
	})
	if errors.Is(err, bus.ErrCorrupt) {
		return records, fmt.Errorf("the list is not whole: %w; submit that feed again, or remove it by its id", err), nil
	}
	return records, nil, err
}

// printJSON writes records as lines. Their request headers may hold keys, so
// they are left out, and so is what hubs sign with.
func printJSON(w io.Writer, records []*datelinev1.FeedRecord) error {
	for _, r := range records {
		r.GetFeed().Headers = nil
		if poll := r.GetPoll(); poll != nil {
			// They are fingerprints, which say nothing to anybody else.
			poll.KnownEntries, poll.KnownVersions = nil, nil
		}
		if hub := r.GetHub(); hub != nil {
			hub.Secret = ""
		}
		line, err := view.JSON(r)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n", line); err != nil {
			return err
		}
	}
	return nil
}

func printFeeds(w io.Writer, records []*datelinev1.FeedRecord) error {
	if len(records) == 0 {
		_, err := fmt.Fprintln(w, "no feeds; add one with 'dateline feeds add URL'")
		return err
	}
	// A table writes cell by cell.
	buffered := bufio.NewWriter(w)
	tw := tabwriter.NewWriter(buffered, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "STATE\tENTRIES\tLAST POLL\tNEXT POLL\tID\tURL\tREASON")
	for _, r := range records {
		p := r.GetPoll()
		fmt.Fprintf(tw, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n", p.GetState(), p.GetEntriesFound(),
			ago(p.GetLastPollAt()), ahead(p.GetNextPollAt()), r.GetFeed().GetId(), view.Clean(r.GetFeed().GetUrl(), 100), view.Clean(p.GetReason(), 120))
	}
	return errors.Join(tw.Flush(), buffered.Flush())
}

func ago(t *timestamppb.Timestamp) string {
	if t == nil {
		return "never"
	}
	return time.Since(t.AsTime()).Round(time.Second).String() + " ago"
}

func ahead(t *timestamppb.Timestamp) string {
	if t == nil {
		return "-"
	}
	return "in " + max(0, time.Until(t.AsTime()).Round(time.Second)).String()
}

func newFeedsImport() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "import FILE.opml",
		Short:   "Add the feeds of an OPML file; folders and categories become labels",
		Example: "  dateline feeds import feeds.opml",
		Args:    exactArgs(1, "one OPML file"),
	}
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		feeds, err := readOPML(args[0])
		if err != nil {
			return err
		}
		return addFeeds(cmd, b, feeds)
	})
	return cmd
}

func newFeedsExport() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Write the feeds as OPML, labels as categories",
		Example: "  dateline feeds export > feeds.opml",
		Args:    noArgs,
	}
	cmd.Flags().StringVarP(&file, "output", "o", "", "file to write; none: standard output")
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, _ []string) error {
		records, corrupt, err := listFeeds(cmd.Context(), b)
		if err != nil {
			return err
		}
		feeds := make([]*datelinev1.Feed, len(records))
		for i, r := range records {
			feeds[i] = r.GetFeed()
		}
		if file == "" {
			return errors.Join(opml.Write(cmd.OutOrStdout(), feeds), corrupt)
		}
		out, err := os.Create(file)
		if err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
		return errors.Join(opml.Write(out, feeds), out.Close(), corrupt)
	})
	return cmd
}
