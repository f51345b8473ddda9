// Package replay sends what is kept through the parser or the enricher once more.
package replay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// Options say what is replayed, and how fast.
type Options struct {
	// From is the first stage: topology.Parser or topology.Enricher.
	From topology.Stage
	// Since and Until bound when a page was fetched, or a document was parsed; zero: all.
	Since, Until time.Time
	// IDs, also as addresses, Host and Language choose articles; empty: all.
	IDs            []string
	Host, Language string
	// Run is the name of the run. Resume says that it was begun before.
	Run    string
	Resume bool
	// Alerts says that standing searches are to hear of it.
	Alerts bool
	// Rate bounds the messages a second; 0: no bound. Window bounds those that wait for a
	// stage, news included.
	Rate   float64
	Window int
}

// ErrNothing means that nothing is kept that was asked for.
var ErrNothing = errors.New("nothing to replay")

// Plan is what a replay would send.
type Plan struct {
	// Messages are the references to send, and Articles those that they are of: several
	// looks at a page may be kept, of which the parser takes the one that counts.
	Messages, Articles int
	// Done are articles that came out of this run before.
	Done int
	// Lost are messages whose payload was set aside, and is gone.
	Lost int
	// Reaches is when the oldest message was stored that is kept.
	Reaches time.Time

	options Options
	bus     *bus.Bus
	items   []item
}

// item is a kept message.
type item struct {
	subject, article, id string
	sequence             uint64
}

// Make looks up what is to be replayed. Nothing is sent.
func Make(ctx context.Context, b *bus.Bus, o Options) (*Plan, error) {
	o.IDs = slices.Clone(o.IDs)
	for i, id := range o.IDs {
		if strings.Contains(id, "/") {
			name, _, _, err := fetch.ArticleName(id)
			if err != nil {
				return nil, fmt.Errorf("%.200q is neither the id nor the address of an article: %w", id, err)
			}
			o.IDs[i] = name
		}
	}
	p := &Plan{options: o, bus: b}
	if err := p.checkStage(ctx); err != nil {
		return nil, err
	}
	of, err := p.chosen(ctx)
	if err != nil {
		return nil, err
	}
	done := map[string]bool{}
	if o.Resume {
		if done, err = p.done(ctx); err != nil {
			return nil, err
		}
	}
	kept, err := p.kept(ctx, of)
	if err != nil {
		return nil, err
	}
	p.Articles = len(kept.order)
	for _, id := range kept.order {
		if done[id] {
			p.Done++
			continue
		}
		// The last first: of an article that was none before, it is the one to take.
		for _, i := range slices.Backward(kept.items[id]) {
			p.items = append(p.items, i)
		}
	}
	p.Messages = len(p.items)
	return p, p.complete(kept)
}

// checkStage refuses streams of an earlier version: what is sent would lie there.
func (p *Plan) checkStage(ctx context.Context) error {
	spec := p.options.From
	stream, err := p.bus.JS.Stream(ctx, spec.Kept)
	if err != nil {
		return fmt.Errorf("open stream %s: %w", spec.Kept, err)
	}
	if s := stream.CachedInfo().State; s.Msgs > 0 {
		p.Reaches = s.FirstTime
	}
	consumer, err := p.bus.JS.Consumer(ctx, spec.Stream, spec.Name)
	if err != nil {
		return fmt.Errorf("look up consumer %s of %s: %w", spec.Name, spec.Stream, err)
	}
	have := consumer.CachedInfo().Config.FilterSubjects
	for _, filter := range spec.Filters {
		if !slices.Contains(have, filter) {
			return fmt.Errorf("stage %s does not take %s: its streams are of an earlier version; run 'dateline setup', and replace every %s that is older than this", spec.Name, filter, spec.Name)
		}
	}
	return nil
}

// chosen are the articles with an event in the language asked for; nil for all.
func (p *Plan) chosen(ctx context.Context) (map[string]bool, error) {
	if p.options.Language == "" {
		return nil, nil
	}
	of := map[string]bool{}
	cfg := since(p.options.Since, topology.EnrichedFilter(p.options.Language, ""))
	return of, scan(ctx, p.bus.JS, topology.StreamEnriched, cfg, func(m jetstream.Msg, _ *jetstream.MsgMetadata) error {
		of[lastToken(m.Subject())] = true
		return nil
	})
}

// done are the articles that came out of this run, as events or otherwise.
func (p *Plan) done(ctx context.Context) (map[string]bool, error) {
	done := map[string]bool{}
	note := func(m jetstream.Msg, _ *jetstream.MsgMetadata) error {
		if m.Headers().Get(stage.HeaderReplay) == p.options.Run {
			done[m.Headers().Get(stage.HeaderArticle)] = true
		}
		return nil
	}
	for stream, filter := range map[string]string{topology.StreamEnriched: topology.EnrichedFilter("", ""), topology.StreamFetch: topology.Ended} {
		if err := scan(ctx, p.bus.JS, stream, since(p.options.Since, filter), note); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// shelf is what is kept, by article, in the order in which articles were first kept.
type shelf struct {
	order []string
	items map[string][]item
}

// kept reads what is kept of the articles asked for.
func (p *Plan) kept(ctx context.Context, of map[string]bool) (*shelf, error) {
	o, found := p.options, &shelf{items: map[string][]item{}}
	host, err := hostName(o.Host)
	if err != nil {
		return nil, err
	}
	cfg := since(o.Since, p.filters(host)...)
	// The subjects of documents do not tell the host.
	byDocument := host != "" && o.From.Name == topology.Enricher.Name
	if byDocument {
		cfg.HeadersOnly = false
	}
	if o.From.Name == topology.Enricher.Name {
		cfg.DeliverPolicy, cfg.OptStartTime = jetstream.DeliverLastPerSubjectPolicy, nil
	}
	return found, scan(ctx, p.bus.JS, o.From.Kept, cfg, func(m jetstream.Msg, meta *jetstream.MsgMetadata) error {
		article := lastToken(m.Subject())
		switch at := meta.Timestamp; {
		case at.Before(o.Since), !o.Until.IsZero() && !at.Before(o.Until), of != nil && !of[article]:
			return nil
		}
		if byDocument {
			if is, err := p.from(ctx, m, host); err != nil || !is {
				return err
			}
		}
		if name := m.Headers().Get(bus.HeaderLarge); name != "" && !byDocument {
			if there, err := p.setAside(ctx, name); err != nil || !there {
				p.Lost++
				return err
			}
		}
		if found.items[article] == nil {
			found.order = append(found.order, article)
		}
		found.items[article] = append(found.items[article], item{
			subject: m.Subject(), article: article, id: m.Headers().Get(jetstream.MsgIDHeader), sequence: meta.Sequence.Stream,
		})
		return nil
	})
}

// filters are the subjects of what is kept of the articles asked for.
func (p *Plan) filters(host string) []string {
	of := func(id string) string { return topology.ArchivedPages(host, id) }
	if p.options.From.Name == topology.Enricher.Name {
		of = topology.ParsedDocuments
	}
	if len(p.options.IDs) == 0 {
		return []string{of("")}
	}
	filters := make([]string, len(p.options.IDs))
	for i, id := range p.options.IDs {
		filters[i] = of(id)
	}
	return filters
}

// from says whether a document is of a page of the host.
func (p *Plan) from(ctx context.Context, m jetstream.Msg, host string) (bool, error) {
	data, err := p.bus.Payload(ctx, m.Headers(), m.Data())
	if errors.Is(err, bus.ErrLost) {
		p.Lost++
		return false, nil
	}
	a := &datelinev1.Article{}
	if err == nil {
		err = bus.Decode(m.Headers(), data, a)
	}
	if err != nil {
		return false, fmt.Errorf("read %s: %w", m.Subject(), err)
	}
	_, _, is, err := fetch.ArticleName(a.GetFetch().GetUrl())
	return err == nil && is == host, nil
}

// setAside says whether a payload that was set aside is there.
func (p *Plan) setAside(ctx context.Context, name string) (bool, error) {
	store, err := p.bus.JS.ObjectStore(ctx, topology.BucketLarge)
	if err != nil {
		return false, fmt.Errorf("open object store: %w", err)
	}
	_, err = store.GetInfo(ctx, name)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up stored payload %s: %w", name, err)
	}
	return true, nil
}

// complete refuses a plan that lacks something that was asked for by name, or all.
func (p *Plan) complete(kept *shelf) error {
	what, other := "page", topology.Enricher.Name
	if p.options.From.Name == topology.Enricher.Name {
		what, other = "document", topology.Parser.Name
	}
	var missing []string
	for _, id := range p.options.IDs {
		if kept.items[topology.Token(id)] == nil {
			missing = append(missing, id)
		}
	}
	switch {
	case len(missing) > 0:
		return fmt.Errorf("%w: no %s is kept of %s, in that time; 'dateline trace' tells what is, and --from %s may do", ErrNothing, what, strings.Join(missing, ", "), other)
	case p.Articles > 0:
		return nil
	case p.Reaches.IsZero():
		return fmt.Errorf("%w: %s is empty", ErrNothing, p.options.From.Kept)
	}
	return fmt.Errorf("%w: no %s is kept that was asked for; what is kept in %s reaches back to %s", ErrNothing, what, p.options.From.Kept, p.Reaches.UTC().Format(time.RFC3339))
}

// hostName is a host as it stands in subjects.
func hostName(host string) (string, error) {
	if host == "" {
		return "", nil
	}
	_, _, name, err := fetch.ArticleName("https://" + host + "/")
	if err != nil || name == "" {
		return "", fmt.Errorf("%q is not the name of a host, such as news.example.org", host)
	}
	return name, nil
}

func lastToken(subject string) string { return subject[strings.LastIndexByte(subject, '.')+1:] }
