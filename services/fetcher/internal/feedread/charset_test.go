package feedread_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
)

func TestCharsets(t *testing.T) {
	t.Parallel()
	const latin, cyrillic, kanji, hanzi = "Café – déjà vu", "Новости дня", "号外です", "新闻快报"
	le, be := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for name, tc := range map[string]struct {
		title   string
		enc     encoding.Encoding
		mark    string
		decl    string
		header  string
		charset string
	}{
		"utf-8":                         {latin, encoding.Nop, "", "utf-8", "", "utf-8"},
		"utf-8 with mark":               {latin, encoding.Nop, "\xef\xbb\xbf", "", "", "utf-8"},
		"utf-8 called latin-1":          {latin, encoding.Nop, "", "iso-8859-1", "text/xml; charset=iso-8859-1", "utf-8"},
		"windows-1252 called latin-1":   {latin, charmap.Windows1252, "", "ISO-8859-1", "", "windows-1252"},
		"windows-1252 called utf-8":     {latin, charmap.Windows1252, "", "utf-8", "application/rss+xml; charset=utf-8", "windows-1252"},
		"windows-1252, header utf-8":    {latin, charmap.Windows1252, "", "windows-1252", "application/rss+xml; charset=utf-8", "windows-1252"},
		"windows-1252, nothing said":    {latin, charmap.Windows1252, "", "", "", "windows-1252"},
		"windows-1251 by the header":    {cyrillic, charmap.Windows1251, "", "", `text/xml; Charset = "windows-1251"`, "windows-1251"},
		"header before declaration":     {cyrillic, charmap.KOI8R, "", "windows-1251", "text/xml;charset=koi8-r", "koi8-r"},
		"koi8-r declared":               {cyrillic, charmap.KOI8R, "", "KOI8-R", "", "koi8-r"},
		"iso-2022-jp":                   {kanji, japanese.ISO2022JP, "", "iso-2022-jp", "", "iso-2022-jp"},
		"shift_jis":                     {kanji, japanese.ShiftJIS, "", "Shift_JIS", "", "shift_jis"},
		"gb18030 called gb2312":         {hanzi, simplifiedchinese.GB18030, "", "gb2312", "", "gbk"},
		"shift_jis, nothing said":       {"「港の修復工事が始まった」と市長は述べた", japanese.ShiftJIS, "", "", "", "shift_jis"},
		"euc-jp, nothing said":          {"「港の修復工事が始まった」と市長は述べた", japanese.EUCJP, "", "", "", "euc-jp"},
		"euc-jp, called utf-8":          {"「港の修復工事が始まった」と市長は述べた", japanese.EUCJP, "", "utf-8", "text/xml; charset=utf-8", "euc-jp"},
		"gb18030, nothing said":         {"市政府说港口的修复工程已经开始", simplifiedchinese.GB18030, "", "", "", "gb18030"},
		"big5, nothing said":            {"市政府說港口的修復工程已經開始", traditionalchinese.Big5, "", "", "", "big5"},
		"euc-kr, nothing said":          {"시장은 항구 복구 공사가 시작됐다고 말했다", korean.EUCKR, "", "", "", "euc-kr"},
		"cyrillic bytes, nothing said":  {"ÌÝÐ ÃÎÂÎÐÈÒ Î ÃÀÂÀÍÈ", charmap.Windows1252, "", "", "", "windows-1252"},
		"utf-16le with mark":            {cyrillic, le, "\xff\xfe", "utf-16", "", "utf-16le"},
		"utf-16be with mark":            {cyrillic, be, "\xfe\xff", "utf-16", "", "utf-16be"},
		"utf-16le without":              {cyrillic, le, "", "utf-16", "", "utf-16le"},
		"utf-16be without":              {cyrillic, be, "", "", "text/xml; charset=utf-8", "utf-16be"},
		"utf-32le without":              {cyrillic, utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "", "", "", "utf-32le"},
		"utf-32be with mark":            {cyrillic, utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "\x00\x00\xfe\xff", "", "", "utf-32be"},
		"a charset that does not exist": {latin, encoding.Nop, "", "klingon", "text/xml; charset=x-none", "utf-8"},
	} {
		decl := ""
		if tc.decl != "" {
			decl = `<?xml version="1.0" encoding="` + tc.decl + `"?>`
		}
		body, err := tc.enc.NewEncoder().String(decl + `<rss version="2.0"><channel><title>` + tc.title + `</title></channel></rss>`)
		require.NoError(t, err, name)
		var report feedread.Report
		feed, err := feedread.Read([]byte(tc.mark+body), feedread.Options{ContentType: tc.header, Report: &report})
		require.NoError(t, err, name)
		require.Equal(t, tc.title, feed.Title, name)
		require.Equal(t, tc.charset, report.Charset, name)
	}
}

func TestBytesThatAreNoText(t *testing.T) {
	t.Parallel()
	feed, report := read(t, rss("<item><title>caf\xc3\xa9 \xff\x00\x1b[2J\u0085 d\u0092art</title></item>"))
	require.Equal(t, "café \ufffd[2J… d’art", feed.Entries[0].Title)
	require.True(t, report.Repaired)
	feed, report = read(t, rss("<item><title>a&#27;b&#0;c&#xFFFF;d\u202ee</title></item>"))
	require.Equal(t, "abcd\u202ee", feed.Entries[0].Title)
	require.False(t, report.Repaired)
}
