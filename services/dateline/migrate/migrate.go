// Package migrate moves what a Dateline holds from one NATS server to another, whole:
// registry, seen-set, what is on its way, and the events, each stream as it is, with
// sequences, times and what each consumer has acknowledged.
package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Options say how to migrate.
type Options struct {
	// Topology is what the destination is to look like.
	Topology topology.Options
	// Skip are streams to leave behind.
	Skip []string
	// DryRun looks, and changes nothing.
	DryRun bool
	// Running goes on although stages run at the source: what they do meanwhile may
	// be missed.
	Running bool
	// Quick compares counts only, and not every message.
	Quick bool
	// Tell hears what is done, one line at a time.
	Tell func(line string)
}

// markKey is where a stream at the destination says what it is a copy of.
const markKey = "dateline-copy-of"

// mark names a stream as it was when it was copied.
func mark(info *jetstream.StreamInfo) string {
	return fmt.Sprintf("%s %d", info.Created.UTC().Format(time.RFC3339Nano), info.State.LastSeq)
}

// job is one stream to move.
type job struct {
	name   string
	source *jetstream.StreamInfo
	// done says that the destination has it already, and replaces that what it has
	// is empty or an older copy that nobody has used.
	done, replaces bool
	// consumers are those that the destination has and the source has not.
	consumers []jetstream.ConsumerConfig
	// limit is what the stream may hold at the destination, in bytes; 0: no limit.
	limit int64
}

// Run moves everything, unless it is there already, and compares both sides. It can
// be run again after an interruption, and goes on where it was.
func Run(ctx context.Context, from, to *bus.Bus, o Options) error {
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	if err := checkSkip(o.Skip); err != nil {
		return err
	}
	if !o.Running {
		if err := atRest(ctx, from, "the source"); err != nil {
			return err
		}
	}
	if err := atRest(ctx, to, "the destination"); err != nil {
		return err
	}
	jobs, err := plan(ctx, from, to, o)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if err := j.run(ctx, from, to, o); err != nil {
			return err
		}
	}
	if o.DryRun {
		o.Tell("nothing was changed (--dry-run)")
		return nil
	}
	changes, err := topology.Ensure(ctx, to.JS, o.Topology)
	if err != nil {
		return fmt.Errorf("bring the destination up to this version: %w", err)
	}
	for _, c := range changes {
		o.Tell(fmt.Sprintf("%-10s %s %s", c.Action, c.Object, strings.Join(c.Differences, ", ")))
	}
	if err := verify(ctx, from, to, jobs, o); err != nil {
		return err
	}
	return learnIDs(ctx, to, jobs, o)
}

// learnIDs lets the destination learn the message ids of what was copied, by which it
// refuses duplicates. The server that restores a stream does not look at them. Its
// followers do, and so one of them takes the lead; where there is none, a start does.
func learnIDs(ctx context.Context, to *bus.Bus, jobs []*job, o Options) error {
	alone := false
	for _, j := range jobs {
		info, err := look(ctx, to, j.name)
		if err != nil {
			return err
		}
		if info == nil || j.done || info.Config.Duplicates == 0 {
			continue
		}
		if info.Cluster == nil || len(info.Cluster.Replicas) == 0 {
			alone = true
			continue
		}
		if _, err := ask(ctx, to, "$JS.API.STREAM.LEADER.STEPDOWN."+j.name, struct{}{}); err != nil {
			return fmt.Errorf("hand the lead of %s over: %w", j.name, err)
		}
		if err := awaitCopies(ctx, to, j.name); err != nil {
			return err
		}
	}
	if alone {
		o.Tell("restart the destination's NATS server before the services start there: it learns the ids of the messages, by which it refuses duplicates, when it starts")
	}
	return nil
}

func checkSkip(skip []string) error {
	names := topology.StreamNames()
	for _, s := range skip {
		if !slices.Contains(names, s) {
			return fmt.Errorf("there is no stream %q to skip: %s", s, strings.Join(names, ", "))
		}
	}
	return nil
}

// plan looks at every stream on both sides, and refuses before anything is changed
// where the destination has something of its own.
func plan(ctx context.Context, from, to *bus.Bus, o Options) ([]*job, error) {
	var (
		jobs    []*job
		foreign []string
	)
	for _, name := range topology.StreamNames() {
		if slices.Contains(o.Skip, name) {
			continue
		}
		source, err := look(ctx, from, name)
		if err != nil {
			return nil, fmt.Errorf("look at the source: %w", err)
		}
		if source == nil {
			continue
		}
		j := &job{name: name, source: source}
		used, err := j.look(ctx, to)
		if err != nil {
			return nil, fmt.Errorf("look at the destination: %w", err)
		}
		if used != "" {
			foreign = append(foreign, name+" ("+used+")")
		}
		jobs = append(jobs, j)
	}
	if len(jobs) == 0 {
		return nil, errors.New("the source has none of Dateline's streams")
	}
	limits := limitsOf(o.Topology)
	for _, j := range jobs {
		if limit := limits[j.name]; limit > 0 && !j.done && j.source.State.Bytes > uint64(limit) {
			return nil, fmt.Errorf("%s holds %d MiB, and the destination gives it %d MiB of --nats-max-store: give it more", j.name, j.source.State.Bytes>>20, limit>>20)
		}
		j.limit = limits[j.name]
	}
	if len(foreign) > 0 {
		return nil, fmt.Errorf("the destination has streams in use: %s; delete them there if they may go, or leave them out with --skip", strings.Join(foreign, ", "))
	}
	return jobs, nil
}

// limitsOf are the streams' bounds at the destination, in bytes. The source's may be
// more than the destination has.
func limitsOf(o topology.Options) map[string]int64 {
	limits := map[string]int64{}
	for _, s := range topology.Streams(o) {
		limits[s.Name] = s.MaxBytes
	}
	for _, b := range topology.Buckets(o) {
		limits["KV_"+b.Bucket] = b.MaxBytes
	}
	return limits
}

// look returns what is known of a stream; nil if there is none.
func look(ctx context.Context, b *bus.Bus, name string) (*jetstream.StreamInfo, error) {
	stream, err := b.JS.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", name, err)
	}
	return stream.CachedInfo(), nil
}

// look decides by what the destination has what is to be done. used says why nothing
// can be.
func (j *job) look(ctx context.Context, to *bus.Bus) (used string, err error) {
	have, err := look(ctx, to, j.name)
	if err != nil || have == nil {
		return "", err
	}
	copied := have.Config.Metadata[markKey]
	created, last, _ := strings.Cut(copied, " ")
	switch {
	case copied == mark(j.source) && (have.State.LastSeq == j.source.State.LastSeq || j.source.Config.AllowMsgSchedules):
		j.done = true
		return "", nil
	case have.State.LastSeq == 0:
	case created == j.source.Created.UTC().Format(time.RFC3339Nano) && last == fmt.Sprint(have.State.LastSeq):
		// A copy of what the source was earlier, which nobody has used.
	case created == j.source.Created.UTC().Format(time.RFC3339Nano) && j.source.Config.AllowMsgSchedules:
		// Schedules fire on both sides by themselves: that is no use.
		unused, err := j.unused(ctx, to)
		if err != nil {
			return "", err
		}
		if !unused {
			return "its messages were taken", nil
		}
	default:
		return fmt.Sprintf("%d messages, the last of %s", have.State.Msgs, have.State.LastTime.UTC().Format(time.DateTime)), nil
	}
	j.replaces = true
	j.consumers, err = consumers(ctx, to, j.name)
	return "", err
}

// unused says whether no stage has taken more than before the copy.
func (j *job) unused(ctx context.Context, to *bus.Bus) (bool, error) {
	have, err := consumers(ctx, to, j.name)
	if err != nil {
		return false, err
	}
	for _, cfg := range have {
		consumer, err := to.JS.Consumer(ctx, j.name, cfg.Durable)
		if err != nil {
			return false, fmt.Errorf("look up consumer %s of %s: %w", cfg.Durable, j.name, err)
		}
		if consumer.CachedInfo().Delivered.Last != nil && consumer.CachedInfo().Delivered.Last.After(consumer.CachedInfo().Created) {
			return false, nil
		}
	}
	return true, nil
}

// consumers are the durable consumers of a stream.
func consumers(ctx context.Context, b *bus.Bus, name string) ([]jetstream.ConsumerConfig, error) {
	stream, err := b.JS.Stream(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", name, err)
	}
	var found []jetstream.ConsumerConfig
	list := stream.ListConsumers(ctx)
	for info := range list.Info() {
		if info.Config.Durable != "" {
			found = append(found, info.Config)
		}
	}
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("list the consumers of %s: %w", name, err)
	}
	return found, nil
}

func (j *job) run(ctx context.Context, from, to *bus.Bus, o Options) error {
	size := fmt.Sprintf("%-14s %d messages, %d KiB", j.name, j.source.State.Msgs, j.source.State.Bytes>>10)
	switch {
	case j.done:
		o.Tell(size + ": there already")
		return nil
	case o.DryRun && j.replaces:
		o.Tell(size + ": to copy, in place of what is there unused")
		return nil
	case o.DryRun:
		o.Tell(size + ": to copy")
		return nil
	}
	if j.replaces {
		if err := to.JS.DeleteStream(ctx, j.name); err != nil {
			return fmt.Errorf("make room for %s: %w", j.name, err)
		}
	}
	begun := time.Now()
	err := transfer(ctx, from, to, j.source.Config, func(config map[string]any) {
		metadata, ok := config["metadata"].(map[string]any)
		if !ok {
			metadata = map[string]any{}
		}
		metadata[markKey] = mark(j.source)
		config["metadata"] = metadata
		config["num_replicas"] = max(1, o.Topology.Replicas)
		if j.limit > 0 {
			config["max_bytes"] = j.limit
		}
		// Where the source places streams says nothing of the destination.
		delete(config, "placement")
	})
	if err != nil {
		return err
	}
	for _, cfg := range j.consumers {
		_, err := to.JS.CreateConsumer(ctx, j.name, cfg)
		if err != nil && !errors.Is(err, jetstream.ErrConsumerExists) {
			return fmt.Errorf("make consumer %s of %s again: %w", cfg.Durable, j.name, err)
		}
	}
	o.Tell(fmt.Sprintf("%s: copied in %s", size, time.Since(begun).Round(time.Millisecond)))
	return nil
}

// Times for which consumers are watched for somebody who pulls: longer than a stage's
// pause between two pulls, and after how long it is looked again.
const (
	restWatch = 2 * time.Second
	restStep  = 50 * time.Millisecond
)

// atRest returns an error if stages run.
func atRest(ctx context.Context, b *bus.Bus, side string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ticker := time.NewTicker(restStep)
	defer ticker.Stop()
	for deadline := time.Now().Add(restWatch); ; {
		found := false
		for _, s := range topology.Stages() {
			consumer, err := b.JS.Consumer(ctx, s.Stream, s.Name)
			if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
				continue
			}
			if err != nil {
				return fmt.Errorf("look whether %s runs at %s: %w", s.Name, side, err)
			}
			found = true
			if consumer.CachedInfo().NumWaiting > 0 {
				return fmt.Errorf("stage %s runs at %s: stop the services there first (they finish what they have in hand)%s", s.Name, side,
					map[bool]string{true: ", or go on all the same with --running: what they do meanwhile may be missed"}[side == "the source"])
			}
		}
		if !found || time.Now().After(deadline) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}
