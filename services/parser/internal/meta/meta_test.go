package meta

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

var now = time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)

func resolve(t *testing.T, page, url string) *Story {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	return Collect(root).Resolve(Context{URL: url, Now: now})
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, page, want, source string }{
		{"h1 that the title supports", `<title>Bridge closes | Courier</title><h1>Bridge closes</h1>`, "Bridge closes", HTML},
		{"h1 over the social title", `<title>Bridge closes for ten weeks - Courier</title><meta property="og:title" content="What drivers must know"><h1>Bridge closes for ten weeks</h1>`, "Bridge closes for ten weeks", HTML},
		{"h1 is the site", `<meta property="og:site_name" content="Courier"><meta property="og:title" content="Bridge closes"><h1>Courier</h1>`, "Bridge closes", OpenGraph},
		{"json-ld", `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge &amp; tunnel close"}</script>`, "Bridge & tunnel close", JSONLD},
		{"kicker in the h1", `<meta property="og:title" content="Ten weeks without the bridge"><h1><span>Transport</span> Ten weeks without the bridge</h1>`, "Ten weeks without the bridge", HTML},
		{"site in front", `<title>Courier: Bridge closes for ten weeks</title>`, "Bridge closes for ten weeks", HTML},
		{"host as the site", `<title>Bridge closes for ten weeks - courier</title>`, "Bridge closes for ten weeks", HTML},
		{"dash inside", `<title>Ten weeks - and then what?</title>`, "Ten weeks - and then what?", HTML},
		{"h2 where no h1 is", `<title>Il mulino torna a macinare - Gazzetta della Piana</title><h2>Il mulino torna a macinare</h2>`, "Il mulino torna a macinare", HTML},
		{"h2 under the paper's h1", `<title>Gazzetta della Piana » Il mulino torna a macinare</title><h1>Gazzetta della Piana</h1><h2>Cronaca</h2><h2>Il mulino torna a macinare</h2>`, "Il mulino torna a macinare", HTML},
		{"h2 of a teaser", `<title>Ten weeks without the bridge - Courier</title><h1>Ten weeks without the bridge</h1><h2>Ten weeks</h2>`, "Ten weeks without the bridge", HTML},
		{"h2 that the title lacks", `<title>Ten weeks - and then what?</title><h2>What the mayor says</h2>`, "Ten weeks - and then what?", HTML},
		{"none", `<p>x</p>`, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := resolve(t, tt.page, "https://www.courier.example/x")
			require.Equal(t, tt.want, s.Headline.Text)
			require.Equal(t, tt.source, s.Headline.Source)
		})
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, page, url, published, source, modified string }{
		{"json-ld first", `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-05-21T06:30:00+01:00","dateModified":"2024-05-22T06:30:00Z"}</script><meta property="article:published_time" content="2020-01-01">`, "", "2024-05-21T05:30:00Z", JSONLD, "2024-05-22T06:30:00Z"},
		{"open graph", `<meta property="article:published_time" content="2024-05-21T06:30:00Z">`, "", "2024-05-21T06:30:00Z", OpenGraph, ""},
		{"meta", `<meta name="dc.date.issued" content="2024-05-21">`, "", "2024-05-21T00:00:00Z", Meta, ""},
		{"future is refused", `<meta name="date" content="2031-05-21"><div class="date">3 May 2024</div>`, "", "2024-05-03T00:00:00Z", HTML, ""},
		{"time element", `<h1>x</h1><time datetime="2024-05-20T10:00:00+02:00">yesterday</time>`, "", "2024-05-20T08:00:00Z", HTML, ""},
		{"printed", `<html lang="fr"><h1>x</h1><p>Publié le 3 mai 2024 à 18h05</p>`, "", "2024-05-03T18:05:00Z", HTML, ""},
		{"not the copyright", `<h1>x</h1><p>Text</p><footer>© 12 January 2024 Courier</footer>`, "", "", "", ""},
		{"address", `<h1>x</h1>`, "https://a.example/2024/05/07/bridge", "2024-05-07T00:00:00Z", URL, ""},
		{"printed, borne out by the address", `<title>Il mulino torna a macinare - Gazzetta</title><small>Cronaca | 14 marzo 2024, ore 18:35</small><h2>Il mulino torna a macinare</h2>`, "https://a.example/2024-03-14/mulino", "2024-03-14T18:35:00Z", HTML, ""},
		{"printed, not the address's day", `<h1>x</h1><small>12 marzo 2024, ore 18:35</small>`, "https://a.example/2024-03-14/mulino", "2024-03-14T00:00:00Z", URL, ""},
		{"printed, marked as a date", `<h1>x</h1><div class="post-date">12 marzo 2024, ore 18:35</div>`, "https://a.example/2024-03-14/mulino", "2024-03-12T18:35:00Z", HTML, ""},
		{"printed over a vague name", `<meta name="date" content="2024-05-20T22:01:10Z"><h1>x</h1><time datetime="2024-03-03">3 March 2024</time>`, "", "2024-03-03T00:00:00Z", HTML, ""},
		{"a vague name alone", `<meta name="date" content="2024-05-20T22:01:10Z"><h1>x</h1>`, "", "2024-05-20T22:01:10Z", Meta, ""},
		{"label before it", `<h1>x</h1><p><b>Updated:</b> <i>March 9, 2024</i></p><p><b>Published:</b> <i>March 3, 2024</i></p>`, "", "2024-03-03T00:00:00Z", HTML, ""},
		{"parts without spaces", `<h1>x</h1><div class="date"><span>4 de mayo de 2024</span><span>07:59 hs</span></div>`, "", "2024-05-04T07:59:00Z", HTML, ""},
		{"dates of a list", `<ul><li class="date">1 May 2024</li><li class="date">2 May 2024</li><li class="date">3 May 2024</li><li class="date">4 May 2024</li></ul><h1>x</h1><p>2 March 2024</p>`, "", "2024-03-02T00:00:00Z", HTML, ""},
		{"opens the text", `<h1>x</h1><p>(18.01.2024) ` + strings.Repeat("Il mulino torna a macinare. ", 9) + `</p>`, "", "2024-01-18T00:00:00Z", HTML, ""},
		{"day before month", `<h1>x</h1><time class="archive">May 2024</time><span class="date">3 May 2024</span>`, "", "2024-05-03T00:00:00Z", HTML, ""},
		{"told from now", `<html lang="fr"><h1>x</h1><span class="date">il y a 3 jours</span>`, "", "2024-05-29T00:00:00Z", HTML, ""},
		{"exchanged by another date", `<html lang="de"><meta name="pubdate" content="11/01/2023 12:43:42"><h1>x</h1><p>Erstellt am: 01.11.2023</p>`, "", "2023-11-01T12:43:42Z", Meta, ""},
		{"in a script", `<h1>x</h1><script>window.page = {"publishedAt":"2024-05-03T11:20:00Z"}</script>`, "", "2024-05-03T11:20:00Z", HTML, ""},
		{"scripts that do not agree", `<h1>x</h1><script>p = [{"publishedAt":"2024-05-03"},{"publishedAt":"2024-05-04"},{"publishedAt":"2024-05-05"}]</script>`, "", "", "", ""},
		{"a recipe", `<script type="application/ld+json">{"@type":"HowTo","name":"Bread","datePublished":"2024-05-03"}</script>`, "", "2024-05-03T00:00:00Z", JSONLD, ""},
		{"a comment's", `<script type="application/ld+json">{"@type":"Comment","name":"Bread","datePublished":"2024-05-03"}</script>`, "", "", "", ""},
		{"only modified", `<meta property="article:modified_time" content="2024-05-21T06:30:00Z">`, "", "2024-05-21T06:30:00Z", OpenGraph, "2024-05-21T06:30:00Z"},
		{"modified before published is dropped", `<meta property="article:published_time" content="2024-05-21T06:30:00Z"><meta property="article:modified_time" content="2024-05-20T06:30:00Z">`, "", "2024-05-21T06:30:00Z", OpenGraph, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := resolve(t, tt.page, tt.url)
			require.Equal(t, tt.published != "", s.Published.Known)
			if tt.published != "" {
				require.Equal(t, tt.published, s.Published.Time.Format(time.RFC3339))
				require.Equal(t, tt.source, s.Published.Source)
			}
			require.Equal(t, tt.modified != "", s.Modified.Known)
			if tt.modified != "" {
				require.Equal(t, tt.modified, s.Modified.Time.Format(time.RFC3339))
			}
		})
	}
}

func TestAuthors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, page string
		want       []string
	}{
		{"references in a graph", `<script type="application/ld+json">{"@graph":[{"@type":"Person","@id":"#p","name":"Miriam Okafor"},{"@type":"NewsArticle","author":{"@id":"#p"}}]}</script>`, []string{"Miriam Okafor"}},
		{"the person rather than the paper", `<meta property="og:site_name" content="Courier"><script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Organization","name":"Courier"}}</script><p class="byline">By Tom Reyes</p>`, []string{"Tom Reyes"}},
		{"the paper if nobody else", `<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Organization","name":"Example Agency"}}</script>`, []string{"Example Agency"}},
		{"meta", `<meta name="author" content="Miriam Okafor, Tom Reyes">`, []string{"Miriam Okafor", "Tom Reyes"}},
		{"an address is no name", `<meta property="article:author" content="https://social.example/miriam"><a rel="author" href="/m">Miriam Okafor</a>`, []string{"Miriam Okafor"}},
		{"microdata, not the comments'", `<span itemprop="author" itemscope><b itemprop="name">Miriam Okafor</b></span><div class="comments"><span itemprop="author">Angry Reader</span></div>`, []string{"Miriam Okafor"}},
		{"printed", `<h1>x</h1><p>Von Jutta Sommerfeld</p>`, []string{"Jutta Sommerfeld"}},
		{"printed under a label", `<h1>x</h1><div><span>Written by</span> <span>Jutta Sommerfeld</span></div>`, []string{"Jutta Sommerfeld"}},
		{"printed, each in an element", `<h1>x</h1><p>Von <b><a href="/j">Jutta Sommerfeld</a></b> und <b><a href="/a">Anton Reiser</a></b><br>Der Rat tagt.</p>`, []string{"Jutta Sommerfeld", "Anton Reiser"}},
		{"not the photographer", `<h1>x</h1><figure><figcaption class="byline">By Tom Reyes</figcaption></figure><p class="byline">By Miriam Okafor</p>`, []string{"Miriam Okafor"}},
		{"nobody", `<h1>x</h1><p>By the time the ferry came it was dark.</p>`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, resolve(t, tt.page, "").Authors)
		})
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	s := resolve(t, `<meta name="robots" content="noindex, noarchive"><meta name="tdm-reservation" content="0"><link rel="license" href="https://licence.example/by">
		<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"http://schema.org/False"}</script>`, "")
	require.NotNil(t, s.Free)
	require.False(t, *s.Free)
	require.Equal(t, "noindex, noarchive", s.RobotsMeta.Text)
	require.Equal(t, "open", s.TDM.Text)
	require.Equal(t, "https://licence.example/by", s.License.Text)
	require.Nil(t, resolve(t, "<p>x", "").Free)
}

func TestBrokenJSONLD(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"trailing comma":     `{"@type":"NewsArticle","headline":"Bridge closes",}`,
		"comment around":     `<!-- {"@type":"NewsArticle","headline":"Bridge closes"} -->`,
		"line end in string": "{\"@type\":\"NewsArticle\",\"headline\":\"Bridge\n closes\"}",
		"stray backslash":    `{"@type":"NewsArticle","headline":"Bridge\ closes"}`,
		"list of types":      `[{"@type":["NewsArticle","Thing"],"headline":"Bridge closes"}]`,
		"absolute type":      `{"@type":"https://schema.org/NewsArticle","headline":"Bridge closes"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, "Bridge closes", resolve(t, `<script type="application/ld+json">`+script+`</script>`, "").Headline.Text)
		})
	}
}

func TestTagsAndImages(t *testing.T) {
	t.Parallel()
	s := resolve(t, `<meta name="keywords" content="bridges, transport, bridges, type:article"><meta property="og:image" content="/a.jpg"><meta property="og:image:width" content="1200">
		<script type="application/ld+json">{"@type":"NewsArticle","image":[{"@type":"ImageObject","url":"/b.jpg","width":{"@type":"QuantitativeValue","value":640}}]}</script>`, "")
	require.Equal(t, []string{"bridges", "transport"}, s.Tags)
	require.Equal(t, []Image{{URL: "/a.jpg", Width: 1200}, {URL: "/b.jpg", Width: 640}}, s.Images)
}

func FuzzResolve(f *testing.F) {
	f.Add(`<script type="application/ld+json">{"@type":"NewsArticle","author":[{"@id":"#a"}],"datePublished":"2024-13-41"}</script>`, "https://a.example/2024/1/1")
	f.Add(`<meta property="article:published_time" content="٢٠٢٤"><h1><h1>x</h1>`, "::")
	f.Fuzz(func(t *testing.T, page, url string) {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			return
		}
		s := Collect(root).Resolve(Context{URL: url, Now: now})
		require.True(t, !s.Published.Known || s.Published.Plausible(now))
		require.LessOrEqual(t, len(s.Tags), maxTags)
	})
}

func TestZones(t *testing.T) {
	t.Parallel()
	const at = `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-05-04T02:41:10Z"}</script><h1>x</h1>`
	for name, tt := range map[string]struct {
		page, url string
		offset    int
	}{
		"a clock tells it":            {at + `<span>3/5/2024 22:41</span>`, "", -240},
		"a clock with its zone":       {at + `<p>May 3, 2024 10:41 pm EDT</p>`, "", -240},
		"east":                        {at + `<time>4. Mai 2024, 04:41 Uhr</time>`, "", 120},
		"UTC is shown":                {at + `<span>May 4, 2024 02:41</span>`, "https://a.example/2024/05/03/x", 0},
		"the address's day":           {at, "https://a.example/2024/05/03/x", -180},
		"a printed day":               {at + `<time>May 3, 2024</time>`, "", -180},
		"the day in UTC":              {at + `<time>May 4, 2024</time>`, "https://a.example/2024/05/03/x", 0},
		"another time, another story": {at + `<span>May 3, 2024 22:50</span>`, "", 0},
		"a script's clock":            {at + `<script>page.publication_date = '2024-05-03 21:41'</script>`, "", -300},
		"a zone is given":             {`<meta property="article:published_time" content="2024-05-04T02:41:10+02:00"><h1>x</h1><span>May 3, 2024 20:41</span>`, "", 120},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := resolve(t, tt.page, tt.url)
			require.Equal(t, tt.offset, s.Published.Offset)
			require.True(t, s.Published.ZoneKnown)
		})
	}
}

func TestFutureIsDoubtful(t *testing.T) {
	t.Parallel()
	const ahead = `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2031-05-04T02:41:10Z"}</script><h1>x</h1>`
	s := resolve(t, ahead, "")
	require.Equal(t, DoubtFuture, s.Published.Doubt)
	require.Equal(t, 2031, s.Published.Time.Year())
	require.Less(t, s.Published.Confidence, 0.5)
	s = resolve(t, ahead+`<p class="date">3 May 2024</p>`, "")
	require.Empty(t, s.Published.Doubt)
	require.Equal(t, 2024, s.Published.Time.Year())
}

func TestTheTitlesPrintedPart(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ page, want string }{
		"paper in front, its name in another script": {`<title>ΝΕΑ ΤΟΥ ΛΙΜΑΝΙΟΥ : Η γέφυρα κλείνει για μία εβδομάδα</title><td class="t">Η γέφυρα κλείνει για μία εβδομάδα</td>`, "Η γέφυρα κλείνει για μία εβδομάδα"},
		"sections behind it, no spaces":              {`<title>港口大桥将关闭一周_新闻中心_港口网</title><p>x</p>`, "港口大桥将关闭一周"},
		"hyphens in a script without spaces":         {`<title>港口大桥下周将全面关闭-港口网</title><p>x</p>`, "港口大桥下周将全面关闭"},
		"a hyphen of the headline's own":             {`<title>港口大桥下周将全面关闭-图</title><h1>港口大桥下周将全面关闭-图</h1>`, "港口大桥下周将全面关闭-图"},
		"a kicker stays":                             {`<title>Verkehr: Die Brücke am Hafen schließt</title><h1><span>Verkehr:</span> <b>Die Brücke am Hafen schließt</b></h1>`, "Verkehr: Die Brücke am Hafen schließt"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, resolve(t, tt.page, "https://www.courier.example/x").Headline.Text)
		})
	}
}

func TestPersonsGoBeforeHandlesAndFirms(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"handle":     `<meta name="author" content="mokafor77"><h1>Bridge closes</h1><p class="byline">By Miriam Okafor</p>`,
		"given name": `<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person","name":"Miriam"}}</script><h1>Bridge closes</h1><p class="byline">By Miriam Okafor</p>`,
		"publisher":  `<meta name="author" content="Hafenverein e.V."><h1>Bridge closes</h1><p class="byline">By Miriam Okafor</p>`,
	} {
		require.Equal(t, []string{"Miriam Okafor"}, resolve(t, page, "").Authors, name)
	}
	require.Equal(t, []string{"Redaktion"}, resolve(t, `<h1>Brücke zu</h1><p class="byline">Von Redaktion, 24. Januar 2022</p>`, "").Authors)
}
