package chaos

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
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

type report struct {
	mu   sync.Mutex
	rows []row
}

var results report

func (r *report) add(one row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows = append(r.rows, one)
}

func (r *report) table() string {
	var b strings.Builder
	b.WriteString("| fault | how | asserted besides the common property | faults | known | enriched | in quarantine | lost | doubled | work resumed within | run took |\n")
	b.WriteString("|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, o := range r.rows {
		if o.skipped != "" {
			fmt.Fprintf(&b, "| %s | %s | %s | not run: %s | | | | | | | |\n", o.fault, o.how, o.asserted, o.skipped)
			continue
		}
		resumed := "–"
		if o.resumed > 0 {
			resumed = fmt.Sprintf("%.1f s", o.resumed.Seconds())
		}
		asserted := o.asserted
		if o.note != "" {
			asserted += "; " + o.note
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %d | %d | %d | %d | %d | %s | %.0f s |\n",
			o.fault, o.how, asserted, o.faults, o.known, o.events, o.quarantined, o.lost, o.doubled, resumed, o.took.Seconds())
	}
	return b.String()
}

// Marks between which a document's table is written anew.
const (
	tableBegins = "<!-- table of faults: written by make chaos -->\n"
	tableEnds   = "<!-- end of the table -->\n"
)

func (r *report) write(document string) error {
	if document == "" || len(r.rows) == 0 {
		return nil
	}
	text, err := os.ReadFile(document)
	if err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegins)
	_, after, ended := strings.Cut(rest, tableEnds)
	if !ok || !ended {
		return fmt.Errorf("write the figures: %s has no table of faults", document)
	}
	return os.WriteFile(document, []byte(before+tableBegins+r.table()+tableEnds+after), 0o644)
}
