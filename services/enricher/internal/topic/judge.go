package topic

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/model"
)

// What is read of a story, in bytes, and how much a stem counts there: news says
// first what it is about.
const (
	headlineSize, headlineWeight = 300, 3
	abstractSize, abstractWeight = 600, 2
	leadSize, leadWeight         = 600, 2
	bodySize, bodyWeight         = 3600, 1
)

const (
	// prior is how many stems the model's posterior is worth: it is the Dirichlet
	// prior of the subjects' shares.
	prior = 6
	// geographyWeight is low as every story has places and directions.
	geographyWeight = 0.3
	// leastFirst is the share of the best subject from which a text has topics,
	// leastBeside that where the publisher names another, leastOther that of a
	// further topic.
	leastFirst  = 0.32
	leastBeside = 0.4
	leastOther  = 0.27
	// leastUnread is leastFirst where no stem was found and the language has no
	// lexicon: the model alone is wrong there more often than it thinks.
	leastUnread = 0.65
)

// verdict is what a text says.
type verdict struct {
	// shares of the subjects; what is missing to one speaks for none.
	shares [len(subjects)]float64
	stems  float64
	// stemmed are the subjects that a stem speaks for.
	stemmed [len(subjects)]bool
	// known tells that the language has a lexicon.
	known bool
}

// source is what decided: the lexicon's stems or the model.
func (v *verdict) source() string {
	if v.stems >= prior {
		return "lexicon"
	}
	return "model"
}

// least is the share from which the best subject counts.
func (v *verdict) least(beside bool) float64 {
	switch {
	case v.stems == 0 && !v.known:
		return leastUnread
	case beside:
		return leastBeside
	}
	return leastFirst
}

var pool = sync.Pool{New: func() any { return new(model.Features) }}

// judge reads the text.
func judge(a Article) (v verdict) {
	v.known = slices.Contains(lexicon.Languages(), a.Lang)
	f := pool.Get().(*model.Features)
	defer pool.Put(f)
	*f = model.Features{Hashed: f.Hashed[:0]}
	headline, _ := cut(a.Headline, headlineSize)
	abstract, _ := cut(a.Abstract, abstractSize)
	lead, rest := cut(a.Text, leadSize)
	body, _ := cut(rest, bodySize)
	for _, part := range []struct {
		text   string
		weight float64
	}{{headline, headlineWeight}, {abstract, abstractWeight}, {lead, leadWeight}, {body, bodyWeight}} {
		if err := f.Read(part.text, a.Lang, part.weight); err != nil {
			return v
		}
	}
	p, ok := model.Posterior(f)
	if !ok {
		return v
	}
	var mass lexicon.Counts
	for c, share := range p {
		mass[slices.Index(lexicon.Subjects[:], model.Classes[c])] = prior * share
	}
	total := float64(prior)
	for s, count := range f.Counts {
		if lexicon.Subjects[s] == "geography" {
			count *= geographyWeight
		}
		mass[s] += count
		total += count
		v.stems += count
	}
	for s, m := range mass {
		i := index(lexicon.Subjects[s])
		switch lexicon.Subjects[s] {
		case "geography":
			continue
		case "travel":
			i = index("lifestyle")
		}
		v.shares[i] += m / total
		v.stemmed[i] = v.stemmed[i] || f.Counts[s] > 0
	}
	return v
}

// further tells whether subject i is a topic beside the best: the model's word alone
// does not make it one of a text that the lexicon knows.
func (v *verdict) further(i int) bool {
	return v.shares[i] >= leastOther && (v.stemmed[i] || v.source() == "model")
}

// cut parts a text after at most size bytes, at a space or, where there is none
// near, before a code point.
func cut(text string, size int) (head, rest string) {
	if len(text) <= size {
		return text, ""
	}
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	if space := strings.LastIndexAny(text[:size], " \n"); space > size/2 {
		size = space
	}
	return text[:size], text[size:]
}
