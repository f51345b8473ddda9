package pollplan

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"time"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

const (
	// fingerprintSize and versionSize are the lengths in bytes of what is remembered of
	// an entry: who it is, and what it said last.
	fingerprintSize = 8
	versionSize     = 4
	// minKnown and maxKnown bound how many entries a feed remembers. Between them it
	// remembers twice as many as its document holds, since some feeds leave entries
	// out and bring them back.
	minKnown = 256
	maxKnown = 4096
	// maxChanged caps the changed entries of a poll. The others wait for the next one.
	maxChanged = 50
)

// Yield is what a document holds for Dateline.
type Yield struct {
	// New are the entries that the feed did not have before, each once, in their order.
	New []*datelinev1.Entry
	// Changed are entries known before that say something else now, at most 50.
	Changed []*datelinev1.Entry
	// Held counts entries of a sitemap that are new to us but not to the world. They
	// are remembered.
	Held int
}

// hold takes from the new entries those that are older than since, and of those without
// a date the ones that undated names.
func (y *Yield) hold(since time.Time, undated func(*datelinev1.Entry) bool) {
	var fresh []*datelinev1.Entry
	for _, e := range y.New {
		at := dateOf(e)
		if at.IsZero() && !undated(e) || !at.Before(since) {
			fresh = append(fresh, e)
		}
	}
	y.Held += len(y.New) - len(fresh)
	y.New = fresh
}

// NewEntries gives the entries that the state does not know, each once, in their order.
// An entry is known by its normalised URL, or by URL and guid where entries share a
// URL, or by its text where they share both; so a changed guid, a tracking parameter or
// a changed headline makes no entry new. An entry without an address or a word is no
// news and left out.
func NewEntries(state *datelinev1.PollState, entries []*datelinev1.Entry) []*datelinev1.Entry {
	return identify(entries).compare(state).New
}

// Changed gives the known entries that say something else than they did last: title,
// summary, content or time of change. It gives none whose last words are not known, and
// none at all where more than half of those known differ in a document of more than
// four: there a template counts comments or shuffles adverts, and nothing was edited.
func Changed(state *datelinev1.PollState, entries []*datelinev1.Entry) []*datelinev1.Entry {
	return identify(entries).compare(state).Changed
}

// document is a feed's entries with what is remembered of each.
type document struct {
	entries  []*datelinev1.Entry
	ids      []uint64
	versions []uint32
}

func identify(entries []*datelinev1.Entry) document {
	d := document{entries: entries, ids: fingerprints(entries), versions: make([]uint32, len(entries))}
	for i, e := range entries {
		d.versions[i] = version(e)
	}
	return d
}

// compare tells the entries that are new, and those that changed, to a state.
func (d document) compare(before *datelinev1.PollState) Yield {
	known := memory(before)
	var y Yield
	seen, compared := make(map[uint64]bool, len(d.ids)), 0
	for i, id := range d.ids {
		e := d.entries[i]
		if seen[id] || e.GetUrl()+e.GetTitle()+e.GetSummary()+e.GetContent() == "" {
			continue
		}
		seen[id] = true
		switch last, ok := known[id]; {
		case !ok:
			y.New = append(y.New, e)
		case last != 0:
			if compared++; last != d.versions[i] {
				y.Changed = append(y.Changed, e)
			}
		}
	}
	if len(d.entries) > 4 && 2*len(y.Changed) > compared {
		y.Changed = nil
	}
	y.Changed = y.Changed[:min(len(y.Changed), maxChanged)]
	return y
}

// remember gives fingerprints and versions of the entries and of those known before,
// the oldest forgotten. Where more entries changed than were taken, the others keep
// their old version, so that the next poll takes them.
func (d document) remember(before *datelinev1.PollState, changed []*datelinev1.Entry) (known, versions []byte) {
	most := min(max(minKnown, 2*len(d.ids)), maxKnown)
	last := memory(before)
	taken := make(map[*datelinev1.Entry]bool, len(changed))
	for _, e := range changed {
		taken[e] = true
	}
	seen := make(map[uint64]bool, len(d.ids))
	add := func(id uint64, version uint32) {
		if !seen[id] && len(seen) < most {
			seen[id] = true
			known = binary.BigEndian.AppendUint64(known, id)
			versions = binary.BigEndian.AppendUint32(versions, version)
		}
	}
	for i, id := range d.ids {
		version := d.versions[i]
		if old := last[id]; old != 0 && len(changed) == maxChanged && !taken[d.entries[i]] {
			version = old
		}
		add(id, version)
	}
	for b := before.GetKnownEntries(); len(b) >= fingerprintSize; b = b[fingerprintSize:] {
		id := binary.BigEndian.Uint64(b)
		add(id, last[id])
	}
	return known, versions
}

// memory gives the versions of the entries that a state knows; 0 where it is not known.
func memory(state *datelinev1.PollState) map[uint64]uint32 {
	known, versions := state.GetKnownEntries(), state.GetKnownVersions()
	out := make(map[uint64]uint32, len(known)/fingerprintSize)
	for len(known) >= fingerprintSize {
		var v uint32
		if len(versions) >= versionSize {
			v, versions = binary.BigEndian.Uint32(versions), versions[versionSize:]
		}
		out[binary.BigEndian.Uint64(known)] = v
		known = known[fingerprintSize:]
	}
	return out
}

// castagnoli is the polynomial that processors compute.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// version tells what an entry says from what it said before. It is never zero. CRC-32C
// is enough: nobody gains from an edit that is overlooked once in four thousand million.
func version(e *datelinev1.Entry) uint32 {
	var sum uint32
	for _, s := range []string{e.GetTitle(), e.GetSummary(), e.GetContent()} {
		sum = crc32.Update(sum, castagnoli, []byte(s))
		sum = crc32.Update(sum, castagnoli, []byte{0})
	}
	if e.GetUpdated() != nil {
		sum = crc32.Update(sum, castagnoli, []byte(e.GetUpdated().AsTime().Format(time.RFC3339)))
	}
	return max(sum, 1)
}

// fingerprints gives the identity of each entry within its feed. Most are told apart by
// their addresses; where some share one, their guids are added, and where they share
// that, too, what they say.
func fingerprints(entries []*datelinev1.Entry) []uint64 {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.GetUrl()
		if u, err := urlnorm.Normalize(names[i]); err == nil {
			names[i] = u
		}
	}
	for _, more := range []func(*datelinev1.Entry) string{(*datelinev1.Entry).GetGuid, said} {
		count := make(map[string]int, len(names))
		for _, name := range names {
			count[name]++
		}
		for i, name := range names {
			if strings.TrimSpace(name) == "" || count[name] > 1 {
				names[i] += "\n" + more(entries[i])
			}
		}
	}
	out := make([]uint64, len(entries))
	for i, name := range names {
		sum := sha256.Sum256([]byte(name))
		out[i] = binary.BigEndian.Uint64(sum[:])
	}
	return out
}

// said is what an entry without an identity is told apart by.
func said(e *datelinev1.Entry) string {
	return e.GetTitle() + "\n" + e.GetSummary() + "\n" + e.GetContent()
}
