package story

import (
	"hash/maphash"
	"math/bits"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// Type is a word in lower case, however often it stands in the text.
type Type struct {
	Lower string
	// Class is what the lexicon knows of it.
	Class lexicon.Class
	// Letters is its number of code points.
	Letters int32
}

// TypeIn gives the type of a word in lower case in the language with this ISO 639-1
// code.
func TypeIn(lang, lower string) Type {
	return Type{Lower: lower, Class: lexicon.Of(lang, lower), Letters: int32(utf8.RuneCountInString(lower))}
}

// types numbers the types of a story. What is known of a word is looked up once a
// type, not at every place where it stands.
type types struct {
	list []Type
	// of gives each word its type.
	of []int32
	// slots are a hash table with open addresses: one more than a type's number.
	slots []int32
	seed  maphash.Seed
	made  bool
}

// Types gives the types of the text in the order in which they are first met.
func (s *Story) Types() []Type {
	s.number()
	return s.types.list
}

// TypeOf gives, by word of Words, the number of its type; -1 for what has no
// letters.
func (s *Story) TypeOf() []int32 {
	s.number()
	return s.types.of
}

// Find gives the number of the type that is a word in lower case, or -1.
func (s *Story) Find(lower string) int32 {
	s.number()
	return s.types.slots[s.types.slot(lower)] - 1
}

func (s *Story) number() {
	if s.types.made {
		return
	}
	ws := s.Words()
	t := types{
		list: make([]Type, 0, len(ws)/2+1), of: make([]int32, len(ws)),
		slots: make([]int32, 1<<bits.Len(uint(2*len(ws)))), seed: maphash.MakeSeed(), made: true,
	}
	for i := range ws {
		if ws[i].Kind != words.Letters {
			t.of[i] = -1
			continue
		}
		lower := ws[i].Lower
		slot := t.slot(lower)
		if t.slots[slot] == 0 {
			t.list = append(t.list, TypeIn(s.Lang, lower))
			t.slots[slot] = int32(len(t.list))
		}
		t.of[i] = t.slots[slot] - 1
	}
	s.types = t
}

// slot gives where a word stands in the table, or the free place for it.
func (t *types) slot(lower string) int {
	mask := len(t.slots) - 1
	at := int(maphash.String(t.seed, lower)) & mask
	for t.slots[at] != 0 && t.list[t.slots[at]-1].Lower != lower {
		at = (at + 1) & mask
	}
	return at
}
