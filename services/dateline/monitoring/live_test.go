package monitoring_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/level"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/up"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	// limit ends a test that hangs; nothing is measured by it.
	limit = 3 * time.Minute
	// store is small, so that it can be filled.
	store = 64 << 20
)

// bystander is a process with a broker of its own, both of which can be ended.
type bystander struct {
	broker  *embedded.Server
	metrics *httptest.Server
}

func startBystander(t *testing.T) *bystander {
	b, broker := bustest.StartAt(t, t.TempDir(), "")
	registry := prometheus.NewRegistry()
	watch := level.New(b, topology.Options{MaxStore: store}, registry)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- watch.Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
	metrics := httptest.NewServer(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	t.Cleanup(metrics.Close)
	return &bystander{broker, metrics}
}

// plant is a running Dateline, and the Prometheus that looks at it.
type plant struct {
	*server
	client *client.Client
	bus    *bus.Bus
	feeds  *bus.Store[datelinev1.FeedRecord, *datelinev1.FeedRecord]
}

// TestDashboardsRulesAndAlertsOnARunningDateline: a real Prometheus scrapes a
// running Dateline under load. Every expression of every dashboard and every rule
// returns data, no alert fires, and then each does as its fault is made.
func TestDashboardsRulesAndAlertsOnARunningDateline(t *testing.T) {
	program(t, "prometheus")
	var cfg up.Config
	_, err := config.Load(nil, config.Options{Environ: []string{}}, &cfg)
	require.NoError(t, err)
	cfg.Data, cfg.Demo.Listen, cfg.NATS.Listen, cfg.Telemetry.HTTP = t.TempDir(), freeAddr(t), freeAddr(t), freeAddr(t)
	cfg.NATS.MaxStore = store
	cfg.Enrich.Languages = []string{"en", "fr", "de", "nl"}
	cfg.Fetch.Fetcher.HostDelay = time.Millisecond
	// Nobody listens there: the feeds of the faults.
	dead := freeAddr(t)
	cfg.Fetch.Fetcher.AllowHosts = []string{dead}

	without, gone := startBystander(t), startBystander(t)
	s := startPrometheus(t, cfg.Telemetry.HTTP, without.metrics.Listener.Addr().String(), gone.metrics.Listener.Addr().String())
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err = up.Run(ctx, cfg, up.Options{Demo: true, Out: io.Discard, Err: io.Discard, Attach: func(ctx context.Context, c *client.Client, _ prometheus.Gatherer) error {
		b, err := bus.Connect("test", bus.Config{URL: "nats://" + cfg.NATS.Listen}, zap.NewNop())
		if err != nil {
			return err
		}
		defer b.Conn.Close()
		feeds, err := bus.OpenStore[datelinev1.FeedRecord](ctx, b.JS, topology.BucketFeeds)
		if err != nil {
			return err
		}
		p := &plant{server: s, client: c, bus: b, feeds: feeds}
		if err := p.healthy(ctx); err != nil {
			return err
		}
		require.NoError(t, without.broker.Stop())
		gone.metrics.Close()
		if err := p.faultsOfFeeds(ctx, dead); err != nil {
			return err
		}
		return p.faultsOfStages(ctx)
	}})
	require.NoError(t, err)
}

// healthy waits, under load, until every expression returns data and no alert fires.
func (p *plant) healthy(ctx context.Context) error {
	var exprs []string
	for _, r := range rules(p.t, "rules") {
		exprs = append(exprs, r.Record)
	}
	exprs = append(exprs, expressions(p.t)...)
	return p.under(ctx, p.push, func(ctx context.Context) error {
		if err := p.awaitData(ctx, exprs); err != nil {
			return err
		}
		return p.awaitQuiet(ctx)
	})
}

// under does something while load is put on the pipeline, again and again.
func (p *plant) under(ctx context.Context, load func(ctx context.Context, n int) error, do func(ctx context.Context) error) error {
	loading, stop := context.WithCancel(ctx)
	loaded := make(chan error, 1)
	go func() {
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for n := 0; ; n++ {
			if err := load(loading, n); err != nil && loading.Err() == nil {
				loaded <- err
				return
			}
			select {
			case <-loading.Done():
				loaded <- nil
				return
			case <-ticker.C:
			}
		}
	}()
	err := do(ctx)
	stop()
	return errors.Join(err, <-loaded)
}

// push submits a document that nobody has seen.
func (p *plant) push(ctx context.Context, n int) error {
	_, err := p.client.SubmitArticle(ctx, &datelinev1.Submission{
		Content: fmt.Sprintf("Oslo (NNB) - The city council said on Monday that it would plant %d trees along the ring road.\n\n"+
			"\"Every tree counts on a street like this one,\" said Ingrid Solheim, who heads the council's parks department.\n", n),
		Published: time.Now().UTC().Format(time.RFC3339),
	})
	return err
}

// feed writes a feed's record as if it had come to that.
func (p *plant) feed(ctx context.Context, id, url, state string, due time.Time) error {
	_, err := p.feeds.Put(ctx, id, &datelinev1.FeedRecord{
		Feed: &datelinev1.Feed{Id: id, Url: url},
		Poll: &datelinev1.PollState{State: state, NextPollAt: timestamppb.New(due), Polls: 1},
	}, 0)
	return err
}

// due makes a poll due, as its schedule would.
func (p *plant) due(ctx context.Context, id string) error {
	msg, err := bus.Encode(topology.FeedPoll(id), &datelinev1.Feed{Id: id}, bus.Protobuf)
	if err != nil {
		return err
	}
	_, err = p.bus.JS.PublishMsg(ctx, msg)
	return err
}

// faultsOfFeeds: feeds that fail (nobody answers), polls that come an hour late, feeds
// whose record says that they are silent, records that cannot be read (so that their
// polls fail), and, meanwhile, no news.
func (p *plant) faultsOfFeeds(ctx context.Context, dead string) error {
	for n := range 40 {
		id := fmt.Sprintf("ffailing%d", n)
		if err := p.feed(ctx, id, fmt.Sprintf("http://%s/%d", dead, n), "healthy", time.Now().Add(-time.Hour)); err != nil {
			return err
		}
		if err := p.due(ctx, id); err != nil {
			return err
		}
		if err := p.feed(ctx, fmt.Sprintf("fquiet%d", n), fmt.Sprintf("http://%s/quiet/%d", dead, n), "quiet", time.Now().Add(time.Hour)); err != nil {
			return err
		}
	}
	kv, err := p.bus.JS.KeyValue(ctx, topology.BucketFeeds)
	if err != nil {
		return err
	}
	corrupt := func(ctx context.Context, n int) error {
		id := fmt.Sprintf("fcorrupt%d", n)
		if _, err := kv.Put(ctx, id, []byte("\xff no record")); err != nil {
			return err
		}
		return p.due(ctx, id)
	}
	return p.under(ctx, corrupt, func(ctx context.Context) error {
		return p.awaitFiring(ctx, "DatelineFeedsFailing/ticket", "DatelineFeedsSilent/ticket", "DatelinePollLag/ticket", "DatelineNoNews/page",
			"DatelineStageErrors/ticket", "DatelineBrokerUnreachable/page", "DatelineDown/page")
	})
}

// faultsOfStages: articles that were first seen an hour ago, pages that cannot be read,
// and then a parser and an enricher that get no messages while more and more wait, until
// the store is full.
func (p *plant) faultsOfStages(ctx context.Context) error {
	poison := func(ctx context.Context, n int) error {
		if _, err := p.bus.JS.Publish(ctx, topology.ArticleFetched("news.example", fmt.Sprintf("poison%d", n)), []byte("\xff no page")); err != nil {
			return err
		}
		return p.parsed(ctx, fmt.Sprintf("late%d", n), time.Now().Add(-time.Hour))
	}
	err := p.under(ctx, poison, func(ctx context.Context) error {
		return p.awaitFiring(ctx, "DatelineQuarantineRate/ticket", "DatelineFreshnessBurn/page", "DatelineFreshnessBurn/ticket")
	})
	if err != nil {
		return err
	}
	for _, stage := range []topology.Stage{topology.Parser, topology.Enricher} {
		if _, err := p.bus.JS.PauseConsumer(ctx, stage.Stream, stage.Name, time.Now().Add(limit)); err != nil {
			return err
		}
	}
	if err := p.fill(ctx, topology.StreamFetched, 11<<20, func(n int) string {
		return topology.ArticleFetched("news.example", fmt.Sprintf("filler%d", n))
	}); err != nil {
		return err
	}
	// FETCH has no limit of its own: it takes what the others leave. How much that is
	// depends on what the archive has got of the pages, which nobody waits for.
	account, err := p.bus.JS.AccountInfo(ctx)
	if err != nil {
		return fmt.Errorf("ask how full the store is: %w", err)
	}
	if err := p.fill(ctx, topology.StreamFetch, store/100*94-int(account.Store), func(n int) string { return fmt.Sprintf("articles.visited.filler%d", n) }); err != nil {
		return err
	}
	wait := func(ctx context.Context, n int) error {
		for k := range 20 {
			if err := p.parsed(ctx, fmt.Sprintf("waits%d-%d", n, k), time.Now()); err != nil {
				return err
			}
		}
		return nil
	}
	return p.under(ctx, wait, func(ctx context.Context) error {
		return p.awaitFiring(ctx, "DatelineStageStalled/page", "DatelineBacklogGrowing/ticket", "DatelineStreamFilling/ticket", "DatelineStoreFilling/ticket")
	})
}

// parsed publishes a document at the enricher's place.
func (p *plant) parsed(ctx context.Context, id string, seen time.Time) error {
	msg, err := bus.Encode(topology.ArticleParsed(id), &datelinev1.Article{
		Id: id, Revision: 1, FirstSeenAt: timestamppb.New(seen),
		Document: &datelinev1.Document{Headline: "Trees", Text: "The city council of Oslo plants trees along the ring road, " + id + "."},
	}, bus.Protobuf)
	if err != nil {
		return err
	}
	_, err = p.bus.JS.PublishMsg(ctx, msg)
	return err
}

// fill publishes messages of noise until they take so many bytes.
func (p *plant) fill(ctx context.Context, stream string, size int, subject func(n int) string) error {
	noise := make([]byte, 1<<20)
	if _, err := rand.Read(noise); err != nil {
		return err
	}
	for n := range size / len(noise) {
		if _, err := p.bus.JS.Publish(ctx, subject(n), noise, jetstream.WithExpectStream(stream)); err != nil {
			return fmt.Errorf("fill %s: %w", stream, err)
		}
	}
	return nil
}
