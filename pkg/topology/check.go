package topology

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// MissingError says that the server does not have what a role needs.
type MissingError struct{ Objects []string }

func (e *MissingError) Error() string {
	return "the server has no " + strings.Join(e.Objects, ", ") +
		": run 'dateline setup' once, as a user who may make streams (role " + RoleAdmin + ")"
}

// Check looks whether all is there that a role needs, for a process that may not
// make it: a MissingError names what is not. What is there and differs from what this
// version would make is returned, and no error: services of two versions run side by
// side during an upgrade.
func Check(ctx context.Context, js jetstream.JetStream, r Role, o Options) (differing []Change, err error) {
	wanted := map[string]jetstream.StreamConfig{}
	for _, cfg := range Streams(o) {
		wanted[cfg.Name] = cfg
	}
	streams, stages := r.Needs()
	missing := &MissingError{}
	note := func(object string, err error, diff func() []string) error {
		switch {
		case errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, jetstream.ErrConsumerNotFound):
			missing.Objects = append(missing.Objects, object)
		case err != nil:
			return fmt.Errorf("look up %s: %w", object, advise(err))
		default:
			if d := diff(); len(d) > 0 {
				differing = append(differing, Change{Object: object, Action: "differs", Differences: d})
			}
		}
		return nil
	}
	for _, name := range streams {
		stream, err := js.Stream(ctx, name)
		err = note("stream "+name, err, func() []string {
			want, ours := wanted[name]
			if !ours {
				return nil
			}
			return differences(stream.CachedInfo().Config, want)
		})
		if err != nil {
			return differing, err
		}
	}
	for _, s := range stages {
		consumer, err := js.Consumer(ctx, s.Stream, s.Name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			continue // named already
		}
		err = note("consumer "+s.Stream+"/"+s.Name, err, func() []string {
			return differences(normalConsumer(consumer.CachedInfo().Config), s.Consumer(o))
		})
		if err != nil {
			return differing, err
		}
	}
	if len(missing.Objects) > 0 {
		return differing, missing
	}
	return differing, nil
}

// advise adds what to do to an answer of a server that has no JetStream.
func advise(err error) error {
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) {
		return fmt.Errorf("%w; its configuration needs a jetstream block, and in each account that is to have streams 'jetstream: enabled' (see deploy/nats)", err)
	}
	return err
}
