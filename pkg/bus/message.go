package bus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/topology"
)

// Headers that Dateline sets on messages.
const (
	HeaderContentType     = "Content-Type"
	HeaderContentEncoding = "Content-Encoding"
	// HeaderLarge names the object that holds a payload over max_payload.
	HeaderLarge = "Dateline-Large"
	// HeaderReply names the inbox for a Receipt. It is not the message's own reply
	// subject, where the server confirms that it has stored the message.
	HeaderReply = "Dateline-Reply"
	// HeaderReplay names the run of 'dateline replay' that a message came of.
	HeaderReplay = "Dateline-Replay"
	// Headers of a document that is pushed as it is.
	HeaderURL       = "Dateline-Url"
	HeaderTitle     = "Dateline-Title"
	HeaderPublished = "Dateline-Published"
)

// Media types of payloads.
const (
	TypeProtobuf = "application/protobuf"
	TypeJSON     = "application/json"
)

// Format is how a message is written.
type Format int

// The formats. Inside the pipeline protobuf is 4 to 8 times cheaper to write
// than JSON; JSON is what consumers read without our code.
const (
	Protobuf Format = iota
	// Zstd is protobuf, compressed: for pages, which become 3 to 4 times
	// smaller.
	Zstd
	JSON
)

// MaxDecoded bounds a payload after decompression, in bytes: a small message
// must not become a large heap.
const MaxDecoded = 64 << 20

// headroom is what a message's headers may take of the server's max_payload,
// which counts them, in bytes.
const headroom = 16 << 10

// maxChunk is the most that the object store writes in one message, in bytes.
const maxChunk = 128 << 10

// largeTimeout bounds the way of one payload to or from the object store: the
// library's own 5 s are short for MaxDecoded over a slow link.
const largeTimeout = time.Minute

var (
	encoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
		if err != nil {
			panic(fmt.Sprintf("make zstd encoder with constant options: %v", err))
		}
		return e
	})
	decoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(MaxDecoded))
		if err != nil {
			panic(fmt.Sprintf("make zstd decoder with constant options: %v", err))
		}
		return d
	})
)

// Encode writes m in a format into a message for subject.
func Encode(subject string, m proto.Message, f Format) (*nats.Msg, error) {
	msg := nats.NewMsg(subject)
	var err error
	switch f {
	case JSON:
		msg.Header.Set(HeaderContentType, TypeJSON)
		msg.Data, err = protojson.Marshal(m)
	default:
		msg.Header.Set(HeaderContentType, TypeProtobuf)
		msg.Data, err = proto.Marshal(m)
	}
	if err != nil {
		return nil, fmt.Errorf("encode %s for %s: %w", m.ProtoReflect().Descriptor().Name(), subject, err)
	}
	if f == Zstd {
		msg.Data = encoder().EncodeAll(msg.Data, make([]byte, 0, len(msg.Data)/3))
		msg.Header.Set(HeaderContentEncoding, "zstd")
	}
	return msg, nil
}

// Decode reads a payload into m by its headers: protobuf unless they say JSON.
func Decode(header nats.Header, data []byte, m proto.Message) error {
	data, err := Decompress(header, data)
	if err != nil {
		return err
	}
	name := m.ProtoReflect().Descriptor().Name()
	mediaType, _, _ := mime.ParseMediaType(header.Get(HeaderContentType))
	if mediaType == TypeJSON {
		if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(data, m); err != nil {
			return fmt.Errorf("decode JSON %s: %w", name, err)
		}
		return nil
	}
	if err := proto.Unmarshal(data, m); err != nil {
		return fmt.Errorf("decode protobuf %s: %w", name, err)
	}
	return nil
}

// Decompress undoes the content encoding that the headers name.
func Decompress(header nats.Header, data []byte) ([]byte, error) {
	switch enc := header.Get(HeaderContentEncoding); enc {
	case "", "identity":
		return data, nil
	case "zstd":
		out, err := decoder().DecodeAll(data, nil)
		if err != nil {
			return nil, fmt.Errorf("decompress zstd payload: %w", err)
		}
		return out, nil
	default:
		return nil, fmt.Errorf("unknown content encoding %q", enc)
	}
}

// SetAside moves a payload that is over the server's limit to the object store
// and leaves its name in the headers (a claim check). It does nothing where the
// message fits. The name is the message's id, so that a repeat overwrites its
// own object.
func (b *Bus) SetAside(ctx context.Context, msg *nats.Msg) error {
	if int64(len(msg.Data)) <= b.Conn.MaxPayload()-headroom {
		return nil
	}
	name := msg.Header.Get(jetstream.MsgIDHeader)
	if name == "" {
		return fmt.Errorf("%d bytes for %s, limit %d: %w", len(msg.Data), msg.Subject, b.Conn.MaxPayload(), ErrUnnamed)
	}
	ctx, cancel := context.WithTimeout(ctx, largeTimeout)
	defer cancel()
	store, err := b.JS.ObjectStore(ctx, topology.BucketLarge)
	if err != nil {
		return fmt.Errorf("open object store for a payload of %d bytes: %w", len(msg.Data), err)
	}
	// The library's own chunks would be over a low limit.
	chunk := &jetstream.ObjectMetaOptions{ChunkSize: uint32(min(maxChunk, b.Conn.MaxPayload()-headroom))}
	if _, err := store.Put(ctx, jetstream.ObjectMeta{Name: name, Opts: chunk}, bytes.NewReader(msg.Data)); err != nil {
		return fmt.Errorf("store payload of %d bytes: %w", len(msg.Data), err)
	}
	msg.Header.Set(HeaderLarge, name)
	msg.Data = nil
	return nil
}

var (
	// ErrLost means that a message refers to a stored payload that is gone.
	ErrLost = errors.New("the message's stored payload is gone")
	// ErrTooLarge means that a stored payload is over MaxDecoded.
	ErrTooLarge = errors.New("the message's stored payload is too large")
	// ErrUnnamed means that a payload is over the server's limit and has no
	// message id to store it by.
	ErrUnnamed = errors.New("payload is over the server's limit and has no message id to store it by")
)

// Payload returns a message's payload, from the object store where it was set
// aside.
func (b *Bus) Payload(ctx context.Context, header nats.Header, data []byte) ([]byte, error) {
	name := header.Get(HeaderLarge)
	if name == "" {
		return data, nil
	}
	ctx, cancel := context.WithTimeout(ctx, largeTimeout)
	defer cancel()
	store, err := b.JS.ObjectStore(ctx, topology.BucketLarge)
	if err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	}
	object, err := store.Get(ctx, name)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, fmt.Errorf("%w: %s", ErrLost, name)
	}
	if err != nil {
		return nil, fmt.Errorf("get stored payload %s: %w", name, err)
	}
	data, err = readObject(object)
	if err != nil {
		return nil, fmt.Errorf("get stored payload %s: %w", name, err)
	}
	return data, nil
}

// readObject reads an object that is not over MaxDecoded, whatever its
// description says of its size.
func readObject(object jetstream.ObjectResult) (data []byte, err error) {
	defer func() { err = errors.Join(err, object.Close()) }()
	info, err := object.Info()
	if err != nil {
		return nil, err
	}
	if info.Size > MaxDecoded {
		return nil, fmt.Errorf("%d bytes: %w", info.Size, ErrTooLarge)
	}
	data, err = io.ReadAll(io.LimitReader(object, MaxDecoded+1))
	if err == nil && len(data) > MaxDecoded {
		err = ErrTooLarge
	}
	return data, err
}

// inboxPrefix begins the inboxes of every client library, whatever its
// configuration adds.
const inboxPrefix = "_INBOX"

// Reply answers, as JSON, the sender of a message with these headers, if they
// name an inbox. What they name comes from outside: anything but an inbox is
// refused, since an answer must not become somebody's message to a stream.
func (b *Bus) Reply(header nats.Header, m proto.Message) error {
	to := header.Get(HeaderReply)
	if to == "" {
		return nil
	}
	if !strings.HasPrefix(to, inboxPrefix) || !topology.ValidSubject(to) {
		return fmt.Errorf("header %s does not name an inbox", HeaderReply)
	}
	msg, err := Encode(to, m, JSON)
	if err != nil {
		return err
	}
	if err := b.Conn.PublishMsg(msg); err != nil {
		return fmt.Errorf("answer on %s: %w", to, err)
	}
	return nil
}
