package discover_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	const page = "https://m.courier.example/coast/harbour-reopens-1234?src=feed"
	const own = "https://www.courier.example/coast/harbour-reopens-1234"
	for name, tc := range map[string]struct{ head, want string }{
		"link":                 {`<link rel="canonical" href="` + own + `?utm_source=x#top">`, own},
		"link among others":    {`<LINK REL="shortlink Canonical" HREF='` + own + `'/>`, own},
		"relative":             {`<link rel=canonical href="/coast/harbour-reopens-1234">`, "https://m.courier.example/coast/harbour-reopens-1234"},
		"relative to a base":   {`<base href="https://www.courier.example/coast/x"><link rel=canonical href="harbour-reopens-1234">`, own},
		"og:url":               {`<meta property="og:url" content="` + own + `">`, own},
		"link before og:url":   {`<meta property="og:url" content="https://courier.example/other-story-5"><link rel=canonical href="` + own + `">`, own},
		"the same twice":       {`<link rel=canonical href="` + own + `"><link rel=canonical href="` + own + `#x">`, own},
		"several":              {`<link rel=canonical href="` + own + `"><link rel=canonical href="` + own + `5"><meta property="og:url" content="` + own + `">`, ""},
		"nothing":              {``, ""},
		"empty":                {`<link rel=canonical href=" ">`, ""},
		"no address":           {`<link rel=canonical href="javascript:alert(1)">`, ""},
		"front page":           {`<link rel=canonical href="https://www.courier.example/">`, ""},
		"front page, named":    {`<link rel=canonical href="/index.html">`, ""},
		"section":              {`<link rel=canonical href="https://www.courier.example/coast/">`, ""},
		"another site":         {`<link rel=canonical href="https://agency.example/harbour-reopens-1234">`, ""},
		"in the body":          {`</head><body><link rel=canonical href="` + own + `">`, ""},
		"in the body, no head": {`<body><meta property="og:url" content="` + own + `">`, ""},
		"too far down":         {`<style>` + strings.Repeat(" ", 256<<10) + `</style><link rel=canonical href="` + own + `">`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, discover.Canonical([]byte("<!doctype html><title>Harbour</title>"+tc.head), page))
		})
	}
}

func TestSamePage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		page, other string
		want        bool
	}{
		"itself":             {"https://courier.example/a", "https://courier.example/a", true},
		"secure":             {"http://courier.example/a", "https://courier.example/a", true},
		"another host":       {"https://amp.courier.example/a", "https://www.courier.example/a", true},
		"another slug":       {"https://courier.example/a-1", "https://courier.example/b-1", true},
		"slash":              {"https://courier.example/a/", "https://courier.example/a", true},
		"its index":          {"https://courier.example/a/index.html", "https://courier.example/a/", true},
		"below":              {"https://courier.example/a", "https://courier.example/a/b", true},
		"parameters dropped": {"https://courier.example/a?session=5", "https://courier.example/a", true},
		"short link":         {"https://courier.example/?p=5", "https://courier.example/2026/a", true},
		"to a short link":    {"https://courier.example/2026/a", "https://courier.example/?p=5", true},
		"front page":         {"https://courier.example/a", "https://courier.example/", false},
		"section":            {"https://courier.example/a/b", "https://courier.example/a", false},
		"first of two":       {"https://courier.example/a?page=2", "https://courier.example/a", false},
		"first of two, path": {"https://courier.example/a/2", "https://courier.example/a", false},
		"another paper":      {"https://one.blogspot.com/a", "https://two.blogspot.com/a", false},
		"another domain":     {"https://courier.example/a", "https://courier2.example/a", false},
		"another port":       {"http://127.0.0.1:80/a", "http://127.0.0.1:81/a", false},
		"another number":     {"http://10.0.0.1/a", "http://11.0.0.1/a", false},
		"a suffix itself":    {"https://a.co.uk/x", "https://b.co.uk/x", false},
		"no address":         {"https://courier.example/a", "%zz", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, discover.SamePage(tc.page, tc.other))
		})
	}
}

func FuzzCanonical(f *testing.F) {
	const page = "https://courier.example/coast/harbour"
	f.Add([]byte(`<link rel=canonical href="/harbour">`), page)
	f.Add([]byte(`<base href="//x/"><meta property="og:url" content="a?b#c"><link rel="canonical" href="`), "http://127.0.0.1:8080/")
	f.Add([]byte("<!doctype html><head><link rel=canonical href=\"\xff\"></head>"), "")
	f.Fuzz(func(t *testing.T, body []byte, address string) {
		got := discover.Canonical(body, address)
		if got == "" {
			return
		}
		again, err := urlnorm.Normalize(got)
		require.NoError(t, err)
		require.Equal(t, got, again)
		require.True(t, discover.SamePage(address, got))
	})
}
