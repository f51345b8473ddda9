package quote

import (
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/name"
)

// arabicPhrase reads the noun phrase of a speaker up to the clause or the next
// mark; a source that is not named keeps what tells where it is.
func (d *document) arabicPhrase(k, limit int) subject {
	end := k
	for end < limit && end-k < maxWidened && d.lower(end) != "" {
		if d.may(end, asThat|asContent) || d.may(end, asPrep|asRelative) || end > k && d.overTime(end, limit) > end {
			break
		}
		end++
	}
	if end == k {
		return d.phrase(k, limit)
	}
	return d.widened(d.described(k, end), k, limit)
}

func (d *document) arabicAfter(k, limit int) subject {
	start := k
	for k < limit {
		over := d.overTime(k, limit)
		if over == k && d.may(k, asFiller) && !d.may(k, asThat) {
			over++
		}
		if over == k {
			break
		}
		k = over
	}
	if k >= limit || d.word(k) == nil || d.may(k, asThat) || d.may(k-1, asPrep) && k > start {
		return subject{}
	}
	if n := d.name(k); n != nil {
		return named(n)
	}
	first, last := name.After(d.ws, d.items[k].word)
	if first < 0 || first == d.items[k].word && d.people.has(d.lower(k), "ar") {
		return d.arabicPhrase(k, limit)
	}
	if strings.HasPrefix(d.ws[first].Lower, "وال") && d.nameAt[first] < 0 {
		return d.arabicPhrase(k, limit)
	}
	if limit < len(d.items) {
		last = min(last, d.items[limit].word)
	}
	if i := d.nameAt[first]; i >= 0 {
		return named(&d.names[i])
	}
	return subject{text: d.between(first, last), at: piece{first: first, last: last}}
}

// plausibleArabic tells whether an Arabic phrase may be somebody: one with a noun of
// people, one that a known name ends with, or one that may be a name since no article
// makes it a thing.
func (d *document) plausibleArabic(s subject) bool {
	for i := s.at.first; i < s.at.last && i < s.at.first+maxHead; i++ {
		if d.nameAt[i] >= 0 || d.people.has(d.ws[i].Lower, "ar") {
			return true
		}
	}
	if d.fullest(s.text) != s.text {
		return true
	}
	w := strings.TrimPrefix(d.ws[s.at.first].Lower, "ولكن")
	if s.at.last-s.at.first > 1 && calendars["ar"].times.has(d.ws[s.at.first+1].Lower) {
		return false
	}
	return s.at.last-s.at.first <= 3 && !strings.HasPrefix(w, "ال") && w != "لكن" && w != ""
}

// stripArabic cuts the conjunction, the prepositions and the article that are
// written with an Arabic noun.
func stripArabic(w string) string {
	for _, prefix := range []string{"و", "ف"} {
		if utf8.RuneCountInString(w) > 4 {
			w = strings.TrimPrefix(w, prefix)
		}
	}
	for _, prefix := range []string{"بال", "لل", "ال"} {
		if rest, ok := strings.CutPrefix(w, prefix); ok {
			return rest
		}
	}
	return w
}
