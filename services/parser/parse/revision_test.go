package parse_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/stage/stagetest"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/parser/earlier"
	"github.com/dateline-news/dateline/services/parser/parse"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// memory is what was published before; with lost set, older things are forgotten.
type memory struct {
	last *datelinev1.Article
	lost bool
	err  error
}

func (m memory) Last(context.Context, string, time.Time) (earlier.Found, error) {
	if m.err != nil || m.last == nil {
		return earlier.Found{Complete: !m.lost}, m.err
	}
	return earlier.Found{Article: proto.CloneOf(m.last), Sequence: 7}, nil
}

var firstSeen = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

const (
	harbourHead = "Harbour opens again after the storm"
	harbourText = "<p>The harbour of the small town opened again on Friday morning, two days after the storm had thrown a dozen boats onto the quay.</p>" +
		"<p>Divers had spent the night looking for lines and nets that could foul a propeller, and found eleven of them.</p>"
)

func harbourPage(head, text string) string {
	return `<html lang="en"><head><title>` + head + `</title></head><body><article><h1>` + head + `</h1>` + text + `</article></body></html>`
}

// look is the n-th look at the harbour's page after the first.
func look(n uint32, content string) *datelinev1.Page {
	at := firstSeen.Add(time.Duration(n) * time.Hour)
	return &datelinev1.Page{Content: []byte(content), Article: &datelinev1.Article{
		Id: "a1", Revision: 1, FirstSeenAt: timestamppb.New(firstSeen),
		Source: &datelinev1.Source{FeedId: "f1"},
		Fetch: &datelinev1.Fetch{
			Url: "https://courier.example/harbour", FinalUrl: "https://courier.example/harbour", Status: 200, ContentType: "text/html",
			Via: "http", FetchedAt: timestamppb.New(at), Refetch: n, Sha256: strings.Repeat("0123456789abcdef", 4),
		},
	}}
}

// gone is a look that found nothing.
func gone(n uint32) *datelinev1.Page {
	p := look(n, "")
	p.Article.Fetch.Status, p.Article.Fetch.Sha256 = 410, ""
	p.Article.VanishedAt = p.Article.Fetch.FetchedAt
	return p
}

func pushedAgain(revision uint32, content string) *datelinev1.Page {
	p := look(0, content)
	p.Article.Revision, p.Article.Fetch.Via = revision, "push"
	p.Article.Fetch.FetchedAt = timestamppb.New(firstSeen.Add(time.Hour))
	p.Article.Source = &datelinev1.Source{Labels: map[string]string{"desk": "north"}}
	return p
}

// publish handles a page and returns the article that goes on.
func publish(t *testing.T, m memory, page *datelinev1.Page) (*datelinev1.Article, stage.Out, error) {
	t.Helper()
	before := proto.CloneOf(page)
	outs, err := parse.NewHandler(m)(t.Context(), page)
	require.True(t, proto.Equal(before, page), "the input was changed")
	if err != nil {
		require.Empty(t, outs)
		return nil, stage.Out{}, err
	}
	require.Len(t, outs, 1)
	return outs[0].Message.(*datelinev1.Article), outs[0], nil
}

func published(t *testing.T, m memory, page *datelinev1.Page) *datelinev1.Article {
	t.Helper()
	a, _, err := publish(t, m, page)
	require.NoError(t, err)
	return a
}

func TestRevisions(t *testing.T) {
	t.Parallel()
	first := published(t, memory{}, look(0, harbourPage(harbourHead, harbourText)))
	require.EqualValues(t, 1, first.GetRevision())
	require.Nil(t, first.GetChange())
	second := published(t, memory{last: first}, look(2, harbourPage("Harbour opens, piano found", harbourText)))
	vanished := published(t, memory{last: first}, gone(2))

	more := "<p>The piano that they found as well has not been missed by anybody so far.</p>"
	wall, err := os.ReadFile("testdata/pages/consent-wall.html")
	require.NoError(t, err)
	consent := string(wall)
	tests := map[string]struct {
		memory memory
		page   *datelinev1.Page

		dropped, revision string
		since             uint32
		fields            []string
		added             uint32
		headline          string
	}{
		"the same":         {memory{last: first}, look(1, harbourPage(harbourHead, harbourText)), "unchanged", "", 0, nil, 0, ""},
		"noise":            {memory{last: first}, look(1, harbourPage(harbourHead, "<p>Updated 5 minutes ago</p>"+harbourText+`<img src="/x.jpg">`)), "unchanged", "", 0, nil, 0, ""},
		"more text":        {memory{last: first}, look(1, harbourPage(harbourHead, harbourText+more)), "", "2", 1, []string{"text"}, 15, ""},
		"new headline":     {memory{last: first}, look(1, harbourPage("Harbour opens, piano found", harbourText)), "", "2", 1, []string{"headline"}, 0, harbourHead},
		"third":            {memory{last: second}, look(3, harbourPage(harbourHead, harbourText)), "", "3", 2, []string{"headline"}, 0, "Harbour opens, piano found"},
		"a wall":           {memory{last: first}, look(1, consent), "consent", "", 0, nil, 0, ""},
		"nothing":          {memory{last: first}, look(1, ""), "empty", "", 0, nil, 0, ""},
		"late":             {memory{last: second}, look(1, harbourPage(harbourHead, harbourText+more)), "superseded", "", 0, nil, 0, ""},
		"redelivered":      {memory{last: second}, look(2, harbourPage("Harbour opens, piano found", harbourText)), "", "2", 1, []string{"headline"}, 0, harbourHead},
		"vanished":         {memory{last: second}, gone(3), "", "3", 2, []string{"vanished"}, 0, ""},
		"vanished again":   {memory{last: vanished}, gone(3), "unchanged", "", 0, nil, 0, ""},
		"gone redelivered": {memory{last: vanished}, gone(2), "", "2", 1, []string{"vanished"}, 0, ""},
		"vanished late":    {memory{last: second}, gone(1), "superseded", "", 0, nil, 0, ""},
		"restored":         {memory{last: vanished}, look(3, harbourPage(harbourHead, harbourText)), "", "3", 2, []string{"restored"}, 0, ""},
		"restored anew":    {memory{last: vanished}, look(3, harbourPage(harbourHead, harbourText+more)), "", "3", 2, []string{"text", "restored"}, 15, ""},
		"a wall, not back": {memory{last: vanished}, look(3, consent), "consent", "", 0, nil, 0, ""},

		"the first that can be read": {memory{}, look(2, harbourPage(harbourHead, harbourText)), "", "1", 0, nil, 0, ""},
		"after what is forgotten":    {memory{lost: true}, look(3, harbourPage(harbourHead, harbourText)), "", "4", 0, nil, 0, ""},
		"vanished unread":            {memory{}, gone(2), "no-earlier", "", 0, nil, 0, ""},
		"vanished and forgotten":     {memory{lost: true}, gone(2), "no-earlier", "", 0, nil, 0, ""},

		"pushed":               {memory{last: first}, pushedAgain(2, harbourPage(harbourHead, harbourText+more)), "", "2", 1, []string{"text"}, 15, ""},
		"pushed the same":      {memory{last: first}, pushedAgain(2, harbourPage(harbourHead, harbourText)), "", "2", 1, nil, 0, ""},
		"pushed ahead":         {memory{last: first}, pushedAgain(5, harbourPage(harbourHead, harbourText)), "", "5", 1, nil, 0, ""},
		"pushed behind":        {memory{last: second}, pushedAgain(2, harbourPage(harbourHead, harbourText)), "", "3", 2, []string{"headline"}, 0, "Harbour opens, piano found"},
		"pushed and forgotten": {memory{lost: true}, pushedAgain(4, harbourPage(harbourHead, harbourText)), "", "4", 0, nil, 0, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, out, err := publish(t, test.memory, test.page)
			if test.dropped != "" {
				require.EqualError(t, err, "dropped: "+test.dropped)
				require.Equal(t, stage.VerdictDropped, stage.VerdictOf(err))
				return
			}
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(out.ID, "a1:"+test.revision+":parser"), out.ID)
			require.Equal(t, test.since, a.GetChange().GetSince())
			require.Equal(t, test.fields, a.GetChange().GetFields())
			require.Equal(t, test.added, a.GetChange().GetWordsAdded())
			require.Equal(t, test.headline, a.GetChange().GetPreviousHeadline())
			require.NotEmpty(t, a.GetDocument().GetText())
		})
	}
}

func TestWhatARevisionKeeps(t *testing.T) {
	t.Parallel()
	first := published(t, memory{}, look(0, harbourPage(harbourHead, harbourText)))
	again := gone(1)
	again.Article.Source, again.Article.FirstSeenAt = &datelinev1.Source{FeedId: "f2"}, timestamppb.New(firstSeen.Add(time.Minute))
	a, out, err := publish(t, memory{last: first}, again)
	require.NoError(t, err)
	require.Equal(t, "f1", a.GetSource().GetFeedId())
	require.True(t, a.GetFirstSeenAt().AsTime().Equal(firstSeen))
	require.True(t, proto.Equal(first.GetDocument(), a.GetDocument()))
	require.NotNil(t, a.GetVanishedAt())
	require.EqualValues(t, 410, a.GetFetch().GetStatus())
	require.EqualValues(t, 7, *out.Expect, "somebody else's revision in between is not passed over")

	a = published(t, memory{last: first}, pushedAgain(2, harbourPage(harbourHead, harbourText)))
	require.Equal(t, "north", a.GetSource().GetLabels()["desk"], "a push brings its own source")
}

// A feed whose entry changed has the page looked at: then its newer words are the
// article's, and stay so when a look follows that was scheduled before.
func TestTheFeedsNewerWords(t *testing.T) {
	t.Parallel()
	read := func(page *datelinev1.Page, title string, hours ...int) *datelinev1.Page {
		page.Article.Source.Entry = &datelinev1.Entry{Title: title}
		for _, h := range hours {
			page.Article.Trail = append(page.Article.Trail, &datelinev1.Stamp{
				Stage: topology.Poll.Name, StartedAt: timestamppb.New(firstSeen.Add(time.Duration(h) * time.Hour)),
			})
		}
		return page
	}
	first := published(t, memory{}, read(look(0, harbourPage(harbourHead, harbourText)), "Harbour opens", 0))
	second := published(t, memory{last: first}, read(look(1, harbourPage(harbourHead+" at last", harbourText)), "Harbour opens at last", 0, 1))
	require.Equal(t, "Harbour opens at last", second.GetSource().GetEntry().GetTitle())
	third := published(t, memory{last: second}, read(look(6, harbourPage(harbourHead, harbourText)), "Harbour opens", 0))
	require.EqualValues(t, 3, third.GetRevision())
	require.Equal(t, "Harbour opens at last", third.GetSource().GetEntry().GetTitle())
}

// Two looks that both make revision 2 differ in id, so that the second is refused
// for its place and not taken for the first.
func TestLooksHaveTheirOwnIDs(t *testing.T) {
	t.Parallel()
	first := published(t, memory{}, look(0, harbourPage(harbourHead, harbourText)))
	ids := map[string]bool{}
	for _, page := range []*datelinev1.Page{look(1, harbourPage("One thing is new", harbourText)), look(2, harbourPage("Another is new", harbourText)), gone(3)} {
		_, out, err := publish(t, memory{last: first}, page)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(out.ID, "a1:2:parser:"), out.ID)
		ids[out.ID] = true
	}
	require.Len(t, ids, 3)
}

// The feed's own words stand in for a page that cannot be read, but are no
// revision of one that could be.
func TestTheFeedIsNoRevision(t *testing.T) {
	t.Parallel()
	page := look(0, "<html><body><noscript>Please enable JavaScript</noscript></body></html>")
	page.Article.Source.Entry = &datelinev1.Entry{Title: harbourHead, Content: strings.Repeat(harbourText, 2)}
	require.Equal(t, "feed", published(t, memory{}, page).GetDocument().GetPageType())
	page.Article.Fetch.Refetch = 1
	_, _, err := publish(t, memory{}, page)
	require.Equal(t, stage.VerdictDropped, stage.VerdictOf(err))
}

func TestLookingUpFails(t *testing.T) {
	t.Parallel()
	_, _, err := publish(t, memory{err: errors.New("no server")}, look(1, harbourPage(harbourHead, harbourText)))
	require.Equal(t, stage.VerdictRetry, stage.VerdictOf(err))
}

func TestConformance(t *testing.T) {
	t.Parallel()
	first := published(t, memory{}, look(0, harbourPage(harbourHead, harbourText)))
	sample := func(page *datelinev1.Page) stage.Raw {
		msg, err := bus.Encode("articles.fetched.courier_example.a1", page, bus.Zstd)
		require.NoError(t, err)
		return stage.Raw{Subject: msg.Subject, Header: nats.Header(msg.Header), Data: msg.Data}
	}
	stagetest.Run(t, stagetest.Stage[*datelinev1.Page]{
		New:    func() stage.Func[*datelinev1.Page] { return parse.NewHandler(memory{last: first}) },
		Decode: stage.Decode[datelinev1.Page],
		Samples: map[string]stage.Raw{
			"page":      sample(look(0, harbourPage(harbourHead, harbourText))),
			"revision":  sample(look(1, harbourPage("Harbour opens, piano found", harbourText))),
			"unchanged": sample(look(1, harbourPage(harbourHead, harbourText))),
			"vanished":  sample(gone(1)),
		},
	})
}
