// Package char tells the classes of a code point by one look at a table, where
// package unicode searches its ranges.
package char

import "unicode"

// Class is a set of the properties that the reading of news text asks for.
type Class uint16

// The classes. Letter, Mark and Digit are the Unicode categories L, M and Nd.
const (
	Letter Class = 1 << iota
	Mark
	Digit
	// Upper and Title are the letters with that case, Lower those in lower case.
	Upper
	Title
	Lower
	// Space is what unicode.IsSpace tells.
	Space
	// Format are the invisible characters of category Cf, such as soft hyphens.
	Format
	// Wide are Han, Hiragana and Katakana, Tall are Thai, Lao, Khmer and Burmese:
	// the scripts that put no space between words.
	Wide
	Tall
	// Hangul is written with spaces, but with particles that join the word.
	Hangul

	// Word are the characters that words are made of.
	Word = Letter | Mark | Digit
)

// tableSize is the number of code points of the Basic Multilingual Plane.
const tableSize = 1 << 16

// ranges are the Unicode tables of each class.
var ranges = []struct {
	class  Class
	tables []*unicode.RangeTable
}{
	{Letter, []*unicode.RangeTable{unicode.Letter}},
	{Mark, []*unicode.RangeTable{unicode.Mark}},
	{Digit, []*unicode.RangeTable{unicode.Digit}},
	{Upper, []*unicode.RangeTable{unicode.Upper}},
	{Title, []*unicode.RangeTable{unicode.Title}},
	{Lower, []*unicode.RangeTable{unicode.Lower}},
	{Space, []*unicode.RangeTable{unicode.White_Space}},
	{Format, []*unicode.RangeTable{unicode.Cf}},
	{Wide, []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana}},
	{Tall, []*unicode.RangeTable{unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}},
	{Hangul, []*unicode.RangeTable{unicode.Hangul}},
}

var table = func() *[tableSize]Class {
	t := &[tableSize]Class{}
	for _, c := range ranges {
		for _, rt := range c.tables {
			for _, rg := range rt.R16 {
				for r := int(rg.Lo); r <= int(rg.Hi); r += int(rg.Stride) {
					t[r] |= c.class
				}
			}
		}
	}
	return t
}()

// Of gives the classes of r.
func Of(r rune) Class {
	if uint32(r) < tableSize {
		return table[r]
	}
	return search(r)
}

// search is Of beyond the table.
func search(r rune) Class {
	var all Class
	for _, c := range ranges {
		if unicode.In(r, c.tables...) {
			all |= c.class
		}
	}
	return all
}

// Is tells whether r has one of the classes.
func Is(r rune, any Class) bool { return Of(r)&any != 0 }
