package neardup

import (
	"fmt"
	"math"
	"time"
)

const (
	// bands of bandRows values each find candidates: of two texts with Jaccard
	// similarity j, at least one band is equal with probability
	// 1 - (1 - j^bandRows)^bands: 0.96 at 0.5, 0.999 at 0.6, 0.02 at 0.1. Bands lie
	// side by side at the start of the sketch; what they miss at 0.5, the
	// openings find where the texts begin alike.
	bands    = 24
	bandRows = 3
	// keysPerText are the identity, the bands, and the keys of the opening.
	keysPerText = 1 + bands + leadKeys
	// maxChain bounds the articles looked at by one key, and maxCandidates by all:
	// of a thousand copies of one text, the newest few tell as much as all.
	maxChain      = 16
	maxCandidates = 64
	// firstCapacity is the number of articles that an empty index has room for.
	firstCapacity = 1 << 10
)

// Index holds the signatures of the last articles and their clusters. Its cost
// for an article does not depend on how many it holds. It is not safe for
// concurrent use.
//
// Articles lie in a ring in the order in which they came. For each key there is a
// chain from the newest article that has it back to the oldest; a link to an
// article that has left the ring ends its chain, so that leaving costs nothing
// (the hash chains of LZ77 compressors: RFC 1951, section 4).
type Index struct {
	max int
	age time.Duration

	// Article number n, counted from 1, lies in slot n%len(ring) of ring and
	// signatures, from first up to, not including, next. Signatures lie apart, since
	// they hold no pointers for the garbage collector to follow. Chains hold numbers
	// of 32 bits; 0 ends them.
	ring        []entry
	signatures  []Signature
	first, next uint64
	heads       []uint32
	links       [][keysPerText]uint32

	byID map[string]uint64
	// shared counts the members of clusters with more than one.
	shared map[string]members
	// candidates is the memory of one search.
	candidates []uint64
}

// entry is an article. Its id is empty if a later revision took its place.
type entry struct {
	id       string
	at       int64
	revision uint32
	decision Decision
}

// members counts those of a cluster: all so far, and those in the index.
type members struct{ size, live uint32 }

// NewIndex makes an index of at most limit articles that came within age of the
// last one.
func NewIndex(limit int, age time.Duration) (*Index, error) {
	if limit < 1 || limit > math.MaxInt32 || age <= 0 {
		return nil, fmt.Errorf("an index needs room for 1 to %d articles and a positive age, got %d and %s", math.MaxInt32, limit, age)
	}
	x := &Index{max: limit, age: age, first: 1, next: 1, byID: map[string]uint64{}, shared: map[string]members{}}
	x.resize(min(firstCapacity, limit))
	return x, nil
}

// Len is the number of articles in the index.
func (x *Index) Len() int { return len(x.byID) }

// Lookup returns what was decided of an article that is in the index.
func (x *Index) Lookup(article string) (Decision, bool) {
	if n, ok := x.byID[article]; ok {
		return x.entry(n).decision, true
	}
	return Decision{}, false
}

func (x *Index) slot(n uint64) int { return int(n % uint64(len(x.ring))) }

func (x *Index) entry(n uint64) *entry { return &x.ring[x.slot(n)] }

func (x *Index) signature(n uint64) *Signature { return &x.signatures[x.slot(n)] }

// number completes a number of a chain; false if that article has left.
func (x *Index) number(low uint32) (uint64, bool) {
	back := uint64(uint32(x.next) - low)
	if low == 0 || back == 0 || back > x.next-x.first {
		return 0, false
	}
	return x.next - back, true
}

// key returns the chain of a signature's k-th key; false if it has none.
func (x *Index) key(s *Signature, k int) (chain uint64, ok bool) {
	switch {
	case k == 0:
		chain = s.Exact
	case s.Short():
		return 0, false
	case k <= bands:
		row := s.sketch[(k-1)*bandRows:]
		chain = uint64(row[0]) | uint64(row[1])<<8 | uint64(row[2])<<16
	default:
		chain = uint64(s.lead.keys[k-1-bands])
	}
	return mix(chain^uint64(k)<<56) & uint64(len(x.heads)-1), true
}

// sameKey says whether two signatures have their k-th key in common: a chain may
// hold others as well.
func sameKey(a, b *Signature, k int) bool {
	switch {
	case k == 0:
		return a.Exact == b.Exact
	case a.Short() || b.Short():
		return false
	case k <= bands:
		i := (k - 1) * bandRows
		return [bandRows]byte(a.sketch[i:]) == [bandRows]byte(b.sketch[i:])
	}
	return a.lead.keys[k-1-bands] == b.lead.keys[k-1-bands]
}

// push adds an article as the newest.
func (x *Index) push(e entry, s *Signature) {
	size := uint64(len(x.ring))
	if x.next-x.first == size && int(size) < x.max {
		x.resize(min(2*int(size), x.max))
	}
	for x.next-x.first >= uint64(len(x.ring)) {
		x.leave()
	}
	n := x.next
	*x.entry(n), *x.signature(n) = e, *s
	x.next++
	x.byID[e.id] = n
	x.link(n)
}

// link puts article n at the head of its chains.
func (x *Index) link(n uint64) {
	s, links := x.signature(n), &x.links[x.slot(n)]
	for k := range keysPerText {
		if chain, ok := x.key(s, k); ok {
			links[k], x.heads[chain] = x.heads[chain], uint32(n)
		}
	}
}

// expire removes the articles that came before a time.
func (x *Index) expire(since int64) {
	for x.first < x.next && x.entry(x.first).at < since {
		x.leave()
	}
}

// leave removes the oldest article.
func (x *Index) leave() {
	e := x.entry(x.first)
	x.first++
	if e.id != "" {
		delete(x.byID, e.id)
		x.part(e.decision.Cluster)
	}
	*e = entry{}
}

// resize gives the ring another capacity.
func (x *Index) resize(capacity int) {
	old := *x
	x.ring = make([]entry, capacity)
	x.signatures = make([]Signature, capacity)
	x.links = make([][keysPerText]uint32, capacity)
	heads := 1
	for heads < capacity*keysPerText {
		heads *= 2
	}
	x.heads = make([]uint32, heads)
	for n := x.first; n < x.next; n++ {
		*x.entry(n), *x.signature(n) = *old.entry(n), *old.signature(n)
		x.link(n)
	}
}

// candidate is an article with a text like another.
type candidate struct {
	*entry
	match Match
}

// search finds the article nearest to a signature among those that ok admits; of
// several, the earliest. The result's entry is nil if there is none.
func (x *Index) search(s *Signature, ok func(*entry) bool) (best candidate) {
	found := x.collect(s)
	earliest := uint64(0)
	for _, n := range found {
		e := x.entry(n)
		if !ok(e) {
			continue
		}
		m := Compare(s, x.signature(n))
		if m.Kind == None {
			continue
		}
		if best.entry == nil || m.closer(best.match) || !best.match.closer(m) && n < earliest {
			best, earliest = candidate{entry: e, match: m}, n
		}
	}
	return best
}

// collect lists the articles that have a key in common with a signature.
func (x *Index) collect(s *Signature) []uint64 {
	found := x.candidates[:0]
	for k := range keysPerText {
		chain, ok := x.key(s, k)
		if !ok {
			continue
		}
		low := x.heads[chain]
		for range maxChain {
			n, live := x.number(low)
			if !live || len(found) == maxCandidates {
				break
			}
			if x.entry(n).id != "" && sameKey(s, x.signature(n), k) {
				found = include(found, n)
			}
			low = x.links[x.slot(n)][k]
		}
	}
	x.candidates = found
	return found
}

func include(list []uint64, n uint64) []uint64 {
	for _, have := range list {
		if have == n {
			return list
		}
	}
	return append(list, n)
}
