package mainbody

// Blocks of fewer words than minRepeated may well stand in a text twice; a longer
// one is a repetition where no more than one in newRuns of its runs of repeatRun
// words is new.
const (
	minRepeated = 20
	repeatRun   = 4
	newRuns     = 20
)

// dropRepeats leaves out what stands on the page twice: the text for wide
// screens and again for narrow ones, the quotation set in the margin. The place
// where it stands first stays.
func dropRepeats(pg *page, kept []bool) {
	seen := make(map[uint64]struct{}, keptWords(pg, kept))
	var runs []uint64
	for i, keep := range kept {
		if !keep {
			continue
		}
		words := pg.wordsOf(i)
		runs = runs[:0]
		for k := repeatRun; k <= len(words); k++ {
			h := uint64(0)
			for _, w := range words[k-repeatRun : k] {
				h = (h ^ w) * hashPrime
			}
			runs = append(runs, h)
		}
		if len(words) >= minRepeated {
			again := 0
			for _, r := range runs {
				if _, ok := seen[r]; ok {
					again++
				}
			}
			if (len(runs)-again)*newRuns <= len(runs) {
				kept[i] = false
				continue
			}
		}
		for _, r := range runs {
			seen[r] = struct{}{}
		}
	}
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
