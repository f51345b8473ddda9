package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// calling serves a page that calls an address its own.
func calling(canonical string) http.HandlerFunc {
	return body("text/html", `<link rel="canonical" href="`+canonical+`">`+harbour)
}

func leading(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusMovedPermanently) }
}

// owner is whose an address is; empty if it is nobody's.
func (d *desk) owner(address string) string {
	return d.seen.entries[topology.ArticleAlias(urlnorm.ID("a", address))].Article.GetId()
}

// An address that a page goes by becomes its own only where it can be that of one
// article.
func TestWhatBecomesAnAlias(t *testing.T) {
	t.Parallel()
	const asked = "/coast/harbour-reopens-1234"
	for name, test := range map[string]struct {
		page http.HandlerFunc
		to   string // where the page leads, in a second answer
		want string
	}{
		"canonical":               {calling("/2026/harbour-reopens"), "", "/2026/harbour-reopens"},
		"canonical, itself":       {calling(asked + "?utm_source=x"), "", ""},
		"canonical of all pages":  {calling("/article.html"), "", ""},
		"canonical, the front":    {calling("/"), "", ""},
		"canonical, its section":  {calling("/coast/"), "", ""},
		"canonical, unlike it":    {calling("/ferry-fares-rise"), "", ""},
		"redirect":                {body("text/html", harbour), "/news/1234-harbour", "/news/1234-harbour"},
		"redirect, both agree":    {calling("/new-pier-for-vessmouth"), "/new-pier-for-vessmouth", "/new-pier-for-vessmouth"},
		"redirect to log in":      {calling("/login"), "/login", ""},
		"redirect to subscribe":   {calling("/subscribe-to-read-on"), "/subscribe-to-read-on", ""},
		"redirect to log in here": {body("text/html", harbour), "/login?next=harbour-reopens-1234", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrigin(t).serve(asked, test.page)
			if test.to != "" {
				path, _, _ := strings.Cut(test.to, "?")
				o.serve(asked, leading(test.to)).serve(path, test.page)
			}
			d := newDesk(t, at(o))
			a := article(o.URL+asked, "")
			require.NoError(t, d.admit(a))
			d.fetch(a)
			require.NoError(t, d.err)
			if test.want == "" {
				require.Empty(t, d.seen.entries[topology.ArticleAlias(urlnorm.ID("a", o.URL+test.to))].Article)
				require.Empty(t, d.last().GetAliases())
				return
			}
			require.Equal(t, a.GetId(), d.owner(o.URL+test.want))
			require.Equal(t, []string{o.URL + test.want}, d.last().GetAliases())

			// Found under the other address later, it is known.
			require.Equal(t, stage.VerdictDuplicate, stage.VerdictOf(d.admit(article(o.URL+test.want, ""))))
			require.Empty(t, d.waiting)
		})
	}
}

// However the pages of one article point at each other, and in whatever order they
// come, exactly one comes out.
func TestOneArticleUnderTwoAddresses(t *testing.T) {
	t.Parallel()
	const x, y = "/coast/harbour-reopens-1", "/harbour-reopens-1-amp"
	for name, pages := range map[string]map[string]http.HandlerFunc{
		"canonical":             {x: calling(x), y: calling(x)},
		"each the other's":      {x: calling(y), y: calling(x)},
		"redirect":              {x: body("text/html", harbour), y: leading(x)},
		"redirect, not its own": {x: calling(y), y: leading(x)},
		"both a third's":        {x: calling("/harbour-reopens-1"), y: calling("/harbour-reopens-1")},
	} {
		for _, order := range [][]string{{x, y}, {y, x}} {
			for _, late := range []bool{false, true} {
				t.Run(fmt.Sprint(name, order, late), func(t *testing.T) {
					t.Parallel()
					o := newOrigin(t)
					for path, page := range pages {
						o.serve(path, page)
					}
					d := newDesk(t, at(o))
					first, second := article(o.URL+order[0], ""), article(o.URL+order[1], "")
					require.NoError(t, d.admit(first))
					if late {
						d.fetch(first)
						if err := d.admit(second); err == nil {
							d.fetch(second)
						}
					} else {
						require.NoError(t, d.admit(second))
						d.fetch(first)
						d.fetch(second)
					}
					require.Len(t, d.out, 1)
				})
			}
		}
	}
}

// Two replicas have both addresses of an article in hand at once: whatever one does
// between two steps of the other, they never both give way.
func TestTwoReplicasFindOutAtOnce(t *testing.T) {
	t.Parallel()
	const x, y = "/coast/harbour-reopens-1", "/harbour-reopens-1-amp"
	for _, order := range [][]string{{x, y}, {y, x}} {
		for mark := range 4 {
			t.Run(fmt.Sprint(order, mark), func(t *testing.T) {
				t.Parallel()
				o := newOrigin(t).serve(x, calling(y)).serve(y, calling(x))
				d := newDesk(t, at(o))
				first, second := article(o.URL+order[0], ""), article(o.URL+order[1], "")
				require.NoError(t, d.admit(first))
				require.NoError(t, d.admit(second))
				// The other comes in before the given write of the first.
				var other func()
				left := mark
				other = func() {
					if left--; left >= 0 {
						d.seen.before = other
						return
					}
					d.fetch(second)
				}
				d.seen.before = other
				d.fetch(first)
				if _, waits := d.waiting[due0(second)]; waits {
					d.fetch(second)
				}
				require.Len(t, d.out, 1)
			})
		}
	}
}

// Articles that point at each other in any way: some come out, and those that do not
// belong to one that does.
func TestGivingWayLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(rt, "articles")
		o := newOrigin(t)
		defer o.Close()
		d := newDesk(t, at(o))
		var articles []*datelinev1.Article
		for i := range n {
			to := rapid.IntRange(0, n-1).Draw(rt, "to")
			o.serve(fmt.Sprintf("/harbour-%d", i), calling(fmt.Sprintf("/harbour-%d", to)))
			articles = append(articles, article(fmt.Sprintf("%s/harbour-%d", o.URL, i), ""))
			require.NoError(rt, d.admit(articles[i]))
		}
		for _, a := range rapid.Permutation(articles).Draw(rt, "order") {
			d.fetch(a)
		}
		published := map[string]bool{}
		for _, p := range d.out {
			published[p.GetArticle().GetId()] = true
		}
		for _, a := range articles {
			id, steps := a.GetId(), 0
			for !published[id] {
				id = d.seen.entries[topology.ArticleAlias(id)].Article.GetId()
				require.NotEmpty(rt, id, "an article is neither out nor another's")
				steps++
				require.Less(rt, steps, n+1, "articles give way in a ring")
			}
		}
	})
}

// What another owner is called goes into the aliases of its later looks.
func TestAliasesOfTheOwner(t *testing.T) {
	t.Parallel()
	const x, y = "/coast/harbour-reopens-1", "/harbour-reopens-1-amp"
	o := newOrigin(t).serve(x, calling(x)).serve(y, calling(x))
	d := newDesk(t, at(o), looks("1h"))
	a, b := article(o.URL+x, ""), article(o.URL+y, "")
	require.NoError(t, d.admit(a))
	d.fetch(a)
	require.NoError(t, d.admit(b))
	d.fetch(b)
	require.Equal(t, stage.VerdictDuplicate, stage.VerdictOf(d.err))
	require.Equal(t, a.GetId(), d.owner(o.URL+y))
	o.serve(x, body("text/html", harbour+"<p>Corrected."))
	d.fetch(a)
	require.NoError(t, d.err)
	require.Equal(t, []string{o.URL + y}, d.last().GetAliases())
}

// entry makes an article as a poll finds it.
func entry(url, guid, title string, published, polled time.Time) *datelinev1.Article {
	a := article(url, "")
	a.Source.FeedId = "fcourier"
	a.Source.Entry.Guid, a.Source.Entry.Title = guid, title
	if !published.IsZero() {
		a.Source.Entry.Published = timestamppb.New(published)
	}
	a.Trail[0].StartedAt = timestamppb.New(polled)
	return a
}

func TestOneIdentifierTwoAddresses(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
	noon := time.Date(2026, 3, 2, 12, 30, 0, 0, time.UTC)
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	const guid = "courier-4711"
	for name, test := range map[string]struct {
		a, b func(url string) *datelinev1.Article
		same bool
	}{
		"same title": {
			func(u string) *datelinev1.Article { return entry(u, guid, "Harbour reopens", noon, first) },
			func(u string) *datelinev1.Article {
				return entry(u, guid, "Harbour  REOPENS", noon.Add(time.Hour), first.Add(time.Hour))
			}, true,
		},
		"same time": {
			func(u string) *datelinev1.Article { return entry(u, guid, "Harbour reopens", noon, first) },
			func(u string) *datelinev1.Article {
				return entry(u, guid, "Harbour reopens at last", noon, first.Add(time.Hour))
			}, true,
		},
		"nothing else the same": {
			func(u string) *datelinev1.Article { return entry(u, guid, "Harbour reopens", noon, first) },
			func(u string) *datelinev1.Article {
				return entry(u, guid, "Ferry fares rise", noon.Add(time.Hour), first.Add(time.Hour))
			}, false,
		},
		"same day only": {
			func(u string) *datelinev1.Article { return entry(u, guid, "Harbour reopens", day, first) },
			func(u string) *datelinev1.Article {
				return entry(u, guid, "Ferry fares rise", day, first.Add(time.Hour))
			}, false,
		},
		"one document": {
			func(u string) *datelinev1.Article { return entry(u, guid, "Weather", noon, first) },
			func(u string) *datelinev1.Article { return entry(u, guid, "Weather", noon, first) }, false,
		},
		"a number": {
			func(u string) *datelinev1.Article { return entry(u, "4711", "Harbour reopens", noon, first) },
			func(u string) *datelinev1.Article {
				return entry(u, "4711", "Harbour reopens", noon, first.Add(time.Hour))
			}, false,
		},
		"its address": {
			func(u string) *datelinev1.Article { return entry(u, u, "Harbour reopens", noon, first) },
			func(u string) *datelinev1.Article {
				return entry(u, u+"#x", "Harbour reopens", noon, first.Add(time.Hour))
			}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrigin(t).serve("/old", body("text/html", harbour)).serve("/new", body("text/html", harbour+"<p>More."))
			d := newDesk(t, at(o), looks("1h", "6h"))
			a, b := test.a(o.URL+"/old"), test.b(o.URL+"/new")
			require.NoError(t, d.admit(a))
			d.fetch(a)
			require.NoError(t, d.err)
			d.sleep(2 * time.Hour)
			err := d.admit(b)
			if !test.same {
				require.NoError(t, err)
				d.fetch(b)
				require.NoError(t, d.err)
				require.Equal(t, b.GetId(), d.last().GetId())
				return
			}
			require.Equal(t, stage.VerdictDuplicate, stage.VerdictOf(err))
			d.fetch(a)
			require.NoError(t, d.err)
			require.Equal(t, a.GetId(), d.last().GetId())
			require.Equal(t, o.URL+"/new", d.last().GetFetch().GetUrl())
			require.Equal(t, []string{o.URL + "/old"}, d.last().GetAliases())
			require.Equal(t, b.GetSource().GetEntry().GetTitle(), d.last().GetSource().GetEntry().GetTitle())
			require.EqualValues(t, 1, d.last().GetFetch().GetRefetch())
			// From now on it is to be had there.
			require.Equal(t, o.URL+"/new", d.wait(a).Message.(*datelinev1.Article).GetFetch().GetUrl())
		})
	}
}

// An article that moves before its page was fetched is fetched where it is by then,
// also from the old place in the queue, and comes out once.
func TestAnArticleThatMovesWhileItWaits(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
	for _, sites := range []int{1, 2} {
		for _, set := range []setting{looks(), looks("1h")} {
			o, other := newOrigin(t), newOrigin(t)
			if sites == 1 {
				other = o
			}
			other.serve("/new", body("text/html", harbour))
			d := newDesk(t, at(o), at(other), set)
			a := entry(o.URL+"/old", "courier-4711", "Harbour reopens", time.Time{}, first)
			b := entry(other.URL+"/new", "courier-4711", "Harbour reopens", time.Time{}, first.Add(time.Hour))
			require.NoError(t, d.admit(a))
			before := d.wait(a)
			require.Equal(t, stage.VerdictDuplicate, stage.VerdictOf(d.admit(b)))
			// Another delivery of the entry changes nothing.
			outs, err := d.Admit(d.delivery(), b)
			require.Equal(t, stage.VerdictDuplicate, stage.VerdictOf(err))
			require.Len(t, outs, 1)

			d.apply(d.deliver(before))
			for range 3 {
				for key, out := range d.waiting {
					if out.Header["Dateline-Look"] == "" {
						delete(d.waiting, key)
						d.apply(d.deliver(out))
					}
				}
			}
			require.Len(t, d.out, 1)
			require.Equal(t, a.GetId(), d.last().GetId())
			require.Equal(t, b.GetFetch().GetUrl(), d.last().GetFetch().GetUrl())
			for _, r := range o.log() {
				require.NotEqual(t, "/old", r.path)
			}
		}
	}
}

// Many articles that lead to one page to log in at stay many.
func TestALoginPageIsNobodys(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/login", calling("/login"))
	d := newDesk(t, at(o))
	for i := range 5 {
		path := fmt.Sprintf("/story-%d", i)
		o.serve(path, leading("/login?back="+path))
		a := article(o.URL+path, "")
		require.NoError(t, d.admit(a))
		d.fetch(a)
		require.NoError(t, d.err)
	}
	require.Len(t, d.out, 5)
}

// What is pushed under another address of an article found is that article's next
// revision.
func TestPushedUnderAnAlias(t *testing.T) {
	t.Parallel()
	const x, y = "/coast/harbour-reopens-1", "/harbour-reopens-1"
	o := newOrigin(t).serve(x, calling(y))
	d := newDesk(t, at(o))
	a := article(o.URL+x, "")
	require.NoError(t, d.admit(a))
	d.fetch(a)
	outs, err := d.Push(delivery(t, 1), pushed(inbox(bus.HeaderURL, o.URL+y), wire))
	require.NoError(t, err)
	got := pageOf(t, outs).GetArticle()
	require.Equal(t, a.GetId(), got.GetId())
	require.EqualValues(t, 2, got.GetRevision())
	require.Equal(t, o.URL+y, got.GetFetch().GetUrl())
	again, err := d.Push(delivery(t, 1), pushed(inbox(bus.HeaderURL, o.URL+y), wire))
	require.NoError(t, err)
	require.Equal(t, outs[0].ID, again[0].ID)

	// What was pushed under an address before keeps its identity.
	z := o.URL + "/harbour-reopens-1-live"
	outs, err = d.Push(delivery(t, 2), pushed(inbox(bus.HeaderURL, z), wire))
	require.NoError(t, err)
	id := pageOf(t, outs).GetArticle().GetId()
	d.seen.find(stage.Out{Subject: topology.ArticleAlias(id), Message: proto.CloneOf(a)})
	outs, err = d.Push(delivery(t, 3), pushed(inbox(bus.HeaderURL, z), wire+" Corrected."))
	require.NoError(t, err)
	require.Equal(t, id, pageOf(t, outs).GetArticle().GetId())
}
