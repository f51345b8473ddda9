package tagger

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// letterCounts is what a token is made of.
type letterCounts struct {
	upper, lower, other, digits, points int
	firstUpper, chinese                 bool
}

// letterKind counts a letter and gives the sign that stands for it in the exact
// shape.
func (c *letterCounts) letterKind(r rune) byte {
	switch {
	case 'a' <= r && r <= 'z':
		c.lower++
		return 'x'
	case 'A' <= r && r <= 'Z':
		c.upper++
		return 'X'
	case '0' <= r && r <= '9':
		c.digits++
		return '0'
	case r < utf8.RuneSelf:
		if r == '.' {
			c.points++
		}
		return byte(r)
	case unicode.IsUpper(r) || unicode.IsTitle(r):
		c.upper++
		return 'X'
	case unicode.IsLower(r):
		c.lower++
		return 'x'
	case unicode.IsLetter(r) || unicode.IsMark(r):
		c.other++
		c.chinese = c.chinese || unicode.Is(unicode.Han, r)
		return 'o'
	case unicode.IsDigit(r):
		c.digits++
		return '0'
	}
	return '.'
}

// shapeOf gives the coarse shape and a hash of the exact one, with runs of
// letters of one case folded ("Xx-Xx").
func shapeOf(text string) (shape, uint64) {
	var c letterCounts
	hash, last := uint64(offset64), byte(0)
	for i, r := range text {
		sign := c.letterKind(r)
		if i == 0 {
			c.firstUpper = sign == 'X'
		}
		if sign != last {
			hash = (hash ^ uint64(sign)) * prime64
			last = sign
		}
	}
	if strings.Contains(text, "://") {
		return punctuation, hash
	}
	return c.shape(), hash
}

func (c *letterCounts) shape() shape {
	letters := c.upper + c.lower + c.other
	switch {
	case letters == 0 && c.digits == 0:
		return punctuation
	case letters == 0:
		return number
	case c.digits > 0:
		return alphanumeric
	case c.chinese:
		return han
	case c.other > 0 && c.upper+c.lower == 0:
		return uncased
	case c.upper == 1 && letters == 1 && c.points > 0:
		return initial
	case c.upper == 1 && letters == 1:
		return letter
	case c.upper > 0 && c.lower == 0:
		return capitals
	case c.firstUpper:
		return capital
	case c.upper > 0:
		return mixed
	}
	return lowerWord
}
