package entity

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// geographic are nouns in small letters that belong to the name behind them.
var geographic = set(`mer océan mont lac île îles détroit massif golfe baie fleuve mar océano monte lago isla islas golfo bahía río
mare oceano isola isole fiume stretto ilha ilhas rio serra baía`)

// widened takes in the noun before the name of a sea or a mountain: "mer Égée",
// "monte Rosa"; and makes a club of a place that a club's plural name leads to:
// "les Flames de Calgary".
func (s *reading) widened(span tagger.Span) tagger.Span {
	if !headedLanguages[s.Lang] || span.Kind == tagger.Person || span.First == 0 || trained[s.Lang] {
		return span
	}
	if geographic[s.text(span.First-1, span.First)] {
		span.First--
		span.Kind = tagger.Place
		return span
	}
	k := span.First - 1
	for k >= 0 && span.First-k < 3 && clubTies[s.text(k, k+1)] {
		k--
	}
	if span.Kind != tagger.Place || k == span.First-1 {
		return span
	}
	first := k + 1
	for first > 0 && k-first < 2 && s.doc.Capital(first-1) && s.isWord(first-1) {
		first--
	}
	if first <= k && first > 0 && plurals[strings.ToLower(s.text(first-1, first))] && s.doc.Class(first)&lexicon.Title == 0 && s.free(first, span.First) {
		span.First, span.Kind, span.Confidence = first, tagger.Organisation, max(span.Confidence, knownSure)
	}
	return span
}

// clubTies tie a club's name to its city, plurals are the articles before it.
var (
	clubTies = set(`de d' d’ du la di del da do des los`)
	plurals  = set(`les aux des los las i gli dei ai dos os aos`)
)

// bodyNoun tells whether token k is the noun of a body, in any case, and no name.
func (s *reading) bodyNoun(k int) bool {
	class := s.doc.Class(k)
	if class&lexicon.People != 0 {
		return false
	}
	return class&lexicon.Body != 0 || tagger.Nominatives(s.Lang, strings.ToLower(s.text(k, k+1)), func(form string) bool {
		return lexicon.Of("", form)&lexicon.Body != 0
	})
}

// headed tells whether the noun of a body in small letters stands right before
// token k, and no preposition between: "l'association Robin des Bois".
func (s *reading) headed(k int) bool {
	return k > 0 && headedLanguages[s.Lang] && !s.doc.Capital(k-1) && s.doc.Class(k-1)&lexicon.Body != 0 && !s.doc.Placed(k)
}

// headedLanguages put the noun of a body before its name.
var headedLanguages = map[string]bool{"fr": true, "es": true, "it": true, "pt": true, "ro": true, "ca": true, "gl": true, "ru": true, "uk": true}
