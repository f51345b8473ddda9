package urlnorm_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"plain":                      {"https://example.org/feed.xml", "https://example.org/feed.xml"},
		"empty path":                 {"https://example.org", "https://example.org/"},
		"upper case":                 {"HTTPS://Example.ORG/Feed", "https://example.org/Feed"},
		"default port":               {"http://example.org:80/a", "http://example.org/a"},
		"other port":                 {"http://example.org:0443/a", "http://example.org:443/a"},
		"secure default port":        {"https://example.org:443", "https://example.org/"},
		"fragment":                   {"https://example.org/a#top", "https://example.org/a"},
		"empty query":                {"https://example.org/a?", "https://example.org/a"},
		"dot segments":               {"https://example.org/a/./b/../../c/.", "https://example.org/c/"},
		"escaped dot segments":       {"https://example.org/a/%2E%2e/c", "https://example.org/c"},
		"above the root":             {"https://example.org/../../x", "https://example.org/x"},
		"double slash kept":          {"https://example.org//a//b", "https://example.org//a//b"},
		"backslashes":                {`http:\\example.org\a\b`, "http://example.org/a/b"},
		"spaces and line ends":       {" \thttps://example.org/a\nb \r\n", "https://example.org/ab"},
		"space in path":              {"https://example.org/a b", "https://example.org/a%20b"},
		"letters beyond ASCII":       {"https://example.org/é?q=ü", "https://example.org/%C3%A9?q=%C3%BC"},
		"escapes in one form":        {"https://example.org/%7eann/%c3%a9", "https://example.org/~ann/%C3%A9"},
		"lone percent":               {"https://example.org/100%/x", "https://example.org/100%25/x"},
		"punycode":                   {"https://MÜNCHEN.example/", "https://xn--mnchen-3ya.example/"},
		"ideographic full stop":      {"https://example。org/", "https://example.org/"},
		"last dot of the host":       {"https://example.org./a", "https://example.org/a"},
		"IPv4 as one number":         {"http://2130706433/", "http://127.0.0.1/"},
		"IPv4 in hexadecimal":        {"http://0x7f.1/", "http://127.0.0.1/"},
		"IPv6":                       {"http://[2001:DB8:0:0::1]:80/", "http://[2001:db8::1]/"},
		"campaign parameters":        {"https://example.org/a?utm_source=x&id=7&UTM_Medium=y&fbclid=1&b=2", "https://example.org/a?id=7&b=2"},
		"only campaign parameters":   {"https://example.org/a?gclid=1&mc_cid=2&mc_eid=3", "https://example.org/a"},
		"campaign, escaped twice":    {"https://example.org/a?id=7&amp;utm_source=rss", "https://example.org/a?id=7"},
		"order of parameters":        {"https://example.org/a?b=2&a=1&&c", "https://example.org/a?b=2&a=1&c"},
		"a parameter with no name":   {"https://example.org/a?crop/10x10/webp", "https://example.org/a?crop/10x10/webp"},
		"missing slashes":            {"https:example.org/a", "https://example.org/a"},
		"empty userinfo":             {"https://:@example.org/", "https://example.org/"},
		"question mark in the query": {"https://example.org/a?b?c", "https://example.org/a?b?c"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := urlnorm.Normalize(tc.in)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestNormalizeRefuses(t *testing.T) {
	t.Parallel()
	for in, reason := range map[string]string{
		"":                                "nothing",
		"   ":                             "nothing",
		"example.org/feed":                "no scheme",
		"/feed.xml":                       "no scheme",
		"ftp://example.org/feed":          "another scheme",
		"javascript:alert(1)":             "another scheme",
		"mailto:desk@example.org":         "another scheme",
		"https://":                        "no host",
		"https:///?x":                     "no host",
		"https://a b.example/":            "host name",
		"https://exa|mple.org/":           "host name",
		"https://.example.org/":           "host name",
		"https://a..b/":                   "host name",
		"http://1.2.3.4.5/":               "host name",
		"http://256.1.1.1/":               "host name",
		"http://[::1/":                    "host name",
		"http://[fe80::1%25eth0]/":        "host name",
		"http://example.org:x/":           "port",
		"http://example.org:0/":           "port",
		"http://example.org:70000/":       "port",
		"https://ann:secret@example.org/": "user name or password",
		"https://x/" + strings.Repeat("é", 3000): "bytes",
	} {
		_, err := urlnorm.Normalize(in)
		var e *urlnorm.Error
		require.True(t, errors.As(err, &e), "%q: %v", in, err)
		require.Contains(t, e.Reason, reason, in)
		require.NotContains(t, err.Error(), "secret")
		require.Contains(t, err.Error(), "https://example.org/feed.xml")
		require.Less(t, len(err.Error()), 400)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	const base = "https://example.org/news/index.xml?x=1"
	for ref, want := range map[string]string{
		"a.html":                   "https://example.org/news/a.html",
		"../b":                     "https://example.org/b",
		"/c?d#e":                   "https://example.org/c?d#e",
		"?page=2":                  "https://example.org/news/index.xml?page=2",
		"#frag":                    "https://example.org/news/index.xml?x=1#frag",
		"":                         "https://example.org/news/index.xml?x=1",
		"//cdn.example/x":          "https://cdn.example/x",
		"http://ann:pw@other/y":    "http://other/y",
		"https:rel":                "https://example.org/news/rel",
		"http://other/?utm_id=1#x": "http://other/?utm_id=1#x",
	} {
		got, err := urlnorm.Resolve(base, ref)
		require.NoError(t, err, ref)
		require.Equal(t, want, got, ref)
	}
	for _, ref := range []string{"javascript:alert(1)", "mailto:a@b", "data:text/html,x", "http://"} {
		_, err := urlnorm.Resolve(base, ref)
		require.Error(t, err, ref)
	}
	_, err := urlnorm.Resolve("", "a.html")
	require.Error(t, err)
	got, err := urlnorm.Resolve("urn:no-base", "https://example.org/x")
	require.NoError(t, err)
	require.Equal(t, "https://example.org/x", got)
}

func TestIDAndHost(t *testing.T) {
	t.Parallel()
	id := urlnorm.ID("f_", "https://example.org/feed.xml")
	require.Regexp(t, `^f_[a-z2-7]{24}$`, id)
	require.Equal(t, id, urlnorm.ID("f_", "https://example.org/feed.xml"))
	require.NotEqual(t, id, urlnorm.ID("f_", "https://example.org/feed"))

	require.Equal(t, "example.org", urlnorm.Host("https://Example.org:443/x"))
	require.Equal(t, "example.org:8080", urlnorm.Host("http://example.org:8080"))
	require.Equal(t, "[2001:db8::1]:8080", urlnorm.Host("http://[2001:db8::1]:8080/"))
	require.Empty(t, urlnorm.Host("no url"))
}

// checkNormal states what holds of every URL that Normalize accepts.
func checkNormal(t interface {
	require.TestingT
	Helper()
}, in string,
) {
	t.Helper()
	got, err := urlnorm.Normalize(in)
	if err != nil {
		return
	}
	again, err := urlnorm.Normalize(got)
	require.NoError(t, err, "%q", got)
	require.Equal(t, got, again)
	u, err := url.Parse(got)
	require.NoError(t, err)
	require.Contains(t, []string{"http", "https"}, u.Scheme)
	require.NotEmpty(t, u.Host)
	require.Nil(t, u.User)
	require.Empty(t, u.Fragment)
	require.True(t, strings.HasPrefix(u.EscapedPath(), "/"), got)
	for i := range len(got) {
		require.True(t, got[i] > ' ' && got[i] < 0x7f, "%q", got)
	}
	require.LessOrEqual(t, len(got), urlnorm.MaxLength)
}

func TestNormalizeIsIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		host := rapid.StringMatching(`[a-zA-Zü0-9.-]{1,12}(:[0-9]{1,5})?`).Draw(t, "host")
		tail := rapid.StringMatching(`[/a.%2eE?&=;+#\\ é"<>]{0,24}`).Draw(t, "tail")
		checkNormal(t, "http://"+host+"/"+tail)
	})
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{
		"https://example.org/a?utm_source=x#y", "http://0x7f.1/", "http:\\\\a\\..\\b", "https://ü.example/%zz/%2e%2e",
		"http://[::ffff:1.2.3.4]/", "//x", "http://a:b@c/", "https://xn--a/", "http://%41.example/%%34%31",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkNormal(t, s)
		if r, err := urlnorm.Resolve("https://example.org/a/b", s); err == nil {
			require.True(t, strings.HasPrefix(r, "http"), r)
		}
	})
}
