package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
	"github.com/dateline-news/dateline/services/dateline/internal/story"
)

// whole waits until every stream of a cluster has a leader and its copies agree.
func (r *rig) whole(ctx context.Context) error {
	for since := time.Now(); ; {
		why := r.notWhole(ctx)
		if why == nil {
			return nil
		}
		if time.Since(since) > patience {
			return fmt.Errorf("the cluster is not whole after %s: %w", patience, why)
		}
		pause(ctx, 200*time.Millisecond)
	}
}

func (r *rig) notWhole(ctx context.Context) error {
	for _, cfg := range topology.Streams(r.topology()) {
		try, cancel := context.WithTimeout(ctx, 2*time.Second)
		s, err := r.bus.JS.Stream(try, cfg.Name)
		cancel()
		if err != nil {
			return fmt.Errorf("look at %s: %w", cfg.Name, err)
		}
		cluster := s.CachedInfo().Cluster
		if cluster == nil || cluster.Leader == "" {
			return fmt.Errorf("%s has no leader", cfg.Name)
		}
		for _, peer := range cluster.Replicas {
			if peer.Offline || !peer.Current {
				return fmt.Errorf("%s of %s is not current", cfg.Name, peer.Name)
			}
		}
	}
	return nil
}

// leader is the node that leads a stream.
func (r *rig) leader(ctx context.Context, stream string) (int, error) {
	s, err := r.bus.JS.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("look at %s: %w", stream, err)
	}
	for i := range r.brokers {
		if s.CachedInfo().Cluster.Leader == fmt.Sprintf("node%d", i+1) {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%s has no leader", stream)
}

// killNodes kills one node of three, has the other two work, brings it back, waits
// until the copies agree, and goes on to another: by turns the leader of a stream
// and any.
func killNodes(ctx context.Context, x *injection) error {
	last := -1
	return x.spread(ctx, 6, func(i int) error {
		if err := x.whole(ctx); err != nil {
			return err
		}
		streams := topology.Streams(x.topology())
		node, err := x.leader(ctx, streams[x.random.IntN(len(streams))].Name)
		if err != nil {
			return err
		}
		if node == last {
			node = (node + 1) % len(x.brokers)
		}
		last = node
		if i%3 == 2 {
			x.brokers[node].Terminate()
		} else {
			x.brokers[node].Kill()
		}
		// All that was given before may be in hands that the server waits for; what is
		// new passes at once.
		if err := x.confirms(ctx, 4_000_000+i); err != nil {
			return err
		}
		x.resumes(ctx)
		return x.brokers[node].Run(ctx)
	})
}

// confirms gives one more article, and measures the time until the server has confirmed
// it.
func (x *injection) confirms(ctx context.Context, n int) error {
	began := time.Now()
	p := publisher{rig: x.rig, random: x.random}
	if err := p.push(n, 1)(ctx); err != nil {
		return err
	}
	x.confirmed = max(x.confirmed, time.Since(began))
	return nil
}

// partition takes the third node off the network, while clients of its own try to
// publish there: two servers must never both confirm.
func partition(n *netns) func(context.Context, *injection) error {
	return func(ctx context.Context, x *injection) error {
		refused := 0
		err := x.spread(ctx, 4, func(i int) error {
			if err := x.whole(ctx); err != nil {
				return err
			}
			if err := n.plug("down"); err != nil {
				return err
			}
			x.resumes(ctx)
			url := pushedURL(1_000_000 + i)
			document, err := json.Marshal(map[string]string{"url": url, "content": story.Make(x.seed, 1_000_000+i).Page(url)})
			if err != nil {
				return fmt.Errorf("write a document: %w", err)
			}
			// What is not confirmed may come in all the same, when the node is back.
			x.ledger.doubt(url)
			confirmed, err := n.publishFrom(ctx, "nats://"+x.brokers[2].Address, topology.SubjectArticleSubmit, string(document))
			if err != nil {
				return err
			}
			if confirmed {
				return errors.New("a server without a majority confirmed a publish")
			}
			refused++
			return n.plug("up")
		})
		x.note = append(x.note, fmt.Sprintf("%d publishes by the minority, none confirmed", refused))
		return errors.Join(err, x.whole(ctx))
	}
}

// breakProxy cuts, holds up and slows the services' connections.
func breakProxy(p *proxy) func(context.Context, *injection) error {
	return func(ctx context.Context, x *injection) error {
		return x.spread(ctx, times(30, 3), func(i int) error {
			switch i % 3 {
			case 0:
				p.cut()
			case 1:
				p.hold()
				pause(ctx, time.Duration(1+x.random.IntN(6))*time.Second)
				if x.random.IntN(2) == 0 {
					p.cut() // What was held up is lost.
				}
				p.release()
			case 2:
				p.slow(time.Duration(x.random.IntN(50)) * time.Millisecond)
				_, _ = x.awaitDone(ctx, 1<<30, 2*time.Second)
				p.slow(0)
			}
			x.resumes(ctx)
			return nil
		})
	}
}

// noStorm asserts that few messages were delivered more than once.
func noStorm(ctx context.Context, t *testing.T, x *injection) {
	for _, s := range []topology.Stage{topology.Parser, topology.Enricher} {
		consumer, err := x.bus.JS.Consumer(ctx, s.Stream, s.Name)
		require.NoError(t, err)
		delivered := consumer.CachedInfo().Delivered
		require.Less(t, delivered.Consumer, delivered.Stream*5/4, "deliveries to %s, of %d messages", s.Name, delivered.Stream)
	}
}

// clusterFaults are about the broker's copies and network.
func clusterFaults() []fault {
	var n netns
	var p *proxy
	return []fault{
		{
			name: "one node of three killed, then another", how: "R3 cluster of three nats-server; `kill -9` or SIGTERM of a leader, back, copies agree, another",
			asserted: "publishes are confirmed within 10 s, and what is new passes", articles: 3000,
			options: options{brokers: 3}, inject: killNodes,
			after: func(_ context.Context, t *testing.T, x *injection) {
				x.note = append(x.note, fmt.Sprintf("publishes confirmed within %s", x.confirmed.Round(100*time.Millisecond)))
				if x.confirmed > 10*time.Second {
					t.Errorf("a publish was confirmed after %s only", x.confirmed)
				}
			},
		},
		{
			name: "node cut off", how: "R3 cluster; the third node is in a network namespace whose veth goes down and up",
			asserted: "the minority confirms nothing", articles: 2000,
			needs:   needsNetns,
			options: options{brokers: 3},
			setUp: func(t *testing.T, o *options) {
				n = newNetns(t)
				o.third = &n
			},
			inject: func(ctx context.Context, x *injection) error { return partition(&n)(ctx, x) },
		},
		{
			name: "connections cut, held up, slowed", how: "a proxy between services and broker cuts all connections, lets nothing through for 1 to 6 s, or delays every piece by up to 50 ms",
			asserted: "no redelivery storm: less than one delivery in five is a repeat", articles: 3000,
			setUp: func(t *testing.T, o *options) {
				port, err := process.FreePort()
				if err != nil {
					t.Fatal(err)
				}
				o.broker.Port = port
				p = newProxy(t, fmt.Sprintf("127.0.0.1:%d", port))
				o.url = "nats://" + p.listener.Addr().String()
			},
			inject: func(ctx context.Context, x *injection) error { return breakProxy(p)(ctx, x) },
			after:  noStorm,
		},
	}
}
