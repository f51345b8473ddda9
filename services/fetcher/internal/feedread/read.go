// Package feedread turns the bytes of a feed, as real publishers serve them,
// into a Feed with its entries.
package feedread

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Options says what is known of a feed's bytes besides the bytes.
type Options struct {
	// URL is where the bytes came from, after redirects. Relative links are
	// resolved against it; it may be empty.
	URL string
	// ContentType is the Content-Type header as given; it may be empty.
	ContentType string
	// ContentLanguage is the Content-Language header as given, for documents that
	// declare no language; it may be empty.
	ContentLanguage string
	// MaxEntries caps the entries that are returned; 0 means 2,000. The newest
	// are kept.
	MaxEntries int
	// MaxBytes caps what compressed bytes are unpacked to; 0 means 10 MiB. What stands
	// behind is not read.
	MaxBytes int
	// Listed says that a site names these bytes as its sitemap: then plain lines of
	// addresses are one, too.
	Listed bool
	// Now is the clock, which tells dates in the future; nil means time.Now.
	Now func() time.Time
	// Report, if not nil, is filled with what was done to the bytes.
	Report *Report
}

// Report says what Read had to do to get the feed.
type Report struct {
	// Charset is the encoding that the bytes were decoded from, such as
	// "windows-1252".
	Charset string
	// Repaired is set where bytes that are no text were replaced or removed.
	Repaired bool
	// Truncated says why reading ended before the document did; empty if it did
	// not. Entries that were complete by then are kept.
	Truncated string
	// Dropped counts entries beyond the cap.
	Dropped int
	// Duplicates counts entries that repeated an earlier one.
	Duplicates int
}

// NotFeed is the error for bytes that are no feed.
type NotFeed struct {
	// Found is what the bytes look like: "html", "empty", "binary", "xml",
	// "json", "opml" or "text".
	Found string
	// Reason says in a few words what is missing.
	Reason string
}

// Error gives a short message for people.
func (e *NotFeed) Error() string {
	return fmt.Sprintf("not a feed but %s: %s", e.Found, e.Reason)
}

// defaultEntries caps the entries of a feed where Options do not.
const defaultEntries = 2000

// Read reads an RSS 0.9x–2.0, RSS 1.0 or 1.1 (RDF), Atom 0.3 or 1.0, CDF or JSON Feed
// document, or a sitemap or sitemap index (sitemaps.org, protocol 0.9), also as a gzip
// file. Titles and summaries come as plain text, content as sanitised HTML, links
// absolute; all strings are valid UTF-8 without control characters besides the line
// ends in summaries and content. Of a document that breaks off, the complete entries
// are kept. The error is a *NotFeed.
func Read(body []byte, opt Options) (*datelinev1.Feed, error) {
	if opt.MaxEntries <= 0 {
		opt.MaxEntries = defaultEntries
	}
	now := time.Now
	if opt.Now != nil {
		now = opt.Now
	}
	report := opt.Report
	if report == nil {
		report = new(Report)
	}
	*report = Report{}
	body, cutShort := unpack(body, opt.MaxBytes)
	if err := binary(body); err != nil {
		return nil, err
	}
	var doc string
	doc, report.Charset, report.Repaired = decode(body, opt.ContentType)
	doc = strings.TrimFunc(doc, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
	if doc == "" {
		return nil, &NotFeed{Found: "empty", Reason: "there is nothing in it"}
	}
	feed := &rawFeed{dates: &dateReader{now: now()}}
	feed.keep = func() {
		// Twice the cap at most stand in memory.
		if len(feed.entries) >= 2*opt.MaxEntries {
			report.Dropped += len(feed.entries) - opt.MaxEntries
			feed.entries = keepNewest(feed.entries, opt.MaxEntries)
		}
	}
	truncated, err := readDocument(doc, opt, feed)
	if err != nil {
		return nil, err
	}
	report.Truncated = cmp.Or(cutShort, truncated)
	report.Dropped += feed.dropped + max(0, len(feed.entries)-opt.MaxEntries)
	feed.entries = keepNewest(feed.entries, opt.MaxEntries)
	return feed.message(opt, report), nil
}

// readDocument reads a document of any of the formats.
func readDocument(doc string, opt Options, feed *rawFeed) (truncated string, err error) {
	switch {
	case doc[0] == '{', doc[0] == '[':
		return readJSON(doc, opt.URL, feed)
	case opt.Listed && doc[0] != '<':
		return "", readLines(doc, opt.URL, feed)
	}
	return readXML(doc, opt.URL, feed)
}

// signatures begin files that are no text.
var signatures = map[string]string{
	"\x1f\x8b": "a gzip file", "PK\x03\x04": "a zip file", "%PDF-": "a PDF file", "\x89PNG": "a PNG image", "\xff\xd8\xff": "a JPEG image", "GIF8": "a GIF image",
	"\x7fELF": "a program",
}

// binary refuses bytes that are no text: known files, and those with many zero bytes
// where no encoding puts them.
func binary(body []byte) error {
	for mark, name := range signatures {
		if bytes.HasPrefix(body, []byte(mark)) {
			return &NotFeed{Found: "binary", Reason: "it is " + name}
		}
	}
	head := body[:min(len(body), 1024)]
	if enc, _, _ := byPattern(head); enc == nil && bytes.Count(head, []byte{0}) > len(head)/8 {
		return &NotFeed{Found: "binary", Reason: "it holds bytes that are no text"}
	}
	return nil
}
