package fetch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

const newsObject = `{"uri":"urn:newsml:courier.example:1","versioncreated":"2026-03-03T09:00:00Z","body_text":"The harbour reopened."}`

// What an agency sends again under one identifier is the next revision of one article,
// a notice that kills it included; a document that has none goes by its content.
func TestRevisionsOfAgenciesStories(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string][2]string{
		"ninjs":     {newsObject, `{"uri":"urn:newsml:courier.example:1","pubstatus":"canceled"}`},
		"NewsML-G2": {`<newsItem guid="urn:newsml:courier.example:1"><contentSet><inlineXML>Open.</inlineXML></contentSet></newsItem>`, `<newsItem guid="urn:newsml:courier.example:1" version="2"><itemMeta/></newsItem>`},
		"NITF":      {`<nitf><head><doc-id id-string="courier-1"/></head><body>Open.</body></nitf>`, `<nitf><head><docdata management-status="canceled"><doc-id id-string="courier-1"/></docdata></head></nitf>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var ids []string
			for i, content := range sent {
				outs, err := w.Push(delivery(t, uint64(i+1)), pushed(inbox(), content))
				require.NoError(t, err)
				a := pageOf(t, outs).GetArticle()
				require.EqualValues(t, i+1, a.GetRevision())
				ids = append(ids, a.GetId())
			}
			require.Equal(t, ids[0], ids[1])
			require.Equal(t, ids[0], fetch.Document("", "", "", []byte(sent[0]), time.Now()).GetArticle().GetId(), "as explained")
			_, err := w.Push(delivery(t, 3), pushed(inbox(), sent[1]))
			require.Equal(t, stage.Duplicate(), err)
		})
	}
	w := newWorld(t)
	for i, content := range []string{`<nitf><body>One.</body></nitf>`, `<nitf><body>Two.</body></nitf>`} {
		outs, err := w.Push(delivery(t, uint64(i+1)), pushed(inbox(), content))
		require.NoError(t, err)
		require.EqualValues(t, 1, pageOf(t, outs).GetArticle().GetRevision())
	}
}

// An agency's document is taken as it is, under any media type.
func TestAgenciesDocuments(t *testing.T) {
	t.Parallel()
	item := `<newsItem><contentSet><inlineData>The harbour reopened.</inlineData></contentSet></newsItem>`
	for name, test := range map[string]struct{ contentType, content, mediaType string }{
		"NITF":                {"", `<?xml version="1.0"?><nitf/>`, "text/vnd.iptc.nitf"},
		"NITF said so":        {"text/vnd.IPTC.NITF", `<nitf/>`, "text/vnd.iptc.nitf"},
		"NewsML-G2":           {"application/octet-stream", item, "application/vnd.iptc.g2.newsitem+xml"},
		"NewsML-G2 said so":   {"application/vnd.iptc.g2.newsmessage+xml", item, "application/vnd.iptc.g2.newsmessage+xml"},
		"ninjs":               {"", newsObject, "application/json"},
		"ninjs said JSON":     {bus.TypeJSON, newsObject, "application/json"},
		"IPTC 7901":           {"", "\x01CP0001 4 i 3\r\n\x02The harbour reopened.\r\n\x03", "text/plain"},
		"ninjs in submission": {bus.TypeJSON, `{"contentType":"application/json","content":"{\"uri\":\"urn:x\",\"headline\":\"a\"}"}`, "application/json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := fetch.ReadDocument(pushed(withType(test.contentType), test.content), 1<<20)
			require.NoError(t, err)
			require.Equal(t, test.mediaType, doc.MediaType())
		})
	}
	_, err := fetch.ReadDocument(pushed(withType("application/vnd.iptc.g2.planningitem+xml"), `<planningItem/>`), 1<<20)
	require.ErrorContains(t, err, "give HTML, plain text, NITF")
}
