package up_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// trap is an address that does its asker harm, or tries to.
type trap struct {
	kind, name string
	serve      http.HandlerFunc
	// state is that of its feed after one poll, and says is part of the reason.
	state, says string
}

func (r trap) path() string { return "/" + r.kind + "/" + r.name }

// trapSite is a web server full of traps, with another one beside it, the canary,
// that nobody may reach.
type trapSite struct {
	*httptest.Server
	traps []trap
	// canary is the address of the canary, and sang says how often it was reached.
	canary string
	sang   atomic.Int64
	// closing ends the answers that have no end.
	closing chan struct{}

	mu    sync.Mutex
	asked map[string]int
	// seen, if not nil, is called at every request.
	seen func()
}

func newTrapSite(t *testing.T) *trapSite {
	t.Helper()
	s := &trapSite{closing: make(chan struct{}), asked: map[string]int{}}
	birds := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	birds.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.sang.Add(1)
		}
	}
	birds.Start()
	s.canary = birds.Listener.Addr().String()
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(func() {
		close(s.closing)
		s.Close()
		birds.Close()
	})
	s.traps = s.all(t)
	return s
}

func (s *trapSite) host() string { return s.Listener.Addr().String() }

func (s *trapSite) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked[r.URL.Path]++
	seen := s.seen
	s.mu.Unlock()
	if seen != nil {
		seen()
	}
	for _, trap := range s.traps {
		if trap.path() == r.URL.Path {
			trap.serve(w, r)
			return
		}
	}
	http.NotFound(w, r)
}

// visits is how often a path was asked for.
func (s *trapSite) visits(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// kinds are the kinds of traps, in order.
func (s *trapSite) kinds() []string {
	var kinds []string
	for _, r := range s.traps {
		if len(kinds) == 0 || kinds[len(kinds)-1] != r.kind {
			kinds = append(kinds, r.kind)
		}
	}
	return kinds
}

func (s *trapSite) all(t *testing.T) []trap {
	var all []trap
	for _, traps := range [][]trap{
		bombs(t), s.markup(), pages(), s.transport(), s.redirects(), s.addresses(), texts(), s.links(), identities(), dates(), statuses(),
	} {
		all = append(all, traps...)
	}
	return all
}

const feedType = "application/rss+xml; charset=utf-8"

func answering(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, text)
	}
}

func coded(coding string, data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", coding)
		w.Header().Set("Content-Type", feedType)
		_, _ = w.Write(data)
	}
}

func leading(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

// entry is what a feed's item holds; an empty part is left out.
type entry struct{ title, link, guid, date, text string }

func (e entry) xml() string {
	var b strings.Builder
	b.WriteString("<item>")
	for _, part := range [][2]string{{"title", e.title}, {"link", e.link}, {"guid", e.guid}, {"pubDate", e.date}, {"description", e.text}} {
		if part[1] != "" {
			fmt.Fprintf(&b, "<%[1]s>%[2]s</%[1]s>", part[0], part[1])
		}
	}
	return b.String() + "</item>"
}

func channel(title string, entries ...entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>%s</title>`, title)
	for _, e := range entries {
		b.WriteString(e.xml())
	}
	return b.String() + "</channel></rss>"
}

// paragraphs are enough text for an article.
const paragraphs = "The lighthouse on Gannet Rock was lit again on Wednesday, eleven weeks after lightning had struck its lantern room. " +
	"Keepers' families watched from the quay as the beam crossed the bay for the first time since October. " +
	"The harbour board said that the new lamp used a tenth of the power of the old one and could be seen from nineteen miles away. " +
	"Fishing crews had asked for a temporary light, which the board had refused because of its cost."

// published is when news came: lately, or their feed would be a quiet one.
var published = time.Now().Add(-3 * time.Hour).UTC().Format(time.RFC1123)

func plainEntry(title string) entry {
	return entry{title: title, guid: "gannet-rock-1", date: published, text: paragraphs}
}

const zeros = 64 << 20

func squeezed(t *testing.T, n int, pack func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pack(&b)
	chunk := make([]byte, 1<<20)
	for ; n > 0; n -= len(chunk) {
		_, err := w.Write(chunk[:min(n, len(chunk))])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func bombs(t *testing.T) []trap {
	gz := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	one := squeezed(t, zeros, gz)
	var twice bytes.Buffer
	w := gz(&twice)
	_, err := w.Write(one)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	br := squeezed(t, zeros, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestSpeed) })
	zs := squeezed(t, zeros, func(w io.Writer) io.WriteCloser {
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		require.NoError(t, err)
		return z
	})
	const large = "more than 1048576 bytes after decoding"
	return []trap{
		{"bomb", "gzip", coded("gzip", one), "failing", large},
		{"bomb", "gzip-in-gzip", coded("gzip, gzip", twice.Bytes()), "failing", large},
		{"bomb", "brotli", coded("br", br), "failing", large},
		{"bomb", "zstd", coded("zstd", zs), "failing", large},
		{"bomb", "cut-off", coded("gzip", one[:300]), "failing", "truncated"},
		{"bomb", "no-gzip", coded("gzip", []byte(channel("Gannet Post", plainEntry("Lit again")))), "failing", "gzip"},
	}
}

func (s *trapSite) markup() []trap {
	rss := func(text string) http.HandlerFunc { return answering(feedType, text) }
	var laughs strings.Builder
	laughs.WriteString(`<!DOCTYPE rss [<!ENTITY h0 "ha">`)
	for i := range 12 {
		fmt.Fprintf(&laughs, `<!ENTITY h%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&h%d;", i), 12))
	}
	laughs.WriteString(`]>`)
	attributes := strings.Builder{}
	for i := range 30_000 {
		fmt.Fprintf(&attributes, ` n%d="1"`, i)
	}
	whole := plainEntry("Lit again").xml()
	return []trap{
		{"xml", "laughs", rss(laughs.String() + channel("&h12;", plainEntry("&h12;"))), "healthy", ""},
		{"xml", "long-entity", rss(`<!DOCTYPE rss [<!ENTITY l "` + strings.Repeat("l", 40_000) + `">]>` + channel(strings.Repeat("&l;", 1500))), "healthy", ""},
		{"xml", "file", rss(`<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]>` + channel("&f;", plainEntry("&f;"))), "healthy", ""},
		{"xml", "elsewhere", rss(`<?xml-stylesheet href="http://` + s.canary + `/"?><!DOCTYPE rss SYSTEM "http://` + s.canary + `/d" [<!ENTITY % p SYSTEM "http://` +
			s.canary + `/p">%p;<!ENTITY f SYSTEM "http://` + s.canary + `/f">]>` + channel("&f;", plainEntry("&f;"))), "healthy", ""},
		{"xml", "deep", rss(`<rss version="2.0"><channel>` + strings.Repeat("<d>", 60_000) + strings.Repeat("</d>", 60_000)), "", ""},
		{"xml", "long-attribute", rss(`<rss version="2.0"><channel a="` + strings.Repeat("a", 900_000) + `"><title>T</title></channel></rss>`), "healthy", ""},
		{"xml", "many-attributes", rss(`<rss version="2.0"><channel` + attributes.String() + `><title>T</title></channel></rss>`), "healthy", ""},
		{"xml", "broken-off", rss(`<rss version="2.0"><channel><title>T</title>` + whole + whole[:60]), "healthy", ""},
	}
}

// pages are traps that articles lead to. As feeds they are none.
func pages() []trap {
	html := func(text string) http.HandlerFunc { return answering("text/html; charset=utf-8", text) }
	const none = "not a feed"
	return []trap{
		{"html", "deep", html("<body>" + strings.Repeat("<div>", 100_000) + paragraphs), "failing", none},
		{"html", "unclosed", html("<p>" + strings.Repeat("<b><i><a href=x>", 10_000) + paragraphs), "failing", none},
		{"html", "tables", html(strings.Repeat("<table>T<tr><td>", 8000) + paragraphs), "failing", none},
		{"html", "foreign", html(`<table><math><select><mi><select></table><svg><desc><p>` + paragraphs), "failing", none},
		{"html", "long-attribute", html(`<a href="` + strings.Repeat("a", 900_000) + `">T</a><p>` + paragraphs), "failing", none},
		{"html", "no-end", html(`<p>T<!-- <script>` + strings.Repeat("x", 10_000)), "failing", none},
		{"html", "maintenance", html(`<title>Down</title>Back soon.`), "failing", none},
	}
}

// spoken answers with bytes that are not HTTP's, and ends when the asker does.
func (s *trapSite) spoken(speak func(w io.Writer, pause func() bool)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			// Nothing more is to come: this ends with the connection.
			_, _ = io.Copy(io.Discard, conn)
		}()
		speak(conn, func() bool {
			tick := time.NewTimer(50 * time.Millisecond)
			defer tick.Stop()
			select {
			case <-s.closing:
				return false
			case <-gone:
				return false
			case <-tick.C:
				return true
			}
		})
		_ = conn.Close()
		<-gone
	}
}

func (s *trapSite) transport() []trap {
	dripping := func(head, drop string) http.HandlerFunc {
		return s.spoken(func(w io.Writer, pause func() bool) {
			_, _ = io.WriteString(w, head)
			for pause() {
				_, _ = io.WriteString(w, drop)
			}
		})
	}
	saying := func(text string) http.HandlerFunc {
		return s.spoken(func(w io.Writer, _ func() bool) { _, _ = io.WriteString(w, text) })
	}
	document := channel("Gannet Post", plainEntry("Lit again"))
	var headers strings.Builder
	for i := range 15_000 {
		fmt.Fprintf(&headers, "X-%d: %s\r\n", i, strings.Repeat("x", 100))
	}
	return []trap{
		{"net", "slow-header", dripping("HTTP/1.1 200 OK\r\nX-Slow: ", "x"), "failing", "deadline exceeded"},
		{"net", "slow-body", dripping("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>", " "), "failing", "deadline exceeded"},
		{"net", "silent", dripping("", ""), "failing", "deadline exceeded"},
		{"net", "endless", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", feedType)
			for chunk := bytes.Repeat([]byte(" "), 1<<16); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, "failing", "more than 1048576 bytes"},
		{"net", "reset", saying(""), "failing", ""},
		{"net", "short", saying(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/xml\r\n\r\n%s", 2*len(document), document)), "failing", "unexpected EOF"},
		{"net", "many-headers", saying("HTTP/1.1 200 OK\r\n" + headers.String() + "\r\n"), "failing", ""},
		{"net", "control-in-header", saying(fmt.Sprintf("HTTP/1.1 200 OK\r\nETag: \"a\x01b\x1b[2J\"\r\nLast-Modified: \x07\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", len(document), document)), "", ""},
		{"net", "no-http", saying("220 mail.gannet.example ESMTP\r\n"), "failing", "bad response"},
	}
}

func (s *trapSite) redirects() []trap {
	var hop atomic.Int64
	return []trap{
		{"redirect", "loop", leading("/redirect/loop"), "failing", "redirects"},
		{"redirect", "long", func(w http.ResponseWriter, r *http.Request) {
			leading(fmt.Sprint("/redirect/long?hop=", hop.Add(1)))(w, r)
		}, "failing", "redirects"},
	}
}

// addresses lead to the canary, in the ways to write its address, and to other places
// that are nobody's business.
func (s *trapSite) addresses() []trap {
	_, port, _ := net.SplitHostPort(s.canary)
	var traps []trap
	for i, to := range []string{
		"http://" + s.canary + "/", "http://127.1:" + port + "/", "http://0x7f.1:" + port + "/", "http://0177.0.0.1:" + port + "/", "http://2130706433:" + port + "/",
		"http://0.0.0.0:" + port + "/", "http://0:" + port + "/", "http://localhost:" + port + "/", "http://localhost.:" + port + "/", "http://a.localhost:" + port + "/",
		"http://[::ffff:127.0.0.1]:" + port + "/", "http://[::1]:" + port + "/", "http://[::]:" + port + "/", "http://[::127.0.0.1]:" + port + "/",
		"http://[64:ff9b::7f00:1]:" + port + "/", "http://[2002:7f00:1::]:" + port + "/", "http://%31%32%37.0.0.1:" + port + "/", "http://１２７.０.０.１:" + port + "/",
		"http://user:secret@" + s.canary + "/", "//" + s.canary + "/",
		"http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/", "http://100.100.100.200/", "http://[fe80::1]/", "http://[fd00:ec2::254]/",
		"file:///etc/hostname", "gopher://" + s.canary + "/_PUB%20x%200", "ftp://" + s.canary + "/", "nats://" + s.canary,
	} {
		traps = append(traps, trap{"address", fmt.Sprint(i), leading(to), "failing", ""})
	}
	return traps
}

func texts() []trap {
	rss := func(text string) http.HandlerFunc { return answering(feedType, text) }
	titled := func(title string) http.HandlerFunc { return rss(channel("Gannet Post", plainEntry(title))) }
	var wide strings.Builder
	for _, c := range []byte(strings.Replace(channel("Gannet Post", plainEntry("Lit again")), "utf-8", "utf-16", 1)) {
		wide.Write([]byte{c, 0})
	}
	return []trap{
		{"text", "no-utf8", titled("Lit \xff\xfe\x80 again"), "healthy", ""},
		{"text", "nul", titled("Lit\x00 \x08again"), "", ""},
		{"text", "ansi", titled("Lit \x1b[2J\x1b]0;again\x07"), "", ""},
		{"text", "other-charset", rss(strings.Replace(channel("Gannet Post", plainEntry("Caf\xe9 lit again")), "utf-8", "windows-1252", 1)), "healthy", ""},
		{"text", "wide", answering("application/rss+xml", wide.String()), "healthy", ""},
		{"text", "right-to-left", titled("Receipt \u202efdp.exe \u2066again"), "healthy", ""},
		{"text", "script", titled("&lt;img src=x onerror=alert(1)&gt; &lt;script&gt;alert(2)&lt;/script&gt;"), "healthy", ""},
		{"text", "log-line", titled("Lit&#10;{&quot;level&quot;:&quot;error&quot;,&quot;message&quot;:&quot;spoofed&quot;}&#13;again"), "healthy", ""},
		{"text", "metric", rss(channel("Post\"} 1\nspoofed_total 1\n", plainEntry("Lit\"} 1\nspoofed_total 1"))), "healthy", ""},
	}
}

func (s *trapSite) links() []trap {
	linked := func(link, guid string) http.HandlerFunc {
		return answering(feedType, channel("Gannet Post", entry{"Lit again", link, guid, published, "Short."}))
	}
	return []trap{
		{"link", "script", linked("javascript:alert(1)", "s"), "healthy", ""},
		{"link", "data", linked("data:text/html,x", "d"), "healthy", ""},
		{"link", "file", linked("file:///etc/hostname", "f"), "healthy", ""},
		{"link", "canary", linked("http://"+s.canary+"/", "c"), "healthy", ""},
		{"link", "private", linked("http://169.254.169.254/latest/meta-data/", "p"), "healthy", ""},
		{"link", "subject", linked("", "a.b.*.&gt; c"), "healthy", ""},
		{"link", "lines", linked("", "id&#13;&#10;Nats-Msg-Id: spoofed"), "healthy", ""},
		{"link", "host-of-dots", linked("http://"+strings.Repeat("a.", 120)+"example/", "h"), "healthy", ""},
	}
}

func identities() []trap {
	var same, many []entry
	for i := range 500 {
		same = append(same, entry{title: fmt.Sprint("Notice ", i), guid: "one", text: "Short."})
	}
	for i := range 4000 {
		many = append(many, entry{title: fmt.Sprint("Notice ", i), guid: fmt.Sprint("n", i), text: "Short."})
	}
	giant := plainEntry("Lit again")
	giant.text = strings.Repeat(paragraphs, 2000)
	none := plainEntry("Lit once more")
	none.guid = ""
	return []trap{
		{"id", "none", answering(feedType, channel("Gannet Post", none)), "healthy", "1 of 1"},
		{"id", "same", answering(feedType, channel("Gannet Post", same...)), "healthy", "1 of 1"},
		{"id", "many", answering(feedType, channel("Gannet Post", many...)), "healthy", "3000 more, the oldest, were left out"},
		{"id", "giant", answering(feedType, channel("Gannet Post", giant)), "healthy", "1 of 1"},
	}
}

func dates() []trap {
	dated := func(date string) http.HandlerFunc {
		e := plainEntry("Lit again")
		e.date = date
		return answering(feedType, channel("Gannet Post", e))
	}
	return []trap{
		{"date", "9999", dated("Fri, 31 Dec 9999 23:59:59 -1200"), "healthy", ""},
		{"date", "1899", dated("Sun, 31 Dec 1899 00:00:00 GMT"), "", ""},
		{"date", "none", dated("the day before"), "healthy", ""},
		{"date", "tomorrow", dated(time.Now().Add(24 * time.Hour).UTC().Format(time.RFC1123)), "healthy", ""},
		{"date", "clock-of-the-server", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", "Wed, 04 Mar 2020 10:00:00 GMT")
			w.Header().Set("Expires", "Wed, 04 Mar 2020 11:00:00 GMT")
			dated(published)(w, r)
		}, "healthy", ""},
	}
}

func statuses() []trap {
	saying := func(code int, retryAfter string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if retryAfter != "" {
				w.Header().Set("Retry-After", retryAfter)
			}
			w.WriteHeader(code)
		}
	}
	return []trap{
		{"status", "429-seconds", saying(429, "120"), "limited", "429"},
		{"status", "429-huge", saying(429, "1"+strings.Repeat("0", 30)), "limited", "429"},
		{"status", "429-negative", saying(429, "-1"), "limited", "429"},
		{"status", "503-date", saying(503, time.Now().Add(2*time.Minute).UTC().Format(http.TimeFormat)), "", "503"},
		{"status", "410", saying(410, ""), "gone", "410"},
		{"status", "304", saying(304, ""), "failing", "304"},
		{"status", "999", saying(999, ""), "failing", "999"},
	}
}
