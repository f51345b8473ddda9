package chaos

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
	"github.com/dateline-news/dateline/services/dateline/internal/story"
)

// overloadFaults are about more articles than can be worked on.
func overloadFaults() []fault {
	return []fault{{
		name: "overload", how: "after the sustainable rate was measured, ten times as many documents a second are offered for 2 minutes, and 40 feeds at once",
		asserted: "memory bounded, publishers refused rather than articles lost, latency as before afterwards", articles: 2000,
		// Queues that a few thousand articles fill, and room for all events.
		options: options{maxStore: 2 << 30, limits: map[string]int64{
			topology.StreamSubmissions: 8 << 20, topology.StreamFetched: 24 << 20, topology.StreamParsed: 16 << 20,
		}},
		inject: overload,
	}}
}

// overload offers ten times what Dateline can do.
func overload(ctx context.Context, x *injection) error {
	rate, err := x.sustainable(ctx)
	if err != nil {
		return err
	}
	for x.ledger.ends() < x.articles { // The usual flow comes to its end first.
		x.awaitEvent(ctx)
	}
	if err := x.settle(ctx); err != nil {
		return err
	}
	before, err := x.latency(ctx)
	if err != nil {
		return err
	}
	feeds := &publisher{rig: x.rig, next: 2_000_000, random: x.random}
	for range times(40, 4) {
		if err := feeds.feed(feeds.next, entriesPerFeed)(ctx); err != nil {
			return err
		}
		feeds.next += entriesPerFeed
	}
	watching, stop := context.WithCancel(ctx)
	peaks := make(chan map[string]*peak, 1)
	go func() { peaks <- x.watchMemory(watching) }()
	offered, accepted, refused := x.flood(ctx, 10*rate, time.Duration(times(120, 5))*time.Second)
	x.faults++
	waiting, err := x.count(ctx, topology.StreamSubmissions)
	if err != nil {
		stop()
		return err
	}
	err = x.settle(ctx)
	stop()
	if err != nil {
		return err
	}
	after, err := x.latency(ctx)
	if err != nil {
		return err
	}
	x.note = append(x.note, fmt.Sprintf("sustainable %.0f articles/s, offered %d (%.0f/s, %.1f times that), accepted %d, refused %d, %d waiting at the end of it; latency of one article %d ms before, %d ms after",
		rate, offered, float64(offered)/float64(times(120, 5)), float64(offered)/float64(times(120, 5))/rate, accepted, refused, waiting, before.Milliseconds(), after.Milliseconds()))
	for role, p := range <-peaks {
		x.note = append(x.note, fmt.Sprintf("%s at most %d MiB in the first half of the run, %d MiB in the second", role, p.first>>20, p.second>>20))
		if p.second > p.first+p.first/2+(64<<20) {
			return fmt.Errorf("the memory of %s grows: %d MiB, then %d MiB", role, p.first>>20, p.second>>20)
		}
	}
	return nil
}

// sustainable is how many articles a second come out while there are always enough
// to work on.
func (x *injection) sustainable(ctx context.Context) (float64, error) {
	begin, err := x.awaitDone(ctx, 0, patience)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	end, err := x.awaitDone(ctx, begin+x.articles/2, 5*time.Second)
	if end <= begin {
		return 0, fmt.Errorf("measure the sustainable rate: nothing came out: %w", err)
	}
	return max(5, float64(end-begin)/time.Since(began).Seconds()), nil
}

// latency is the median time from a document's submission to its event, one at a
// time, when nothing else is to be done.
func (x *injection) latency(ctx context.Context) (time.Duration, error) {
	var all []time.Duration
	for range 9 {
		done, err := x.awaitDone(ctx, x.ledger.ends(), patience)
		if err != nil {
			return 0, err
		}
		began := time.Now()
		if _, _, err := x.offer(ctx); err != nil {
			return 0, err
		}
		if _, err := x.awaitDone(ctx, done+1, patience); err != nil {
			return 0, err
		}
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	return all[len(all)/2], nil
}

// weightOffered is what each document weighs, in bytes, so that some thousand fill
// the queue.
const weightOffered = 12 << 10

// offer makes one submission, once. It is entered in the ledger if the server has
// confirmed it; where the answer is lost, it is made again until there is one.
func (x *injection) offer(ctx context.Context) (accepted, refused bool, err error) {
	n := int(x.offered.Add(1)) + 5_000_000
	url := pushedURL(n)
	msg := nats.NewMsg(topology.SubjectArticleSubmit)
	msg.Header.Set(bus.HeaderURL, url)
	msg.Header.Set(bus.HeaderContentType, "text/html; charset=utf-8")
	msg.Data = []byte(story.Make(x.seed, n).Page(url) + ballast(x.seed^uint64(n), weightOffered))
	err = x.tryPublish(ctx, msg)
	switch {
	case err == nil:
		x.ledger.enter(url, "")
		return true, false, nil
	case wasRefused(err):
		return false, true, nil
	}
	if err := x.insist(ctx, msg); err != nil {
		return false, false, err
	}
	x.ledger.enter(url, "")
	return true, false, nil
}

// flood offers at a rate, whatever becomes of it.
func (x *injection) flood(ctx context.Context, rate float64, d time.Duration) (offered, accepted, refused int) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var (
		mu         sync.Mutex
		publishing sync.WaitGroup
	)
	places := make(chan struct{}, 2048) // A server that is slow to answer is not asked without bound.
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	// Made up for where the machine is late: what is owed follows from the time.
	for began, owed := time.Now(), 0; ; {
		select {
		case <-ctx.Done():
			publishing.Wait()
			return offered, accepted, refused
		case <-ticker.C:
		}
		for ; owed < int(rate*time.Since(began).Seconds()); owed++ {
			select {
			case places <- struct{}{}:
			default:
				continue
			}
			offered++
			publishing.Go(func() {
				defer func() { <-places }()
				// Not cut short by the end of the flood: the ledger needs the answer.
				yes, no, _ := x.offer(context.WithoutCancel(ctx))
				mu.Lock()
				defer mu.Unlock()
				if yes {
					accepted++
				}
				if no {
					refused++
				}
			})
		}
	}
}

// peak is the most memory that a process took, in the halves of a run.
type peak struct{ first, second int64 }

// watchMemory reads what every process takes, until ctx ends.
func (x *injection) watchMemory(ctx context.Context) map[string]*peak {
	processes := map[string]*process.Process{process.NATSServer: x.brokers[0].Process}
	for role, p := range x.running {
		processes[role] = p
	}
	samples := map[string][]int64{}
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		for role, p := range processes {
			samples[role] = append(samples[role], p.Resident("VmRSS"))
		}
		select {
		case <-ticker.C:
			continue
		case <-ctx.Done():
		}
		peaks := map[string]*peak{}
		for role, all := range samples {
			half := (len(all) + 1) / 2
			peaks[role] = &peak{first: slices.Max(all[:half])}
			if half < len(all) {
				peaks[role].second = slices.Max(all[half:])
			}
		}
		return peaks
	}
}
