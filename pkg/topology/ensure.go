package topology

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Change says what Ensure did, for logs.
type Change struct {
	// Object is the stream, consumer or bucket, such as "stream FEEDS".
	Object string
	// Action is "created" or "updated".
	Action string
	// Differences names what was updated: "max_age: 24h0m0s → 168h0m0s".
	Differences []string
}

// Ensure makes the server look like this package says: it creates what is
// missing, updates what differs, and leaves alone what is the same, so it may
// be run at every start by every process. Where the server cannot change a
// setting, the error names the object and each difference.
func Ensure(ctx context.Context, js jetstream.JetStream, o Options) ([]Change, error) {
	if err := checkServer(ctx, js); err != nil {
		return nil, err
	}
	var steps []func() (*Change, error)
	for _, cfg := range Streams(o) {
		steps = append(steps, func() (*Change, error) { return ensureStream(ctx, js, cfg) })
	}
	for _, s := range Stages() {
		steps = append(steps, func() (*Change, error) { return ensureConsumer(ctx, js, s.Stream, s.Consumer(o)) })
	}
	for _, cfg := range Buckets(o) {
		steps = append(steps, func() (*Change, error) { return ensureBucket(ctx, js, cfg) })
	}
	steps = append(steps, func() (*Change, error) { return ensureObjects(ctx, js, LargePayloads(o)) })

	var changes []Change
	for _, step := range steps {
		change, err := persist(ctx, step)
		if change != nil {
			changes = append(changes, *change)
		}
		if err != nil {
			return changes, err
		}
	}
	return changes, nil
}

// EnsureConsumer creates or updates the durable consumer of one stage.
func EnsureConsumer(ctx context.Context, js jetstream.JetStream, s Stage, o Options) error {
	_, err := persist(ctx, func() (*Change, error) { return ensureConsumer(ctx, js, s.Stream, s.Consumer(o)) })
	return err
}

// Refuse has the server refuse whatever publishers send, as if what they sent before
// filled the stream, or take it again. What is in the stream stays.
func Refuse(ctx context.Context, js jetstream.JetStream, o Options, refuse bool) error {
	for _, cfg := range Streams(o) {
		if cfg.Name != StreamSubmissions {
			continue
		}
		if refuse {
			cfg.MaxBytes = RefusingBytes
		}
		if _, err := ensureStream(ctx, js, cfg); err != nil {
			return err
		}
	}
	return nil
}

// RefusingBytes is the limit of a stream that refuses everything.
const RefusingBytes = 1

// createError says that the server would not create an object.
type createError struct {
	object string
	err    error
}

func (e *createError) Error() string { return fmt.Sprintf("create %s: %v", e.object, e.err) }
func (e *createError) Unwrap() error { return e.err }

const (
	createTries = 5
	createWait  = 200 * time.Millisecond
)

// persist tries a creation again. Processes that start together create the same
// objects, and the server then counts a stream's disk twice for a moment; it may
// also still be busy with deleting a stream of that name.
func persist(ctx context.Context, ensure func() (*Change, error)) (*Change, error) {
	for try := 1; ; try++ {
		change, err := ensure()
		var refused *createError
		if !errors.As(err, &refused) || try == createTries {
			return change, err
		}
		select {
		case <-ctx.Done():
			return change, err
		case <-time.After(createWait):
		}
	}
}

func checkServer(ctx context.Context, js jetstream.JetStream) error {
	info, err := js.AccountInfo(ctx)
	if err != nil {
		return fmt.Errorf("ask the server for its JetStream account: %w", advise(err))
	}
	if info.API.Level < MinAPILevel {
		return fmt.Errorf("the server's JetStream API level is %d, need at least %d: use nats-server 2.14 or later (2.15 recommended)",
			info.API.Level, MinAPILevel)
	}
	return nil
}

func ensureStream(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig) (*Change, error) {
	object := "stream " + want.Name
	stream, err := js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		// CreateOrUpdate, since another process may be creating the same.
		if _, err := js.CreateOrUpdateStream(ctx, want); err != nil {
			return nil, &createError{object: object, err: err}
		}
		return &Change{Object: object, Action: "created"}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", object, err)
	}
	have := stream.CachedInfo().Config
	diff := differences(have, want)
	if len(diff) == 0 {
		return nil, nil
	}
	if _, err := js.UpdateStream(ctx, overlay(have, want)); err != nil {
		return nil, refused(object, diff, err)
	}
	return &Change{Object: object, Action: "updated", Differences: diff}, nil
}

func ensureConsumer(ctx context.Context, js jetstream.JetStream, stream string, want jetstream.ConsumerConfig) (*Change, error) {
	object := "consumer " + stream + "/" + want.Durable
	consumer, err := js.Consumer(ctx, stream, want.Durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		if _, err := js.CreateOrUpdateConsumer(ctx, stream, want); err != nil {
			return nil, &createError{object: object, err: err}
		}
		return &Change{Object: object, Action: "created"}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", object, err)
	}
	have := normalConsumer(consumer.CachedInfo().Config)
	diff := differences(have, want)
	if len(diff) == 0 {
		return nil, nil
	}
	if _, err := js.UpdateConsumer(ctx, stream, overlay(have, want)); err != nil {
		return nil, refused(object, diff, err)
	}
	return &Change{Object: object, Action: "updated", Differences: diff}, nil
}

// normalConsumer writes a consumer's filter in the one form that this package
// uses: the server turns a list of one into the single field.
func normalConsumer(c jetstream.ConsumerConfig) jetstream.ConsumerConfig {
	if c.FilterSubject != "" {
		c.FilterSubjects, c.FilterSubject = []string{c.FilterSubject}, ""
	}
	return c
}

func ensureBucket(ctx context.Context, js jetstream.JetStream, want jetstream.KeyValueConfig) (*Change, error) {
	object := "bucket " + want.Bucket
	bucket, err := js.KeyValue(ctx, want.Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		if _, err := js.CreateOrUpdateKeyValue(ctx, want); err != nil {
			return nil, &createError{object: object, err: err}
		}
		return &Change{Object: object, Action: "created"}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", object, err)
	}
	status, err := bucket.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", object, err)
	}
	have := status.Config()
	diff := differences(have, want)
	if len(diff) == 0 {
		return nil, nil
	}
	if _, err := js.UpdateKeyValue(ctx, overlay(have, want)); err != nil {
		return nil, refused(object, diff, err)
	}
	return &Change{Object: object, Action: "updated", Differences: diff}, nil
}

func ensureObjects(ctx context.Context, js jetstream.JetStream, want jetstream.ObjectStoreConfig) (*Change, error) {
	object := "object store " + want.Bucket
	store, err := js.ObjectStore(ctx, want.Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		if _, err := js.CreateOrUpdateObjectStore(ctx, want); err != nil {
			return nil, &createError{object: object, err: err}
		}
		return &Change{Object: object, Action: "created"}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", object, err)
	}
	status, err := store.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", object, err)
	}
	have := jetstream.ObjectStoreConfig{
		Bucket: status.Bucket(), Description: status.Description(), TTL: status.TTL(),
		Storage: status.Storage(), Replicas: status.Replicas(), Metadata: status.Metadata(),
		Compression: status.IsCompressed(),
	}
	if b, ok := status.(*jetstream.ObjectBucketStatus); ok {
		have.Placement, have.MaxBytes = b.StreamInfo().Config.Placement, b.StreamInfo().Config.MaxBytes
	}
	diff := differences(have, want)
	if len(diff) == 0 {
		return nil, nil
	}
	if _, err := js.UpdateObjectStore(ctx, overlay(have, want)); err != nil {
		return nil, refused(object, diff, err)
	}
	return &Change{Object: object, Action: "updated", Differences: diff}, nil
}

func refused(object string, diff []string, err error) error {
	return fmt.Errorf("%s differs from what this version of dateline needs and the server refuses the change (%w): %s; "+
		"back up the stream, delete it and start again, or use another account",
		object, err, strings.Join(diff, ", "))
}

// Difference is one setting in which what stands on the server is not what this
// package makes.
type Difference struct {
	// Setting has the server's name for it, such as max_age.
	Setting    string
	Have, Want string
	// Less says that it is lower than it should be; settings that are no number, and
	// those that are higher, are not.
	Less bool
}

func (d Difference) String() string { return d.Setting + ": " + d.Have + " → " + d.Want }

// differences are those of compare, as text.
func differences[C any](have, want C) []string {
	var texts []string
	for _, d := range compare(have, want) {
		texts = append(texts, d.String())
	}
	return texts
}

// compare lists the settings that want sets (a zero value leaves what is in
// force) and that have differs in.
func compare[C any](have, want C) []Difference {
	var all []Difference
	h, w := reflect.ValueOf(have), reflect.ValueOf(want)
	for i := range w.NumField() {
		if !differs(h, w, i) {
			continue
		}
		field := w.Type().Field(i)
		unlimited := w.Field(i).IsZero() && noLimitWhenZero[field.Name]
		d := Difference{Setting: settingName(field), Have: settingValue(h.Field(i).Interface()), Want: settingValue(w.Field(i).Interface())}
		if unlimited {
			d.Want = "none"
		}
		if h.Field(i).CanInt() {
			d.Less = unlimited || h.Field(i).Int() > 0 && h.Field(i).Int() < w.Field(i).Int() || w.Field(i).Int() < 0
		}
		all = append(all, d)
	}
	return all
}

// overlay is have with the settings that want sets: what this package does not
// speak of, such as where a cluster places a stream, stays as it is.
func overlay[C any](have, want C) C {
	out := reflect.ValueOf(&have).Elem()
	w := reflect.ValueOf(want)
	for i := range w.NumField() {
		if differs(out, w, i) {
			out.Field(i).Set(w.Field(i))
		}
	}
	return have
}

func differs(have, want reflect.Value, field int) bool {
	h, w := have.Field(field), want.Field(field)
	name := want.Type().Field(field).Name
	if w.IsZero() && noLimitWhenZero[name] {
		return h.Int() > 0
	}
	if w.IsZero() && !mustMatchWhenZero[name] {
		return false
	}
	return !reflect.DeepEqual(h.Interface(), w.Interface())
}

// mustMatchWhenZero are the settings whose zero value means something: the
// first policy of an enumeration, or a feature that is off.
var mustMatchWhenZero = map[string]bool{
	"Retention": true, "Discard": true, "DeliverPolicy": true, "AllowMsgSchedules": true,
}

// noLimitWhenZero are the limits that lose messages where there should be none.
// The server writes "no limit" as -1 or as 0.
var noLimitWhenZero = map[string]bool{
	"MaxAge": true, "MaxBytes": true, "MaxMsgs": true, "MaxMsgsPerSubject": true, "TTL": true,
}

func settingName(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return name
	}
	return strings.ToLower(f.Name)
}

func settingValue(v any) string {
	switch v := v.(type) {
	case time.Duration:
		return v.String()
	case *jetstream.RePublish:
		if v == nil {
			return "none"
		}
		return v.Source + " to " + v.Destination
	default:
		return fmt.Sprintf("%v", v)
	}
}
