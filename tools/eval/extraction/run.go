// Package extraction compares what programs take out of web pages with the truth
// about them, and what that costs.
package extraction

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"runtime"
	"slices"
	"time"
)

// result is one program on all pages.
type result struct {
	name  string
	all   score
	sets  map[string]*score
	times []time.Duration
	bytes uint64
	fails int
}

// Run measures as its arguments say and prints tables to out.
func Run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("eval extraction", flag.ContinueOnError)
	data := flags.String("data", "", "folder of truth.jsonl and the pages")
	cv := flags.String("cv", "", "bodies predicted by models that saw no page of the same site, as the trainer writes them")
	limit := flags.Int("limit", 0, "measure this many pages only")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return errors.New("-data is missing: the folder of truth.jsonl")
	}
	pages, err := readCorpus(*data)
	if err != nil {
		return err
	}
	if *limit > 0 && *limit < len(pages) {
		pages = pages[:*limit]
	}
	// The programs compared write on the standard log what they think of a page.
	log.SetOutput(io.Discard)
	results, err := measure(ctx, *data, pages)
	if err != nil {
		return err
	}
	if *cv != "" {
		crossed, err := crossValidated(*cv, pages)
		if err != nil {
			return err
		}
		results = slices.Insert(results, 2, crossed)
	}
	printQuality(out, pages, results[1:])
	printCost(out, results)
	return nil
}

// measure has every program read every page, page by page and not program by
// program, so that a busy machine slows all of them alike.
func measure(ctx context.Context, dir string, pages []truth) ([]*result, error) {
	all := programs()
	results := make([]*result, len(all))
	for i, p := range all {
		results[i] = &result{name: p.name, sets: map[string]*score{}}
	}
	for _, t := range pages {
		content, err := readPage(dir, t)
		if err != nil {
			return nil, err
		}
		for i, p := range all {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			results[i].read(ctx, p, t, content)
		}
	}
	return results, nil
}

func (r *result) read(ctx context.Context, p program, t truth, content []byte) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	started := time.Now()
	g, err := p.read(ctx, content, t.URL)
	r.times = append(r.times, time.Since(started))
	runtime.ReadMemStats(&after)
	r.bytes += after.TotalAlloc - before.TotalAlloc
	if err != nil {
		r.fails++
	}
	r.score(t, g)
}

func (r *result) score(t truth, g guess) {
	r.all.add(t, g)
	if r.sets[t.Set] == nil {
		r.sets[t.Set] = &score{}
	}
	r.sets[t.Set].add(t, g)
}

// crossValidated scores bodies that were predicted elsewhere.
func crossValidated(path string, pages []truth) (*result, error) {
	bodies, err := readBodies(path)
	if err != nil {
		return nil, err
	}
	r := &result{name: "**Dateline, cross-validated by site**", sets: map[string]*score{}}
	for _, t := range pages {
		// Only bodies were predicted.
		t.Title, t.Date, t.Authors = "", "", nil
		r.score(t, guess{body: bodies[t.ID]})
	}
	return r, nil
}

func printQuality(out io.Writer, pages []truth, results []*result) {
	withBody := map[string]bool{}
	for _, t := range pages {
		if t.Body != nil {
			withBody[t.Set] = true
		}
	}
	sets := slices.Sorted(maps.Keys(withBody))
	fmt.Fprintf(out, "%d pages.\n\n| | F1 | P | R |", len(pages))
	for _, set := range sets {
		fmt.Fprintf(out, " %s |", set)
	}
	fmt.Fprint(out, " phrases | exact | < 0.5 | title | date | authors |\n|---|---|---|---|")
	for range sets {
		fmt.Fprint(out, "---|")
	}
	fmt.Fprintln(out, "---|---|---|---|---|---|")
	for _, r := range results {
		fmt.Fprintf(out, "| %s | %s | %s | %s |", r.name, share(r.all.f1()), share(r.all.precision.value()), share(r.all.recall.value()))
		for _, set := range sets {
			fmt.Fprintf(out, " %s |", share(r.sets[set].f1()))
		}
		fmt.Fprintf(out, " %s | %s | %.1f %% | %s | %s | %s |\n", share(r.all.phrases()), share(r.all.exact.value()), 100*r.all.poor.value(),
			annotated(r.all.title), annotated(r.all.date), annotated(r.all.authors))
	}
}

func printCost(out io.Writer, results []*result) {
	fmt.Fprint(out, "\n| | × parse | ms a page | p50 | p99 | max | MB allocated a page | pages/s | failed |\n|---|---|---|---|---|---|---|---|---|\n")
	floor := results[0].total()
	for _, r := range results {
		if len(r.times) == 0 {
			continue
		}
		n := len(r.times)
		sorted := slices.Sorted(slices.Values(r.times))
		fmt.Fprintf(out, "| %s | %.2f | %.1f | %.1f | %.1f | %.0f | %.2f | %.0f | %d |\n", r.name,
			float64(r.total())/float64(floor), ms(r.total())/float64(n), ms(sorted[n/2]), ms(sorted[n*99/100]), ms(sorted[n-1]),
			float64(r.bytes)/float64(n)/1e6, float64(n)/r.total().Seconds(), r.fails)
	}
}

func (r *result) total() (sum time.Duration) {
	for _, t := range r.times {
		sum += t
	}
	return sum
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func share(v float64) string { return fmt.Sprintf("%.3f", v) }

// annotated is a share, or a dash where nothing was to be found.
func annotated(m mean) string {
	if m.n == 0 {
		return "–"
	}
	return share(m.value())
}
