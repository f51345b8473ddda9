package enrichment

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// dates counts a reading right that is the truth, or the nearest such weekday: "last
// Monday" is either in every language.
func (m *measurement) dates(ctx context.Context) error {
	type labelled struct{ Lang, Text, Ref, Date, Kind string }
	rows, err := read[labelled](m.dir, "dates", "cldr-relative.jsonl")
	if err != nil {
		return err
	}
	e, err := only(ctx, "when")
	if err != nil {
		return err
	}
	var kinds []string
	right := map[string]*share{}
	var calendar share
	var t timer
	for _, r := range rows {
		ref, err := time.Parse(time.DateOnly, r.Ref)
		if err != nil {
			return fmt.Errorf("read a day: %w", err)
		}
		truth, err := time.Parse(time.DateOnly, r.Date)
		if err != nil {
			return fmt.Errorf("read a day: %w", err)
		}
		out, err := enriched(ctx, e, &t, &datelinev1.Document{Text: r.Text, Language: r.Lang, PublishedAt: timestamppb.New(ref), PublishedPrecision: "day"})
		if err != nil {
			return err
		}
		reads := func(day time.Time) bool {
			return slices.ContainsFunc(out.GetDates(), func(d *datelinev1.DateExpression) bool { return d.GetValue() == day.Format(time.DateOnly) })
		}
		if right[r.Kind] == nil {
			kinds, right[r.Kind] = append(kinds, r.Kind), &share{}
		}
		hit := reads(truth)
		if r.Kind == "relative-weekday" {
			calendar.count(hit)
			hit = hit || reads(nearest(truth, ref))
		}
		right[r.Kind].count(hit)
	}
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%s %d of %d", kind, right[kind].hits, right[kind].all)
		if kind == "relative-weekday" {
			kinds[i] += fmt.Sprintf(" (%d by calendar weeks)", calendar.hits)
		}
	}
	m.add("dates", "CLDR, 33 languages", &t, "%s", strings.Join(kinds, ", "))
	return nil
}

// nearest gives the day with the weekday of truth that is nearest to ref, on the
// same side of it.
func nearest(truth, ref time.Time) time.Time {
	const week = 7
	for truth.Before(ref.AddDate(0, 0, -week)) {
		truth = truth.AddDate(0, 0, week)
	}
	for truth.After(ref.AddDate(0, 0, week)) {
		truth = truth.AddDate(0, 0, -week)
	}
	return truth
}

// quotes scores passages in quotation marks: those that somebody says are to be
// found, titles and themes are not; a speaker is right if it is one of the names
// given, or contains it.
func (m *measurement) quotes(ctx context.Context) error {
	type labelled struct {
		Lang, Text string
		Spans      []struct {
			Start, End     uint32
			Label, Speaker string
			Alt            []string
		}
	}
	rows, err := read[labelled](m.dir, "quotes", "wikinews-fr.jsonl")
	if err != nil {
		return err
	}
	e, err := only(ctx, "quote")
	if err != nil {
		return err
	}
	var t timer
	hit, missed, wrong := 0, 0, 0
	var speaker share
	for _, r := range rows {
		out, err := enriched(ctx, e, &t, &datelinev1.Document{Text: r.Text, Language: r.Lang})
		if err != nil {
			return err
		}
		for _, s := range r.Spans {
			q := directWithin(out.GetQuotes(), s.Start, s.End)
			switch {
			case s.Label == "ignore":
			case s.Label != "quote" && q != nil:
				wrong++
			case s.Label == "quote" && q == nil:
				missed++
			case s.Label == "quote":
				hit++
				speaker.count(slices.ContainsFunc(append(s.Alt, s.Speaker), func(name string) bool {
					return name != "" && strings.Contains(straight(q.GetSpeaker()), straight(name))
				}))
			}
		}
	}
	m.add("quotes", "French Wikinews", &t, "detection F1 %.3f (%d missed, %d wrong), speaker %s", f1(hit, hit+wrong, hit+missed), missed, wrong, &speaker)
	return nil
}

func straight(s string) string { return strings.ToLower(strings.ReplaceAll(s, "’", "'")) }

func directWithin(quotes []*datelinev1.Quote, start, end uint32) *datelinev1.Quote {
	for _, q := range quotes {
		if q.GetKind() == "direct" && q.GetSpan().GetStart() < end && q.GetSpan().GetEnd() > start {
			return q
		}
	}
	return nil
}

// f1 is the harmonic mean of precision and recall.
func f1(hits, found, wanted int) float64 {
	if hits == 0 {
		return 0
	}
	return 2 * float64(hits) / float64(found+wanted)
}

// keyphrases is the mean over articles of exact match with readers' keys, by case
// alone made alike; the headline is the text's first line.
func (m *measurement) keyphrases(ctx context.Context) error {
	type labelled struct {
		Lang, Text string
		Keys       []string
	}
	rows, err := read[labelled](m.dir, "keyphrases", "wikinews-fr.jsonl")
	if err != nil {
		return err
	}
	e, err := only(ctx, "keyphrase")
	if err != nil {
		return err
	}
	var t timer
	five, ten := 0.0, 0.0
	for _, r := range rows {
		out, err := enriched(ctx, e, &t, &datelinev1.Document{Text: r.Text, Language: r.Lang})
		if err != nil {
			return err
		}
		keys := map[string]bool{}
		for _, k := range r.Keys {
			keys[strings.ToLower(k)] = true
		}
		five += keysFound(out.GetKeyphrases(), keys, 5)
		ten += keysFound(out.GetKeyphrases(), keys, 10)
	}
	n := float64(len(rows))
	m.add("keyphrases", "French Wikinews, to which its 16 weights were fitted", &t, "F1@5 %.3f, F1@10 %.3f", five/n, ten/n)
	return nil
}

func keysFound(found []*datelinev1.Keyphrase, keys map[string]bool, n int) float64 {
	found = found[:min(n, len(found))]
	hits := 0
	for _, k := range found {
		if keys[strings.ToLower(k.GetText())] {
			hits++
		}
	}
	return f1(hits, len(found), len(keys))
}

// subjects are the Media Topics of SIB-200's; geography has none.
var subjects = map[string]string{
	"science/technology": "13000000", "travel": "10000000", "politics": "11000000", "sports": "15000000",
	"health": "07000000", "entertainment": "01000000",
}

// topics takes the first topic of a sentence; silence is an error.
func (m *measurement) topics(ctx context.Context) error {
	type labelled struct{ Lang, Text, Topic string }
	rows, err := read[labelled](m.dir, "topics", "sib200.jsonl")
	if err != nil {
		return err
	}
	e, err := only(ctx, "topic")
	if err != nil {
		return err
	}
	var t timer
	right := map[string]*share{}
	var precise share
	for _, r := range rows {
		want, ok := subjects[r.Topic]
		if !ok {
			continue
		}
		out, err := enriched(ctx, e, &t, &datelinev1.Document{Text: r.Text, Language: r.Lang})
		if err != nil {
			return err
		}
		if right[r.Lang] == nil {
			right[r.Lang] = &share{}
		}
		got := ""
		if len(out.GetTopics()) > 0 {
			got = out.GetTopics()[0].GetCode()
			precise.count(strings.HasSuffix(got, want))
		}
		right[r.Lang].count(strings.HasSuffix(got, want))
	}
	m.add("topics", "SIB-200 sentences, on which the model was trained: its fit, not its worth on others; silence counts as wrong", &t, "%s; of those told %s", byLanguage(right), &precise)
	return nil
}

// byLanguage lists shares, the highest first.
func byLanguage(shares map[string]*share) string {
	codes := slices.SortedFunc(maps.Keys(shares), func(a, b string) int {
		x, y := shares[a], shares[b]
		return y.hits*x.all - x.hits*y.all
	})
	parts := make([]string, 0, len(codes))
	for _, code := range codes {
		parts = append(parts, fmt.Sprintf("%s %s", code, strings.TrimPrefix(shares[code].String(), "0")))
	}
	return strings.Join(parts, ", ")
}

// boundaries are the places between sentences, counted in characters that are no
// white space.
func boundaries(sentences []string) map[int]bool {
	at, set := 0, map[int]bool{}
	for i, s := range sentences {
		if i > 0 {
			set[at] = true
		}
		for _, r := range s {
			if !unicode.IsSpace(r) {
				at++
			}
		}
	}
	return set
}

// speech counts statements that are wanted, that are found, that are both, and whose
// speaker is right among these.
type speech struct{ Wanted, Found, Hits, Speakers int }

func (s *speech) add(o speech) {
	s.Wanted += o.Wanted
	s.Found += o.Found
	s.Hits += o.Hits
	s.Speakers += o.Speakers
}

func (s *speech) String() string {
	part := func(n, all int) float64 { return float64(n) / float64(max(all, 1)) }
	return fmt.Sprintf("%.3f (%.3f, %.3f), %.3f of %d", f1(s.Hits, s.Found, s.Wanted), part(s.Hits, s.Found), part(s.Hits, s.Wanted), part(s.Speakers, s.Hits), s.Wanted)
}

// pairs scores what no event shows and another command has written.
func (m *measurement) pairs() error {
	type predicted struct {
		Task, ID, Variant, Relation string
		Sentences                   []string
		Joined                      bool
		Pairs, Wrong                int
		Lang, Kind                  string
		Score                       speech
	}
	type labelled struct {
		ID, Lang  string
		Sentences []string
	}
	found, err := read[predicted](m.predicted)
	if err != nil {
		return err
	}
	rows, err := read[labelled](m.dir, "sentences", "sentences.jsonl")
	if err != nil {
		return err
	}
	cut := map[string][]string{}
	var variants []string
	joined := map[string]*share{}
	said := map[string]map[string]*speech{}
	for _, p := range found {
		switch p.Task {
		case "speech":
			if said[p.Kind] == nil {
				said[p.Kind] = map[string]*speech{}
			}
			if said[p.Kind][p.Lang] == nil {
				said[p.Kind][p.Lang] = &speech{}
			}
			said[p.Kind][p.Lang].add(p.Score)
		case "sentences":
			cut[p.ID] = p.Sentences
		case "dedup":
			name := p.Variant + " (" + p.Relation + ")"
			if joined[name] == nil {
				variants, joined[name] = append(variants, name), &share{}
			}
			joined[name].count(p.Joined)
		case "unrelated":
			m.add("near-duplicates", "unrelated texts", nil, "%d of %d pairs joined", p.Wrong, p.Pairs)
		}
	}
	for i, name := range variants {
		variants[i] = fmt.Sprintf("%s %d of %d", name, joined[name].hits, joined[name].all)
	}
	m.add("near-duplicates", "variants joined to their original", nil, "%s", strings.Join(variants, ", "))
	for _, kind := range slices.Sorted(maps.Keys(said)) {
		parts := make([]string, 0, len(said[kind]))
		for _, lang := range slices.Sorted(maps.Keys(said[kind])) {
			parts = append(parts, lang+" "+said[kind][lang].String())
		}
		m.add("quotes, "+kind, "own wire stories: F1 (precision, recall), speaker", nil, "%s", strings.Join(parts, "; "))
	}
	type tally struct{ hits, found, wanted int }
	counts := map[string]*tally{}
	for _, r := range rows {
		if counts[r.Lang] == nil {
			counts[r.Lang] = &tally{}
		}
		c, got, want := counts[r.Lang], boundaries(cut[r.ID]), boundaries(r.Sentences)
		c.found, c.wanted = c.found+len(got), c.wanted+len(want)
		for at := range got {
			if want[at] {
				c.hits++
			}
		}
	}
	parts := make([]string, 0, len(counts))
	for _, lang := range slices.Sorted(maps.Keys(counts)) {
		c := counts[lang]
		parts = append(parts, fmt.Sprintf("%s %.3f", lang, f1(c.hits, c.found, c.wanted)))
	}
	m.add("sentences", "boundaries in Universal Dependencies", nil, "F1 %s", strings.Join(parts, ", "))
	return nil
}
