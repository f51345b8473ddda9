package neardup_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/services/enricher/internal/neardup"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newIndex(t require.TestingT, limit int) *neardup.Index {
	x, err := neardup.NewIndex(limit, 72*time.Hour)
	require.NoError(t, err)
	return x
}

func record(article, text string) *neardup.Record {
	return &neardup.Record{Article: article, Revision: 1, Signature: *signed(text)}
}

// add applies a record as the replica that wrote it does when it is up to date.
func add(x *neardup.Index, r *neardup.Record, at time.Time) neardup.Decision {
	x.Propose(r, at)
	return x.Apply(r, at)
}

func TestClusters(t *testing.T) {
	t.Parallel()
	x := newIndex(t, 100)
	p := paragraphs(ferry)
	for _, step := range []struct {
		article, text string
		cluster       string
		kind          neardup.Kind
		nearest       string
		size          uint32
	}{
		{"a1", ferry, "a1", neardup.First, "", 1},
		{"a2", orchard, "a2", neardup.First, "", 1},
		{"a3", edited(ferry, 25), "a1", neardup.Near, "a1", 2},
		{"a4", strings.ToUpper(edited(ferry, 25)), "a1", neardup.Copy, "a3", 3},
		{"a5", p[0], "a1", neardup.Part, "a1", 4},
		{"a6", orchard, "a2", neardup.Copy, "a2", 2},
		{"a7", p[0] + "\n\n" + orchard, "a2", neardup.Near, "a2", 3},
		{"a8", ferry, "a1", neardup.Copy, "a1", 5},
		{"a9", "Live: ferry fire", "a9", neardup.First, "", 1},
		{"b1", "Live — ferry fire", "a9", neardup.Copy, "a9", 2},
	} {
		d := add(x, record(step.article, step.text), noon)
		require.Equal(t, step.cluster, d.Cluster, step.article)
		require.Equal(t, step.kind.String(), d.Kind.String(), step.article)
		require.Equal(t, step.nearest, d.Nearest, step.article)
		require.Equal(t, step.size, d.Size, step.article)
		held, ok := x.Lookup(step.article)
		require.True(t, ok)
		require.Equal(t, d, held)
	}
	require.Equal(t, 10, x.Len())
}

func TestARevisionKeepsItsCluster(t *testing.T) {
	t.Parallel()
	x := newIndex(t, 100)
	revision := func(article string, revision uint32, text string) neardup.Decision {
		r := record(article, text)
		r.Revision = revision
		return add(x, r, noon)
	}
	revision("a1", 1, ferry)
	revision("a2", 1, orchard)
	revision("b1", 1, edited(ferry, 30))

	d := revision("a1", 2, edited(ferry, 40))
	require.Equal(t, neardup.Decision{Cluster: "a1", Size: 2, Match: neardup.Match{Kind: neardup.First}}, d, "it is no copy of itself, nor of its copies")
	require.Equal(t, "a1", revision("a1", 3, orchard).Cluster, "not even with another text")
	require.EqualValues(t, 2, revision("b1", 2, ferry).Size, "no new member")
	d = revision("b1", 1, ferry)
	require.Equal(t, "a1", d.Cluster, "an old revision that comes late changes nothing")

	d = revision("c1", 1, edited(ferry, 31))
	require.Equal(t, "a1", d.Cluster)
	require.Equal(t, "b1", d.Nearest)
	require.EqualValues(t, 3, d.Size)
	require.Equal(t, 4, x.Len(), "one entry an article")
	d = revision("b1", 3, edited(ferry, 31))
	require.Equal(t, "c1", d.Nearest, "the nearest of its cluster, whichever came first")
	require.Equal(t, neardup.Copy, d.Kind)
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{0, -1, 1 << 40} {
		_, err := neardup.NewIndex(limit, time.Hour)
		require.Error(t, err)
	}
	_, err := neardup.NewIndex(10, 0)
	require.Error(t, err)

	x := newIndex(t, 10)
	add(x, record("a1", ferry), noon)
	add(x, record("a2", ferry), noon)
	for i := range 9 {
		add(x, record(fmt.Sprint("other", i), strings.Join(story(uint64(i), 60), " ")), noon)
		require.LessOrEqual(t, x.Len(), 10)
	}
	_, ok := x.Lookup("a1")
	require.False(t, ok, "the oldest left")
	d := add(x, record("a3", ferry), noon)
	require.Equal(t, "a1", d.Cluster, "a cluster outlives its first article")
	require.EqualValues(t, 3, d.Size)

	x = newIndex(t, 10)
	add(x, record("a1", ferry), noon)
	add(x, record("a2", ferry), noon.Add(71*time.Hour))
	require.Equal(t, "a1", add(x, record("a3", ferry), noon.Add(73*time.Hour)).Cluster)
	require.Equal(t, 2, x.Len())
	require.Equal(t, neardup.First, add(x, record("a4", ferry), noon.Add(200*time.Hour)).Kind, "after a long time it is new")
	require.Equal(t, 1, x.Len())
}

func TestAThousandCopies(t *testing.T) {
	t.Parallel()
	x := newIndex(t, 5000)
	for i := range 4000 {
		d := add(x, record(fmt.Sprint("a", i), ferry), noon)
		require.Equal(t, "a0", d.Cluster)
		require.EqualValues(t, i+1, d.Size)
	}
}

// drawn makes up a stream of articles: families of stories, edited and cut.
func drawn(t *rapid.T, most int) []*neardup.Record {
	var out []*neardup.Record
	revisions := map[string]uint32{}
	for i := range rapid.IntRange(1, most).Draw(t, "articles") {
		words := story(rapid.Uint64Range(1, 6).Draw(t, "family"), 120)
		for e := range rapid.IntRange(0, 12).Draw(t, "edits") {
			words[(e*37+i)%len(words)] = fmt.Sprint("edit", i, e)
		}
		words = words[:rapid.IntRange(30, 120).Draw(t, "length")]
		article := fmt.Sprint("a", i)
		if i > 0 && rapid.IntRange(0, 7).Draw(t, "again") == 0 {
			article = fmt.Sprint("a", rapid.IntRange(0, i-1).Draw(t, "which"))
		}
		r := record(article, strings.Join(words, " "))
		revisions[article]++
		r.Revision = revisions[article]
		out = append(out, r)
	}
	return out
}

// TestAgainstBruteForce compares the index with looking at every article. Two
// texts of similarity 0.75 have no key in common once in a million times.
func TestAgainstBruteForce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := newIndex(t, 1000)
		var before []*neardup.Record
		for _, r := range drawn(t, 40) {
			if r.Revision > 1 {
				continue
			}
			var best neardup.Match
			matches := map[string]neardup.Match{"": {Kind: neardup.First}}
			for _, o := range before {
				m := neardup.Compare(&r.Signature, &o.Signature)
				if m.Kind == neardup.None {
					continue
				}
				matches[o.Article] = m
				if best.Kind == neardup.None || m.Similarity > best.Similarity {
					best = m
				}
			}
			d := add(x, r, noon)
			require.Contains(t, matches, d.Nearest)
			require.Equal(t, matches[d.Nearest], d.Match)
			if best.Similarity >= 0.75 {
				require.InDelta(t, best.Similarity, d.Similarity, 1e-6)
			}
			if held, ok := x.Lookup(d.Nearest); ok {
				require.Equal(t, held.Cluster, d.Cluster, "it is in its nearest's cluster")
			}
			before = append(before, r)
		}
	})
}

// TestReplicasAgree has an index read the stream from its middle on, as after a
// restart, when the records before, or those that revisions replaced, are gone.
func TestReplicasAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := drawn(t, 40)
		whole := newIndex(t, 1000)
		var decided []neardup.Decision
		last := map[string]int{}
		for i, r := range log {
			decided = append(decided, add(whole, r, noon))
			last[r.Article] = i
		}
		from := rapid.IntRange(0, len(log)-1).Draw(t, "from")
		late := newIndex(t, 1000)
		for i, r := range log[from:] {
			r, err := neardup.Decode(r.Encode())
			require.NoError(t, err)
			if last[r.Article] != from+i {
				continue // replaced by a later revision
			}
			d := late.Apply(r, noon)
			want := decided[from+i]
			require.Equal(t, want.Cluster, d.Cluster)
			require.Equal(t, want.Kind, d.Kind)
			require.Equal(t, want.Size, d.Size)
		}
	})
}

// TestCopiesAtOnce has writers that know nothing of each other.
func TestCopiesAtOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := drawn(t, 30)
		behind := newIndex(t, 1000)
		read := 0
		for i, r := range log {
			if rapid.Bool().Draw(t, "catch up") {
				for ; read < i; read++ {
					behind.Apply(log[read], noon)
				}
			}
			behind.Propose(r, noon)
		}
		x, y := newIndex(t, 1000), newIndex(t, 2000)
		firsts := map[uint64]bool{}
		for _, r := range log {
			d := x.Apply(r, noon)
			require.Equal(t, d, y.Apply(r, noon))
			if d.Kind == neardup.First && r.Revision == 1 {
				require.False(t, firsts[r.Signature.Exact], "one first of each text")
			}
			firsts[r.Signature.Exact] = true
			first, ok := x.Lookup(d.Cluster)
			require.True(t, ok)
			require.Equal(t, d.Cluster, first.Cluster, "a cluster is named for its own first")
		}
	})
}

// BenchmarkApply measures one article in an index that is full: its proposal and
// its application. One in ten is an edited copy.
func BenchmarkApply(b *testing.B) {
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			before := heap()
			x := newIndex(b, size)
			next := func(i int) *neardup.Record {
				words := story(uint64(i-i%10/9*90), 40)
				words[i%40] = "edit"
				return record(fmt.Sprintf("%032d", i), strings.Join(words, " "))
			}
			for i := range size {
				x.Apply(next(i), noon)
			}
			perArticle := float64(heap()-before) / float64(size)
			fresh := make([]*neardup.Record, 10_000)
			for i := range fresh {
				fresh[i] = next(size + i)
			}
			i := 0
			for b.Loop() {
				r := *fresh[i%len(fresh)]
				if i >= len(fresh) {
					r.Article = fmt.Sprintf("%032d", size+i)
				}
				x.Propose(&r, noon)
				x.Apply(&r, noon)
				i++
			}
			b.ReportMetric(perArticle, "B/article")
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
