package language

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

// nearest is how many languages an error offers in place of an unknown one.
const nearest = 3

// subset returns the set of the given ISO 639-1 codes; none means all.
func subset(h *ngram.Header, codes []string) (ngram.Set, error) {
	var set ngram.Set
	if len(codes) == 0 {
		for i := range h.Languages {
			set.Add(i)
		}
		return set, nil
	}
	for _, code := range codes {
		i := indexOf(h, strings.ToLower(strings.TrimSpace(code)))
		if i < 0 {
			return set, fmt.Errorf("language %q is not an ISO 639-1 code of the %d supported languages; the nearest are %s",
				code, len(h.Languages), strings.Join(near(h, code), ", "))
		}
		set.Add(i)
	}
	return set, nil
}

func indexOf(h *ngram.Header, code string) int {
	for i, l := range h.Languages {
		if l.Code == code {
			return i
		}
	}
	return -1
}

// near lists the languages whose code or English name resembles what was
// given, best first.
func near(h *ngram.Header, given string) []string {
	given = strings.ToLower(strings.TrimSpace(given))
	given = given[:min(len(given), 32)]
	var out []string
	var distances []int
	for _, l := range h.Languages {
		name := strings.ToLower(l.Name)
		d := min(levenshtein.ComputeDistance(given, l.Code), levenshtein.ComputeDistance(given, name))
		if len(given) > len(l.Code) && (strings.HasPrefix(given, l.Code) || strings.HasPrefix(name, given)) {
			d = 0
		}
		at := len(out)
		for at > 0 && distances[at-1] > d {
			at--
		}
		if at == nearest {
			continue
		}
		out = append(out[:at], append([]string{l.Code + " (" + l.Name + ")"}, out[at:]...)...)
		distances = append(distances[:at], append([]int{d}, distances[at:]...)...)
		out, distances = out[:min(len(out), nearest)], distances[:min(len(distances), nearest)]
	}
	return out
}
