package chaos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// verdict is what the streams say became of the known articles.
type verdict struct {
	known, events, entries int
	// doubted are events of articles that no server had confirmed.
	doubted int
	// lost have neither an event nor an entry in quarantine; doubled have more than
	// one event, or an event and an entry; strange are events and entries that the
	// ledger does not know.
	lost, doubled, strange []string
	// replayed are the events of a replay, by address.
	replayed map[string]int
	// reasons are the classes in quarantine.
	reasons map[string]int
	// left is what is not done: messages in work queues, pending and unacknowledged.
	left []string
}

// problems are the ways in which a verdict is not the one that has to be; poison
// is what has to be in quarantine by class.
func (v verdict) problems(poison map[string]int) []string {
	var out []string
	list := func(what string, ids []string) {
		if len(ids) > 0 {
			out = append(out, fmt.Sprintf("%d %s: %s", len(ids), what, strings.Join(ids[:min(len(ids), 10)], ", ")))
		}
	}
	list("lost", v.lost)
	list("doubled", v.doubled)
	list("unknown", v.strange)
	list("left", v.left)
	// What may be of any class is what is over.
	over := -poison[anyClass]
	for class, n := range poison {
		if class != anyClass && v.reasons[class] < n {
			out = append(out, fmt.Sprintf("%d in quarantine as %s, want %d", v.reasons[class], class, n))
		}
	}
	for class, n := range v.reasons {
		over += max(0, n-poison[class])
	}
	if over != 0 {
		out = append(out, fmt.Sprintf("%d more in quarantine than there should be: %v, want %v", over, v.reasons, poison))
	}
	return out
}

// check reads the streams from their beginning.
func (r *rig) check(ctx context.Context) (verdict, error) {
	v := verdict{reasons: map[string]int{}, replayed: map[string]int{}}
	events := map[string][]string{} // by address
	err := r.eachEvent(ctx, func(m jetstream.Msg, a *datelinev1.Article) {
		if m.Headers().Get(stage.HeaderReplay) != "" {
			v.replayed[a.GetFetch().GetUrl()]++
			return
		}
		v.events++
		events[a.GetFetch().GetUrl()] = append(events[a.GetFetch().GetUrl()], m.Headers().Get("ce-id"))
	})
	if err != nil {
		return v, err
	}
	entries := map[string]int{}
	q, err := quarantine.Open(ctx, r.bus)
	if err != nil {
		return v, err
	}
	err = q.Each(ctx, "", func(m quarantine.Message) error {
		v.entries++
		v.reasons[m.GetClass()]++
		if url := addressOf(m); url != "" {
			entries[url]++
		}
		return nil
	})
	if err != nil {
		return v, err
	}
	r.ledger.mu.Lock()
	v.known = len(r.ledger.known)
	for url := range r.ledger.known {
		switch n := len(events[url]) + entries[url]; {
		case n == 0 && v.replayed[url] > 0:
			// The replay overtook it, and its own event would have come after that.
			v.events++
		case n == 0:
			v.lost = append(v.lost, url)
		case n > 1:
			v.doubled = append(v.doubled, fmt.Sprintf("%s (events %s; %d in quarantine)", url, strings.Join(events[url], " "), entries[url]))
		}
	}
	for url, ids := range events {
		_, ok := r.ledger.known[url]
		switch {
		case !ok && r.ledger.maybe[url] && len(ids) == 1:
			v.doubted++
		case !ok:
			v.strange = append(v.strange, fmt.Sprintf("%q (%s)", url, strings.Join(ids, " ")))
		}
	}
	r.ledger.mu.Unlock()
	slices.Sort(v.lost)
	slices.Sort(v.doubled)
	v.left, err = r.left(ctx)
	return v, err
}

// addressOf is the address of the article that a quarantined message is about; "" if
// it is about none that can be read.
func addressOf(m quarantine.Message) string {
	header := nats.Header{}
	for name, values := range m.GetHeaders() {
		header[name] = values.GetValues()
	}
	if m.GetSubject() == topology.SubjectArticleSubmit {
		return header.Get(bus.HeaderURL)
	}
	article, page := &datelinev1.Article{}, &datelinev1.Page{}
	if m.GetStage() == topology.Parser.Name {
		if bus.Decode(header, m.GetPayload(), page) == nil {
			article = page.GetArticle()
		}
	} else if bus.Decode(header, m.GetPayload(), article) != nil {
		return ""
	}
	return article.GetFetch().GetUrl()
}

// eachEvent reads the enriched events.
func (r *rig) eachEvent(ctx context.Context, fn func(jetstream.Msg, *datelinev1.Article)) error {
	consumer, err := r.bus.JS.CreateConsumer(ctx, topology.StreamEnriched, jetstream.ConsumerConfig{
		AckPolicy: jetstream.AckNonePolicy, InactiveThreshold: time.Minute,
	})
	if err != nil {
		return fmt.Errorf("read the events: %w", err)
	}
	for left := consumer.CachedInfo().NumPending; left > 0; {
		batch, err := consumer.Fetch(int(min(left, 500)))
		if err != nil {
			return fmt.Errorf("read the events: %w", err)
		}
		for m := range batch.Messages() {
			left--
			data, err := r.bus.Payload(ctx, m.Headers(), m.Data())
			a := &datelinev1.Article{}
			if err == nil {
				err = bus.Decode(m.Headers(), data, a)
			}
			if err != nil {
				return fmt.Errorf("read the events: %w", err)
			}
			fn(m, a)
		}
		if err := batch.Error(); err != nil {
			return fmt.Errorf("read the events: %w", err)
		}
	}
	return nil
}

// unread is what stands in a stream before a stage and was not read yet.
type unread struct {
	urls []string
	last uint64 // sequence
}

// unread reads what the stage of a stream has not read; the stage must be away. A
// work queue holds nothing else, and a stream that keeps its messages tells by how
// far its consumer has come.
func (r *rig) unread(ctx context.Context, stream string) (unread, error) {
	var u unread
	after := uint64(0)
	for _, s := range topology.Stages() {
		if s.Stream != stream {
			continue
		}
		consumer, err := r.bus.JS.Consumer(ctx, s.Stream, s.Name)
		if err != nil {
			return u, fmt.Errorf("look at %s: %w", s.Name, err)
		}
		if stream != topology.StreamParsed {
			break
		}
		after = consumer.CachedInfo().AckFloor.Stream
	}
	from, err := r.bus.JS.Stream(ctx, stream)
	if err != nil {
		return u, fmt.Errorf("look at %s: %w", stream, err)
	}
	// Message by message, since a work queue gives no second consumer a look.
	for last := from.CachedInfo().State.LastSeq; after < last; after = u.last {
		m, err := from.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return u, fmt.Errorf("read %s: %w", stream, err)
		}
		a, page := &datelinev1.Article{}, &datelinev1.Page{}
		if stream == topology.StreamFetched {
			err = bus.Decode(m.Header, m.Data, page)
			a = page.GetArticle()
		} else {
			err = bus.Decode(m.Header, m.Data, a)
		}
		if err != nil {
			return u, fmt.Errorf("read %s: %w", stream, err)
		}
		u.urls, u.last = append(u.urls, a.GetFetch().GetUrl()), m.Sequence
	}
	return u, nil
}

// left names what is not done yet.
func (r *rig) left(ctx context.Context) ([]string, error) {
	var left []string
	for _, s := range topology.Stages() {
		consumer, err := r.bus.JS.Consumer(ctx, s.Stream, s.Name)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", s.Name, err)
		}
		info := consumer.CachedInfo()
		if info.NumPending > 0 || info.NumAckPending > 0 {
			left = append(left, fmt.Sprintf("%s has %d pending, %d in hand", s.Name, info.NumPending, info.NumAckPending))
		}
	}
	return left, nil
}

// orphans is how many messages stand in work queues though their consumer has
// acknowledged them. A server that is killed may keep the one and forget the other;
// they are not delivered again.
func (r *rig) orphans(ctx context.Context) (n int, err error) {
	for stream, filter := range map[string]string{
		topology.StreamSubmissions: ">", topology.StreamFetched: ">", topology.StreamPages: topology.Page.Filters[0],
	} {
		s, err := r.bus.JS.Stream(ctx, stream)
		if err != nil {
			return 0, fmt.Errorf("look at %s: %w", stream, err)
		}
		info, err := s.Info(ctx, jetstream.WithSubjectFilter(filter))
		if err != nil {
			return 0, fmt.Errorf("look at %s: %w", stream, err)
		}
		for _, count := range info.State.Subjects {
			n += int(count)
		}
	}
	return n, nil
}

func (r *rig) count(ctx context.Context, stream string) (int, error) {
	s, err := r.bus.JS.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("look at %s: %w", stream, err)
	}
	return int(s.CachedInfo().State.Msgs), nil
}
