package fetch_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/stage/stagetest"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// harbourSum is the SHA-256 of a page that did not change.
var harbourSum = func() string {
	sum := sha256.Sum256([]byte(harbour))
	return hex.EncodeToString(sum[:])
}()

const jsonSubmission = `{"url":"https://courier.example/a","content":"The harbour reopened.","labels":["coast"]}`

// Every handler keeps what the runner relies on.
func TestConformance(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", body("text/html", harbour)).serve("/feed", body(rssType, rss(
		item("https://courier.example/a", "1", "Harbour reopens", "Soon."), item("", "2", "Tides", "High water at six."))))
	o.serve("/busy", status(503)).serve("/gone", status(410)).serve("/site", body("text/html", `<link rel="feed" href="/feed">`))
	o.serve("/same", body("text/html", harbour))
	feed := func(path string) *datelinev1.Feed {
		return &datelinev1.Feed{Id: urlnorm.ID("f", o.URL+path), Url: o.URL + path}
	}
	// world has the feeds and nothing else.
	world := func(settings ...setting) *world {
		w := newWorld(t, append(settings, at(o))...)
		for _, path := range []string{"/feed", "/gone", "/site"} {
			_, err := w.feeds.Put(t.Context(), feed(path).GetId(), &datelinev1.FeedRecord{
				Feed: feed(path), Poll: &datelinev1.PollState{State: "new", AddedAt: timestamppb.New(time.Unix(0, 0))},
			}, 0)
			if err != nil {
				t.Fatal(err)
			}
		}
		return w
	}
	t.Run(topology.Registry.Name, func(t *testing.T) {
		stagetest.Run(t, stagetest.Stage[stage.Raw]{
			New: func() stage.Func[stage.Raw] { return world().Register }, Decode: stage.AsIs,
			Samples: map[string]stage.Raw{
				"url":      submission(inbox(), courier),
				"known":    submission(inbox(), o.URL+"/feed"),
				"json":     submission(nil, `{"url":"https://courier.example/","labels":["coast"],"minInterval":"10m"}`),
				"protobuf": submission(inbox(bus.HeaderContentType, bus.TypeProtobuf), encoded(t, feed("/x"))),
				"bad":      submission(inbox(), "no feed"),
				"remove":   {Subject: topology.SubjectFeedRemove, Header: inbox(), Data: []byte(o.URL + "/feed")},
			},
		})
	})
	t.Run(topology.Push.Name, func(t *testing.T) {
		stagetest.Run(t, stagetest.Stage[stage.Raw]{
			New: func() stage.Func[stage.Raw] { return world().Push }, Decode: stage.AsIs,
			Samples: map[string]stage.Raw{
				"wire": pushed(inbox(), wire), "json": pushed(nil, jsonSubmission), "bad": pushed(inbox(), ""),
				"html": pushed(inbox(bus.HeaderURL, courier), harbour), "agency": pushed(inbox(), newsObject),
			},
		})
	})
	t.Run(topology.Deliver.Name, func(t *testing.T) {
		delivery := func(id, document string) stage.Raw {
			return stage.Raw{Subject: topology.FeedDeliver(id), Header: inbox(bus.HeaderContentType, rssType), Data: []byte(document)}
		}
		id := feed("/feed").GetId()
		stagetest.Run(t, stagetest.Stage[stage.Raw]{
			New: func() stage.Func[stage.Raw] { return world().Deliver }, Decode: stage.AsIs,
			Samples: map[string]stage.Raw{
				"feed": delivery(id, rss(item("https://courier.example/b", "3", "Ferry fares rise", "From May on."))),
				"text": delivery(id, "Something has changed."), "removed": delivery("fremoved", "<rss/>"),
			},
		})
	})
	t.Run(topology.Poll.Name, func(t *testing.T) {
		stagetest.Run(t, stagetest.Stage[stage.Raw]{
			New: func() stage.Func[stage.Raw] { return world().Poll }, Decode: stage.AsIs,
			Samples: map[string]stage.Raw{
				"feed": due(t, feed("/feed").GetId(), nil), "gone": due(t, feed("/gone").GetId(), nil),
				"site": due(t, feed("/site").GetId(), nil), "removed": due(t, "fremoved", nil),
			},
		})
	})
	t.Run(topology.Admit.Name, func(t *testing.T) {
		a := article("https://courier.example/a", text)
		own := proto.CloneOf(a)
		own.Fetch = &datelinev1.Fetch{Via: "feed"}
		found := func(a *datelinev1.Article) stage.Raw {
			return stage.Raw{Subject: topology.ArticleFound("courier.example", a.GetId()), Data: []byte(encoded(t, a))}
		}
		stagetest.Run(t, stagetest.Stage[*datelinev1.Article]{
			New: func() stage.Func[*datelinev1.Article] { return world().Admit }, Decode: stage.Decode[datelinev1.Article],
			Samples: map[string]stage.Raw{"page": found(a), "feed's own text": found(own)},
		})
	})
	t.Run(topology.Page.Name, func(t *testing.T) {
		stagetest.Run(t, stagetest.Stage[stage.Raw]{
			New: func() stage.Func[stage.Raw] { return world().Page }, Decode: stage.AsIs,
			Samples: map[string]stage.Raw{
				"page": duePage(t, article(o.URL+"/a", "")), "busy": duePage(t, article(o.URL+"/busy", "")),
				"gone": duePage(t, article(o.URL+"/gone", text)), "private": duePage(t, article("http://10.0.0.1/", "")),
			},
		})
	})
	t.Run("looks", func(t *testing.T) {
		looking := func(path string) stage.Raw {
			a := article(o.URL+path, "")
			a.Fetch.Refetch = 1
			return duePage(t, a)
		}
		stagetest.Run(t, stagetest.Stage[stage.Raw]{
			New: func() stage.Func[stage.Raw] {
				w := world(looks("1h", "6h"))
				w.seen.visits = map[string]visited{}
				for path, sum := range map[string]string{"/a": "other", "/gone": "x", "/busy": "x", "/same": harbourSum} {
					w.seen.visits[article(o.URL+path, "").GetId()] = visited{sequence: 7, visit: &datelinev1.Visit{
						Url: o.URL + path, Fetches: 1, Sha256: sum, FetchedAt: timestamppb.New(time.Now().Add(-2 * time.Hour)),
					}}
				}
				return w.Page
			},
			Decode: stage.AsIs,
			Samples: map[string]stage.Raw{
				"changed": looking("/a"), "same": looking("/same"), "gone": looking("/gone"), "busy": looking("/busy"),
				"first look again": duePage(t, article(o.URL+"/a", "")),
			},
		})
	})
}
