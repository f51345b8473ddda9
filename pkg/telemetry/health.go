package telemetry

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// probe is a list of named checks behind one URL.
type probe struct {
	mu     sync.RWMutex
	checks []check
}

type check struct {
	name string
	run  func() error
}

// result is the outcome of one check, as the JSON form shows it.
type result struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

func (p *probe) add(name string, run func() error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.checks = append(p.checks, check{name: name, run: run})
}

// run asks every check, outside the lock, and reports whether all passed.
func (p *probe) run() (results []result, ok bool) {
	p.mu.RLock()
	checks := p.checks[:len(p.checks):len(p.checks)]
	p.mu.RUnlock()
	ok = true
	results = make([]result, 0, len(checks))
	for _, c := range checks {
		r := result{Name: c.name, OK: true}
		if err := c.run(); err != nil {
			r.OK, r.Error, ok = false, err.Error(), false
		}
		results = append(results, r)
	}
	return results, ok
}

// ServeHTTP answers 200 if every check passes and 503 if not. The text form
// lists the checks if one fails or the query has "verbose"; a client that
// accepts application/json gets the same as JSON.
func (p *probe) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	results, ok := p.run()
	code := http.StatusOK
	if !ok {
		code = http.StatusServiceUnavailable
	}
	w.Header().Set("Cache-Control", "no-store")
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		// The client may have gone; there is nobody to tell.
		_ = json.NewEncoder(w).Encode(struct {
			OK     bool     `json:"ok"`
			Checks []result `json:"checks"`
		}{ok, results})
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	if !ok || r.URL.Query().Has("verbose") {
		for _, c := range results {
			if c.OK {
				fmt.Fprintf(w, "[+] %s: ok\n", c.Name)
			} else {
				fmt.Fprintf(w, "[-] %s: %s\n", c.Name, c.Error)
			}
		}
	}
	if ok {
		fmt.Fprintln(w, "ok")
	} else {
		fmt.Fprintln(w, "failed")
	}
}
