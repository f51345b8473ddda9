package watch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/query"
)

// HeaderWatch names the standing search that an alert is of.
const HeaderWatch = "Dateline-Watch"

// retry is the pause after the list could not be followed.
const retry = time.Second

// Build makes the stage that puts events to the standing searches. It reads events by a
// durable consumer, so that replicas share them, and each follows the list.
func Build(ctx context.Context, env worker.Env) (worker.Stage, error) {
	s, _, err := build(ctx, env)
	return s, err
}

func build(ctx context.Context, env worker.Env) (worker.Stage, *watcher, error) {
	store, err := Open(ctx, env.Bus)
	if err != nil {
		return nil, nil, err
	}
	w := newWatcher(store, env.Log.With(zap.String("stage", topology.Alerts.Name)))
	runner, err := stage.NewRunner(topology.Alerts, stage.AsIs, w.handle, env.Settings)
	if err != nil {
		return nil, nil, err
	}
	return worker.Beside(runner, w.follow), w, nil
}

// watcher holds the standing searches as they are now.
type watcher struct {
	store *Store
	log   *zap.Logger
	// queries are replaced, never changed.
	queries atomic.Pointer[map[string]*query.Query]
	// known is closed when the list was read for the first time.
	known chan struct{}
}

func newWatcher(store *Store, log *zap.Logger) *watcher {
	return &watcher{store: store, log: log, known: make(chan struct{})}
}

// follow keeps the searches up to date until ctx ends.
func (w *watcher) follow(ctx context.Context) {
	for {
		err := w.followOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		w.log.Warn("cannot follow the watches, trying again", zap.Error(err))
		select {
		case <-ctx.Done():
			return
		case <-time.After(retry):
		}
	}
}

func (w *watcher) followOnce(ctx context.Context) error {
	queries, complete := make(map[string]*query.Query), false
	publish := func() {
		now := maps.Clone(queries)
		w.queries.Store(&now)
	}
	return w.store.store.Follow(ctx, func(e bus.Entry[*datelinev1.Watch]) error {
		delete(queries, e.Key)
		if e.Message != nil {
			q, err := query.Parse(e.Message.GetQuery())
			if err != nil {
				w.log.Warn("watch left out", zap.String("watch", e.Key), zap.Error(err))
			} else {
				queries[e.Key] = q
			}
		}
		if complete {
			publish()
		}
		return nil
	}, func() error {
		complete = true
		publish()
		select {
		case <-w.known:
		default:
			close(w.known)
		}
		return nil
	})
}

// ReasonReplay is why an event is put to no standing search: it is a replay of one that
// was, and the run does not ask for alerts.
const ReasonReplay = "replay"

// handle puts one event to all standing searches. One that cannot be read is nobody's
// alert; those who consume events see it as it is.
func (w *watcher) handle(ctx context.Context, raw stage.Raw) ([]stage.Out, error) {
	if replay := stage.DeliveryFrom(ctx).Replay; replay.Run != "" && !replay.Alerts {
		return nil, stage.Skip(ReasonReplay)
	}
	select {
	case <-w.known:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the list of watches: %w", ctx.Err())
	}
	queries := *w.queries.Load()
	if len(queries) == 0 {
		return nil, nil
	}
	article, err := stage.Decode[datelinev1.Article](raw)
	if err != nil || article.GetId() == "" {
		return nil, stage.Drop("unreadable")
	}
	prepared := query.For(article)
	var outs []stage.Out
	for _, name := range slices.Sorted(maps.Keys(queries)) {
		if !queries[name].Matches(prepared) {
			continue
		}
		out := stage.Out{
			Subject: topology.Alert(name, article.GetId()),
			ID:      stage.ID(article.GetId(), article.GetRevision(), topology.Alerts.Name) + ":" + name,
			Message: article, Format: formatOf(raw), Header: headersOf(raw, name),
		}
		if !topology.ValidSubject(out.Subject) {
			return nil, stage.Drop("unreadable")
		}
		outs = append(outs, out)
	}
	return outs, nil
}

// formatOf writes an alert as its event was written.
func formatOf(raw stage.Raw) bus.Format {
	if strings.HasPrefix(raw.Header.Get(bus.HeaderContentType), "application/json") {
		return bus.JSON
	}
	return bus.Protobuf
}

// headersOf are the event's attributes, and whose alert it is.
func headersOf(raw stage.Raw, name string) map[string]string {
	header := map[string]string{HeaderWatch: name}
	for key, values := range raw.Header {
		if (strings.HasPrefix(key, "ce-") || key == stage.HeaderArticle) && len(values) > 0 {
			header[key] = values[0]
		}
	}
	return header
}
