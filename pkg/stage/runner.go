package stage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/topology"
)

// Runner runs a handler over the messages of a stage.
type Runner[In any] struct {
	spec    topology.Stage
	decode  Decoder[In]
	fn      Func[In]
	s       Settings
	log     *zap.Logger
	tracer  trace.Tracer
	free    chan struct{}
	workers chan struct{}
	stopped <-chan struct{}
	account *account
	held    heldMessages
	outputs outputs
	paused  atomic.Bool
	state   atomic.Pointer[error]
}

// NewRunner makes a runner of a handler.
func NewRunner[In any](spec topology.Stage, decode Decoder[In], fn Func[In], s Settings) (*Runner[In], error) {
	s, err := s.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("stage %s: %w", spec.Name, err)
	}
	if spec.Name == "" || spec.Stream == "" || spec.AckWait <= 0 {
		return nil, fmt.Errorf("stage %q needs a name, a stream and an ack wait", spec.Name)
	}
	r := &Runner[In]{
		spec: spec, decode: decode, fn: fn, s: s,
		log:     s.Log.With(zap.String("stage", spec.Name)),
		tracer:  s.Tracer.Tracer("github.com/dateline-news/dateline/pkg/stage"),
		free:    make(chan struct{}, s.MaxInFlight),
		workers: make(chan struct{}, s.Workers),
	}
	for range s.MaxInFlight {
		r.free <- struct{}{}
	}
	starting := errors.New("starting")
	r.state.Store(&starting)
	r.account = s.Metrics.ledger.open(spec.Name)
	if r.mayPause() {
		s.Metrics.paused.WithLabelValues(spec.Name)
	}
	return r, nil
}

// Name is the stage's name.
func (r *Runner[In]) Name() string { return r.spec.Name }

// Ready returns an error while the stage does not get messages.
func (r *Runner[In]) Ready() error {
	if err := r.state.Load(); err != nil {
		return *err
	}
	return nil
}

// Times of the pull loop.
const (
	// pullWait bounds one pull request, and so the time that a stop waits for it:
	// a request that is called off may lose messages until their ack wait is over.
	pullWait = 250 * time.Millisecond
	// giveBackWait keeps what a stopping process gives back from coming to it once
	// more with its last pull.
	giveBackWait = 2 * pullWait
	// bindTimeout is short, since a question to a server that goes down has no
	// answer.
	bindTimeout = 2 * time.Second
	// rebindWait is the first wait after the consumer could not be reached.
	rebindWait = 100 * time.Millisecond
	rebindMax  = 5 * time.Second
	// abandonWait is how long handlers may take to notice that their context ended.
	abandonWait = 2 * time.Second
	// watchEvery is the distance of looks at the backlog.
	watchEvery = 2 * time.Second
)

// Run pulls and handles messages until ctx ends, then finishes what is in hand,
// for at most Settings.Drain, and gives back the rest. It outlives lost
// connections, restarts of the server and a deleted consumer. It returns an
// error where the connection was closed for good, and where handlers went on
// when their context had ended: those are left behind. A runner runs once.
func (r *Runner[In]) Run(ctx context.Context) error {
	// Handlers outlive ctx: what is in hand is finished.
	work, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	r.stopped = ctx.Done()

	var background, inHand sync.WaitGroup
	background.Go(func() { r.held.keepAlive(work, r.spec.AckWait/3) })
	background.Go(func() { r.watch(work) })

	err := r.pull(ctx, work, &inHand)
	if err != nil {
		abort()
	}
	err = errors.Join(err, r.drain(&inHand, abort))
	background.Wait()
	if err != nil {
		return fmt.Errorf("stage %s: %w", r.spec.Name, err)
	}
	return nil
}

// drain waits for the work in hand, and aborts what takes too long.
func (r *Runner[In]) drain(inHand *sync.WaitGroup, abort context.CancelFunc) error {
	defer abort()
	done := make(chan struct{})
	go func() { inHand.Wait(); close(done) }()
	if waitFor(done, r.s.Drain) {
		return nil
	}
	r.log.Warn("work in hand did not end in time, giving it back", zap.Duration("drain", r.s.Drain))
	abort()
	if waitFor(done, abandonWait) {
		return nil
	}
	left := r.held.unsettled()
	for _, held := range left {
		r.giveBack(&delivery{held: held, msg: held.msg, log: r.log, span: trace.SpanFromContext(context.Background())})
	}
	return fmt.Errorf("%d handlers did not end when their context did", len(left))
}

func waitFor(done <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}

// pull binds to the consumer and pulls until ctx ends. It returns an error only
// if the connection was closed for good.
func (r *Runner[In]) pull(ctx, work context.Context, inHand *sync.WaitGroup) error {
	wait := rebindWait
	for ctx.Err() == nil {
		consumer, err := r.bind(ctx)
		if err == nil {
			r.state.Store(nil)
			var worked bool
			worked, err = r.pullFrom(ctx, work, consumer, inHand)
			if worked {
				wait = rebindWait
			}
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		r.state.Store(&err)
		if errors.Is(err, nats.ErrConnectionClosed) {
			return err
		}
		r.log.Warn("cannot get messages, trying again", zap.Error(err), zap.Duration("wait", wait))
		sleep(ctx, wait)
		wait = min(2*wait, rebindMax)
	}
	return nil
}

// bind finds the stage's consumer, and makes it again if it is gone and this
// process may.
func (r *Runner[In]) bind(ctx context.Context) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, bindTimeout)
	defer cancel()
	consumer, err := r.s.Bus.JS.Consumer(ctx, r.spec.Stream, r.spec.Name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) && r.s.Topology != nil {
		if err := topology.EnsureConsumer(ctx, r.s.Bus.JS, r.spec, *r.s.Topology); err != nil {
			return nil, err
		}
		consumer, err = r.s.Bus.JS.Consumer(ctx, r.spec.Stream, r.spec.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("bind to consumer %s of %s: %w", r.spec.Name, r.spec.Stream, err)
	}
	return consumer, nil
}

// pullFrom pulls until ctx ends or the consumer fails, and says whether any pull
// succeeded. Every pull asks for as many messages as there are free places, so
// that none waits unseen in a buffer of the client while the server's clock runs.
func (r *Runner[In]) pullFrom(ctx, work context.Context, consumer jetstream.Consumer, inHand *sync.WaitGroup) (worked bool, err error) {
	for ctx.Err() == nil {
		if r.paused.Load() {
			sleep(ctx, watchEvery/4)
			continue
		}
		n := r.takeFree(ctx)
		if n == 0 {
			return worked, nil
		}
		batch, err := consumer.Fetch(n, jetstream.FetchMaxWait(pullWait))
		if err != nil {
			r.giveFree(n)
			return worked, fmt.Errorf("pull: %w", err)
		}
		got := 0
		for msg := range batch.Messages() {
			got++
			held := r.held.add(msg)
			inHand.Go(func() {
				defer r.giveFree(1)
				defer r.held.remove(held)
				r.handle(work, held)
			})
		}
		r.giveFree(n - got)
		if err := batch.Error(); err != nil {
			return worked, fmt.Errorf("pull: %w", err)
		}
		worked = true
	}
	return worked, nil
}

// takeFree waits for a free place and returns how many it took; 0 if ctx ended.
func (r *Runner[In]) takeFree(ctx context.Context) int {
	select {
	case <-ctx.Done():
		return 0
	case <-r.free:
	}
	for n := 1; ; n++ {
		select {
		case <-r.free:
		default:
			return n
		}
	}
}

func (r *Runner[In]) giveFree(n int) {
	for range n {
		r.free <- struct{}{}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
