package char_test

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/char"
)

func TestOfIsWhatUnicodeSays(t *testing.T) {
	t.Parallel()
	const planes = 0x32000 // beyond them there are hardly any characters
	for r := rune(-1); r <= unicode.MaxRune+1; r++ {
		if r == planes {
			r = unicode.MaxRune - 0x30000
		}
		c := char.Of(r)
		for _, p := range []struct {
			class char.Class
			want  bool
		}{
			{char.Letter, unicode.IsLetter(r)},
			{char.Mark, unicode.IsMark(r)},
			{char.Digit, unicode.IsDigit(r)},
			{char.Upper, unicode.IsUpper(r)},
			{char.Title, unicode.IsTitle(r)},
			{char.Lower, unicode.IsLower(r)},
			{char.Space, unicode.IsSpace(r)},
			{char.Format, unicode.Is(unicode.Cf, r)},
			{char.Wide, unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)},
			{char.Tall, unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)},
			{char.Hangul, unicode.Is(unicode.Hangul, r)},
		} {
			if c&p.class != 0 != p.want {
				require.Failf(t, "wrong class", "%U: class %b is %v", r, p.class, c&p.class != 0)
			}
		}
	}
}
