package console

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
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/shown"
)

const (
	// maxQuarantined is how many quarantined messages are listed, the latest first.
	maxQuarantined = 50
	// maxHeaders is how many messages are looked through for them. Where more
	// than that stand between large gaps, fewer are listed.
	maxHeaders = 1000
	// unusedConsumer is when the server removes a consumer that was left behind.
	unusedConsumer = 10 * time.Second
)

// quarantineList is the latest of what the stages gave up on.
type quarantineList struct {
	Total uint64 `json:"total"`
	// Revision is that of the stream when the list was read; see change.
	Revision string        `json:"revision"`
	Messages []quarantined `json:"messages"`
}

// quarantined is what the page shows of a quarantined message.
type quarantined struct {
	ID      string    `json:"id"`
	Stage   string    `json:"stage"`
	Class   string    `json:"class"`
	Error   string    `json:"error"`
	Attempt uint32    `json:"attempt"`
	Article string    `json:"article,omitempty"`
	Subject string    `json:"subject"`
	Version string    `json:"version,omitempty"`
	At      time.Time `json:"at"`
	Bytes   int       `json:"bytes"`
}

// quarantineReader reads the list, and each message once: they are whole, and so
// may be large. It is not safe for use at once by several.
type quarantineReader struct {
	bus   *bus.Bus
	list  quarantineList
	known map[uint64]quarantined
}

func (q *quarantineReader) read(ctx context.Context) (quarantineList, error) {
	stream, err := q.bus.JS.Stream(ctx, topology.StreamQuarantine)
	if err != nil {
		return quarantineList{}, fmt.Errorf("open the quarantine: %w", err)
	}
	state := stream.CachedInfo().State
	if q.known != nil && revision(state) == q.list.Revision {
		return q.list, nil
	}
	sequences, err := newest(ctx, stream, state)
	if err != nil {
		return quarantineList{}, fmt.Errorf("read the quarantine: %w", err)
	}
	list := quarantineList{Total: state.Msgs, Revision: revision(state), Messages: []quarantined{}}
	known := make(map[uint64]quarantined, len(sequences))
	for _, sequence := range slices.Backward(sequences) {
		m, ok := q.known[sequence]
		if !ok {
			if m, err = q.message(ctx, stream, sequence); errors.Is(err, jetstream.ErrMsgNotFound) {
				continue
			}
			if err != nil {
				return quarantineList{}, fmt.Errorf("read the quarantine: %w", err)
			}
		}
		known[sequence] = m
		list.Messages = append(list.Messages, m)
	}
	q.list, q.known = list, known
	return list, nil
}

// newest returns the sequences of the latest messages, the oldest first. Messages
// that were retried or dropped leave gaps, so the window of sequences grows
// until it holds enough.
func newest(ctx context.Context, stream jetstream.Stream, state jetstream.StreamState) ([]uint64, error) {
	var found []uint64
	for window := uint64(maxQuarantined); state.Msgs > 0; window *= 2 {
		start := max(state.FirstSeq, 1)
		if state.LastSeq >= start+window {
			start = state.LastSeq - window + 1
		}
		sequences, all, err := sequencesFrom(ctx, stream, start)
		if err != nil {
			return nil, err
		}
		if !all {
			break
		}
		found = sequences
		if len(found) >= maxQuarantined || start <= max(state.FirstSeq, 1) {
			break
		}
	}
	return found[max(0, len(found)-maxQuarantined):], nil
}

// sequencesFrom reads the sequences of the messages from start on, without their
// payloads; all is false where they are more than maxHeaders.
func sequencesFrom(ctx context.Context, stream jetstream.Stream, start uint64) (sequences []uint64, all bool, err error) {
	consumer, err := stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: start,
		AckPolicy: jetstream.AckNonePolicy, HeadersOnly: true, MemoryStorage: true,
		InactiveThreshold: unusedConsumer,
	})
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, stream.DeleteConsumer(ctx, consumer.CachedInfo().Name)) }()
	pending := consumer.CachedInfo().NumPending
	if pending > maxHeaders {
		return nil, false, nil
	}
	if pending == 0 {
		return nil, true, nil
	}
	batch, err := consumer.FetchNoWait(int(pending))
	if err != nil {
		return nil, false, err
	}
	for msg := range batch.Messages() {
		meta, err := msg.Metadata()
		if err != nil {
			return nil, false, err
		}
		sequences = append(sequences, meta.Sequence.Stream)
	}
	return sequences, true, batch.Error()
}

func (q *quarantineReader) message(ctx context.Context, stream jetstream.Stream, sequence uint64) (quarantined, error) {
	raw, err := stream.GetMsg(ctx, sequence)
	if err != nil {
		return quarantined{}, err
	}
	m := &datelinev1.Quarantined{}
	if name := raw.Header.Get(bus.HeaderLarge); name != "" {
		// The reason is with the payload, in the object store; that is too much to
		// read for a line of a list.
		m.Error = "the message is too large to be shown here"
	} else if err := bus.Decode(raw.Header, raw.Data, m); err != nil {
		m.Error = "the message cannot be read: " + err.Error()
	}
	if m.GetId() == "" {
		tokens := strings.Split(raw.Subject, ".")
		m.Id, m.Stage = tokens[len(tokens)-1], tokens[min(1, len(tokens)-1)]
	}
	at := raw.Time.UTC()
	if t := shown.Instant(m.GetQuarantinedAt()); t != nil {
		at = *t
	}
	line := quarantinedOf(m)
	line.At = at
	return line, nil
}

// quarantinedOf is a quarantined message for a line of a list.
func quarantinedOf(m *datelinev1.Quarantined) quarantined {
	return quarantined{
		ID:      cut(m.GetId(), maxLine),
		Stage:   cut(m.GetStage(), 40),
		Class:   cut(m.GetClass(), 20),
		Error:   cut(m.GetError(), 2*maxLine),
		Attempt: m.GetAttempt(),
		Article: cut(m.GetArticleId(), maxLine),
		Subject: cut(m.GetSubject(), maxLine),
		Version: cut(m.GetCodeVersion(), 40),
		At:      m.GetQuarantinedAt().AsTime(),
		Bytes:   len(m.GetPayload()),
	}
}
