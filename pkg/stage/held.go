package stage

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// heldMessages are the messages in hand. The server hears of each in turn, so
// that it does not deliver it elsewhere while it is worked on.
type heldMessages struct {
	mu  sync.Mutex
	set map[*heldMessage]struct{}
}

type heldMessage struct {
	msg  jetstream.Msg
	told time.Time
	over atomic.Bool
	// counted says that its outcome is in the books; the ledger's lock guards it.
	counted bool
}

// settle says whether the caller is the one to tell the server the message's
// outcome, which only one may: a handler that outlives the stop comes too late.
func (m *heldMessage) settle() bool { return m.over.CompareAndSwap(false, true) }

func (h *heldMessages) add(msg jetstream.Msg) *heldMessage {
	m := &heldMessage{msg: msg, told: time.Now()}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.set == nil {
		h.set = make(map[*heldMessage]struct{})
	}
	h.set[m] = struct{}{}
	return m
}

func (h *heldMessages) remove(m *heldMessage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.set, m)
}

// unsettled returns the messages that have no outcome yet.
func (h *heldMessages) unsettled() []*heldMessage {
	h.mu.Lock()
	defer h.mu.Unlock()
	var open []*heldMessage
	for m := range h.set {
		if !m.over.Load() {
			open = append(open, m)
		}
	}
	return open
}

// keepAlive tells the server of every message that is held for longer than
// every, until ctx ends. A sign that cannot be sent is no error: the message is
// then delivered again, which is safe.
func (h *heldMessages) keepAlive(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every / 4)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			for _, msg := range h.due(now, every) {
				_ = msg.InProgress()
			}
		}
	}
}

func (h *heldMessages) due(now time.Time, every time.Duration) []jetstream.Msg {
	h.mu.Lock()
	defer h.mu.Unlock()
	var due []jetstream.Msg
	for m := range h.set {
		if now.Sub(m.told) >= every && !m.over.Load() {
			m.told = now
			due = append(due, m.msg)
		}
	}
	return due
}
