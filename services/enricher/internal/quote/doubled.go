package quote

import (
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// isDoubled tells whether two straight marks open and two close something.
func (p *pairer) isDoubled() bool {
	opens, closes := false, false
	for i := 1; i < len(p.ws); i++ {
		if p.ws[i].Kind != words.Mark || !p.isSecond(i) {
			continue
		}
		if i+1 < len(p.ws) && p.ws[i+1].Kind == words.Letters && !p.ws[i+1].Space {
			opens = true
		} else if i > 1 && p.ws[i-2].Kind != words.Break && !p.ws[i-1].Space {
			closes = opens
		}
		if closes {
			return true
		}
	}
	return false
}

// isSecond tells whether word i is a straight mark right behind another.
func (p *pairer) isSecond(i int) bool {
	return i > 0 && p.ws[i].Is("\"") && !p.ws[i].Space && p.ws[i-1].Is("\"")
}

// toggleDoubled reads a straight mark of a text that doubles them: the last of two
// or more closes what is open, or opens.
func (p *pairer) toggleDoubled(i int) {
	if !p.isSecond(i) || i+1 < len(p.ws) && p.isSecond(i+1) {
		return
	}
	if p.has(straight) {
		for p.isSecond(i) {
			i--
		}
		p.pop(straight, i)
	} else {
		p.push(straight, i)
	}
}
