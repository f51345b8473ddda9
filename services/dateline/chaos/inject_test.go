package chaos

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// times is n at full size and few in the short form.
func times(n, few int) int {
	if *full {
		return n
	}
	return few
}

func killServices(ctx context.Context, x *injection) error {
	return x.spread(ctx, times(3**kills, 3), func(i int) error {
		service := process.Services()[i%3]
		x.running[service].Kill()
		if err := x.run(ctx, service); err != nil {
			return fmt.Errorf("after kill %d: %w", i, err)
		}
		x.resumes(ctx)
		return nil
	})
}

func killBroker(ctx context.Context, x *injection) error {
	return x.spread(ctx, times(*kills/2, 2), func(int) error {
		x.brokers[0].Kill()
		if err := x.brokers[0].Run(ctx); err != nil {
			return err
		}
		x.resumes(ctx)
		return nil
	})
}

func killAllInOne(ctx context.Context, x *injection) error {
	return x.spread(ctx, 20, func(int) error {
		x.brokers[0].Kill()
		if err := x.brokers[0].Run(ctx); err != nil {
			return err
		}
		x.resumes(ctx)
		return nil
	})
}

func restartBroker(ctx context.Context, x *injection) error {
	return x.spread(ctx, 10, func(i int) error {
		if code, _ := x.brokers[0].Terminate(); code != 0 && code != 1 {
			return fmt.Errorf("the broker ended with %d", code)
		}
		pause(ctx, time.Duration(x.random.IntN(15_000))*time.Millisecond)
		if err := x.brokers[0].Run(ctx); err != nil {
			return err
		}
		x.resumes(ctx)
		return nil
	})
}

func killEverything(ctx context.Context, x *injection) error {
	return x.spread(ctx, 10, func(int) error {
		for _, service := range process.Services() {
			x.running[service].Kill()
		}
		x.brokers[0].Kill()
		if err := x.brokers[0].Run(ctx); err != nil {
			return err
		}
		order := process.Services()
		x.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, service := range order {
			if err := x.run(ctx, service); err != nil {
				return err
			}
		}
		x.resumes(ctx)
		return nil
	})
}

func terminateServices(ctx context.Context, x *injection) error {
	var longest time.Duration
	err := x.spread(ctx, times(60, 3), func(i int) error {
		service := process.Services()[i%3]
		code, took := x.running[service].Terminate()
		longest = max(longest, took)
		if code != 0 {
			return fmt.Errorf("%s ended with code %d: %s", service, code, x.running[service].Tail(10))
		}
		if took > 30*time.Second {
			return fmt.Errorf("%s took %s to drain", service, took)
		}
		if err := x.run(ctx, service); err != nil {
			return err
		}
		x.resumes(ctx)
		return nil
	})
	x.note = append(x.note, fmt.Sprintf("longest drain %.1f s", longest.Seconds()))
	return err
}

func deleteConsumers(ctx context.Context, x *injection) error {
	all := topology.Stages()
	return x.spread(ctx, 2*len(all), func(i int) error {
		s := all[i%len(all)]
		if err := x.deleteConsumer(ctx, s); err != nil {
			return err
		}
		x.resumes(ctx)
		return nil
	})
}

// deleteLongAfter has what was done long ago read once more.
func deleteLongAfter(ctx context.Context, x *injection) error {
	for x.ledger.ends() < x.articles { // The flow comes to its end first.
		x.awaitEvent(ctx)
	}
	if err := x.settle(ctx); err != nil {
		return err
	}
	pause(ctx, x.o.window+5*time.Second)
	pages := x.origin.served()
	for _, s := range []topology.Stage{topology.Enricher, topology.Admit} {
		if err := x.deleteConsumer(ctx, s); err != nil {
			return err
		}
		x.faults++
		if err := x.settle(ctx); err != nil {
			return err
		}
	}
	if again := x.origin.served() - pages; again > 0 {
		return fmt.Errorf("%d pages were fetched again", again)
	}
	return nil
}

// deleteConsumer deletes a stage's consumer and waits until it is there again.
func (x *injection) deleteConsumer(ctx context.Context, s topology.Stage) error {
	if err := x.bus.JS.DeleteConsumer(ctx, s.Stream, s.Name); err != nil {
		return fmt.Errorf("delete consumer %s: %w", s.Name, err)
	}
	for since := time.Now(); ; {
		_, err := x.bus.JS.Consumer(ctx, s.Stream, s.Name)
		if err == nil {
			return nil
		}
		if !errors.Is(err, jetstream.ErrConsumerNotFound) || time.Since(since) > 10*time.Second {
			return fmt.Errorf("consumer %s is not there again after %s: %w", s.Name, time.Since(since), err)
		}
		pause(ctx, 20*time.Millisecond)
	}
}

func poison(ctx context.Context, x *injection) error {
	junk := []byte{0xff, 0x00, 0xfe, 0x12, 0x7f}
	bad := []struct {
		subject, class string
		contentType    string
		data           []byte
	}{
		{topology.SubjectArticleSubmit, stage.ClassPermanent, bus.TypeProtobuf, junk},
		{topology.SubjectArticleSubmit, stage.ClassPermanent, bus.TypeJSON, []byte(`{"content": 7}`)},
		{topology.SubjectFeedSubmit, stage.ClassPermanent, "", []byte("gopher://example.org/")},
		{topology.FeedPoll("nobody"), stage.ClassPermanent, "", nil},
		{topology.PageDue("host.example", "x"), stage.ClassPermanent, "", junk},
		{topology.ArticleFetched("host.example", "x"), stage.ClassUndecodable, "", junk},
		{topology.ArticleFetched("host.example", "y"), stage.ClassPermanent, "", nil},
		{topology.ArticleParsed("x"), stage.ClassUndecodable, "", junk},
		{topology.ArticleParsed("y"), stage.ClassPermanent, "", nil},
	}
	return x.spread(ctx, times(20, 1), func(int) error {
		for _, b := range bad {
			msg := nats.NewMsg(b.subject)
			msg.Data = b.data
			if b.contentType != "" {
				msg.Header.Set(bus.HeaderContentType, b.contentType)
			}
			if err := x.insist(ctx, msg); err != nil {
				return err
			}
			x.ledger.poisoned(b.class)
			x.faults++
		}
		x.faults--
		return nil
	})
}

// nothing is injected where what is sent is the fault.
func nothing(context.Context, *injection) error { return nil }

func submitTwice(x *injection) {
	x.publisher.twice = true
	x.faults = x.articles
}

// heavyPages gives every fifth page 1 to 4 MiB; in the short form 256 to 512 KiB.
func heavyPages(x *injection) {
	for n := 0; n < x.articles; n += 5 {
		x.origin.weight[n] = times(1<<20, 256<<10) + x.random.IntN(times(3<<20, 256<<10))
		x.faults++
	}
}

// purge empties a work queue and a stream of documents, each while the service that
// reads it is away, and strikes what was in them from the ledger: it must not come
// out, and nobody may fetch it again.
func purge(ctx context.Context, x *injection) error {
	for _, p := range []struct{ service, stream string }{{process.Parser, topology.StreamFetched}, {process.Enricher, topology.StreamParsed}} {
		if _, err := x.awaitDone(ctx, x.articles/3, patience); err != nil {
			return err
		}
		if code, _ := x.running[p.service].Terminate(); code != 0 {
			return fmt.Errorf("%s ended with code %d", p.service, code)
		}
		if err := x.awaitCount(ctx, p.stream, 50); err != nil {
			return err
		}
		gone, err := x.unread(ctx, p.stream)
		if err != nil {
			return err
		}
		stream, err := x.bus.JS.Stream(ctx, p.stream)
		if err != nil {
			return fmt.Errorf("purge %s: %w", p.stream, err)
		}
		// What came after the look stays.
		if err := stream.Purge(ctx, jetstream.WithPurgeSequence(gone.last+1)); err != nil {
			return fmt.Errorf("purge %s: %w", p.stream, err)
		}
		x.ledger.strike(gone.urls)
		x.faults++
		x.note = append(x.note, fmt.Sprintf("%d purged from %s", len(gone.urls), p.stream))
		if err := x.run(ctx, p.service); err != nil {
			return err
		}
		x.resumes(ctx)
	}
	return nil
}

// stopParser freezes the parser, so that what it has in hand is delivered again, and
// again.
func stopParser(ctx context.Context, x *injection) error {
	return freeze(ctx, x, process.Parser, 8, 1500*time.Millisecond)
}

func freezeEnricher(ctx context.Context, x *injection) error {
	return freeze(ctx, x, process.Enricher, 3, 35*time.Second)
}

// freeze stops a service's process for a while and lets it go on. It does not know
// that it was away, and goes on with messages that are not its own any more.
func freeze(ctx context.Context, x *injection, service string, n int, d time.Duration) error {
	most := int64(0)
	err := x.spread(ctx, n, func(int) error {
		p := x.running[service]
		if err := p.Signal(syscall.SIGSTOP); err != nil {
			return fmt.Errorf("stop %s: %w", service, err)
		}
		pause(ctx, d)
		for _, other := range x.running {
			most = max(most, other.Resident("VmRSS"))
		}
		if err := p.Signal(syscall.SIGCONT); err != nil {
			return fmt.Errorf("let %s go on: %w", service, err)
		}
		x.resumes(ctx)
		return nil
	})
	x.note = append(x.note, fmt.Sprintf("at most %d MiB in a service", most>>20))
	return err
}
