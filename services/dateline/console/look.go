package console

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/account"
	"github.com/dateline-news/dateline/services/dateline/internal/shown"
	"github.com/dateline-news/dateline/services/dateline/trace"
	"github.com/dateline-news/dateline/services/enricher/watch"
)

const (
	// maxQuery bounds what is searched for, in bytes.
	maxQuery = 2048
	// maxPreview bounds what is shown of a quarantined payload, in characters.
	maxPreview = 4000
)

// look makes a handler of a question to the broker. Few are asked at once, for each
// may read large messages.
func (c *Console) look(ask func(ctx context.Context, r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), brokerTimeout)
		defer cancel()
		select {
		case c.reads <- struct{}{}:
			defer func() { <-c.reads }()
		case <-ctx.Done():
			refuse(w, http.StatusServiceUnavailable, "too much is being read; try again")
			return
		}
		err := c.bus.Ready()
		var answer any
		if err == nil {
			answer, err = ask(ctx, r)
		}
		var refused *refusal
		if errors.As(err, &refused) {
			refuse(w, refused.status, refused.why)
			return
		}
		c.answer(w, answer, err)
	}
}

// traced tells the life of the article that is asked for.
func (c *Console) traced(ctx context.Context, r *http.Request) (any, error) {
	query := strings.TrimSpace(r.URL.Query().Get("q"))
	if query == "" || len(query) > maxQuery {
		return nil, &refusal{http.StatusBadRequest, "give the address or the id of an article"}
	}
	t, err := trace.Of(ctx, c.bus, query)
	if err != nil && c.bus.Ready() == nil && ctx.Err() == nil {
		return nil, &refusal{http.StatusUnprocessableEntity, err.Error()}
	}
	return t, err
}

// searched are the articles among the latest in which all words are.
func (c *Console) serveSearch(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	words := strings.Fields(strings.ToLower(query.Get("q")))
	if len(query.Get("q")) > maxQuery {
		refuse(w, http.StatusBadRequest, "that is too much to search for")
		return
	}
	found, of := c.hub.search(func(s summary) bool {
		if lang := query.Get("lang"); lang != "" && s.Language != lang {
			return false
		}
		if topic := query.Get("topic"); topic != "" && s.Topic != topic {
			return false
		}
		text := strings.ToLower(strings.Join([]string{s.Headline, s.Source, s.Dateline, s.Country, s.Topic, s.ID, s.URL}, "\n"))
		for _, word := range words {
			if !strings.Contains(text, word) {
				return false
			}
		}
		return true
	})
	writeJSON(w, http.StatusOK, map[string]any{"articles": found, "of": of})
}

// serveClusters lists the clusters among the latest articles.
func (c *Console) serveClusters(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"clusters": c.hub.clusters()})
}

func (c *Console) serveBooks(w http.ResponseWriter, _ *http.Request) {
	// A collector that fails hides its own metrics only.
	families, _ := c.metrics.Gather()
	stages := account.Books(families)
	if stages == nil {
		stages = []account.Stage{}
	}
	writeJSON(w, http.StatusOK, map[string]any{"stages": stages})
}

// watched is a standing search with its last alert.
type watched struct {
	Name  string     `json:"name"`
	Query string     `json:"query"`
	Since *time.Time `json:"since,omitempty"`
	// Last is when it matched last, and Article what.
	Last    *time.Time `json:"last,omitempty"`
	Article string     `json:"article,omitempty"`
}

// watchedFor lists the standing searches.
func (c *Console) watchedFor(ctx context.Context, _ *http.Request) (any, error) {
	store, err := watch.Open(ctx, c.bus)
	if err != nil {
		return nil, err
	}
	all, err := store.List(ctx)
	if err != nil {
		return nil, err
	}
	alerts, err := c.bus.JS.Stream(ctx, topology.StreamAlerts)
	if err != nil {
		return nil, err
	}
	list := []watched{}
	for _, w := range all {
		line := watched{Name: cut(w.GetName(), maxLine), Query: cut(w.GetQuery(), 2*maxLine), Since: shown.Instant(w.GetCreatedAt())}
		last, err := alerts.GetLastMsgForSubject(ctx, topology.AlertsOf(w.GetName()))
		if err == nil {
			at := last.Time.UTC()
			line.Last, line.Article = &at, cut(last.Header.Get(stage.HeaderArticle), maxLine)
		} else if !errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil, err
		}
		list = append(list, line)
	}
	return map[string]any{"watches": list}, nil
}

// feedDetail is a feed with its past.
type feedDetail struct {
	feed
	Labels  map[string]string `json:"labels,omitempty"`
	Site    string            `json:"site,omitempty"`
	Hub     string            `json:"hub,omitempty"`
	Changes []feedChange      `json:"changes"`
}

type feedChange struct {
	At     time.Time `json:"at"`
	State  string    `json:"state"`
	Reason string    `json:"reason,omitempty"`
}

func (c *Console) feedWithPast(ctx context.Context, r *http.Request) (any, error) {
	id := r.PathValue("id")
	store, err := bus.OpenStore[datelinev1.FeedRecord](ctx, c.bus.JS, topology.BucketFeeds)
	if err != nil {
		return nil, err
	}
	record, _, err := store.Get(ctx, topology.Token(id))
	if errors.Is(err, bus.ErrNotFound) {
		return nil, &refusal{http.StatusNotFound, "the feed is not registered any more"}
	}
	if err != nil {
		return nil, err
	}
	d := feedDetail{feed: newFeed(record), Labels: record.GetFeed().GetLabels(), Site: withoutUser(record.GetFeed().GetSiteUrl()), Changes: []feedChange{}}
	if h := record.GetHub(); h != nil {
		d.Hub = cut(h.GetState(), 40)
	}
	for _, change := range slices.Backward(record.GetPoll().GetChanges()) {
		d.Changes = append(d.Changes, feedChange{At: change.GetAt().AsTime(), State: cut(change.GetState(), 20), Reason: cut(change.GetReason(), maxLine)})
	}
	return d, nil
}

// quarantineDetail is a quarantined message whole, as far as a page can show it.
type quarantineDetail struct {
	quarantined
	Host     string   `json:"host,omitempty"`
	Stream   string   `json:"stream"`
	Sequence uint64   `json:"seq"`
	Headers  []string `json:"headers"`
	// Preview is the payload's text; empty where it is none.
	Preview string `json:"preview,omitempty"`
}

func (c *Console) quarantineWhole(ctx context.Context, r *http.Request) (any, error) {
	_, m, err := c.quarantined(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	d := quarantineDetail{
		quarantined: quarantinedOf(m.Quarantined), Host: cut(m.GetHost(), maxLine), Stream: m.GetStream(), Sequence: m.GetSequence(), Headers: []string{},
	}
	d.Error = cut(m.GetError(), maxPreview)
	for _, name := range slices.Sorted(maps.Keys(m.GetHeaders())) {
		for _, value := range m.GetHeaders()[name].GetValues() {
			d.Headers = append(d.Headers, cut(name+": "+value, 2*maxLine))
		}
	}
	if p := m.GetPayload(); utf8.Valid(p) && !bytes.ContainsRune(p, 0) {
		d.Preview = cut(string(p), maxPreview)
	}
	return d, nil
}
