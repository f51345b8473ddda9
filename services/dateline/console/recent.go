package console

import (
	"cmp"
	"slices"
)

const (
	// maxRecent is how many of the latest articles are searched, some 0.7 KB of memory
	// each; firstRead is how many of them are read at the start.
	maxRecent = 2000
	firstRead = 500
	// maxFound bounds the answer to a search.
	maxFound = 100
	// maxClusters bounds the clusters that are listed, and maxMembers those of one.
	maxClusters = 20
	maxMembers  = 50
)

// search returns the articles that fit, the latest first, and among how many it looked.
func (h *hub) search(fits func(summary) bool) (found []summary, of int) {
	h.mu.Lock()
	recent := slices.Clone(h.recent)
	h.mu.Unlock()
	found = []summary{}
	for _, s := range slices.Backward(recent) {
		if len(found) == maxFound {
			break
		}
		if fits(s) {
			found = append(found, s)
		}
	}
	return found, len(recent)
}

// cluster is a group of articles that tell the same.
type cluster struct {
	ID string `json:"id"`
	// Size is that of the cluster; Members are those among the latest articles, the
	// first of them first.
	Size    uint32    `json:"size"`
	Members []summary `json:"members"`
}

// clusters are those with at least two articles, the one that grew last first. Of an
// article with several revisions the last counts.
func (h *hub) clusters() []cluster {
	found := h.byCluster()
	all := make([]cluster, 0, len(found))
	for id, members := range found {
		c := cluster{ID: id, Members: members[:min(len(members), maxMembers)]}
		for _, m := range members {
			c.Size = max(c.Size, m.Cluster)
		}
		all = append(all, c)
	}
	latest := func(c cluster) uint64 { return c.Members[len(c.Members)-1].Sequence }
	slices.SortFunc(all, func(a, b cluster) int { return cmp.Compare(latest(b), latest(a)) })
	return all[:min(len(all), maxClusters)]
}

// byCluster groups the latest articles by their clusters.
func (h *hub) byCluster() map[string][]summary {
	h.mu.Lock()
	recent := slices.Clone(h.recent)
	h.mu.Unlock()
	last := make(map[string]uint64, len(recent))
	for _, s := range recent {
		last[s.ID] = s.Sequence
	}
	byID := make(map[string][]summary)
	for _, s := range recent {
		if s.ClusterID != "" && last[s.ID] == s.Sequence {
			byID[s.ClusterID] = append(byID[s.ClusterID], s)
		}
	}
	for id, members := range byID {
		if len(members) < 2 {
			delete(byID, id)
		}
	}
	return byID
}
