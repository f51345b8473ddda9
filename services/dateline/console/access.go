package console

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"go.uber.org/zap"
	"golang.org/x/time/rate"
)

// Settings say who may change something on the page.
type Settings struct {
	Token    string `config:"http-token" secret:"true" help:"what the console asks for before it changes anything (feeds, quarantine), at least 12 characters; without one it changes things for its own machine only"`
	ReadOnly bool   `config:"http-read-only" default:"false" help:"the console changes nothing, for nobody"`
}

const (
	// minToken is the shortest token, in characters: it is all that stands between a
	// network and the registry.
	minToken = 12
	// maxBody bounds what a write may bring, in bytes.
	maxBody = 16 << 10
	// Writes a second, and as many at once: people click.
	writeRate  = 5
	writeBurst = 20
)

// Ways to write.
const (
	writeOpen  = "open"
	writeToken = "token"
	writeOff   = "off"
)

// access decides who may write.
type access struct {
	mode string
	// why is told where nobody may.
	why   string
	token [sha256.Size]byte
	rate  *rate.Limiter
}

// newAccess decides by the settings and by whether the listener is reached from its own
// machine only.
func newAccess(s Settings, address string) (*access, error) {
	a := &access{rate: rate.NewLimiter(writeRate, writeBurst)}
	switch {
	case s.ReadOnly:
		a.mode, a.why = writeOff, "this console is read-only (http-read-only)"
	case s.Token != "" && len(s.Token) < minToken:
		return nil, fmt.Errorf("http-token has %d characters; give at least %d, such as 'openssl rand -hex 16' prints", len(s.Token), minToken)
	case s.Token != "":
		a.mode, a.token = writeToken, sha256.Sum256([]byte(s.Token))
	case isLoopback(address):
		a.mode = writeOpen
	default:
		a.mode, a.why = writeOff, "this console is reached from other machines and has no token: set DATELINE_HTTP_TOKEN to allow changes"
	}
	return a, nil
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// errCrossSite tells of a request that another site's page made.
var errCrossSite = errors.New("the console takes changes from its own page only")

// sameOrigin refuses what a browser says comes from another page. A program that is no
// browser says neither.
func sameOrigin(r *http.Request) error {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return errCrossSite
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return nil
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
		return errCrossSite
	}
	return nil
}

// allow says whether a request may write; if not, with which status and why.
func (a *access) allow(r *http.Request, now time.Time) (status int, why string) {
	if err := sameOrigin(r); err != nil {
		return http.StatusForbidden, err.Error()
	}
	if a.mode == writeOff {
		return http.StatusForbidden, a.why
	}
	// Before the token is looked at, so that nobody tries many.
	if !a.rate.AllowN(now, 1) {
		return http.StatusTooManyRequests, "too many changes at once; try again in a few seconds"
	}
	if a.mode == writeToken {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		sum := sha256.Sum256([]byte(given))
		if !ok || subtle.ConstantTimeCompare(sum[:], a.token[:]) != 1 {
			return http.StatusUnauthorized, "a token is needed to change anything, and this is not it"
		}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return http.StatusUnsupportedMediaType, "send JSON, with Content-Type: application/json"
	}
	return http.StatusOK, ""
}

// serveAccess tells the page whether there is any use in offering changes.
func (c *Console) serveAccess(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"write": c.access.mode, "why": c.access.why})
}

// changing makes a handler of a function that changes something, for those who may.
func changing[In any](c *Console, what string, do func(r *http.Request, in In) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if status, why := c.access.allow(r, c.now()); status != http.StatusOK {
			if status == http.StatusTooManyRequests {
				w.Header().Set("Retry-After", retryAfter)
			}
			if status == http.StatusUnauthorized {
				w.Header().Set("WWW-Authenticate", `Bearer realm="dateline"`)
			}
			c.log.Warn("change refused", zap.String("what", what), zap.String("from", r.RemoteAddr), zap.String("why", why))
			refuse(w, status, why)
			return
		}
		var in In
		if err := readJSON(w, r, &in); err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		out, err := do(r, in)
		var refused *refusal
		switch {
		case errors.As(err, &refused):
			refuse(w, refused.status, refused.Error())
		case err != nil:
			c.answer(w, nil, err)
		default:
			c.log.Info("changed from the console", zap.String("what", what), zap.Any("given", in), zap.String("from", r.RemoteAddr))
			writeJSON(w, http.StatusOK, out)
		}
	}
}

// refusal is a change that cannot be made as it was asked for.
type refusal struct {
	status int
	why    string
}

func (e *refusal) Error() string { return e.why }

func readJSON(w http.ResponseWriter, r *http.Request, in any) error {
	// A listener without deadlines has none to set.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(writeTimeout))
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(in); err != nil {
		return fmt.Errorf("the request is no JSON that is understood: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the request holds more than one JSON value")
	}
	return nil
}
