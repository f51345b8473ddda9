package main

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
)

// label is the truth about a block: the share of it that belongs to the story,
// and how much that matters.
type label struct {
	target, weight float32
}

// tokens are hashes of words; Han, kana and Thai characters are words.
func tokens(s string) []uint64 {
	var out []uint64
	h := fnv.New64a()
	open := false
	end := func() {
		if open {
			out = append(out, h.Sum64())
			h.Reset()
			open = false
		}
	}
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			end()
			out = append(out, uint64(r))
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			h.Write([]byte(string(unicode.ToLower(r))))
			open = true
		default:
			end()
		}
	}
	end()
	return out
}

const shingle = 3

func shingleAt(t []uint64, i int) uint64 {
	h := uint64(0)
	for _, w := range t[i : i+shingle] {
		h = h*1099511628211 ^ w
	}
	return h
}

// match is where a block was found in the truth.
type match struct {
	share float32
	pos   int // in the truth's tokens
}

// alignBody finds each block in the true text. A text that stands on the page
// twice counts where it stands in order with the blocks around it.
func alignBody(in *mainbody.Inspection, body string) []label {
	truth := tokens(body)
	where := map[uint64][]int{}
	for i := 0; i+shingle <= len(truth); i++ {
		s := shingleAt(truth, i)
		if len(where[s]) < 8 {
			where[s] = append(where[s], i)
		}
	}
	blocks := make([][]uint64, in.Blocks())
	found := make([]match, in.Blocks())
	for i := range blocks {
		blocks[i] = tokens(in.Text(i))
		found[i] = find(blocks[i], where)
	}
	chain := longestChain(blocks, found)
	claimed := make([]bool, len(truth))
	out := make([]label, in.Blocks())
	claim := func(i int) {
		out[i].target = found[i].share
		for k := found[i].pos; k < min(found[i].pos+len(blocks[i]), len(truth)); k++ {
			claimed[k] = true
		}
	}
	for _, i := range chain {
		claim(i)
	}
	for i := range blocks { // out of order, but found nowhere else
		if out[i].target == 0 && found[i].share >= 0.5 && free(claimed, found[i].pos, len(blocks[i])) {
			claim(i)
		}
	}
	fillGaps(blocks, found, out, truth, claimed)
	for i := range out {
		out[i].weight = weightOf(len(blocks[i]), len(truth))
	}
	return out
}

// weightOf makes long blocks count more, as the measure does, and every page the
// same, whatever its length.
func weightOf(words, all int) float32 {
	return 0.15 + 30*float32(min(words, 200))/float32(max(all, 150))
}

// find looks a block's shingles up and takes the place where most agree.
func find(block []uint64, where map[uint64][]int) match {
	if len(block) < shingle {
		return match{pos: -1}
	}
	votes := map[int]int{}
	hits := 0
	for i := 0; i+shingle <= len(block); i++ {
		places := where[shingleAt(block, i)]
		if len(places) > 0 {
			hits++
		}
		for _, p := range places {
			votes[(p-i)/8]++
		}
	}
	best, bestVotes := -1, 0
	for p, n := range votes {
		if n > bestVotes || (n == bestVotes && p < best) {
			best, bestVotes = p, n
		}
	}
	if hits == 0 {
		return match{pos: -1}
	}
	return match{share: float32(hits) / float32(len(block)-shingle+1), pos: max(best*8, 0)}
}

// longestChain picks the blocks whose places in the truth grow with their places
// on the page, with the most words in all.
func longestChain(blocks [][]uint64, found []match) []int {
	var nodes []int
	for i := range found {
		if found[i].share >= 0.3 {
			nodes = append(nodes, i)
		}
	}
	score := make([]float64, len(nodes))
	from := make([]int, len(nodes))
	best := -1
	for a, i := range nodes {
		from[a] = -1
		own := float64(found[i].share) * float64(len(blocks[i]))
		score[a] = own
		for b := max(0, a-600); b < a; b++ {
			j := nodes[b]
			if found[j].pos+len(blocks[j])/2 <= found[i].pos+8 && score[b]+own > score[a] {
				score[a], from[a] = score[b]+own, b
			}
		}
		if best < 0 || score[a] > score[best] {
			best = a
		}
	}
	var chain []int
	for a := best; a >= 0; a = from[a] {
		chain = append(chain, nodes[a])
	}
	slices.Reverse(chain)
	return chain
}

func free(claimed []bool, from, n int) bool {
	taken := 0
	for k := max(from, 0); k < min(from+n, len(claimed)); k++ {
		if claimed[k] {
			taken++
		}
	}
	return taken*4 < n
}

// fillGaps labels short blocks, which stand in many places by chance, where they
// fit into the truth between the blocks around them.
func fillGaps(blocks [][]uint64, found []match, out []label, truth []uint64, claimed []bool) {
	at := 0
	for i := range blocks {
		if out[i].target >= 0.5 {
			at = found[i].pos + len(blocks[i])
			continue
		}
		if n := len(blocks[i]); n == 0 || n > 12 {
			continue
		}
		next := len(truth)
		for j := i + 1; j < len(blocks) && j < i+60; j++ {
			if out[j].target >= 0.5 && found[j].pos >= at-8 {
				next = found[j].pos + 8
				break
			}
		}
		if k := indexOf(truth, blocks[i], max(at-8, 0), min(next, len(truth)), claimed); k >= 0 && next < len(truth) {
			out[i].target = 1
			for m := k; m < k+len(blocks[i]); m++ {
				claimed[m] = true
			}
		}
	}
}

// indexOf finds words in order in [from, to) where nothing is claimed.
func indexOf(truth, words []uint64, from, to int, claimed []bool) int {
	for k := from; k+len(words) <= to; k++ {
		if !claimed[k] && slices.Equal(truth[k:k+len(words)], words) && free(claimed, k, len(words)) {
			return k
		}
	}
	return -1
}

// alignPhrases labels only the blocks that hold a phrase; the others weigh
// nothing.
func alignPhrases(in *mainbody.Inspection, with, without []string) []label {
	out := make([]label, in.Blocks())
	mark := func(phrases []string, target float32) {
		for _, phrase := range phrases {
			phrase = strings.Join(strings.Fields(phrase), " ")
			for i := range out {
				if len(phrase) > 5 && strings.Contains(in.Text(i), phrase) {
					out[i] = label{target: target, weight: 1}
				}
			}
		}
	}
	mark(without, 0)
	mark(with, 1)
	return out
}
