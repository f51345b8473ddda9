package trace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/shown"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// maxExpected bounds the feeds that are named as those that would bring an article.
const maxExpected = 10

// feed looks whether the query is a feed rather than an article.
func (r *reader) feed(ctx context.Context, t *Trace, s *findings) error {
	id := t.Query
	if !isID(id, 'f') {
		var err error
		if id, err = fetch.FeedName(t.Query); err != nil {
			return nil
		}
	}
	record, err := r.record(ctx, id)
	if err != nil || record == nil {
		return err
	}
	s.feed = record
	if s.found == nil && s.pushed == nil {
		t.Feed = &Feed{ID: id, URL: shown.URL(record.GetFeed().GetUrl()), Title: record.GetFeed().GetTitle()}
	}
	return nil
}

// record reads a feed's record; nil if there is none.
func (r *reader) record(ctx context.Context, id string) (*datelinev1.FeedRecord, error) {
	store, err := bus.OpenStore[datelinev1.FeedRecord](ctx, r.bus.JS, topology.BucketFeeds)
	if err != nil {
		return nil, err
	}
	record, _, err := store.Get(ctx, topology.Token(id))
	if errors.Is(err, bus.ErrNotFound) || errors.Is(err, bus.ErrCorrupt) {
		return nil, nil
	}
	return record, err
}

// describeFeed fills in the state that a feed is in.
func (r *reader) describeFeed(ctx context.Context, f *Feed) error {
	record, err := r.record(ctx, f.ID)
	if err != nil {
		return err
	}
	if record == nil {
		f.State = "removed"
		return nil
	}
	*f = feedOf(record)
	return nil
}

func feedOf(r *datelinev1.FeedRecord) Feed {
	return Feed{
		ID: r.GetFeed().GetId(), URL: shown.URL(r.GetFeed().GetUrl()), Title: r.GetFeed().GetTitle(),
		State: r.GetPoll().GetState(), Reason: r.GetPoll().GetReason(),
		LastPoll: shown.Instant(r.GetPoll().GetLastPollAt()), NextPoll: shown.Instant(r.GetPoll().GetNextPollAt()),
	}
}

// explainAbsence says of an article that nobody has seen which feeds would bring it.
// Only here the registry is read through.
func (r *reader) explainAbsence(ctx context.Context, t *Trace) error {
	t.Summary = "nothing is known of it: it was never found or submitted, or so long ago that it is forgotten"
	if t.URL == "" {
		return nil
	}
	store, err := bus.OpenStore[datelinev1.FeedRecord](ctx, r.bus.JS, topology.BucketFeeds)
	if err != nil {
		return err
	}
	domain := domainOf(t.URL)
	err = store.Each(ctx, func(_ string, record *datelinev1.FeedRecord) error {
		if domain != "" && (domainOf(record.GetFeed().GetUrl()) == domain || domainOf(record.GetFeed().GetSiteUrl()) == domain) {
			t.Expected = append(t.Expected, feedOf(record))
		}
		return nil
	})
	if err != nil && !errors.Is(err, bus.ErrCorrupt) {
		return err
	}
	slices.SortFunc(t.Expected, func(a, b Feed) int { return cmp.Compare(a.URL, b.URL) })
	switch n := len(t.Expected); {
	case n == 0 && domain != "":
		t.Summary += fmt.Sprintf("; no feed of %s is registered: dateline feeds add https://%s/", domain, domain)
	case n == 1:
		t.Summary += fmt.Sprintf("; the feed that would bring it is %s", t.Expected[0].State)
	case n > 1:
		t.Summary += fmt.Sprintf("; %d feeds of %s are registered", n, domain)
	}
	t.Expected = t.Expected[:min(len(t.Expected), maxExpected)]
	return nil
}

// domainOf is the part of an address that one publisher owns; empty if it is none.
func domainOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return u.Host
}
