package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"
)

// Last reads the last message of a stream on a subject, or on those of a filter, into m, and
// returns its sequence; 0 if there is none, or its stored payload is gone.
func (b *Bus) Last(ctx context.Context, stream jetstream.Stream, subject string, m proto.Message) (uint64, error) {
	msg, err := Ask(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return stream.GetLastMsgForSubject(ctx, subject)
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look up %s: %w", subject, err)
	}
	data, err := b.Payload(ctx, msg.Header, msg.Data)
	if errors.Is(err, ErrLost) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := Decode(msg.Header, data, m); err != nil {
		return 0, fmt.Errorf("look up %s: %w", subject, err)
	}
	return msg.Sequence, nil
}
