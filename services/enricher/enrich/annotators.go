package enrich

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/acronym"
	"github.com/dateline-news/dateline/services/enricher/internal/dateline"
	"github.com/dateline-news/dateline/services/enricher/internal/entity"
	"github.com/dateline-news/dateline/services/enricher/internal/language"
	"github.com/dateline-news/dateline/services/enricher/internal/quote"
	"github.com/dateline-news/dateline/services/enricher/internal/topic"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

// table lists the annotators in the order in which they run.
func table(cfg Config) ([]annotator, error) {
	detector, err := language.New(language.Config{Languages: cfg.Languages})
	if err != nil {
		return nil, fmt.Errorf("choosing the languages: %w", err)
	}
	return []annotator{
		{name: "language", version: "2", annotate: languageOf(detector), whole: true, warm: detector.Warm},
		{name: "dateline", version: "1", annotate: datelineOf, whole: true},
		{name: "when", version: "1", annotate: datesOf},
		{name: "acronym", version: "1", annotate: acronymsOf},
		{name: "quote", version: "2", annotate: quotesOf},
		{name: "entity", version: "1", annotate: entitiesOf, warm: entity.Warm},
		{name: "keyphrase", version: "1", annotate: keyphrasesOf},
		{name: "summary", version: "1", annotate: summaryOf},
		{name: "topic", version: "1", annotate: topicsOf, whole: true, warm: topic.Warm},
		{name: "reading-time", version: "1", annotate: readingTimeOf, whole: true},
		{name: "fingerprint", version: "1", annotate: fingerprintOf, whole: true},
	}, nil
}

func languageOf(d *language.Detector) func(*story, *datelinev1.Enrichment) {
	return func(s *story, out *datelinev1.Enrichment) {
		found := d.Detect(s.doc.GetHeadline(), s.text)
		found.Sections = d.Sections(s.text, found)
		out.Language = found
	}
}

func datelineOf(s *story, out *datelinev1.Enrichment) {
	out.Dateline = dateline.Parse(s.text, s.language(out), s.published)
}

func datesOf(s *story, out *datelinev1.Enrichment) {
	printed, _ := when.ParseISO(out.GetDateline().GetDate())
	out.Dates = when.Find(s.text, s.language(out), when.Reference{Dateline: printed, Published: s.published})
}

func acronymsOf(s *story, out *datelinev1.Enrichment) {
	out.Acronyms = acronym.Find(s.text, s.language(out))
}

func quotesOf(s *story, out *datelinev1.Enrichment) {
	out.Quotes = quote.Find(s.text, s.language(out))
}

// Reading speeds a minute: words where scripts part them, else characters. They
// are the round figures that newsrooms count with.
const (
	wordsPerMinute      = 220
	ideographsPerMinute = 400
	thaiPerMinute       = 1000
)

func readingTimeOf(s *story, out *datelinev1.Enrichment) {
	words, ideographs, thai := 0, 0, 0
	inside := false
	for _, r := range s.doc.GetText() {
		switch {
		case r >= 0xE00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			ideographs, inside = ideographs+1, false
		case r >= 0xE00 && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			thai, inside = thai+1, false
		case !wordRune(r):
			inside = inside && (r == '\'' || r == '’')
		case !inside:
			words, inside = words+1, true
		}
	}
	minutes := float64(words)/wordsPerMinute + float64(ideographs)/ideographsPerMinute + float64(thai)/thaiPerMinute
	out.ReadingTimeSeconds = uint32(minutes*60 + 0.5)
}

// fingerprintOf hashes the words of the text in lower case, so that copies with
// other typography, spacing and punctuation have one fingerprint. A text without
// words is hashed as it is.
func fingerprintOf(s *story, out *datelinev1.Enrichment) {
	hash := sha256.New()
	var word []byte
	any := false
	flush := func() {
		if len(word) > 0 {
			hash.Write(append(word, ' '))
			word, any = word[:0], true
		}
	}
	for _, r := range norm.NFKC.String(s.doc.GetText()) {
		switch {
		case wordRune(r):
			word = append(word, string(unicode.ToLower(r))...)
			if len(word) > 1<<12 {
				flush()
			}
		case !unicode.Is(unicode.Cf, r): // a soft hyphen parts no word
			flush()
		}
	}
	flush()
	if !any {
		hash.Write([]byte(strings.TrimSpace(s.doc.GetText())))
	}
	out.Fingerprint = hex.EncodeToString(hash.Sum(nil))
}
