package robots

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestParseAndMatch(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file       string
		allowed    []string
		disallowed []string
	}{
		"nothing":        {"", []string{"/", "/a"}, nil},
		"all":            {"User-agent: *\nDisallow: /", nil, []string{"/", "/a"}},
		"nothing denied": {"User-agent: *\nDisallow:", []string{"/", "/a"}, nil},
		"longest wins": {
			"user-agent: dateline\ndisallow: /archive/\nallow: /archive/2025/",
			[]string{"/archive/2025/x", "/archive", "/"},
			[]string{"/archive/", "/archive/2024"},
		},
		"allow wins a tie":    {"user-agent: *\ndisallow: /a\nallow: /a", []string{"/a", "/ab"}, nil},
		"own group only":      {"user-agent: *\ndisallow: /\n\nuser-agent: Dateline/2.0\ndisallow: /x", []string{"/"}, []string{"/x"}},
		"another agent":       {"user-agent: datelinebot\ndisallow: /", []string{"/"}, nil},
		"groups taken as one": {"user-agent: dateline\ndisallow: /a\n\nuser-agent: other\ndisallow: /\n\nuser-agent: dateline\ndisallow: /b", []string{"/c"}, []string{"/a", "/b"}},
		"several agents":      {"user-agent: other\nuser-agent: dateline\nsitemap: https://example.org/s\ndisallow: /a", []string{"/b"}, []string{"/a"}},
		"rule before groups":  {"disallow: /\nuser-agent: *\ndisallow: /a", []string{"/b"}, []string{"/a"}},
		"wildcards":           {"user-agent: *\ndisallow: /*.pdf$\ndisallow: /*?print=", []string{"/a.pdf?x", "/a"}, []string{"/a.pdf", "/x/b.pdf", "/a?print=1"}},
		"dollar inside":       {"user-agent: *\ndisallow: /a$b", []string{"/a"}, []string{"/a$b"}},
		"comments and line ends": {
			"\xef\xbb\xbfUser-Agent : * # all\r\rDisallow : /a # not this\r\n#Disallow: /b\n",
			[]string{"/b"},
			[]string{"/a"},
		},
		"misspelt":      {"useragent *\ndisalow /a", []string{"/b"}, []string{"/a"}},
		"escapes":       {"user-agent: *\ndisallow: /caf\u00e9\ndisallow: /b%c3%a9", []string{"/cafe"}, []string{"/caf%C3%A9", "/b%C3%A9"}},
		"index page":    {"user-agent: *\nallow: /news/index.html\ndisallow: /", []string{"/news/", "/news/index.html"}, []string{"/news/x"}},
		"case of paths": {"user-agent: *\ndisallow: /News", []string{"/news"}, []string{"/News"}},
		"a web page":    {"<html><body>not found</body></html>", []string{"/"}, nil},
	} {
		r := parse([]byte(tc.file), "dateline")
		for _, path := range tc.allowed {
			require.True(t, r.allows(path), "%s: %s", name, path)
		}
		for _, path := range tc.disallowed {
			require.False(t, r.allows(path), "%s: %s", name, path)
		}
	}
}

func TestSizeLimit(t *testing.T) {
	t.Parallel()
	file := "user-agent: *\ndisallow: /early\n" + strings.Repeat("# padding\n", maxSize/10) + "disallow: /late\n"
	r := parse([]byte(file), "dateline")
	require.False(t, r.allows("/early"))
	require.True(t, r.allows("/late"))
}

func TestCrawlDelay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{
		"10": 10 * time.Second, "0.5": 500 * time.Millisecond, "1,5": 1500 * time.Millisecond, "-1": 0, "x": 0, "1e300": maxDelay, "inf": maxDelay, "nan": 0,
	} {
		r := parse([]byte("user-agent: *\ncrawl-delay: "+in), "dateline")
		require.Equal(t, want, r.delay, in)
	}
}

// origins answers for several origins and counts the requests.
type origins struct {
	mu     sync.Mutex
	status int
	body   string
	err    error
	asked  []string
}

func (o *origins) get(_ context.Context, url string) (int, []byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, url)
	return o.status, []byte(o.body), o.err
}

func TestStates(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status int
		err    error
		want   Verdict
	}{
		{200, nil, Verdict{Allowed: true, State: Allowed, CrawlDelay: 3 * time.Second}},
		{404, nil, Verdict{Allowed: true, State: Absent}},
		{401, nil, Verdict{Allowed: true, State: Absent}},
		{302, nil, Verdict{Allowed: true, State: Absent}},
		{429, nil, Verdict{State: Unreachable}},
		{500, nil, Verdict{State: Unreachable}},
		{0, errors.New("no route"), Verdict{State: Unreachable}},
	} {
		o := &origins{status: tc.status, err: tc.err, body: "user-agent: *\ncrawl-delay: 3\ndisallow: /no"}
		c := New(o.get, Config{Agent: "dateline"})
		v, err := c.Check(context.Background(), "https://Example.org:443/a?b#c")
		require.NoError(t, err)
		require.Equal(t, tc.want, v)
		require.Equal(t, []string{"https://example.org/robots.txt"}, o.asked)
	}
	o := &origins{status: 200, body: "user-agent: *\ndisallow: /"}
	c := New(o.get, Config{Agent: "dateline"})
	v, err := c.Check(context.Background(), "http://example.org:8080")
	require.NoError(t, err)
	require.Equal(t, Verdict{State: Disallowed}, v)
	v, err = c.Check(context.Background(), "http://example.org:8080/robots.txt")
	require.NoError(t, err)
	require.True(t, v.Allowed)
	_, err = c.Check(context.Background(), "not a url")
	require.Error(t, err)
}

func TestExpiryAndStaleRules(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 6, 5, 10, 0, 0, 0, time.UTC)
	o := &origins{status: 200, body: "user-agent: *\ndisallow: /no"}
	c := New(o.get, Config{Agent: "dateline", Now: func() time.Time { return now }})
	check := func(state string, asked int) {
		t.Helper()
		v, err := c.Check(context.Background(), "https://example.org/no")
		require.NoError(t, err)
		require.Equal(t, state, v.State)
		require.Len(t, o.asked, asked)
	}
	check(Disallowed, 1)
	now = now.Add(23 * time.Hour)
	check(Disallowed, 1)
	now = now.Add(2 * time.Hour)
	o.status = 503
	check(Disallowed, 2)
	now = now.Add(unreachableTTL)
	check(Disallowed, 3)
	now = now.Add(31 * 24 * time.Hour)
	check(Absent, 4)
	o.status, o.body = 200, ""
	now = now.Add(unreachableTTL)
	check(Allowed, 5)
}

func TestOneFetchForMany(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	release, started := make(chan struct{}), make(chan struct{}, 1)
	c := New(func(ctx context.Context, _ string) (int, []byte, error) {
		asked.Add(1)
		started <- struct{}{}
		select {
		case <-release:
			return 404, nil, nil
		case <-ctx.Done():
			return 0, nil, ctx.Err()
		}
	}, Config{Agent: "dateline"})

	// The first to ask gives up; one of those who wait takes over.
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := c.Check(ctx, "https://example.org/")
		require.ErrorIs(t, err, context.Canceled)
	})
	<-started
	for range 20 {
		wg.Go(func() {
			v, err := c.Check(context.Background(), "https://example.org/")
			require.NoError(t, err)
			require.Equal(t, Absent, v.State)
		})
	}
	cancel()
	<-started
	close(release)
	wg.Wait()
	require.Equal(t, int32(2), asked.Load())
}

func TestForgetsTheOldest(t *testing.T) {
	t.Parallel()
	o := &origins{status: 404}
	c := New(o.get, Config{Agent: "dateline", MaxHosts: 3})
	for _, host := range []int{1, 2, 3, 1, 4, 1, 2} {
		_, err := c.Check(context.Background(), fmt.Sprintf("https://h%d.example/", host))
		require.NoError(t, err)
	}
	require.Len(t, o.asked, 5, "only the second host was asked again")
	require.Equal(t, 3, c.recent.Len())
	require.Len(t, c.byHost, 3)
}

func TestSitemaps(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString("Sitemap: https://example.org/news.xml # the news\nUser-agent: other\nDisallow: /\nSITEMAP:https://cdn.example/all.xml.gz\n" +
		"Sitemap: /relative.xml\nSitemap: ftp://example.org/x\nSitemap: https://example.org/news.xml\nAllow: /a\n")
	for i := range 100 {
		fmt.Fprintf(&file, "Sitemap: https://example.org/%d.xml\n", i)
	}
	c := New(func(context.Context, string) (int, []byte, error) { return 200, []byte(file.String()), nil }, Config{Agent: "dateline"})
	got, err := c.Sitemaps(context.Background(), "https://example.org/page")
	require.NoError(t, err)
	require.Len(t, got, 50)
	require.Equal(t, []string{"https://example.org/news.xml", "https://cdn.example/all.xml.gz", "https://example.org/0.xml"}, got[:3])
	v, err := c.Check(context.Background(), "https://example.org/page")
	require.NoError(t, err)
	require.True(t, v.Allowed, "a sitemap line belongs to no group and ends none")

	gone := New(func(context.Context, string) (int, []byte, error) { return 404, nil, nil }, Config{Agent: "dateline"})
	got, err = gone.Sitemaps(context.Background(), "https://example.org/")
	require.NoError(t, err)
	require.Empty(t, got)
	_, err = gone.Sitemaps(context.Background(), "no address")
	require.Error(t, err)
}

func FuzzParse(f *testing.F) {
	f.Add("user-agent: *\ndisallow: /a*b$\nallow: /index.html\ncrawl-delay: 1", "/a")
	f.Add("\xef\xbb\xbfuser-agent\tdateline\rdisalow /%zz%c3", "/%C3%A9?x")
	f.Add("disallow: /\nuser-agent: * x\nallow: $", "")
	f.Add("sitemap: https://example.org/\rsitemap\t//x\nsite-map:", "")
	f.Fuzz(func(t *testing.T, file, path string) {
		r := parse([]byte(file), "dateline")
		_ = r.allows(escape(path))
		require.GreaterOrEqual(t, r.delay, time.Duration(0))
		require.LessOrEqual(t, r.delay, maxDelay)
		require.LessOrEqual(t, len(r.sitemaps), maxSitemaps)
		for _, u := range r.sitemaps {
			require.Regexp(t, `^https?://[^/]`, u)
		}
		for _, rule := range r.list {
			require.Equal(t, rule.pattern, escape(rule.pattern))
		}
	})
}
