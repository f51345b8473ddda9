package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/quarantine"
)

//go:embed web
var web embed.FS

// policy lets the page load its own files and talk to its own listener, and
// nothing else: text of strangers that got into it by mistake could not run,
// fetch or send anything.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// writeTimeout is how long a client may take to accept what it is sent.
const writeTimeout = 10 * time.Second

// retryAfter is what a client that was turned away is asked to wait, in seconds.
const retryAfter = "5"

// asset is one file of the page.
type asset struct {
	data []byte
	etag string
	kind string
}

// kinds are the media types of the page's files. The system's own table may say
// anything, and the browser is told not to guess.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
}

func loadAssets() (map[string]asset, error) {
	assets := make(map[string]asset)
	names, err := fs.Glob(web, "web/*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := web.ReadFile(name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		assets[path.Base(name)] = asset{data: data, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, kind: kinds[path.Ext(name)]}
	}
	return assets, nil
}

// routes are all endpoints, each by its pattern. Those that change something are POST.
func (c *Console) routes() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /{$}":                 c.secure(func(w http.ResponseWriter, r *http.Request) { c.serveAsset(w, r, "index.html") }),
		"GET /assets/{name}":       c.secure(func(w http.ResponseWriter, r *http.Request) { c.serveAsset(w, r, r.PathValue("name")) }),
		"GET /api/stream":          c.secure(c.serveStream),
		"GET /api/articles/{seq}":  c.secure(c.look(c.eventAt)),
		"GET /api/feeds":           c.secure(serveCached(c, c.feeds)),
		"GET /api/feeds/{id}":      c.secure(c.look(c.feedWithPast)),
		"GET /api/quarantine":      c.secure(serveCached(c, c.quarantine)),
		"GET /api/quarantine/{id}": c.secure(c.look(c.quarantineWhole)),
		"GET /api/trace":           c.secure(c.look(c.traced)),
		"GET /api/search":          c.secure(c.serveSearch),
		"GET /api/clusters":        c.secure(c.serveClusters),
		"GET /api/accounting":      c.secure(c.serveBooks),
		"GET /api/watches":         c.secure(c.look(c.watchedFor)),
		"GET /api/access":          c.secure(c.serveAccess),

		"POST /api/feeds/add":        c.secure(changing(c, "feed added", c.addFeed)),
		"POST /api/feeds/remove":     c.secure(changing(c, "feed removed", c.removeFeed)),
		"POST /api/quarantine/retry": c.secure(changing(c, "message retried", c.actOn("retried", (*quarantine.Quarantine).Retry))),
		"POST /api/quarantine/drop":  c.secure(changing(c, "message dropped", c.actOn("dropped", (*quarantine.Quarantine).Drop))),
	}
}

// secure sets the headers that protect the page, and refuses what pages of other
// sites ask for: they could not read the answer, but they could keep its
// streams and the broker busy.
func (c *Console) secure(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		site, mode := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Mode")
		if (site == "cross-site" || site == "same-site") && mode != "navigate" {
			refuse(w, http.StatusForbidden, "the console answers its own page only")
			return
		}
		next(w, r)
	})
}

func (c *Console) serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	a, ok := c.assets[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("ETag", a.etag)
	// A new version of the program must not meet an old script.
	h.Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.data))
}

// serveStream sends the latest articles, or those after the last one that the
// client has seen, and then articles and the flow as they come.
func (c *Console) serveStream(w http.ResponseWriter, r *http.Request) {
	// What is no sequence is as good as none.
	last, _ := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64)
	client, missed, err := c.hub.subscribe(last)
	if err != nil {
		w.Header().Set("Retry-After", retryAfter)
		refuse(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	defer c.hub.unsubscribe(client)

	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	send := func(f []byte) bool {
		if err := control.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return false
		}
		if _, err := w.Write(f); err != nil {
			return false
		}
		return control.Flush() == nil
	}
	if !send([]byte("retry: 2000\n\n")) {
		return
	}
	for _, f := range missed {
		if !send(f) {
			return
		}
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case f, ok := <-client.frames:
			if !ok || !send(f) {
				return
			}
		}
	}
}

// serveCached answers with a list that is read at most once for many clients.
func serveCached[T any](c *Console, list *cache[T]) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), brokerTimeout)
		defer cancel()
		if err := c.bus.Ready(); err != nil {
			c.answer(w, nil, err)
			return
		}
		value, err := list.get(ctx)
		c.answer(w, value, err)
	}
}

// answer writes a value as JSON, or tells why there is none.
func (c *Console) answer(w http.ResponseWriter, value any, err error) {
	if err != nil {
		c.log.Debug("the console cannot answer", zap.Error(err))
		why := "cannot be read: "
		if c.bus.Ready() != nil || errors.Is(err, context.DeadlineExceeded) {
			why = "broker not reachable: "
		}
		w.Header().Set("Retry-After", retryAfter)
		refuse(w, http.StatusServiceUnavailable, why+err.Error())
		return
	}
	writeJSON(w, http.StatusOK, value)
}

// refuse answers with a sentence for people.
func refuse(w http.ResponseWriter, code int, why string) {
	writeJSON(w, code, map[string]string{"error": why})
}

func writeJSON(w http.ResponseWriter, code int, value any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	data, err := json.Marshal(value)
	if err != nil {
		code, data = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written as JSON"}`)
	}
	// A client that is gone, or a listener without deadlines, is nobody to tell.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeTimeout))
	w.WriteHeader(code)
	_, _ = w.Write(data)
}
