package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

func newDoctor() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check connection, server, store, clock, streams, stages, backlog and buckets, and warn of settings that promise less",
		Example: `  dateline doctor
  dateline doctor --disk dateline-data/nats --monitor http://127.0.0.1:8222
  dateline doctor --nats-url nats://nats.example.org:4222 --nats-creds dateline.creds`,
		Args: noArgs,
	}
	d := &doctor{}
	connected(cmd, func(cmd *cobra.Command, b *bus.Bus, _ []string) error {
		d.bus, d.out = b, cmd.OutOrStdout()
		return d.run(cmd.Context())
	})
	cmd.Flags().StringVar(&d.dir, "disk", "", "directory of the streams, where they are on this machine (of 'dateline up': DATA/nats), to look at its disk, too")
	cmd.Flags().StringVar(&d.monitor, "monitor", "", "URL of the server's monitoring, such as http://127.0.0.1:8222, to look at its own settings, too")
	return cmd
}

// doctor runs checks and counts what is wrong.
type doctor struct {
	bus *bus.Bus
	out io.Writer
	// dir and monitor are where the streams are and where the server is asked about
	// itself; empty where that is not known.
	dir, monitor string
	// warnings counts what works and promises less than the documents say.
	warnings int
	// done counts checks, failed those of them that found something.
	done, failed int
	// patience is how long the consumers are waited for; zero before the first.
	patience time.Time
}

// Bounds of what is healthy.
const (
	checkTimeout = 15 * time.Second
	maxSkew      = 2 * time.Second
	fullPercent  = 90
)

func (d *doctor) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	d.connection()
	if !d.server(ctx) {
		// All else would fail for the same reason.
		return errors.New("without JetStream there is nothing else to check")
	}
	d.clock(ctx)
	for _, cfg := range topology.Streams(topology.Options{}) {
		d.stream(ctx, cfg)
	}
	for _, s := range topology.Stages() {
		d.consumer(ctx, s)
	}
	for _, bucket := range topology.Buckets(topology.Options{}) {
		_, err := d.bus.JS.KeyValue(ctx, bucket.Bucket)
		d.check("bucket "+bucket.Bucket, orMissing(err), "present")
	}
	large := topology.LargePayloads(topology.Options{}).Bucket
	_, err := d.bus.JS.ObjectStore(ctx, large)
	d.check("object store "+large, orMissing(err), "present")
	d.promises(ctx)
	switch d.warnings {
	case 0:
	case 1:
		fmt.Fprintln(d.out, "\n1 warning: it works, and promises less than the documents say")
	default:
		fmt.Fprintf(d.out, "\n%d warnings: it works, and promises less than the documents say\n", d.warnings)
	}
	if d.failed > 0 {
		return fmt.Errorf("%d of the %d checks failed", d.failed, d.done)
	}
	return nil
}

// check prints one line.
func (d *doctor) check(what string, err error, fine string) {
	d.done++
	mark, text := "ok  ", fine
	if err != nil {
		d.failed++
		mark, text = "FAIL", err.Error()
	}
	fmt.Fprintf(d.out, "%s  %-28s %s\n", mark, what, text)
}

func (d *doctor) connection() {
	rtt, err := d.bus.Conn.RTT()
	d.check("connection", err, fmt.Sprintf("%s, round trip %s", d.bus.Conn.ConnectedUrlRedacted(), rtt.Round(10*time.Microsecond)))
}

// server looks at JetStream as a whole, and tells whether there is any.
func (d *doctor) server(ctx context.Context) bool {
	info, err := d.bus.JS.AccountInfo(ctx)
	if err == nil && info.API.Level < topology.MinAPILevel {
		err = fmt.Errorf("nats-server %s has JetStream API level %d, need %d: use 2.14 or later",
			d.bus.Conn.ConnectedServerVersion(), info.API.Level, topology.MinAPILevel)
	}
	fine := ""
	if err == nil {
		fine = fmt.Sprintf("nats-server %s, API level %d, %d MiB stored", d.bus.Conn.ConnectedServerVersion(), info.API.Level, info.Store>>20)
	}
	d.check("server", err, fine)
	if info == nil {
		return false
	}
	d.store(info.Tier)
	return true
}

// store looks at the disk that the server grants the account, where it sets a
// bound.
func (d *doctor) store(t jetstream.Tier) {
	if t.Limits.MaxStore <= 0 {
		return
	}
	var err error
	if t.Store*100 > uint64(t.Limits.MaxStore)*fullPercent {
		err = fmt.Errorf("over %d %% of %d MiB are taken; give the account more", fullPercent, t.Limits.MaxStore>>20)
	}
	d.check("store", err, fmt.Sprintf("%d of %d MiB taken", t.Store>>20, t.Limits.MaxStore>>20))
}

// orMissing says what to do about what the server does not have.
func orMissing(err error) error {
	for _, absent := range []error{jetstream.ErrStreamNotFound, jetstream.ErrConsumerNotFound, jetstream.ErrBucketNotFound} {
		if errors.Is(err, absent) {
			return errors.New("missing; start 'dateline up', or run 'dateline setup' as a user who may make streams")
		}
	}
	return err
}

// clock compares this clock with the server's: schedules go by the latter.
func (d *doctor) clock(ctx context.Context) {
	stream, err := d.bus.JS.Stream(ctx, topology.StreamSubmissions)
	if err != nil {
		d.check("clock", fmt.Errorf("no stream to ask for the server's time: %w", orMissing(err)), "")
		return
	}
	before := time.Now()
	info, err := stream.Info(ctx)
	if err != nil {
		d.check("clock", fmt.Errorf("cannot ask for the server's time: %w", err), "")
		return
	}
	skew := info.TimeStamp.Sub(before.Add(time.Since(before) / 2)).Abs()
	if skew > maxSkew {
		err = fmt.Errorf("this clock and the server's differ by %s; set both by NTP", skew.Round(time.Millisecond))
	}
	d.check("clock", err, fmt.Sprintf("within %s of the server's", max(skew.Round(time.Millisecond), time.Millisecond)))
}

func (d *doctor) stream(ctx context.Context, want jetstream.StreamConfig) {
	stream, err := d.bus.JS.Stream(ctx, want.Name)
	fine := ""
	if err = orMissing(err); err == nil {
		info := stream.CachedInfo()
		fine = fmt.Sprintf("%d messages, %d KiB", info.State.Msgs, info.State.Bytes>>10)
		if limit := info.Config.MaxBytes; limit > 0 && info.Config.Discard == jetstream.DiscardNew &&
			info.State.Bytes*100 > uint64(limit)*fullPercent {
			err = fmt.Errorf("over %d %% full: publishers are about to be refused; is the next stage running?", fullPercent)
		}
	}
	d.check("stream "+want.Name, err, fine)
}

func (d *doctor) consumer(ctx context.Context, s topology.Stage) {
	info, err := d.watchConsumer(ctx, s)
	fine := ""
	if err = orMissing(err); err == nil {
		fine = fmt.Sprintf("%d waiting, %d in hand, %d redelivered", info.NumPending, info.NumAckPending, info.NumRedelivered)
		switch {
		case info.NumWaiting == 0 && info.NumAckPending == 0:
			err = fmt.Errorf("nobody pulls (%d messages wait); is the service running?", info.NumPending)
		case info.NumWaiting == 0:
			fine += "; nobody asks for more: its hands are full, or it has gone"
		}
	}
	d.check("stage "+s.Name, err, fine)
}

// pullGap is longer than the time that a stage leaves between two pulls, even
// when it looks for a server that was away.
const pullGap = 6 * time.Second

// watchConsumer looks at a consumer until somebody pulls from it, for at most
// pullGap over all consumers: one look may fall between two pulls.
func (d *doctor) watchConsumer(ctx context.Context, s topology.Stage) (*jetstream.ConsumerInfo, error) {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	if d.patience.IsZero() {
		d.patience = time.Now().Add(pullGap)
	}
	for {
		consumer, err := d.bus.JS.Consumer(ctx, s.Stream, s.Name)
		if err != nil {
			return nil, err
		}
		info := consumer.CachedInfo()
		if info.NumWaiting > 0 || time.Now().After(d.patience) {
			return info, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-again.C:
		}
	}
}
