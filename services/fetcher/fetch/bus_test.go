package fetch_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func TestFromSubmissionToFetchedPages(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	o.serve("/", body("text/html", `<link rel="alternate" type="application/rss+xml" href="/feed">`))
	o.serve("/robots.txt", body("text/plain", "User-agent: *\nDisallow: /closed"))
	o.serve("/a", body("text/html", harbour)).serve("/b", body("text/html", harbour)).serve("/closed", body("text/html", harbour))
	o.serve("/huge", gzipped(8<<20)).serve("/empty", body("text/html", ""))
	o.serve("/feed", body(rssType, rss(
		item(o.URL+"/a", "1", "Harbour reopens", "Soon."), item(o.URL+"/b", "2", "Ferry fares", "Later."),
		item(o.URL+"/gone", "3", "Gone", "With its page."), item(o.URL+"/huge", "4", "Huge", "A bomb."),
		item(o.URL+"/closed", "5", "Closed", "To robots."), item(o.URL+"/empty", "6", "Empty", "For now."),
		item("", "7", "Tides", text))))
	o.serve("/second", body(rssType, rss(item(o.URL+"/a?utm_source=second", "x", "Harbour reopens", "Again."))))

	b := bustest.Start(t)
	stop := fetchers(t, b, busConfig(o), 2, nil)
	c := client.New(b)
	for _, url := range []string{o.URL + "/", o.URL + "/second"} {
		receipt, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: url, Labels: map[string]string{"region": "coast"}})
		require.NoError(t, err)
		require.Equal(t, "added", receipt.GetStatus())
	}
	require.NoError(t, b.Conn.Publish(topology.SubjectFeedSubmit, []byte("no feed at all")))

	pages := fetched(t, b, 3)
	require.Eventually(t, func() bool { return len(o.log()) == 8 }, time.Minute, 10*time.Millisecond)
	settled(t, b)
	byTitle := map[string]*datelinev1.Article{}
	for _, p := range pages {
		byTitle[p.GetArticle().GetSource().GetEntry().GetTitle()] = p.GetArticle()
		require.Equal(t, "coast", p.GetArticle().GetSource().GetLabels()["region"])
	}
	require.Len(t, byTitle, 3, "an article of two feeds comes once")
	require.Equal(t, "allowed", byTitle["Ferry fares"].GetFetch().GetRobots())
	require.Equal(t, "feed", byTitle["Tides"].GetFetch().GetVia())
	stages := []string{}
	for _, s := range byTitle["Ferry fares"].GetTrail() {
		stages = append(stages, s.GetStage())
	}
	require.Equal(t, []string{"fetcher-poll", "fetcher-page"}, stages)

	classes := map[string]string{}
	for _, m := range quarantined(t, b) {
		classes[m.GetStage()] += m.GetClass() + ": " + m.GetError()
	}
	require.Len(t, classes, 2)
	require.Contains(t, classes["fetcher-registry"], "permanent: not a URL")
	require.Contains(t, classes["fetcher-page"], "permanent: ")

	paths := map[string]int{}
	for _, r := range o.log() {
		paths[r.path]++
	}
	require.Equal(t, map[string]int{"/": 1, "/feed": 1, "/second": 1, "/a": 1, "/b": 1, "/gone": 1, "/huge": 1, "/empty": 1}, paths)
	require.EqualValues(t, 2, count(t, b, topology.StreamFeeds), "one schedule a feed that is polled")
	require.EqualValues(t, 1, count(t, b, topology.StreamPages), "the empty page is tried again")

	// Another start goes on where this one was.
	stop()
	fetchers(t, b, busConfig(o), 1, nil)
	receipt, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/second"})
	require.NoError(t, err)
	require.Equal(t, "exists", receipt.GetStatus())
	settled(t, b)
	require.Len(t, o.log(), 8)
	require.EqualValues(t, 3, count(t, b, topology.StreamArchive))
}

func TestPushedDocuments(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", body("text/html", harbour))
	o.serve("/feed", body(rssType, rss(item(o.URL+"/a", "1", "Harbour reopens", "Soon."))))
	b := bustest.Start(t)
	fetchers(t, b, busConfig(o), 2, nil)
	c := client.New(b)
	submit := func(s *datelinev1.Submission) string {
		t.Helper()
		receipt, err := c.SubmitArticle(t.Context(), s)
		require.NoError(t, err)
		return receipt.GetStatus()
	}
	require.Equal(t, "accepted", submit(&datelinev1.Submission{Content: wire}))
	require.Equal(t, "accepted", submit(&datelinev1.Submission{Content: harbour, Url: o.URL + "/a"}))
	settled(t, b)
	require.Equal(t, "duplicate", submit(&datelinev1.Submission{Content: wire}))
	require.Equal(t, "duplicate", submit(&datelinev1.Submission{Content: harbour, Url: o.URL + "/a#x"}))
	require.Equal(t, "rejected", submit(&datelinev1.Submission{Content: " ", Url: o.URL + "/a"}))
	receipt, err := c.SubmitDocument(t.Context(), &datelinev1.Submission{ContentType: "text/plain; charset=latin1"}, []byte("Caf\xe9 am Hafen"))
	require.NoError(t, err)
	require.Equal(t, "accepted", receipt.GetStatus())

	// A feed that brings a pushed article later brings nothing new.
	_, err = c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/feed"})
	require.NoError(t, err)
	pages := fetched(t, b, 3)
	require.Eventually(t, func() bool { return len(o.log()) == 1 }, time.Minute, 10*time.Millisecond)
	settled(t, b)
	require.EqualValues(t, 3, count(t, b, topology.StreamArchive))
	require.Len(t, o.log(), 1, "and its page is not fetched")
	require.Contains(t, charsets(pages), "latin1")
}

func charsets(pages []*datelinev1.Page) []string {
	var out []string
	for _, p := range pages {
		out = append(out, p.GetArticle().GetFetch().GetCharset())
	}
	return out
}

// Versions of one article that wait in the queue side by side all come out.
func TestManyRevisionsAtOnce(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	const n = 12
	for i := range n {
		msg := nats.NewMsg(topology.SubjectArticleSubmit)
		msg.Header.Set(bus.HeaderURL, "https://courier.example/live")
		msg.Data = fmt.Appendf(nil, "Version %d of a story.", i)
		_, err := b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
	}
	fetchers(t, b, testConfig(), 3, nil)
	var revisions []int
	for _, p := range fetched(t, b, n) {
		revisions = append(revisions, int(p.GetArticle().GetRevision()))
	}
	slices.Sort(revisions)
	for i, r := range revisions {
		require.Equal(t, i+1, r)
	}
}

// What is delivered twice, at any stage, comes out once.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", body("text/html", harbour))
	o.serve("/feed", body(rssType, rss(item(o.URL+"/a", "1", "Harbour reopens", "Soon."), item("", "2", "Tides", text))))
	b := bustest.Start(t)
	cfg := busConfig(o)

	// twice gives a copy of what the stage consumes to it a second time.
	twice := func(stream, subject string) {
		t.Helper()
		s, err := b.JS.Stream(t.Context(), stream)
		require.NoError(t, err)
		raw, err := s.GetLastMsgForSubject(t.Context(), subject)
		require.NoError(t, err)
		msg := nats.NewMsg(raw.Subject)
		msg.Data = raw.Data
		for k, v := range raw.Header {
			if k != jetstream.MsgIDHeader && k != jetstream.ExpectedLastSubjSeqHeader {
				msg.Header[k] = v
			}
		}
		_, err = b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
	}
	submit := nats.NewMsg(topology.SubjectFeedSubmit)
	submit.Data = []byte(o.URL + "/feed")
	document := nats.NewMsg(topology.SubjectArticleSubmit)
	document.Data = []byte(wire)
	for _, msg := range []*nats.Msg{submit, submit, document, document} {
		_, err := b.JS.PublishMsg(t.Context(), &nats.Msg{Subject: msg.Subject, Header: nats.Header{}, Data: msg.Data})
		require.NoError(t, err)
	}
	fetchers(t, b, cfg, 2, nil)
	fetched(t, b, 3)
	settled(t, b)

	found, err := b.JS.Stream(t.Context(), topology.StreamFetch)
	require.NoError(t, err)
	info, err := found.Info(t.Context(), jetstream.WithSubjectFilter("articles.found.>"))
	require.NoError(t, err)
	require.Len(t, info.State.Subjects, 2)
	for subject := range info.State.Subjects {
		twice(topology.StreamFetch, subject)
	}
	settled(t, b)
	require.EqualValues(t, 3, count(t, b, topology.StreamArchive))

	feeds, err := bus.OpenStore[datelinev1.FeedRecord](t.Context(), b.JS, topology.BucketFeeds)
	require.NoError(t, err)
	var polls uint32
	require.NoError(t, feeds.Each(t.Context(), func(id string, record *datelinev1.FeedRecord) error {
		polls = record.GetPoll().GetPolls()
		due, err := bus.Encode(topology.FeedPoll(id), &datelinev1.Feed{Id: id}, bus.Protobuf)
		require.NoError(t, err)
		_, err = b.JS.PublishMsg(t.Context(), due)
		return err
	}))
	settled(t, b)
	require.NoError(t, feeds.Each(t.Context(), func(_ string, record *datelinev1.FeedRecord) error {
		require.Greater(t, record.GetPoll().GetPolls(), polls)
		return nil
	}))
	require.EqualValues(t, 3, count(t, b, topology.StreamArchive), "a poll more finds nothing new")
	require.EqualValues(t, 1, count(t, b, topology.StreamFeeds))
}

// A feed that is removed and submitted again is polled at once, whatever its old
// schedule says.
func TestRemovedAndSubmittedAgain(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/feed", body(rssType, rss()))
	b := bustest.Start(t)
	fetchers(t, b, busConfig(o), 1, nil)
	c := client.New(b)
	polled := func(n int) {
		t.Helper()
		require.Eventually(t, func() bool { return len(o.log()) >= n }, time.Minute, 10*time.Millisecond)
		settled(t, b)
	}
	for range 2 {
		receipt, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/feed"})
		require.NoError(t, err)
		require.Equal(t, "added", receipt.GetStatus())
		before := len(o.log())
		polled(before + 1)
		receipt, err = c.RemoveFeed(t.Context(), o.URL+"/feed")
		require.NoError(t, err)
		require.Equal(t, "removed", receipt.GetStatus())
		require.Eventually(t, func() bool { return count(t, b, topology.StreamFeeds) == 0 }, time.Minute, 10*time.Millisecond, "nothing of it is left")
	}
}

// A poll in hand, or due, is not scheduled a second time, neither by the
// reconciler nor by another submission.
func TestAPollInHandIsEnough(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}, 10), make(chan struct{})
	o := newOrigin(t)
	o.serve("/feed", func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-answer
		body(rssType, rss())(w, r)
	})
	b := bustest.Start(t)
	fetchers(t, b, busConfig(o), 1, nil)
	c := client.New(b)
	_, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/feed"})
	require.NoError(t, err)
	<-asked

	receipt, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/feed"})
	require.NoError(t, err)
	require.Equal(t, "exists", receipt.GetStatus())
	// Another fetcher starts, and reconciles.
	deps, err := fetch.Open(t.Context(), b)
	require.NoError(t, err)
	subjects, err := deps.Polls.Subjects(t.Context())
	require.NoError(t, err)
	require.Contains(t, subjects, topology.FeedPoll(receipt.GetId()))
	due, err := deps.Polls.Has(t.Context(), topology.FeedPoll(receipt.GetId()))
	require.NoError(t, err)
	require.True(t, due)

	close(answer)
	settled(t, b)
	require.Len(t, o.log(), 1)
	require.EqualValues(t, 1, count(t, b, topology.StreamFeeds))
}

// The inbox for an answer is named by the submitter: it must be one.
func TestAnAnswerGoesToAnInboxOnly(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	fetchers(t, b, testConfig(), 1, nil)
	for _, to := range []string{topology.SubjectFeedRemove, "$JS.API.STREAM.PURGE.FEEDS", "_INBOX.*", "_INBOX..x", "articles.enriched.fr.x.y"} {
		msg := nats.NewMsg(topology.SubjectFeedSubmit)
		msg.Data = []byte("no feed")
		msg.Header.Set(bus.HeaderReply, to)
		_, err := b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
	}
	settled(t, b)
	require.Len(t, quarantined(t, b), 5)
	for _, stream := range []string{topology.StreamSubmissions, topology.StreamEnriched} {
		require.Zero(t, count(t, b, stream))
	}
}

// A page that a wrong clock put off for years becomes due; one that waits for its slot
// goes on waiting.
func TestHasten(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	now := time.Now()
	for id, at := range map[string]time.Time{"a1": now.AddDate(3, 0, 0), "a2": now.Add(time.Hour)} {
		msg, err := stage.Out{
			Subject: topology.PageWait("news.example", id), Target: topology.PageDue("news.example", id), At: at,
			ID: id + ":1:admit", Message: &datelinev1.Article{Id: id}, Header: map[string]string{stage.HeaderArticle: id},
		}.Encode()
		require.NoError(t, err)
		_, err = b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
	}
	deps, err := fetch.Open(t.Context(), b)
	require.NoError(t, err)
	n, err := deps.Waits.Hasten(t.Context(), now.Add(24*time.Hour), now)
	require.NoError(t, err)
	require.Equal(t, 1, n)

	consumer, err := b.JS.Consumer(t.Context(), topology.StreamPages, topology.Page.Name)
	require.NoError(t, err)
	due, err := consumer.Next(jetstream.FetchMaxWait(20 * time.Second))
	require.NoError(t, err)
	require.Equal(t, topology.PageDue("news.example", "a1"), due.Subject())
	require.Equal(t, "a1", due.Headers().Get(stage.HeaderArticle))
	require.NoError(t, due.Ack())
	stream, err := b.JS.Stream(t.Context(), topology.StreamPages)
	require.NoError(t, err)
	_, err = stream.GetLastMsgForSubject(t.Context(), topology.PageWait("news.example", "a2"))
	require.NoError(t, err)
}
