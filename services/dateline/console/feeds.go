package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/shown"
)

// maxFeeds is how many feeds of one state are listed.
const maxFeeds = 100

// feedStates are the states that a feed can be in, the one that most needs a
// look first.
var feedStates = []string{"failing", "gone", "moved", "limited", "late", "quiet", "new", "healthy"}

// otherState stands for a state that this version does not know.
const otherState = "other"

// feedList is the registry, by state.
type feedList struct {
	Total int `json:"total"`
	// Revision is that of the registry when the list was read; see change.
	Revision string      `json:"revision"`
	States   []feedState `json:"states"`
}

// feedState is a state with the feeds that are in it, at most maxFeeds.
type feedState struct {
	State string `json:"state"`
	Count int    `json:"count"`
	Feeds []feed `json:"feeds"`
}

// feed is what the page shows of a feed. It has no place for request headers,
// which may hold keys.
type feed struct {
	ID          string     `json:"id"`
	URL         string     `json:"url"`
	Title       string     `json:"title,omitempty"`
	Language    string     `json:"language,omitempty"`
	Format      string     `json:"format,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	AddedAt     *time.Time `json:"addedAt,omitempty"`
	LastPoll    *time.Time `json:"lastPoll,omitempty"`
	LastNew     *time.Time `json:"lastNew,omitempty"`
	NextPoll    *time.Time `json:"nextPoll,omitempty"`
	Interval    float64    `json:"intervalSeconds,omitempty"`
	Errors      uint32     `json:"errorsInARow,omitempty"`
	LastStatus  uint32     `json:"lastStatus,omitempty"`
	Polls       uint32     `json:"polls"`
	EntriesSeen uint32     `json:"entriesFound"`
}

// readFeeds reads the registry.
func readFeeds(ctx context.Context, b *bus.Bus) (feedList, error) {
	stream, err := b.JS.Stream(ctx, feedsStream)
	if err != nil {
		return feedList{}, fmt.Errorf("open the registry: %w", err)
	}
	store, err := bus.OpenStore[datelinev1.FeedRecord](ctx, b.JS, topology.BucketFeeds)
	if err != nil {
		return feedList{}, err
	}
	states := make(map[string]*feedState, len(feedStates)+1)
	for _, name := range append(slices.Clone(feedStates), otherState) {
		states[name] = &feedState{State: name, Feeds: []feed{}}
	}
	list := feedList{Revision: revision(stream.CachedInfo().State), States: []feedState{}}
	err = store.Each(ctx, func(_ string, record *datelinev1.FeedRecord) error {
		list.Total++
		s, ok := states[record.GetPoll().GetState()]
		if !ok {
			s = states[otherState]
		}
		s.Count++
		if len(s.Feeds) < maxFeeds {
			s.Feeds = append(s.Feeds, newFeed(record))
		}
		return nil
	})
	// A record that cannot be read is counted by the gauge, and hides no other.
	if err != nil && !errors.Is(err, bus.ErrCorrupt) {
		return feedList{}, err
	}
	for _, name := range append(slices.Clone(feedStates), otherState) {
		if s := states[name]; s.Count > 0 {
			slices.SortFunc(s.Feeds, func(a, b feed) int { return cmp.Compare(a.URL, b.URL) })
			list.States = append(list.States, *s)
		}
	}
	return list, nil
}

func newFeed(r *datelinev1.FeedRecord) feed {
	f, p := r.GetFeed(), r.GetPoll()
	return feed{
		ID:          cut(f.GetId(), maxLine),
		URL:         withoutUser(f.GetUrl()),
		Title:       cut(f.GetTitle(), maxLine),
		Language:    cut(f.GetLanguage(), 16),
		Format:      cut(f.GetFormat(), 16),
		Reason:      cut(p.GetReason(), maxLine),
		AddedAt:     shown.Instant(p.GetAddedAt()),
		LastPoll:    shown.Instant(p.GetLastPollAt()),
		LastNew:     shown.Instant(p.GetLastNewAt()),
		NextPoll:    shown.Instant(p.GetNextPollAt()),
		Interval:    p.GetInterval().AsDuration().Seconds(),
		Errors:      p.GetConsecutiveErrors(),
		LastStatus:  p.GetLastStatus(),
		Polls:       p.GetPolls(),
		EntriesSeen: p.GetEntriesFound(),
	}
}

// withoutUser is a URL without the user and password that it may hold.
func withoutUser(s string) string { return cut(shown.URL(s), 2*maxLine) }
