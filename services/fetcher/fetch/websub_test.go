package fetch_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

const (
	mondayNews  = "https://courier.example/monday"
	tuesdayNews = "https://courier.example/tuesday"
)

var (
	monday  = item(mondayNews, "1", "Harbour reopens", "Two days after the storm.")
	tuesday = item(tuesdayNews, "2", "Ferry fares rise", "From May on.")
)

// found are the addresses of the articles found.
func (s *hubSim) foundURLs() []string {
	var out []string
	for _, a := range s.found {
		out = append(out, a.GetFetch().GetUrl())
	}
	return out
}

// TestWebSubDiscovery says which hub is asked for which topic.
func TestWebSubDiscovery(t *testing.T) {
	t.Parallel()
	type answer = func(s *hubSim) http.HandlerFunc
	plain := func(contentType string, text func(s *hubSim) string, links ...string) answer {
		return func(s *hubSim) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				for _, l := range links {
					w.Header().Add("Link", strings.NewReplacer("HUB", s.hub.URL+"/", "SITE", s.origin.URL).Replace(l))
				}
				body(contentType, text(s))(w, r)
			}
		}
	}
	feed := func(s *hubSim) string { return rss(monday) }
	named := func(self string) func(*hubSim) string {
		return func(s *hubSim) string {
			return strings.ReplaceAll(s.document(self, monday), "SITE", s.origin.URL)
		}
	}
	tests := map[string]struct {
		page  answer
		topic string // below the site
	}{
		"sub-100": {plain(rssType, feed, `<HUB>; rel="hub"`, `<SITE/topic>; rel="self"`), "/topic"},
		"sub-102": {plain("application/atom+xml", func(s *hubSim) string {
			return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title><id>c</id><link rel="hub" href="` + s.hub.URL + `/"/><link rel="self" href="/topic"/></feed>`
		}), "/topic"},
		"sub-103": {plain(rssType, named("SITE/topic")), "/topic"},
		"sub-104": {plain(rssType, func(*hubSim) string {
			return rss(advertised("https://ignored.example/", "https://ignored.example/feed"), monday)
		}, `<HUB>; rel="hub", <SITE/topic>; rel="self"`), "/topic"},
		"sub-200": {plain(rssType, named("SITE/canonical?format=rss")), "/canonical?format=rss"},
		"hub-106: JSON topic": {plain("application/feed+json", func(s *hubSim) string {
			return `{"version":"https://jsonfeed.org/version/1.1","title":"Courier","feed_url":"` + s.origin.URL + `/topic","hubs":[{"type":"WebSub","url":"` + s.hub.URL + `/"}],"items":[]}`
		}), "/topic"},
		"no self: the feed's own address": {plain(rssType, named("")), "/feed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHubSim(t, false)
			s.origin.serve("/feed", test.page(s))
			id := s.polledOnce(s.origin.URL + "/feed")
			require.Equal(t, s.origin.URL+test.topic, s.hub.only(t).Get("hub.topic"))
			require.Equal(t, "active", s.sub(id).GetState(), s.sub(id))
			require.Equal(t, s.origin.URL+test.topic, s.sub(id).GetTopicUrl())
		})
	}
}

// TestWebSubRedirects follows topic and hub where they went.
func TestWebSubRedirects(t *testing.T) {
	t.Parallel()
	for id, code := range map[string]int{"sub-201": 302, "sub-202": 301} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := newHubSim(t, false)
			s.origin.serve("/old", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/new", code) })
			s.origin.serve("/new", body(rssType, s.document(s.origin.URL+"/new", monday)))
			feed := s.polledOnce(s.origin.URL + "/old")
			require.Equal(t, s.origin.URL+"/new", s.hub.only(t).Get("hub.topic"))
			require.Equal(t, "active", s.sub(feed).GetState())
		})
	}
	for id, code := range map[string]int{"sub-203": 307, "sub-204": 308, "as older hubs do": 301, "and others": 302} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := newHubSim(t, false)
			s.origin.serve("/feed", body(rssType, rss(advertised(fmt.Sprint(s.hub.URL, "/", code), s.origin.URL+"/feed"), monday)))
			feed := s.polledOnce(s.origin.URL + "/feed")
			require.Equal(t, "subscribe", s.hub.only(t).Get("hub.mode"))
			require.Equal(t, "active", s.sub(feed).GetState())
		})
	}
}

func TestWebSubSubscription(t *testing.T) {
	t.Parallel()
	t.Run("hub-100: plain", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		form := s.hub.only(t)
		require.False(t, form.Has("hub.secret"), "no secret in the clear")
		require.Equal(t, "864000", form.Get("hub.lease_seconds"))
		require.Contains(t, form.Get("hub.callback"), "/base/websub/"+id+"/")
		require.NotContains(t, form.Get("hub.callback"), s.sub(id).GetSecret())
		require.True(t, s.now().Add(10*day).Equal(s.sub(id).GetLeaseUntil().AsTime()))
	})
	t.Run("hub-101: with a secret", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, true)
		id := s.feed("/feed", monday)
		form := s.hub.only(t)
		require.Equal(t, s.sub(id).GetSecret(), form.Get("hub.secret"))
		require.Len(t, form.Get("hub.secret"), 64)
		require.NotContains(t, s.logged(), form.Get("hub.secret"))
	})
	t.Run("hub-102: parameters of the hub's own", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		s.hub.lease = "3600&x=y"
		s.feed("/feed", monday)
		s.hub.only(t)
	})
	t.Run("sub-205: a topic not asked for", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		s.hub.topic = "https://herald.example/feed"
		id := s.feed("/feed", monday)
		require.Empty(t, s.hub.verified)
		require.Equal(t, "requested", s.sub(id).GetState())
		require.Equal(t, int64(0), s.sub(id).GetLeaseUntil().GetSeconds())
	})
	t.Run("denied", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		form := s.hub.only(t)
		require.Equal(t, 200, s.hub.deny(t, form, "not for you"))
		require.Equal(t, "denied", s.sub(id).GetState())
		require.Contains(t, s.sub(id).GetReason(), "not for you")
		require.Equal(t, 410, s.hub.deliver(t, form, rssType, rss(tuesday), ""))
		s.run(7 * day)
		s.settle()
		require.Len(t, s.hub.forms("subscribe"), 1, "it is not asked again soon")
		require.Greater(t, len(s.origin.asked("/feed")), 3, "polling goes on")
	})
	t.Run("off", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		off := newSim(t)
		o := off.site().serve("/feed", body(rssType, s.document("", monday)))
		id := off.follow(&datelinev1.Feed{Url: o.URL + "/feed"})
		off.poll(1)
		require.Nil(t, off.record(t, id).GetHub())
		require.Empty(t, off.others)
	})
}

// A hub that fails is asked again, more and more seldom.
func TestWebSubFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code   int
		text   string
		tries  int
		reason string
	}{
		"refuses":  {400, "we cannot reach your callback\r\n", 1, "the hub answered 400: we cannot reach your callback"},
		"is down":  {500, "", 3, "the hub answered 500"},
		"is busy":  {429, "", 3, "the hub answered 429"},
		"says 303": {303, "", 1, "the hub answered 303"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHubSim(t, false)
			s.hub.answer = func(w http.ResponseWriter, _ url.Values) bool {
				w.Header().Set("Location", "/elsewhere")
				http.Error(w, test.text, test.code)
				return true
			}
			id := s.feed("/feed", monday)
			require.Equal(t, "failed", s.sub(id).GetState())
			require.Contains(t, s.sub(id).GetReason(), test.reason)
			require.Len(t, s.hub.forms("subscribe"), test.tries)
			s.hub.answer = nil
			s.run(5 * time.Hour)
			s.settle()
			require.Equal(t, "failed", s.sub(id).GetState())
			s.run(day)
			s.settle()
			require.Equal(t, "active", s.sub(id).GetState())
		})
	}
	t.Run("never verifies", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		s.hub.answer = func(w http.ResponseWriter, _ url.Values) bool { w.WriteHeader(202); return true }
		id := s.feed("/feed", monday)
		require.Equal(t, "requested", s.sub(id).GetState())
		s.hub.answer = nil
		s.run(3 * time.Hour)
		s.settle()
		require.Equal(t, "active", s.sub(id).GetState())
	})
	t.Run("is not to be reached", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		s.origin.serve("/feed", body(rssType, rss(advertised("http://10.0.0.1/hub", ""), monday)))
		id := s.polledOnce(s.origin.URL + "/feed")
		require.Equal(t, "failed", s.sub(id).GetState())
		require.Equal(t, "https://10.0.0.1/hub", s.sub(id).GetHubUrl(), "https is favoured")
		s.poll(1)
		s.settle()
		require.Equal(t, "http://10.0.0.1/hub", s.sub(id).GetHubUrl(), "and where that fails, it is asked as it is named")
		require.Equal(t, "failed", s.sub(id).GetState())
		s.poll(2)
		s.settle()
		require.Equal(t, "http://10.0.0.1/hub", s.sub(id).GetHubUrl())
	})
}

// TestWebSubLease is hub-103: a subscription is renewed in time for as long as the feed
// wants it, whatever lease the hub grants, and polls become a safety net.
func TestWebSubLease(t *testing.T) {
	t.Parallel()
	for name, lease := range map[string]time.Duration{"hub-103: as asked": 10 * day, "an hour": time.Hour, "longer": 30 * day} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHubSim(t, false)
			s.hub.lease = fmt.Sprint(int(lease / time.Second))
			id := s.feed("/feed", monday)
			callback := s.hub.only(t).Get("hub.callback")
			end := s.now().Add(3 * lease)
			for s.now().Before(end) {
				require.True(t, s.sub(id).GetLeaseUntil().AsTime().After(s.now()), "it never lapses")
				_, at := s.next()
				s.run(max(0, at.Sub(s.now())))
				s.settle()
				require.Equal(t, "active", s.sub(id).GetState())
			}
			require.Equal(t, callback, s.hub.only(t).Get("hub.callback"), "the hub extends its lease")
			require.LessOrEqual(t, len(s.hub.forms("subscribe")), 8)
			require.GreaterOrEqual(t, len(s.hub.forms("subscribe")), 4)
		})
	}
}

func TestPollsAreSlowerWhileAHubDelivers(t *testing.T) {
	t.Parallel()
	polls := func(on bool) int {
		s := newHubSim(t, false, func(c *fetch.Config, _ *fetch.Deps) { c.MinInterval, c.MaxInterval = 5*time.Minute, 24*time.Hour })
		if !on {
			s.hub.topic = "https://never.example/"
		}
		p := &paper{clock: s.clock, every: 20 * time.Minute, extra: advertised(s.hub.URL+"/", s.origin.URL+"/feed")}
		s.origin.serve("/feed", p.page(nil))
		s.polledOnce(s.origin.URL + "/feed")
		s.run(5 * day)
		return len(s.origin.asked("/feed"))
	}
	slow, usual := polls(true), polls(false)
	require.Less(t, slow, usual/2, "usually %d", usual)
	require.GreaterOrEqual(t, slow, 5, "at least once a day")
}

// TestWebSubEnds is hub-104: what nobody wants any more is given back.
func TestWebSubEnds(t *testing.T) {
	t.Parallel()
	t.Run("hub-104: the feed is removed", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, true)
		id := s.feed("/feed", monday)
		form := s.hub.only(t)
		outs, err := s.Register(s.delivery(), removal(id))
		require.NoError(t, err)
		for _, out := range outs {
			msg, err := out.Encode()
			require.NoError(t, err)
			require.NotContains(t, string(msg.Data)+fmt.Sprint(msg.Header), form.Get("hub.secret"), "an end needs no secret")
		}
		s.apply(outs)
		s.settle()
		require.Len(t, s.hub.forms("unsubscribe"), 1)
		require.False(t, s.hub.forms("unsubscribe")[0].Has("hub.secret"))
		require.Empty(t, s.hub.verified, "the hub verified the end")
		require.Equal(t, 410, s.hub.deliver(t, form, rssType, rss(tuesday), "sha256"))
	})
	t.Run("another hub is named", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		old := s.hub.only(t)
		s.origin.serve("/feed", body(rssType, rss(advertised(s.hub.URL+"/308", s.origin.URL+"/feed"), monday)))
		s.poll(1)
		s.settle()
		require.Equal(t, "active", s.sub(id).GetState())
		require.Equal(t, s.hub.URL+"/308", s.sub(id).GetHubUrl())
		require.Len(t, s.hub.forms("unsubscribe"), 1)
		require.NotEqual(t, old.Get("hub.callback"), s.hub.only(t).Get("hub.callback"), "a callback is for one hub")
		require.Equal(t, 410, s.hub.deliver(t, old, rssType, rss(tuesday), ""))
	})
	t.Run("no hub is named any more", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		s.origin.serve("/feed", body(rssType, rss(monday)))
		s.poll(1)
		s.settle()
		require.Equal(t, "ended", s.sub(id).GetState())
		require.Empty(t, s.hub.verified)
	})
	t.Run("the feed is gone", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		s.origin.serve("/feed", status(http.StatusGone))
		s.poll(1)
		s.settle()
		require.Equal(t, "gone", s.state(id).GetState())
		require.Equal(t, "ended", s.sub(id).GetState())
		require.Empty(t, s.hub.verified)
	})
	t.Run("not asked for", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		form := s.hub.only(t)
		form.Set("hub.mode", "unsubscribe")
		require.False(t, s.hub.verify(form), "somebody else asked the hub")
		require.Equal(t, "active", s.sub(id).GetState())
	})
	t.Run("the hub is down", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		s.hub.answer = func(w http.ResponseWriter, _ url.Values) bool { w.WriteHeader(500); return true }
		outs, err := s.Register(s.delivery(), removal(id))
		require.NoError(t, err)
		s.apply(outs)
		s.settle()
		require.Len(t, s.hub.forms("unsubscribe"), 3)
		require.Len(t, s.failed, 1)
		require.ErrorContains(t, s.failed[0], "hub-unwilling")
	})
}

// TestForeignTopic says that a feed speaks for its own site only.
func TestForeignTopic(t *testing.T) {
	t.Parallel()
	// The same server under another name is another site.
	foreign := func(s *hubSim) string { return strings.Replace(s.origin.URL, "127.0.0.1", "localhost", 1) }
	tests := map[string]struct {
		there  func(s *hubSim) http.HandlerFunc
		active bool
	}{
		"names the same hub": {func(s *hubSim) http.HandlerFunc { return body(rssType, s.document(foreign(s)+"/victim", monday)) }, true},
		"sub-101: in its HTML": {func(s *hubSim) http.HandlerFunc {
			return body("text/html", `<head><link rel="hub" href="`+s.hub.URL+`/"><link rel="self" href="/victim"></head>`)
		}, true},
		"names no hub": {func(*hubSim) http.HandlerFunc { return body(rssType, rss(monday)) }, false},
		"names another hub": {func(s *hubSim) http.HandlerFunc {
			return body(rssType, rss(advertised("https://own.example/", ""), monday))
		}, false},
		"is another topic": {func(s *hubSim) http.HandlerFunc { return body(rssType, s.document(foreign(s)+"/other", monday)) }, false},
		"is not there":     {func(*hubSim) http.HandlerFunc { return status(404) }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHubSim(t, false)
			s.settings = append(s.settings, func(c *fetch.Config, _ *fetch.Deps) {
				c.AllowHosts = append(c.AllowHosts, strings.TrimPrefix(foreign(s), "http://"))
			})
			s.restart()
			s.origin.serve("/victim", test.there(s))
			s.origin.serve("/feed", body(rssType, s.document(foreign(s)+"/victim", monday)))
			id := s.polledOnce(s.origin.URL + "/feed")
			if test.active {
				require.Equal(t, "active", s.sub(id).GetState(), s.sub(id).GetReason())
				return
			}
			require.Equal(t, "failed", s.sub(id).GetState())
			require.Contains(t, s.sub(id).GetReason(), "on another site")
			require.Empty(t, s.hub.asked, "the hub is not asked for what the feed does not publish")
		})
	}
}

// A request whose record was never written, or was written over, does nothing.
func TestSupersededRequests(t *testing.T) {
	t.Parallel()
	s := newHubSim(t, false)
	s.origin.serve("/feed", body(rssType, s.document("", monday)))
	id := s.follow(&datelinev1.Feed{Url: s.origin.URL + "/feed"})
	outs, err := s.Poll(s.delivery(), due(t, id, nil))
	require.NoError(t, err)
	for _, out := range outs {
		if out.Subject == topology.FeedDeliver(id) {
			s.others = append(s.others, out)
		}
	}
	s.settle()
	require.Len(t, s.failed, 1)
	require.ErrorContains(t, s.failed[0], "superseded")
	require.Empty(t, s.hub.asked)
}
