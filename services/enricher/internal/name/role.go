package name

import "github.com/dateline-news/dateline/services/enricher/internal/name/words"

// maxApposition bounds the words of a role that a comma parts from its name.
const maxApposition = 30

// role fills in the office that stands beside the name: right before it, or
// parted by a comma on either side.
func (f *finder) role(n *Name) {
	first := n.First
	if k := f.roleBefore(first); k >= 0 {
		if f.lex.of.has(f.ws[first-1].Lower) {
			return
		}
		for k > 0 && (f.lex.roles.has(f.ws[k-1].Lower) || f.isTitle(k-1)) {
			k--
		}
		f.setRole(n, k, first)
		return
	}
	if k := f.roleBeforeComma(first); k >= 0 && f.weight(n) >= 2 {
		f.setRole(n, k, first-1)
		return
	}
	if !n.Person {
		return
	}
	if k, end := f.roleAfterComma(n.Last); k >= 0 {
		f.setRole(n, k, end)
	}
}

func (f *finder) setRole(n *Name, i, j int) {
	n.Role = f.text[f.ws[i].Start:f.ws[j-1].End]
	n.Person = true
}

// roleBeforeComma finds the office in "le directeur de l'Institut (INX), NAME".
func (f *finder) roleBeforeComma(i int) int {
	if i < 2 || !f.ws[i-1].Is(",") {
		return -1
	}
	found := -1
	for k := i - 2; k >= 0 && i-k <= maxApposition; k-- {
		w := &f.ws[k]
		if w.Kind == words.Break || w.Kind == words.Mark && !w.Is("(") && !w.Is(")") && !w.Is("&") {
			break
		}
		if f.lex.roles.has(w.Lower) {
			found = k
			if k > 0 && f.determiner(k-1) {
				break
			}
		}
	}
	return found
}

// roleAfterComma finds the office in "NAME, directeur de l'Institut,".
func (f *finder) roleAfterComma(i int) (start, end int) {
	if i+1 >= len(f.ws) || !f.ws[i].Is(",") {
		return -1, -1
	}
	start = i + 1
	if f.determiner(start) {
		start++
	}
	if start >= len(f.ws) || !f.lex.roles.has(f.ws[start].Lower) {
		return -1, -1
	}
	for end = start + 1; end < len(f.ws) && end-start < maxApposition; end++ {
		if w := &f.ws[end]; w.Kind == words.Break || w.Kind == words.Mark && !w.Is("(") && !w.Is(")") && !w.Is("&") {
			return start, end
		}
	}
	return -1, -1
}

// determiner tells whether word i is an article or another short word that may
// open the phrase of an office.
func (f *finder) determiner(i int) bool {
	if i >= len(f.ws) || f.ws[i].Kind != words.Letters {
		return false
	}
	w := f.ws[i].Lower
	return len(w) <= 5 && f.lex.plain.has(w)
}
