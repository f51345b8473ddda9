package feedread

import (
	"strings"
	"time"
)

// kind says how a text is written.
type kind uint8

const (
	plainText kind = iota
	htmlText
)

// value is a text as the feed gives it.
type value struct {
	s    string
	kind kind
	base string
}

func (v value) empty() bool { return strings.TrimSpace(v.s) == "" }

// link is a link with its relation, not yet resolved against its base.
type link struct {
	href, base, rel, media string
	rss                    bool // of RSS, where the last of several counts
}

// rawEntry is an entry before cleaning.
type rawEntry struct {
	guid       string
	guidIsLink bool
	links      []link
	title      value
	summary    value
	content    value
	authors    []string
	published  time.Time
	updated    time.Time
	// publishedText is published as given, where it is less exact than a time.
	publishedText string
	coarse        bool // published is less exact than a day
	categories    []string
	lang          string
	images        []string
	// ranks are those of the elements that gave the fields so far.
	ranks [numFields]uint8
	base  string
}

// field numbers the fields of an entry or feed that several elements can give.
type field uint8

const (
	fieldTitle field = iota
	fieldSummary
	fieldContent
	fieldPublished
	fieldUpdated
	fieldLang
	fieldGUID
	numFields
)

// better tells whether an element of a rank gives a field a better value than it has,
// and notes it. Of equal ranks the first one stands.
func better(ranks *[numFields]uint8, f field, rank uint8) bool {
	if rank <= ranks[f] {
		return false
	}
	ranks[f] = rank
	return true
}

// rawFeed is a feed before cleaning.
type rawFeed struct {
	format      string
	title       value
	description value
	links       []link
	authors     []string
	lang        string
	ttl         time.Duration
	updatePer   time.Duration
	updateFreq  int
	hub, self   link
	hoursOff    uint32 // bit n: hour n
	daysOff     uint32 // bit n: day n, Sunday first
	base        string
	ranks       [numFields]uint8
	entries     []*rawEntry
	sitemaps    []listed
	pages       int // of a sitemap, read so far
	dropped     int // entries not kept
	dates       *dateReader
	// keep is called after each entry, to hold their number within bounds.
	keep func()
}

func (f *rawFeed) add(e *rawEntry) {
	f.entries = append(f.entries, e)
	f.keep()
}

// wait gives what the feed asks pollers to wait between polls: the longer of ttl and
// the syndication module's period.
func (f *rawFeed) wait() time.Duration {
	per := f.updatePer
	if per > 0 && f.updateFreq > 1 {
		per /= time.Duration(f.updateFreq)
	}
	const most = 30 * 24 * time.Hour
	return min(max(f.ttl, per), most)
}
