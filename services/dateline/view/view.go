// Package view writes Dateline's messages for people to read in a terminal.
package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Printer writes events, a few lines each.
type Printer struct{ out io.Writer }

// NewPrinter returns a Printer that writes to out.
func NewPrinter(out io.Writer) *Printer { return &Printer{out: out} }

const (
	languageRunes = 3
	headlineRunes = 90
	quoteRunes    = 70
	placeRunes    = 40
	idRunes       = 40
	maxQuotes     = 3
	maxAcronyms   = 4
	indent        = "              "
)

// Event writes one enriched event.
func (p *Printer) Event(a *datelinev1.Article) error {
	doc, e := a.GetDocument(), a.GetEnrichment()
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %-3s  %s\n", eventTime(a).Local().Format(time.TimeOnly), Clean(e.GetLanguage().GetCode(), languageRunes), Clean(doc.GetHeadline(), headlineRunes))

	facts := []string{source(a)}
	if d := e.GetDateline(); d.GetLocated() != "" {
		place := d.GetLocated()
		if d.GetCountryCode() != "" {
			place += " (" + d.GetCountryCode() + ")"
		}
		facts = append(facts, "⌖ "+Clean(place, placeRunes))
	}
	if at := doc.GetPublishedAt(); at != nil {
		facts = append(facts, published(doc))
	}
	if t := e.GetTopics(); len(t) > 0 {
		facts = append(facts, Clean(t[0].GetLabel(), 30))
	}
	facts = append(facts, plural(int(doc.GetWordCount()), "word"), Clean(a.GetId(), idRunes))
	fmt.Fprintf(&b, "%s%s\n", indent, strings.Join(facts, " · "))
	if line := state(a); line != "" {
		fmt.Fprintf(&b, "%s%s\n", indent, line)
	}

	for i, q := range e.GetQuotes() {
		if i == maxQuotes {
			fmt.Fprintf(&b, "%s… and %s more\n", indent, plural(len(e.GetQuotes())-i, "quote"))
			break
		}
		speaker := q.GetSpeaker()
		if speaker == "" {
			speaker = "?"
		}
		fmt.Fprintf(&b, "%s“%s” — %s\n", indent, Clean(q.GetText(), quoteRunes), Clean(speaker, 50))
	}
	if n := len(e.GetAcronyms()); n > 0 {
		var pairs []string
		for _, ac := range e.GetAcronyms()[:min(n, maxAcronyms)] {
			pairs = append(pairs, Clean(ac.GetShort(), 15)+" = "+Clean(ac.GetLong(), 50))
		}
		fmt.Fprintf(&b, "%s%s\n", indent, strings.Join(pairs, "; "))
	}
	_, err := io.WriteString(p.out, b.String())
	return err
}

// state says what is different from the revision before, and what an agency says of
// its story where that is not that it may be used: "rev 2: headline, text (+12 −3
// words)", "rev 3: vanished", "canceled".
func state(a *datelinev1.Article) string {
	var parts []string
	if a.GetRevision() > 1 {
		what := "unchanged"
		if fields := a.GetChange().GetFields(); len(fields) > 0 {
			what = Clean(strings.Join(fields, ", "), headlineRunes)
		} else if a.GetChange() == nil {
			what = "changes not known"
		}
		if added, removed := a.GetChange().GetWordsAdded(), a.GetChange().GetWordsRemoved(); added+removed > 0 {
			what += fmt.Sprintf(" (+%d −%d words)", added, removed)
		}
		parts = append(parts, fmt.Sprintf("rev %d: %s", a.GetRevision(), what))
	}
	if status := a.GetDocument().GetPublicationStatus(); status != "" && status != "usable" {
		parts = append(parts, Clean(status, placeRunes))
	}
	return strings.Join(parts, " · ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// eventTime is when the article was enriched.
func eventTime(a *datelinev1.Article) time.Time {
	if trail := a.GetTrail(); len(trail) > 0 {
		return trail[len(trail)-1].GetStartedAt().AsTime()
	}
	return a.GetFirstSeenAt().AsTime()
}

func source(a *datelinev1.Article) string {
	for _, s := range []string{a.GetDocument().GetSiteName(), a.GetSource().GetFeedTitle(), a.GetFetch().GetUrl()} {
		if s != "" {
			return Clean(s, 40)
		}
	}
	return "pushed"
}

// published writes a publication time as exactly as it is known, a time of day
// by the reader's clock.
func published(doc *datelinev1.Document) string {
	t := doc.GetPublishedAt().AsTime()
	switch doc.GetPublishedPrecision() {
	case "year":
		return t.Format("2006")
	case "month":
		return t.Format("2006-01")
	case "day":
		return t.Format(time.DateOnly)
	default:
		return t.Local().Format("2006-01-02 15:04")
	}
}

// Clean makes text of a stranger fit for one line of a terminal: no control or
// direction-changing characters, no line breaks, at most limit characters, of
// which the last is an ellipsis where something was cut off.
func Clean(s string, limit int) string {
	var b strings.Builder
	n, last, space := 0, 0, false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = n > 0
			continue
		}
		// Bidi controls are no printable characters.
		if !unicode.IsPrint(r) {
			continue
		}
		if space && n < limit {
			last = b.Len()
			b.WriteByte(' ')
			n++
		}
		space = false
		if n >= limit {
			return strings.TrimSuffix(b.String()[:last], " ") + strings.Repeat("…", min(limit, 1))
		}
		last = b.Len()
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// JSON writes a message as one line of protobuf's canonical JSON. protojson
// spaces its output at random, lest anybody compare it; here it is even.
func JSON(m proto.Message) ([]byte, error) {
	data, err := protojson.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", m.ProtoReflect().Descriptor().Name(), err)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, data); err != nil {
		return nil, fmt.Errorf("encode %s: %w", m.ProtoReflect().Descriptor().Name(), err)
	}
	return line.Bytes(), nil
}
