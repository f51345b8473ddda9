package up_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/client"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/story"
	"github.com/dateline-news/dateline/services/dateline/up"
)

// TestLittleRoom: with little room left nothing new is taken, and work goes on when
// there is more; the same after the disk was full to the last byte.
func TestLittleRoom(t *testing.T) {
	t.Parallel()
	if why := bustest.NoDisk(); why != "" {
		t.Skip(why)
	}
	const size = 128 << 20
	disk := bustest.Disk(t, size)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := up.Run(ctx, testConfig(t, disk, ""), up.Options{Out: io.Discard, Err: io.Discard, Attach: func(ctx context.Context, c *client.Client, metrics prometheus.Gatherer) error {
		submitted := 0
		submit := func() error {
			ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
			defer cancel()
			url := fmt.Sprintf("https://wire.example/%d", submitted)
			receipt, err := c.SubmitArticle(ctx, &datelinev1.Submission{Url: url, Content: story.Make(1, submitted).Page(url)})
			if err == nil && receipt.GetStatus() == client.StatusQueued {
				err = fmt.Errorf("%s is stored, and not taken", url)
			}
			submitted++
			return err
		}
		events := make(chan string, 1000)
		following := make(chan error, 1)
		started := make(chan struct{})
		go func() {
			following <- c.Events(ctx, client.EventOptions{Durable: "test", Started: func() { close(started) }}, func(e client.Event) error {
				events <- e.GetFetch().GetUrl()
				return nil
			})
		}()
		<-started
		goesOn := func() {
			require.Eventually(t, func() bool { return submit() == nil }, time.Minute, 100*time.Millisecond, "publishers are heard again")
			want := fmt.Sprintf("https://wire.example/%d", submitted-1)
			for url := ""; url != want; {
				select {
				case url = <-events:
				case <-ctx.Done():
					require.Fail(t, "no event of "+want)
				}
			}
			require.Zero(t, value(t, metrics, "dateline_held_back"), "new work is taken")
		}
		goesOn()

		filler, err := bustest.Fill(disk, size/20)
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			return value(t, metrics, "dateline_held_back") == 1 && value(t, metrics, "dateline_stage_paused", "fetcher-poll") == 1 &&
				value(t, metrics, "dateline_stage_paused", "fetcher-page") == 1
		}, limit, 50*time.Millisecond, "no new work is taken")
		require.Eventually(t, func() bool { return submit() != nil }, limit, 50*time.Millisecond)
		require.ErrorContains(t, submit(), "maximum bytes exceeded")
		require.NoError(t, os.Remove(filler))
		goesOn()

		filler, err = bustest.Fill(disk, 0)
		require.NoError(t, err)
		require.Eventually(t, func() bool { return submit() != nil }, limit, 50*time.Millisecond)
		require.NoError(t, os.Remove(filler))
		goesOn()
		cancel()
		return <-following
	}})
	require.NoError(t, err)
}

// value is that of a gauge, and of one of its label's values where one is given.
func value(t *testing.T, metrics prometheus.Gatherer, name string, label ...string) float64 {
	t.Helper()
	families, err := metrics.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			if len(label) == 0 || m.GetLabel()[0].GetValue() == label[0] {
				return m.GetGauge().GetValue()
			}
		}
	}
	return -1
}
