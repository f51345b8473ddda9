package newsform_test

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/internal/newsform"
)

func wide(s string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

var documents = map[string]struct {
	content string
	form    newsform.Form
}{
	"nitf":               {`<nitf><body/></nitf>`, newsform.NITF},
	"nitf with all":      {"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- a > b -->\n<!DOCTYPE nitf SYSTEM \"nitf.dtd\" [<!ENTITY a \"b\">]>\n<nitf version=\"-//IPTC//DTD NITF 3.3//EN\">", newsform.NITF},
	"nitf in UTF-16":     {wide(`<?xml version="1.0" encoding="UTF-16"?><nitf/>`), newsform.NITF},
	"news item":          {`<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/">`, newsform.NewsML},
	"prefixed":           {`<g2:newsMessage xmlns:g2="http://iptc.org/std/nar/2006-10-01/"/>`, newsform.NewsML},
	"ninjs 1":            {` {"uri":"urn:x","body_text":"a"}`, newsform.NinJS},
	"ninjs 3":            {`{"uri":"urn:x","versionCreated":"2026-01-01T00:00:00Z"}`, newsform.NinJS},
	"wire":               {"\r\n\x01ABC0001 4 i 0120 \r\n\x02text\r\n\x03", newsform.IPTC7901},
	"nothing":            {"", newsform.None},
	"HTML":               {`<!doctype html><html><body><nitf></nitf>`, newsform.None},
	"feed":               {`<?xml version="1.0"?><rss/>`, newsform.None},
	"submission":         {`{"uri":"urn:x","headline":"a","content":"b"}`, newsform.None},
	"other JSON":         {`{"url":"https://a.example","title":"b"}`, newsform.None},
	"broken JSON":        {`{"uri":"urn:x","headline":"a"`, newsform.None},
	"text":               {"A story.", newsform.None},
	"unclosed doctype":   {`<!DOCTYPE nitf [ <nitf>`, newsform.None},
	"control characters": {"\x01\x03\x04", newsform.None},
}

func TestOf(t *testing.T) {
	t.Parallel()
	for name, test := range documents {
		require.Equal(t, test.form, newsform.Of([]byte(test.content)), name)
		if test.form != newsform.None {
			require.NotEmpty(t, test.form.MediaType())
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, d := range documents {
		f.Add([]byte(d.content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if form := newsform.Of(content); form != newsform.None {
			require.NotEmpty(t, form.MediaType())
		}
	})
}

func TestIdentifier(t *testing.T) {
	t.Parallel()
	const item = `<newsItem guid="urn:newsml:nnb.example:117"><contentSet><inlineXML/></contentSet></newsItem>`
	for content, want := range map[string]string{
		`<nitf><head><docdata><doc-id regsrc="nnb.example" id-string=" NNB-117 "/></docdata></head></nitf>`: "nnb.example NNB-117",
		`<nitf><head><docdata><doc-id id-string="NNB-20260303-0117"/></docdata></head></nitf>`:              "NNB-20260303-0117",
		wide(`<?xml version="1.0" encoding="UTF-16"?><nitf><head><doc-id id-string="NNB-117"/></head>`):     "NNB-117",
		`<nitf><head><doc-id id-string="117"/></head></nitf>`:                                               "",
		`<nitf><body><p><doc-id id-string="NNB-20260303-0117"/></p></body></nitf>`:                          "",
		item: "urn:newsml:nnb.example:117",
		`<newsMessage><itemSet><newsItem guid="urn:picture:9"><contentSet/></newsItem>` + item + `</itemSet></newsMessage>`: "urn:newsml:nnb.example:117",
		`<g2:newsMessage><g2:newsItem guid="urn:withdrawn:1"/></g2:newsMessage>`:                                            "urn:withdrawn:1",
		`<newsItem><contentSet/></newsItem>`:                              "",
		`{"uri":"urn:nnb:117","guid":"urn:other:1","headline":"a"}`:       "urn:nnb:117",
		`{"uri":7,"guid":"urn:other:1","headline":"a"}`:                   "urn:other:1",
		`{"uri":"urn:` + strings.Repeat("x", 2000) + `","headline":"a"}`:  "",
		"\x01CP0117 4 i 3\r\n\x02The harbour reopened.\r\n\x03":           "",
		`<!doctype html><html><body><doc-id id-string="NNB-117"/></html>`: "",
		`<nitf><head><doc-id id-string="broken off`:                       "",
		`A story about urn:newsml:nnb.example:117.`:                       "",
	} {
		require.Equal(t, want, newsform.Identifier([]byte(content)), content[:min(len(content), 200)])
	}
}

func FuzzIdentifier(f *testing.F) {
	for _, d := range documents {
		f.Add(d.content)
	}
	f.Add(`<newsMessage><newsItem guid="urn:newsml:1"><inlineData/></newsItem></newsMessage>`)
	f.Fuzz(func(t *testing.T, content string) {
		id := newsform.Identifier([]byte(content))
		require.True(t, id == "" || newsform.Of([]byte(content)) != newsform.None)
		require.True(t, utf8.ValidString(id))
	})
}
