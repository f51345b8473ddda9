package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
)

const (
	// chunkSize is below every server's max_payload, in bytes.
	chunkSize = 256 << 10
	// chunkWait bounds the wait for one chunk, and for the end of a restore, for
	// which the server reads what it was sent.
	chunkWait   = 30 * time.Second
	restoreWait = 10 * time.Minute
	// listenWait bounds the wait until a cluster knows who takes the chunks.
	listenWait = 5 * time.Second
	// windowChunks is how many chunks the server sends before it is told that one
	// has arrived.
	windowChunks = 16
)

// answer is what every answer of the JetStream API has in common.
type answer struct {
	Error *jetstream.APIError `json:"error"`
	// Config is what a snapshot has of the stream's configuration, and State what it
	// is to hold; both are passed on as they are.
	Config map[string]any  `json:"config"`
	State  json.RawMessage `json:"state"`
	// DeliverSubject is where a restore takes its chunks.
	DeliverSubject string `json:"deliver_subject"`
}

func ask(ctx context.Context, b *bus.Bus, subject string, request any) (answer, error) {
	data, err := json.Marshal(request)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, chunkWait)
	defer cancel()
	msg, err := b.Conn.RequestWithContext(ctx, subject, data)
	if err != nil {
		return answer{}, fmt.Errorf("ask on %s: %w", subject, err)
	}
	return read(msg.Data)
}

func read(data []byte) (answer, error) {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("read the server's answer: %w", err)
	}
	if a.Error != nil {
		return a, a.Error
	}
	return a, nil
}

// transfer copies a stream as it is: messages with their sequences and times, and
// consumers with what they have acknowledged. (All that a work queue holds is still to
// be done, so its consumers come without: the server refuses those of fewer copies
// than the stream has.) The server itself makes a snapshot of
// it, checking every message's checksum, and the other restores it. Nothing is there
// at the destination before all is. change may alter the configuration on its way.
func transfer(ctx context.Context, from, to *bus.Bus, source jetstream.StreamConfig, change func(config map[string]any)) error {
	stream := source.Name
	inbox := from.Conn.NewInbox()
	chunks, err := from.Conn.SubscribeSync(inbox)
	if err != nil {
		return fmt.Errorf("subscribe for the snapshot: %w", err)
	}
	defer func() { _ = chunks.Unsubscribe() }()
	if err := chunks.SetPendingLimits(-1, -1); err != nil {
		return err
	}
	snapshot, err := ask(ctx, from, "$JS.API.STREAM.SNAPSHOT."+stream, map[string]any{
		"deliver_subject": inbox, "chunk_size": chunkSize, "window_size": chunkSize * windowChunks, "jsck": true,
		"no_consumers": source.Retention == jetstream.WorkQueuePolicy,
	})
	if err != nil {
		return fmt.Errorf("make a snapshot of %s: %w", stream, err)
	}
	change(snapshot.Config)
	restore, err := ask(ctx, to, "$JS.API.STREAM.RESTORE."+stream, map[string]any{"config": snapshot.Config, "state": snapshot.State})
	if err != nil {
		return fmt.Errorf("restore %s: %w", stream, err)
	}
	for {
		msg, err := next(ctx, chunks)
		if err != nil {
			return fmt.Errorf("read the snapshot of %s: %w", stream, err)
		}
		if len(msg.Data) == 0 {
			break
		}
		if err := send(ctx, to, restore.DeliverSubject, msg.Data, chunkWait); err != nil {
			return fmt.Errorf("restore %s: %w", stream, err)
		}
		if msg.Reply != "" {
			if err := msg.Respond(nil); err != nil {
				return fmt.Errorf("read the snapshot of %s: %w", stream, err)
			}
		}
	}
	if err := send(ctx, to, restore.DeliverSubject, nil, restoreWait); err != nil {
		return fmt.Errorf("restore %s: %w", stream, err)
	}
	return nil
}

// next returns the next chunk; the last is empty.
func next(ctx context.Context, chunks *nats.Subscription) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, chunkWait)
	defer cancel()
	msg, err := chunks.NextMsgWithContext(ctx)
	if err != nil {
		return nil, err
	}
	// The end says how it came to it: 204, or nothing at all, if it is well.
	if status := msg.Header.Get("Status"); len(msg.Data) == 0 && status != "" && status != "204" {
		return nil, fmt.Errorf("the server gave up: %s %s", status, msg.Header.Get("Description"))
	}
	return msg, nil
}

// send hands one chunk over and waits until the server has taken it. An empty one
// says that it was the last, and is answered when the stream is there.
func send(ctx context.Context, to *bus.Bus, subject string, chunk []byte, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	msg, err := requestHeard(ctx, to, subject, chunk)
	if err != nil {
		return err
	}
	if len(msg.Data) == 0 {
		if len(chunk) == 0 {
			return errors.New("the server did not say that it has the stream")
		}
		return nil
	}
	_, err = read(msg.Data)
	return err
}

// requestHeard makes a request, again where nobody listens yet: the node of a cluster
// that restores a stream may have said so before the others know where it listens.
// What nobody heard has not been done.
func requestHeard(ctx context.Context, to *bus.Bus, subject string, data []byte) (*nats.Msg, error) {
	for began := time.Now(); ; {
		msg, err := to.Conn.RequestWithContext(ctx, subject, data)
		if !errors.Is(err, nats.ErrNoResponders) || time.Since(began) > listenWait {
			return msg, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(listenWait / 100):
		}
	}
}
