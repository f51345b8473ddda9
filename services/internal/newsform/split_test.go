package newsform_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/internal/newsform"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	const (
		one     = `<newsItem guid="urn:a:1"><contentSet><inlineXML><p>One &amp; only</p></inlineXML></contentSet></newsItem>`
		two     = `<g2:newsItem guid="urn:a:2"><contentSet><inlineData>Two</inlineData></contentSet></g2:newsItem>`
		kill    = `<newsItem guid="urn:a:3"><itemMeta><pubStatus qcode="stat:canceled"/></itemMeta></newsItem>`
		picture = `<newsItem guid="urn:a:4"><itemMeta><itemClass qcode="ninat:picture"/></itemMeta><contentSet><remoteContent/></contentSet></newsItem>`
		nitf1   = `<nitf><head><title>1</title></head></nitf>`
		nitf2   = `<nitf><body>2</body></nitf>`
		obj1    = `{"uri":"urn:a:1","headline":"One"}`
		obj2    = `{"uri":"urn:a:2","headline":"Two"}`
		msg1    = "\x01A1 4 i 3\r\n\x02One.\r\n\x03\x04"
		msg2    = "\x01A2 4 i 3\r\n\x02Two.\r\n\x03\x04"
	)
	message := func(items ...string) string {
		return `<?xml version="1.0"?><newsMessage><header/><itemSet>` + strings.Join(items, "\n") + `</itemSet></newsMessage>`
	}
	tests := map[string]struct {
		content string
		want    []string
	}{
		"one story is none":      {one, nil},
		"message of one":         {message(picture, one), nil},
		"message of several":     {message(one, picture, two), []string{one, two}},
		"a kill is a story":      {message(one, kill), []string{one, kill}},
		"pictures only":          {message(picture, picture), nil},
		"items in a row":         {one + two, []string{one, two}},
		"a story in a comment":   {message(one, "<!--"+kill+"-->", two), []string{one, two}},
		"a story in CDATA":       {message(one, "<![CDATA["+kill+"]]>", two), []string{one, two}},
		"not closed":             {message(one[:60], two), []string{one[:60], two}},
		"broken markup":          {message(`<newsItem><inlineXML>a < b</inlineXML></newsItem>`, two), []string{`<newsItem><inlineXML>a < b</inlineXML></newsItem>`, two}},
		"broken tag":             {message(`<newsItem <`, two), []string{`<newsItem <`, two}},
		"breaks off":             {message(one, two)[:len(message(one, two))-60], []string{one, two[:len(two)-36]}},
		"NITF":                   {nitf1, nil},
		"NITF with declarations": {`<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd"><!-- x -->` + nitf1, nil},
		"NITF in a row":          {`<?xml version="1.0" encoding="iso-8859-1"?>` + nitf1 + `<?xml version="1.0" encoding="iso-8859-1"?>` + nitf2, []string{nitf1, nitf2}},
		"NITF in a package":      {`<package><x:meta xmlns:x="y"/>` + nitf1 + nitf2 + `</package>`, nil},
		"package of NITF":        {`<stories>` + nitf1 + nitf2 + `</stories>`, []string{nitf1, nitf2}},
		"package of one NITF":    {`<stories>` + nitf1 + `</stories>`, []string{nitf1}},
		"ninjs":                  {obj1, nil},
		"ninjs list":             {"[" + obj1 + ",\n" + obj2 + "]", []string{obj1, obj2}},
		"ninjs list of one":      {"[" + obj1 + "]", []string{obj1}},
		"ninjs lines":            {obj1 + "\n" + obj2 + "\n", []string{obj1, obj2}},
		"ninjs items":            {`{"_items":[` + obj1 + `,` + obj2 + `],"_links":{}}`, []string{obj1, obj2}},
		"ninjs breaks off":       {"[" + obj1 + "," + obj2[:12], []string{obj1, obj2[:12]}},
		"a JSON feed":            {`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"https://a.example/"}]}`, nil},
		"IPTC 7901":              {msg1, nil},
		"IPTC 7901 in a row":     {"\r\n" + msg1 + "\r\n\r\n" + msg2, []string{msg1 + "\r\n\r\n", msg2}},
		"a page":                 {"<html><body><nitf></nitf><nitf></nitf></body></html>", nil},
		"nothing":                {"", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stories := newsform.Split([]byte(tt.content), "")
			var got []string
			for _, s := range stories {
				got = append(got, string(s.Content))
			}
			require.Equal(t, tt.want, got)
		})
	}
	stories := newsform.Split([]byte(wide(message(one, two))), "")
	require.Len(t, stories, 2)
	require.Equal(t, one, string(stories[0].Content), "of UTF-16")
	require.Equal(t, "story 2 of 2", stories[1].Place)
	require.Equal(t, newsform.NewsML, stories[1].Form)
}

func FuzzSplit(f *testing.F) {
	for _, d := range documents {
		f.Add([]byte(d.content))
	}
	f.Add([]byte("<newsMessage><newsItem <<newsItem><inlineXML/></newsItem>"))
	f.Add([]byte(`[{"uri":"a","headline":"b"},{"uri"`))
	f.Fuzz(func(t *testing.T, content []byte) {
		total := 0
		for _, s := range newsform.Split(content, "utf-8") {
			require.NotEmpty(t, bytes.TrimSpace(s.Content))
			total += len(s.Content)
		}
		require.LessOrEqual(t, total, 3*len(content)+3, "stories do not overlap")
	})
}
