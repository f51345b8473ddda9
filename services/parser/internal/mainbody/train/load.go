package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/internal/charset"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/meta"
)

// page is one annotated page, cut into blocks.
type page struct {
	ID, Set, Site, HTML, URL string
	Body                     *string
	With, Without            []string

	trains bool
	bare   bool // train without the hints of classes and metadata, as old pages are
	fold   int
	in     *mainbody.Inspection
	labels []label
	first  []float32 // out-of-fold scores of the first stage
	scores []float32 // out-of-fold scores of the second stage

	supposed int // words of the text, where only phrases are known
}

// bareShare is one over the share of pages whose classes and metadata the training
// does not see: many pages of the world, old ones above all, have none that tell.
const bareShare = 4

// load reads the pages, and cuts and labels them.
func load(dir string, exclude []string, folds int) ([]*page, error) {
	f, err := os.Open(filepath.Join(dir, "truth.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<26)
	var pages []*page
	for lines.Scan() {
		p := &page{}
		if err := json.Unmarshal(lines.Bytes(), p); err != nil {
			return nil, fmt.Errorf("read truth.jsonl: %w", err)
		}
		p.trains = !slices.Contains(exclude, p.Set) && (p.Body != nil || len(p.With)+len(p.Without) > 0)
		site := p.Site
		if site == "" {
			site = p.ID
		}
		h := fnv.New32a()
		h.Write([]byte(site))
		p.fold = int(h.Sum32()>>8) % folds
		h.Write([]byte(p.ID))
		p.bare = h.Sum32()>>8%bareShare == 0
		if p.Body != nil || len(p.With) > 0 {
			pages = append(pages, p)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read truth.jsonl: %w", err)
	}
	return pages, each(pages, func(p *page) error { return p.prepare(dir) })
}

// each runs f on all pages, two at a time.
func each(pages []*page, f func(*page) error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(pages))
	next := make(chan int)
	for range 2 {
		wg.Go(func() {
			for i := range next {
				errs[i] = f(pages[i])
			}
		})
	}
	for i := range pages {
		next <- i
	}
	close(next)
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("%s: %w", pages[i].ID, err)
		}
	}
	return nil
}

// supposedWords is the size of the text by the first stage's scores.
func (p *page) supposedWords() int {
	if p.supposed == 0 {
		sum := float32(0)
		for i, score := range p.first {
			sum += score * float32(p.in.Words(i))
		}
		p.supposed = int(sum) + 1
	}
	return p.supposed
}

func (p *page) prepare(dir string) error {
	f, err := os.Open(filepath.Join(dir, p.HTML))
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return err
	}
	text, _ := charset.Decode(raw, "")
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return err
	}
	story := meta.Collect(root).Resolve(meta.Context{URL: p.URL, Now: time.Now()})
	p.in = mainbody.Inspect(root, mainbody.Hints{Title: story.Headline.Text, Abstract: story.Abstract.Text, Body: story.Body, Byline: story.Byline.Text, Authors: story.Authors, Section: story.Section.Text})
	if p.Body != nil {
		p.labels = alignBody(p.in, *p.Body)
	} else {
		p.labels = alignPhrases(p.in, p.With, p.Without)
	}
	return nil
}
