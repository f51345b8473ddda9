package stage

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Headers of what is replayed, and of all that comes of it.
const (
	// HeaderReplay names the run of 'dateline replay'.
	HeaderReplay = bus.HeaderReplay
	// HeaderReplayAlerts says, with any value, that standing searches are to hear of it.
	HeaderReplayAlerts = "Dateline-Replay-Alerts"
	// HeaderReplayOf is, in a message without a payload, the sequence of the message that
	// is replayed, in the stream where the stage's messages are kept (topology.Stage.Kept).
	HeaderReplayOf = "Dateline-Replay-Of"
)

// Replay is the run of 'dateline replay' that a message belongs to. The zero value is
// that of news.
type Replay struct {
	// Run is the run's name.
	Run string
	// Alerts says that standing searches are to hear of it.
	Alerts bool
}

var runForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// ValidRun says whether a run may have this name: it stands in message ids.
func ValidRun(name string) bool { return runForm.MatchString(name) }

// Mark is the id under which an output of the replay is published. It differs from the
// output's own by the run, since the server, and whoever else has seen the first one, would
// take it for a repeat of that.
func (r Replay) Mark(id string) string {
	if r.Run == "" || id == "" {
		return id
	}
	return id + ":" + r.Run
}

// hand writes into a header what those after the stage have to know of the replay.
func (r Replay) hand(h nats.Header) {
	if r.Run == "" {
		return
	}
	h.Set(HeaderReplay, r.Run)
	if r.Alerts {
		h.Set(HeaderReplayAlerts, "1")
	}
}

// replayOf reads what a message says of its replay.
func replayOf(spec topology.Stage, h nats.Header) (Replay, error) {
	run := h.Get(HeaderReplay)
	if !spec.Replays || run == "" {
		return Replay{}, nil
	}
	if !ValidRun(run) {
		return Replay{}, fmt.Errorf("%.80q is no name of a replay", run)
	}
	return Replay{Run: run, Alerts: h.Get(HeaderReplayAlerts) != ""}, nil
}

// errExpired means that a replay refers to what is not kept any more.
var errExpired = errors.New("what is to be replayed is not kept any more")

// reasonExpired is why such a one is passed over. No mark says that the article ended so:
// it stands as it was.
const reasonExpired = "expired"

// recall puts the message that a replay refers to in the place of the reference.
func (r *Runner[In]) recall(ctx context.Context, d *delivery) error {
	ref := d.header.Get(HeaderReplayOf)
	if d.replay.Run == "" || ref == "" || r.spec.Kept == "" {
		return nil
	}
	sequence, err := strconv.ParseUint(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: %.80q is no sequence", errMalformed, ref)
	}
	kept, err := bus.Ask(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		stream, err := r.s.Bus.JS.Stream(ctx, r.spec.Kept)
		if err != nil {
			return nil, err
		}
		return stream.GetMsg(ctx, sequence)
	})
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return errExpired
	case err != nil:
		return fmt.Errorf("look up message %d of %s: %w", sequence, r.spec.Kept, err)
	case topology.ReplayOf(kept.Subject) != d.msg.Subject():
		// The stream was made anew, and counts from the beginning.
		return errExpired
	}
	header := nats.Header{}
	for name, values := range kept.Header {
		// What the server and its client added belongs to the old message, and so does the
		// run that it may have come of.
		if !strings.HasPrefix(name, "Nats-") && !strings.HasPrefix(name, HeaderReplay) {
			header[name] = values
		}
	}
	d.replay.hand(header)
	d.header, d.data = header, kept.Data
	return nil
}

// standing says whether a message that stands where an output would go makes that one
// needless: it is the output; it is a replay of the same that came after this input; or,
// for a replay, it is of a later revision.
func (d *delivery) standing(o Out, last *jetstream.RawStreamMsg) bool {
	id := last.Header.Get(jetstream.MsgIDHeader)
	if id == d.replay.Mark(o.ID) {
		return true
	}
	base := id
	if run := last.Header.Get(HeaderReplay); run != "" {
		base = strings.TrimSuffix(id, ":"+run)
		if base == o.ID && last.Time.After(d.meta.Timestamp) {
			return true
		}
	}
	return d.replay.Run != "" && laterRevision(base, o.ID)
}

// laterRevision says whether an id, made by ID, is of a later revision of the same
// article than another.
func laterRevision(id, other string) bool {
	article, revision, ok := revisionOf(id)
	otherArticle, otherRevision, otherOK := revisionOf(other)
	return ok && otherOK && article == otherArticle && revision > otherRevision
}

func revisionOf(id string) (article string, revision uint64, ok bool) {
	article, rest, ok := strings.Cut(id, ":")
	if !ok {
		return "", 0, false
	}
	number, _, _ := strings.Cut(rest, ":")
	revision, err := strconv.ParseUint(number, 10, 32)
	return article, revision, err == nil
}
