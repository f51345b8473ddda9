package mainbody

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

func parsePage(t testing.TB, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	return root
}

func never() bool { return false }

func TestCut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, page string
		want       []string
	}{
		{"blocks", `<p>One <b>two</b></p><div>three<p>four</p>five</div>`, []string{"One two", "three", "four", "five"}},
		{"white space", "<p>\n  a \t b\u00a0c  </p>", []string{"a b c"}},
		{"line breaks", `<p>one<br>two<br><br>three</p>`, []string{"one", "two", "three"}},
		{"inline elements join", `<p>Hyper<i>text</i> <a href="/x">link</a>, end</p>`, []string{"Hypertext link, end"}},
		{"not text", `<script>x</script><style>y</style><p>z</p><noscript>n</noscript><select><option>o</select><button>b</button>`, []string{"z"}},
		{"table", `<table><tr><td>a<td>b</table>`, []string{"a", "b"}},
		{"preformatted", "<pre>a\nb\n\nc</pre>", []string{"a", "b", "c"}},
		{"controls", "<p>a\x01b\u202ec</p>", []string{"abc"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, b := range cut(parsePage(t, tt.page), never).blocks {
				got = append(got, b.text)
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestCutDescribesBlocks(t *testing.T) {
	t.Parallel()
	pg := cut(parsePage(t, `<main><article class="storyBody"><p>Hello <a href="/x">there, friend</a>. Bye!</p></article></main>`), never)
	require.Len(t, pg.blocks, 1)
	b := pg.blocks[0]
	require.EqualValues(t, 25, b.chars)
	require.EqualValues(t, 13, b.linkChars)
	require.EqualValues(t, 1, b.links)
	require.EqualValues(t, 1, b.commas)
	require.EqualValues(t, 2, b.ends)
	e := pg.elements[b.el]
	require.Equal(t, inArticle|inMain, e.in)
	require.NotZero(t, e.up&classContent)
	require.Equal(t, []link{{block: 0, href: "/x", from: 6, to: 19, text: "there, friend"}}, pg.links)
}

func TestSoftBreaksStayInTheParagraph(t *testing.T) {
	t.Parallel()
	body := Fragment(parsePage(t, `<p>Roses are red,<br>violets are blue.<br><br>The end.</p>`))
	require.Equal(t, []Piece{{Kind: Paragraph, Text: "Roses are red,\nviolets are blue."}, {Kind: Paragraph, Text: "The end."}}, body.Pieces)
}

func TestFragmentKinds(t *testing.T) {
	t.Parallel()
	body := Fragment(parsePage(t, `<h2>Head</h2><p>Text.</p><ul><li>One<ul><li>Deep</li></ul></li></ul><blockquote><p>Said.</p></blockquote><pre>x = 1</pre>
		<figure><img src="a.jpg"><figcaption>Caption</figcaption></figure><p>Last words.</p><p><a href="/more">The post appeared first on a site</a></p>`))
	require.Equal(t, []Piece{
		{Kind: Heading, Level: 2, Text: "Head"},
		{Kind: Paragraph, Text: "Text."},
		{Kind: Item, Level: 1, Text: "One"},
		{Kind: Item, Level: 2, Text: "Deep"},
		{Kind: Quotation, Text: "Said."},
		{Kind: Preformatted, Text: "x = 1"},
		{Kind: Paragraph, Text: "Last words."},
	}, body.Pieces)
}

func TestClassOf(t *testing.T) {
	t.Parallel()
	require.NotZero(t, classOf("post__articleBody")&classContent)
	require.NotZero(t, classOf("js-share-bar")&classShare)
	require.NotZero(t, classOf("relatedPosts")&classRelated)
	require.Zero(t, classOf("administration adamant"))
	require.Zero(t, classOf(""))
}

const storyPage = `<html><body><nav><ul><li><a href="/a">News</a></li><li><a href="/b">Sport</a></li></ul></nav>
<article><h1>Bridge closes</h1><p>The harbour bridge will close to all traffic from Monday after engineers found cracks, the city said on Tuesday.</p>
<p>The closure is expected to last ten weeks, until early August, and ferries will run every eight minutes at peak times.</p>
<p>“We know what this means for people who cross the river every day,” said Helena Brandt, the department’s chief engineer.</p></article>
<footer><p>© 2024 Courier. All rights reserved.</p></footer></body></html>`

func TestExtract(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]Extractor{"classifier": {}, "rules": {Rules: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := x.Extract(parsePage(t, storyPage), Hints{Title: "Bridge closes"}, never)
			require.Len(t, body.Pieces, 3)
			require.True(t, strings.HasPrefix(body.Text(), "The harbour bridge"))
			require.True(t, strings.HasSuffix(body.Text(), "chief engineer."))
			require.Greater(t, body.Confidence, 0.5)
		})
	}
}

func TestExtractStopsWhenAsked(t *testing.T) {
	t.Parallel()
	page := strings.Repeat("<p>word word word word word</p>", 5000)
	body := Extractor{}.Extract(parsePage(t, page), Hints{}, func() bool { return true })
	require.True(t, body.Truncated)
	require.Less(t, body.Blocks, 5000)
}

func TestFeatureCounts(t *testing.T) {
	t.Parallel()
	in := Inspect(parsePage(t, storyPage), Hints{Title: "Bridge closes", Abstract: "Ten weeks", Body: "The harbour bridge will close"})
	require.Len(t, in.w.row, featureCount)
	in.ScoreFirst(&Forest{})
	require.Len(t, in.Rows(), in.Blocks(), "even odds are hope")
	require.Len(t, in.w.row, secondOwn)
	for i := range in.Blocks() {
		require.Len(t, in.Second(i), secondCount)
		require.Equal(t, in.First(i), in.Second(i)[:featureCount])
		for _, v := range in.Second(i) {
			require.False(t, v != v, "not a number")
		}
	}
	in.ScoreFirst(&Forest{Bias: -9})
	require.Empty(t, in.Rows())
}

func TestMatchHints(t *testing.T) {
	t.Parallel()
	pg := cut(parsePage(t, "<p>The bridge, the bridge!</p><p>A tunnel</p>"), never)
	got := matchHints(pg, Hints{Title: "Bridge closes", Body: "Here the bridge stands"})
	require.Equal(t, []match{
		{inTitle: 0.5, ofTitle: 0.5, inBody: 2.0 / 3},
		{inBody: 0},
	}, got)
}

func TestModelRoundTrip(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	var m Model
	for _, f := range []*Forest{&m.First, &m.Second} {
		f.Bias = -1
		for range 7 {
			var tree Tree
			for d := range tree.Features {
				tree.Features[d] = uint16(rng.IntN(featureCount))
				tree.Thresholds[d] = rng.Float32()
			}
			for k := range tree.Leaves {
				tree.Leaves[k] = rng.Float32() - 0.5
			}
			f.Trees = append(f.Trees, tree)
		}
	}
	m.Lexicon = NewLexicon([]Term{{wordKey(7 << 40), 20}, {pairKey(7<<40, 9<<40), -30}})
	b, err := m.AppendBinary(nil)
	require.NoError(t, err)
	got, err := ReadModel(b)
	require.NoError(t, err)
	x := &matrix{}
	x.reset(secondCount, 100)
	for i := range x.values {
		x.values[i] = rng.Float32()
	}
	require.InDeltaSlice(t, m.First.scores(nil, x), got.First.scores(nil, x), 1e-3)
	require.Equal(t, []float32{-5, 10, 15, 20, -30}, got.Lexicon.add(nil, []uint64{7 << 40, 9 << 40}))
	require.InDeltaSlice(t, m.Second.scores(nil, x), got.Second.scores(nil, x), 1e-3)
}

func FuzzReadModel(f *testing.F) {
	f.Add(modelFile)
	f.Add([]byte(modelMark))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ReadModel(b)
		require.Equal(t, err == nil, m != nil)
	})
}

func FuzzExtract(f *testing.F) {
	f.Add(storyPage, "Bridge closes")
	f.Add("<p>a<br><br>b<a href=/x>c<div>d</a>e", "")
	f.Fuzz(func(t *testing.T, page, title string) {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			return
		}
		body := Extractor{}.Extract(root, Hints{Title: title}, never)
		for _, p := range body.Pieces {
			require.NotEmpty(t, p.Text)
			require.NotContains(t, p.Text, "\n\n")
		}
	})
}

// BenchmarkExtract measures a page of some 300 blocks, of which the tree is there.
func BenchmarkExtract(b *testing.B) {
	menu := strings.Repeat(`<li class="menu-item"><a href="/section">Section</a></li>`, 150)
	story := strings.Repeat(`<p>`+firstPara+` <a href="/x">`+lastPara+`</a> `+firstPara+`</p>`, 25)
	teasers := strings.Repeat(`<div class="teaser"><h3><a href="/y">Bridge closes for ten weeks</a></h3><p>`+lastPara+`</p><time>12:30</time></div>`, 40)
	root := parsePage(b, `<body><nav><ul>`+menu+`</ul></nav><main><article><h1>Bridge closes</h1><div class="story-body">`+story+`</div></article>`+teasers+`</main>`)
	b.ReportAllocs()
	for b.Loop() {
		Extractor{}.Extract(root, Hints{Title: "Bridge closes"}, never)
	}
}
