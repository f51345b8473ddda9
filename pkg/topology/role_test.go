package topology_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
)

// everyone is one of each role.
func everyone() []topology.Role {
	return append(topology.Roles(), topology.Publisher("press"), topology.Consumer("newsroom"), topology.Reader("archive"))
}

// TestPermissionsGolden shows in the difference what a change lets whom do.
func TestPermissionsGolden(t *testing.T) {
	t.Parallel()
	all := map[string]topology.Permissions{}
	for _, r := range everyone() {
		all[r.Name] = r.Permissions()
	}
	var got strings.Builder
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(all))
	path := filepath.Join("testdata", "permissions.golden.json")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got.String()), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.JSONEq(t, string(want), got.String(), "run with -update to accept")
}

// probe is a connection that hears what the server forbids it: publishing to a
// subject, or subscribing to one.
type probe struct {
	*bus.Bus
	mu     sync.Mutex
	denied map[string]bool
}

// subscribing marks the subjects in denied that were to be subscribed to.
const subscribing = "subscribe "

func newProbe(t *testing.T, s *bustest.Secured, role string) *probe {
	p := &probe{denied: map[string]bool{}}
	p.Bus = s.Connect(t, role, nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		if errors.Is(err, nats.ErrPermissionViolation) {
			p.mu.Lock()
			defer p.mu.Unlock()
			subject := strings.Split(err.Error(), `"`)[1]
			if strings.Contains(err.Error(), "Subscription") {
				subject = subscribing + subject
			}
			p.denied[subject] = true
		}
	}))
	return p
}

// settle waits until all that the server has to say of what was done is heard.
func (p *probe) settle(t *testing.T) {
	t.Helper()
	require.NoError(t, p.Conn.Flush())
	// The handler is called apart from the connection's reader, in order: what is
	// heard after this was said after it.
	require.NoError(t, p.Conn.Publish("$JS.API.SERVER.REMOVE", nil))
	require.Eventually(t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.denied["$JS.API.SERVER.REMOVE"]
	}, time.Minute, time.Millisecond)
}

// TestRefusals tries with each role's user what is another's work.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := bustest.StartSecured(t, everyone()...)
	admin := s.Connect(t, topology.RoleAdmin)
	_, err := topology.Ensure(t.Context(), admin.JS, options)
	require.NoError(t, err)

	for _, tt := range []struct {
		role               string
		refused, forbidden []string // to publish to, to subscribe to
		allowed            []string // to publish to
	}{
		{
			role: topology.RoleFetcher,
			allowed: []string{
				topology.ArticleFetched("news_example", "a1"), topology.FeedSchedule("f1"), "$KV.feeds.f1", "$KV.hosts.news_example.plan",
				topology.Quarantine("fetcher-page", "q1"), "$JS.API.DIRECT.GET.FETCH." + topology.ArticleFound("h", "a"),
				topology.Inbox("press") + ".x",
			},
			refused: []string{
				topology.ArticleParsed("a1"), topology.ArticleEnriched("fr", "none", "a1"), "clusters.a1", "$KV.templates.news_example",
				"$JS.API.STREAM.MSG.GET.ENRICHED", "$JS.API.DIRECT.GET.ENRICHED", "$JS.API.CONSUMER.MSG.NEXT.FETCHED.parser",
				"$JS.API.CONSUMER.CREATE.ENRICHED.spy", "$JS.API.CONSUMER.DELETE.FEEDS.fetcher-poll", "$JS.API.STREAM.DELETE.FEEDS",
				"$JS.API.STREAM.PURGE.FETCH", "$JS.API.STREAM.UPDATE.FEEDS", "$JS.API.STREAM.LIST", topology.Quarantine("parser", "q1"),
				topology.Inbox(topology.RoleParser) + ".x", topology.Inbox(topology.RoleAdmin) + ".x",
			},
			forbidden: []string{"articles.enriched.>", "feeds.submit", topology.Inbox(topology.RoleParser) + ".>", "_INBOX.>", ">"},
		},
		{
			role: topology.RoleParser,
			allowed: []string{
				topology.ArticleParsed("a1"), "$JS.API.CONSUMER.MSG.NEXT.FETCHED.parser", "$JS.ACK.FETCHED.parser.1.1.1.1.0",
				topology.Quarantine("parser", "q1"), "$KV.templates.news_example", "$JS.API.STREAM.MSG.GET.PARSED",
			},
			refused: []string{
				topology.ArticleEnriched("fr", "none", "a1"), topology.ArticleFetched("h", "a1"), topology.SubjectFeedSubmit,
				"$KV.feeds.f1", "$JS.API.STREAM.PURGE.FETCHED", "$JS.API.CONSUMER.DELETE.FETCHED.parser",
				"$JS.API.CONSUMER.MSG.NEXT.PARSED.enricher", "$JS.ACK.PARSED.enricher.1.1.1.1.0", topology.Inbox("press") + ".x",
			},
			forbidden: []string{"articles.fetched.>", topology.Inbox(topology.RoleFetcher) + ".>"},
		},
		{
			role:    topology.RoleEnricher,
			allowed: []string{topology.ArticleEnriched("fr", "none", "a1"), "clusters.a1", "$JS.API.CONSUMER.CREATE.CLUSTERS.x_1"},
			refused: []string{
				topology.ArticleParsed("a1"), "$JS.API.CONSUMER.CREATE.ENRICHED.x", "$JS.API.STREAM.MSG.GET.FETCHED",
				"$JS.API.STREAM.MSG.GET.KV_feeds", "$JS.API.STREAM.DELETE.ENRICHED", "feeds.submit",
			},
			forbidden: []string{"articles.enriched.>", topology.Inbox(topology.RoleOperator) + ".>"},
		},
		{
			role:    topology.RoleOperator,
			allowed: []string{"feeds.submit", "feeds.remove", "articles.parsed.a1", "$JS.API.STREAM.LIST", "$JS.API.STREAM.MSG.DELETE.QUARANTINE"},
			refused: []string{
				topology.ArticleEnriched("fr", "none", "a1"), "$JS.API.STREAM.DELETE.QUARANTINE", "$JS.API.STREAM.PURGE.QUARANTINE",
				"$JS.API.STREAM.CREATE.X", "$JS.API.CONSUMER.MSG.NEXT.PARSED.enricher", "$JS.API.CONSUMER.DELETE.PARSED.enricher",
				"$JS.API.STREAM.MSG.DELETE.ENRICHED", "$KV.feeds.f1", "$JS.ACK.PARSED.enricher.1.1.1.1.0",
			},
			forbidden: []string{topology.Inbox("press") + ".>", "feeds.submit"},
		},
		{
			role:    "press",
			allowed: []string{"feeds.submit", "articles.submit"},
			refused: []string{
				"feeds.remove", "feeds.poll.f1", "articles.found.h.a", topology.ArticleEnriched("fr", "none", "a1"),
				"$JS.API.STREAM.INFO.SUBMISSIONS", "$JS.API.CONSUMER.CREATE.ENRICHED.press", "$JS.API.CONSUMER.MSG.NEXT.ENRICHED.newsroom",
				"$JS.API.STREAM.MSG.GET.SUBMISSIONS", "$JS.API.INFO",
			},
			forbidden: []string{"feeds.submit", "articles.>", topology.Inbox("newsroom") + ".>", "$JS.EVENT.ADVISORY.>"},
		},
		{
			role: "newsroom",
			allowed: []string{
				"$JS.API.CONSUMER.CREATE.ENRICHED.newsroom", "$JS.API.CONSUMER.CREATE.ENRICHED.newsroom.articles.enriched.fr.>",
				"$JS.API.CONSUMER.MSG.NEXT.ENRICHED.newsroom", "$JS.ACK.ENRICHED.newsroom.1.1.1.1.0",
			},
			refused: []string{
				topology.ArticleEnriched("fr", "none", "a1"), "feeds.submit", "articles.submit", "$JS.API.STREAM.DELETE.ENRICHED",
				"$JS.API.CONSUMER.CREATE.ENRICHED.other", "$JS.API.CONSUMER.MSG.NEXT.ENRICHED.archive", "$JS.ACK.ENRICHED.archive.1.1.1.1.0",
				"$JS.API.CONSUMER.DELETE.ENRICHED.archive", "$JS.API.CONSUMER.CREATE.PARSED.newsroom", "$JS.API.STREAM.MSG.GET.ENRICHED",
			},
			forbidden: []string{"articles.enriched.>", topology.Inbox("archive") + ".>"},
		},
		{
			role:    "archive",
			allowed: []string{"$JS.API.CONSUMER.INFO.ENRICHED.archive", "$JS.API.CONSUMER.MSG.NEXT.ENRICHED.archive"},
			refused: []string{
				"$JS.API.CONSUMER.CREATE.ENRICHED.archive", "$JS.API.CONSUMER.CREATE.ENRICHED.archive.articles.enriched.>",
				"$JS.API.CONSUMER.MSG.NEXT.ENRICHED.newsroom", "articles.submit",
			},
			forbidden: []string{"articles.enriched.>"},
		},
	} {
		t.Run(tt.role, func(t *testing.T) {
			t.Parallel()
			p := newProbe(t, s, tt.role)
			for _, subject := range append(tt.allowed, tt.refused...) {
				require.NoError(t, p.Conn.Publish(subject, nil))
			}
			for _, subject := range tt.forbidden {
				_, err := p.Conn.SubscribeSync(subject)
				require.NoError(t, err)
			}
			p.settle(t)
			for _, subject := range tt.refused {
				require.Contains(t, p.denied, subject)
			}
			for _, subject := range tt.forbidden {
				require.Contains(t, p.denied, subscribing+subject)
			}
			for _, subject := range tt.allowed {
				require.NotContains(t, p.denied, subject)
			}
		})
	}
}

// TestNobodyElse lets in those with a key only.
func TestNobodyElse(t *testing.T) {
	t.Parallel()
	s := bustest.StartSecured(t, topology.Publisher("press"))
	_, err := nats.Connect(s.URL)
	require.ErrorIs(t, err, nats.ErrAuthorization)
	_, err = nats.Connect(s.URL, nats.UserInfo("press", "press"))
	require.ErrorIs(t, err, nats.ErrAuthorization)
}
