package bus_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/pkg/bus"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func article(text string) *datelinev1.Article {
	return &datelinev1.Article{
		Id:       "a1b2c3",
		Document: &datelinev1.Document{Headline: "Le barrage de Kébor rouvre", Text: text},
	}
}

func TestEncodeThenDecode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		format           bus.Format
		typ, encodedWith string
	}{
		{"protobuf", bus.Protobuf, bus.TypeProtobuf, ""},
		{"zstd", bus.Zstd, bus.TypeProtobuf, "zstd"},
		{"json", bus.JSON, bus.TypeJSON, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := article(strings.Repeat("KÉBOR, 3 mars — Les vannes ont été rouvertes. ", 100))
			msg, err := bus.Encode("articles.parsed.a1b2c3", want, tt.format)
			require.NoError(t, err)
			require.Equal(t, "articles.parsed.a1b2c3", msg.Subject)
			require.Equal(t, tt.typ, msg.Header.Get(bus.HeaderContentType))
			require.Equal(t, tt.encodedWith, msg.Header.Get(bus.HeaderContentEncoding))

			got := &datelinev1.Article{}
			require.NoError(t, bus.Decode(msg.Header, msg.Data, got))
			require.True(t, proto.Equal(want, got))
		})
	}
}

func TestEncodeOfInvalidText(t *testing.T) {
	t.Parallel()
	for _, f := range []bus.Format{bus.Protobuf, bus.Zstd, bus.JSON} {
		_, err := bus.Encode("articles.parsed.x", article("\xff"), f)
		require.ErrorContains(t, err, "encode Article for articles.parsed.x")
	}
}

func TestEncodeRoundTripProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := article(rapid.String().Draw(t, "text"))
		f := rapid.SampledFrom([]bus.Format{bus.Protobuf, bus.Zstd, bus.JSON}).Draw(t, "format")
		msg, err := bus.Encode("articles.parsed.x", want, f)
		require.NoError(t, err)
		got := &datelinev1.Article{}
		require.NoError(t, bus.Decode(msg.Header, msg.Data, got))
		require.True(t, proto.Equal(want, got))
	})
}

func header(kv ...string) nats.Header {
	h := nats.Header{}
	for i := 0; i < len(kv); i += 2 {
		h.Set(kv[i], kv[i+1])
	}
	return h
}

func compressed(t testing.TB, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll(data, nil)
}

// streamed is compressed without the size in the frame's head, so that a decoder
// learns it only on the way.
func streamed(t testing.TB, size int) []byte {
	t.Helper()
	var buf bytes.Buffer
	w, err := zstd.NewWriter(&buf, zstd.WithEncoderConcurrency(1))
	require.NoError(t, err)
	block := make([]byte, 1<<20)
	for range size / len(block) {
		_, err := w.Write(block)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return buf.Bytes()
}

func TestDecodeOfHostilePayloads(t *testing.T) {
	t.Parallel()
	whole, err := bus.Encode("x", article(strings.Repeat("Une dépêche. ", 500)), bus.Zstd)
	require.NoError(t, err)
	for _, tt := range []struct {
		name   string
		header nats.Header
		data   []byte
		want   string
	}{
		{"zstd bomb with its size", header(bus.HeaderContentEncoding, "zstd"), compressed(t, make([]byte, bus.MaxDecoded+1)), "decompress zstd payload"},
		{"zstd bomb without its size", header(bus.HeaderContentEncoding, "zstd"), streamed(t, bus.MaxDecoded+1<<20), "decompress zstd payload"},
		{"truncated zstd", whole.Header, whole.Data[:len(whole.Data)/2], "decompress zstd payload"},
		{"not zstd", whole.Header, []byte("<html>"), "decompress zstd payload"},
		{"unknown encoding", header(bus.HeaderContentEncoding, "br"), []byte("x"), `unknown content encoding "br"`},
		{"garbage", header(), []byte{0xff, 0xff, 0xff}, "decode protobuf Article"},
		{"no headers", nil, []byte("\x00garbage"), "decode protobuf Article"},
		{"cut JSON", header(bus.HeaderContentType, "application/json; charset=utf-8"), []byte(`{"id":`), "decode JSON Article"},
		{"deep JSON", header(bus.HeaderContentType, bus.TypeJSON), []byte(strings.Repeat("[", 100_000)), "decode JSON Article"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, bus.Decode(tt.header, tt.data, &datelinev1.Article{}), tt.want)
		})
	}
}

func TestDecodeOfTheLargestPayload(t *testing.T) {
	t.Parallel()
	data, err := bus.Decompress(header(bus.HeaderContentEncoding, "zstd"), compressed(t, make([]byte, bus.MaxDecoded)))
	require.NoError(t, err)
	require.Len(t, data, bus.MaxDecoded)
}

func TestDecodeReadsNewerJSON(t *testing.T) {
	t.Parallel()
	got := &datelinev1.Article{}
	require.NoError(t, bus.Decode(header(bus.HeaderContentType, bus.TypeJSON), []byte(`{"id":"x","fieldOfTomorrow":1}`), got))
	require.Equal(t, "x", got.GetId())
}

func FuzzDecode(f *testing.F) {
	for _, format := range []bus.Format{bus.Protobuf, bus.Zstd, bus.JSON} {
		msg, err := bus.Encode("x", article("Une dépêche."), format)
		require.NoError(f, err)
		f.Add(msg.Header.Get(bus.HeaderContentType), msg.Header.Get(bus.HeaderContentEncoding), msg.Data)
	}
	f.Fuzz(func(_ *testing.T, contentType, encoding string, data []byte) {
		_ = bus.Decode(header(bus.HeaderContentType, contentType, bus.HeaderContentEncoding, encoding), data, &datelinev1.Article{})
	})
}

func BenchmarkEncodeZstd(b *testing.B) {
	page := article(strings.Repeat("<p>Les vannes du barrage ont été rouvertes lundi, selon la préfecture.</p>\n", 400))
	for b.Loop() {
		_, err := bus.Encode("x", page, bus.Zstd)
		require.NoError(b, err)
	}
}
