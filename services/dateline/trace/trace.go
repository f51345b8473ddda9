// Package trace tells the whole life of one article from what the streams hold.
package trace

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// States that an article can be in.
const (
	StateWaiting     = "waiting"
	StateWorking     = "in hand"
	StateEnriched    = "enriched"
	StateDropped     = "dropped"
	StateDuplicate   = "duplicate"
	StateQuarantined = "quarantined"
	// StateReleased is that of what was quarantined and is not there any more, and
	// did not become an event.
	StateReleased = "released"
	// StateLost is that of what was found, and nothing tells what became of it: the
	// marks have expired.
	StateLost    = "lost track of"
	StateFeed    = "feed"
	StateUnknown = "unknown"
)

// Trace is what is known of an article.
type Trace struct {
	Query string `json:"query"`
	ID    string `json:"id,omitempty"`
	URL   string `json:"url,omitempty"`
	// State is one of the words of this package; Summary says it in a sentence.
	State     string     `json:"state"`
	Summary   string     `json:"summary"`
	Headline  string     `json:"headline,omitempty"`
	FirstSeen *time.Time `json:"firstSeen,omitempty"`
	Aliases   []string   `json:"aliases,omitempty"`
	// SameAs is the article that this one turned out to be.
	SameAs string  `json:"sameAs,omitempty"`
	Feed   *Feed   `json:"feed,omitempty"`
	Events []Event `json:"events,omitempty"`
	// Kept is the raw page, from which it could be parsed again.
	Kept    *Stored  `json:"kept,omitempty"`
	Cluster *Cluster `json:"cluster,omitempty"`
	Steps   []Step   `json:"steps,omitempty"`
	// Expected are the feeds that would bring an article of an unknown address.
	Expected []Feed `json:"expected,omitempty"`
}

// Known says whether there is anything of the article.
func (t *Trace) Known() bool { return t.State != StateUnknown }

// Step is one thing that happened, or that is to come.
type Step struct {
	At      time.Time `json:"at"`
	Stage   string    `json:"stage"`
	Outcome string    `json:"outcome"`
	Reason  string    `json:"reason,omitempty"`
	// Revision is that of the article; 0 where it is not known.
	Revision uint32 `json:"revision,omitempty"`
	Attempt  uint32 `json:"attempt,omitempty"`
	// Took is in seconds.
	Took       float64  `json:"took,omitempty"`
	Host       string   `json:"host,omitempty"`
	Version    string   `json:"version,omitempty"`
	Notes      []string `json:"notes,omitempty"`
	Quarantine string   `json:"quarantine,omitempty"`
	// Ahead says that At is to come.
	Ahead bool `json:"ahead,omitempty"`
}

// Event is one enriched event of the article.
type Event struct {
	Stored
	Revision uint32   `json:"revision"`
	Changed  []string `json:"changed,omitempty"`
	Vanished bool     `json:"vanished,omitempty"`
	// Replay is the run of 'dateline replay' that it came of.
	Replay string `json:"replay,omitempty"`
}

// Stored is a message's place.
type Stored struct {
	Stream   string    `json:"stream"`
	Sequence uint64    `json:"seq"`
	Subject  string    `json:"subject"`
	At       time.Time `json:"at"`
	Bytes    int       `json:"bytes"`
}

// Cluster says which articles tell the same.
type Cluster struct {
	ID         string  `json:"id"`
	Size       uint32  `json:"size"`
	First      string  `json:"first"`
	Nearest    string  `json:"nearest,omitempty"`
	Similarity float64 `json:"similarity,omitempty"`
}

// Feed is what a trace tells of a feed.
type Feed struct {
	ID       string     `json:"id"`
	URL      string     `json:"url"`
	Title    string     `json:"title,omitempty"`
	State    string     `json:"state,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	LastPoll *time.Time `json:"lastPoll,omitempty"`
	NextPoll *time.Time `json:"nextPoll,omitempty"`
}

// Of traces an article by its address or id, or by the id of its message in
// quarantine. What is not known is an answer, too, and no error.
func Of(ctx context.Context, b *bus.Bus, query string) (*Trace, error) {
	query = strings.TrimSpace(query)
	t := &Trace{Query: query}
	r, err := open(ctx, b)
	if err != nil {
		return nil, err
	}
	if err := r.name(ctx, t); err != nil {
		return nil, err
	}
	s, err := r.gather(ctx, t)
	if err != nil {
		return nil, err
	}
	t.tell(s)
	if t.State != StateUnknown {
		if t.Feed != nil {
			return t, r.describeFeed(ctx, t.Feed)
		}
		return t, nil
	}
	return t, r.explainAbsence(ctx, t)
}

// name finds the article that a query is about.
func (r *reader) name(ctx context.Context, t *Trace) error {
	switch {
	case t.Query == "":
		return fmt.Errorf("trace needs the address or the id of an article")
	case isID(t.Query, 'q'):
		return r.quarantinedArticle(ctx, t)
	case isID(t.Query, 'f'):
		return nil
	case !strings.ContainsAny(t.Query, ".:/ "):
		t.ID = t.Query
		return nil
	}
	id, address, host, err := fetch.ArticleName(t.Query)
	if err != nil {
		return fmt.Errorf("%.200q is neither the id nor the address of an article: %w", t.Query, err)
	}
	t.ID, t.URL, r.host = id, address, host
	return nil
}

// isID says whether a query has the form of an id: a letter that tells of what, and
// base32.
func isID(s string, kind byte) bool {
	if len(s) < 16 || len(s) > 64 || s[0] != kind {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}
