package fetch_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// one is a sim with one site and one feed on it, at /feed.
func one(t *testing.T, page func(*sim) http.HandlerFunc) (*sim, *site, string) {
	t.Helper()
	s := newSim(t)
	o := s.site()
	o.serve("/feed", page(s))
	return s, o, s.follow(&datelinev1.Feed{Url: o.URL + "/feed"})
}

// fixed serves the same news for ever, with headers.
func fixed(headers ...string) func(*sim) http.HandlerFunc {
	return func(*sim) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			body(rssType, rss(item("https://courier.example/a", "1", "Harbour reopens", "Soon.")))(w, r)
		}
	}
}

// always gives one answer without a body.
func always(code int, headers ...string) func(*sim) http.HandlerFunc {
	return func(*sim) http.HandlerFunc { return status(code, headers...) }
}

// inTurn gives one page after the other, and the last one for ever.
func inTurn(pages ...http.HandlerFunc) func(*sim) http.HandlerFunc {
	return func(*sim) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			page := pages[0]
			if len(pages) > 1 {
				pages = pages[1:]
			}
			page(w, r)
		}
	}
}

const weakDate = "Thu, 5 Jun 2025 06:00:00 GMT"

// TestConductOfPolls holds the poller to what origins may expect of it.
func TestConductOfPolls(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"cond-etag":         replays("Etag", `"v 1"`, "If-None-Match", "If-Modified-Since"),
		"cond-weak":         replays("Etag", `W/"x"`, "If-None-Match", "If-Modified-Since"),
		"cond-lastmod":      replays("Last-Modified", weakDate, "If-Modified-Since", "If-None-Match"),
		"cond-both":         condBoth,
		"cond-none":         condNone,
		"cond-replace":      condReplace,
		"cond-304":          cond304,
		"cond-304-new":      cond304New,
		"cond-restart":      condRestart,
		"cond-error":        condError,
		"cond-unparsed":     condUnparsed,
		"poll-min":          waitsAtLeast(time.Hour),
		"poll-restart":      pollRestart,
		"poll-maxage":       waitsAtLeast(43200*time.Second, "Cache-Control", "max-age=43200"),
		"poll-maxage-short": waitsAtLeast(5*time.Minute, "Cache-Control", "max-age=1"),
		"poll-expires":      waitsAtLeast(time.Hour, "Date", "Fri, 01 Jan 2010 10:00:00 GMT", "Expires", "Fri, 01 Jan 2010 11:00:00 GMT", "Etag", `"1"`),
		"poll-nostore":      waitsAtLeast(time.Hour, "Cache-Control", "no-store, no-cache, max-age=0"),
		"poll-ttl":          pollTTL,
		"poll-jitter":       pollJitter,
		"ua":                header("User-Agent", "Dateline/"),
		"no-cookie":         header("Cookie", ""),
		"no-referer":        header("Referer", ""),
		"no-query":          noQuery,
		"gzip":              header("Accept-Encoding", "gzip"),
		"accept":            header("Accept", "application/rss+xml"),
		"one-get":           oneGet,
		"redir-301":         redirectsForGood(http.StatusMovedPermanently),
		"redir-308":         redirectsForGood(http.StatusPermanentRedirect),
		"redir-302":         redirects302,
		"gone":              gone,
		"404":               notFound,
		"401":               refused,
		"robots":            robotsOfFeeds,
		"backoff":           backoff,
		"ra-seconds":        retryAfter(func(time.Time) string { return "7200" }, 2*time.Hour),
		"ra-date":           retryAfter(func(at time.Time) string { return at.Format(http.TimeFormat) }, 2*time.Hour),
		"ra-date850":        retryAfterObsolete,
		"ra-zero":           retryAfter(func(time.Time) string { return "0" }, 5*time.Minute),
		"ra-negative":       retryAfterNonsense,
		"ra-huge":           retryAfter(func(time.Time) string { return "1" + strings.Repeat("0", 20) }, day),
		"ra-past":           retryAfter(func(at time.Time) string { return at.Add(-day).Format(http.TimeFormat) }, 5*time.Minute),
		"ra-host":           retryAfterOfHost,
		"ra-301":            retryAfterWithoutError,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// replays wants one validator back byte for byte, and no other.
func replays(give, value, take, never string) func(*testing.T) {
	return func(t *testing.T) {
		s, o, _ := one(t, fixed(give, value))
		s.poll(2)
		sent := o.asked("/feed")[1].header
		require.Equal(t, []string{value}, sent[take])
		require.Empty(t, sent[never])
	}
}

func condBoth(t *testing.T) {
	s, o, _ := one(t, fixed("Etag", `"1"`, "Last-Modified", weakDate))
	s.poll(2)
	sent := o.asked("/feed")[1].header
	require.Equal(t, `"1"`, sent.Get("If-None-Match"))
	require.Equal(t, weakDate, sent.Get("If-Modified-Since"))
}

func condNone(t *testing.T) {
	s, o, _ := one(t, fixed())
	s.poll(5)
	for _, v := range o.asked("/feed") {
		require.Empty(t, v.header["If-None-Match"])
		require.Empty(t, v.header["If-Modified-Since"])
	}
}

func condReplace(t *testing.T) {
	feed := func(n int, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			body(rssType, rss(item(fmt.Sprint("https://courier.example/", n), fmt.Sprint(n), "T", "S")))(w, r)
		}
	}
	s, o, _ := one(t, inTurn(feed(1, "Etag", `"1"`, "Last-Modified", weakDate), feed(2, "Etag", `"2"`), feed(2, "Last-Modified", "now"), feed(2)))
	s.poll(5)
	var sent []string
	for _, v := range o.asked("/feed") {
		sent = append(sent, v.header.Get("If-None-Match")+"|"+v.header.Get("If-Modified-Since"))
	}
	require.Equal(t, []string{"|", `"1"|` + weakDate, `"2"|`, "|now", "|"}, sent)
}

func cond304(t *testing.T) {
	s, _, id := one(t, inTurn(fixed("Etag", `"1"`)(nil), status(304)))
	s.poll(1)
	before := s.state(id)
	s.poll(1)
	after := s.state(id)
	require.Len(t, s.found, 1)
	require.True(t, after.GetLastPollAt().AsTime().After(before.GetLastPollAt().AsTime()))
	require.True(t, after.GetLastSuccessAt().AsTime().After(before.GetLastSuccessAt().AsTime()))
	require.Equal(t, before.GetKnownEntries(), after.GetKnownEntries())
	require.Equal(t, "healthy", after.GetState())
}

func cond304New(t *testing.T) {
	s, o, _ := one(t, inTurn(fixed("Etag", `"1"`)(nil), status(304, "Etag", `"2"`)))
	s.poll(3)
	require.Equal(t, `"2"`, o.asked("/feed")[2].header.Get("If-None-Match"))
}

func condRestart(t *testing.T) {
	s, o, _ := one(t, fixed("Etag", `"1"`))
	s.poll(1)
	s.restart()
	s.poll(1)
	require.Equal(t, `"1"`, o.asked("/feed")[1].header.Get("If-None-Match"))
}

func condError(t *testing.T) {
	s, o, _ := one(t, inTurn(fixed("Etag", `"1"`)(nil), status(500, "Etag", `"error"`)))
	s.poll(3)
	require.Equal(t, `"1"`, o.asked("/feed")[2].header.Get("If-None-Match"))
}

func condUnparsed(t *testing.T) {
	broken := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"broken"`)
		body(rssType, "Fatal error: out of memory")(w, r)
	}
	s, o, id := one(t, inTurn(broken, fixed("Etag", `"1"`)(nil), broken, status(304)))
	s.poll(4)
	require.Empty(t, o.asked("/feed")[1].header["If-None-Match"])
	require.Equal(t, `"1"`, o.asked("/feed")[3].header.Get("If-None-Match"))
	require.Equal(t, "healthy", s.state(id).GetState())
}

// waitsAtLeast lets a busy feed with headers be polled for three days: by its pace
// alone it would be polled every few minutes.
func waitsAtLeast(least time.Duration, headers ...string) func(*testing.T) {
	return func(t *testing.T) {
		s, o, _ := one(t, func(s *sim) http.HandlerFunc {
			p := &paper{clock: s.clock, every: time.Minute, headers: map[string]string{}}
			for i := 0; i < len(headers); i += 2 {
				p.headers[headers[i]] = headers[i+1]
			}
			return p.page(nil)
		})
		s.run(2 * day)
		visits := o.asked("/feed")
		require.Greater(t, len(visits), 2)
		require.GreaterOrEqual(t, slices.Min(waits(visits)), least)
		require.LessOrEqual(t, slices.Max(waits(visits)), least+least/4, "nor is it polled less often than it may be")
	}
}

func pollRestart(t *testing.T) {
	s, o, _ := one(t, fixed())
	s.poll(1)
	for range 3 {
		s.restart()
		s.run(20 * time.Second)
	}
	require.Len(t, o.asked(""), 1)
}

func pollTTL(t *testing.T) {
	polled := func(maxInterval time.Duration, extra string, headers map[string]string) []visit {
		s := newSim(t)
		o := s.site()
		p := &paper{clock: s.clock, every: 10 * time.Minute, extra: extra, headers: headers}
		o.serve("/feed", p.page(nil))
		feed := &datelinev1.Feed{Url: o.URL + "/feed"}
		if maxInterval > 0 {
			feed.MaxInterval = durationpb.New(maxInterval)
		}
		s.follow(feed)
		s.run(5 * day)
		return o.asked("/feed")
	}
	quarter := map[string]string{"Cache-Control": "max-age=900"}
	require.GreaterOrEqual(t, slices.Min(waits(polled(0, "<ttl>180</ttl>", quarter))), 3*time.Hour, "ttl is the longest hint")
	visits := polled(0, `<ttl>20</ttl><sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>`, quarter)
	require.GreaterOrEqual(t, slices.Min(waits(visits)), day)
	require.LessOrEqual(t, slices.Max(waits(polled(2*time.Hour, "<ttl>6000</ttl>", quarter))), 2*time.Hour+2*time.Hour/4, "the cap holds")

	for _, v := range polled(0, "<skipHours><hour>0</hour><hour>1</hour><hour>2</hour><hour>13</hour></skipHours>", quarter) {
		require.NotContains(t, []int{0, 1, 2, 13}, v.at.Hour(), v.at)
	}
	for _, v := range polled(0, "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>", quarter) {
		require.NotContains(t, []time.Weekday{time.Saturday, time.Sunday}, v.at.Weekday(), v.at)
	}
}

func pollJitter(t *testing.T) {
	s := newSim(t)
	o := s.site()
	page := fixed("Etag", `"1"`)(s)
	const feeds = 1000
	for i := range feeds {
		path := fmt.Sprint("/", i)
		o.serve(path, page)
		s.follow(&datelinev1.Feed{Url: o.URL + path})
	}
	s.run(time.Second)
	require.Len(t, o.asked(""), feeds)
	s.run(2 * time.Hour)
	seconds := map[int64]int{}
	for _, v := range o.asked("")[feeds:] {
		seconds[v.at.Unix()]++
	}
	most := 0
	for _, n := range seconds {
		most = max(most, n)
	}
	// A thousand over a fifth of half an hour are 2.8 a second.
	require.LessOrEqual(t, most, 15, "the most in one second")
}

// header wants a header to hold something in all requests, or not to be there.
func header(name, holds string) func(*testing.T) {
	return func(t *testing.T) {
		s, o, _ := one(t, fixed("Set-Cookie", "a=b", "Etag", `"1"`))
		s.poll(3)
		for _, v := range o.asked("") {
			require.Equal(t, holds == "", len(v.header[name]) == 0)
			require.Contains(t, v.header.Get(name), holds)
			if name == "User-Agent" {
				require.Regexp(t, `^Dateline/\S+ \(\+https://\S+\)$`, v.header.Get(name))
			}
		}
	}
}

func noQuery(t *testing.T) {
	s, o, _ := one(t, fixed())
	s.poll(3)
	require.Len(t, o.asked("/feed"), 3)
	require.Len(t, o.asked(""), 3)
}

func oneGet(t *testing.T) {
	s, o, _ := one(t, fixed("Etag", `"1"`))
	for n := range 3 {
		s.poll(1)
		require.Len(t, o.asked(""), n+1)
		require.Equal(t, http.MethodGet, o.asked("")[n].method)
	}
}

func redirectsForGood(code int) func(*testing.T) {
	return func(t *testing.T) {
		s, o, id := one(t, func(*sim) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/new", code) }
		})
		o.serve("/new", fixed()(s))
		s.run(7 * day)
		require.Len(t, o.asked("/feed"), 3, "it is asked until it has said so three times")
		require.Equal(t, "moved", s.state(id).GetState())
		require.Greater(t, len(o.asked("/new")), 6)
		require.Len(t, s.found, 1, "the same news at a new address is no news")
	}
}

func redirects302(t *testing.T) {
	s, o, id := one(t, func(*sim) http.HandlerFunc {
		codes := []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusSeeOther}
		return func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", codes[0])
			codes = append(codes[1:], codes[0])
		}
	})
	o.serve("/elsewhere", fixed()(s))
	s.run(7 * day)
	require.Len(t, o.asked("/elsewhere"), len(o.asked("/feed")), "the old address is asked each time")
	require.Equal(t, "healthy", s.state(id).GetState())
}

func gone(t *testing.T) {
	s, o, id := one(t, inTurn(fixed()(nil), status(410)))
	s.run(30 * day)
	require.Len(t, o.asked(""), 2)
	require.Equal(t, "gone", s.state(id).GetState())
}

func notFound(t *testing.T) {
	s, o, id := one(t, inTurn(fixed()(nil), status(404), status(404), status(404), status(404), status(404), status(404), fixed()(nil)))
	s.run(60 * day)
	require.GreaterOrEqual(t, waits(o.asked("/feed"))[5], day, "after the fifth")
	require.EqualValues(t, http.StatusOK, s.state(id).GetLastStatus(), "it is never given up")
}

func refused(t *testing.T) {
	for _, code := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		s, o, id := one(t, always(code))
		s.run(7 * day)
		require.GreaterOrEqual(t, slices.Min(waits(o.asked("/feed"))), 4*time.Hour)
		require.Equal(t, "failing", s.state(id).GetState())
		require.Contains(t, s.state(id).GetReason(), fmt.Sprint(code))
	}
}

// A feed is published to be polled: robots.txt speaks to crawlers of pages, and is
// neither asked nor obeyed for what was submitted by name.
func robotsOfFeeds(t *testing.T) {
	s := newSim(t, withRobots)
	o := s.site().serve("/feed", fixed()(nil)).serve("/robots.txt", body("text/plain", "User-agent: *\nDisallow: /"))
	s.follow(&datelinev1.Feed{Url: o.URL + "/feed"})
	s.poll(2)
	require.Len(t, o.asked("/feed"), 2)
	require.Empty(t, o.asked("/robots.txt"))
}

func backoff(t *testing.T) {
	s, o, id := one(t, inTurn(fixed("Etag", `"1"`)(nil), status(503)))
	s.run(30 * day)
	gaps := waits(o.asked("/feed"))[1:]
	require.GreaterOrEqual(t, slices.Min(gaps), 5*time.Minute)
	require.LessOrEqual(t, slices.Max(gaps), day+day/5, "capped")
	require.Less(t, gaps[0], 20*time.Minute, "the first error is most likely over soon")
	require.GreaterOrEqual(t, gaps[len(gaps)-1], day)
	for i := 4; gaps[i] < day/2; i++ {
		require.Greater(t, gaps[i], gaps[i-4], "it grows")
	}
	require.Len(t, unique(gaps), len(gaps), "with jitter")
	require.Equal(t, "failing", s.state(id).GetState())
}

func unique(d []time.Duration) []time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return slices.Compact(d)
}

// retryAfter wants a wait after each of 429 and 503. value is given the time that
// the wait ends at.
func retryAfter(value func(end time.Time) string, least time.Duration) func(*testing.T) {
	return func(t *testing.T) {
		for _, code := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
			s, o, _ := one(t, func(s *sim) http.HandlerFunc {
				limited := func(w http.ResponseWriter, r *http.Request) {
					status(code, "Retry-After", value(s.now().Add(2*time.Hour).UTC()))(w, r)
				}
				return inTurn(limited, fixed()(s))(s)
			})
			s.poll(1)
			_, at := s.next()
			require.GreaterOrEqual(t, at.Sub(s.now()), least)
			require.LessOrEqual(t, at.Sub(s.now()), least+max(least/5, 15*time.Minute))
			s.run(8 * day)
			require.GreaterOrEqual(t, waits(o.asked("/feed"))[0], least)
		}
	}
}

func retryAfterObsolete(t *testing.T) {
	for _, layout := range []string{"Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		retryAfter(func(end time.Time) string { return end.Format(layout) }, 2*time.Hour)(t)
	}
}

func retryAfterNonsense(t *testing.T) {
	for _, value := range []string{"-1", "1.5", "", "soon"} {
		retryAfter(func(time.Time) string { return value }, 5*time.Minute)(t)
	}
}

func retryAfterOfHost(t *testing.T) {
	s, o, _ := one(t, always(429, "Retry-After", "1800"))
	o.serve("/other", fixed()(s))
	s.poll(1)
	limited := s.now()
	s.follow(&datelinev1.Feed{Url: o.URL + "/other"})
	s.run(day)
	require.NotEmpty(t, o.asked("/other"))
	require.GreaterOrEqual(t, o.asked("/other")[0].at.Sub(limited), 30*time.Minute)
}

func retryAfterWithoutError(t *testing.T) {
	s, o, id := one(t, func(*sim) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "80000")
			http.Redirect(w, r, "/new", http.StatusFound)
		}
	})
	o.serve("/new", fixed("Retry-After", "80000", "Etag", `"1"`)(s))
	s.poll(3)
	require.Equal(t, "healthy", s.state(id).GetState())
	require.Less(t, slices.Max(waits(o.asked("/feed"))), 2*time.Hour)
}
