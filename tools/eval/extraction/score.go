package extraction

import (
	"html"
	"strings"
	"time"
	"unicode"
)

// guess is what a program says of a page.
type guess struct {
	title, date, body string
	authors           []string
}

// size is the number of words in a shingle, as in the article extraction
// benchmark (Scrapinghub, 2020).
const size = 4

// mean is a running mean.
type mean struct{ sum, n float64 }

func (m *mean) add(v float64) { m.sum, m.n = m.sum+v, m.n+1 }

func (m *mean) count(ok bool) {
	if ok {
		m.sum++
	}
	m.n++
}

func (m *mean) value() float64 {
	if m.n == 0 {
		return 0
	}
	return m.sum / m.n
}

// score sums up a program's answers on a set of pages. Precision and recall are
// means over pages, F1 is the harmonic mean of the two, as in that benchmark.
type score struct {
	precision, recall, exact, poor mean
	phraseHit, noiseHit,
	title, date, authors mean
}

func (s *score) f1() float64 { return harmonic(s.precision.value(), s.recall.value()) }

// phrases is the F1 over phrases that must be in the body and such that must not,
// as in trafilatura's evaluation.
func (s *score) phrases() float64 {
	hit, noise := s.phraseHit.sum, s.noiseHit.sum
	if hit == 0 {
		return 0
	}
	return harmonic(hit/(hit+noise), hit/s.phraseHit.n)
}

func harmonic(a, b float64) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * a * b / (a + b)
}

// add scores one page.
func (s *score) add(t truth, g guess) {
	if t.Body != nil {
		s.body(tokens(*t.Body), tokens(g.body))
	}
	text := strings.Join(strings.Fields(g.body), " ")
	for _, phrase := range t.With {
		s.phraseHit.count(strings.Contains(text, strings.Join(strings.Fields(phrase), " ")))
	}
	for _, phrase := range t.Without {
		s.noiseHit.count(strings.Contains(text, strings.Join(strings.Fields(phrase), " ")))
	}
	if t.Title != "" {
		s.title.count(folded(t.Title) == folded(g.title) && folded(t.Title) != "")
	}
	if len(t.Date) >= 10 {
		s.date.count(len(g.date) >= 10 && t.Date[:10] == g.date[:10])
	}
	if len(t.Authors) > 0 {
		s.authors.count(sameNames(t.Authors, g.authors))
	}
}

// body compares two texts by their shingles, counted as often as they stand.
func (s *score) body(want, got []string) {
	left := map[string]int{}
	for _, shingle := range shingles(want) {
		left[shingle]++
	}
	given := shingles(got)
	hits := 0
	for _, shingle := range given {
		if left[shingle] > 0 {
			left[shingle]--
			hits++
		}
	}
	precision, recall := 0.0, 0.0
	if len(given) > 0 {
		precision = float64(hits) / float64(len(given))
		s.precision.add(precision)
	}
	if n := len(shingles(want)); n > 0 {
		recall = float64(hits) / float64(n)
		s.recall.add(recall)
	}
	s.exact.count(strings.Join(want, " ") == strings.Join(got, " "))
	s.poor.count(harmonic(precision, recall) < 0.5)
}

func shingles(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	if len(words) < size {
		return []string{strings.Join(words, " ")}
	}
	out := make([]string, 0, len(words)-size+1)
	for i := 0; i+size <= len(words); i++ {
		out = append(out, strings.Join(words[i:i+size], " "))
	}
	return out
}

// tokens parts a text into words, and scripts without spaces into characters.
func tokens(s string) []string {
	var out []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	for _, r := range s {
		switch {
		case r == '\u00ad', r >= '\u200b' && r <= '\u200d', r == '\ufeff':
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			flush()
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				out = append(out, string(r))
			}
		case unicode.IsLetter(r), unicode.IsNumber(r), r == '_', word.Len() > 0 && unicode.IsMark(r):
			word.WriteRune(r)
		default:
			flush()
		}
	}
	flush()
	return out
}

// folded keeps letters, marks and digits, in lower case.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, html.UnescapeString(s))
}

// by are words before a name that some annotators left in.
var by = []string{"by ", "von ", "par ", "por ", "di ", "door ", "av ", "af ", "text: ", "autor: "}

func sameNames(want, got []string) bool {
	set := func(names []string) map[string]bool {
		out := map[string]bool{}
		for _, name := range names {
			name = strings.ToLower(strings.Join(strings.Fields(html.UnescapeString(name)), " "))
			for _, prefix := range by {
				name = strings.TrimPrefix(name, prefix)
			}
			if name = folded(name); name != "" {
				out[name] = true
			}
		}
		return out
	}
	a, b := set(want), set(got)
	for name := range a {
		if !b[name] {
			return false
		}
	}
	return len(a) == len(b)
}

// dayOf writes a time as its day; empty for the zero time.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
