package fetch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// newsItem is a newsItem; text "" withdraws the story.
func newsItem(number int, text string) string {
	body := `<itemMeta><pubStatus qcode="stat:canceled"/></itemMeta>`
	if text != "" {
		body = "<contentSet><inlineData>" + text + "</inlineData></contentSet>"
	}
	return fmt.Sprintf(`<newsItem guid="urn:newsml:courier.example:%d">%s</newsItem>`, number, body)
}

func newsMessage(items ...string) string {
	return `<?xml version="1.0"?><newsMessage><itemSet>` + strings.Join(items, "") + `</itemSet></newsMessage>`
}

func pagesOf(t *testing.T, outs []stage.Out) (pages []*datelinev1.Page, ids []string) {
	t.Helper()
	for _, o := range outs {
		pages, ids = append(pages, o.Message.(*datelinev1.Page)), append(ids, o.ID)
	}
	return pages, ids
}

func TestADocumentOfSeveralStoriesIsTakenApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	message := newsMessage(newsItem(1, "The harbour reopened."), "<newsItem><broken", newsItem(2, "The bridge closed."))
	header := inbox(bus.HeaderURL, "https://courier.example/all", bus.HeaderPublished, "2026-03-03T09:00:00Z")
	outs, err := w.Push(delivery(t, 1), pushed(header, message))
	require.NoError(t, err)
	pages, ids := pagesOf(t, outs)
	require.Len(t, pages, 3)
	for i, want := range []string{newsItem(1, "The harbour reopened."), "<newsItem><broken", newsItem(2, "The bridge closed.")} {
		a := pages[i].GetArticle()
		require.Equal(t, want, string(pages[i].GetContent()))
		require.Equal(t, "utf-8", a.GetFetch().GetCharset())
		require.Equal(t, "application/vnd.iptc.g2.newsitem+xml", a.GetFetch().GetContentType())
		require.Empty(t, a.GetFetch().GetUrl(), "one URL cannot be all of theirs")
		require.NotNil(t, a.GetSource().GetEntry().GetPublished())
		require.Equal(t, []string{fmt.Sprintf("story %d of 3", i+1)}, a.GetTrail()[0].GetNotes())
		require.Equal(t, stage.ID(a.GetId(), 1, "fetcher-page"), ids[i])
	}
	r := w.receipt(t)
	require.Equal(t, "accepted", r.GetStatus())
	require.Len(t, r.GetStories(), 3)
	require.Equal(t, pages[1].GetArticle().GetId(), r.GetStories()[1].GetId())

	// The same submission again, as if the process had died: the same outputs.
	outs, err = w.Push(delivery(t, 1), pushed(header, message))
	require.NoError(t, err)
	_, again := pagesOf(t, outs)
	require.Equal(t, ids, again)

	// Another submission of the same: nothing.
	_, err = w.Push(delivery(t, 2), pushed(header, message))
	require.Equal(t, stage.Duplicate(), err)
	require.Equal(t, "duplicate", w.receipt(t).GetStatus())

	// One story of it by itself: known. A correction: its next revision, the other is left alone.
	_, err = w.Push(delivery(t, 3), pushed(inbox(), newsItem(1, "The harbour reopened.")))
	require.Equal(t, stage.Duplicate(), err)
	outs, err = w.Push(delivery(t, 4), pushed(inbox(), newsMessage(newsItem(1, ""), newsItem(2, "The bridge closed."))))
	require.NoError(t, err)
	corrected := pageOf(t, outs).GetArticle()
	require.Equal(t, pages[0].GetArticle().GetId(), corrected.GetId())
	require.EqualValues(t, 2, corrected.GetRevision())
	require.Equal(t, []string{"accepted", "duplicate"}, []string{w.receipt(t).GetStories()[0].GetStatus(), w.receipt(t).GetStories()[1].GetStatus()})
}

// Of two versions of one story in one message the later stands: as two revisions they
// would take turns whenever the message is delivered again.
func TestVersionsWithinOneMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	message := newsMessage(newsItem(1, "Draft."), newsItem(2, "The bridge closed."), newsItem(1, "Final."))
	for range 3 {
		outs, err := w.Push(delivery(t, 1), pushed(inbox(), message))
		require.NoError(t, err)
		pages, _ := pagesOf(t, outs)
		require.Len(t, pages, 2)
		require.Contains(t, string(pages[1].GetContent()), "Final.")
		require.EqualValues(t, 1, pages[1].GetArticle().GetRevision())
	}
	require.Equal(t, "a later version is story 3 of 3", w.receipt(t).GetStories()[0].GetMessage())
}

// A stage that fails half-way is tried again, and gives what it would have given.
func TestSeveralStoriesWhereTheSeenSetFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := `[{"uri":"urn:x:00001","headline":"a"},{"uri":"urn:x:00002","headline":"b"}]`
	whole := newWorld(t)
	outs, err := whole.Push(delivery(t, 1), pushed(inbox(), list))
	require.NoError(t, err)
	_, want := pagesOf(t, outs)

	_, err = w.Push(delivery(t, 1), pushed(inbox(), `{"uri":"urn:x:00001","headline":"a"}`))
	require.NoError(t, err)
	outs, err = w.Push(delivery(t, 1), pushed(inbox(), list))
	require.NoError(t, err)
	_, got := pagesOf(t, outs)
	require.Equal(t, want, got)
}

func TestTooManyStories(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Push(delivery(t, 1), pushed(inbox(), strings.Repeat(`{"uri":"urn:x:00001","headline":"a"}`+"\n", 501)))
	require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err))
	require.ErrorContains(t, err, "send it in parts")
}

func TestDocumentsAreExplainedEach(t *testing.T) {
	t.Parallel()
	pages := fetch.Documents("r1", "https://courier.example/all", "", []byte(newsMessage(newsItem(1, "A."), newsItem(2, "B."))), time.Now())
	require.Len(t, pages, 2)
	require.Equal(t, "r1.2", pages[1].GetArticle().GetId())
	pages = fetch.Documents("", "", "", []byte(newsMessage(newsItem(1, "A."), newsItem(2, "B."))), time.Now())
	require.Equal(t, fetch.Document("", "", "", []byte(newsItem(1, "A.")), time.Now()).GetArticle().GetId(), pages[0].GetArticle().GetId(), "as by itself")
	require.Len(t, fetch.Documents("", "", "", []byte(newsItem(1, "A.")), time.Now()), 1)
}
