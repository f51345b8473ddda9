package console_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/console"
	"github.com/dateline-news/dateline/services/enricher/watch"
)

// post sends JSON with further headers, in which SELF stands for the console's own
// origin, and returns status and body.
func (r *running) post(path, body string, header ...string) (int, string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path, strings.NewReader(body))
	require.NoError(r.t, err)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], strings.ReplaceAll(header[i+1], "SELF", r.url))
	}
	res, err := r.http.Do(req)
	require.NoError(r.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return res.StatusCode, string(text)
}

// hold puts a message into quarantine that the parser gave up on.
func hold(t *testing.T, b *bus.Bus, id string) {
	t.Helper()
	msg, err := bus.Encode(topology.Quarantine("parser", id), &datelinev1.Quarantined{
		Id: id, Stage: "parser", Class: "permanent", Error: "<script>alert(1)</script>", Attempt: 1, Subject: topology.ArticleFetched("h", "a1"),
		Payload: []byte("<img src=x onerror=alert(2)>"), QuarantinedAt: timestamppb.Now(), ArticleId: "a1", Stream: topology.StreamFetched, Sequence: 7,
		Headers: map[string]*datelinev1.HeaderValues{stage.HeaderArticle: {Values: []string{"a1"}}},
	}, bus.Protobuf)
	require.NoError(t, err)
	_, err = b.JS.PublishMsg(t.Context(), msg)
	require.NoError(t, err)
}

func held(t *testing.T, b *bus.Bus) uint64 {
	t.Helper()
	s, err := b.JS.Stream(t.Context(), topology.StreamQuarantine)
	require.NoError(t, err)
	return s.CachedInfo().State.Msgs
}

const secret = "correct-horse-battery"

// TestWhoMayChange is the matrix of listener, token, read-only switch and origin.
func TestWhoMayChange(t *testing.T) {
	b := bustest.Start(t)
	const everywhere, loopback = "0.0.0.0:0", "127.0.0.1:0"
	bearer := []string{"Authorization", "Bearer " + secret}
	for _, tt := range []struct {
		name     string
		listen   string
		settings console.Settings
		header   []string
		status   int
		says     string
		mode     string
	}{
		{name: "loopback", listen: loopback, status: http.StatusNotFound, says: "not in quarantine", mode: "open"},
		{name: "loopback, its own page", listen: loopback, header: []string{"Sec-Fetch-Site", "same-origin", "Origin", "SELF"}, status: http.StatusNotFound, mode: "open"},
		{name: "loopback, another origin", listen: loopback, header: []string{"Origin", "https://evil.example"}, status: http.StatusForbidden, says: "own page only", mode: "open"},
		{name: "loopback, a page in a sandbox", listen: loopback, header: []string{"Origin", "null"}, status: http.StatusForbidden, mode: "open"},
		{name: "loopback, another port of this machine", listen: loopback, header: []string{"Origin", "http://127.0.0.1:1"}, status: http.StatusForbidden, mode: "open"},
		{name: "loopback, same site only", listen: loopback, header: []string{"Sec-Fetch-Site", "same-site"}, status: http.StatusForbidden, mode: "open"},
		{name: "loopback, a foreign name", listen: loopback, header: []string{"Host", "rebound.example"}, status: http.StatusMisdirectedRequest, mode: "open"},
		{name: "loopback, a form", listen: loopback, header: []string{"Content-Type", "text/plain"}, status: http.StatusUnsupportedMediaType, mode: "open"},
		{name: "loopback, read-only", listen: loopback, settings: console.Settings{ReadOnly: true}, status: http.StatusForbidden, says: "read-only", mode: "off"},
		{name: "loopback, token set and missing", listen: loopback, settings: console.Settings{Token: secret}, status: http.StatusUnauthorized, mode: "token"},
		{name: "loopback, token", listen: loopback, settings: console.Settings{Token: secret}, header: bearer, status: http.StatusNotFound, mode: "token"},
		{name: "everywhere, no token", listen: everywhere, status: http.StatusForbidden, says: "DATELINE_HTTP_TOKEN", mode: "off"},
		{name: "everywhere, token set and missing", listen: everywhere, settings: console.Settings{Token: secret}, status: http.StatusUnauthorized, mode: "token"},
		{name: "everywhere, a wrong token", listen: everywhere, settings: console.Settings{Token: secret}, header: []string{"Authorization", "Bearer " + secret + "x"}, status: http.StatusUnauthorized, mode: "token"},
		{name: "everywhere, token as another scheme", listen: everywhere, settings: console.Settings{Token: secret}, header: []string{"Authorization", secret}, status: http.StatusUnauthorized, mode: "token"},
		{name: "everywhere, token", listen: everywhere, settings: console.Settings{Token: secret}, header: bearer, status: http.StatusNotFound, mode: "token"},
		{name: "everywhere, token, another origin", listen: everywhere, settings: console.Settings{Token: secret}, header: append([]string{"Origin", "https://evil.example"}, bearer...), status: http.StatusForbidden, mode: "token"},
		{name: "everywhere, token, read-only", listen: everywhere, settings: console.Settings{Token: secret, ReadOnly: true}, header: bearer, status: http.StatusForbidden, says: "read-only", mode: "off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := startWith(t, b, prometheus.NewRegistry(), tt.settings, tt.listen)
			_, port, err := net.SplitHostPort(strings.TrimPrefix(r.url, "http://"))
			require.NoError(t, err)
			r.url = "http://127.0.0.1:" + port
			_, access := r.get("/api/access")
			require.Contains(t, access, `"write":"`+tt.mode+`"`)
			require.NotContains(t, access, secret)
			for _, path := range []string{"/api/feeds/add", "/api/feeds/remove", "/api/quarantine/retry", "/api/quarantine/drop"} {
				if tt.status == http.StatusNotFound && !strings.Contains(path, "quarantine") {
					continue
				}
				status, body := r.post(path, `{"id":"qnone"}`, tt.header...)
				require.Equal(t, tt.status, status, "%s: %s", path, body)
				require.Contains(t, body, tt.says, path)
			}
			res, _ := r.get("/api/quarantine/retry")
			require.NotEqual(t, http.StatusOK, res.StatusCode, "nothing is changed by GET")
		})
	}
}

func TestTokenMustBeLong(t *testing.T) {
	c, err := console.New(bustest.Start(t), prometheus.NewRegistry(), console.Settings{Token: "short"}, zap.NewNop())
	require.NoError(t, err)
	require.ErrorContains(t, c.Mount(telemetry.NewOps(telemetry.OpsConfig{})), "openssl rand")
}

func TestBodiesAndRatesAreBounded(t *testing.T) {
	r := start(t, bustest.Start(t), prometheus.NewRegistry())
	for body, says := range map[string]string{
		"":                        "no JSON",
		"{":                       "no JSON",
		`{"id":"q"} {"id":"q"}`:   "more than one",
		`{"id":"q","other":true}`: "unknown field",
		`{"id":"` + strings.Repeat("x", 20_000) + `"}`: "too large",
	} {
		status, text := r.post("/api/quarantine/drop", body)
		require.Equal(t, http.StatusBadRequest, status, text)
		require.Contains(t, text, says)
	}
	status := http.StatusOK
	for range 50 {
		if status, _ = r.post("/api/quarantine/drop", "{}"); status == http.StatusTooManyRequests {
			break
		}
	}
	require.Equal(t, http.StatusTooManyRequests, status)
}

func TestQuarantineFromThePage(t *testing.T) {
	b := bustest.Start(t)
	r := start(t, b, prometheus.NewRegistry())
	hold(t, b, "q111")
	hold(t, b, "q222")
	res, body := r.get("/api/quarantine/q111")
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, "application/json", res.Header.Get("Content-Type"))
	var detail struct {
		Error, Preview, Stream string
		Headers                []string
	}
	require.NoError(t, json.Unmarshal([]byte(body), &detail))
	require.NotContains(t, body, "<script>", "Go's JSON escapes it")
	require.Equal(t, "<img src=x onerror=alert(2)>", detail.Preview)
	require.Equal(t, []string{stage.HeaderArticle + ": a1"}, detail.Headers)

	status, body := r.post("/api/quarantine/retry", `{"id":"q111"}`)
	require.Equal(t, http.StatusOK, status, body)
	fetched, err := b.JS.Stream(t.Context(), topology.StreamFetched)
	require.NoError(t, err)
	msg, err := fetched.GetLastMsgForSubject(t.Context(), topology.ArticleFetched("h", "a1"))
	require.NoError(t, err)
	require.Equal(t, "<img src=x onerror=alert(2)>", string(msg.Data))
	status, body = r.post("/api/quarantine/retry", `{"id":"q111"}`)
	require.Equal(t, http.StatusNotFound, status, body)
	status, _ = r.post("/api/quarantine/drop", `{"id":"q222"}`)
	require.Equal(t, http.StatusOK, status)
	require.Zero(t, held(t, b))
	for _, id := range []string{"*", ">", "a.b", "", strings.Repeat("x", 600)} {
		data, err := json.Marshal(map[string]string{"id": id})
		require.NoError(t, err)
		status, body = r.post("/api/quarantine/drop", string(data))
		require.Equal(t, http.StatusNotFound, status, body)
	}
}

// TestFeedsFromThePage answers as a fetcher does.
func TestFeedsFromThePage(t *testing.T) {
	b := bustest.Start(t)
	r := start(t, b, prometheus.NewRegistry())
	consumer, err := b.JS.Consumer(t.Context(), topology.StreamSubmissions, topology.Registry.Name)
	require.NoError(t, err)
	answer := func(receipt *datelinev1.Receipt, do func() (int, string)) (int, string) {
		done := make(chan jetstream.Msg, 1)
		go func() {
			msg, err := consumer.Next(jetstream.FetchMaxWait(patience))
			if err == nil {
				reply, _ := bus.Encode(msg.Headers().Get(bus.HeaderReply), receipt, bus.Protobuf)
				_ = b.Conn.PublishMsg(reply)
				_ = msg.Ack()
			}
			done <- msg
		}()
		status, body := do()
		require.NotNil(t, <-done)
		return status, body
	}
	status, body := answer(&datelinev1.Receipt{Status: "added", Id: "f1", Url: "https://user:pass@news.example/rss"}, func() (int, string) {
		return r.post("/api/feeds/add", `{"url":"https://news.example/rss"}`)
	})
	require.Equal(t, http.StatusOK, status, body)
	require.JSONEq(t, `{"status":"added","id":"f1","url":"https://news.example/rss"}`, body)
	status, body = answer(&datelinev1.Receipt{Status: "rejected", Message: "not a URL"}, func() (int, string) {
		return r.post("/api/feeds/add", `{"url":"javascript:alert(1)"}`)
	})
	require.Equal(t, http.StatusUnprocessableEntity, status, body)
	require.Contains(t, body, "not a URL")
	status, body = answer(&datelinev1.Receipt{Status: "removed", Id: "f1"}, func() (int, string) {
		return r.post("/api/feeds/remove", `{"id":"f1"}`)
	})
	require.Equal(t, http.StatusOK, status, body)

	store, err := bus.OpenStore[datelinev1.FeedRecord](t.Context(), b.JS, topology.BucketFeeds)
	require.NoError(t, err)
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	_, err = store.Put(t.Context(), "f1", &datelinev1.FeedRecord{
		Feed: &datelinev1.Feed{Id: "f1", Url: "https://user:pass@news.example/rss", Headers: map[string]string{"Authorization": "key"}},
		Poll: &datelinev1.PollState{State: "failing", Changes: []*datelinev1.StateChange{
			{At: timestamppb.New(at), State: "healthy"}, {At: timestamppb.New(at.Add(time.Hour)), State: "failing", Reason: "answered 500"},
		}},
	}, 0)
	require.NoError(t, err)
	res, body := r.get("/api/feeds/f1")
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.NotContains(t, body, "pass")
	require.NotContains(t, body, "key")
	var detail struct {
		Changes []struct{ State, Reason string }
	}
	require.NoError(t, json.Unmarshal([]byte(body), &detail))
	require.Equal(t, "failing", detail.Changes[0].State, "the latest first")
	require.Equal(t, "answered 500", detail.Changes[0].Reason)
	res, _ = r.get("/api/feeds/fnone")
	require.Equal(t, http.StatusNotFound, res.StatusCode)
}

func TestSearchTraceAndClusters(t *testing.T) {
	b := bustest.Start(t)
	r := start(t, b, prometheus.NewRegistry())
	one, two, other := plain("one", "Ferry sinks off Harbour"), plain("two", "Ferry sinks off the harbour"), plain("three", "معرض الكتاب بطنجة")
	for i, a := range []*datelinev1.Article{one, two} {
		a.Enrichment.Cluster = &datelinev1.Cluster{Id: "c1", Size: uint32(i + 1), FirstArticleId: "one", Similarity: 0.9}
	}
	publish(t, b, bus.JSON, one, two, other)
	s := r.open("")
	for range 3 {
		s.article()
	}
	_, body := r.get("/api/search?q=ferry+harbour")
	require.Contains(t, body, `"of":3`)
	require.Equal(t, 2, strings.Count(body, `"headline"`))
	_, body = r.get("/api/search?q=" + "%D8%B7%D9%86%D8%AC%D8%A9")
	require.Contains(t, body, `"id":"three"`)
	_, body = r.get("/api/search?q=ferry&lang=fr")
	require.Contains(t, body, `"articles":[]`)
	_, body = r.get("/api/clusters")
	require.Contains(t, body, `"id":"c1","size":2`)
	require.Equal(t, 2, strings.Count(body, `"headline"`))

	res, body := r.get("/api/trace?q=one")
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Contains(t, body, `"state":"enriched"`)
	_, body = r.get("/api/trace?q=https://nowhere.example/x")
	require.Contains(t, body, `"state":"unknown"`)
	for _, query := range []string{"", "not+a+url", "javascript:alert(1)", strings.Repeat("x", 3000)} {
		res, body := r.get("/api/trace?q=" + query)
		require.GreaterOrEqual(t, res.StatusCode, 400, query)
		require.Less(t, res.StatusCode, 500, query)
		require.Contains(t, body, `"error"`)
	}
	store, err := watch.Open(t.Context(), b)
	require.NoError(t, err)
	_, err = store.Add(t.Context(), "ferries", "ferry <script>")
	require.NoError(t, err)
	_, body = r.get("/api/watches")
	require.Contains(t, body, `"name":"ferries"`)
	require.NotContains(t, body, "<script>")
	_, body = r.get("/api/accounting")
	require.Contains(t, body, `"stages":[]`)
}
