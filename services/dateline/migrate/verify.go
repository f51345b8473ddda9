package migrate

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/pkg/bus"
)

// verify compares both sides, stream by stream, and tells of each.
func verify(ctx context.Context, from, to *bus.Bus, jobs []*job, o Options) error {
	var wrong []string
	for _, j := range jobs {
		if err := awaitCopies(ctx, to, j.name); err != nil {
			return err
		}
		report, err := compare(ctx, from, to, j.name, o.Quick)
		if err != nil {
			return fmt.Errorf("compare %s: %w", j.name, err)
		}
		if report.difference != "" {
			wrong = append(wrong, j.name+": "+report.difference)
			continue
		}
		o.Tell(fmt.Sprintf("%-14s %s", j.name, report.same))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the two sides differ:\n  %s\nrun it again with nobody publishing at the source", strings.Join(wrong, "\n  "))
	}
	return nil
}

const (
	copiesTimeout = 5 * time.Minute
	copiesStep    = 100 * time.Millisecond
)

// awaitCopies waits until every server that has a copy of the stream has all of it.
func awaitCopies(ctx context.Context, b *bus.Bus, name string) error {
	ctx, cancel := context.WithTimeout(ctx, copiesTimeout)
	defer cancel()
	ticker := time.NewTicker(copiesStep)
	defer ticker.Stop()
	for {
		info, err := look(ctx, b, name)
		if err == nil && info != nil && complete(info) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for all copies of %s: %w", name, errors.Join(ctx.Err(), err))
		case <-ticker.C:
		}
	}
}

func complete(info *jetstream.StreamInfo) bool {
	if info.Cluster == nil {
		return true
	}
	for _, r := range info.Cluster.Replicas {
		if !r.Current || r.Lag > 0 || r.Offline {
			return false
		}
	}
	return info.Cluster.Leader != "" && len(info.Cluster.Replicas) == max(1, info.Config.Replicas)-1
}

// report is the outcome of one comparison: what is the same, or what is not.
type report struct{ same, difference string }

func compare(ctx context.Context, from, to *bus.Bus, name string, quick bool) (report, error) {
	source, err := from.JS.Stream(ctx, name)
	if err != nil {
		return report{}, fmt.Errorf("at the source: %w", err)
	}
	target, err := to.JS.Stream(ctx, name)
	if err != nil {
		return report{}, fmt.Errorf("at the destination: %w", err)
	}
	if source.CachedInfo().Config.AllowMsgSchedules {
		return compareIDs(ctx, source, target)
	}
	queue := source.CachedInfo().Config.Retention == jetstream.WorkQueuePolicy
	if d, err := compareConsumers(ctx, from, to, name, queue); err != nil || d != "" {
		return report{difference: d}, err
	}
	a, b := source.CachedInfo().State, target.CachedInfo().State
	if a.LastSeq != b.LastSeq {
		return report{difference: fmt.Sprintf("the last message is %d at the source and %d at the destination", a.LastSeq, b.LastSeq)}, nil
	}
	if quick {
		// Messages expire on both sides, each in its own time.
		if a.FirstSeq == b.FirstSeq && a.Msgs != b.Msgs {
			return report{difference: fmt.Sprintf("%d messages at the source and %d at the destination", a.Msgs, b.Msgs)}, nil
		}
		return report{same: fmt.Sprintf("%d messages (counted)", b.Msgs)}, nil
	}
	return compareMessages(ctx, source, target, max(a.FirstSeq, b.FirstSeq))
}

// compareMessages reads both sides, from a sequence on, side by side.
func compareMessages(ctx context.Context, source, target jetstream.Stream, first uint64) (report, error) {
	var a, b digest
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { a, err = digestOf(ctx, source, first); return err })
	group.Go(func() (err error) { b, err = digestOf(ctx, target, first); return err })
	if err := group.Wait(); err != nil {
		return report{}, err
	}
	if a != b {
		return report{difference: fmt.Sprintf("%d messages with checksum %x at the source, %d with %x at the destination", a.count, a.sum[:4], b.count, b.sum[:4])}, nil
	}
	return report{same: fmt.Sprintf("%d messages, checksum %x", a.count, a.sum[:4])}, nil
}

// digest is a checksum over messages.
type digest struct {
	count uint64
	sum   [sha256.Size]byte
}

func digestOf(ctx context.Context, stream jetstream.Stream, first uint64) (digest, error) {
	var d digest
	h := sha256.New()
	for seq := max(1, first); ; d.count++ {
		msg, err := stream.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			h.Sum(d.sum[:0])
			return d, nil
		}
		if err != nil {
			return d, fmt.Errorf("read message %d: %w", seq, err)
		}
		hashMessage(h, msg)
		seq = msg.Sequence + 1
	}
}

func hashMessage(h hash.Hash, msg *jetstream.RawStreamMsg) {
	field := func(data []byte) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(data)))
		h.Write(size[:])
		h.Write(data)
	}
	field([]byte(fmt.Sprintf("%d %d", msg.Sequence, msg.Time.UnixNano())))
	field([]byte(msg.Subject))
	for _, name := range slices.Sorted(maps.Keys(msg.Header)) {
		// What a look-up by itself adds to a message.
		if strings.HasPrefix(name, "Nats-Stream") || strings.HasPrefix(name, "Nats-Sequence") || name == "Nats-Subject" || name == "Nats-Time-Stamp" || name == "Nats-Num-Pending" {
			continue
		}
		field([]byte(name + ": " + strings.Join(msg.Header[name], ", ")))
	}
	field(msg.Data)
}

// compareIDs compares streams of schedules, whose messages change their subjects by
// themselves when they are due: by whom they are for.
func compareIDs(ctx context.Context, source, target jetstream.Stream) (report, error) {
	a, err := ids(ctx, source)
	if err != nil {
		return report{}, err
	}
	b, err := ids(ctx, target)
	if err != nil {
		return report{}, err
	}
	if !maps.Equal(a, b) {
		return report{difference: fmt.Sprintf("%d schedules at the source and %d, or others, at the destination", len(a), len(b))}, nil
	}
	return report{same: fmt.Sprintf("%d schedules, the same", len(a))}, nil
}

// ids are the subjects of a stream without the two tokens that say whether their
// messages wait or are due.
func ids(ctx context.Context, stream jetstream.Stream) (map[string]struct{}, error) {
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(">"))
	if err != nil {
		return nil, fmt.Errorf("list the subjects: %w", err)
	}
	found := make(map[string]struct{}, len(info.State.Subjects))
	for subject := range info.State.Subjects {
		found[strings.Join(strings.Split(subject, ".")[2:], ".")] = struct{}{}
	}
	return found, nil
}

// compareConsumers compares what the durable consumers have done, and what is left to
// them; of a work queue, what is left only: its consumers begin anew.
func compareConsumers(ctx context.Context, from, to *bus.Bus, name string, queue bool) (difference string, err error) {
	durables, err := consumers(ctx, from, name)
	if err != nil {
		return "", err
	}
	for _, cfg := range durables {
		a, err := from.JS.Consumer(ctx, name, cfg.Durable)
		if err != nil {
			return "", fmt.Errorf("consumer %s at the source: %w", cfg.Durable, err)
		}
		b, err := to.JS.Consumer(ctx, name, cfg.Durable)
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			return "consumer " + cfg.Durable + " is missing", nil
		}
		if err != nil {
			return "", fmt.Errorf("consumer %s at the destination: %w", cfg.Durable, err)
		}
		left := func(i *jetstream.ConsumerInfo) uint64 { return i.NumPending + uint64(i.NumAckPending) }
		if x, y := a.CachedInfo(), b.CachedInfo(); !queue && x.AckFloor.Stream != y.AckFloor.Stream || left(x) != left(y) {
			return fmt.Sprintf("consumer %s has done all to %d, %d left, at the source, and to %d, %d left, at the destination",
				cfg.Durable, x.AckFloor.Stream, left(x), y.AckFloor.Stream, left(y)), nil
		}
	}
	return "", nil
}
