package neardup

// Kind is how an article belongs to its cluster.
type Kind uint8

// The kinds, but for the first two in the order of closeness.
const (
	// None means that two texts do not belong together.
	None Kind = iota
	// First is the kind of a cluster's first article.
	First
	// Copy is the same text.
	Copy
	// Near is an edited copy.
	Near
	// Part is a piece of the other text, or the other of it.
	Part
)

var kindNames = [...]string{"", "first", "copy", "near", "part"}

// String is the kind's name in the contract.
func (k Kind) String() string { return kindNames[k] }

// Thresholds of the kinds.
const (
	copySimilarity = 0.9
	nearSimilarity = 0.5
	// partContainment is the share of a shorter text's opening that stands in the
	// longer one's: an agency line before it and an edited word are allowed.
	partContainment = 0.7
	// partWhole is the share of all of the shorter text, where it is longer than
	// an opening. The estimate is coarse: it only has to tell a piece from another
	// story that begins alike.
	partWhole = 0.7
)

// Match says how alike two texts are. Its numbers are of the precision in which
// they are stored, so that every replica reads the same.
type Match struct {
	// Kind is Copy, Near, Part or None.
	Kind Kind
	// Similarity is the Jaccard similarity of their shingles.
	Similarity float32
	// Containment is the share of the shorter text that is in the longer.
	Containment float32
}

// closer says whether m is closer than o. Neither is None.
func (m Match) closer(o Match) bool {
	if m.Kind != o.Kind {
		return m.Kind < o.Kind
	}
	if m.Kind == Part && m.Containment != o.Containment {
		return m.Containment > o.Containment
	}
	return m.Similarity > o.Similarity
}

// Compare says how alike the texts of two signatures are, whichever comes first.
func Compare(a, b *Signature) Match {
	if a.Exact == b.Exact {
		return Match{Kind: Copy, Similarity: 1, Containment: 1}
	}
	if a.Short() || b.Short() {
		return Match{}
	}
	m := Match{Similarity: a.sketch.similarity(&b.sketch)}
	shorter, longer := a, b
	if shorter.Shingles > longer.Shingles {
		shorter, longer = b, a
	}
	// From |A ∩ B| = J (|A| + |B|) / (1 + J).
	both := m.Similarity * (float32(a.Shingles) + float32(b.Shingles)) / (1 + m.Similarity)
	m.Containment = min(1, both/float32(shorter.Shingles))
	switch {
	case m.Similarity >= copySimilarity:
		m.Kind = Copy
	case m.Similarity >= nearSimilarity:
		m.Kind = Near
	case opens(shorter, longer, &m):
		m.Kind = Part
	}
	return m
}

// opens says whether the shorter text is a piece of the longer, and sets the
// containment to the better estimate.
func opens(shorter, longer *Signature, m *Match) bool {
	inLead := shorter.lead.containment(&longer.lead)
	if shorter.Shingles == longer.Shingles {
		inLead = min(inLead, longer.lead.containment(&shorter.lead))
	}
	if inLead < partContainment {
		return false
	}
	if shorter.Shingles <= leadUnits {
		m.Containment = inLead
		return true
	}
	return m.Containment >= partWhole
}
