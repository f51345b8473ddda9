package chaos

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dateline-news/dateline/services/dateline/internal/figures"
)

// row is what one fault gave.
type row struct {
	fault, how, asserted string
	faults               int
	known, events        int
	quarantined          int
	lost, doubled        int
	resumed              time.Duration // the longest time from a fault's end to the next event; 0: not measured
	took                 time.Duration
	note                 string
	skipped              string
}

// report is the table of what the faults gave.
type report struct {
	mu sync.Mutex
	// document is where the table stands; "" for none.
	document string
}

var results report

// add writes a fault's row into the document, in place of the one that it had.
func (r *report) add(one row) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.document == "" {
		return nil
	}
	return figures.Rewrite(r.document, tableBegins, tableEnds, func(table string) string {
		rows := map[string]string{}
		for line := range strings.Lines(table) {
			if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " |"); ok {
				rows[name] = line
			}
		}
		rows[one.fault] = one.line()
		table = tableHead
		for _, f := range faults() {
			table += rows[f.name]
		}
		return table
	})
}

// Marks between which a document's table stands, and its head.
const (
	tableBegins = "<!-- table of faults: written by make chaos -->\n"
	tableEnds   = "<!-- end of the table -->\n"
	tableHead   = "| fault | how | asserted besides the common property | faults | known | enriched | in quarantine | lost | doubled | resumed within | run took |\n" +
		"|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n"
)

func (o row) line() string {
	if o.skipped != "" {
		return fmt.Sprintf("| %s | %s | %s | not run: %s | | | | | | | |\n", o.fault, o.how, o.asserted, o.skipped)
	}
	resumed := "–"
	if o.resumed > 0 {
		resumed = fmt.Sprintf("%.1f s", o.resumed.Seconds())
	}
	asserted := o.asserted
	if o.note != "" {
		asserted += ". *" + o.note + "*"
	}
	return fmt.Sprintf("| %s | %s | %s | %d | %d | %d | %d | %d | %d | %s | %.0f s |\n",
		o.fault, o.how, asserted, o.faults, o.known, o.events, o.quarantined, o.lost, o.doubled, resumed, o.took.Seconds())
}
