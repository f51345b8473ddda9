package parse_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// archived is the newest page in the archive.
func (p *plant) archived() uint64 {
	p.t.Helper()
	var last uint64
	require.Eventually(p.t, func() bool {
		fetched, err := p.bus.JS.Stream(context.Background(), topology.StreamFetched)
		require.NoError(p.t, err)
		archive, err := p.bus.JS.Stream(context.Background(), topology.StreamArchive)
		require.NoError(p.t, err)
		last = archive.CachedInfo().State.LastSeq
		return last == fetched.CachedInfo().State.LastSeq
	}, 20*time.Second, 10*time.Millisecond)
	return last
}

// replay refers to a page of the archive, and waits until the parser is done with it.
func (p *plant) replay(sequence uint64, run string) {
	p.t.Helper()
	msg := nats.NewMsg("replay.fetched.courier_example.a1")
	msg.Header.Set(stage.HeaderReplay, run)
	msg.Header.Set(stage.HeaderReplayOf, strconv.FormatUint(sequence, 10))
	ack, err := p.bus.JS.PublishMsg(p.t.Context(), msg)
	require.NoError(p.t, err)
	require.Eventually(p.t, func() bool {
		c, err := p.bus.JS.Consumer(context.Background(), topology.StreamFetched, topology.Parser.Name)
		require.NoError(p.t, err)
		return c.CachedInfo().AckFloor.Stream >= ack.Sequence
	}, 20*time.Second, 10*time.Millisecond)
}

// documents is how many documents there are.
func (p *plant) documents() int {
	p.t.Helper()
	s, err := p.bus.JS.Stream(p.t.Context(), topology.StreamParsed)
	require.NoError(p.t, err)
	return int(s.CachedInfo().State.Msgs)
}

func (p *plant) lastID() string {
	p.t.Helper()
	s, err := p.bus.JS.Stream(p.t.Context(), topology.StreamParsed)
	require.NoError(p.t, err)
	msg, err := s.GetLastMsgForSubject(p.t.Context(), topology.ArticleParsed("a1"))
	require.NoError(p.t, err)
	return msg.Header.Get(jetstream.MsgIDHeader)
}

// TestReplayMakesNoRevision replays all that is kept of an article: the look that its last
// revision is of comes out again, in that revision, and no other does.
func TestReplayMakesNoRevision(t *testing.T) {
	t.Parallel()
	p := startPlant(t)
	p.fetched(look(0, harbourPage(harbourHead, harbourText)))
	p.next()
	first := p.archived()
	p.fetched(look(1, harbourPage("Harbour opens, piano found", harbourText)))
	second := p.next()
	revised := p.archived()
	require.EqualValues(t, 2, second.GetRevision())

	for _, run := range []string{"r1", "r1", "r2"} {
		p.replay(revised, run)
		p.replay(first, run)
	}
	require.Equal(t, 4, p.documents(), "each run once")
	archive, err := p.bus.JS.Stream(t.Context(), topology.StreamArchive)
	require.NoError(t, err)
	require.Equal(t, revised, archive.CachedInfo().State.LastSeq, "a replay is not archived once more")
	for range 2 {
		again := p.next()
		require.EqualValues(t, 2, again.GetRevision())
		require.True(t, proto.Equal(second.GetChange(), again.GetChange()))
		require.True(t, proto.Equal(second.GetDocument(), again.GetDocument()))
	}
	require.Equal(t, "a1:2:parser:0123456789abcdef-1:r2", p.lastID())

	// The next look is compared with the last revision, whoever parsed it last.
	p.fetched(look(2, harbourPage("Harbour opens, cello found", harbourText)))
	third := p.next()
	require.EqualValues(t, 3, third.GetRevision())
	require.EqualValues(t, 2, third.GetChange().GetSince())
}

// TestReplayByAnotherVersion: what an earlier parser made of the page is replaced, and is
// no change of the story.
func TestReplayByAnotherVersion(t *testing.T) {
	t.Parallel()
	p := startPlant(t)
	page := look(0, harbourPage(harbourHead, harbourText))
	before := proto.CloneOf(page.GetArticle())
	before.Document = &datelinev1.Document{Headline: harbourHead, Text: "Accept all cookies."}
	msg, err := bus.Encode(topology.ArticleParsed("a1"), before, bus.Protobuf)
	require.NoError(t, err)
	_, err = p.bus.JS.PublishMsg(t.Context(), msg)
	require.NoError(t, err)
	p.next()
	p.replay(p.keep(page), "r1")
	a := p.next()
	require.EqualValues(t, 1, a.GetRevision())
	require.Nil(t, a.GetChange())
	require.Contains(t, a.GetDocument().GetText(), "Divers had spent the night")
	require.Equal(t, []string{"replay r1"}, a.GetTrail()[len(a.GetTrail())-1].GetNotes())
}

// keep puts a page in the archive that no parser has seen.
func (p *plant) keep(page *datelinev1.Page) uint64 {
	p.t.Helper()
	msg, err := bus.Encode("archive.fetched.courier_example.a1", page, bus.Zstd)
	require.NoError(p.t, err)
	ack, err := p.bus.JS.PublishMsg(p.t.Context(), msg)
	require.NoError(p.t, err)
	return ack.Sequence
}

// TestReplayOfWhatWasDropped makes one event of an article that was none before, however
// many looks at it are kept.
func TestReplayOfWhatWasDropped(t *testing.T) {
	t.Parallel()
	p := startPlant(t)
	newer, older := p.keep(look(1, harbourPage(harbourHead, harbourText))), p.keep(look(0, harbourPage(harbourHead, harbourText)))
	for range 2 {
		p.replay(newer, "r1")
		p.replay(older, "r1")
	}
	require.Equal(t, 1, p.documents())
	a := p.next()
	require.EqualValues(t, 1, a.GetRevision())
	require.EqualValues(t, 1, a.GetFetch().GetRefetch())
}
