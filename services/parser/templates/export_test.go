package templates

import "time"

// At makes the hosts read the time from a clock.
func (h *Hosts) At(now func() time.Time) { h.now = now }

// Held is the number of hosts in memory.
func (h *Hosts) Held() int { return len(h.cache.at) }

// MaxHosts bounds Held.
const MaxHosts = maxHosts
