package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// looks sets when pages are looked at again.
func looks(waits ...string) setting {
	return func(c *fetch.Config, _ *fetch.Deps) { c.Refetch, c.RefetchBudget = waits, 1000 }
}

// desk is a world in virtual time in which the outputs of admission and of pages are
// applied as the runner and the server would: names and visits are entered, and pages
// wait.
type desk struct {
	*world
	*clock
	t *testing.T
	// waiting are the pages that wait, by the subject that they become due on.
	waiting map[string]stage.Out
	// out are the pages handed to the parser, by id, the first of each.
	out []*datelinev1.Page
	ids map[string]bool
	// err is the last verdict.
	err      error
	sequence uint64
}

func newDesk(t *testing.T, settings ...setting) *desk {
	t.Helper()
	d := &desk{clock: &clock{at: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)}, t: t, waiting: map[string]stage.Out{}, ids: map[string]bool{}}
	d.world = newWorld(t, append(settings, func(_ *fetch.Config, deps *fetch.Deps) { deps.Now = d.now })...)
	return d
}

func (d *desk) delivery() context.Context {
	d.sequence++
	return stage.WithDelivery(d.t.Context(), stage.Delivery{
		Stage: topology.Page.Name, Attempt: 1, Sequence: d.sequence, Stored: d.now(), Started: d.now(),
	})
}

// admit finds an article and gives it its slot.
func (d *desk) admit(a *datelinev1.Article) error {
	d.t.Helper()
	d.seen.find(stage.Out{Subject: topology.ArticleFound(urlnorm.Host(a.GetFetch().GetUrl()), a.GetId()), Message: a})
	outs, err := d.Admit(d.delivery(), proto.CloneOf(a))
	d.apply(outs)
	return err
}

// fetch fetches a page that waits, at its time.
func (d *desk) fetch(a *datelinev1.Article) []stage.Out {
	d.t.Helper()
	out := d.wait(a)
	delete(d.waiting, due0(a))
	d.sleep(max(0, out.At.Sub(d.now())))
	outs := d.deliver(out)
	d.apply(outs)
	return outs
}

// deliver delivers a page, and leaves its outputs to the caller.
func (d *desk) deliver(out stage.Out) []stage.Out {
	d.t.Helper()
	header := nats.Header{}
	for name, value := range out.Header {
		header.Set(name, value)
	}
	var outs []stage.Out
	outs, d.err = d.Page(d.delivery(), stage.Raw{Subject: out.Subject, Header: header, Data: []byte(encoded(d.t, out.Message))})
	return outs
}

func due0(a *datelinev1.Article) string {
	return topology.PageDue(urlnorm.Host(a.GetFetch().GetUrl()), a.GetId())
}

// wait is the wait of an article's page.
func (d *desk) wait(a *datelinev1.Article) stage.Out {
	d.t.Helper()
	require.Contains(d.t, d.waiting, due0(a), "the page does not wait")
	return d.waiting[due0(a)]
}

func (d *desk) apply(outs []stage.Out) {
	d.t.Helper()
	for _, wave := range []bool{false, true} {
		for _, out := range outs {
			if out.Last != wave {
				continue
			}
			switch {
			case strings.HasPrefix(out.Subject, "pages."):
				key := out.Target
				if out.At.IsZero() {
					key = out.Subject
				}
				d.waiting[key] = out
			case strings.HasPrefix(out.Subject, "articles.visited."):
				d.seen.visit(d.t, out)
			case strings.HasPrefix(out.Subject, "articles.alias."):
				if d.seen.entries[out.Subject].Article == nil {
					d.seen.find(out)
				}
			case strings.HasPrefix(out.Subject, "articles.fetched."):
				if !d.ids[out.ID] {
					d.ids[out.ID] = true
					d.out = append(d.out, out.Message.(*datelinev1.Page))
				}
			default:
				d.t.Fatalf("an output on %s", out.Subject)
			}
		}
	}
}

// visit enters a visit, as the stream would.
func (s *seen) visit(t testing.TB, out stage.Out) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	v := out.Message.(*datelinev1.Visit)
	require.Equal(t, s.visits[v.GetArticleId()].sequence, *out.Expect, "somebody else visited in between")
	if s.visits == nil {
		s.visits = map[string]visited{}
	}
	s.last++
	s.visits[v.GetArticleId()] = visited{proto.CloneOf(v), s.last}
}

// last is the newest page handed to the parser.
func (d *desk) last() *datelinev1.Article {
	d.t.Helper()
	require.NotEmpty(d.t, d.out)
	return d.out[len(d.out)-1].GetArticle()
}

// versions serves text under an entity tag that follows from it.
func versions(o *origin, path, text string) {
	o.serve(path, func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%d"`, len(text))
		w.Header().Set("Etag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		body("text/html", text)(w, r)
	})
}

func TestAPageIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	d := newDesk(t, at(o), looks("1h", "6h", "24h"))
	a := article(o.URL+"/a", "")
	versions(o, "/a", harbour)
	require.NoError(t, d.admit(a))
	outs := d.fetch(a)
	require.NoError(t, d.err)
	require.Len(t, outs, 3)
	require.False(t, outs[0].Last, "the page goes out before it is remembered")
	require.True(t, outs[1].Last && outs[2].Last)
	require.Equal(t, a.GetId()+":1:fetcher-page", outs[0].ID)
	next := d.wait(a)
	require.Equal(t, "1", next.Header["Dateline-Look"])
	require.InDelta(t, time.Hour, next.At.Sub(d.now()), float64(12*time.Minute))
	require.EqualValues(t, 1, next.Message.(*datelinev1.Article).GetFetch().GetRefetch())
	require.Len(t, next.Message.(*datelinev1.Article).GetTrail(), 1, "what was done at this look is not the next one's")

	d.fetch(a)
	require.Equal(t, stage.Drop("unchanged"), d.err)
	require.NotEmpty(t, o.log()[1].header.Get("If-None-Match"))
	require.InDelta(t, 6*time.Hour, d.wait(a).At.Sub(d.now()), float64(72*time.Minute))

	versions(o, "/a", harbour+"<p>Corrected.")
	d.fetch(a)
	require.NoError(t, d.err)
	require.Len(t, d.out, 2)
	require.EqualValues(t, 2, d.last().GetFetch().GetRefetch())
	require.EqualValues(t, 1, d.last().GetRevision(), "which revision it is, the parser decides")
	require.Contains(t, string(d.out[1].GetContent()), "Corrected")
	require.True(t, d.ids[a.GetId()+":1:fetcher-page:look2"])
	require.Len(t, d.last().GetTrail(), 2)

	o.serve("/a", body("text/html", harbour+"<p>Corrected."))
	d.fetch(a)
	require.Equal(t, stage.Drop("unchanged"), d.err, "a server that knows no conditions: the bytes decide")
	require.Empty(t, d.waiting, "all looks are spent")
	require.Len(t, d.out, 2)
}

func TestNoLooksWhereNoneAreSet(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", body("text/html", harbour))
	d := newDesk(t, at(o))
	a := article(o.URL+"/a", "")
	require.NoError(t, d.admit(a))
	require.Len(t, d.fetch(a), 1)
	require.Empty(t, d.waiting)
	// One that waits from before ends.
	a.Fetch.Refetch = 1
	d.deliver(stage.Out{Message: a})
	require.Equal(t, stage.Drop("refetch-off"), d.err)
}

// gone are the answers of a page to its looks, one after the other, and what comes of
// each.
func TestAnArticleThatVanishes(t *testing.T) {
	t.Parallel()
	failed, missing, unchanged := stage.Drop("refetch-failed"), stage.Drop("missing"), stage.Drop("unchanged")
	type look struct {
		answer http.HandlerFunc
		err    error
		out    string // what the parser gets: "", "page" or "vanished"
	}
	page, other := body("text/html", harbour), body("text/html", harbour+"<p>Restored.")
	for name, looks := range map[string][]look{
		"410":                   {{status(410), nil, "vanished"}, {status(410), missing, ""}},
		"404 twice":             {{status(404), missing, ""}, {status(404), nil, "vanished"}, {status(404), missing, ""}},
		"404 once":              {{status(404), missing, ""}, {page, unchanged, ""}, {status(404), missing, ""}},
		"back as it was":        {{status(410), nil, "vanished"}, {page, nil, "page"}, {page, unchanged, ""}},
		"back with other words": {{status(404), missing, ""}, {status(410), nil, "vanished"}, {other, nil, "page"}},
		"gone twice":            {{status(410), nil, "vanished"}, {other, nil, "page"}, {status(410), nil, "vanished"}},
		"errors":                {{status(503), failed, ""}, {status(403), failed, ""}, {body("image/jpeg", "x"), failed, ""}, {body("text/html", " "), failed, ""}, {page, unchanged, ""}},
		"404, error, 404":       {{status(404), missing, ""}, {status(500), failed, ""}, {status(404), nil, "vanished"}},
		"to the front page":     {{func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, failed, ""}, {page, unchanged, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrigin(t).serve("/", page)
			d := newDesk(t, at(o), looksOf("1h", 6))
			a := article(o.URL+"/coast/a", text)
			o.serve("/coast/a", page)
			require.NoError(t, d.admit(a))
			d.fetch(a)
			for i, look := range looks {
				o.serve("/coast/a", look.answer)
				before := len(d.out)
				d.fetch(a)
				if look.err != nil {
					require.Equal(t, look.err, d.err, "look %d", i+1)
				} else {
					require.NoError(t, d.err, "look %d", i+1)
				}
				if look.out == "" {
					require.Len(t, d.out, before, "look %d", i+1)
					continue
				}
				require.Len(t, d.out, before+1, "look %d", i+1)
				require.Equal(t, look.out == "vanished", d.last().GetVanishedAt() != nil)
				require.Equal(t, look.out == "vanished", len(d.out[before].GetContent()) == 0)
				require.Equal(t, "http", d.last().GetFetch().GetVia(), "the feed's text stands in for no look")
			}
		})
	}
}

func looksOf(wait string, n int) setting {
	return looks(strings.Split(strings.Repeat(wait+",", n)[:n*(len(wait)+1)-1], ",")...)
}

// That a page is missing at the last look is not left at that.
func TestAPageThatIsMissingAtTheLastLook(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", body("text/html", harbour))
	d := newDesk(t, at(o), looks("1h"))
	a := article(o.URL+"/a", "")
	require.NoError(t, d.admit(a))
	d.fetch(a)
	o.serve("/a", status(404))
	d.fetch(a)
	require.Equal(t, stage.Drop("missing"), d.err)
	d.fetch(a)
	require.NoError(t, d.err)
	require.NotNil(t, d.last().GetVanishedAt())
	require.EqualValues(t, 404, d.last().GetFetch().GetStatus())
	require.Empty(t, d.waiting)
}

// The process may end between any two outputs of a page. The page is then delivered
// again, and comes out once, is remembered, and has its next look.
func TestAPageThatIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	const page = `<link rel="canonical" href="/2026/a-story-of-the-harbour">` + harbour
	o := newOrigin(t).serve("/a-story-of-the-harbour", body("text/html", page))
	for stored := range 3 {
		d := newDesk(t, at(o), looks("1h", "6h"))
		a := article(o.URL+"/a-story-of-the-harbour", "")
		require.NoError(t, d.admit(a))
		for look := range 2 {
			due := d.wait(a)
			delete(d.waiting, due0(a))
			d.sleep(max(0, due.At.Sub(d.now())))
			if look == 1 {
				o.serve("/a-story-of-the-harbour", body("text/html", page+fmt.Sprint(stored)))
			}
			outs := d.deliver(due)
			require.NoError(t, d.err)
			require.Len(t, outs, 3)
			d.apply(outs[:stored])
			d.apply(d.deliver(due))
			if stored == 2 && look == 1 {
				// It finds that it was made lately, and is put off.
				require.Equal(t, stage.Defer("looked-lately"), d.err)
				due = d.wait(a)
				delete(d.waiting, due0(a))
				d.sleep(due.At.Sub(d.now()))
				d.apply(d.deliver(due))
				require.Equal(t, stage.Drop("unchanged"), d.err)
			}
			require.Len(t, d.out, look+1, "%d outputs stored at look %d", stored, look)
			visit, _, err := d.seen.Visit(t.Context(), a.GetId())
			require.NoError(t, err)
			require.NotNil(t, visit)
			require.Equal(t, fmt.Sprint(look+1), d.wait(a).Header["Dateline-Look"])
		}
		require.Equal(t, []string{o.URL + "/2026/a-story-of-the-harbour"}, d.last().GetAliases())
	}
}

func TestALookGivesWay(t *testing.T) {
	t.Parallel()
	ready := func(t *testing.T, settings ...setting) (*desk, *origin, *datelinev1.Article) {
		o := newOrigin(t).serve("/a", body("text/html", harbour)).serve("/robots.txt", status(404))
		d := newDesk(t, append([]setting{at(o), looks("1h", "6h")}, settings...)...)
		a := article(o.URL+"/a", "")
		require.NoError(t, d.admit(a))
		d.fetch(a)
		require.NoError(t, d.err)
		return d, o, a
	}
	t.Run("to pages that nobody has seen", func(t *testing.T) {
		t.Parallel()
		d, o, a := ready(t, withDelay(10*time.Second))
		d.sleep(d.wait(a).At.Sub(d.now()))
		for i := range 8 {
			require.NoError(t, d.admit(article(fmt.Sprintf("%s/%d", o.URL, i), "")))
		}
		d.fetch(a)
		require.Equal(t, stage.Drop("refetch-busy"), d.err)
		require.Equal(t, "2", d.wait(a).Header["Dateline-Look"])
		require.Len(t, o.log(), 1)
	})
	t.Run("to the budget of the day", func(t *testing.T) {
		t.Parallel()
		d, o, a := ready(t, func(c *fetch.Config, _ *fetch.Deps) { c.RefetchBudget = 1 })
		d.fetch(a)
		require.Equal(t, stage.Drop("unchanged"), d.err)
		again := article(o.URL+"/a", "")
		again.Fetch.Refetch = 2
		d.sleep(5 * time.Hour)
		d.apply(d.deliver(stage.Out{Message: again}))
		require.Equal(t, stage.Drop("refetch-budget"), d.err)
		require.Len(t, o.log(), 2)
	})
	t.Run("to its publisher", func(t *testing.T) {
		t.Parallel()
		d, o, a := ready(t)
		_, err := d.Push(d.delivery(), pushed(inbox("Dateline-Url", o.URL+"/a"), wire))
		require.NoError(t, err)
		if known, _ := d.seen.Last(t.Context(), topology.ArticlePushed(a.GetId())); known.Article == nil {
			t.Fatal("not pushed")
		}
		d.fetch(a)
		require.Equal(t, stage.Drop("pushed"), d.err)
		require.Empty(t, d.waiting)
	})
	t.Run("to robots.txt", func(t *testing.T) {
		t.Parallel()
		d, o, a := ready(t, withRobots)
		o.serve("/robots.txt", body("text/plain", "User-agent: *\nDisallow: /"))
		d.sleep(48 * time.Hour)
		d.fetch(a)
		require.Equal(t, stage.Drop("refetch-failed"), d.err)
		require.Len(t, o.log(), 1)
	})
	t.Run("to its host's turn, and is counted once", func(t *testing.T) {
		t.Parallel()
		d, o, a := ready(t, withDelay(30*time.Second), func(c *fetch.Config, _ *fetch.Deps) { c.RefetchBudget = 1 })
		d.sleep(d.wait(a).At.Sub(d.now()))
		require.NoError(t, d.admit(article(o.URL+"/b", "")))
		d.fetch(a)
		require.Equal(t, stage.Defer("host-busy"), d.err)
		require.Equal(t, "1", d.wait(a).Header["Dateline-Look"])
		d.fetch(a)
		require.Equal(t, stage.Drop("unchanged"), d.err)
	})
}

func TestAChangedEntryIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", body("text/html", harbour))
	d := newDesk(t, at(o), looks("1h", "6h"))
	feed := &datelinev1.Feed{Id: "fcourier", Url: courier, Title: "Courier"}
	a := article(o.URL+"/a", "")
	a.Source.FeedId, a.FirstSeenAt = feed.GetId(), timestamppb.New(d.now())
	changed := proto.CloneOf(a.GetSource().GetEntry())
	changed.Title, changed.Url = "Harbour reopens at last", o.URL+"/a?utm_source=feed"

	require.NoError(t, d.admit(a))
	_, ok := fetch.LookAgain(d.Fetcher, t.Context(), feed, changed)
	require.False(t, ok, "its page has not come yet")
	d.fetch(a)
	d.sleep(10 * time.Minute)
	out, ok := fetch.LookAgain(d.Fetcher, t.Context(), feed, changed)
	require.True(t, ok)
	require.Equal(t, topology.PageDue(o.host, a.GetId()), out.Target)
	require.Less(t, out.At.Sub(d.now()), time.Minute)
	d.apply([]stage.Out{out})
	d.fetch(a)
	require.Equal(t, stage.Defer("looked-lately"), d.err, "once an hour is enough")
	require.Equal(t, time.Hour, d.wait(a).At.Sub(d.seen.visits[a.GetId()].visit.GetFetchedAt().AsTime()))

	o.serve("/a", body("text/html", harbour+"<p>At last."))
	d.fetch(a)
	require.NoError(t, d.err)
	require.Equal(t, changed.GetTitle(), d.last().GetSource().GetEntry().GetTitle(), "the feed's newer words")
	require.Equal(t, []string{"the feed's entry changed"}, d.last().GetTrail()[1].GetNotes())
	require.True(t, a.GetFirstSeenAt().AsTime().Equal(d.last().GetFirstSeenAt().AsTime()))
	require.InDelta(t, 6*time.Hour, d.wait(a).At.Sub(d.now()), float64(72*time.Minute), "the looks after it go on")

	for name, entry := range map[string]*datelinev1.Entry{"no address": {Title: "Tides"}, "another page": {Url: o.URL + "/b"}} {
		_, ok = fetch.LookAgain(d.Fetcher, t.Context(), feed, entry)
		require.False(t, ok, name)
	}
}

// What a feed's submitter gave for it goes to its host's pages, too, and nowhere else.
func TestHeadersOfTheSource(t *testing.T) {
	t.Parallel()
	o, other := newOrigin(t).serve("/a", body("text/html", harbour)), newOrigin(t).serve("/a", body("text/html", harbour))
	d := newDesk(t, at(o), at(other))
	record := d.register(t, &datelinev1.Feed{Url: o.URL + "/feed", Headers: map[string]string{"X-Key": "s3cret", "User-Agent": "Reader/1"}})
	for _, origin := range []*origin{o, other} {
		a := article(origin.URL+"/a", "")
		a.Source.FeedId = record.GetFeed().GetId()
		require.NoError(t, d.admit(a))
		d.fetch(a)
		require.NoError(t, d.err)
	}
	unknown := article(o.URL+"/a", "")
	unknown.Source.FeedId = "fgone"
	d.deliver(stage.Out{Message: unknown})
	require.NoError(t, d.err)
	require.Equal(t, "s3cret", o.log()[0].header.Get("X-Key"))
	require.Equal(t, "Reader/1", o.log()[0].header.Get("User-Agent"))
	require.Empty(t, o.log()[1].header.Get("X-Key"))
	require.Empty(t, other.log()[0].header.Get("X-Key"))
	require.NotContains(t, d.logged(), "s3cret")
}

func TestRefetchSettings(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]string{{"soon"}, {"0s"}, {"-1h"}, {"1h", "700h"}, strings.Split(strings.Repeat("1h,", 51), ",")[:51]} {
		cfg := testConfig()
		cfg.Refetch = bad
		require.ErrorContains(t, cfg.Validate(), "fetcher.refetch")
	}
	cfg := testConfig()
	cfg.RefetchBudget = -1
	require.ErrorContains(t, cfg.Validate(), "fetcher.refetch-budget")
	cfg.Refetch, cfg.RefetchBudget = []string{"never"}, 0
	require.NoError(t, cfg.Validate())
	cfg.Refetch = []string{"90m"}
	require.NoError(t, cfg.Validate())
}
