package fetch_test

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

const wire = `VESSMOUTH, 3 March (Coastal Press) - The harbour reopened on Tuesday.

"We have shelter for forty boats again," said Ilse Brandt, the harbour master.`

func pushed(header nats.Header, payload string) stage.Raw {
	return stage.Raw{Subject: topology.SubjectArticleSubmit, Header: header, Data: []byte(payload)}
}

func TestPush(t *testing.T) {
	t.Parallel()
	story := "https://courier.example/harbour"
	tests := map[string]struct {
		header  nats.Header
		payload string

		content, mediaType, charset string
		url, title, published       string
	}{
		"HTML":                  {nil, harbour, harbour, "text/html", "", "", "", ""},
		"plain text":            {nil, wire, wire, "text/plain", "", "", "", ""},
		"plain text said so":    {inbox("Content-Type", "Text/Plain; Charset=ISO-8859-1"), "Caf\xe9", "Caf\xe9", "text/plain", "ISO-8859-1", "", "", ""},
		"with headers":          {inbox(bus.HeaderURL, story+"#x", bus.HeaderTitle, "Harbour\treopens", bus.HeaderPublished, "2026-03-03T09:00:00Z"), harbour, harbour, "text/html", "", story, "Harbour reopens", "2026-03-03T09:00:00Z"},
		"JSON":                  {nil, `{"url":"` + story + `","title":"Harbour reopens","published":"2026-03","content":"` + "<p>Caf\u00e9" + `","contentType":"text/html; charset=latin1","labels":["coast"]}`, "<p>Caf\u00e9", "text/html", "utf-8", story, "Harbour reopens", "2026-03"},
		"JSON with content":     {inbox("Content-Type", "application/json"), `{"content":"Only text."}`, "Only text.", "text/plain", "utf-8", "", "", ""},
		"protobuf":              {inbox("Content-Type", bus.TypeProtobuf), encoded(t, &datelinev1.Submission{Url: story, Content: wire}), wire, "text/plain", "utf-8", story, "", ""},
		"text that looks JSON":  {nil, `{"breaking": the harbour reopens}`, `{"breaking": the harbour reopens}`, "text/plain", "", "", "", ""},
		"JSON said to be text":  {inbox("Content-Type", "text/plain"), `{"content":"x"}`, `{"content":"x"}`, "text/plain", "", "", "", ""},
		"bytes of no known set": {inbox("Content-Type", "application/octet-stream"), "Caf\xe9", "Caf\xe9", "text/plain", "", "", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			header := inbox()
			for k, v := range test.header {
				header[k] = v
			}
			outs, err := w.Push(delivery(t, 1), pushed(header, test.payload))
			require.NoError(t, err)
			require.Equal(t, "accepted", w.receipt(t).GetStatus())
			page := pageOf(t, outs)
			a := page.GetArticle()
			require.Equal(t, test.content, string(page.GetContent()))
			require.Equal(t, test.mediaType, a.GetFetch().GetContentType())
			require.Equal(t, test.charset, a.GetFetch().GetCharset())
			require.Equal(t, test.url, a.GetFetch().GetUrl())
			require.Equal(t, test.title, a.GetSource().GetEntry().GetTitle())
			require.Equal(t, "push", a.GetFetch().GetVia())
			require.Equal(t, uint32(1), a.GetRevision())
			require.NotNil(t, a.GetFirstSeenAt())
			switch test.published {
			case "2026-03":
				require.Equal(t, test.published, a.GetSource().GetEntry().GetPublishedText())
			case "":
				require.Nil(t, a.GetSource().GetEntry().GetPublished())
			default:
				require.Equal(t, test.published, a.GetSource().GetEntry().GetPublished().AsTime().Format("2006-01-02T15:04:05Z"))
			}
			require.Equal(t, stage.ID(a.GetId(), 1, "fetcher-page"), outs[0].ID)
		})
	}
}

func TestBadDocumentsAreAnsweredAndQuarantined(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header  nats.Header
		payload string
		why     string
	}{
		"nothing":           {nil, "", "empty"},
		"blanks":            {nil, " \r\n", "empty"},
		"JSON of nothing":   {nil, `{"url":"https://courier.example/a"}`, "empty"},
		"bad URL":           {inbox(bus.HeaderURL, "harbour"), wire, "not a URL"},
		"JSON with a typo":  {nil, `{"contents":"x"}`, "contents"},
		"broken JSON":       {inbox("Content-Type", "application/json"), `{"content":`, "no JSON document"},
		"no protobuf":       {inbox("Content-Type", bus.TypeProtobuf), "\xff", "no protobuf"},
		"picture":           {nil, "\x89PNG\r\n\x1a\n\x00\x00", "image/png"},
		"PDF":               {nil, "%PDF-1.7\n...", "application/pdf"},
		"picture said so":   {inbox("Content-Type", "image/png"), "abc", "image/png"},
		"too large":         {nil, strings.Repeat("word ", 1<<18), "1048576 are the most"},
		"too large in JSON": {nil, `{"content":"` + strings.Repeat("word ", 1<<18) + `"}`, "1048576 are the most"},
		"much too large":    {nil, `{"x":"` + strings.Repeat("word ", 1<<19) + `"}`, "are the most"},
		"unknown encoding":  {inbox("Content-Encoding", "br"), wire, "content encoding"},
		"broken encoding":   {inbox("Content-Encoding", "zstd"), wire, "zstd"},
		"labels":            {nil, `{"content":"x","labels":{"a":"` + strings.Repeat("b", 2000) + `"}}`, "too long"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			header := inbox()
			for k, v := range test.header {
				header[k] = v
			}
			outs, err := w.Push(delivery(t, 1), pushed(header, test.payload))
			require.Empty(t, outs)
			require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err), "%v", err)
			require.ErrorContains(t, err, test.why)
			require.Equal(t, "rejected", w.receipt(t).GetStatus())
			require.Empty(t, w.seen.entries)
		})
	}
}

func TestTheSameDocumentTwiceIsOne(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]nats.Header{"with a URL": inbox(bus.HeaderURL, "https://courier.example/a"), "without": inbox()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			first, err := w.Push(delivery(t, 1), pushed(header, wire))
			require.NoError(t, err)

			_, err = w.Push(delivery(t, 2), pushed(header, wire))
			require.Equal(t, stage.VerdictDuplicate, stage.VerdictOf(err))
			require.Equal(t, "duplicate", w.receipt(t).GetStatus())

			again, err := w.Push(delivery(t, 1), pushed(header, wire))
			require.NoError(t, err, "the first submission is delivered again: it may have died before its page was out")
			require.Equal(t, first[0].ID, again[0].ID)
			require.Equal(t, first[0].Subject, again[0].Subject)

			header := inbox(bus.HeaderURL, header.Get(bus.HeaderURL), quarantine.HeaderOrigin, quarantine.Origin("SUBMISSIONS", 1))
			again, err = w.Push(delivery(t, 9), pushed(header, wire))
			require.NoError(t, err, "nor does quarantine make it another one")
			require.Equal(t, first[0].ID, again[0].ID)
		})
	}
}

func TestRevisions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	header := inbox(bus.HeaderURL, "https://courier.example/a")
	revision := func(sequence uint64, text string) uint32 {
		t.Helper()
		outs, err := w.Push(delivery(t, sequence), pushed(header, text))
		require.NoError(t, err)
		return pageOf(t, outs).GetArticle().GetRevision()
	}
	require.EqualValues(t, 1, revision(1, wire))
	require.EqualValues(t, 2, revision(2, wire+" Corrected."))
	require.EqualValues(t, 3, revision(3, wire), "back to what it was is a change, too")

	found := article("https://courier.example/b", "")
	w.seen.find(stage.Out{Subject: topology.ArticleFound("courier.example", found.GetId()), Message: found})
	header = inbox(bus.HeaderURL, "https://courier.example/b")
	require.EqualValues(t, 2, revision(4, wire), "a feed brought the first")
}

// Two versions of one article in hand at once: both must come out.
func TestRevisionsSideBySide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	header := inbox(bus.HeaderURL, "https://courier.example/a")
	var other []stage.Out
	w.seen.before = func() {
		var err error
		other, err = w.Push(delivery(t, 2), pushed(header, wire+" Corrected."))
		require.NoError(t, err)
	}
	outs, err := w.Push(delivery(t, 1), pushed(header, wire))
	require.NoError(t, err)
	require.EqualValues(t, 1, pageOf(t, other).GetArticle().GetRevision())
	require.EqualValues(t, 2, pageOf(t, outs).GetArticle().GetRevision())
	require.NotEqual(t, other[0].ID, outs[0].ID)
}
