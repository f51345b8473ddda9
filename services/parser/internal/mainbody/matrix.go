package mainbody

import (
	"slices"
	"sync"
)

// matrix holds the features of blocks by column: the first feature of all
// blocks, then the second of all. So a tree puts its questions to one block after
// the other in a run of memory.
type matrix struct {
	rows   int
	values []float32
}

func (m *matrix) reset(columns, rows int) {
	m.rows = rows
	m.values = slices.Grow(m.values[:0], columns*rows)[:columns*rows]
}

func (m *matrix) column(k int) []float32 { return m.values[k*m.rows : (k+1)*m.rows] }

// set writes the features of one block, the first of them being feature from.
func (m *matrix) set(row, from int, v []float32) {
	at := from*m.rows + row
	for _, f := range v {
		m.values[at] = f
		at += m.rows
	}
}

// row reads the features of one block.
func (m *matrix) row(row int) []float32 {
	out := make([]float32, 0, len(m.values)/max(m.rows, 1))
	for at := row; at < len(m.values); at += m.rows {
		out = append(out, m.values[at])
	}
	return out
}

// workspace is the memory that the work on one page needs and that nothing made
// of the page refers to; pages use it one after the other.
type workspace struct {
	cutter        cutter
	first, second matrix
	row           []float32
	rows          []int32 // the blocks that the second stage sees
	subject       subject
	lexicon       *Lexicon // nil while it is being counted
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// maxPooled is the largest page, in blocks, of which the workspace is used again:
// one that a hostile page has blown up is left to the collector.
const maxPooled = 2000

func (w *workspace) release() {
	if c := &w.cutter; cap(c.pg.blocks) <= 2*maxPooled && cap(c.pg.elements) <= 16*maxPooled && cap(c.buf) <= 1<<20 {
		c.forget()
		workspaces.Put(w)
	}
}
