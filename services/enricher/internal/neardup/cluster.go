package neardup

import "time"

// Apply takes the next record of the stream and decides to which cluster its
// article belongs: that of the nearest article before it, or its own. at is when
// the record was stored, by the stream's clock. An article that is in the index
// already keeps its cluster; a revision older than the one held changes nothing.
func (x *Index) Apply(r *Record, at time.Time) Decision {
	since := at.Add(-x.age).UnixNano()
	x.expire(since)
	n, again := x.byID[r.Article]
	if again && r.Revision < x.entry(n).revision {
		return x.entry(n).decision
	}
	d := x.decide(r, since)
	switch {
	case again:
		old := x.entry(n)
		if old.decision.Cluster != d.Cluster {
			x.part(old.decision.Cluster)
			x.join(d)
		}
		old.id = ""
	case d.Kind != First || r.Again:
		x.join(d)
	}
	if again || d.Kind != First || r.Again {
		x.count(d)
	}
	x.push(entry{id: r.Article, at: at.UnixNano(), revision: r.Revision, decision: d}, &r.Signature)
	return d
}

// Propose sets a record's hint: what this index would decide if nothing else came
// before the record. The hint keeps clusters together beyond what an index holds:
// one that was built later, from the part of the stream that is left, knows by it
// of articles that it never saw. now is the writer's time.
func (x *Index) Propose(r *Record, now time.Time) {
	r.Hint, r.Again = nil, false
	_, r.Again = x.byID[r.Article]
	if d := x.decide(r, now.Add(-x.age).UnixNano()); r.Again || d.Kind != First {
		r.Hint = &d
	}
}

// decide says where a record's article belongs, by the articles since a time.
func (x *Index) decide(r *Record, since int64) Decision {
	var d Decision
	if n, ok := x.byID[r.Article]; ok {
		d = x.revised(r, x.entry(n).decision)
	} else if r.Again {
		d = *r.Hint
	} else {
		d = x.placed(r, since)
	}
	if h := r.Hint; h != nil && h.Cluster == d.Cluster {
		d.Size = max(d.Size, h.Size)
	}
	return d
}

// revised is the decision of an article of which an earlier revision is there.
func (x *Index) revised(r *Record, d Decision) Decision {
	if r.Again && r.Hint != nil {
		d.Cluster = r.Hint.Cluster
	}
	d.Size = max(d.Size, x.size(d.Cluster))
	if d.Kind == First {
		return d
	}
	best := x.search(&r.Signature, func(e *entry) bool {
		return e.id != r.Article && e.decision.Cluster == d.Cluster
	})
	if best.entry != nil {
		d.Nearest, d.Match = best.id, best.match
	}
	return d
}

// placed is the decision of an article that comes for the first time. The hint
// counts as one more article, which the index may have forgotten; of an article
// that both know, the hint's word on its cluster holds, since all replicas read
// the same one.
func (x *Index) placed(r *Record, since int64) Decision {
	best := x.search(&r.Signature, func(e *entry) bool { return e.at >= since })
	h := r.Hint
	if h != nil && (best.entry == nil || best.id == h.Nearest || !best.match.closer(h.Match)) {
		return Decision{Cluster: h.Cluster, Nearest: h.Nearest, Match: h.Match, Size: x.size(h.Cluster) + 1}
	}
	if best.entry == nil {
		return Decision{Cluster: r.Article, Size: 1, Match: Match{Kind: First}}
	}
	cluster := best.decision.Cluster
	return Decision{Cluster: cluster, Nearest: best.id, Match: best.match, Size: x.size(cluster) + 1}
}

// size is how many articles a cluster has had, as far as is known.
func (x *Index) size(cluster string) uint32 {
	if m, ok := x.shared[cluster]; ok {
		return m.size
	}
	if x.holdsAlone(cluster) {
		return 1
	}
	return 0
}

// holdsAlone says whether a cluster's first article is in the index, and nobody
// has joined it.
func (x *Index) holdsAlone(cluster string) bool {
	n, ok := x.byID[cluster]
	return ok && x.entry(n).decision.Cluster == cluster
}

// join adds an article of the index to a cluster's members.
func (x *Index) join(d Decision) {
	m, ok := x.shared[d.Cluster]
	if !ok && x.holdsAlone(d.Cluster) {
		m = members{size: 1, live: 1}
	}
	m.live++
	x.shared[d.Cluster] = m
}

// count notes a cluster's size.
func (x *Index) count(d Decision) {
	if m, ok := x.shared[d.Cluster]; ok {
		m.size = max(m.size, d.Size)
		x.shared[d.Cluster] = m
	}
}

// part takes an article of the index from a cluster's members, and forgets a
// cluster that has none left.
func (x *Index) part(cluster string) {
	m, ok := x.shared[cluster]
	if !ok {
		return
	}
	if m.live--; m.live == 0 {
		delete(x.shared, cluster)
		return
	}
	x.shared[cluster] = m
}
