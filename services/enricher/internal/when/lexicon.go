package when

import (
	_ "embed"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// cldr holds the words of all languages, as the command in internal/place/gen
// takes them from Unicode CLDR; extra what news needs beyond that, written for
// Dateline, in the same form.
var (
	//go:embed cldr.txt
	cldr string
	//go:embed extra.txt
	extra string
)

// kind says what a phrase means.
type kind byte

const (
	month       kind = 'M' // a month, n
	shortMonth  kind = 'm' // its abbreviation: only beside a number
	weekday     kind = 'W' // a weekday, n
	relativeDay kind = 'D' // n days from now
	lastWeekday kind = 'L' // weekday n of the past
	thisWeekday kind = 'T' // weekday n of this week
	nextWeekday kind = 'N' // weekday n to come
	period      kind = 'P' // n units from now
	ago         kind = 'A' // {0} units ago
	ahead       kind = 'I' // in {0} units
	length      kind = 'U' // {0} units
	set         kind = 'S' // once a unit
	rate        kind = '%' // the same, if an amount stands before
	fixed       kind = '=' // a duration that is one phrase
	skip        kind = 'X' // looks like a time, is none
)

// sense is one meaning of a phrase.
type sense struct {
	kind kind
	n    int
	// unit is 'D', 'K' (week), 'O' (month) or 'Y'.
	unit byte
	// week tells that the phrase itself says "week".
	week bool
	// iso is the value of a set or a fixed duration.
	iso string
}

// phrase is a sequence of keys; slot stands for a number.
type phrase struct {
	keys   []string
	senses []sense
	// lower and upper tell in which case a dictionary writes the first letter.
	lower, upper bool
}

const slot = "\x00"

// entry is what begins with one word: phrases, the longest first, and the number
// that the word stands for, if it does.
type entry struct {
	phrases  []*phrase
	number   int
	months   bool // some phrase is a month
	weekdays bool // some phrase is a weekday
}

// entry returns the entry of a key, a new one if there is none.
func (l *lexicon) entry(key string) *entry {
	e := l.entries[key]
	if e == nil {
		e = &entry{}
		l.entries[key] = e
	}
	return e
}

// lexicon holds what is known of one language.
type lexicon struct {
	// entries by the first key of their phrases.
	entries map[string]*entry
	// Small sets of words by role: "last", "next", "each", "monthlead",
	// "yearlead", "perlead", "ordinal", "yearsuffix", "daysuffix", "span".
	roles map[string]map[string]bool
	// monthFirst tells that "December 7" is how the language says it.
	monthFirst bool
	// nextIsNextWeek tells that "next Friday" skips the Friday of this week.
	nextIsNextWeek bool
	// prefixes are letters that are written together with the word after them.
	prefixes string
}

func (l *lexicon) is(role, key string) bool { return l.roles[role][key] }

// lexicons finds a language's lexicon; each is read when it is first asked for.
var lexicons = catalogue()

func catalogue() map[string]func() *lexicon {
	sections := map[string][]string{}
	for _, file := range []string{cldr, extra} {
		for part := range strings.SplitSeq(file, "\n[") {
			if language, body, ok := strings.Cut(part, "]\n"); ok && len(language) <= 3 {
				sections[language] = append(sections[language], body)
			}
		}
	}
	all := make(map[string]func() *lexicon, len(sections))
	for language, bodies := range sections {
		all[language] = sync.OnceValue(func() *lexicon { return readLexicon(bodies) })
	}
	return all
}

// lexiconOf returns the lexicon of a language (ISO 639-1), or nil.
func lexiconOf(language string) *lexicon {
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	if language == "no" || language == "nn" {
		language = "nb"
	}
	if read, ok := lexicons[language]; ok {
		return read()
	}
	return nil
}

func readLexicon(bodies []string) *lexicon {
	l := &lexicon{entries: map[string]*entry{}, roles: map[string]map[string]bool{}}
	var weeks []string
	for _, body := range bodies {
		for line := range strings.SplitSeq(body, "\n") {
			key, forms, ok := strings.Cut(line, "\t")
			if !ok || strings.HasPrefix(key, "#") {
				continue
			}
			if key == "K-1" || key == "K1" {
				weeks = append(weeks, strings.Split(forms, "|")...)
			}
			for form := range strings.SplitSeq(forms, "|") {
				l.add(key, form, weeks)
			}
		}
	}
	for _, e := range l.entries {
		sort.SliceStable(e.phrases, func(i, j int) bool { return len(e.phrases[i].keys) > len(e.phrases[j].keys) })
		for _, p := range e.phrases {
			e.months = e.months || p.has(month) || p.has(shortMonth)
			e.weekdays = e.weekdays || p.has(weekday)
		}
	}
	return l
}

// add takes one form of a line. Keys are those of the generated table; lower-case
// words are the roles that only the supplement uses.
func (l *lexicon) add(key, form string, weeks []string) {
	switch {
	case key == "order":
		l.monthFirst = form == "month first"
	case key == "nextweekday":
		l.nextIsNextWeek = form == "of next week"
	case key == "prefixes":
		l.prefixes = form
	case strings.HasPrefix(key, "number "):
		n, _ := strconv.Atoi(key[len("number "):])
		l.entry(fold(form)).number = n
	case key == "X":
		l.addPhrase(form, sense{kind: skip})
	case key[0] == '=':
		l.addPhrase(form, sense{kind: fixed, iso: key[1:]})
	case key[0] == '@':
		l.addPhrase(form, sense{kind: set, iso: key[1:]})
	case key[0] == '%':
		l.addPhrase(form, sense{kind: rate, iso: key[1:]})
	case len(key) > 3:
		if l.roles[key] == nil {
			l.roles[key] = map[string]bool{}
		}
		l.roles[key][fold(form)] = true
	default:
		l.addKey(key, form, weeks)
	}
}

func (l *lexicon) addKey(key, form string, weeks []string) {
	n, numbered := strconv.Atoi(key[1:])
	s := sense{kind: kind(key[0]), n: n}
	switch key[0] {
	case 'K', 'O', 'Y':
		s.kind, s.unit = period, key[0]
	case 'A', 'I', 'U':
		s.unit = key[1]
	case 'S':
		s.unit, s.iso = key[1], isoDuration(1, key[1])
	case 'L', 'N':
		for _, w := range weeks {
			s.week = s.week || strings.Contains(form, w)
		}
	default:
		if numbered != nil {
			return
		}
	}
	l.addPhrase(form, s)
}

func (l *lexicon) addPhrase(form string, s sense) {
	var keys []string
	for i, part := range strings.Split(form, "{0}") {
		if i > 0 {
			keys = append(keys, slot)
		}
		for _, t := range tokenize(part) {
			keys = append(keys, t.key)
		}
	}
	// Without a letter it would match anything.
	if len(keys) == 0 || len(keys) == 1 && keys[0] == slot {
		return
	}
	first, _ := utf8.DecodeRuneInString(form)
	p := l.phrase(keys)
	p.lower = p.lower || !unicode.IsUpper(first)
	p.upper = p.upper || unicode.IsUpper(first)
	for _, known := range p.senses {
		// What is a word in full is no abbreviation.
		if known == s || s.kind == shortMonth && known.kind == month {
			return
		}
	}
	p.senses = append(p.senses, s)
}

func (l *lexicon) phrase(keys []string) *phrase {
	e := l.entry(keys[0])
	for _, p := range e.phrases {
		if slices.Equal(p.keys, keys) {
			return p
		}
	}
	p := &phrase{keys: keys}
	e.phrases = append(e.phrases, p)
	return p
}

// isoDuration is n units after ISO 8601, such as "P2D".
func isoDuration(n int, unit byte) string {
	letter := map[byte]string{'D': "D", 'K': "W", 'O': "M", 'Y': "Y"}[unit]
	return "P" + strconv.Itoa(n) + letter
}
