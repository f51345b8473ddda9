package telemetry

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// guard sets the security headers, which a handler may replace, and refuses
// requests that reach a loopback listener under a foreign name: a page on the
// web can point its own name at 127.0.0.1 and so read what is meant for this
// machine (DNS rebinding), but it cannot make a browser send another Host.
func (o *Ops) guard(next http.Handler) http.Handler {
	loopback := isLoopback(o.listener.Addr())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy",
			"default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		if loopback && !o.localHost(r.Host) {
			http.Error(w, "this listener serves its own machine: ask for it as localhost", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLoopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// localHost reports whether a Host header is an address, localhost or a name
// that was allowed.
func (o *Ops) localHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	name = strings.ToLower(name)
	if name == "" || name == "localhost" || slices.Contains(o.hosts, name) {
		return true
	}
	_, err = netip.ParseAddr(name)
	return err == nil
}

// withIndex lists the endpoints at "/" unless a handler has taken it.
func (o *Ops) withIndex() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, pattern := o.mux.Handler(r)
		if pattern == "" && r.URL.Path == "/" && r.Method == http.MethodGet {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			fmt.Fprint(w, "/metrics\n/livez\n/readyz\n/debug/pprof/\n")
			return
		}
		o.mux.ServeHTTP(w, r)
	})
}

// stdLog adapts the logger to the standard library's.
func (o *Ops) stdLog(level zapcore.Level) *log.Logger {
	l, err := zap.NewStdLogAt(o.log, level)
	if err != nil {
		return zap.NewStdLog(o.log)
	}
	return l
}
