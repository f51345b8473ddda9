package templates

import (
	"container/list"
	"sync"
)

// maxHosts is how many hosts are held in memory, of at most 32 KB each.
const maxHosts = 512

// cache holds the shelves of the hosts asked for last.
type cache struct {
	mu    sync.Mutex
	size  int
	order *list.List // of *held, the last asked for in front
	at    map[string]*list.Element
}

type held struct {
	key   string
	shelf *shelf
}

func newCache(size int) *cache {
	return &cache{size: size, order: list.New(), at: make(map[string]*list.Element)}
}

// of returns a host's shelf, which may be a new one. A shelf that is pushed out
// while somebody holds it is of no more use to others.
func (c *cache) of(key string) *shelf {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.at[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*held).shelf
	}
	s := &shelf{}
	c.at[key] = c.order.PushFront(&held{key, s})
	if c.order.Len() > c.size {
		last := c.order.Back()
		delete(c.at, c.order.Remove(last).(*held).key)
	}
	return s
}
