package trace

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// maxEvents bounds the revisions that are read of one article.
const maxEvents = 50

// reader looks articles up. Every look is for one subject, by the server's index of
// them: no stream is read through.
type reader struct {
	bus     *bus.Bus
	streams map[string]jetstream.Stream
	// host is the token of the article's host in subjects; empty while unknown.
	host string
}

func open(ctx context.Context, b *bus.Bus) (*reader, error) {
	r := &reader{bus: b, streams: make(map[string]jetstream.Stream)}
	for _, name := range []string{
		topology.StreamFetch, topology.StreamPages, topology.StreamFetched, topology.StreamArchive,
		topology.StreamParsed, topology.StreamEnriched, topology.StreamQuarantine,
	} {
		stream, err := b.JS.Stream(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("open stream %s: %w", name, err)
		}
		r.streams[name] = stream
	}
	return r, nil
}

// stored is a message with what it holds.
type stored[M proto.Message] struct {
	Stored
	header  nats.Header
	message M
}

// last reads the last message on a subject, or the only one of a filter, into m; nil
// if there is none.
func last[M proto.Message](ctx context.Context, r *reader, stream, subject string, m M) (*stored[M], error) {
	raw, err := r.streams[stream].GetLastMsgForSubject(ctx, subject)
	return decode(ctx, r, stream, subject, raw, err, m)
}

// next reads the first message of a filter from a sequence on into m; nil if there is
// none.
func next[M proto.Message](ctx context.Context, r *reader, stream, subject string, from uint64, m M) (*stored[M], error) {
	raw, err := r.streams[stream].GetMsg(ctx, from, jetstream.WithGetMsgSubject(subject))
	return decode(ctx, r, stream, subject, raw, err, m)
}

func decode[M proto.Message](ctx context.Context, r *reader, stream, subject string, raw *jetstream.RawStreamMsg, err error, m M) (*stored[M], error) {
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", subject, err)
	}
	s := &stored[M]{
		Stored: Stored{Stream: stream, Sequence: raw.Sequence, Subject: raw.Subject, At: raw.Time.UTC(), Bytes: len(raw.Data)},
		header: raw.Header, message: m,
	}
	data, err := r.bus.Payload(ctx, raw.Header, raw.Data)
	if err == nil {
		err = bus.Decode(raw.Header, data, m)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", raw.Subject, err)
	}
	return s, nil
}

// exists finds the last message on a subject without reading its payload.
func (r *reader) exists(ctx context.Context, stream, subject string) (*Stored, error) {
	raw, err := r.streams[stream].GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", subject, err)
	}
	return &Stored{Stream: stream, Sequence: raw.Sequence, Subject: raw.Subject, At: raw.Time.UTC(), Bytes: len(raw.Data)}, nil
}

// progress is how far a stage is in its stream.
type progress struct {
	name             string
	floor, delivered uint64
}

func (r *reader) progress(ctx context.Context, s topology.Stage) (progress, error) {
	p := progress{name: s.Name}
	consumer, err := r.bus.JS.Consumer(ctx, s.Stream, s.Name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("look up consumer %s: %w", s.Name, err)
	}
	info := consumer.CachedInfo()
	p.floor, p.delivered = info.AckFloor.Stream, info.Delivered.Stream
	return p, nil
}

// place is a message that waits for a stage, or is in its hands.
type place struct {
	stage string
	at    time.Time
	// due is when it may be worked on; zero for now.
	due     time.Time
	article *datelinev1.Article
	inHand  bool
	// replay is the run that it belongs to; empty for news.
	replay string
}

// findings are all that the streams hold of an article.
type findings struct {
	found, pushed, alias *stored[*datelinev1.Article]
	visit                *stored[*datelinev1.Visit]
	endings              []*stored[*datelinev1.Ending]
	// quarantined says which endings' messages are still in quarantine.
	quarantined map[string]bool
	parsed      *stored[*datelinev1.Article]
	events      []*stored[*datelinev1.Article]
	places      []place
	kept        *Stored
	feed        *datelinev1.FeedRecord
}

func (r *reader) gather(ctx context.Context, t *Trace) (*findings, error) {
	s := &findings{quarantined: make(map[string]bool)}
	if t.ID == "" || !topology.ValidSubject(topology.ArticleParsed(t.ID)) {
		return s, r.feed(ctx, t, s)
	}
	for _, read := range []func(context.Context, *Trace, *findings) error{
		r.readNames, r.readFound, r.readEndings, r.readEvents, r.readPages, r.readFetched, r.readReplays, r.feed,
	} {
		if err := read(ctx, t, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// readNames reads what the seen-set holds under the article's id, and learns its host.
func (r *reader) readNames(ctx context.Context, t *Trace, s *findings) (err error) {
	if s.alias, err = last(ctx, r, topology.StreamFetch, topology.ArticleAlias(t.ID), &datelinev1.Article{}); err != nil {
		return err
	}
	if s.pushed, err = last(ctx, r, topology.StreamFetch, topology.ArticlePushed(t.ID), &datelinev1.Article{}); err != nil {
		return err
	}
	if s.visit, err = last(ctx, r, topology.StreamFetch, topology.ArticleVisited(t.ID), &datelinev1.Visit{}); err != nil {
		return err
	}
	if r.host != "" {
		return nil
	}
	if s.visit != nil {
		r.learn(s.visit.message.GetUrl())
	}
	if s.alias != nil && s.alias.message.GetId() == t.ID {
		r.learn(s.alias.message.GetFetch().GetUrl())
	}
	return nil
}

func (r *reader) learn(url string) {
	if _, _, host, err := fetch.ArticleName(url); err == nil {
		r.host = host
	}
}

func (r *reader) readFound(ctx context.Context, t *Trace, s *findings) (err error) {
	if r.host != "" {
		s.found, err = last(ctx, r, topology.StreamFetch, topology.ArticleFound(r.host, t.ID), &datelinev1.Article{})
	}
	if err != nil || s.found != nil {
		return err
	}
	s.found, err = last(ctx, r, topology.StreamFetch, topology.FoundAnywhere(t.ID), &datelinev1.Article{})
	return err
}

func (r *reader) readEndings(ctx context.Context, t *Trace, s *findings) error {
	for _, spec := range topology.Stages() {
		if !spec.Articles {
			continue
		}
		e, err := last(ctx, r, topology.StreamFetch, topology.ArticleEnded(t.ID, spec.Name), &datelinev1.Ending{})
		if err != nil {
			return err
		}
		if e == nil {
			continue
		}
		s.endings = append(s.endings, e)
		if id := e.message.GetQuarantineId(); id != "" {
			held, err := r.exists(ctx, topology.StreamQuarantine, topology.Quarantine(spec.Name, id))
			if err != nil {
				return err
			}
			s.quarantined[id] = held != nil
		}
	}
	return nil
}

func (r *reader) readEvents(ctx context.Context, t *Trace, s *findings) (err error) {
	for from := uint64(1); len(s.events) < maxEvents; {
		e, err := next(ctx, r, topology.StreamEnriched, topology.EventsOf(t.ID), from, &datelinev1.Article{})
		if err != nil {
			return err
		}
		if e == nil {
			break
		}
		s.events = append(s.events, e)
		from = e.Sequence + 1
	}
	s.parsed, err = last(ctx, r, topology.StreamParsed, topology.ArticleParsed(t.ID), &datelinev1.Article{})
	return err
}

// quarantinedArticle finds the article of a message in quarantine.
func (r *reader) quarantinedArticle(ctx context.Context, t *Trace) error {
	q, err := quarantine.Open(ctx, r.bus)
	if err != nil {
		return err
	}
	m, err := q.Get(ctx, t.Query)
	if errors.Is(err, quarantine.ErrUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	t.ID = m.GetArticleId()
	if t.ID == "" {
		t.State = StateQuarantined
		t.Summary = fmt.Sprintf("a message on %s that names no article; it is in quarantine since %s: %s", m.GetSubject(), m.GetStage(), m.GetError())
		t.Steps = []Step{{
			At: m.GetQuarantinedAt().AsTime(), Stage: m.GetStage(), Outcome: StateQuarantined, Reason: m.GetClass(),
			Attempt: m.GetAttempt(), Host: m.GetHost(), Version: m.GetCodeVersion(), Notes: []string{m.GetError()}, Quarantine: m.GetId(),
		}}
	}
	return nil
}

// scheduled is the time that a scheduled message is due; zero if it has none.
func scheduled(header nats.Header) time.Time {
	at, ok := strings.CutPrefix(header.Get(jetstream.ScheduleHeader), "@at ")
	if !ok {
		return time.Time{}
	}
	due, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return time.Time{}
	}
	return due
}
