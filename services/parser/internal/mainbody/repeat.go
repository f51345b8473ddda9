package mainbody

// Blocks of fewer words than minRepeated may well stand in a text twice; a longer
// one is a repetition where no more than one in newRuns of its runs of repeatRun
// words is new.
const (
	minRepeated = 20
	repeatRun   = 4
	newRuns     = 10
)

// dropRepeats leaves out what stands on the page twice: the text for wide
// screens and again for narrow ones, the quotation set in the margin. The place
// where it stands first stays. Runs of words reach from one block into the next,
// since the text may stand there a second time as one block.
func dropRepeats(pg *page, kept []bool) {
	all := keptWords(pg, kept)
	seen := make(map[uint64]struct{}, all)
	text := make([]uint64, 0, all)
	for i, keep := range kept {
		if !keep {
			continue
		}
		words := pg.wordsOf(i)
		if len(words) >= minRepeated {
			again := 0
			for k := repeatRun; k <= len(words); k++ {
				if _, ok := seen[hashRun(words[k-repeatRun:k])]; ok {
					again++
				}
			}
			if n := len(words) - repeatRun + 1; (n-again)*newRuns <= n {
				kept[i] = false
				continue
			}
		}
		from := max(len(text)-repeatRun+1, 0)
		text = append(text, words...)
		for k := from + repeatRun; k <= len(text); k++ {
			seen[hashRun(text[k-repeatRun:k])] = struct{}{}
		}
	}
}

// hashRun is a hash of words in order.
func hashRun(words []uint64) uint64 {
	h := uint64(0)
	for _, w := range words {
		h = (h ^ w) * hashPrime
	}
	return h
}

func keptWords(pg *page, kept []bool) int {
	n := 0
	for i, keep := range kept {
		if keep {
			n += len(pg.wordsOf(i))
		}
	}
	return n
}
