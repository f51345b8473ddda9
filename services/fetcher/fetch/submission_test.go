package fetch_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func withType(contentType string) nats.Header {
	h := nats.Header{}
	h.Set(bus.HeaderContentType, contentType)
	return h
}

var contentTypes = []string{"", bus.TypeJSON, bus.TypeProtobuf, "text/plain; charset=utf-8", "text/html", "application/octet-stream", "\x00;=\""}

func FuzzReadFeedSubmission(f *testing.F) {
	for _, seed := range []string{
		courier, "", "{", `{"url":"https://a.example"}`, `{"url":"x","labels":["a",1]}`, `{"labels":{"a":{}}}`,
		`{"url":"x","minInterval":"9999999h","headers":{"A":"b"}}`, "\x12\x03abc", "\xff\xfe", `{"url":"\ud800"}`,
		encoded(f, &datelinev1.Feed{Url: courier, Labels: map[string]string{"a": "b"}, Headers: map[string]string{"A": "b"}}),
	} {
		for i := range contentTypes {
			f.Add([]byte(seed), byte(i))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, kind byte) {
		feed, err := fetch.ReadFeedSubmission(stage.Raw{Header: withType(contentTypes[int(kind)%len(contentTypes)]), Data: data})
		if err != nil {
			require.NotEmpty(t, err.Error())
			require.Less(t, len(err.Error()), 2000)
			return
		}
		_, err = proto.Marshal(feed)
		require.NoError(t, err, "what is accepted can be stored")
		require.NotEmpty(t, feed.GetUrl())
		require.Empty(t, feed.GetEntries())
		for name, value := range feed.GetHeaders() {
			require.False(t, strings.ContainsAny(name+value, "\r\n\x00"))
		}
	})
}

func FuzzReadDocument(f *testing.F) {
	for _, seed := range []string{
		harbour, wire, "", "{", `{"content":"x"}`, `{"content":"\ud800","labels":["a"]}`, `{"content":1}`, "\x22\x01x", "%PDF-1.7", "\xff\xfeh\x00",
		"\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00a", encoded(f, &datelinev1.Submission{Content: wire, Url: courier}),
	} {
		for i := range contentTypes {
			f.Add([]byte(seed), byte(i), "Harbour\nreopens", false)
			f.Add([]byte(seed), byte(i), "\xff", true)
		}
	}
	const most = 1 << 16
	f.Fuzz(func(t *testing.T, data []byte, kind byte, title string, compressed bool) {
		header := withType(contentTypes[int(kind)%len(contentTypes)])
		header.Set(bus.HeaderTitle, title)
		if compressed {
			header.Set(bus.HeaderContentEncoding, "zstd")
		}
		doc, err := fetch.ReadDocument(stage.Raw{Header: header, Data: data}, most)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.NotEmpty(t, doc.Content())
		require.LessOrEqual(t, len(doc.Content()), most)
		require.NotEmpty(t, doc.MediaType())
		require.True(t, utf8.ValidString(doc.MediaType()))
	})
}

// Whatever is pushed can be stored: text from outside is made valid before.
func FuzzPush(f *testing.F) {
	f.Add([]byte(wire), "text/plain; charset=\xff", "\xff\x00", "2026\xff", "https://a.example/\xff")
	f.Add([]byte(wire), "text/plain; charset=\"\xff\"", "", "", "")
	f.Add([]byte(harbour), "", "T", "2026-01-01", "")
	f.Fuzz(func(t *testing.T, data []byte, contentType, title, published, url string) {
		w := newWorld(t)
		header := withType(contentType)
		header.Set(bus.HeaderTitle, title)
		header.Set(bus.HeaderPublished, published)
		header.Set(bus.HeaderURL, url)
		outs, err := w.Push(delivery(t, 1), pushed(header, string(data)))
		if err != nil {
			return
		}
		for _, out := range outs {
			_, err := out.Encode()
			require.NoError(t, err)
		}
	})
}
