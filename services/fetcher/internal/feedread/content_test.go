package feedread_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestContentIsSafeAndAbsolute(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<p>a<b>b`:                                                    `<p>a<b>b</b></p>`,
		`</div></td><p>x</p></div>`:                                   `<p>x</p>`,
		`<a href="/x?a=1&b=2#c">l</a>`:                                `<a href="https://example.org/x?a=1&amp;b=2#c">l</a>`,
		`<a href="java&#9;script:alert(1)">l</a>`:                     `<a>l</a>`,
		`<a href="mailto:a@b.example">m</a>`:                          `<a href="mailto:a@b.example">m</a>`,
		`<img src=pic.png onerror=alert(1) style="x">`:                `<img src="https://example.org/pic.png">`,
		`<img src="data:image/png;base64,xx">`:                        `<img>`,
		`a<script>alert(1)</script>b<style>x</style>c`:                `abc`,
		`a<iframe src="//x"> <b>text</b></iframe>`:                    `a <b>text</b>`,
		`<object data="x"><p>instead</p></object>`:                    `<p>instead</p>`,
		`<svg><script>alert(1)</script></svg><math><mi>x</mi></math>`: `x`,
		`<form action="/x"><input name=a><button>go</button></form>`:  `go`,
		`1 &lt; 2 &amp;amp; <3`:                                       `1 &lt; 2 &amp;amp; &lt;3`,
		`<table><tr><td colspan="2" bgcolor=x>c</td></tr></table>`:    `<table><tr><td colspan="2">c</td></tr></table>`,
		`<p title="x">plain <unknown>tag</unknown></p>`:               `<p>plain tag</p>`,
		`<base href="https://evil.example/"><a href="y">l</a>`:        `<a href="https://example.org/y">l</a>`,
		`<img src="a.png" srcset="javascript:x 2x">`:                  `<img src="https://example.org/a.png">`,
	} {
		feed, _ := read(t, rss(`<item><description><![CDATA[`+in+`]]></description></item>`))
		require.Equal(t, want, feed.Entries[0].Content, in)
	}
}

func TestPlainText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`a &lt;b&gt;bold&lt;/b&gt; word`:               `a bold word`,
		`AT&amp;amp;T`:                                 `AT&T`,
		`AT&amp;T`:                                     `AT&T`,
		`1 &lt; 2 and 3 &gt; 2`:                        `1 < 2 and 3 > 2`,
		`the &lt;Song&gt; of a &lt;Novel&gt;`:          `the <Song> of a <Novel>`,
		`&lt;img src=x onerror=alert(1)&gt;`:           ``,
		`&lt;script&gt;alert(1)&lt;/script&gt;after`:   `after`,
		"  lines\n\tand   spaces\u00a0here ":           "lines and spaces here",
		`&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;`: `one two`,
		`&#8220;quoted&#8221; &amp;hellip;`:            `“quoted” …`,
	} {
		feed, _ := read(t, rss(`<item><title>`+in+`</title></item>`))
		require.Equal(t, want, feed.Entries[0].Title, in)
	}
	feed, _ := read(t, rss(`<item><description><![CDATA[<p>one<br>two</p><ul><li>three</ul> four]]></description></item>`))
	require.Equal(t, "one\ntwo\nthree\nfour", feed.Entries[0].Summary)
}

func TestAuthors(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`Ann Example`:                                `Ann Example`,
		`ann@example.org (Ann Example)`:              `Ann Example`,
		`Ann Example (ann@example.org)`:              `Ann Example`,
		`Ann Example &lt;ann@example.org&gt;`:        `Ann Example`,
		`ann@example.org`:                            `ann@example.org`,
		`Ann Example (Agency)`:                       `Ann Example (Agency)`,
		`<name>Ann</name><email>a@b.example</email>`: `Ann`,
	} {
		feed, _ := read(t, rss(`<item><title>x</title><author>`+in+`</author></item>`))
		require.Equal(t, []string{want}, feed.Entries[0].Authors, in)
	}
}

func TestHintsOfPolling(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{
		``:              0,
		`<ttl>60</ttl>`: time.Hour,
		`<ttl>x</ttl>`:  0,
		`<ttl>-5</ttl>`: 0,
		`<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>`: 6 * time.Hour,
		`<ttl>600</ttl><sy:updatePeriod>hourly</sy:updatePeriod>`:                              10 * time.Hour,
		`<ttl>99999999</ttl>`: 30 * 24 * time.Hour,
	} {
		feed, _ := read(t, rss(in))
		require.Equal(t, want, feed.GetTtl().AsDuration(), in)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Thu, 05 Jun 2025 10:00:00 GMT":       "2025-06-05T10:00:00Z",
		"Thu, 5 Jun 25 10:00 +0200":           "2025-06-05T08:00:00Z",
		"5 June 2025 04:00:00 EDT":            "2025-06-05T08:00:00Z",
		"Thu, 05 Jun 2025":                    "2025-06-05T00:00:00Z",
		"2025-06-05T10:00:00.123+05:30":       "2025-06-05T04:30:00.123Z",
		"2025-06-05 10:00":                    "2025-06-05T10:00:00Z",
		"20250605T100000Z":                    "2025-06-05T10:00:00Z",
		"2025-06":                             "",
		"2025-156":                            "2025-06-05T00:00:00Z",
		"Thu Jun  5 10:00:00 2025":            "2025-06-05T10:00:00Z",
		"06/05/2025 10:00 PM":                 "",
		"06/04/2025 10:00 PM":                 "2025-06-04T22:00:00Z",
		"05.06.2025 10:00":                    "2025-06-05T10:00:00Z",
		"June 5, 2025, 9:15 a.m.":             "2025-06-05T09:15:00Z",
		"jeu., 05 juin 2025 10:00:00 +0200":   "2025-06-05T08:00:00Z",
		"mar., 03 juin 2025 10:00:00 +0200":   "2025-06-03T08:00:00Z",
		"Do, 05 Jun 2025 10:00:00 +0200":      "2025-06-05T08:00:00Z",
		"чт, 05 июн 2025 10:00:00 +0300":      "2025-06-05T07:00:00Z",
		"2025年6月5日 10:00":                     "2025-06-05T10:00:00Z",
		"1749117600":                          "2025-06-05T10:00:00Z",
		"1749117600000":                       "2025-06-05T10:00:00Z",
		"Thu, 05 Jun 2025 10:00:00 GMT-07:00": "",
		"Thu, 05 Jun 2025 12:59:00 GMT":       "2025-06-05T12:59:00Z",
		"Thu, 05 Jun 2025 14:00:00 GMT":       "",
		"Fri, 31 Dec 9999 23:59:59 GMT":       "",
		"Mon, 01 Jan 1899 00:00:00 GMT":       "",
		"1970-01-01T00:00:00Z":                "",
		"Thu, 35 Jun 2025 10:00:00 GMT":       "",
		"Thu, 05 Jun 2025 25:00:00 GMT":       "",
		"2025-06-05T10:00:00+zz:00":           "",
		"yesterday":                           "",
		"":                                    "",
	} {
		feed, _ := read(t, rss(`<item><title>x</title><pubDate>`+in+`</pubDate></item>`))
		got := ""
		if at := feed.Entries[0].Published; at != nil {
			got = at.AsTime().Format(time.RFC3339Nano)
		}
		require.Equal(t, want, got, in)
	}
}
