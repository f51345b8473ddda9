package fetch

import (
	"crypto/x509"
	"net/http"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

// Callbacks answers hubs.
func (f *Fetcher) Callbacks() http.Handler { return f.callbacks() }

// Trust has servers trusted whose certificates are in a pool, and lets nothing else be
// asked than the given hosts.
func (f *Fetcher) Trust(pool *x509.CertPool, hosts ...string) {
	f.client.Close()
	f.client = httpget.New(httpget.Config{RootCAs: pool, AllowHosts: hosts, Now: f.now})
}

// HubToken is the last part of a subscription's callback.
var HubToken = websub.Token
