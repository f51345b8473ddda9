package entity

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/name"
)

// uncasedLanguages are written in scripts without capitals, and have no annotated
// text in the tagger's training but Chinese.
var uncasedLanguages = map[string]bool{
	"ar": true, "fa": true, "ur": true, "ps": true, "ckb": true, "he": true, "yi": true, "hi": true, "mr": true, "ne": true,
	"bn": true, "pa": true, "gu": true, "ta": true, "te": true, "kn": true, "ml": true, "si": true, "th": true, "lo": true,
	"km": true, "my": true, "ja": true, "zh": true, "ko": true, "ka": true, "am": true, "ti": true,
}

// fromUncased takes the people that Arabic titles announce, Arabic bodies, and
// what the gazetteer knows.
func (s *reading) fromUncased() {
	if s.Lang == "ar" {
		for _, n := range name.In(s.doc.Words, s.Text, s.Lang) {
			first, last := s.tokenAt(uint32(n.Start)), s.tokenAt(uint32(n.End)-1)+1
			if first < last && last <= len(s.pieces) && s.personal(first, last) {
				s.add(mention{first: first, last: last, kind: tagger.Person, confidence: knownSure, firm: true, title: n.Title, role: n.Role})
			}
		}
		s.arabicBodies()
	}
	if s.Lang == "zh" {
		s.listedBodies()
	}
	s.characterNames()
	for _, span := range s.doc.Places() {
		if _, _, country := s.doc.Country(span.First); s.Lang == "zh" && !country {
			continue // the tagger weighs it
		}
		s.add(mention{first: span.First, last: span.Last, kind: tagger.Place, confidence: span.Confidence})
	}
}

// leastBody is the least characters of an organisation that is taken by its name
// alone: two are too often part of a longer one.
const leastBody = 3

// listedBodies takes the well-known organisations that the tagger passed over.
func (s *reading) listedBodies() {
	for _, span := range s.doc.Bodies() {
		if span.Last-span.First < leastBody {
			continue
		}
		s.add(mention{first: span.First, last: span.Last, kind: tagger.Organisation, confidence: knownSure})
	}
}

// personal tells whether an announced Arabic name may be a person's: its first
// word is no place.
func (s *reading) personal(first, last int) bool {
	return (!s.doc.Placed(first) || s.doc.Class(first)&lexicon.People != 0) && (last-first > 1 || s.doc.Class(first)&lexicon.People != 0 || strings.HasPrefix(s.text(first, last), "ال"))
}

// arabicHeads are the nouns that the names of bodies begin with.
var arabicHeads = set(`وزارة منظمة جمعية جامعة وكالة مجلس هيئة لجنة حركة حزب بنك شركة صندوق مؤسسة اتحاد جامعه محكمة برلمان معهد
مركز نقابة مفوضية الأمم الاتحاد الحزب الجيش`)

// arabicSingles are bodies that one more word completes.
var arabicSingles = set(`الأمم الاتحاد الحزب الجيش`)

func set(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// maxArabicBody bounds the words of an Arabic body's name.
const maxArabicBody = 5

// arabicBodies takes a noun of a body with the words that depend on it: nouns and
// adjectives with the article, and places.
func (s *reading) arabicBodies() {
	for k := 0; k < len(s.pieces); k++ {
		head := s.text(k, k+1)
		if !arabicHeads[head] {
			continue
		}
		end := k + 1
		for end < len(s.pieces) && end-k < maxArabicBody && s.arabicTail(end) {
			if end++; arabicSingles[head] {
				break
			}
		}
		if end-k > 1 {
			s.add(mention{first: k, last: end, kind: tagger.Organisation, confidence: knownSure, firm: true})
			k = end - 1
		}
	}
}

func (s *reading) arabicTail(k int) bool {
	w := s.text(k, k+1)
	return (strings.HasPrefix(w, "ال") || strings.HasPrefix(w, "لل") || s.doc.Placed(k)) && !lexiconStops[w]
}

// lexiconStops begin with the article's letters and are no nouns.
var lexiconStops = set(`الذي التي الذين اللذين اللاتي اللواتي الآن اليوم أمس الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد`)
