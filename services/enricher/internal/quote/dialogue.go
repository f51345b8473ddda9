package quote

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// withDialogue adds the speech of paragraphs that begin with a dash, where a
// verb of speech set off by dashes shows that it is one:
// "—Vamos a seguir —dijo Luis—. No hay otra salida."
func withDialogue(d *document, ps []passage) []passage {
	if len(d.lex.finite) == 0 {
		return ps
	}
	var found []passage
	for i := range d.ws {
		if (i == 0 || d.ws[i-1].Kind == words.Break) && isDash(&d.ws[i]) {
			found = append(found, d.dialogue(i)...)
		}
	}
	if len(found) == 0 {
		return ps
	}
	return outermost(append(ps, found...))
}

func isDash(w *words.Word) bool { return w.Is("—") || w.Is("–") || w.Is("―") }

// dialogue cuts the paragraph that begins with the dash at word i into speech
// and what reports it; the speech is given as passages.
func (d *document) dialogue(i int) []passage {
	var dashes []int
	end := i + 1
	for ; end < len(d.ws) && d.ws[end].Kind != words.Break; end++ {
		switch w := &d.ws[end]; {
		case isDash(w):
			dashes = append(dashes, end)
		case w.Is("«"), w.Is("“"), w.Is("\""), w.Is("„"):
			return nil
		}
	}
	if len(dashes) == 0 || len(dashes) > 2*maxNesting || !d.reportsAt(dashes[0]+1) {
		return nil
	}
	out := []passage{d.speechBetween(i, dashes[0])}
	if len(dashes) > 1 {
		start := dashes[1]
		if start+1 < end && d.ws[start+1].Kind == words.Mark {
			start++
		}
		if start+1 < end {
			out = append(out, passage{open: start, close: end, dialogue: true})
		}
	}
	return out
}

// reportsAt tells whether a verb of speech is among the first words after a
// dash.
func (d *document) reportsAt(i int) bool {
	for k := i; k < len(d.ws) && k < i+3; k++ {
		w := d.ws[k].Lower
		if base, _ := d.clitic(w); d.lex.finite.has(w) || base != "" {
			return true
		}
	}
	return false
}

// speechBetween gives the words between two dashes, without the comma before
// the second.
func (d *document) speechBetween(i, j int) passage {
	if j-1 > i && strings.Contains(",;", d.ws[j-1].Text) {
		j--
	}
	return passage{open: i, close: j, dialogue: true}
}
