package ngram_test

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

func builder() *ngram.Builder {
	p := func(language uint8, cost uint16) ngram.Posting { return ngram.Posting{Language: language, Cost: cost} }
	return &ngram.Builder{
		Header: ngram.Header{
			Languages: []ngram.Language{
				{Code: "de", Name: "German", Alphabets: []string{"Latin"}, Unique: "ß"},
				{Code: "el", Name: "Greek", Alphabets: []string{"Greek"}},
			},
			Shared: []ngram.Shared{{Letters: "Öö", Languages: []uint8{0}}},
		},
		Orders: [ngram.MaxOrder][]ngram.Entry{
			{{[]rune("ω"), []ngram.Posting{p(1, 9)}}, {[]rune("a"), []ngram.Posting{p(0, 7), p(1, 40000)}}, {[]rune("b"), nil}},
			{{[]rune("ba"), nil}, {[]rune("ab"), []ngram.Posting{p(0, 300)}}, {[]rune("aa"), []ngram.Posting{p(0, 0)}}},
			{{[]rune("aba"), []ngram.Posting{p(0, 1), p(1, 65535)}}},
			{{[]rune("abaω"), []ngram.Posting{p(1, 130)}}},
			{{[]rune("abaωa"), []ngram.Posting{p(1, 60000)}}},
		},
		Shift: [ngram.MaxOrder]uint8{3: 7, 4: 7},
	}
}

func encode(tb testing.TB, b *ngram.Builder) []byte {
	tb.Helper()
	var buf bytes.Buffer
	require.NoError(tb, b.Encode(&buf))
	return buf.Bytes()
}

// find walks to the row of an n-gram.
func find(t *ngram.Table, gram string) uint32 {
	row := ngram.None
	for i, r := range []rune(gram) {
		symbol, ok := slices.BinarySearch(t.Symbols(), r)
		switch {
		case !ok || i > 0 && row == ngram.None:
			return ngram.None
		case i == 0:
			row = uint32(symbol)
		default:
			row = t.Child(row, uint16(symbol))
		}
	}
	return row
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	table, err := ngram.Decode(encode(t, builder()))
	require.NoError(t, err)
	require.Equal(t, builder().Header, table.Header)
	require.Equal(t, 9, table.Rows())
	require.Equal(t, 9, table.Entries())
	for _, c := range []struct {
		gram      string
		languages []uint8
		costs     []uint16
	}{
		{"a", []uint8{0, 1}, []uint16{7, 40000}},
		{"b", []uint8{}, []uint16{}},
		{"ω", []uint8{1}, []uint16{9}},
		{"aa", []uint8{0}, []uint16{0}},
		{"ab", []uint8{0}, []uint16{300}},
		{"aba", []uint8{0, 1}, []uint16{1, 65535}},
		{"abaω", []uint8{1}, []uint16{128}},
		{"abaωa", []uint8{1}, []uint16{60032}},
	} {
		row := find(table, c.gram)
		require.NotEqual(t, ngram.None, row, c.gram)
		languages, costs := table.Postings(row)
		require.Equal(t, c.languages, languages, c.gram)
		require.Equal(t, c.costs, costs, c.gram)
	}
	for _, gram := range []string{"x", "aω", "bb", "abb", "abaωb", "ωa"} {
		require.Equal(t, ngram.None, find(table, gram), gram)
	}
}

func TestEncodeRefusesOrphans(t *testing.T) {
	t.Parallel()
	b := builder()
	b.Orders[2] = append(b.Orders[2], ngram.Entry{Letters: []rune("ωωω")})
	require.ErrorContains(t, b.Encode(&bytes.Buffer{}), "parent")
	b = builder()
	b.Orders[1] = append(b.Orders[1], ngram.Entry{Letters: []rune("ax")})
	require.ErrorContains(t, b.Encode(&bytes.Buffer{}), "not in the table")
}

func TestDecodeDamaged(t *testing.T) {
	t.Parallel()
	file := encode(t, builder())
	for n := range file {
		_, err := ngram.Decode(file[:n])
		require.ErrorIs(t, err, ngram.ErrFormat, "cut at %d", n)
	}
	_, err := ngram.DecodeHeader([]byte("dlnt\x02rest"))
	require.ErrorIs(t, err, ngram.ErrFormat)
}

func TestCost(t *testing.T) {
	t.Parallel()
	require.Zero(t, ngram.Cost(1))
	require.Equal(t, uint16(ngram.Unit), ngram.Cost(1/math.E))
	require.Equal(t, uint16(math.MaxUint16), ngram.Cost(math.SmallestNonzeroFloat64))
}

func TestSet(t *testing.T) {
	t.Parallel()
	var s, o ngram.Set
	for _, i := range []int{0, 63, 64, 127} {
		s.Add(i)
	}
	o.Add(64)
	var got []int
	for r := s; !r.Empty(); r = r.Drop() {
		got = append(got, r.First())
	}
	require.Equal(t, []int{0, 63, 64, 127}, got)
	require.Equal(t, 4, s.Len())
	require.Equal(t, o, s.And(o))
	require.False(t, s.Without(o).Has(64))
	require.Equal(t, -1, ngram.Set{}.First())
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, builder()))
	f.Add([]byte("dlnt\x01\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		table, err := ngram.Decode(file)
		if err != nil {
			return
		}
		for row := range uint32(table.Rows()) {
			table.Postings(row)
			table.Child(row, 0)
		}
	})
}
