package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

const rssType = "application/rss+xml"

func due(t testing.TB, id string, header nats.Header) stage.Raw {
	return stage.Raw{Subject: topology.FeedPoll(id), Header: header, Data: []byte(encoded(t, &datelinev1.Feed{Id: id}))}
}

// polled is what a poll gave.
type polled struct {
	found     []*datelinev1.Article
	record    *datelinev1.FeedRecord
	next      *stage.Out
	submitted *datelinev1.Feed
}

// poll polls a feed, and writes its record as the runner would.
func (w *world) poll(t testing.TB, id string) polled {
	t.Helper()
	outs, err := w.Poll(delivery(t, 3), due(t, id, nil))
	require.NoError(t, err)
	return w.take(t, id, outs)
}

func (w *world) take(t testing.TB, id string, outs []stage.Out) polled {
	t.Helper()
	var p polled
	for _, out := range outs {
		switch {
		case out.Subject == topology.SubjectFeedSubmit:
			p.submitted = out.Message.(*datelinev1.Feed)
		case out.Subject == topology.FeedSchedule(id):
			require.True(t, out.Last)
			p.next = &out
		case out.Subject == w.feeds.Subject(id):
			require.True(t, out.Last, "state is written after the articles")
			p.record = out.Message.(*datelinev1.FeedRecord)
			_, err := w.feeds.Put(t.Context(), id, p.record, *out.Expect)
			require.NoError(t, err)
		default:
			require.True(t, strings.HasPrefix(out.Subject, "articles.found."), out.Subject)
			require.Zero(t, *out.Expect)
			w.seen.find(out)
			p.found = append(p.found, out.Message.(*datelinev1.Article))
		}
	}
	require.NotNil(t, p.record)
	return p
}

func (w *world) registered(t testing.TB, url string) string {
	t.Helper()
	return w.register(t, &datelinev1.Feed{Url: url}).GetFeed().GetId()
}

func TestPoll(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	o.serve("/feed", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		body(rssType, rss(
			item("https://courier.example/a?utm_source=rss", "1", "Harbour reopens", "Two days after the storm."),
			item("https://courier.example/b", "2", "Ferry fares rise", "From May on."),
			item("", "3", "Correction", "The mayor's name was misspelt."),
		))(w, r)
	})
	w := newWorld(t, at(o))
	id := w.register(t, &datelinev1.Feed{Url: o.URL + "/feed", Labels: map[string]string{"region": "coast"}}).GetFeed().GetId()

	p := w.poll(t, id)
	require.Len(t, p.found, 3)
	require.Equal(t, "https://courier.example/a", p.found[0].GetFetch().GetUrl(), "the identity is the normalised address")
	require.Equal(t, "Harbour reopens", p.found[0].GetSource().GetEntry().GetTitle())
	require.Equal(t, "Vessmouth Courier", p.found[0].GetSource().GetFeedTitle())
	require.Equal(t, "coast", p.found[0].GetSource().GetLabels()["region"])
	require.Equal(t, "feed", p.found[2].GetFetch().GetVia(), "an entry without an address is its own page")
	require.Equal(t, "healthy", p.record.GetPoll().GetState())
	require.Equal(t, "Vessmouth Courier", p.record.GetFeed().GetTitle())
	require.NotNil(t, p.next)
	require.True(t, p.next.At.Equal(p.record.GetPoll().GetNextPollAt().AsTime()))

	p = w.poll(t, id)
	require.Empty(t, p.found)
	require.Equal(t, uint32(304), p.record.GetPoll().GetLastStatus())
	require.Equal(t, `"v1"`, o.log()[1].header.Get("If-None-Match"))
}

func TestOneArticleInTwoFeedsIsOne(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	for _, path := range []string{"/all", "/coast"} {
		o.serve(path, body(rssType, rss(item("https://courier.example/a#"+path, path, "Harbour reopens", "Soon."))))
	}
	w := newWorld(t, at(o))
	var subjects []string
	for _, path := range []string{"/all", "/coast"} {
		outs, err := w.Poll(delivery(t, 3), due(t, w.registered(t, o.URL+path), nil))
		require.NoError(t, err)
		subjects = append(subjects, outs[0].Subject)
	}
	require.Equal(t, subjects[0], subjects[1])
}

func TestEntriesWithoutAddressAreToldApart(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/feed", body(rssType, rss(
		item("", "1", "Tide table", "High water at six."), item("", "2", "Tide table", "High water at seven."))))
	w := newWorld(t, at(o))
	p := w.poll(t, w.registered(t, o.URL+"/feed"))
	require.Len(t, p.found, 2)
	require.NotEqual(t, p.found[0].GetId(), p.found[1].GetId())
}

func TestPollOfWhatIsNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Poll(delivery(t, 3), due(t, "fabc", nil))
	require.Equal(t, stage.Drop("removed"), err)
	for _, state := range []string{"gone", "moved"} {
		record := w.register(t, &datelinev1.Feed{Url: "https://" + state + ".example/"})
		record.Poll.State = state
		_, err := w.feeds.Put(t.Context(), record.GetFeed().GetId(), record, w.feeds.last)
		require.NoError(t, err)
		_, err = w.Poll(delivery(t, 3), due(t, record.GetFeed().GetId(), nil))
		require.Equal(t, stage.Drop("ended"), err)
	}
	for _, id := range []string{"", "a b", "x.y", ">", strings.Repeat("a", 99)} {
		_, err = w.Poll(delivery(t, 3), due(t, id, nil))
		require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err), "%q", id)
	}
	_, err = w.Poll(delivery(t, 3), stage.Raw{Data: []byte("no protobuf")})
	require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err))
}

func TestPollWaitsForItsHost(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	o.serve("/1", body(rssType, rss())).serve("/2", body(rssType, rss()))
	w := newWorld(t, at(o), withDelay(time.Hour))
	first, second := w.registered(t, o.URL+"/1"), w.registered(t, o.URL+"/2")
	w.poll(t, first)

	outs, err := w.Poll(delivery(t, 3), due(t, second, nil))
	require.Equal(t, stage.Defer("host-busy"), err)
	require.Len(t, outs, 1)
	require.Equal(t, topology.FeedSchedule(second), outs[0].Subject)
	require.WithinDuration(t, time.Now().Add(time.Hour), outs[0].At, time.Minute)
	require.NotEmpty(t, outs[0].Header["Dateline-Slot"])
	require.Len(t, o.log(), 1)
}

// Each answer of an origin, and what the feed's state says then.
func TestStatesOfAFeed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		page    http.HandlerFunc
		state   string
		polled  bool // whether it is polled again
		message string
	}{
		"gone":                {status(410), "gone", false, "410"},
		"not found":           {status(404), "failing", true, "404"},
		"limited":             {status(429, "Retry-After", "600"), "limited", true, "429"},
		"server error":        {status(500), "failing", true, "500"},
		"empty":               {body(rssType, ""), "failing", true, "empty"},
		"page without a feed": {body("text/html", harbour), "failing", true, "html"},
		"picture":             {body("image/png", "\x89PNG\r\n\x1a\n"), "failing", true, "PNG"},
		"loop": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/feed", http.StatusFound)
		}, "failing", true, "redirect"},
		"invalid UTF-8": {body(rssType, rss(item("https://courier.example/a", "1", "Caf\xe9", "\xff\xfe"))), "healthy", true, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrigin(t).serve("/feed", test.page)
			w := newWorld(t, at(o))
			p := w.poll(t, w.registered(t, o.URL+"/feed"))
			require.Equal(t, test.state, p.record.GetPoll().GetState(), p.record.GetPoll().GetReason())
			require.Equal(t, test.polled, p.next != nil)
			require.Contains(t, strings.ToLower(p.record.GetPoll().GetLastError()), strings.ToLower(test.message))
			require.Nil(t, p.submitted)
		})
	}
}

func TestRetryAfterOfAFeedSparesItsHost(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/feed", status(429, "Retry-After", "600")).serve("/other", body(rssType, rss()))
	w := newWorld(t, at(o))
	p := w.poll(t, w.registered(t, o.URL+"/feed"))
	require.GreaterOrEqual(t, time.Until(p.next.At), 9*time.Minute)

	outs, err := w.Poll(delivery(t, 3), due(t, w.registered(t, o.URL+"/other"), nil))
	require.Equal(t, stage.Defer("host-busy"), err)
	require.GreaterOrEqual(t, time.Until(outs[0].At), 9*time.Minute)
	require.Len(t, o.log(), 1)
}

// One address must not silence its host for a day.
func TestABlockOfAHostIsBounded(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/feed", status(429, "Retry-After", "86000")).serve("/other", body(rssType, rss()))
	w := newWorld(t, at(o))
	p := w.poll(t, w.registered(t, o.URL+"/feed"))
	require.GreaterOrEqual(t, time.Until(p.next.At), 23*time.Hour, "the feed itself waits as long as it was told")
	outs, err := w.Poll(delivery(t, 3), due(t, w.registered(t, o.URL+"/other"), nil))
	require.Equal(t, stage.Defer("host-busy"), err)
	require.LessOrEqual(t, time.Until(outs[0].At), time.Hour)
}

func TestAMovedFeedIsFollowedAfterThreePolls(t *testing.T) {
	t.Parallel()
	old, young := newOrigin(t), newOrigin(t)
	old.serve("/feed", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, young.URL+"/new", http.StatusMovedPermanently)
	})
	young.serve("/new", body(rssType, rss()))
	w := newWorld(t, at(old), at(young))
	id := w.register(t, &datelinev1.Feed{
		Url: old.URL + "/feed", Labels: map[string]string{"region": "coast"}, MaxInterval: durationpb.New(time.Hour),
		Headers: map[string]string{"Authorization": "Bearer s3cret"},
	}).GetFeed().GetId()

	for range 2 {
		p := w.poll(t, id)
		require.NotNil(t, p.next)
		require.Nil(t, p.submitted, "one permanent redirect is often a mistake")
	}
	p := w.poll(t, id)
	require.Equal(t, "moved", p.record.GetPoll().GetState())
	require.Nil(t, p.next)
	require.Equal(t, young.URL+"/new", p.submitted.GetUrl())
	require.Equal(t, "coast", p.submitted.GetLabels()["region"])
	require.Equal(t, time.Hour, p.submitted.GetMaxInterval().AsDuration())
	require.Empty(t, p.submitted.GetHeaders(), "keys go no further than the host they are for")

	require.Equal(t, "Bearer s3cret", old.log()[0].header.Get("Authorization"))
	for _, r := range young.log() {
		require.Empty(t, r.header.Get("Authorization"))
	}
	require.NotContains(t, w.logged(), "s3cret")
}

func TestAFeedDoesNotMoveToItself(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	o.serve("/feed", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			http.Redirect(w, r, "/feed?utm_source=rss", http.StatusMovedPermanently)
			return
		}
		body(rssType, rss())(w, r)
	})
	w := newWorld(t, at(o))
	id := w.registered(t, o.URL+"/feed")
	for range 4 {
		p := w.poll(t, id)
		require.Equal(t, "healthy", p.record.GetPoll().GetState())
		require.NotNil(t, p.next)
	}
}

func TestASiteIsReplacedByItsFeed(t *testing.T) {
	t.Parallel()
	site := func(href string) http.HandlerFunc {
		return body("text/html", `<!doctype html><link rel="alternate" type="application/rss+xml" href="`+href+`"><p>Hello`)
	}
	o := newOrigin(t)
	o.serve("/", site("/feed")).serve("/self", site("/self#x")).serve("/feed", site("/next"))
	w := newWorld(t, at(o))

	p := w.poll(t, w.register(t, &datelinev1.Feed{Url: o.URL + "/", Headers: map[string]string{"X-Key": "k"}}).GetFeed().GetId())
	require.Equal(t, "moved", p.record.GetPoll().GetState())
	require.Nil(t, p.next)
	require.Equal(t, o.URL+"/feed", p.submitted.GetUrl())
	require.Equal(t, "k", p.submitted.GetHeaders()["X-Key"], "the host is the same")

	// What the site links to is a page, too: that leads nowhere.
	p = w.poll(t, w.register(t, p.submitted).GetFeed().GetId())
	require.Equal(t, "failing", p.record.GetPoll().GetState())
	require.Nil(t, p.submitted)

	p = w.poll(t, w.registered(t, o.URL+"/self"))
	require.Equal(t, "failing", p.record.GetPoll().GetState(), "a site that names itself as its feed")
	require.Nil(t, p.submitted)
}

func TestAnOutageIsNoSite(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/feed", body(rssType, rss(item("https://courier.example/a", "1", "A", "B"))))
	w := newWorld(t, at(o))
	id := w.registered(t, o.URL+"/feed")
	w.poll(t, id)
	o.serve("/feed", body("text/html", `<link rel="alternate" type="application/rss+xml" href="/all"><h1>Back soon</h1>`))
	p := w.poll(t, id)
	require.Equal(t, "failing", p.record.GetPoll().GetState())
	require.NotNil(t, p.next)
	require.Nil(t, p.submitted)
}

func TestPrivateAddressesAreNotPolled(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/feed", body(rssType, rss()))
	w := newWorld(t)
	p := w.poll(t, w.registered(t, o.URL+"/feed"))
	require.Contains(t, p.record.GetPoll().GetLastError(), "refused")
	require.Empty(t, o.all())
}

// A name that no subject can hold must not stop the rest of its feed.
func TestAnEntryThatFitsNoSubject(t *testing.T) {
	t.Parallel()
	host := strings.TrimSuffix(strings.Repeat(strings.Repeat("_", 60)+".", 4), ".")
	o := newOrigin(t).serve("/feed", body(rssType, rss(
		item("https://"+host+"/a", "1", "Odd", "One"), item("https://courier.example/b", "2", "Even", "Two"))))
	w := newWorld(t, at(o))
	p := w.poll(t, w.registered(t, o.URL+"/feed"))
	require.Equal(t, "Even", p.found[len(p.found)-1].GetSource().GetEntry().GetTitle())
	for _, a := range p.found {
		require.True(t, topology.ValidSubject(topology.ArticleFound("courier.example", a.GetId())))
	}
}

func TestAFloodOfEntriesIsCapped(t *testing.T) {
	t.Parallel()
	items := make([]string, 20_000)
	for i := range items {
		items[i] = item(fmt.Sprintf("https://courier.example/%d", i), fmt.Sprint(i), "T", "S")
	}
	o := newOrigin(t).serve("/feed", body(rssType, rss(items...)))
	w := newWorld(t, at(o), func(c *fetch.Config, _ *fetch.Deps) { c.MaxBytes = 32 << 20 })
	id := w.registered(t, o.URL+"/feed")
	p := w.poll(t, id)
	require.Len(t, p.found, 1000)
	require.Equal(t, "0", p.found[0].GetSource().GetEntry().GetGuid(), "without dates, the newest come first")
	require.Equal(t, "1000 of 1000 entries were new; 19000 more, the oldest, were left out", p.record.GetPoll().GetReason())
	require.Contains(t, w.logged(), "entries left out")

	o.serve("/feed", body(rssType, rss(append([]string{item("https://courier.example/new", "new", "T", "S")}, items...)...)))
	p = w.poll(t, id)
	require.Len(t, p.found, 1, "what was left out stays out")
	require.Equal(t, "new", p.found[0].GetSource().GetEntry().GetGuid())
}

func TestABodyThatWasReadIsNotReadAgain(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/feed", body(rssType, rss(item("https://courier.example/a", "1", "A", "B"))))
	w := newWorld(t, at(o))
	id := w.registered(t, o.URL+"/feed")
	before := w.poll(t, id).record.GetPoll()
	after := w.poll(t, id).record.GetPoll()
	require.EqualValues(t, 2, after.GetPolls())
	require.EqualValues(t, 200, after.GetLastStatus())
	require.Equal(t, before.GetKnownEntries(), after.GetKnownEntries())
	require.Equal(t, 1., after.GetKnownShare())
	require.Greater(t, after.GetInterval().AsDuration(), before.GetInterval().AsDuration())
}

// A list of a site's pages holds its past, too, which is no news.
func TestTheFirstPollOfASitemap(t *testing.T) {
	t.Parallel()
	page := func(path string, modified time.Time) string {
		lastmod := ""
		if !modified.IsZero() {
			lastmod = "<lastmod>" + modified.UTC().Format(time.RFC3339) + "</lastmod>"
		}
		return "<url><loc>https://courier.example/" + path + "</loc>" + lastmod + "</url>"
	}
	now := time.Now()
	sitemap := func(pages ...string) http.HandlerFunc {
		return body("application/xml", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+strings.Join(pages, "")+`</urlset>`)
	}
	pages := []string{page("today", now.Add(-time.Hour)), page("archive", now.Add(-time.Hour*24*400)), page("undated", time.Time{})}
	o := newOrigin(t).serve("/sitemap.xml", sitemap(pages...))
	w := newWorld(t, at(o))
	id := w.registered(t, o.URL+"/sitemap.xml")
	p := w.poll(t, id)
	require.Len(t, p.found, 1)
	require.Equal(t, "https://courier.example/today", p.found[0].GetFetch().GetUrl())
	require.Contains(t, p.record.GetPoll().GetReason(), "1 of 3 entries were new; 2 from before were noted only")

	o.serve("/sitemap.xml", sitemap(append(pages, page("added", time.Time{}))...))
	p = w.poll(t, id)
	require.Len(t, p.found, 1)
	require.Equal(t, "https://courier.example/added", p.found[0].GetFetch().GetUrl())
}

func TestTheSitemapsOfAnIndexAreRead(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	o.serve("/index.xml", body("application/xml", `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+
		`<sitemap><loc>`+o.URL+`/news.xml</loc><lastmod>`+time.Now().UTC().Format(time.RFC3339)+`</lastmod></sitemap></sitemapindex>`))
	o.serve("/news.xml", body("application/xml", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>`+o.URL+
		`/today</loc><lastmod>`+time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)+`</lastmod></url></urlset>`))
	w := newWorld(t, at(o))
	id := w.registered(t, o.URL+"/index.xml")
	p := w.poll(t, id)
	require.Len(t, p.found, 1)
	require.Equal(t, "sitemap index", p.record.GetFeed().GetFormat())
	require.Len(t, p.record.GetPoll().GetSitemaps(), 1)
	require.Equal(t, "healthy", p.record.GetPoll().GetState())
	require.Empty(t, w.poll(t, id).found)

	o.serve("/news.xml", status(500))
	o.serve("/index.xml", body("application/xml", `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+
		`<sitemap><loc>`+o.URL+`/news.xml</loc><lastmod>`+time.Now().UTC().Add(time.Minute).Format(time.RFC3339)+`</lastmod></sitemap></sitemapindex>`))
	p = w.poll(t, id)
	require.Len(t, p.record.GetPoll().GetSitemaps(), 1, "what is known of its children outlives a failure")
	require.EqualValues(t, 1, p.record.GetPoll().GetConsecutiveErrors())
	require.Equal(t, "healthy", p.record.GetPoll().GetState(), "one failure changes nothing")
}
