// Package change says what differs between two readings of one article.
//
// A page differs a little each time that it is looked at: pictures, links, tags
// and times of change come and go, and some text only counts the minutes since
// the story appeared. None of that is news. What counts are the headline, the
// text, the abstract, the authors, the publication time, the canonical URL, the
// section, the type of the page and what an agency says of its story's state,
// compared without regard to white space and Unicode normalisation.
package change

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"github.com/dateline-news/dateline/services/parser/internal/plain"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Words in Change.fields that name no field of the document.
const (
	// Vanished says that the publisher took the page down.
	Vanished = "vanished"
	// Restored says that it came back.
	Restored = "restored"
)

// Between compares two readings of an article. It is nil where nothing differs
// that counts. Since is left to the caller. The time it takes is linear in the
// length of the texts.
func Between(before, after *datelinev1.Document) *datelinev1.Change {
	c := &datelinev1.Change{}
	differs := func(field string, yes bool) {
		if yes {
			c.Fields = append(c.Fields, field)
		}
	}
	if plain.Line(before.GetHeadline()) != plain.Line(after.GetHeadline()) {
		differs("headline", true)
		c.PreviousHeadline = before.GetHeadline()
	}
	old, now := steady(before.GetText()), steady(after.GetText())
	if !slices.Equal(old, now) {
		differs("text", true)
		c.WordsAdded, c.WordsRemoved = countWords(old, now)
	}
	differs("abstract", plain.Line(before.GetAbstract()) != plain.Line(after.GetAbstract()))
	differs("authors", !slices.Equal(names(before.GetAuthors()), names(after.GetAuthors())))
	differs("publishedAt", !sameTime(before, after))
	differs("canonicalUrl", before.GetCanonicalUrl() != after.GetCanonicalUrl())
	differs("section", plain.Line(before.GetSection()) != plain.Line(after.GetSection()))
	differs("pageType", before.GetPageType() != after.GetPageType())
	differs("publicationStatus", status(before) != status(after))
	if len(c.Fields) == 0 {
		return nil
	}
	return c
}

// status is what an agency says of its story's state: one that says nothing may be
// used.
func status(d *datelinev1.Document) string {
	return cmp.Or(d.GetPublicationStatus(), "usable")
}

// names are the authors whatever their order.
func names(authors []string) []string {
	out := make([]string, 0, len(authors))
	for _, a := range authors {
		out = append(out, plain.Line(a))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sameTime reports whether two publication times agree as far as the coarser of
// them goes: a page that gives the clock of a day that was known before is no
// news.
func sameTime(before, after *datelinev1.Document) bool {
	if (before.GetPublishedAt() == nil) != (after.GetPublishedAt() == nil) {
		return false
	}
	if before.GetPublishedAt() == nil {
		return true
	}
	layout := layouts[max(coarseness(before), coarseness(after))]
	return printed(before, layout) == printed(after, layout)
}

// The precisions, and layouts that write a time as exactly as each goes.
var (
	precisions = [...]string{"second", "minute", "day", "month", "year"}
	layouts    = [...]string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly, "2006-01", "2006"}
)

// pointInTime is the coarsest of the precisions that do not depend on a calendar's
// zone.
const pointInTime = 1

func coarseness(d *datelinev1.Document) int {
	return max(slices.Index(precisions[:], d.GetPublishedPrecision()), 0)
}

// printed writes a publication time: a day, month or year by the clock that the
// source printed.
func printed(d *datelinev1.Document, layout string) string {
	t := d.GetPublishedAt().AsTime()
	if slices.Index(layouts[:], layout) > pointInTime {
		t = t.Add(time.Duration(d.GetPublishedOffsetMinutes()) * time.Minute)
	}
	return t.Format(layout)
}

// steady cuts a text into paragraphs, each one line, and leaves out those that
// only say how long ago something was.
func steady(text string) []string {
	var out []string
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && text[end] != '\n' {
			end++
		}
		if line := plain.Line(text[start:end]); line != "" && !passing(line) {
			out = append(out, line)
		}
		start = end + 1
	}
	return out
}

// maxPassing is the longest paragraph, in words, that may count as a passing
// remark on the time.
const maxPassing = 8

// passing reports whether a paragraph is a remark such as "Updated 5 minutes
// ago" or "il y a 2 heures": short, with a number and a word for "ago".
func passing(line string) bool {
	if len(line) > 200 {
		return false
	}
	count, number, ago := 0, false, false
	for it := words.FromString(line); it.Next(); {
		w := it.Value()
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.IsDigit(r):
			number = true
			count++
		case unicode.IsLetter(r):
			ago = ago || agoWords[plain.Fold(w)]
			count++
		}
	}
	// French needs three words for "ago".
	return number && count <= maxPassing && (ago || strings.Contains(strings.ToLower(line), "il y a "))
}

// agoWords stand beside a number of minutes, hours or days that have passed, in
// the languages of most pages.
var agoWords = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range [...]string{
		"ago", "vor", "hace", "fa", "geleden", "atrás", "há", "назад", "тому", "temu", "önce", "sedan", "siden", "sitten", "zpátky",
		"lalu", "πριν", "منذ", "قبل", "לפני", "पहले", "trước", "преди", "prije", "pred", "acum", "ezelőtt", "før",
		"前", "전",
	} {
		m[w] = true
	}
	return m
}()

// countWords counts the words of each text that the other does not have as
// often.
func countWords(before, after []string) (added, removed uint32) {
	balance := make(map[string]int)
	for _, p := range before {
		each(p, func(w string) { balance[w]-- })
	}
	for _, p := range after {
		each(p, func(w string) { balance[w]++ })
	}
	for _, n := range balance {
		if n > 0 {
			added += uint32(n)
		} else {
			removed += uint32(-n)
		}
	}
	return added, removed
}

// each calls fn with every word, as Unicode text segmentation (UAX 29) finds
// them.
func each(paragraph string, fn func(string)) {
	for it := words.FromString(paragraph); it.Next(); {
		w := it.Value()
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) || unicode.IsNumber(r) {
			fn(w)
		}
	}
}
