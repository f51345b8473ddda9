// Package quarantine reads what the stages gave up on, and sends it back or
// drops it.
package quarantine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Quarantine is the stream of quarantined messages.
type Quarantine struct {
	bus    *bus.Bus
	stream jetstream.Stream
}

// HeaderOrigin names the message that a retried one was before its quarantine:
// its stream and its sequence there. Who tells messages apart by these knows it
// again by this header.
const HeaderOrigin = "Dateline-Origin"

// Origin is the value of HeaderOrigin.
func Origin(stream string, sequence uint64) string { return fmt.Sprintf("%s/%d", stream, sequence) }

// Message is a quarantined message with its place in the stream.
type Message struct {
	*datelinev1.Quarantined
	sequence uint64
}

// ErrUnknown means that no quarantined message has the id.
var ErrUnknown = errors.New("no such message in quarantine")

// Open opens the quarantine.
func Open(ctx context.Context, b *bus.Bus) (*Quarantine, error) {
	stream, err := b.JS.Stream(ctx, topology.StreamQuarantine)
	if err != nil {
		return nil, fmt.Errorf("open the quarantine: %w", err)
	}
	return &Quarantine{bus: b, stream: stream}, nil
}

// Each calls fn for every message of a stage ("" for all), the oldest first,
// until fn returns an error.
func (q *Quarantine) Each(ctx context.Context, stage string, fn func(Message) error) error {
	filter := "quarantine.*.*"
	if stage != "" {
		filter = topology.QuarantineOf(stage)
	}
	info, err := q.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("read the quarantine: %w", err)
	}
	last := info.State.LastSeq
	for next := uint64(1); next <= last; {
		raw, err := q.stream.GetMsg(ctx, next, jetstream.WithGetMsgSubject(filter))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the quarantine: %w", err)
		}
		m, err := q.decode(ctx, raw)
		if err != nil {
			return err
		}
		if err := fn(m); err != nil {
			return err
		}
		next = raw.Sequence + 1
	}
	return nil
}

// Get returns the message with an id, or ErrUnknown.
func (q *Quarantine) Get(ctx context.Context, id string) (Message, error) {
	raw, err := q.stream.GetMsg(ctx, 1, jetstream.WithGetMsgSubject("quarantine.*."+topology.Token(id)))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Message{}, fmt.Errorf("%q: %w", id, ErrUnknown)
	}
	if err != nil {
		return Message{}, fmt.Errorf("read the quarantine: %w", err)
	}
	return q.decode(ctx, raw)
}

// decode reads an entry. One that cannot be read is a message, too, that says so:
// it must not hide the others, and can be dropped.
func (q *Quarantine) decode(ctx context.Context, raw *jetstream.RawStreamMsg) (Message, error) {
	m := Message{Quarantined: &datelinev1.Quarantined{}, sequence: raw.Sequence}
	data, err := q.bus.Payload(ctx, raw.Header, raw.Data)
	if err == nil {
		err = bus.Decode(raw.Header, data, m.Quarantined)
	} else if !errors.Is(err, bus.ErrLost) && !errors.Is(err, bus.ErrTooLarge) {
		return m, fmt.Errorf("read quarantined message %d: %w", raw.Sequence, err)
	}
	if err != nil {
		tokens := strings.Split(raw.Subject, ".")
		m.Quarantined = &datelinev1.Quarantined{
			Id: tokens[len(tokens)-1], Class: ClassUnreadable, QuarantinedAt: timestamppb.New(raw.Time),
			Error: "this entry of the quarantine cannot be read: " + err.Error(),
		}
	}
	return m, nil
}

// ClassUnreadable is the class of entries that the quarantine itself cannot read.
const ClassUnreadable = "unreadable"

// Retry sends a message back to the stage that gave up on it, and then takes it
// out of quarantine. Its id is a new one, so that it is not refused as the
// duplicate that it is, but always the same, so that a retry that was interrupted
// can be repeated.
func (q *Quarantine) Retry(ctx context.Context, m Message) error {
	if err := checkSubject(m); err != nil {
		return fmt.Errorf("retry %s: %w", m.GetId(), err)
	}
	msg := nats.NewMsg(m.GetSubject())
	msg.Data = m.GetPayload()
	for name, values := range m.GetHeaders() {
		// What the server added belongs to the old message. A stored payload is in
		// this one already.
		if strings.HasPrefix(name, "Nats-") || name == bus.HeaderLarge || name == bus.HeaderReply {
			continue
		}
		msg.Header[name] = values.GetValues()
	}
	if msg.Header.Get(HeaderOrigin) == "" {
		msg.Header.Set(HeaderOrigin, Origin(m.GetStream(), m.GetSequence()))
	}
	msg.Header.Set(jetstream.MsgIDHeader, "retry:"+m.GetId())
	if err := q.bus.SetAside(ctx, msg); err != nil {
		return fmt.Errorf("retry %s: %w", m.GetId(), err)
	}
	if _, err := q.bus.JS.PublishMsg(ctx, msg); err != nil {
		return fmt.Errorf("retry %s on %s: %w", m.GetId(), m.GetSubject(), err)
	}
	return q.Drop(ctx, m)
}

// checkSubject lets a message go back to its own stage only: an entry that
// somebody forged must not become a message of the operator's to anywhere.
func checkSubject(m Message) error {
	for _, s := range topology.Stages() {
		if s.Name != m.GetStage() {
			continue
		}
		if s.Stream == topology.StreamEnriched {
			return fmt.Errorf("stage %s reads events, and sent back this one would come twice to all who read them; it can only be dropped", s.Name)
		}
		for _, filter := range s.Filters {
			prefix, all := strings.CutSuffix(filter, ">")
			if m.GetSubject() == filter || all && strings.HasPrefix(m.GetSubject(), prefix) && topology.ValidSubject(m.GetSubject()) {
				return nil
			}
		}
		return fmt.Errorf("stage %s takes nothing on %.200q", s.Name, m.GetSubject())
	}
	return fmt.Errorf("there is no stage %.80q to send it to; it can only be dropped", m.GetStage())
}

// Drop takes a message out of quarantine for good. One that is gone is no error.
func (q *Quarantine) Drop(ctx context.Context, m Message) error {
	err := q.stream.DeleteMsg(ctx, m.sequence)
	if err == nil {
		return nil
	}
	// The server has one answer for all failures, so look.
	if _, gone := q.stream.GetMsg(ctx, m.sequence); errors.Is(gone, jetstream.ErrMsgNotFound) {
		return nil
	}
	return fmt.Errorf("take %s out of quarantine: %w", m.GetId(), err)
}
