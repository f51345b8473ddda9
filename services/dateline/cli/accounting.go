package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/services/dateline/account"
	"github.com/dateline-news/dateline/services/dateline/view"
)

func newAccounting() *cobra.Command {
	var (
		cfg    telemetry.Config
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "accounting [ADDRESS...]",
		Short: "Show that what went into each stage came out, and as what",
		Long: `Accounting shows for every stage, since its process has started,

  in = ok + dropped + duplicate + quarantined + in flight

A retry is no outcome, and a message that is put off comes in when it is due. The
numbers are read from the ops listeners of the processes, and added up: give the
address of each where the services run apart. It fails where the books do not close.`,
		Example: `  dateline accounting
  dateline accounting 10.0.0.5:8080 10.0.0.6:8080 10.0.0.7:8080
  dateline accounting --json | jq '.[] | select(.missing != 0)'`,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	bindConfig(cmd, &cfg)
	hideFlags(cmd, "log-level", "log-format")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := loadConfig(cmd, &cfg); err != nil {
			return err
		}
		if len(args) == 0 {
			if cfg.HTTP == "off" {
				return service.Usagef("the ops listener is off (http); name the address of one that is on")
			}
			args = []string{cfg.HTTP}
		}
		var families []*dto.MetricFamily
		for _, address := range args {
			of, err := scrape(cmd.Context(), address)
			if err != nil {
				return err
			}
			families = append(families, of...)
		}
		books := account.Books(families)
		if len(books) == 0 {
			return fmt.Errorf("there are no stages at %s", strings.Join(args, ", "))
		}
		if asJSON {
			if err := json.NewEncoder(cmd.OutOrStdout()).Encode(books); err != nil {
				return err
			}
		} else if err := showBooks(cmd.OutOrStdout(), books); err != nil {
			return err
		}
		for _, s := range books {
			if !s.Closed() {
				return fmt.Errorf("the books of %s do not close: %d missing", s.Name, s.Missing)
			}
		}
		return nil
	}
	return cmd
}

const (
	scrapeTimeout = 10 * time.Second
	maxScrape     = 16 << 20
)

// scrape reads the metrics of a process.
func scrape(ctx context.Context, address string) ([]*dto.MetricFamily, error) {
	url := address
	if !strings.Contains(url, "://") {
		url = "http://" + url
	}
	url = strings.TrimSuffix(url, "/")
	if !strings.HasSuffix(url, "/metrics") {
		url += "/metrics"
	}
	ctx, cancel := context.WithTimeout(ctx, scrapeTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, service.Usagef("%q is no address of an ops listener: %w", address, err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("read the metrics: %w; is Dateline running there?", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("read the metrics: %s answered %s", url, res.Status)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	byName, err := parser.TextToMetricFamilies(io.LimitReader(res.Body, maxScrape))
	if err != nil {
		return nil, fmt.Errorf("read the metrics of %s: %w", url, err)
	}
	families := make([]*dto.MetricFamily, 0, len(byName))
	for _, f := range byName {
		families = append(families, f)
	}
	return families, nil
}

// showBooks writes one line a stage, and its reasons below it.
func showBooks(w io.Writer, books []account.Stage) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "stage\tin\t=\tok\t+ dropped\t+ duplicate\t+ quarantined\t+ in flight\tretries\t")
	for _, s := range books {
		equals := "="
		if !s.Closed() {
			equals = "≠"
		}
		fmt.Fprintf(tw, "%s\t%d\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", s.Name, s.In, equals, s.OK, s.Dropped, s.Duplicate, s.Quarantined, s.InFlight, s.Retried)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	reasons := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	heading := "\n"
	for _, s := range books {
		for _, r := range s.Reasons {
			fmt.Fprintf(reasons, "%s%s\t%s\t%s\t%d\n", heading, s.Name, r.Outcome, view.Clean(r.Reason, 40), r.Count)
			heading = ""
		}
	}
	return reasons.Flush()
}
