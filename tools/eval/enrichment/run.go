// Package enrichment measures what the enricher says of texts against labelled
// data, task by task, and what that costs.
package enrichment

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/enrich"
)

// Run measures as its arguments say and prints tables to out.
func Run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("eval enrichment", flag.ContinueOnError)
	data := flags.String("data", "", "folder of the tasks")
	predicted := flags.String("predicted", "", "sentences and pairs of texts, as the enricher's command predict writes them")
	seed := flags.String("seed", "", "text of the story that seed.json describes")
	pages := flags.String("pages", "", "folder of the extraction task, whose pages say what they are about")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return errors.New("-data is missing: the folder of the tasks")
	}
	m := &measurement{dir: *data, predicted: *predicted, seed: *seed, pages: *pages}
	for _, task := range []func(context.Context) error{m.languages, m.dates, m.quotes, m.keyphrases, m.names, m.topics, m.story, m.summaries} {
		if err := task(ctx); err != nil {
			return err
		}
	}
	if m.predicted != "" {
		if err := m.pairs(); err != nil {
			return err
		}
	}
	m.print(out)
	return nil
}

// measurement is a run over all tasks.
type measurement struct {
	dir, predicted, seed, pages string
	lines                       []line
	programs                    []program
}

// line is a line of the table of tasks.
type line struct {
	task, figure, note string
	// cost is the time of one item, n the number of items; 0 for not measured.
	cost time.Duration
	n    int
}

func (m *measurement) add(task, note string, t *timer, format string, args ...any) {
	l := line{task: task, figure: fmt.Sprintf(format, args...), note: note}
	if t != nil && len(t.took) > 0 {
		l.cost, l.n = t.median(), len(t.took)
	}
	m.lines = append(m.lines, l)
}

func (m *measurement) print(out io.Writer) {
	fmt.Fprintln(out, "| task | figure | data | items | median time |\n|---|---|---|---:|---:|")
	for _, l := range m.lines {
		items, cost := "", ""
		if l.n > 0 {
			items, cost = fmt.Sprint(l.n), l.cost.Round(time.Microsecond).String()
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s |\n", l.task, l.figure, l.note, items, cost)
	}
	fmt.Fprintln(out, "\n| language | articles | leads | headlines | sentences | word pairs | noisy | as lingua, high accuracy | median time of an article |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|")
	for _, p := range m.programs {
		cost := "—"
		if len(p.articles.took) > 0 {
			cost = p.articles.median().Round(time.Microsecond).String()
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", p.name, p.kinds["article"], p.kinds["lead"], p.kinds["headline"],
			p.kinds["sentence"], p.kinds["word-pair"], p.kinds["noisy"], &p.agrees, cost)
	}
}

// share counts hits.
type share struct{ hits, all int }

func (s *share) count(hit bool) {
	s.all++
	if hit {
		s.hits++
	}
}

// String implements fmt.Stringer.
func (s *share) String() string {
	if s == nil || s.all == 0 {
		return "—"
	}
	return fmt.Sprintf("%.3f", float64(s.hits)/float64(s.all))
}

// timer keeps what each item took.
type timer struct{ took []time.Duration }

func (t *timer) time(do func()) {
	started := time.Now()
	do()
	t.took = append(t.took, time.Since(started))
}

func (t *timer) median() time.Duration {
	slices.Sort(t.took)
	return t.took[len(t.took)/2]
}

// read gives the lines of a task's file.
func read[T any](dir string, path ...string) ([]T, error) {
	f, err := os.Open(filepath.Join(append([]string{dir}, path...)...))
	if err != nil {
		return nil, fmt.Errorf("read the data: %w", err)
	}
	defer f.Close()
	var rows []T
	for decode := json.NewDecoder(f); ; {
		var r T
		switch err := decode.Decode(&r); {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", f.Name(), err)
		}
		rows = append(rows, r)
	}
}

// only makes an enricher with these annotators alone. Without "language" a text is
// taken to be in the language that it declares.
func only(ctx context.Context, annotators ...string) (*enrich.Enricher, error) {
	all, err := enrich.New(enrich.Config{})
	if err != nil {
		return nil, err
	}
	var off []string
	for _, name := range all.Names() {
		if !slices.Contains(annotators, name) {
			off = append(off, name)
		}
	}
	e, err := enrich.New(enrich.Config{Disable: off})
	if err != nil {
		return nil, err
	}
	return e, e.Warm(ctx)
}

// enriched gives what an annotator makes of a document; nothing of one without text.
func enriched(ctx context.Context, e *enrich.Enricher, t *timer, doc *datelinev1.Document) (*datelinev1.Enrichment, error) {
	var out *datelinev1.Enrichment
	var err error
	t.time(func() { out, err = e.Enrich(ctx, doc) })
	var empty *enrich.Empty
	if errors.As(err, &empty) {
		return &datelinev1.Enrichment{}, nil
	}
	return out, err
}
