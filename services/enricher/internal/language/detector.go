package language

import (
	"context"
	_ "embed"
	"fmt"
	"sync"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

const (
	// Undetermined is the code of an unknown language (ISO 639-2 "und").
	Undetermined = "und"
	// leastLetters is the number of letters below which n-grams are not
	// asked, as in lingua's low accuracy mode.
	leastLetters = 3
)

//go:embed table.bin
var packed []byte

// model is the unpacked table with its letters. One is shared by all detectors
// of a process.
type model struct {
	table   *ngram.Table
	letters *letterTable
}

var sharedModel = sync.OnceValues(func() (*model, error) {
	t, err := ngram.Decode(packed)
	if err != nil {
		return nil, fmt.Errorf("load the language table: %w", err)
	}
	letters, err := newLetterTable(t)
	if err != nil {
		return nil, fmt.Errorf("load the language table: %w", err)
	}
	return &model{table: t, letters: letters}, nil
})

// Config says what a Detector chooses from.
type Config struct {
	// Languages are ISO 639-1 codes; empty means all 75.
	Languages []string
}

// Detector tells the language of texts. It is safe for concurrent use.
type Detector struct {
	header  ngram.Header
	scope   scope
	scratch sync.Pool
}

// New returns a detector. It reads only the table's header, so it is cheap; an
// unknown code is an error that names the nearest valid ones.
func New(cfg Config) (*Detector, error) {
	header, err := ngram.DecodeHeader(packed)
	if err != nil {
		return nil, fmt.Errorf("read the language table: %w", err)
	}
	enabled, err := subset(&header, cfg.Languages)
	if err != nil {
		return nil, err
	}
	return &Detector{
		header:  header,
		scope:   newScope(&header, enabled),
		scratch: sync.Pool{New: func() any { return newScratch() }},
	}, nil
}

// Warm loads the table, which takes a fraction of a second. It may be called
// in the background: Detect works before it is done, as it loads on demand.
func (d *Detector) Warm(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("warm the language detector: %w", err)
	}
	_, err := sharedModel()
	return err
}

// Detect tells the language of a text from its title and its first letters
// (maxLetters of both). The code is Undetermined, with confidence 0, if there
// are no letters, or none of a script that the configured languages use.
func (d *Detector) Detect(title, text string) *datelinev1.Language {
	m, err := sharedModel()
	if err != nil {
		return &datelinev1.Language{Code: Undetermined}
	}
	s := d.scratch.Get().(*scratch)
	defer d.scratch.Put(s)
	if len(text) >= sampledFrom {
		s.reset()
		s.scan(m.letters, title)
		s.sample(m.letters, text)
		if out, j := d.answer(m, s); j.clear() && s.uniform() {
			return out
		}
	}
	s.reset()
	s.scan(m.letters, title)
	s.scan(m.letters, text)
	out, _ := d.answer(m, s)
	return out
}

func (d *Detector) answer(m *model, s *scratch) (*datelinev1.Language, judgement) {
	out, j := &datelinev1.Language{Code: Undetermined}, judgement{language: -1}
	sc, n := s.prevailing()
	if n == 0 {
		return out, j
	}
	out.Script = scripts[sc].iso
	if sc > thai {
		return out, j
	}
	j = d.judge(m, s, sc)
	if j.language < 0 {
		return out, j
	}
	out.Code = d.header.Languages[j.language].Code
	out.Confidence = d.confidence(&j)
	if iso := mixedScripts[out.Code]; iso != "" && d.writtenIn(j.language, sc) {
		out.Script = iso
	}
	return out, j
}

func (d *Detector) writtenIn(language int, sc script) bool {
	return d.scope.byScript[sc].Has(language)
}

// evidence is how a language was found.
type evidence uint8

const (
	byLetters evidence = iota
	byScript
	byGrams
)

// judgement is a detection before it is told.
type judgement struct {
	language int
	evidence evidence
	ranking
	// letters is the number of letters looked at.
	letters int
}

// clearGap is the gap a letter, in natural logarithms, from which on a sample of a
// text has the answer of the whole.
const clearGap = 0.08

// clear tells whether n-grams part the winner from all others by far.
func (j *judgement) clear() bool {
	gap := j.gap
	if j.outsider >= 0 {
		gap = min(gap, j.outsiderGap)
	}
	return j.evidence == byGrams && j.letters >= longText && j.second >= 0 && gap >= clearGap*float64(j.letters)
}

// judge takes lingua's three steps: letters that settle the matter, then the
// languages that script and letters leave, then their n-grams. Where languages
// of the script sc are left out, because they are not configured or because of
// single letters, the winner is still compared with those, for the confidence.
func (d *Detector) judge(m *model, s *scratch, sc script) judgement {
	j := judgement{language: -1, letters: len(s.letters)}
	if i := d.scope.byLetters(m.letters, &s.words); i >= 0 {
		if d.scope.enabled.Has(i) {
			j.language, j.evidence = i, byLetters
		}
		return j
	}
	candidates := d.scope.candidates(m.letters, &s.words)
	outsiders := d.scope.all[sc].Without(candidates)
	if candidates.Len() == 1 && outsiders.Empty() {
		j.language, j.evidence = candidates.First(), byScript
		return j
	}
	if len(s.letters) < leastLetters {
		return j
	}
	j.ranking, j.evidence = s.rank(m, &d.scope, candidates, outsiders), byGrams
	if candidates.Len() == 1 {
		j.settle(candidates.First(), outsiders.First())
	}
	j.language = j.first
	return j
}

// settle takes the one language that is left even if no n-gram tells it from
// the outsiders: Chinese characters with Japanese configured alone.
func (j *judgement) settle(language, outsider int) {
	if j.first < 0 {
		j.first, j.outsider, j.outsiderGap = language, outsider, 0
	}
}
