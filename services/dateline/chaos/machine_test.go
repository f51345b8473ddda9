package chaos

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
	"github.com/dateline-news/dateline/services/dateline/internal/story"
)

// fillDisk takes what is left of the broker's disk, waits until publishers are told
// so, and gives it back.
func fillDisk(disk *string) func(context.Context, *injection) error {
	return func(ctx context.Context, x *injection) error {
		return x.spread(ctx, 3, func(i int) error {
			var before, full syscall.Statfs_t
			if err := syscall.Statfs(*disk, &before); err != nil {
				return fmt.Errorf("look at the disk: %w", err)
			}
			filler, err := bustest.Fill(*disk, 0)
			if err != nil {
				return err
			}
			if err := x.refusesPublishers(ctx, i); err != nil {
				return err
			}
			if err := syscall.Statfs(*disk, &full); err != nil {
				return fmt.Errorf("look at the disk: %w", err)
			}
			x.note = append(x.note, fmt.Sprintf("%d of %d MiB free, then %d KiB", before.Bavail*uint64(before.Bsize)>>20,
				before.Blocks*uint64(before.Bsize)>>20, full.Bavail*uint64(full.Bsize)>>10))
			if err := os.Remove(filler); err != nil {
				return fmt.Errorf("make room: %w", err)
			}
			if x.goesOn(ctx) {
				return nil
			}
			if x.o.allInOne {
				return errors.New("there is room again, and dateline up does not go on")
			}
			// The server takes nothing more into that stream; an operator starts it again.
			x.note = append(x.note, "the broker needed a restart")
			if code, _ := x.brokers[0].Terminate(); code > 1 {
				return fmt.Errorf("the broker ended with code %d", code)
			}
			if err := x.brokers[0].Run(ctx); err != nil {
				return err
			}
			x.resumes(ctx)
			return nil
		})
	}
}

// refusesPublishers waits until a publisher gets no confirmation: it must not be told that
// something is safe which is not.
func (x *injection) refusesPublishers(ctx context.Context, i int) error {
	url := pushedURL(3_000_000 + i)
	x.ledger.doubt(url)
	msg := nats.NewMsg(topology.SubjectArticleSubmit)
	msg.Header.Set(bus.HeaderURL, url)
	msg.Data = []byte(story.Make(x.seed, 3_000_000+i).Page(url) + ballast(x.seed, 256<<10))
	for since := time.Now(); x.tryPublish(ctx, msg) == nil; {
		if time.Since(since) > patience {
			return errors.New("the disk is full and publishers are not told")
		}
	}
	return nil
}

// cgroupDir is a memory cgroup of this test's own (cgroup v1).
func cgroupDir() string {
	return filepath.Join("/sys/fs/cgroup/memory", fmt.Sprintf("dateline-chaos-%d", os.Getpid()))
}

func needsCgroup() string {
	if os.Mkdir(cgroupDir(), 0o755) != nil {
		return "a memory limit needs root and cgroup v1"
	}
	defer func() { _ = os.Remove(cgroupDir()) }()
	if _, err := exec.LookPath("sh"); err != nil {
		return "a memory limit needs sh"
	}
	if os.WriteFile(filepath.Join(cgroupDir(), "memory.limit_in_bytes"), []byte("67108864"), 0o644) != nil {
		return "memory cgroups take no limit here"
	}
	return ""
}

// limited are the words that start a command in a memory cgroup of a size.
func limited(t *testing.T, bytes int) []string {
	t.Helper()
	require.NoError(t, os.Mkdir(cgroupDir(), 0o755))
	t.Cleanup(func() { _ = os.Remove(cgroupDir()) })
	require.NoError(t, os.WriteFile(filepath.Join(cgroupDir(), "memory.limit_in_bytes"), []byte(strconv.Itoa(bytes)), 0o644))
	return []string{"sh", "-c", `echo $$ > "$0" && exec "$@"`, filepath.Join(cgroupDir(), "cgroup.procs")}
}

// superviseParser starts the parser again whenever the system kills it, until all is
// done: the page that it dies of, too.
func superviseParser(ctx context.Context, x *injection) error {
	for since := time.Now(); ; {
		done, err := x.done(ctx)
		if err == nil && done >= x.articles {
			return nil
		}
		if time.Since(since) > 10*time.Minute {
			return fmt.Errorf("%d of %d are done after 10 minutes of a parser that is killed", done, x.articles)
		}
		select {
		case <-x.running[process.Parser].Gone:
			x.faults++
			if err := x.run(ctx, process.Parser); err != nil {
				return err
			}
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// machineFaults are about disk, memory and clock.
func machineFaults() []fault {
	var disk, clock string
	return []fault{
		{
			name: "disk full", how: "the broker's store on a tmpfs of 96 MiB that is filled to the last byte; then there is room again",
			asserted: "publishers get errors, not silence", articles: 2000,
			needs: bustest.NoDisk,
			setUp: func(t *testing.T, o *options) {
				disk = bustest.Disk(t, 96<<20)
				o.broker.Store = filepath.Join(disk, "store")
			},
			inject: func(ctx context.Context, x *injection) error { return fillDisk(&disk)(ctx, x) },
		},
		{
			name: "disk full, all in one", how: "the data of `dateline up` on a tmpfs of 128 MiB that is filled to the last byte; then there is room again",
			asserted: "publishers get errors, not silence; it goes on by itself", articles: 1000,
			needs:   bustest.NoDisk,
			options: options{allInOne: true},
			setUp: func(t *testing.T, o *options) {
				disk = bustest.Disk(t, 128<<20)
				o.broker.Store = disk
			},
			inject: func(ctx context.Context, x *injection) error { return fillDisk(&disk)(ctx, x) },
		},
		{
			name: "out of memory", how: "the parser in a memory cgroup of 192 MiB, and a page of 2.4 million elements among the others; killed by the system, started again each time",
			asserted: "the page ends in quarantine (as crashed, or as too slow at the edge of the memory), neighbours are enriched", articles: 1000,
			needs:   needsCgroup,
			options: options{ackWait: 3 * time.Second},
			setUp: func(t *testing.T, o *options) {
				o.wrap = map[string][]string{process.Parser: limited(t, 192<<20)}
			},
			prepare: func(x *injection) { x.origin.bomb = 405 },
			inject: func(ctx context.Context, x *injection) error {
				x.ledger.enter(x.origin.pageURL(405), anyClass)
				return superviseParser(ctx, x)
			},
		},
		{
			name: "clock jumps", how: "the fetcher's clock (injected, not the machine's) jumps 3 years ahead, back, 3 years behind, and back",
			asserted: "no poll storm, nothing waits for a year that does not come", articles: 2000,
			setUp: func(t *testing.T, o *options) {
				clock = filepath.Join(t.TempDir(), "clock")
				require.NoError(t, os.WriteFile(clock, []byte("0s"), 0o600))
				o.env = append(o.env, clockVar+"="+clock,
					// With manners, so that host budgets are kept by this clock, too.
					"DATELINE_FETCHER_HOST_DELAY=1ms", "DATELINE_FETCHER_HOST_CONNECTIONS=16")
			},
			inject: func(ctx context.Context, x *injection) error {
				const years = 3 * 365 * 24 * time.Hour
				jumps := []time.Duration{years, 0, -years, 0}
				return x.spread(ctx, len(jumps), func(i int) error {
					if err := os.WriteFile(clock, []byte(jumps[i].String()), 0o600); err != nil {
						return fmt.Errorf("set the injected clock: %w", err)
					}
					x.resumes(ctx)
					return nil
				})
			},
		},
	}
}
