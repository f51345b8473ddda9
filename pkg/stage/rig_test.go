package stage_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	patience = 20 * time.Second
	step     = 10 * time.Millisecond
)

var topologyOptions = topology.Options{MaxStore: 1 << 30}

// rig is a server, and what a runner needs besides its handler.
type rig struct {
	*testing.T
	bus      *bus.Bus
	registry *prometheus.Registry
	settings stage.Settings
	logs     *observer.ObservedLogs
}

func newRig(t *testing.T) *rig { return rigOn(t, bustest.Start(t)) }

func rigOn(t *testing.T, b *bus.Bus) *rig {
	core, logs := observer.New(zapcore.WarnLevel)
	registry := prometheus.NewRegistry()
	return &rig{T: t, bus: b, registry: registry, logs: logs, settings: stage.Settings{
		Bus: b, Metrics: stage.NewMetrics(registry), Log: zap.New(core), Topology: &topologyOptions,
		MaxAttempts: 3, Backoff: stage.Backoff{Base: time.Millisecond, Max: time.Millisecond},
		Version: "1.2.3", Host: "test-host",
	}}
}

// running is a runner at work.
type running struct {
	stop context.CancelFunc
	done chan struct{}
	err  error
}

// end stops the runner, waits for it, and returns its error.
func (r *running) end() error {
	r.stop()
	<-r.done
	return r.err
}

// run starts a runner and stops it with the test.
func run[In any](r *rig, spec topology.Stage, decode stage.Decoder[In], fn stage.Func[In]) *running {
	r.Helper()
	runner, err := stage.NewRunner(spec, decode, fn, r.settings)
	require.NoError(r, err)
	ctx, cancel := context.WithCancel(context.Background())
	running := &running{stop: cancel, done: make(chan struct{})}
	go func() {
		defer close(running.done)
		running.err = runner.Run(ctx)
	}()
	r.Cleanup(func() { cancel(); <-running.done })
	return running
}

// articles runs a stage of articles at the parser's place.
func articles(r *rig, fn stage.Func[*datelinev1.Article]) *running {
	r.Helper()
	return run(r, topology.Parser, stage.Decode[datelinev1.Article], fn)
}

// feed publishes an article to the parser's place.
func (r *rig) feed(id string) {
	r.Helper()
	msg, err := bus.Encode(topology.ArticleFetched("news.example", id), &datelinev1.Article{Id: id}, bus.Protobuf)
	require.NoError(r, err)
	r.publish(msg)
}

func (r *rig) publish(msg *nats.Msg) *jetstream.PubAck {
	r.Helper()
	ack, err := r.bus.JS.PublishMsg(context.Background(), msg)
	require.NoError(r, err)
	return ack
}

// parsed is what a parser makes of an article.
func parsed(a *datelinev1.Article) stage.Out {
	return stage.Out{Subject: topology.ArticleParsed(a.GetId()), ID: a.GetId() + ":1:parser", Message: a}
}

// outcomes are the counted outcomes, by "outcome" or "outcome/reason".
func (r *rig) outcomes(stageName string) map[string]float64 {
	r.Helper()
	families, err := r.registry.Gather()
	require.NoError(r, err)
	counts := map[string]float64{}
	for _, family := range families {
		if family.GetName() != "dateline_stage_messages_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			key := labels["outcome"]
			if labels["reason"] != "" {
				key += "/" + labels["reason"]
			}
			if labels["stage"] == stageName && m.GetCounter().GetValue() > 0 {
				counts[key] = m.GetCounter().GetValue()
			}
		}
	}
	return counts
}

func (r *rig) eventually(condition func() bool, message string, args ...any) {
	r.Helper()
	require.Eventually(r, condition, patience, step, append([]any{message}, args...)...)
}

// settled waits until the stage has nothing more to do, and checks that each
// delivery had its outcome, once.
func (r *rig) settled(spec topology.Stage, want map[string]float64) {
	r.Helper()
	total := func(m map[string]float64) (sum float64) {
		for _, n := range m {
			sum += n
		}
		return sum
	}
	r.eventually(func() bool {
		info := r.consumer(spec)
		return info.NumPending == 0 && info.NumAckPending == 0 && total(r.outcomes(spec.Name)) >= total(want)
	}, "the stage settles everything")
	require.Equal(r, want, r.outcomes(spec.Name))
	received, inFlight := r.books(spec.Name)
	require.Equal(r, received, total(want)+inFlight, "the books close at every scrape")
}

// books are the deliveries that a stage has received, and those in flight.
func (r *rig) books(stageName string) (received, inFlight float64) {
	r.Helper()
	families, err := r.registry.Gather()
	require.NoError(r, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			switch {
			case len(m.GetLabel()) != 1 || m.GetLabel()[0].GetValue() != stageName:
			case f.GetName() == "dateline_stage_received_total":
				received = m.GetCounter().GetValue()
			case f.GetName() == "dateline_stage_in_flight":
				inFlight = m.GetGauge().GetValue()
			}
		}
	}
	return received, inFlight
}

func (r *rig) consumer(spec topology.Stage) *jetstream.ConsumerInfo {
	r.Helper()
	c, err := r.bus.JS.Consumer(context.Background(), spec.Stream, spec.Name)
	require.NoError(r, err)
	return c.CachedInfo()
}

func (r *rig) stream(name string) jetstream.Stream {
	r.Helper()
	s, err := r.bus.JS.Stream(context.Background(), name)
	require.NoError(r, err)
	return s
}

// count is how many messages a stream holds.
func (r *rig) count(name string) int {
	r.Helper()
	return int(r.stream(name).CachedInfo().State.Msgs)
}

// last returns the newest message on a subject.
func (r *rig) last(stream, subject string) *jetstream.RawStreamMsg {
	r.Helper()
	msg, err := r.stream(stream).GetLastMsgForSubject(context.Background(), subject)
	require.NoError(r, err)
	return msg
}

// quarantined returns the only message in quarantine.
func (r *rig) quarantined() *datelinev1.Quarantined {
	r.Helper()
	require.Equal(r, 1, r.count(topology.StreamQuarantine))
	msg := r.last(topology.StreamQuarantine, "quarantine.>")
	data, err := r.bus.Payload(context.Background(), msg.Header, msg.Data)
	require.NoError(r, err)
	q := &datelinev1.Quarantined{}
	require.NoError(r, bus.Decode(msg.Header, data, q))
	require.Equal(r, topology.Quarantine(q.GetStage(), q.GetId()), msg.Subject)
	return q
}

// logged says whether a warning with this text was logged.
func (r *rig) logged(text string) bool { return r.logs.FilterMessage(text).Len() > 0 }
