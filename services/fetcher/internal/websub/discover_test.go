package websub_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

const (
	at   = "https://courier.example/news/feed"
	hub  = "https://hub.example/"
	self = "https://courier.example/feed"
)

func linkHeader(values ...string) http.Header { return http.Header{"Link": values} }

func read(t *testing.T, doc string) *datelinev1.Feed {
	t.Helper()
	feed, err := feedread.Read([]byte(doc), feedread.Options{URL: at})
	require.NoError(t, err)
	return feed
}

const rss = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Vessmouth Courier</title>
<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://courier.example/feed"/></channel></rss>`

const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Vessmouth Courier</title>
<link rel="hub" href="https://hub.example/"/><link rel="self" href="https://courier.example/feed"/></feed>`

const jsonFeed = `{"version":"https://jsonfeed.org/version/1.1","title":"Vessmouth Courier","feed_url":"https://courier.example/feed",
"hubs":[{"type":"WebSub","url":"https://hub.example/"}],"items":[]}`

func TestDiscover(t *testing.T) {
	t.Parallel()
	page := func(html string) websub.Document {
		return websub.Document{URL: at, ContentType: "text/html; charset=utf-8", Body: []byte(html)}
	}
	header := func(values ...string) websub.Document {
		return websub.Document{URL: at, Header: linkHeader(values...)}
	}
	both := websub.Advert{Hub: hub, Self: self}
	tests := map[string]struct {
		doc  websub.Document
		want websub.Advert
	}{
		"sub-100": {header(`<https://hub.example/>; rel="hub"`, `<https://courier.example/feed>; rel="self"`), both},
		"sub-101": {page(`<!doctype html><html><head><title>Courier</title><link rel="hub" href="https://hub.example/"><link rel=self href="/feed"></head>`), both},
		"sub-102": {websub.Document{URL: at, Feed: read(t, atom)}, both},
		"sub-103": {websub.Document{URL: at, Feed: read(t, rss)}, both},
		"sub-104": {websub.Document{
			URL: at, Feed: read(t, rss), Header: linkHeader(`<https://other.example/hub>; rel=hub, </topic>; rel=self`),
		}, websub.Advert{Hub: "https://other.example/hub", Self: "https://courier.example/topic"}},
		"JSON Feed":                    {websub.Document{URL: at, Feed: read(t, jsonFeed)}, both},
		"one header, relative":         {header(`<//hub.example>;rel="HUB" , <../feed>;title="a, b; \"c\"";rel="alternate self"`), both},
		"first https hub":              {header(`<http://first.example/>; rel=hub`, `<https://hub.example/>; rel=hub`, `<https://third.example/>; rel=hub`, `<https://courier.example/feed>; rel=self`), both},
		"only http":                    {header(`<http://first.example/>; rel=hub`, `<http://second.example/>; rel=hub`), websub.Advert{Hub: "http://first.example/"}},
		"hub in header, self inside":   {websub.Document{URL: at, Feed: read(t, atom), Header: linkHeader(`<https://other.example/>; rel=hub`)}, websub.Advert{Hub: "https://other.example/", Self: self}},
		"self alone is no advert":      {header(`<https://courier.example/feed>; rel=self`), websub.Advert{}},
		"about another document":       {header(`<https://hub.example/>; rel=hub; anchor="/other"`), websub.Advert{}},
		"repeated rel: the first":      {header(`<https://hub.example/>; rel=next; rel=hub`), websub.Advert{}},
		"no web address":               {header(`<mailto:hub@hub.example>; rel=hub`, `<javascript:1>; rel=hub`), websub.Advert{}},
		"base in the head":             {page(`<base href="https://hub.example/x/"><link rel=hub href="..">`), websub.Advert{Hub: hub}},
		"a visitor's link in the body": {page(`<head><title>x</title></head><body><link rel="hub" href="https://evil.example/">`), websub.Advert{}},
		"the body begins unsaid":       {page(`<title>x</title><p>News<link rel="hub" href="https://evil.example/">`), websub.Advert{}},
		"plain text":                   {websub.Document{URL: at, ContentType: "text/plain", Body: []byte(`<link rel=hub href=/>`)}, websub.Advert{}},
		"malformed":                    {header(`https://hub.example; rel=hub`, `<https://hub.example`, ``, `;;;,,,`, `<>; rel`), websub.Advert{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, websub.Discover(test.doc))
		})
	}
}

func TestSameSite(t *testing.T) {
	t.Parallel()
	for pair, want := range map[[2]string]bool{
		{"https://courier.example/a", "http://www.courier.example:8080/b"}:    true,
		{"https://a.courier.co.uk/", "https://feeds.courier.co.uk/"}:          true,
		{"https://courier.co.uk/", "https://herald.co.uk/"}:                   false,
		{"https://one.github.io/", "https://two.github.io/"}:                  false,
		{"http://127.0.0.1:1/", "http://127.0.0.1:2/"}:                        true,
		{"http://127.0.0.1/", "http://128.0.0.1/"}:                            false,
		{"http://[::1]/", "http://[::1]:8080/"}:                               true,
		{"http://localhost/", "http://localhost:8080/"}:                       true,
		{"https://courier.example/", ""}:                                      false,
		{"", ""}:                                                              false,
		{"https://courier.example.evil.example/", "https://courier.example/"}: false,
	} {
		require.Equal(t, want, websub.SameSite(pair[0], pair[1]), pair)
		require.Equal(t, want, websub.SameSite(pair[1], pair[0]), pair)
	}
}

func FuzzLinkHeader(f *testing.F) {
	for _, seed := range []string{
		`<https://hub.example/>; rel="hub", </feed>; rel=self`, `<a>;rel="b\"c\\"`, `<`, `<>`, `<a>;`, `<a>;;,<b>`, `<a>;rel="`, `<a>;rel="\`, `,,,<x>;rel=hub;rel`,
		strings.Repeat(`<https://hub.example/>;rel=hub,`, 200), "<\x00>;rel=hub", `<http://[::1]/>;rel*=UTF-8''hub`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got := websub.Discover(websub.Document{URL: at, Header: linkHeader(value, value)})
		for _, u := range []string{got.Hub, got.Self} {
			if u == "" {
				continue
			}
			again, err := urlnorm.Resolve("", u)
			require.NoError(t, err)
			require.Equal(t, u, again)
		}
		if got.Hub == "" {
			require.Empty(t, got.Self)
		}
	})
}

func FuzzHTMLHead(f *testing.F) {
	f.Add(`<head><base href=x><link rel="hub self" href="//h"></head><link rel=hub href=/evil>`)
	f.Add(`<link`)
	f.Fuzz(func(t *testing.T, page string) {
		got := websub.Discover(websub.Document{URL: at, ContentType: "text/html", Body: []byte(page)})
		if got.Hub != "" {
			_, err := urlnorm.Resolve("", got.Hub)
			require.NoError(t, err)
		}
	})
}
