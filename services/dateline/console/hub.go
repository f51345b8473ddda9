package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"
)

const (
	// maxLatest is how many of the latest articles are kept for a new client.
	maxLatest = 50
	// maxClients bounds the pages that look at once.
	maxClients = 16
	// maxWaiting is how many frames may wait for a client before it counts as too
	// slow and is dropped; it comes back by itself and goes on where it was.
	maxWaiting = 128
)

var (
	errCrowded = errors.New("too many pages look at this console; close one")
	errStopped = errors.New("the console is stopping")
)

// hub hands the latest articles and the flow to the clients.
type hub struct {
	// first tells that there is a client after there was none.
	first chan struct{}

	mu      sync.Mutex
	clients map[*subscriber]struct{}
	latest  []article
	// stream identifies the stream that latest is of: sequences of another one
	// mean nothing here.
	stream string
	// flow is the last snapshot, while somebody looks.
	flow    []byte
	stopped bool
	minute  minute
	// recent are the latest articles for searches, the oldest first. What comes before
	// the sequence live is known from the start, for them only, and not sent.
	recent []summary
	live   uint64
}

// subscriber is one client. Its channel is closed when the client is to go.
type subscriber struct{ frames chan []byte }

type article struct {
	sequence uint64
	frame    []byte
}

func newHub() *hub {
	return &hub{first: make(chan struct{}, 1), clients: make(map[*subscriber]struct{})}
}

// subscribe adds a client that has seen the article with sequence last, 0 for
// none, and returns what it has missed.
func (h *hub) subscribe(last uint64) (*subscriber, [][]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stopped:
		return nil, nil, errStopped
	case len(h.clients) >= maxClients:
		return nil, nil, errCrowded
	}
	var missed [][]byte
	if h.stream != "" {
		missed = append(missed, streamFrame(h.stream))
	}
	if last > h.lastSequence() {
		last = 0
	}
	for _, a := range h.latest {
		if a.sequence > last {
			missed = append(missed, a.frame)
		}
	}
	if h.flow != nil {
		missed = append(missed, h.flow)
	}
	s := &subscriber{frames: make(chan []byte, maxWaiting)}
	h.clients[s] = struct{}{}
	if len(h.clients) == 1 {
		select {
		case h.first <- struct{}{}:
		default:
		}
	}
	return s, missed, nil
}

func (h *hub) unsubscribe(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(s)
}

// drop needs the lock.
func (h *hub) drop(s *subscriber) {
	if _, ok := h.clients[s]; ok {
		delete(h.clients, s)
		close(s.frames)
	}
	if len(h.clients) == 0 {
		h.flow = nil
	}
}

// watched says whether there is a client.
func (h *hub) watched() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.clients) > 0
}

// measured sends a snapshot of the flow to all, and keeps it for who comes next.
func (h *hub) measured(f []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.send(f)
	if len(h.clients) > 0 {
		h.flow = f
	}
}

// send needs the lock.
func (h *hub) send(f []byte) {
	for s := range h.clients {
		select {
		case s.frames <- f:
		default:
			h.drop(s)
		}
	}
}

// begin says which stream the next articles are of, and from which sequence on they
// are news, and returns the sequence of the last that is known of it, 0 for none.
func (h *hub) begin(stream string, live uint64) uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stream != stream {
		h.stream, h.latest, h.recent, h.live = stream, nil, nil, live
		h.send(streamFrame(stream))
	}
	return h.lastSequence()
}

// add keeps an article among the latest and sends it to all.
func (h *hub) add(s summary) {
	sequence, f := s.Sequence, frame("article", s.Sequence, s)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.minute.add(s.At)
	if len(h.recent) == maxRecent {
		// In bulk, so that it is not copied for each.
		h.recent = append(h.recent[:0], h.recent[maxRecent/4:]...)
	}
	h.recent = append(h.recent, s)
	if sequence < h.live {
		return
	}
	if len(h.latest) == maxLatest {
		copy(h.latest, h.latest[1:])
		h.latest = h.latest[:maxLatest-1]
	}
	h.latest = append(h.latest, article{sequence, f})
	h.send(f)
}

// lastMinute counts the articles that were stored within the minute before now.
func (h *hub) lastMinute(now time.Time) uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.minute.count(now)
}

// lastSequence needs the lock.
func (h *hub) lastSequence() uint64 {
	if len(h.recent) == 0 {
		return 0
	}
	return h.recent[len(h.recent)-1].Sequence
}

// close sends all clients away and lets none in any more.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	for s := range h.clients {
		h.drop(s)
	}
}

func streamFrame(stream string) []byte {
	return frame("stream", 0, map[string]string{"id": stream})
}

// frame writes one server-sent event. An id of 0 is none: the client's last
// event id stays what it was.
func frame(event string, id uint64, value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		// A number that JSON does not know is the only way here.
		event, data = "unreadable", []byte("{}")
	}
	var b bytes.Buffer
	if id > 0 {
		b.WriteString("id: " + strconv.FormatUint(id, 10) + "\n")
	}
	b.WriteString("event: " + event + "\ndata: ")
	b.Write(data)
	b.WriteString("\n\n")
	return b.Bytes()
}

// minute counts what happened in each of the last sixty seconds.
type minute [60]struct {
	second int64
	count  uint64
}

func (m *minute) add(at time.Time) {
	slot := &m[uint64(at.Unix())%uint64(len(m))]
	if slot.second != at.Unix() {
		slot.second, slot.count = at.Unix(), 0
	}
	slot.count++
}

func (m *minute) count(now time.Time) uint64 {
	var n uint64
	for _, slot := range m {
		if age := now.Unix() - slot.second; age >= 0 && age < int64(len(m)) {
			n += slot.count
		}
	}
	return n
}
