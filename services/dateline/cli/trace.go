package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/services/dateline/trace"
	"github.com/dateline-news/dateline/services/dateline/view"
)

func newTrace() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "trace URL|ID",
		Short: "Tell the whole life of one article, also of one that was dropped",
		Long: `Trace tells what became of an article: when and by which feed it was found, what
each stage did with it and how long that took, where it waits, why it was
dropped or is in quarantine, and the events that it became.

It takes the article's address, its id, or the id of its message in quarantine.
Of an address that nobody has seen it names the feeds that would bring it.`,
		Example: `  dateline trace https://example.org/2026/story
  dateline trace aidtybkpja4okuhb3liozxhxd
  dateline trace --json https://example.org/2026/story | jq .state`,
		Args: exactArgs(1, "the address or the id of one article"),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print as one line of JSON")
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, args []string) error {
		t, err := trace.Of(cmd.Context(), b, args[0])
		if err != nil {
			return err
		}
		if asJSON {
			err = json.NewEncoder(cmd.OutOrStdout()).Encode(t)
		} else {
			err = view.Trace(cmd.OutOrStdout(), t)
		}
		if err == nil && !t.Known() {
			return fmt.Errorf("no article %q: %s", args[0], t.Summary)
		}
		return err
	})
	return cmd
}
