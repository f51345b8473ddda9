package feedread_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
)

func TestSkippedHoursAndDays(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]*datelinev1.Feed{
		`<skipHours><hour>3</hour><hour> 24 </hour><hour>0</hour><hour>25</hour><hour>-1</hour><hour>x</hour><hour>23</hour></skipHours>`:                      {SkipHours: []uint32{0, 3, 23}},
		`<skipDays><day>Sunday</day><day>SATURDAY</day><day> monday </day><day>lundi</day><day>Monday</day></skipDays>`:                                        {SkipDays: []uint32{0, 1, 6}},
		`<skipDays><day>Sunday</day><day>Monday</day><day>Tuesday</day><day>Wednesday</day><day>Thursday</day><day>Friday</day><day>Saturday</day></skipDays>`: {},
		`<skipHours/><skipDays>Sunday</skipDays>`: {},
	} {
		feed, _ := read(t, rss(in))
		require.Equal(t, want.SkipHours, feed.SkipHours, in)
		require.Equal(t, want.SkipDays, feed.SkipDays, in)
	}
}

func TestSelfAndHub(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		rss(`<atom:link rel="self" href="/feed"/><atom:link rel="hub" href="https://hub.example/"/><atom:link rel="hub" href="https://other.example/"/>`):                                                     {"https://example.org/feed", "https://hub.example/"},
		`<feed xmlns="http://www.w3.org/2005/Atom"><link rel="SELF" href="https://example.org/atom"/><link rel="hub" href="//hub.example/h"/><entry><id>1</id></entry></feed>`:                                {"https://example.org/atom", "https://hub.example/h"},
		`{"version":"https://jsonfeed.org/version/1.1","feed_url":"https://example.org/j","hubs":[{"type":"rssCloud","url":"https://c.example/"},{"type":"WebSub","url":"https://hub.example/"}],"items":[]}`: {"https://example.org/j", "https://hub.example/"},
		rss(`<atom:link rel="self" href="javascript:x"/>`):        {"", ""},
		rss(`<item><atom:link rel="self" href="/entry"/></item>`): {"", ""},
	} {
		feed, _ := read(t, in)
		require.Equal(t, want, [2]string{feed.SelfUrl, feed.HubUrl}, in)
	}
}

func TestContentLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{"sv": "sv", "sv, en": "", " sv-FI ": "sv-FI", "": ""} {
		feed, err := feedread.Read([]byte(rss(`<item/>`)), feedread.Options{ContentLanguage: header})
		require.NoError(t, err)
		require.Equal(t, want, feed.Language, header)
		require.Equal(t, want, feed.Entries[0].Language, header)
	}
	feed, err := feedread.Read([]byte(rss(`<language>fi</language>`)), feedread.Options{ContentLanguage: "sv"})
	require.NoError(t, err)
	require.Equal(t, "fi", feed.Language)
}

func TestDatesThatAreLessExactThanATime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"<pubDate>2025-06-05T00:00:00Z</pubDate>":                           {"2025-06-05", ""},
		"<pubDate>Thu, 05 Jun 2025 00:00:00 GMT</pubDate>":                  {"2025-06-05", ""},
		"<pubDate>2025-06-05</pubDate>":                                     {"2025-06-05", "2025-06-05"},
		"<pubDate>20250605</pubDate>":                                       {"2025-06-05", "20250605"},
		"<pubDate>2025-156</pubDate>":                                       {"2025-06-05", "2025-156"},
		"<pubDate> 5  June 2025 </pubDate>":                                 {"2025-06-05", "5 June 2025"},
		"<pubDate>June 2025</pubDate>":                                      {"", "June 2025"},
		"<pubDate>2025-06</pubDate>":                                        {"", "2025-06"},
		"<pubDate>2025</pubDate>":                                           {"", "2025"},
		"<pubDate>2025-06</pubDate><dc:date>2025-06-03T10:00:00Z</dc:date>": {"2025-06-03", ""},
		"<pubDate>soon</pubDate>":                                           {"", ""},
	} {
		feed, _ := read(t, rss("<item><title>x</title>"+in+"</item>"))
		e, day := feed.Entries[0], ""
		if e.Published != nil {
			day = e.Published.AsTime().Format("2006-01-02")
		}
		require.Equal(t, want, [2]string{day, e.PublishedText}, in)
	}
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"Thu, 05 Jun 2025 10:00:00 GMT", "2025-06", "20250605", "-25-06-05", "5 juin 25 a.m. +02:00 (x)", "2025年6月5日", "1749117600", "06/04/2025"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "]]>") || !utf8.ValidString(s) {
			return
		}
		feed, err := feedread.Read([]byte(rss("<item><title>x</title><pubDate><![CDATA["+s+"]]></pubDate></item>")), feedread.Options{Now: clock})
		require.NoError(t, err)
		e := feed.Entries[0]
		require.LessOrEqual(t, len(e.PublishedText), 100)
		if e.Published != nil {
			at := e.Published.AsTime()
			require.False(t, at.Year() < 1900 || at.After(clock().Add(time.Hour)), s)
			require.True(t, e.PublishedText == "" || at.Equal(at.Truncate(24*time.Hour)), s)
		}
	})
}
