package topology_test

import (
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/pkg/topology"
)

func TestTokenOfRealNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"www.example.org", "www_example_org"},
		{"WWW.Example.ORG", "www_example_org"},
		{"xn--bcher-kva.example", "xn--bcher-kva_example"},
		{"pt-br", "pt-br"},
		{"", "="},
		{"a_b", "a=5fb"},
		{"=", "=3d"},
		{"bücher", "b=c3=bccher"},
	} {
		require.Equal(t, tt.want, topology.Token(tt.in), "of %q", tt.in)
	}
}

func TestTokenForgesNoSubject(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"*", ">", "a.>", "a.*.b", ".", "..", " ", "\t", "\r\nPUB feeds.remove 3\r\nabc", "\x00", "$JS.API.STREAM.DELETE.FEEDS",
		"\xff\xfe", "a b", strings.Repeat(".", 100),
	} {
		token := topology.Token(in)
		require.NotContains(t, token, ".", "of %q", in)
		require.True(t, topology.ValidSubject(token), "of %q: %q", in, token)
	}
}

func TestTokenProperties(t *testing.T) {
	t.Parallel()
	text := rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "bytes"))
	})
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "s")
		token := topology.Token(s)
		require.NotEmpty(t, token)
		require.Regexp(t, `^[a-z0-9_=-]+$`, token)
	})
	lower := rapid.Map(text, func(s string) string {
		b := []byte(s)
		for i, c := range b {
			if c >= 'A' && c <= 'Z' {
				b[i] = c + 'a' - 'A'
			}
		}
		return string(b)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := lower.Draw(t, "a"), lower.Draw(t, "b")
		require.Equal(t, a == b, topology.Token(a) == topology.Token(b), "injective on lower case")
	})
}

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"", "www.example.org", "a.*.>", "=2e", "_", "\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		token := topology.Token(s)
		if len(s) <= 100 && !topology.ValidSubject(token) {
			t.Fatalf("token of %q is %q", s, token)
		}
		if strings.ContainsAny(token, ".*> ") || token == "" {
			t.Fatalf("token of %q is %q", s, token)
		}
	})
}

func TestValidSubject(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"feeds.submit", "a", "$KV.feeds.x", "articles.parsed.a=2fb"} {
		require.True(t, topology.ValidSubject(s), s)
	}
	for _, s := range []string{
		"", ".", "a.", ".a", "a..b", "a b", "a.*", "a.>", "a.b>", "a\r\nb", "a\x00", "a.é", strings.Repeat("a", 513),
	} {
		require.False(t, topology.ValidSubject(s), "%q", s)
	}
}

func TestEverySubjectHasItsStreamAndStage(t *testing.T) {
	t.Parallel()
	const hostile = "evil.*.> host\r\n"
	for _, tt := range []struct {
		subject string
		stream  string
		stage   string
	}{
		{topology.SubjectFeedSubmit, topology.StreamSubmissions, "fetcher-registry"},
		{topology.SubjectFeedRemove, topology.StreamSubmissions, "fetcher-registry"},
		{topology.SubjectArticleSubmit, topology.StreamSubmissions, "fetcher-push"},
		{topology.FeedSchedule(hostile), topology.StreamFeeds, ""},
		{topology.FeedPoll(hostile), topology.StreamFeeds, "fetcher-poll"},
		{topology.ArticleFound(hostile, hostile), topology.StreamFetch, "fetcher-admit"},
		{topology.ArticlePushed(hostile), topology.StreamFetch, ""},
		{topology.PageWait(hostile, hostile), topology.StreamPages, ""},
		{topology.PageDue(hostile, hostile), topology.StreamPages, "fetcher-page"},
		{topology.ArticleFetched(hostile, hostile), topology.StreamFetched, "parser"},
		{topology.ArticleParsed(hostile), topology.StreamParsed, "enricher"},
		{topology.ReplayOf(topology.ArchiveOf(topology.ArticleFetched(hostile, hostile))), topology.StreamFetched, "parser"},
		{topology.ReplayOf(topology.ArticleParsed(hostile)), topology.StreamParsed, "enricher"},
		{topology.ArticleEnriched(hostile, hostile, hostile), topology.StreamEnriched, "alerts"},
		{topology.ArticleEnriched("", "", ""), topology.StreamEnriched, "alerts"},
		{topology.Alert(hostile, hostile), topology.StreamAlerts, ""},
		{topology.ArticleEnded(hostile, hostile), topology.StreamFetch, ""},
		{topology.ArticleSignature(hostile), topology.StreamClusters, ""},
		{topology.Quarantine(hostile, hostile), topology.StreamQuarantine, ""},
	} {
		require.True(t, topology.ValidSubject(tt.subject), tt.subject)
		var streams, stages []string
		for _, cfg := range topology.Streams(topology.Options{}) {
			for _, filter := range cfg.Subjects {
				if server.SubjectMatchesFilter(tt.subject, filter) {
					streams = append(streams, cfg.Name)
				}
			}
		}
		for _, s := range topology.Stages() {
			for _, filter := range s.Filters {
				if server.SubjectMatchesFilter(tt.subject, filter) {
					require.Equal(t, tt.stream, s.Stream, "%s consumes %s", s.Name, tt.subject)
					stages = append(stages, s.Name)
				}
			}
		}
		require.Equal(t, []string{tt.stream}, streams, tt.subject)
		if tt.stage == "" {
			require.Empty(t, stages, tt.subject)
		} else {
			require.Equal(t, []string{tt.stage}, stages, tt.subject)
		}
	}
}

func TestEnrichedFilter(t *testing.T) {
	t.Parallel()
	event := topology.ArticleEnriched("fr", "armed-conflict", "a1b2")
	for _, tt := range []struct {
		lang, topic string
		want        bool
	}{
		{"", "", true},
		{"fr", "", true},
		{"", "armed-conflict", true},
		{"fr", "armed-conflict", true},
		{"de", "", false},
		{"", "sport", false},
		{"*", ">", false},
	} {
		require.Equal(t, tt.want, server.SubjectMatchesFilter(event, topology.EnrichedFilter(tt.lang, tt.topic)), "%+v", tt)
	}
	require.True(t, server.SubjectMatchesFilter(topology.ArticleEnriched("", "", "x"), topology.EnrichedFilter("und", "none")))
}

func TestStreamOf(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]string{
		topology.SubjectArticleSubmit:                 topology.StreamSubmissions,
		topology.FeedDeliver("f1"):                    topology.StreamSubmissions,
		topology.FeedPoll("f1"):                       topology.StreamFeeds,
		topology.ArticleAlias("x"):                    topology.StreamFetch,
		topology.ArticleFetched("news.example", "a1"): topology.StreamFetched,
		topology.ArticleEnriched("fr", "", "a1"):      topology.StreamEnriched,
		"articles.enriched":                           "",
		"feeds.deliver.a.b":                           "",
		"$KV.feeds.f1":                                "",
		"":                                            "",
	} {
		require.Equal(t, want, topology.StreamOf(subject), subject)
	}
}
