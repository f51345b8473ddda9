package view

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dateline-news/dateline/services/dateline/trace"
)

const (
	addressRunes = 200
	noteRunes    = 300
)

// Trace writes an article's life as a timeline.
func Trace(w io.Writer, t *trace.Trace) error {
	var b strings.Builder
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-10s%s\n", name, value)
		}
	}
	row("article", Clean(t.ID, idRunes))
	row("headline", Clean(t.Headline, noteRunes))
	row("address", Clean(t.URL, addressRunes))
	for _, alias := range t.Aliases {
		row("also", Clean(alias, addressRunes))
	}
	if t.Feed != nil {
		row("feed", feedLine(*t.Feed))
	}
	row("state", t.State+": "+Clean(t.Summary, 2*noteRunes))
	if c := t.Cluster; c != nil && c.Size > 1 {
		row("cluster", fmt.Sprintf("%s, %s; the first was %s", Clean(c.ID, idRunes), plural(int(c.Size), "article"), Clean(c.First, idRunes)))
	}
	if t.Kept != nil {
		row("page", fmt.Sprintf("kept since %s, %d bytes", t.Kept.At.Local().Format(time.DateTime), t.Kept.Bytes))
	}
	for _, feed := range t.Expected {
		row("expected", feedLine(feed))
	}
	if len(t.Steps) > 0 {
		b.WriteByte('\n')
	}
	var before time.Time
	for _, step := range t.Steps {
		writeStep(&b, step, before)
		before = step.At
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func feedLine(f trace.Feed) string {
	parts := []string{Clean(f.URL, addressRunes)}
	if f.Title != "" {
		parts[0] = Clean(f.Title, 60) + " " + parts[0]
	}
	if f.State != "" {
		parts = append(parts, f.State)
	}
	if f.Reason != "" {
		parts = append(parts, Clean(f.Reason, noteRunes))
	}
	if f.LastPoll != nil {
		parts = append(parts, "polled "+f.LastPoll.Local().Format(time.DateTime))
	}
	if f.NextPoll != nil {
		parts = append(parts, "next "+f.NextPoll.Local().Format(time.DateTime))
	}
	return strings.Join(parts, " · ")
}

func writeStep(b *strings.Builder, s trace.Step, before time.Time) {
	what := s.Outcome
	if s.Reason != "" {
		what += ": " + Clean(s.Reason, noteRunes)
		if meaning := trace.Meaning(s.Reason); meaning != "" {
			what += ", " + meaning
		}
	}
	var facts []string
	if s.Took > 0 {
		facts = append(facts, "took "+shortly(time.Duration(s.Took*float64(time.Second))))
	}
	if s.Attempt > 1 {
		facts = append(facts, fmt.Sprintf("attempt %d", s.Attempt))
	}
	if s.Revision > 1 {
		facts = append(facts, fmt.Sprintf("revision %d", s.Revision))
	}
	if s.Host != "" {
		facts = append(facts, "on "+Clean(s.Host, 60))
	}
	since := ""
	if !before.IsZero() {
		since = "+" + shortly(s.At.Sub(before))
	}
	line := fmt.Sprintf("%s %9s  %-17s%s", s.At.Local().Format("2006-01-02 15:04:05.000"), since, Clean(s.Stage, 40), what)
	if len(facts) > 0 {
		line += " (" + strings.Join(facts, ", ") + ")"
	}
	b.WriteString(line + "\n")
	for _, note := range s.Notes {
		fmt.Fprintf(b, "%52s%s\n", "", Clean(note, noteRunes))
	}
	if s.Quarantine != "" {
		fmt.Fprintf(b, "%52sdateline quarantine show %s\n", "", Clean(s.Quarantine, idRunes))
	}
}

// shortly writes a duration with about three digits.
func shortly(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + shortly(-d)
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(10 * time.Millisecond).String()
	default:
		return d.Round(time.Second).String()
	}
}
