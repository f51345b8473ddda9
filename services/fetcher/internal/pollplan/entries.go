package pollplan

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

const (
	// fingerprintSize is the length of a fingerprint in bytes.
	fingerprintSize = 8
	// minKnown and maxKnown bound how many entries a feed remembers. Between them it
	// remembers twice as many as its document holds, since some feeds leave entries
	// out and bring them back.
	minKnown = 256
	maxKnown = 4096
)

// NewEntries gives the entries that the state does not know, each once, in their order.
// An entry is known by its normalised URL, or by URL and guid where entries share a
// URL; so a changed guid, a tracking parameter or a changed headline makes no entry
// new. An entry without an address or a word is no news and left out.
func NewEntries(state *datelinev1.PollState, entries []*datelinev1.Entry) []*datelinev1.Entry {
	known := make(map[uint64]bool)
	for b := state.GetKnownEntries(); len(b) >= fingerprintSize; b = b[fingerprintSize:] {
		known[binary.BigEndian.Uint64(b)] = true
	}
	var fresh []*datelinev1.Entry
	for i, id := range fingerprints(entries) {
		if e := entries[i]; !known[id] && e.GetUrl()+e.GetTitle()+e.GetSummary()+e.GetContent() != "" {
			known[id] = true
			fresh = append(fresh, e)
		}
	}
	return fresh
}

// remember gives the fingerprints of the entries and of those known before, the oldest
// forgotten.
func remember(known []byte, entries []*datelinev1.Entry) []byte {
	most := fingerprintSize * min(max(minKnown, 2*len(entries)), maxKnown)
	out := make([]byte, 0, min(most, fingerprintSize*len(entries)+len(known)))
	seen := make(map[uint64]bool, len(entries))
	add := func(id uint64) {
		if !seen[id] && len(out) < most {
			seen[id] = true
			out = binary.BigEndian.AppendUint64(out, id)
		}
	}
	for _, id := range fingerprints(entries) {
		add(id)
	}
	for ; len(known) >= fingerprintSize; known = known[fingerprintSize:] {
		add(binary.BigEndian.Uint64(known))
	}
	return out
}

// fingerprints gives the identity of each entry within its feed.
func fingerprints(entries []*datelinev1.Entry) []uint64 {
	urls := make([]string, len(entries))
	count := make(map[string]int, len(entries))
	for i, e := range entries {
		urls[i] = e.GetUrl()
		if u, err := urlnorm.Normalize(urls[i]); err == nil {
			urls[i] = u
		}
		count[urls[i]]++
	}
	out := make([]uint64, len(entries))
	for i, e := range entries {
		id := urls[i]
		if id == "" || count[id] > 1 {
			id += "\n" + e.GetGuid()
		}
		sum := sha256.Sum256([]byte(id))
		out[i] = binary.BigEndian.Uint64(sum[:])
	}
	return out
}

// dates gives the times of entries up to now, the newest first.
func dates(entries []*datelinev1.Entry, now time.Time) []time.Time {
	var out []time.Time
	for _, e := range entries {
		at := e.GetPublished()
		if at == nil {
			at = e.GetUpdated()
		}
		if at != nil && !at.AsTime().After(now) {
			out = append(out, at.AsTime())
		}
	}
	slices.SortFunc(out, func(a, b time.Time) int { return b.Compare(a) })
	return out
}

func newestDate(entries []*datelinev1.Entry, now time.Time) time.Time {
	if d := dates(entries, now); len(d) > 0 {
		return d[0]
	}
	return time.Time{}
}

// typicalGap gives a quantile of the gaps between the dates of the newest 20 entries;
// false for fewer than four dates.
func typicalGap(entries []*datelinev1.Entry, now time.Time, quantile float64) (time.Duration, bool) {
	const newest, least = 20, 4
	d := dates(entries, now)
	d = d[:min(len(d), newest)]
	if len(d) < least {
		return 0, false
	}
	gaps := make([]time.Duration, len(d)-1)
	for i := range gaps {
		gaps[i] = d[i].Sub(d[i+1])
	}
	slices.Sort(gaps)
	return gaps[int(quantile*float64(len(gaps)-1)+0.5)], true
}

// meanGap gives the mean time between new entries over the time that the feed has been
// read; false where that says too little.
func meanGap(state *datelinev1.PollState) (time.Duration, bool) {
	if state.GetAddedAt() == nil || state.GetLastNewAt() == nil {
		return 0, false
	}
	span := state.GetLastNewAt().AsTime().Sub(state.GetAddedAt().AsTime())
	if span < 7*24*time.Hour || state.GetEntriesFound() < 5 {
		return 0, false
	}
	return span / time.Duration(state.GetEntriesFound()), true
}

// short gives a duration for people: "40s", "5m", "3h", "2 days".
func short(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24+0.5))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()+0.5))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%dm", int(d.Minutes()+0.5))
	default:
		return fmt.Sprintf("%ds", int(d.Seconds()+0.5))
	}
}

// inRow says how often something happened, where it was more than once.
func inRow(n uint32) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(", %d times in a row", n)
}

// clean makes an error's text one line of bounded length.
func clean(s string) string {
	const longest = 300
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return s
}
