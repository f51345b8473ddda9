package feedread

import (
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// The longest texts, in bytes, that are kept, so that an entry fits well into a message.
const (
	maxTitle   = 1 << 10
	maxSummary = 16 << 10
	maxContent = 256 << 10
	maxName    = 256
	maxGUID    = 1 << 10
)

// resolved gives the absolute http(s) URL that a link means; empty for any other.
func resolved(base, href string) string {
	href = strings.TrimSpace(href)
	if href == "" {
		return ""
	}
	abs, err := urlnorm.Resolve(base, href)
	if err != nil {
		return ""
	}
	return abs
}

// url gives the absolute http(s) URL that a link means; empty for any other.
func (l link) url() string { return resolved(l.base, l.href) }

// keepNewest keeps the newest most entries: by date, those without one by their
// neighbours before them, since feeds that give no dates put the newest first.
func keepNewest(entries []*rawEntry, most int) []*rawEntry {
	if len(entries) <= most {
		return entries
	}
	type dated struct {
		at    time.Time
		index int
	}
	order := make([]dated, len(entries))
	last := time.Time{}
	for i, e := range entries {
		if at := e.date(); !at.IsZero() {
			last = at
		}
		order[i] = dated{last, i}
	}
	slices.SortStableFunc(order, func(a, b dated) int { return b.at.Compare(a.at) })
	order = order[:most]
	slices.SortFunc(order, func(a, b dated) int { return a.index - b.index })
	kept := make([]*rawEntry, most)
	for i, o := range order {
		kept[i] = entries[o.index]
	}
	return kept
}

func (e *rawEntry) date() time.Time {
	if !e.published.IsZero() {
		return e.published
	}
	return e.updated
}

// message gives the feed as a message, entries cleaned and each kept once.
func (f *rawFeed) message(opt Options, report *Report) *datelinev1.Feed {
	out := &datelinev1.Feed{
		Url:         opt.URL,
		Title:       f.title.line(maxTitle),
		Description: f.description.plain(maxSummary),
		SiteUrl:     f.site(),
		Language:    cut(tidyLine(f.lang), 64),
		Format:      f.format,
		HubUrl:      f.hub.url(),
		SelfUrl:     f.self.url(),
		SkipHours:   bits(f.hoursOff, 24),
		SkipDays:    bits(f.daysOff, 7),
		Sitemaps:    f.index(report),
	}
	if out.Language == "" {
		out.Language = contentLanguage(opt.ContentLanguage)
	}
	if wait := f.wait(); wait > 0 {
		out.Ttl = durationpb.New(wait)
	}
	inherited := names(f.authors)
	seen := make(map[[32]byte]bool, len(f.entries))
	for _, raw := range f.entries {
		e := raw.message()
		if e.Language == "" {
			e.Language = out.Language
		}
		if len(e.Authors) == 0 {
			e.Authors = inherited
		}
		id := sha256.Sum256([]byte(e.Guid + "\n" + e.Url))
		if seen[id] {
			report.Duplicates++
			continue
		}
		seen[id] = true
		out.Entries = append(out.Entries, e)
	}
	return out
}

// site gives the page that the feed belongs to.
func (f *rawFeed) site() string {
	site := ""
	for _, l := range f.links {
		if l.rel != "" && l.rel != "alternate" || site != "" && !l.rss {
			continue
		}
		if u := l.url(); u != "" {
			site = u
		}
	}
	return site
}

// message gives the entry as a message.
func (e *rawEntry) message() *datelinev1.Entry {
	out := &datelinev1.Entry{
		Guid:     cut(tidyLine(e.guid), maxGUID),
		Title:    e.title.line(maxTitle),
		Authors:  names(e.authors),
		Language: cut(tidyLine(e.lang), 64),
	}
	out.Url = e.url()
	body := e.content
	if body.empty() && e.summary.kind == htmlText && strings.Contains(e.summary.s, "<") {
		// Many feeds carry the whole article as its description.
		body = e.summary
	}
	var inText []string
	if !body.empty() {
		out.Content, inText = body.html(maxContent)
	}
	out.Summary = e.summary.plain(maxSummary)
	if !e.coarse {
		out.Published = stamp(e.published)
	}
	out.PublishedText, out.Updated = e.publishedText, stamp(e.updated)
	for _, c := range e.categories {
		if c = cut(tidyLine(c), maxName); c != "" && !slices.Contains(out.Categories, c) {
			out.Categories = append(out.Categories, c)
		}
	}
	for _, ref := range append(e.images, inText...) {
		if u := resolved(e.base, ref); u != "" && len(out.Images) < maxImages && !slices.Contains(out.Images, u) {
			out.Images = append(out.Images, u)
		}
	}
	if out.Guid == "" {
		out.Guid = fallbackGUID(out)
	}
	return out
}

// url gives the article's address: the original behind a redirecting service, else the
// link to the page, else any other link to a page, else a guid that is one.
func (e *rawEntry) url() string {
	best, rank := "", 0
	for _, l := range e.links {
		r := 0
		switch {
		case l.rel == "original":
			r = 4
		case l.rel == "" || l.rel == "alternate":
			if r = 3; l.media != "" && !strings.Contains(l.media, "html") {
				r = 2
			}
		case l.rel == "self" || l.rel == "related" || l.rel == "via":
			r = 1
		}
		if r < rank || r == rank && !l.rss {
			continue
		}
		if u := l.url(); u != "" {
			best, rank = u, r
		}
	}
	if rank < 2 && e.guidIsLink {
		if u := resolved("", e.guid); u != "" {
			return u
		}
	}
	return best
}

// fallbackGUID derives an identity for an entry that has none: its address, else its
// texts. It is the same at every poll while these are.
func fallbackGUID(e *datelinev1.Entry) string {
	if e.Url != "" {
		return cut(e.Url, maxGUID)
	}
	at := ""
	if e.Published != nil {
		at = e.Published.AsTime().Format(time.RFC3339)
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{e.Title, e.Summary, e.Content, at}, "\x00")))
	return "sha256:" + hex.EncodeToString(sum[:16])
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// names cleans the names of authors, each once, in their order.
func names(raw []string) []string {
	var out []string
	for _, s := range raw {
		if s = personName(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// personName gives the name in RSS's "desk@example.org (Ann Example)" or in "Ann Example
// <desk@example.org>"; the whole if it holds no address.
func personName(s string) string {
	s = value{s: s, kind: htmlText}.line(4 * maxName)
	if strings.Contains(s, "@") {
		if open := strings.IndexByte(s, '('); open >= 0 {
			if end := strings.LastIndexByte(s, ')'); end > open {
				inside, outside := strings.TrimSpace(s[open+1:end]), strings.TrimSpace(s[:open])
				if strings.Contains(inside, "@") && outside != "" {
					inside = outside
				}
				if inside != "" {
					s = inside
				}
			}
		} else if a, err := mail.ParseAddress(s); err == nil && a.Name != "" {
			s = tidyLine(a.Name)
		}
	}
	return cut(s, maxName)
}
