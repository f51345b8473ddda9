package template

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const (
	box     = "Write to the desk at any hour: a reader's letter is read by two of us before the morning conference."
	series  = "Part of our series on rivers"
	short   = "Read on:"
	common  = "The strike began in March, when the port's owners cut the night shift without a word to the union."
	paraOne = "Divers spent the night looking for lines and nets that could foul a propeller, and found eleven of them."
	paraTwo = "The harbour master said that the ferry would sail again on Monday, if the wind turned as the forecast has it."
	paraSix = "Nobody had missed the piano that lay on the quay, and nobody wanted to say how it had come there in the storm."
)

// prints fingerprints texts.
func prints(texts ...string) []Print {
	out := make([]Print, len(texts))
	for i, text := range texts {
		out[i] = PrintOf(text)
	}
	return out
}

// seenOn is a host of which n articles had the texts.
func seenOn(n int, texts ...string) *Host {
	var h *Host
	for i := range n {
		h = h.With(ArticlePrint(fmt.Sprint("seen", i)), prints(texts...))
	}
	return h
}

// para makes blocks of one make; heading makes a heading.
func para(text string) Block {
	return Block{Print: PrintOf(text), Size: SizeOf(text), Path: 1}
}

func heading(text string) Block {
	b := para(text)
	b.Path, b.Heading = 2, true
	return b
}

func boxed(text string) Block {
	b := para(text)
	b.Path = 3
	return b
}

func never(Print) bool { return false }

func TestFurniture(t *testing.T) {
	t.Parallel()
	one, two, six := para(paraOne), para(paraTwo), para(paraSix)
	tests := map[string]struct {
		host   *Host
		blocks []Block
		leave  []int
	}{
		"nothing known":           {nil, []Block{one, two, six, para(box)}, nil},
		"new to the host":         {seenOn(10, common), []Block{one, two, six, para(box)}, nil},
		"on two others":           {seenOn(2, box), []Block{one, two, six, para(box)}, nil},
		"on three others":         {seenOn(3, box), []Block{one, two, six, para(box)}, []int{3}},
		"other case and signs":    {seenOn(3, "WRITE to the desk at any hour — "+box[len("Write to the desk at any hour: "):]), []Block{one, two, six, para(box)}, []int{3}},
		"above the text":          {seenOn(3, box), []Block{para(box), one, two, six}, []int{0}},
		"inside, of other make":   {seenOn(3, box), []Block{one, boxed(box), two, six}, []int{1}},
		"inside, background":      {seenOn(5, common), []Block{one, para(common), two, six}, nil},
		"inside, on very many":    {seenOn(8, box), []Block{one, para(box), two, six}, []int{1}},
		"two together":            {seenOn(3, box, common), []Block{one, two, six, para(box), para(common)}, []int{3, 4}},
		"headed":                  {seenOn(3, box, series), []Block{one, two, six, heading(series), para(box)}, []int{3, 4}},
		"heads the story's own":   {seenOn(9, series), []Block{one, two, heading(series), six}, nil},
		"heading at the end":      {seenOn(3, series), []Block{one, two, six, heading(series)}, []int{3}},
		"dateline":                {seenOn(60, "RABAT —"), []Block{para("RABAT —"), one, two, six}, nil},
		"short, inside":           {seenOn(60, short), []Block{one, para(short), two, six}, nil},
		"short, at the end":       {seenOn(6, short), []Block{one, two, six, para(short)}, []int{3}},
		"short, on few":           {seenOn(5, short), []Block{one, two, six, para(short)}, nil},
		"short, over furniture":   {seenOn(6, short, box), []Block{one, two, six, para(short), para(box)}, []int{3, 4}},
		"most of the text":        {seenOn(9, paraOne, paraTwo, common), []Block{one, two, para(common), six}, nil},
		"tiny page":               {seenOn(9, box), []Block{one, para(box)}, nil},
		"no letters":              {seenOn(9, "* * *"), []Block{one, two, six, para("* * *")}, nil},
		"characters, not letters": {seenOn(3, "点击这里订阅本报每天早上的新闻简报"), []Block{one, two, six, para("点击这里订阅本报每天早上的新闻简报")}, []int{3}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leave, _ := tt.host.Furniture(ArticlePrint("this"), tt.blocks, never)
			var got []int
			for i := range leave {
				if leave[i] {
					got = append(got, i)
				}
			}
			require.Equal(t, tt.leave, got)
		})
	}
}

func TestFurnitureIsNotWhatTheArticleHad(t *testing.T) {
	t.Parallel()
	blocks := []Block{para(paraOne), para(paraTwo), para(paraSix), para(box)}
	had := func(p Print) bool { return p == PrintOf(box) }
	leave, _ := seenOn(9, box).Furniture(ArticlePrint("this"), blocks, had)
	require.Nil(t, leave)
}

func TestReprint(t *testing.T) {
	t.Parallel()
	blocks := []Block{para(paraOne), para(paraTwo), para(paraSix)}
	_, reprint := seenOn(3, paraOne, paraTwo, paraSix).Furniture(ArticlePrint("this"), blocks, never)
	require.True(t, reprint)
	_, reprint = seenOn(3, box).Furniture(ArticlePrint("this"), blocks, never)
	require.False(t, reprint)
}

// An article counts once however often it comes, and never for itself.
func TestArticlesAreCountedOnce(t *testing.T) {
	t.Parallel()
	var h *Host
	for range 20 {
		h = h.With(ArticlePrint("a"), prints(box))
	}
	require.Equal(t, 1, h.others(ArticlePrint("b"), PrintOf(box)))
	require.Zero(t, h.others(ArticlePrint("a"), PrintOf(box)))
	h = h.With(ArticlePrint("a"), prints(paraOne))
	require.Zero(t, h.others(ArticlePrint("b"), PrintOf(box)), "its page has it no more")
}

func TestTheWindowMovesOn(t *testing.T) {
	t.Parallel()
	h := seenOn(2, paraOne)
	first := h
	for i := range Window {
		h = h.With(ArticlePrint(fmt.Sprint("later", i)), prints(fmt.Sprint("text of ", i)))
	}
	require.Zero(t, h.others(0, PrintOf(paraOne)))
	require.Equal(t, 2, first.others(0, PrintOf(paraOne)), "what was known stays as it was")
}

// Another look at an article finds the furniture of the first, though the window
// has moved on.
func TestWhatIsEstablishedIsRemembered(t *testing.T) {
	t.Parallel()
	h := seenOn(established, box)
	for i := range memory * step {
		if i == Window*2 {
			require.Equal(t, minOthers, h.others(ArticlePrint("b"), PrintOf(box)))
		}
		h = h.With(ArticlePrint(fmt.Sprint("later", i)), nil)
	}
	for i := range 2 * Window {
		h = h.With(ArticlePrint(fmt.Sprint("last", i)), nil)
	}
	require.Zero(t, h.others(ArticlePrint("b"), PrintOf(box)), "not for ever")
}

// A host that sends many blocks a page pushes out its own, but not what recurs.
func TestManyBlocks(t *testing.T) {
	t.Parallel()
	var h *Host
	for i := range 2 * Window {
		page := []string{box}
		for k := range 1_000 {
			page = append(page, fmt.Sprint("block ", i, " ", k))
		}
		h = h.With(ArticlePrint(fmt.Sprint("page", i)), prints(page...))
		require.LessOrEqual(t, len(h.blocks), MaxBlocks)
	}
	require.Equal(t, Window, h.others(0, PrintOf(box)))
	require.Len(t, h.Encode(), MaxSize)
	require.LessOrEqual(t, MaxSize, 32<<10)
}

func TestProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pages := rapid.SliceOfN(rapid.SliceOfN(rapid.Uint64Range(0, 4000), 0, 60), 0, 70).Draw(t, "pages")
		names := rapid.SliceOfN(rapid.Uint64Range(1, 80), len(pages), len(pages)).Draw(t, "articles")
		h := &Host{}
		for i, page := range pages {
			of := make([]Print, len(page))
			for k, p := range page {
				of[k] = Print(p)
			}
			h = h.With(Print(names[i]), of)
			require.True(t, bytes.Equal(h.Encode(), h.With(Print(names[i]), of).Encode()), "a page that comes twice counts once")
		}
		data := h.Encode()
		require.LessOrEqual(t, len(data), MaxSize)
		again, err := Decode(data)
		require.NoError(t, err)
		require.Equal(t, data, again.Encode())
		for _, b := range h.blocks {
			if n := h.others(1, b.print); n < 0 || n > Window {
				t.Fatalf("a block on %d articles", n)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add((&Host{}).Encode())
	f.Add(seenOn(9, box, paraOne).Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := Decode(data)
		if err != nil {
			require.ErrorIs(t, err, ErrMalformed)
			return
		}
		require.Equal(t, data, h.Encode())
		h = h.With(ArticlePrint("a"), prints(box))
		_, err = Decode(h.Encode())
		require.NoError(t, err)
	})
}
