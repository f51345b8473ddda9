package place

import (
	_ "embed"
	"encoding/binary"
	"strings"
	"sync"
)

// places is the gazetteer that the command in gen writes; its layout is described
// there. It is read where it lies in the program's image: nothing is unpacked.
//
//go:embed places.bin
var places string

const (
	magic     = "DLPLACE1"
	cityBytes = 20
	blockSize = 16
)

// gazetteer holds the sections of places.
type gazetteer struct {
	cities, codes, names string
	byCity, byCountry    table
}

// table finds the numbers that belong to a key.
type table struct {
	offsets, entries string
}

// load finds the sections. It costs no more than reading their lengths.
var load = sync.OnceValue(func() *gazetteer {
	rest, ok := strings.CutPrefix(places, magic)
	if !ok {
		return &gazetteer{}
	}
	cities, countries, blob := int(u32(rest)), int(u32(rest[4:])), int(u32(rest[8:]))
	rest = rest[12:]
	g := &gazetteer{}
	g.cities, rest = cut(rest, cities*cityBytes)
	g.codes, rest = cut(rest, countries*2)
	g.names, rest = cut(rest, blob)
	g.byCity, rest = cutTable(rest)
	g.byCountry, _ = cutTable(rest)
	return g
})

func cut(s string, n int) (head, rest string) { return s[:n], s[n:] }

func cutTable(s string) (t table, rest string) {
	blocks, size := int(u32(s)), int(u32(s[4:]))
	t.offsets, rest = cut(s[8:], blocks*4)
	t.entries, rest = cut(rest, size)
	return t, rest
}

func u32(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// block returns the entries from block i on.
func (t table) block(i int) string { return t.entries[u32(t.offsets[4*i:]):] }

// first returns the key that block i begins with.
func (t table) first(i int) string {
	b := t.block(i)
	return b[2 : 2+int(b[1])]
}

// find appends the numbers of key to numbers.
func (t table) find(key string, numbers []int) []int {
	lo, hi := 0, len(t.offsets)/4 // the block is in [lo, hi)
	for hi-lo > 1 {
		mid := int(uint(lo+hi) >> 1)
		if t.first(mid) <= key {
			lo = mid
		} else {
			hi = mid
		}
	}
	if lo == hi {
		return numbers
	}
	rest := t.block(lo)
	var buffer [256]byte
	current := buffer[:0]
	for i := 0; i < blockSize && rest != ""; i++ {
		shared, further := int(rest[0]), int(rest[1])
		current = append(current[:shared], rest[2:2+further]...)
		rest = rest[2+further:]
		n, used := uvarint(rest)
		rest = rest[used:]
		found := string(current) == key
		for range n {
			number, used := uvarint(rest)
			rest = rest[used:]
			if found {
				numbers = append(numbers, int(number))
			}
		}
		if found {
			break
		}
	}
	return numbers
}

// uvarint reads one number and tells its size in bytes.
func uvarint(s string) (n uint64, size int) {
	return binary.Uvarint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
}

// city reads record n.
func (g *gazetteer) city(n int) City {
	r := g.cities[n*cityBytes:]
	at := u32(r[12:])
	c := City{
		Name:       g.names[at+1 : at+1+uint32(g.names[at])],
		Lat:        float64(int32(u32(r))) / 1e5,
		Lon:        float64(int32(u32(r[4:]))) / 1e5,
		Population: int(u32(r[8:])),
		Country:    r[16:18],
	}
	if r[18] != 0 {
		c.Region = r[18:20]
	}
	return c
}
