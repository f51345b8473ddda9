package trace_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/trace"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

const address = "https://news.example/2026/story"

func stamp(name string, at time.Time, notes ...string) *datelinev1.Stamp {
	return &datelinev1.Stamp{Stage: name, Host: "h1", Version: "1", StartedAt: timestamppb.New(at), Took: durationpb.New(time.Second / 100), Attempt: 1, Notes: notes}
}

// TestWaiting follows an article over streams that nobody works on, and says at each
// place what it waits for.
func TestWaiting(t *testing.T) {
	b := bustest.Start(t)
	ctx := t.Context()
	id, normal, host, err := fetch.ArticleName(address)
	require.NoError(t, err)
	found := time.Now().Add(-time.Minute).UTC()
	article := func() *datelinev1.Article {
		return &datelinev1.Article{
			Id: id, Revision: 1, FirstSeenAt: timestamppb.New(found), Fetch: &datelinev1.Fetch{Url: normal},
			Source: &datelinev1.Source{FeedId: "f1", FeedUrl: "https://news.example/rss", Entry: &datelinev1.Entry{Title: "Story"}},
			Trail:  []*datelinev1.Stamp{stamp("fetcher-poll", found)},
		}
	}
	put := func(o stage.Out) {
		t.Helper()
		msg, err := o.Encode()
		require.NoError(t, err)
		_, err = b.JS.PublishMsg(ctx, msg)
		require.NoError(t, err)
	}
	take := func(s topology.Stage) jetstream.Msg {
		t.Helper()
		c, err := b.JS.Consumer(ctx, s.Stream, s.Name)
		require.NoError(t, err)
		msg, err := c.Next()
		require.NoError(t, err)
		return msg
	}
	last := func(state, stage, outcome, reason string) trace.Step {
		t.Helper()
		tr, err := trace.Of(ctx, b, address)
		require.NoError(t, err)
		require.Equal(t, state, tr.State, tr.Summary)
		require.Equal(t, "removed", tr.Feed.State)
		step := tr.Steps[len(tr.Steps)-1]
		require.Equal(t, []string{stage, outcome, reason}, []string{step.Stage, step.Outcome, step.Reason})
		return step
	}

	put(stage.Out{Subject: topology.ArticleFound(host, id), Message: article()})
	last(trace.StateWaiting, "fetcher-admit", "waiting", "for the stage")
	msg := take(topology.Admit)
	last(trace.StateWorking, "fetcher-admit", "in hand", "")
	require.NoError(t, msg.DoubleAck(ctx))

	due := time.Now().Add(time.Hour).UTC()
	put(stage.Out{Subject: topology.PageWait(host, id), Target: topology.PageDue(host, id), At: due, Message: article()})
	step := last(trace.StateWaiting, "fetcher-page", "waiting", "for its slot on its host")
	require.True(t, step.Ahead)
	require.WithinDuration(t, due, step.At, 0)

	stream, err := b.JS.Stream(ctx, topology.StreamPages)
	require.NoError(t, err)
	require.NoError(t, stream.Purge(ctx))
	put(stage.Out{Subject: topology.PageDue(host, id), Message: article()})
	last(trace.StateWaiting, "fetcher-page", "waiting", "for the stage")
	require.NoError(t, take(topology.Page).DoubleAck(ctx))

	fetched := article()
	fetched.Fetch.FetchedAt = timestamppb.New(found.Add(3 * time.Second))
	fetched.Trail = append(fetched.Trail, stamp("fetcher-page", found.Add(time.Second), "answered 503"), stamp("fetcher-page", found.Add(3*time.Second)))
	put(stage.Out{Subject: topology.ArticleFetched(host, id), Message: &datelinev1.Page{Article: fetched, Content: []byte("<p>Story")}, Format: bus.Zstd})
	last(trace.StateWaiting, "parser", "waiting", "for the stage")
	require.NoError(t, take(topology.Parser).DoubleAck(ctx))

	parsed := fetched
	parsed.Document = &datelinev1.Document{Headline: "The story"}
	parsed.Trail = append(parsed.Trail, stamp("parser", found.Add(4*time.Second)))
	put(stage.Out{Subject: topology.ArticleParsed(id), Message: parsed})
	last(trace.StateWaiting, "enricher", "waiting", "for the stage")
	msg = take(topology.Enricher)
	last(trace.StateWorking, "enricher", "in hand", "")

	parsed.Trail = append(parsed.Trail, stamp("enricher", found.Add(5*time.Second)))
	parsed.Enrichment = &datelinev1.Enrichment{Cluster: &datelinev1.Cluster{Id: "c1", Size: 2, FirstArticleId: "a0"}}
	put(stage.Out{Subject: topology.ArticleEnriched("en", "arts", id), Message: parsed, Format: bus.JSON})
	last(trace.StateEnriched, "enricher", "enriched", "")
	require.NoError(t, msg.DoubleAck(ctx))
	parsed.Revision, parsed.Change = 2, &datelinev1.Change{Since: 1, Fields: []string{"text"}}
	parsed.Trail = append(parsed.Trail[:len(parsed.Trail)-1:len(parsed.Trail)-1], stamp("enricher", found.Add(time.Minute)))
	put(stage.Out{Subject: topology.ArticleEnriched("en", "none", id), Message: parsed, Format: bus.JSON})

	tr, err := trace.Of(ctx, b, id)
	require.NoError(t, err)
	require.Equal(t, "The story", tr.Headline)
	require.Equal(t, "c1", tr.Cluster.ID)
	require.Len(t, tr.Events, 2, "under whatever language and topic")
	require.Equal(t, []string{"text"}, tr.Events[1].Changed)
	require.Contains(t, tr.Summary, "revision 2")
	var told []string
	for _, s := range tr.Steps {
		told = append(told, s.Stage+" "+s.Outcome)
	}
	require.Equal(t, []string{
		"fetcher-poll found", "fetcher-page put off", "fetcher-page fetched", "parser parsed", "enricher enriched", "enricher enriched",
	}, told)

	// Another name of it is a duplicate.
	other, _, _, err := fetch.ArticleName("https://m.news.example/2026/story")
	require.NoError(t, err)
	put(stage.Out{Subject: topology.ArticleAlias(other), Message: &datelinev1.Article{Id: id}})
	tr, err = trace.Of(ctx, b, other)
	require.NoError(t, err)
	require.Equal(t, trace.StateDuplicate, tr.State)
	require.Equal(t, id, tr.SameAs)
}
