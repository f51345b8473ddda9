package feedread_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
)

var update = flag.Bool("update", false, "write the golden files")

// documents are the files of testdata that are read.
var documents = []string{"rss.xml", "atom.xml", "rdf.xml", "feed.json", "news.xml", "index.xml"}

func clock() time.Time { return time.Date(2025, 6, 5, 12, 0, 0, 0, time.UTC) }

func read(t *testing.T, body string) (*datelinev1.Feed, feedread.Report) {
	t.Helper()
	var report feedread.Report
	feed, err := feedread.Read([]byte(body), feedread.Options{URL: "https://example.org/feed.xml", Now: clock, Report: &report})
	require.NoError(t, err)
	return feed, report
}

// rss wraps items into a feed.
func rss(items string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>` + items + `</channel></rss>`
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, name := range documents {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(t, err)
		feed, err := feedread.Read(body, feedread.Options{URL: "https://example.org/feeds/x", Now: clock})
		require.NoError(t, err)
		raw, err := protojson.Marshal(feed)
		require.NoError(t, err)
		// protojson varies its spaces on purpose.
		var v any
		require.NoError(t, json.Unmarshal(raw, &v))
		got, err := json.MarshalIndent(v, "", "  ")
		require.NoError(t, err)
		golden := filepath.Join("testdata", name+".golden")
		if *update {
			require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, strings.TrimSpace(string(want)), string(got), name)
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for format, root := range map[string]string{
		"rss 0.91": `<rss version="0.91"><channel><item><title>a</title></item></channel></rss>`,
		"rss 2.0":  `<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><item><title>a</title></item></channel></rss>`,
		"rss":      `<rss><channel/><item><title>a</title></item></rss>`,
		"rss 0.90": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/><item><title>a</title></item></rdf:RDF>`,
		"rss 1.0":  `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://purl.org/rss/1.0/"><x:channel/><x:item><x:title>a</x:title></x:item></r:RDF>`,
		"rss 1.1":  `<Channel xmlns="http://purl.org/net/rss1.1#"><items><item><title>a</title></item></items></Channel>`,
		"atom 0.3": `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>a</title></entry></feed>`,
		"atom 1.0": `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>a</a:title></a:entry></a:feed>`,
		"cdf":      `<CHANNEL HREF="/x"><ITEM HREF="/y"><TITLE>a</TITLE></ITEM></CHANNEL>`,
		"sitemap":  `<urlset xmlns="http://www.google.com/schemas/sitemap/0.84"><url><loc>/x</loc></url></urlset>`,
		"json 1":   `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"a"}]}`,
	} {
		feed, _ := read(t, root)
		require.Equal(t, format, feed.Format)
		require.Len(t, feed.Entries, 1, format)
		if format != "sitemap" {
			require.Equal(t, "a", feed.Entries[0].Title, format)
		}
	}
	unknown, _ := read(t, `<feed xmlns="https://example.org/our-own"><entry><title>a</title></entry></feed>`)
	require.Equal(t, "atom 1.0", unknown.Format)
	require.Len(t, unknown.Entries, 1)
}

func TestNotFeed(t *testing.T) {
	t.Parallel()
	for body, found := range map[string]string{
		"":                            "empty",
		" \r\n\ufeff ":                "empty",
		"<!DOCTYPE html><html><body>": "html",
		"<div>Error</div>":            "html",
		"<HTML><rss/></HTML>":         "html",
		"Service unavailable":         "text",
		"<opml version='2.0'></opml>": "opml",
		"<svg xmlns='http://www.w3.org/2000/svg'/>":                    "html",
		"<sitemapindex><sitemap><loc>https://exam":                     "xml",
		"https://example.org/a\nhttps://example.org/b":                 "text",
		"<catalog><book/></catalog>":                                   "xml",
		"<rss><channel><item><title>cut":                               "xml",
		`{"error":"not found"}`:                                        "json",
		`["a"]`:                                                        "json",
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":1`: "json",
		"\x1f\x8b\x08\x00":                                             "binary",
		"%PDF-1.7":                                                     "binary",
		"MZ\x00\x00\x03\x00\x00\x00":                                   "binary",
		strings.Repeat("<a>", 1000):                                    "html",
		"<rss><channel>" + strings.Repeat("<b>", 1000):                 "xml",
	} {
		_, err := feedread.Read([]byte(body), feedread.Options{})
		var e *feedread.NotFeed
		require.ErrorAs(t, err, &e, "%q", body)
		require.Equal(t, found, e.Found, "%q: %v", body, err)
		require.NotEmpty(t, e.Reason)
		require.Less(t, len(err.Error()), 200)
	}
}

func TestBrokenXML(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body   string
		titles []string
		cut    bool
	}{
		"cut inside an entry":   {`<rss><channel><item><title>one</title></item><item><title>two`, []string{"one"}, true},
		"cut inside a tag":      {`<rss><channel><item><title>one</title></item><item><ti`, []string{"one"}, true},
		"cut inside CDATA":      {`<rss><channel><item><title>one</title></item><item><title><![CDATA[x`, []string{"one"}, true},
		"last byte lost":        {rss(`<item><title>one</title></item>`)[:len(rss(`<item><title>one</title></item>`))-1], []string{"one"}, false},
		"bare ampersands":       {rss(`<item><title>Q&A &nbsp;&unknown; &#x26; &#147;</title></item>`), []string{"Q&A &unknown; & “"}, false},
		"unclosed entry":        {rss(`<item><title>one</title><item><title>two</title></item>`), []string{"one", "two"}, false},
		"unclosed field":        {rss(`<item><title>one<link>x</link></item><item><title>two</title></item>`), []string{"onex", "two"}, false},
		"end tag too many":      {rss(`</b></p><item><title>one</title></b></item>`), []string{"one"}, false},
		"junk before":           {"Warning: mysql_connect() <br />\n<b>Notice</b>: x\n" + rss(`<item><title>one</title></item>`), []string{"one"}, false},
		"junk after":            {rss(`<item><title>one</title></item>`) + `<script>x</script><item><title>two</title></item>`, []string{"one"}, false},
		"markup in a field":     {rss(`<item><title>a <b>bold</b> word<br>here</title></item>`), []string{"a bold word here"}, false},
		"declared entities":     {`<!DOCTYPE rss [<!ENTITY a "boom"><!ENTITY b "&a;&a;">]>` + rss(`<item><title>&b;</title></item>`), []string{"&b;"}, false},
		"declared words":        {`<!DOCTYPE rss [<!ENTITY a "boom"><!ENTITY % p "x"><!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY m '<b>'>]>` + rss(`<item><title>&a; &f; &m; &p; &amp;a;</title></item>`), []string{"boom &f; &m; &p; &a;"}, false},
		"unquoted attributes":   {rss(`<item a=b c='d' e><title type=x>one</title></item>`), []string{"one"}, false},
		"a tag that never ends": {rss(`<item <title>one</title></item>`), []string{"one"}, false},
		"undeclared prefix":     {rss(`<item><dc:title>one</dc:title></item>`), []string{"one"}, false},
		"upper case":            {`<RSS VERSION="2.0"><CHANNEL><ITEM><TITLE>one</TITLE></ITEM></CHANNEL></RSS>`, []string{"one"}, false},
	} {
		feed, report := read(t, tc.body)
		var titles []string
		for _, e := range feed.Entries {
			titles = append(titles, e.Title)
		}
		require.Equal(t, tc.titles, titles, name)
		require.Equal(t, tc.cut, report.Truncated != "", name)
	}
}

func TestJSONThatBreaksOff(t *testing.T) {
	t.Parallel()
	feed, report := read(t, `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"one"},{"id":"2","ti`)
	require.Len(t, feed.Entries, 1)
	require.Contains(t, report.Truncated, "after item 1")
}

func TestMeaninglessEntriesAndDuplicates(t *testing.T) {
	t.Parallel()
	feed, report := read(t, rss(`<item><guid>1</guid><link>/a</link></item><item><guid>1</guid><link>/b</link></item><item><guid>1</guid><link>/a</link></item><item/><item/>`))
	require.Len(t, feed.Entries, 3)
	require.Equal(t, 2, report.Duplicates)
	require.NotEmpty(t, feed.Entries[2].Guid)
}

func TestGUIDs(t *testing.T) {
	t.Parallel()
	guid := func(item string) *datelinev1.Entry {
		feed, _ := read(t, rss("<item>"+item+"</item>"))
		return feed.Entries[0]
	}
	require.Equal(t, "id X-Evil: 1", guid(`<guid isPermaLink="false">id&#13;&#10;X-Evil: 1&#0;</guid>`).Guid)
	require.Equal(t, "https://example.org/a", guid(`<link>/a</link><guid> </guid>`).Guid)
	require.Equal(t, "https://example.org/a", guid(`<guid>https://example.org/a</guid>`).Url)
	require.Empty(t, guid(`<guid isPermaLink="false">https://example.org/a</guid>`).Url)
	a, b := guid(`<title>x</title>`), guid(`<title>y</title>`)
	require.Regexp(t, `^sha256:[0-9a-f]{32}$`, a.Guid)
	require.NotEqual(t, a.Guid, b.Guid)
	require.Equal(t, a.Guid, guid(`<title>x</title>`).Guid)
	require.LessOrEqual(t, len(guid(`<guid>`+strings.Repeat("é", 5000)+`</guid>`).Guid), 1024)
}

func TestEntryCapKeepsTheNewest(t *testing.T) {
	t.Parallel()
	var up, none strings.Builder
	for i := range 50 {
		at := clock().Add(time.Duration(i-60) * time.Hour).Format(time.RFC1123Z)
		up.WriteString("<item><title>" + string(rune('A'+i)) + "</title><pubDate>" + at + "</pubDate></item>")
		none.WriteString("<item><title>" + string(rune('A'+i)) + "</title></item>")
	}
	for body, first := range map[string]string{up.String(): string(rune('A' + 47)), none.String(): "A"} {
		var report feedread.Report
		feed, err := feedread.Read([]byte(rss(body)), feedread.Options{MaxEntries: 3, Report: &report, Now: clock})
		require.NoError(t, err)
		require.Len(t, feed.Entries, 3)
		require.Equal(t, first, feed.Entries[0].Title)
		require.Equal(t, 47, report.Dropped)
	}
}

func TestLongTextsAreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Wörter und ", 1<<17)
	feed, _ := read(t, rss(`<item><title>`+long+`</title><description>&lt;p&gt;`+long+`&lt;/p&gt;</description></item>`))
	e := feed.Entries[0]
	require.LessOrEqual(t, len(e.Title), 1<<10)
	require.True(t, strings.HasSuffix(e.Title, "…"))
	require.LessOrEqual(t, len(e.Summary), 16<<10)
	require.LessOrEqual(t, len(e.Content), 300<<10)
	require.True(t, strings.HasSuffix(e.Content, "</p>"), "elements stay closed")
}

// TestAgreesWithGofeed compares plain feeds with another reader.
func TestAgreesWithGofeed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"rss.xml", "atom.xml", "rdf.xml"} {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(t, err)
		theirs, err := gofeed.NewParser().ParseString(strings.Replace(string(body), "AT&T < Bell", "AT&amp;T &lt; Bell", 1))
		require.NoError(t, err)
		ours, err := feedread.Read(body, feedread.Options{Now: clock})
		require.NoError(t, err)
		require.Len(t, ours.Entries, len(theirs.Items))
		require.Equal(t, theirs.Language, ours.Language)
		for i, item := range theirs.Items {
			if item.PublishedParsed != nil && item.PublishedParsed.Year() < 9999 && ours.Entries[i].Published != nil {
				require.True(t, item.PublishedParsed.Equal(ours.Entries[i].Published.AsTime()), name)
			}
			if item.GUID != "" {
				require.Equal(t, item.GUID, ours.Entries[i].Guid)
			}
		}
	}
}

// checkFeed states what holds of every feed.
func checkFeed(t *testing.T, feed *datelinev1.Feed) {
	t.Helper()
	raw, err := protojson.Marshal(feed)
	require.NoError(t, err)
	require.True(t, utf8.Valid(raw))
	clean := func(s string, lines bool) {
		for _, r := range s {
			require.True(t, r >= ' ' && r != 0x7f && (r < 0x80 || r >= 0xa0) || lines && (r == '\n' || r == '\t'), "%q", s)
		}
	}
	web := func(u string) {
		require.True(t, u == "" || strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://"), u)
	}
	for _, s := range []string{feed.Title, feed.Language, feed.Format, feed.SiteUrl, feed.HubUrl, feed.SelfUrl} {
		clean(s, false)
	}
	web(feed.SiteUrl)
	web(feed.HubUrl)
	web(feed.SelfUrl)
	require.LessOrEqual(t, len(feed.Sitemaps), 1000)
	for _, s := range feed.Sitemaps {
		require.NotEmpty(t, s.Url)
		web(s.Url)
	}
	clean(feed.Description, true)
	for _, e := range feed.Entries {
		for _, s := range append([]string{e.Guid, e.Title, e.Url, e.Language, e.PublishedText}, append(e.Authors, e.Categories...)...) {
			clean(s, false)
		}
		clean(e.Summary, true)
		require.NotEmpty(t, e.Guid)
		web(e.Url)
		for _, u := range e.Images {
			web(u)
		}
		for _, bad := range []string{"<script", "<iframe", "<style", "<object", "<form"} {
			require.NotContains(t, strings.ToLower(e.Content), bad)
		}
		if e.Published != nil {
			require.False(t, e.Published.AsTime().After(clock().Add(time.Hour)))
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range documents {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		f.Add(body, "application/xml; charset=utf-8")
	}
	f.Add([]byte("\xff\xfe<\x00r\x00s\x00s\x00>\x00"), "")
	f.Add([]byte(`<rss><item><description>&lt;a href="java&#10;script:x"&gt;<b xml:base="//x"><img src=y></description>`), "text/xml;charset=koi8-r")
	f.Add([]byte(`<urlset><url><loc> //x/y </loc><news:news><news:publication_date>2025-06</news:publication_date></news:news></url><url><loc>`), "")
	f.Add(zipped(f, `<urlset><url><loc>/a</loc></url></urlset>`), "application/gzip")
	f.Add([]byte("https://example.org/a\r\nhttps://example.org/b"), "text/plain")
	f.Add([]byte(`<!DOCTYPE rss [<!ENTITY a "b">]><rss><title>&a;<!-- </title><skipHours><hour>24</hour></skipHours><item/>`), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		feed, err := feedread.Read(body, feedread.Options{URL: "https://example.org/f", ContentType: contentType, MaxEntries: 20, MaxBytes: 1 << 16, Listed: true, Now: clock})
		if err != nil {
			var e *feedread.NotFeed
			require.ErrorAs(t, err, &e)
			return
		}
		checkFeed(t, feed)
	})
}
