package up_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/client"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/up"
)

// TestMetricsAreDocumented holds docs/metrics.md to what a running Dateline that
// has worked exposes.
func TestMetricsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../../docs/metrics.md")
	require.NoError(t, err)
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(dateline_[a-z_]+)`").FindAllStringSubmatch(string(page), -1) {
		documented = append(documented, row[1])
	}
	require.True(t, slices.IsSorted(documented), "sort the table by name")

	var families []*dto.MetricFamily
	cfg := testConfig(t, t.TempDir(), freeAddr(t))
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	out := &transcript{}
	require.NoError(t, up.Run(ctx, cfg, up.Options{Demo: true, Out: out, Err: out, Attach: func(ctx context.Context, c *client.Client, metrics prometheus.Gatherer) error {
		if _, err := c.SubmitArticle(ctx, &datelinev1.Submission{Content: pushed}); err != nil {
			return err
		}
		if _, err := collect(ctx, c, 2); err != nil {
			return err
		}
		// While it runs: what the broker holds is told no longer than the broker is there.
		var err error
		families, err = metrics.Gather()
		return err
	}}))
	var exposed []string
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "dateline_") {
			continue
		}
		exposed = append(exposed, f.GetName())
		require.NotEmpty(t, f.GetHelp(), f.GetName())
	}
	require.Equal(t, documented, exposed)
}
