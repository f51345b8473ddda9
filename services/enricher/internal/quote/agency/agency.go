// Package agency holds labelled wire stories, by which the search of quotes is
// measured language by language.
package agency

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// A file holds the stories of a language, each below a heading "== desk, sight",
// where sight tells when the program read it first: "first" are those whose figures
// were taken before any rule was made from such stories, "second" those written when
// it did well on the first, "third" those that no rule was made from. Labels stand around the words: "{d|speaker|verb|text}" for what stands
// between quotation marks, "{i|…}" for what is reported without them or with
// some of it between them, "{o|…}" for what may be taken for speech or not.
// Several forms of a speaker or a verb are parted by "/".
//
//go:embed stories/*.txt
var stories embed.FS

// The kinds of labels.
const (
	Direct   = "direct"
	Indirect = "indirect"
	open     = "open"
)

var kinds = map[byte]string{'d': Direct, 'i': Indirect, 'o': open}

// Story is a labelled text.
type Story struct {
	Lang, Desk, Sight string
	Text              string
	said              []statement
}

// statement is what is labelled; its place is in characters.
type statement struct {
	kind            string
	start, end      uint32
	speakers, verbs []string
	text            string
}

// Stories gives all stories in the order of their languages.
func Stories() ([]Story, error) {
	files, err := stories.ReadDir("stories")
	if err != nil {
		return nil, fmt.Errorf("list the labelled stories: %w", err)
	}
	var all []Story
	for _, f := range files {
		text, err := stories.ReadFile(path.Join("stories", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the labelled stories: %w", err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n== ")[1:] {
			heading, body, _ := strings.Cut(part, "\n")
			s := Story{Lang: strings.TrimSuffix(f.Name(), ".txt")}
			s.Desk, s.Sight, _ = strings.Cut(heading, ", ")
			if err := s.read(strings.TrimSpace(body)); err != nil {
				return nil, fmt.Errorf("read %s, %s: %w", f.Name(), heading, err)
			}
			all = append(all, s)
		}
	}
	return all, nil
}

// read takes the labels out of the text.
func (s *Story) read(marked string) error {
	var text strings.Builder
	var within []int
	at := uint32(0)
	for len(marked) > 0 {
		i := strings.IndexAny(marked, "{}")
		if i < 0 {
			i = len(marked)
		}
		text.WriteString(marked[:i])
		at += uint32(utf8.RuneCountInString(marked[:i]))
		marked = marked[i:]
		switch {
		case marked == "":
		case marked[0] == '}':
			if len(within) == 0 {
				return errors.New("a label ends that has not begun")
			}
			l := &s.said[within[len(within)-1]]
			l.end, within = at, within[:len(within)-1]
			l.text = string([]rune(text.String())[l.start:l.end])
			marked = marked[1:]
		default:
			parts := strings.SplitN(marked[1:], "|", 4)
			if len(parts) < 4 || len(parts[0]) != 1 || kinds[parts[0][0]] == "" {
				return fmt.Errorf("bad label %.40q", marked)
			}
			within = append(within, len(s.said))
			s.said = append(s.said, statement{
				kind: kinds[parts[0][0]], start: at,
				speakers: strings.Split(parts[1], "/"), verbs: strings.Split(parts[2], "/"),
			})
			marked = parts[3]
		}
	}
	if len(within) > 0 {
		return errors.New("a label has no end")
	}
	s.Text = text.String()
	return nil
}

// Score counts the statements of one kind that are wanted, that are found, and
// that are both; and whose speaker and verb are right among these.
type Score struct {
	Wanted, Found, Hits, Speakers, Verbs int
}

// Add adds another score.
func (s *Score) Add(o Score) {
	s.Wanted += o.Wanted
	s.Found += o.Found
	s.Hits += o.Hits
	s.Speakers += o.Speakers
	s.Verbs += o.Verbs
}

// Precision is the share of the statements found that are wanted.
func (s *Score) Precision() float64 { return share(s.Hits, s.Found) }

// Recall is the share of the statements wanted that are found.
func (s *Score) Recall() float64 { return share(s.Hits, s.Wanted) }

// Speaker is the share of the statements found whose speaker is right.
func (s *Score) Speaker() float64 { return share(s.Speakers, s.Hits) }

// Verb is the share of the statements found whose verb is right.
func (s *Score) Verb() float64 { return share(s.Verbs, s.Hits) }

func share(part, all int) float64 {
	if all == 0 {
		return 1
	}
	return float64(part) / float64(all)
}

// F1 is the harmonic mean of precision and recall.
func (s *Score) F1() float64 {
	if s.Wanted+s.Found == 0 {
		return 1
	}
	return 2 * float64(s.Hits) / float64(s.Wanted+s.Found)
}

// Score compares quotes with the labels of one kind and tells what is wrong. A
// statement is found if half of what either covers is common to both.
func (s *Story) Score(kind string, quotes []*datelinev1.Quote) (Score, []string) {
	var sc Score
	var faults []string
	taken := make([]bool, len(s.said))
	for _, q := range quotes {
		if (q.GetKind() == "direct") != (kind == Direct) {
			continue
		}
		label := s.labelOf(q.GetSpan(), kind, taken)
		if label < 0 {
			if !s.isOpen(q.GetSpan()) {
				sc.Found++
				faults = append(faults, fmt.Sprintf("wrong: %s | %s | %s", q.GetText(), q.GetSpeaker(), q.GetVerb()))
			}
			continue
		}
		taken[label] = true
		l := &s.said[label]
		sc.Found++
		sc.Hits++
		if holds(q.GetSpeaker(), l.speakers) {
			sc.Speakers++
		} else {
			faults = append(faults, fmt.Sprintf("speaker %q, not %q: %s", q.GetSpeaker(), l.speakers, q.GetText()))
		}
		if holds(q.GetVerb(), l.verbs) {
			sc.Verbs++
		} else {
			faults = append(faults, fmt.Sprintf("verb %q, not %q: %s", q.GetVerb(), l.verbs, q.GetText()))
		}
	}
	for i := range s.said {
		if s.said[i].kind != kind {
			continue
		}
		sc.Wanted++
		if !taken[i] {
			faults = append(faults, fmt.Sprintf("missed: %s | %s | %s", s.said[i].text, s.said[i].speakers, s.said[i].verbs))
		}
	}
	return sc, faults
}

func (s *Story) labelOf(at *datelinev1.Span, kind string, taken []bool) int {
	for i := range s.said {
		l := &s.said[i]
		common := int(min(l.end, at.GetEnd())) - int(max(l.start, at.GetStart()))
		both := int(max(l.end, at.GetEnd())) - int(min(l.start, at.GetStart()))
		if l.kind == kind && !taken[i] && 2*common >= both {
			return i
		}
	}
	return -1
}

// isOpen tells whether what stands there may be taken for speech or not.
func (s *Story) isOpen(at *datelinev1.Span) bool {
	for i := range s.said {
		l := &s.said[i]
		common := int(min(l.end, at.GetEnd())) - int(max(l.start, at.GetStart()))
		if l.kind == open && 2*common >= int(at.GetEnd()-at.GetStart()) {
			return true
		}
	}
	return false
}

// holds tells whether the text has one of the forms in it; an empty form is held
// by an empty text alone.
func holds(text string, forms []string) bool {
	for _, f := range forms {
		if f == "" && text == "" || f != "" && strings.Contains(strings.ToLower(text), strings.ToLower(f)) {
			return true
		}
	}
	return false
}
