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
	seen := make(map[uint64]struct{}, 1024)
	var runs []uint64
	for i, keep := range kept {
		if !keep {
			continue
		}
		runs = runs[:0]
		var last [repeatRun]uint64
		words := 0
		eachWord(pg.blocks[i].text, func(w uint64) {
			copy(last[:], last[1:])
			last[repeatRun-1] = w
			if words++; words >= repeatRun {
				h := uint64(0)
				for _, w := range last {
					h = (h ^ w) * 1099511628211
				}
				runs = append(runs, h)
			}
		})
		if words >= minRepeated {
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
