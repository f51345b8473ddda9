// Package when finds expressions of time in news text and tells which dates they
// mean: days and months named or relative ("le 7 décembre", "jeudi", "two weeks
// ago"), years, durations ("deux jours") and sets ("par an").
//
// The words come from Unicode CLDR, in some 140 languages, with a supplement for
// the large ones. The rules are those of news: a weekday without more is the last
// one up to the story's day. What cannot be told is not guessed: a story known
// only by its month gives candidates.
package when

import (
	"time"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// MaxExpressions bounds what Find returns for one text.
const MaxExpressions = 1000

// Confidence by kind of expression, from what the dates set and our own sentences
// show; unresolved is for what has no value.
const (
	sureDate    = 0.97
	sureDay     = 0.9
	sureWeekday = 0.8
	sureMonth   = 0.7
	sureLength  = 0.85
	disputed    = 0.6
	unresolved  = 0.5
)

// Find returns the expressions of time in text, in order and without overlap.
// lang is an ISO 639-1 code; a language without words finds only numeric dates.
// Spans are in code points of text.
func Find(text, lang string, ref Reference) []*datelinev1.DateExpression {
	lex := lexiconOf(lang)
	if lex == nil {
		lex = &lexicon{}
	}
	s := newScan(text, lex)
	today := ref.date()
	var found []*datelinev1.DateExpression
	for i := 0; i < len(s.tokens) && len(found) < MaxExpressions; {
		var e expression
		ok := s.promising(i)
		if ok {
			e, ok = s.expression(i, today)
		}
		if !ok {
			i++
			continue
		}
		if e.granularity != "" {
			found = append(found, e.message(text, s))
		}
		i = max(e.next, i+1)
	}
	return found
}

// expression is a find: tokens first to next, and what it means. Without a
// granularity it is something to pass over.
type expression struct {
	first, next, inset int
	granularity, value string
	candidates         []string
	confidence         float64
}

func (e expression) message(text string, s *scan) *datelinev1.DateExpression {
	first, last := s.at(e.first), s.at(e.next-1)
	start, from := first.start, first.from
	for i := range text[start:] { // the letters of a prefix are not part of it
		if e.inset == 0 {
			start += i
			break
		}
		e.inset--
		from++
	}
	confidence := e.confidence
	if e.value == "" {
		confidence = unresolved
	}
	return &datelinev1.DateExpression{
		Text:        text[start:last.end],
		Span:        &datelinev1.Span{Start: uint32(from), End: uint32(last.to)},
		Value:       e.value,
		Granularity: e.granularity,
		Candidates:  e.candidates,
		Confidence:  confidence,
	}
}

// expression reads what begins at token i: a calendar date before a phrase, a
// phrase before a bare month or year.
func (s *scan) expression(i int, today Date) (expression, bool) {
	if p, ok := s.calendarDate(i); ok {
		return p.expression(i, today), true
	}
	if m, ok := s.phraseAt(i, false, isExpression); ok {
		if e, ok := s.relative(i, m, today); ok {
			e.first, e.inset = i, m.inset
			return e, true
		}
	}
	if e, ok := s.namedMonth(i, today); ok {
		return e, true
	}
	if e, ok := s.dayNumber(i, today); ok {
		return e, true
	}
	return s.namedYear(i)
}

// expression resolves a calendar date.
func (p printed) expression(first int, today Date) expression {
	e := expression{first: first, next: p.next, granularity: granDay, confidence: sureDate}
	switch {
	case p.other.Year != 0:
		e.candidates = []string{min(p.String(), p.other.String()), max(p.String(), p.other.String())}
	case p.Year != 0:
		e.value = p.String()
		if p.Day == 0 {
			e.granularity = granMonth
		} else if p.weekday != 0 && p.Date.weekday() != p.weekday {
			e.confidence = disputed
		}
	case p.Month == 0:
		e.value, e.candidates = resolve(today, dayOfMonth(p.Day, p.weekday))
		e.confidence = sureDay
	default:
		e.value, e.candidates = resolve(today, nearestYear(p.Date, p.weekday))
		e.confidence = sureDay
	}
	return e
}

// isExpression leaves months to the rules that look at what stands beside them.
func isExpression(p *phrase) bool {
	for _, s := range p.senses {
		if s.kind != month && s.kind != shortMonth {
			return true
		}
	}
	return false
}

// relative resolves a phrase of the lexicon.
func (s *scan) relative(i int, m match, today Date) (expression, bool) {
	e := expression{next: m.next, confidence: sureDay}
	var readings []reading
	for _, sense := range m.senses {
		switch sense.kind {
		case skip:
			return e, true
		case relativeDay:
			e.granularity = granDay
			readings = append(readings, shifted(sense.n, 'D'))
		case period:
			e.granularity = granularityOf(sense.unit)
			readings = append(readings, shifted(sense.n, sense.unit))
		case ago, ahead:
			n := m.amount
			if sense.kind == ago {
				n = -n
			}
			// "In a day" mostly tells how long something takes.
			if n < -maxAway || n > maxAway || n == 1 && m.worded {
				return e, false
			}
			e.granularity = granularityOf(sense.unit)
			readings = append(readings, shifted(n, sense.unit))
		case lastWeekday, thisWeekday, nextWeekday:
			if sense.kind == thisWeekday && m.has(nextWeekday) {
				continue // da: "på mandag" is both in CLDR
			}
			if s.datesFurther(i, m.next) {
				return e, false
			}
			e.granularity, e.confidence = granDay, sureWeekday
			readings = append(readings, s.turned(sense))
		case weekday:
			return s.bareWeekday(i, m.next, sense.n, today), true
		case length, fixed, set, rate:
			return s.counted(i, m, sense)
		}
	}
	if len(readings) == 0 {
		return e, false
	}
	e.value, e.candidates = resolve(today, readings...)
	return e, true
}

// datesFurther tells whether the weekday in the phrase from i to next begins a
// calendar date that goes on behind it: "ce jeudi 18 juillet".
func (s *scan) datesFurther(i, next int) bool {
	for j := i + 1; j < next; j++ {
		if p, ok := s.calendarDate(j); ok && p.next > next {
			return true
		}
	}
	return false
}

// maxAway bounds "{0} years ago": further back is no date of the news.
const maxAway = 1000

// turned is the reading of a weekday with "last", "this" or "next".
func (s *scan) turned(sense sense) reading {
	switch sense.kind {
	case lastWeekday:
		return pastWeekday(sense.n, sense.week)
	case nextWeekday:
		return comingWeekday(sense.n, sense.week || s.lex.nextIsNextWeek)
	}
	return nearWeekday(sense.n)
}

// counted is a duration or a set.
func (s *scan) counted(i int, m match, sense sense) (expression, bool) {
	e := expression{next: m.next, value: sense.iso, granularity: granDuration, confidence: sureLength}
	switch sense.kind {
	case length:
		// "un jour" is "some day" and "one year" seldom a length.
		if m.worded && m.amount < 2 || s.at(i-1).key == "-" && !s.at(i).spaced {
			return e, false
		}
		if s.lex.is("daysuffix", s.at(m.next-1).key) && !s.lex.is("span", s.at(m.next).key) {
			return e, false
		}
		if sense.unit == 'Y' && s.at(i).digits == 4 { // "2022 roku" is a year
			return e, false
		}
		e.value = isoDuration(m.amount, sense.unit)
	case rate:
		before := s.at(i - 1)
		if before.number < 0 && !s.lex.is("perlead", before.key) || s.at(m.next).digits == 4 {
			return e, false
		}
		e.granularity = granSet
	case set:
		e.granularity = granSet
	}
	return e, true
}

// bareWeekday resolves the name of a weekday with the words beside it.
func (s *scan) bareWeekday(i, next, n int, today Date) expression {
	e := expression{next: next, granularity: granDay, confidence: sureWeekday}
	before, after := s.at(i-1).key, s.at(next).key
	switch {
	case s.lex.is("each", before):
		e.granularity, e.value = granSet, isoDuration(1, 'K')
		return e
	case s.lex.is("last", before) || s.lex.is("last", after):
		e.value, e.candidates = resolve(today, pastWeekday(n, false))
	case s.lex.is("next", before) || s.lex.is("next", after):
		e.value, e.candidates = resolve(today, comingWeekday(n, s.lex.nextIsNextWeek))
	default:
		e.value, e.candidates = resolve(today, onOrBefore(n))
	}
	return e
}

// namedMonth reads the bare name of a month, where a word before it, or a number
// in it ("12月"), shows that it is one.
func (s *scan) namedMonth(i int, today Date) (expression, bool) {
	n, next, ok := s.month(i, false)
	if !ok {
		return expression{}, false
	}
	before, after := s.at(i-1).key, s.at(next).key
	direction := 0
	switch {
	case s.lex.is("last", before) || s.lex.is("last", after):
		direction = -1
	case s.lex.is("next", before) || s.lex.is("next", after):
		direction = 1
	case s.at(i).number < 0 && !s.lex.is("monthlead", before):
		return expression{}, false
	}
	e := expression{first: i, next: next, granularity: granMonth, confidence: sureMonth}
	e.value, e.candidates = resolve(today, bareMonth(time.Month(n), direction)...)
	return e, true
}

// dayNumber reads the day of a month in scripts that mark it: "7日".
func (s *scan) dayNumber(i int, today Date) (expression, bool) {
	t, suffix := s.at(i), s.at(i+1)
	if t.number < 1 || t.number > 31 || s.decimal(i) || !s.lex.is("daysuffix", suffix.key) || s.lex.is("span", s.at(i+2).key) {
		return expression{}, false
	}
	e := expression{first: i, next: i + 2, granularity: granDay, confidence: sureMonth}
	e.value, e.candidates = resolve(today, dayOfMonth(t.number, 0))
	return e, true
}

// namedYear reads a bare number that a word shows to be a year.
func (s *scan) namedYear(i int) (expression, bool) {
	t := s.at(i)
	if t.digits != 4 || t.number < 1800 || t.number > maxYear || s.decimal(i) {
		return expression{}, false
	}
	next := i + 1
	switch {
	case s.lex.is("yearsuffix", s.at(next).key):
		next++
	case !s.lex.is("yearlead", s.at(i-1).key):
		return expression{}, false
	}
	after := s.at(next)
	// "in 2000 cities" counts; so does "von 2000 Euro".
	if next == i+1 && t.number%100 == 0 && after.spaced && wordy(after) {
		return expression{}, false
	}
	return expression{first: i, next: next, granularity: granYear, value: Date{Year: t.number}.String(), confidence: sureDay}, true
}
