package up_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/config"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/demo"
	"github.com/dateline-news/dateline/services/dateline/up"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit ends a test that hangs; nothing is measured by it.
const limit = 2 * time.Minute

// freeAddr is an address that was free a moment ago. The demo site needs one
// that stays the same over restarts.
func freeAddr(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

func testConfig(t *testing.T, data, site string) up.Config {
	var cfg up.Config
	_, err := config.Load(nil, config.Options{Environ: []string{}}, &cfg)
	require.NoError(t, err)
	cfg.Data, cfg.Demo.Listen = data, site
	cfg.Telemetry.HTTP, cfg.NATS.Listen = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Fetch.Fetcher.HostDelay = time.Millisecond
	return cfg
}

// runUp runs a whole Dateline until attach returns.
func runUp(t *testing.T, cfg up.Config, o up.Options, attach func(ctx context.Context, c *client.Client, out *transcript) error) *transcript {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	out := &transcript{}
	o.Out, o.Err = out, io.Discard
	o.Attach = func(ctx context.Context, c *client.Client, _ prometheus.Gatherer) error { return attach(ctx, c, out) }
	require.NoError(t, up.Run(ctx, cfg, o))
	return out
}

// transcript is what a person would have read.
type transcript struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *transcript) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *transcript) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// collect gathers events until n distinct ones are there, then until no more
// than that come while settle runs.
func collect(ctx context.Context, c *client.Client, n int) (map[string][]*datelinev1.Article, error) {
	got := map[string][]*datelinev1.Article{}
	enough := errors.New("enough")
	err := c.Events(ctx, client.EventOptions{Since: 24 * time.Hour}, func(e client.Event) error {
		got[e.GetId()] = append(got[e.GetId()], e.Article)
		if len(got) == n {
			return enough
		}
		return nil
	})
	if errors.Is(err, enough) {
		return got, nil
	}
	return got, err
}

func TestDemoFromFeedToEvent(t *testing.T) {
	site, err := demo.New(demo.Options{})
	require.NoError(t, err)
	want := map[string]demo.Article{}
	for _, a := range site.Articles() {
		// The extra feed is for a person to add by hand; walls and forbidden pages
		// give no event.
		if a.Feed != site.ExtraFeedPath() && a.Text != "" && a.Kind != demo.KindDisallowed && a.Kind != demo.KindPaywall && a.Kind != demo.KindConsent {
			want[a.Path] = a
		}
	}
	data, addr := t.TempDir(), freeAddr(t)

	var first map[string][]*datelinev1.Article
	out := runUp(t, testConfig(t, data, addr), up.Options{Demo: true}, func(ctx context.Context, c *client.Client, _ *transcript) error {
		var err error
		first, err = collect(ctx, c, len(want))
		return err
	})
	schema := articleSchema(t)
	byPath := map[string]*datelinev1.Article{}
	languages := map[string]bool{}
	for id, events := range first {
		require.Len(t, events, 1, "article %s came more than once", id)
		a := events[0]
		path := strings.TrimPrefix(a.GetFetch().GetUrl(), "http://"+addr)
		byPath[path] = a
		languages[a.GetEnrichment().GetLanguage().GetCode()] = true
		source, known := want[path]
		require.True(t, known, "unexpected event of %s", path)
		require.Equal(t, source.Language, a.GetEnrichment().GetLanguage().GetCode(), path)
		require.NotEmpty(t, a.GetDocument().GetHeadline(), path)
		require.Len(t, a.GetTrail(), 4, path)
		checkSchema(t, schema, a)
	}
	require.GreaterOrEqual(t, len(languages), 8)
	require.Contains(t, out.String(), "http://127.0.0.1:")
	require.Contains(t, out.String(), "nats://127.0.0.1:")
	checkWireStory(t, site.WireStory(), byPath)

	// A second start goes on where the first ended: the feeds are polled again and
	// give nothing new; what is pushed then is the next event.
	runUp(t, testConfig(t, data, addr), up.Options{Demo: true}, func(ctx context.Context, c *client.Client, _ *transcript) error {
		receipt, err := c.SubmitArticle(ctx, &datelinev1.Submission{Content: pushed})
		if err != nil {
			return err
		}
		second, err := collect(ctx, c, len(want)+1)
		if err != nil {
			return err
		}
		require.Contains(t, second, receipt.GetId())
		for id, events := range second {
			require.Len(t, events, 1, "article %s was doubled by the restart", id)
		}
		return nil
	})
}

const pushed = "Oslo (NNB) - The city council said on Monday that it would plant ten thousand trees along the ring road.\n\n" +
	"\"Every tree counts on a street like this one,\" said Ingrid Solheim, who heads the council's parks department.\n"

func checkWireStory(t *testing.T, want demo.Expected, byPath map[string]*datelinev1.Article) {
	t.Helper()
	a := byPath[want.Article.Path]
	require.NotNil(t, a, "the wire story did not come")
	e := a.GetEnrichment()
	require.Equal(t, want.Located, e.GetDateline().GetLocated())
	require.Equal(t, want.CountryCode, e.GetDateline().GetCountryCode())
	speakers := map[string]string{}
	for _, q := range e.GetQuotes() {
		speakers[q.GetText()] = q.GetSpeaker()
		require.NotContains(t, want.NotQuotes, q.GetText())
	}
	for _, q := range want.Quotes {
		for _, part := range q.Parts {
			require.Equal(t, q.Speaker, speakers[part], "speaker of %q", part)
		}
	}
	long := map[string]string{}
	for _, ac := range e.GetAcronyms() {
		long[ac.GetShort()] = ac.GetLong()
	}
	for _, ac := range want.Acronyms {
		require.Equal(t, ac.Long, long[ac.Short], "long form of %s", ac.Short)
	}
}

func TestOpsListener(t *testing.T) {
	runUp(t, testConfig(t, t.TempDir(), freeAddr(t)), up.Options{}, func(ctx context.Context, _ *client.Client, out *transcript) error {
		console := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(out.String())
		require.NotEmpty(t, console)
		for _, path := range []string{"livez", "readyz", "metrics", ""} {
			require.Eventually(t, func() bool { return get(ctx, t, console+path) == http.StatusOK }, limit, 10*time.Millisecond, path)
		}
		return nil
	})
}

// TestAHostThatHangsDoesNotKeepTheEnd: what is being fetched is given back, and
// the end is a clean one.
func TestAHostThatHangsDoesNotKeepTheEnd(t *testing.T) {
	t.Parallel()
	asked, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	origin := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		once.Do(func() { close(asked) })
		<-release
	}))
	defer origin.Close()
	defer close(release)
	cfg := testConfig(t, t.TempDir(), freeAddr(t))
	cfg.Fetch.Fetcher.AllowHosts = []string{strings.TrimPrefix(origin.URL, "http://")}
	out := runUp(t, cfg, up.Options{Feeds: []*datelinev1.Feed{{Url: "ftp://x.invalid/"}, {Url: origin.URL + "/rss"}}}, func(ctx context.Context, _ *client.Client, _ *transcript) error {
		select {
		case <-asked:
		case <-ctx.Done():
		}
		return nil
	})
	require.Contains(t, out.String(), "is ready")
}

func TestBannerNamesOnlyWhatThereIs(t *testing.T) {
	cfg := testConfig(t, t.TempDir(), freeAddr(t))
	cfg.Telemetry.HTTP, cfg.NATS.Listen = "off", ""
	out := runUp(t, cfg, up.Options{}, func(context.Context, *client.Client, *transcript) error { return nil })
	require.NotContains(t, out.String(), "http://")
	require.NotContains(t, out.String(), "another terminal")
}

func get(ctx context.Context, t *testing.T, url string) int {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	require.NoError(t, err)
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode
}

func TestClearErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	busy := taken.Addr().String()

	for name, test := range map[string]struct {
		change func(*up.Config)
		demo   bool
		want   string
	}{
		"ops port":  {func(c *up.Config) { c.Telemetry.HTTP = busy }, false, "choose another with --http"},
		"nats port": {func(c *up.Config) { c.NATS.Listen = busy }, false, "choose another with --nats-listen"},
		"demo port": {func(c *up.Config) { c.Demo.Listen = busy }, true, "choose another with --demo-listen"},
		"language":  {func(c *up.Config) { c.Enrich.Languages = []string{"french"} }, false, "french"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t, t.TempDir(), freeAddr(t))
			test.change(&cfg)
			err := up.Run(t.Context(), cfg, up.Options{Demo: test.demo, Out: io.Discard, Err: io.Discard})
			require.ErrorContains(t, err, test.want)
		})
	}
}
