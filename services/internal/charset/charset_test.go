package charset

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/htmlindex"
)

func encode(t *testing.T, name, text string) []byte {
	t.Helper()
	enc, err := htmlindex.Get(name)
	require.NoError(t, err)
	b, err := enc.NewEncoder().Bytes([]byte(text))
	require.NoError(t, err)
	return b
}

func TestDecode(t *testing.T) {
	t.Parallel()
	const russian = "В четверг в городе открыли новый мост"
	meta := func(name, text string) string {
		return `<html><head><meta charset="` + name + `"><title>x</title>` + text
	}
	tests := []struct {
		name     string
		content  []byte
		declared string
		want     string
		charset  string
	}{
		{"plain ascii", []byte("hello"), "", "hello", "utf-8"},
		{"valid utf-8 beats a stale header", []byte("café"), "iso-8859-1", "café", "utf-8"},
		{"valid utf-8 beats a stale meta", []byte(meta("windows-1251", russian)), "", meta("windows-1251", russian), "utf-8"},
		{"mark beats all", append([]byte{0xef, 0xbb, 0xbf}, "café"...), "iso-8859-1", "café", "utf-8"},
		{"header says utf-8, bytes are western", encode(t, "windows-1252", "un café à Liège"), "utf-8", "un café à Liège", "windows-1252"},
		{"header", encode(t, "windows-1251", russian), "windows-1251", russian, "windows-1251"},
		{"meta", encode(t, "windows-1251", meta("windows-1251", russian)), "", meta("windows-1251", russian), "windows-1251"},
		{"meta http-equiv", encode(t, "iso-8859-2", `<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-2">zażółć`), "", `<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-2">zażółć`, "iso-8859-2"},
		{"xml declaration", encode(t, "koi8-r", `<?xml version="1.0" encoding="koi8-r"?>`+russian), "", `<?xml version="1.0" encoding="koi8-r"?>` + russian, "koi8-r"},
		{"late meta", encode(t, "gbk", "<html><!--"+strings.Repeat("x", 3000)+"-->"+`<meta charset=gb2312>新闻`), "", "<html><!--" + strings.Repeat("x", 3000) + "-->" + `<meta charset=gb2312>新闻`, "gbk"},
		{"shift-jis by header", encode(t, "shift_jis", "新しい橋が開通した"), "Shift_JIS", "新しい橋が開通した", "shift_jis"},
		{"iso-2022-jp looks like ascii", encode(t, "iso-2022-jp", "新しい橋"), "iso-2022-jp", "新しい橋", "iso-2022-jp"},
		{"utf-16 with mark", append([]byte{0xff, 0xfe}, 'h', 0, 'i', 0), "", "hi", "utf-16le"},
		{"utf-16 without mark", wide("<html><body>plain text</body></html>"), "", "<html><body>plain text</body></html>", "utf-16le"},
		{"one bad byte stays utf-8", []byte(strings.Repeat("Żółć i ", 300) + "\xff" + "koniec"), "", strings.Repeat("Żółć i ", 300) + "\uFFFD" + "koniec", "utf-8"},
		{"unknown label", []byte("caf\xe9"), "x-nonsense", "café", "windows-1252"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, read := Decode(tt.content, tt.declared)
			require.Equal(t, tt.want, string(got))
			require.Equal(t, tt.charset, read.Encoding)
		})
	}
}

func wide(s string) []byte {
	var b []byte
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

func TestEveryWebEncodingRoundTrips(t *testing.T) {
	t.Parallel()
	samples := map[string]string{
		"iso-8859-5": "Новый мост", "koi8-u": "Новий міст", "windows-1250": "Žluťoučký kůň", "windows-1253": "Νέα γέφυρα",
		"windows-1254": "Yeni köprü açıldı", "windows-1255": "גשר חדש", "windows-1256": "جسر جديد", "windows-874": "สะพานใหม่",
		"big5": "新橋通車", "euc-kr": "새 다리 개통", "euc-jp": "新しい橋", "gb18030": "新桥通车", "iso-8859-15": "cœur 5 €",
	}
	for name, text := range samples {
		got, _ := Decode(encode(t, name, text), name)
		require.Equal(t, text, string(got), name)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("caf\xe9"), "utf-8")
	f.Add([]byte{0xff, 0xfe, 0, 0xd8}, "")
	f.Add([]byte("<meta charset=iso-2022-jp>\x1b$B"), "")
	f.Add([]byte("<meta charset"), "utf-16")
	f.Fuzz(func(t *testing.T, content []byte, declared string) {
		text, read := Decode(content, declared)
		require.True(t, utf8.Valid(text))
		require.NotEmpty(t, read.Encoding)
		require.NotEmpty(t, read.Rule)
	})
}
