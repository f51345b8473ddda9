package console

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/shown"
	"github.com/dateline-news/dateline/services/dateline/view"
)

const (
	// maxLine bounds a field of a list, in characters.
	maxLine = 240
	// maxText bounds the text that one article is shown with, in characters: some
	// 60 pages of print.
	maxText = 200_000
	// maxItems bounds each list of an article that is shown.
	maxItems = 1000
)

// summary is what the list of the latest articles shows of one.
type summary struct {
	Sequence  uint64     `json:"seq"`
	ID        string     `json:"id"`
	Revision  uint32     `json:"revision"`
	At        time.Time  `json:"at"`
	FirstSeen *time.Time `json:"firstSeen,omitempty"`
	Headline  string     `json:"headline"`
	Language  string     `json:"language"`
	Dateline  string     `json:"dateline,omitempty"`
	Country   string     `json:"country,omitempty"`
	Published *time.Time `json:"published,omitempty"`
	Precision string     `json:"precision,omitempty"`
	Source    string     `json:"source"`
	Topic     string     `json:"topic,omitempty"`
	PageType  string     `json:"pageType,omitempty"`
	Words     uint32     `json:"words"`
	Quotes    int        `json:"quotes"`
	Acronyms  int        `json:"acronyms"`
	Cluster   uint32     `json:"cluster,omitempty"`
	ClusterID string     `json:"clusterId,omitempty"`
	// Similarity is that to the nearest article of its cluster.
	Similarity float64 `json:"similarity,omitempty"`
	URL        string  `json:"url,omitempty"`
}

func summarise(a *datelinev1.Article) summary {
	doc, e := a.GetDocument(), a.GetEnrichment()
	s := summary{
		ID:        cut(a.GetId(), maxLine),
		Revision:  a.GetRevision(),
		FirstSeen: shown.Instant(a.GetFirstSeenAt()),
		Headline:  cut(doc.GetHeadline(), maxLine),
		Language:  cut(e.GetLanguage().GetCode(), 8),
		Dateline:  cut(e.GetDateline().GetLocated(), 60),
		Country:   cut(e.GetDateline().GetCountryCode(), 2),
		Published: shown.Instant(doc.GetPublishedAt()),
		Precision: cut(doc.GetPublishedPrecision(), 8),
		Source:    cut(sourceName(a), 80),
		PageType:  cut(doc.GetPageType(), 16),
		Words:     doc.GetWordCount(),
		Quotes:    len(e.GetQuotes()),
		Acronyms:  len(e.GetAcronyms()),
		Cluster:   e.GetCluster().GetSize(),
		ClusterID: cut(e.GetCluster().GetId(), maxLine),
		URL:       cut(cmp.Or(a.GetDocument().GetCanonicalUrl(), a.GetFetch().GetUrl()), 2*maxLine),

		Similarity: e.GetCluster().GetSimilarity(),
	}
	if topics := e.GetTopics(); len(topics) > 0 {
		s.Topic = cut(topics[0].GetLabel(), 40)
	}
	return s
}

func sourceName(a *datelinev1.Article) string {
	for _, s := range []string{a.GetDocument().GetSiteName(), a.GetSource().GetFeedTitle()} {
		if s != "" {
			return s
		}
	}
	for _, s := range []string{a.GetDocument().GetCanonicalUrl(), a.GetFetch().GetFinalUrl(), a.GetFetch().GetUrl()} {
		if u, err := url.Parse(s); err == nil && u.Host != "" {
			return u.Host
		}
	}
	return "pushed"
}

// event is one article whole, as the page shows it.
type event struct {
	Sequence uint64    `json:"seq"`
	Subject  string    `json:"subject"`
	At       time.Time `json:"at"`
	Bytes    int       `json:"bytes"`
	// Truncated says that text, or a list, is longer than what is shown.
	Truncated bool            `json:"truncated,omitempty"`
	Article   json.RawMessage `json:"article"`
}

// eventAt answers with the event that has a sequence.
func (c *Console) eventAt(ctx context.Context, r *http.Request) (any, error) {
	sequence, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	if err != nil || sequence == 0 {
		return nil, &refusal{http.StatusBadRequest, "an article is asked for by its sequence in the stream, a positive number"}
	}
	e, err := c.readEvent(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, &refusal{http.StatusNotFound, "the event is not in the stream any more"}
	}
	return e, err
}

func (c *Console) readEvent(ctx context.Context, sequence uint64) (event, error) {
	stream, err := c.bus.JS.Stream(ctx, topology.StreamEnriched)
	if err != nil {
		return event{}, fmt.Errorf("open %s: %w", topology.StreamEnriched, err)
	}
	raw, err := stream.GetMsg(ctx, sequence)
	if err != nil {
		return event{}, fmt.Errorf("read event %d: %w", sequence, err)
	}
	payload, err := c.bus.Payload(ctx, raw.Header, raw.Data)
	if err != nil {
		return event{}, fmt.Errorf("read event %d: %w", sequence, err)
	}
	a := &datelinev1.Article{}
	if err := bus.Decode(raw.Header, payload, a); err != nil {
		return event{}, fmt.Errorf("read event %d: %w", sequence, err)
	}
	e := event{Sequence: sequence, Subject: raw.Subject, At: raw.Time.UTC(), Bytes: len(payload), Truncated: trim(a)}
	e.Article, err = view.JSON(a)
	return e, err
}

// trim shortens an article to what a page can show, and says whether anything
// was cut off.
func trim(a *datelinev1.Article) bool {
	if entry := a.GetSource().GetEntry(); entry != nil {
		// The page shows the document's text, not the feed's markup.
		entry.Content = ""
	}
	cutOff := false
	if doc := a.GetDocument(); doc != nil {
		short := cut(doc.GetText(), maxText)
		cutOff = len(short) < len(doc.GetText())
		doc.Text = short
		doc.Blocks = atMost(doc.GetBlocks(), &cutOff)
		doc.Links = nil
	}
	if e := a.GetEnrichment(); e != nil {
		e.Entities = atMost(e.GetEntities(), &cutOff)
		e.Quotes = atMost(e.GetQuotes(), &cutOff)
		e.Acronyms = atMost(e.GetAcronyms(), &cutOff)
		e.Dates = atMost(e.GetDates(), &cutOff)
		e.Keyphrases = atMost(e.GetKeyphrases(), &cutOff)
	}
	return cutOff
}

func atMost[T any](list []T, cutOff *bool) []T {
	if len(list) <= maxItems {
		return list
	}
	*cutOff = true
	return list[:maxItems]
}

// cut shortens s to at most n characters.
func cut(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	i := 0
	for at := range s {
		if i == n-1 {
			return s[:at] + "…"
		}
		i++
	}
	return s
}
