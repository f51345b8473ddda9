package httpget_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const agent = "dateline-test/1 (+https://example.org/bot)"

// origin starts a server and a client that may reach it and nothing else on loopback.
func origin(t *testing.T, h http.HandlerFunc, change func(*httpget.Config)) (*httpget.Client, string) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return client(t, srv.Listener.Addr().String(), change), srv.URL
}

func client(t *testing.T, allow string, change func(*httpget.Config)) *httpget.Client {
	t.Helper()
	cfg := httpget.Config{UserAgent: agent, AllowHosts: []string{allow}}
	if change != nil {
		change(&cfg)
	}
	c := httpget.New(cfg)
	t.Cleanup(c.Close)
	return c
}

// rawOrigin answers every connection with the given bytes and closes it.
func rawOrigin(t *testing.T, answer string) (*httpget.Client, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 4096)
			_, _ = conn.Read(buf)
			_, _ = io.WriteString(conn, answer)
			_ = conn.Close()
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return client(t, l.Addr().String(), nil), "http://" + l.Addr().String()
}

func TestGetSendsWhatIsAskedAndNoMore(t *testing.T) {
	t.Parallel()
	var got http.Header
	c, url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		w.Header().Set("Content-Type", `Text/HTML; charset="ISO-8859-1"`)
		w.Header().Set("ETag", `W/"x y"`)
		w.Header().Set("Last-Modified", "Thu, 05 Jun 2025 10:00:00 GMT")
		_, _ = io.WriteString(w, "hello")
	}, nil)
	req := httpget.Request{
		URL: url + "/a?b=c#d", Kind: "page", ETag: `W/"x y"`, LastModified: "yesterday, more or less",
		Header: map[string]string{"x-key": "secret", "cookie": "no", "Accept-Encoding": "lzma"},
	}
	for range 2 {
		res, err := c.Get(context.Background(), req)
		require.NoError(t, err)
		require.Equal(t, 200, res.Status)
		require.Equal(t, "hello", string(res.Body))
		require.Equal(t, "text/html", res.ContentType)
		require.Equal(t, "ISO-8859-1", res.Charset)
		require.Equal(t, `W/"x y"`, res.ETag)
		require.Equal(t, "Thu, 05 Jun 2025 10:00:00 GMT", res.LastModified)
		require.Equal(t, url+"/a?b=c", res.FinalURL)
	}
	require.Equal(t, http.Header{
		"User-Agent":        {agent},
		"Accept":            {"text/html, application/xhtml+xml, application/xml;q=0.8, text/plain;q=0.7, */*;q=0.1"},
		"Accept-Encoding":   {"gzip, deflate, br, zstd"},
		"If-None-Match":     {`W/"x y"`},
		"If-Modified-Since": {"yesterday, more or less"},
		"X-Key":             {"secret"},
	}, got)
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	c, url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"new"`)
		w.WriteHeader(http.StatusNotModified)
	}, nil)
	res, err := c.Get(context.Background(), httpget.Request{URL: url, ETag: `"old"`})
	require.NoError(t, err)
	require.True(t, res.NotModified)
	require.Equal(t, `"new"`, res.ETag)

	_, err = c.Get(context.Background(), httpget.Request{URL: url})
	require.Equal(t, "bad-response", httpget.Class(err))
	_, err = c.Get(context.Background(), httpget.Request{URL: url, ETag: "a\x01b"})
	require.Equal(t, "bad-response", httpget.Class(err), "an unclean validator is not sent")
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	keys := map[string]string{}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		keys["other"] = r.Header.Get("X-Key") + r.Header.Get("Referer") + r.Header.Get("Authorization")
		_, _ = io.WriteString(w, "there")
	}))
	t.Cleanup(other.Close)
	c, url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			w.Header().Set("Location", "/loop")
			w.WriteHeader(302)
		case "/a":
			w.Header().Set("Location", "b?x=1")
			w.WriteHeader(301)
		case "/b":
			w.Header().Set("Location", strings.Replace(other.URL, "//", "//ann:pw@", 1)+"/c#frag")
			w.WriteHeader(307)
		case "/nowhere":
			w.WriteHeader(302)
		default:
			w.Header().Set("Location", r.URL.Query().Get("to"))
			w.WriteHeader(302)
		}
	}, func(cfg *httpget.Config) {
		cfg.AllowHosts = append(cfg.AllowHosts, other.Listener.Addr().String())
	})
	get := func(path string) (*httpget.Response, error) {
		return c.Get(context.Background(), httpget.Request{URL: url + path, Header: map[string]string{"X-Key": "secret"}})
	}
	res, err := get("/a")
	require.NoError(t, err)
	require.Equal(t, "there", string(res.Body))
	require.Equal(t, other.URL+"/c", res.FinalURL)
	require.Equal(t, []httpget.Redirect{
		{From: url + "/a", To: url + "/b?x=1", Status: 301},
		{From: url + "/b?x=1", To: other.URL + "/c#frag", Status: 307},
	}, res.Redirects)
	require.Equal(t, url+"/b?x=1", res.MovedTo(), "the temporary hop does not count")
	require.Empty(t, keys["other"], "keys stay with their origin")

	_, err = get("/loop")
	require.Equal(t, "redirects", httpget.Class(err))
	res, err = get("/nowhere")
	require.NoError(t, err)
	require.Equal(t, 302, res.Status)

	for to, class := range map[string]string{
		"file:///etc/passwd":             "scheme",
		"gopher://127.0.0.1:4222/_x":     "scheme",
		"http://127.0.0.1:4222/":         "private",
		"http://127.0.0.1:8080/":         "private",
		"http://169.254.169.254/latest/": "private",
		"http://2130706433:8080/":        "private",
		"http://0x7f.1:8080/":            "private",
		"http://localhost.:8080/":        "private",
		"http://[::ffff:127.0.0.1]:8080": "private",
		"http://[64:ff9b::7f00:1]:8080/": "private",
		"http://":                        "url",
	} {
		_, err = get("/?to=" + to)
		require.Equal(t, class, httpget.Class(err), "%s: %v", to, err)
	}
}

func TestSizeLimits(t *testing.T) {
	t.Parallel()
	c, url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 32<<10)); err != nil {
					return
				}
			}
		case "/declared":
			w.Header().Set("Content-Length", "99999999")
		case "/exact":
			_, _ = w.Write(make([]byte, 1<<20))
		case "/headers":
			for i := range 5000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("v", 90))
			}
		}
	}, func(cfg *httpget.Config) { cfg.MaxBytes = 1 << 20 })
	for path, class := range map[string]string{"/endless": "too-large", "/declared": "too-large", "/headers": "bad-response"} {
		_, err := c.Get(context.Background(), httpget.Request{URL: url + path})
		require.Equal(t, class, httpget.Class(err), "%s: %v", path, err)
	}
	res, err := c.Get(context.Background(), httpget.Request{URL: url + "/exact"})
	require.NoError(t, err)
	require.Len(t, res.Body, 1<<20)
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	hang := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
		}
		<-release
	}
	header, url := origin(t, hang, func(cfg *httpget.Config) { cfg.HeaderTimeout = 50 * time.Millisecond })
	_, err := header.Get(context.Background(), httpget.Request{URL: url})
	require.Equal(t, "timeout", httpget.Class(err), "%v", err)
	body, url := origin(t, hang, func(cfg *httpget.Config) { cfg.Timeout = 200 * time.Millisecond })
	_, err = body.Get(context.Background(), httpget.Request{URL: url + "/body"})
	require.Equal(t, "timeout", httpget.Class(err), "%v", err)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = body.Get(ctx, httpget.Request{URL: url})
	require.Equal(t, "canceled", httpget.Class(err))
	// Cleanups run last in, first out: the handlers end before their servers close.
	t.Cleanup(func() { close(release) })
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	for answer, class := range map[string]string{
		"":              "reset",
		"SSH-2.0-x\r\n": "bad-response",
		"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort":              "truncated",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel":   "truncated",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhel":  "bad-response",
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r": "bad-response",
	} {
		c, url := rawOrigin(t, answer)
		_, err := c.Get(context.Background(), httpget.Request{URL: url})
		require.Equal(t, class, httpget.Class(err), "%q: %v", answer, err)
		require.NotContains(t, err.Error(), "\n")
	}
	c, url := rawOrigin(t, "HTTP/1.1 200 OK\r\nETag: \"a\tb\"\r\nX-Ok: yes\r\nX-Bad: a\xff\r\nContent-Length: 2\r\n\r\nok")
	res, err := c.Get(context.Background(), httpget.Request{URL: url})
	require.NoError(t, err)
	require.Empty(t, res.ETag)
	require.Equal(t, "yes", res.Header.Get("X-Ok"))
	require.NotContains(t, res.Header, "X-Bad")
	require.NotContains(t, res.Header, "Etag")
}

func TestConnectionsRefusedAndTLS(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := l.Addr().String()
	require.NoError(t, l.Close())
	_, err = client(t, closed, nil).Get(context.Background(), httpget.Request{URL: "http://" + closed})
	require.Equal(t, "refused", httpget.Class(err))

	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	_, err = client(t, srv.Listener.Addr().String(), nil).Get(context.Background(), httpget.Request{URL: srv.URL})
	require.Equal(t, "tls", httpget.Class(err), "%v", err)

	c, url := origin(t, func(http.ResponseWriter, *http.Request) {}, nil)
	_, err = c.Get(context.Background(), httpget.Request{URL: strings.Replace(url, "http:", "https:", 1)})
	require.Equal(t, "tls", httpget.Class(err), "%v", err)
}

func TestHTTP2(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	c := client(t, srv.Listener.Addr().String(), func(cfg *httpget.Config) {
		cfg.RootCAs = x509.NewCertPool()
		cfg.RootCAs.AddCert(srv.Certificate())
	})
	res, err := c.Get(context.Background(), httpget.Request{URL: srv.URL})
	require.NoError(t, err)
	require.Equal(t, "HTTP/2.0", string(res.Body))
}

func TestStatusIsNoError(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 6, 5, 10, 0, 0, 0, time.UTC)
	c, url := origin(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "Thu, 05 Jun 2025 10:02:00 GMT")
		status := 0
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "text")
	}, func(cfg *httpget.Config) { cfg.Now = func() time.Time { return now } })
	for status, wait := range map[int]time.Duration{200: 0, 404: 2 * time.Minute, 410: 2 * time.Minute, 429: 2 * time.Minute, 503: 2 * time.Minute} {
		res, err := c.Get(context.Background(), httpget.Request{URL: fmt.Sprintf("%s/%d", url, status)})
		require.NoError(t, err)
		require.Equal(t, status, res.Status)
		require.Equal(t, wait, res.RetryAfter)
		require.Equal(t, status == 200, len(res.Body) > 0)
	}
}

func TestProxy(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "via "+r.URL.String())
	}))
	t.Cleanup(proxy.Close)
	c := client(t, "none:1", func(cfg *httpget.Config) { cfg.Proxy = proxy.URL })
	res, err := c.Get(context.Background(), httpget.Request{URL: "http://news.example/a"})
	require.NoError(t, err)
	require.Equal(t, "via http://news.example/a", string(res.Body))
	_, err = c.Get(context.Background(), httpget.Request{URL: "http://127.0.0.1/a"})
	require.Equal(t, "private", httpget.Class(err))

	_, err = client(t, "none:1", func(cfg *httpget.Config) { cfg.Proxy = "no proxy" }).
		Get(context.Background(), httpget.Request{URL: "http://news.example/a"})
	require.ErrorContains(t, err, "proxy")
	require.Equal(t, "config", httpget.Class(err))
}
