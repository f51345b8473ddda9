package httpget_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
)

var greeting = url.Values{"hub.mode": {"subscribe"}, "hub.topic": {"https://courier.example/feed?a=1&b=ö"}}

func TestPost(t *testing.T) {
	t.Parallel()
	var method string
	var form url.Values
	var header http.Header
	c, at := origin(t, func(w http.ResponseWriter, r *http.Request) {
		header, method = r.Header.Clone(), r.Method
		_ = r.ParseForm()
		form = r.PostForm
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "thanks")
	}, nil)
	resp, err := c.Post(t.Context(), httpget.Form{URL: at + "/hub", Values: greeting})
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, resp.Status)
	require.Equal(t, "thanks", string(resp.Body))
	require.Equal(t, http.MethodPost, method)
	require.Equal(t, greeting, form)
	require.Equal(t, "application/x-www-form-urlencoded", header.Get("Content-Type"))
	require.Equal(t, agent, header.Get("User-Agent"))
	require.Empty(t, header.Get("Referer"))
}

func TestPostFollowsRedirects(t *testing.T) {
	t.Parallel()
	for status, again := range map[int]bool{301: true, 302: true, 303: false, 307: true, 308: true} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			posts := 0
			c, at := origin(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/old" {
					http.Redirect(w, r, "/new", status)
					return
				}
				if r.Method == http.MethodPost && r.FormValue("hub.mode") == "subscribe" {
					posts++
				}
				w.WriteHeader(http.StatusAccepted)
			}, nil)
			resp, err := c.Post(t.Context(), httpget.Form{URL: at + "/old", Values: greeting})
			require.NoError(t, err)
			if !again {
				require.Equal(t, status, resp.Status)
				require.Zero(t, posts)
				return
			}
			require.Equal(t, http.StatusAccepted, resp.Status)
			require.Equal(t, 1, posts)
			require.Equal(t, at+"/new", resp.FinalURL)
		})
	}
}

func TestPostIsGuarded(t *testing.T) {
	t.Parallel()
	c, at := origin(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/private":
			http.Redirect(w, r, "http://10.0.0.1/hub", http.StatusTemporaryRedirect)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusPermanentRedirect)
		case "/refuses":
			http.Error(w, "the callback cannot be reached", http.StatusBadRequest)
		case "/talks":
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, strings.Repeat("no ", 1<<20))
		}
	}, nil)
	post := func(url string) (*httpget.Response, error) {
		return c.Post(t.Context(), httpget.Form{URL: url, Values: greeting})
	}
	for url, class := range map[string]string{
		at + "/private": "private", at + "/loop": "redirects", "http://169.254.169.254/": "private", "ftp://hub.example/": "scheme", "http://127.0.0.1:1/": "private",
	} {
		_, err := post(url)
		require.Error(t, err, url)
		require.Equal(t, class, httpget.Class(err), url)
	}
	resp, err := post(at + "/refuses")
	require.NoError(t, err)
	require.Equal(t, "the callback cannot be reached\n", string(resp.Body))
	resp, err = post(at + "/talks")
	require.NoError(t, err)
	require.Empty(t, resp.Body)
}

// A form that holds a secret must not come to be sent in the clear.
func TestPostStaysEncrypted(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("sent in the clear") }))
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusTemporaryRedirect))
	t.Cleanup(secure.Close)
	c := client(t, secure.Listener.Addr().String(), func(cfg *httpget.Config) {
		cfg.AllowHosts = append(cfg.AllowHosts, plain.Listener.Addr().String())
		cfg.RootCAs = x509.NewCertPool()
		cfg.RootCAs.AddCert(secure.Certificate())
	})
	_, err := c.Post(t.Context(), httpget.Form{URL: secure.URL, Values: greeting})
	require.ErrorContains(t, err, "not sent on from https to http")
	require.Equal(t, "scheme", httpget.Class(err))
}
