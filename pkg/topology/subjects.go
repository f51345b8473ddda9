// Package topology is the only place that spells subjects, streams, consumers
// and buckets, with their settings.
package topology

import (
	"strings"
	"sync"
)

// Subjects of the public contract. See docs/events.md.
const (
	SubjectFeedSubmit    = "feeds.submit"
	SubjectFeedRemove    = "feeds.remove"
	SubjectArticleSubmit = "articles.submit"
)

// Token encodes s as one subject token, so that no input can forge a subject:
// lower-case letters, digits and '-' stand for themselves, a dot becomes '_',
// every other byte becomes "=xx". It is injective on lower-case input, and the
// empty string becomes "=".
func Token(s string) string {
	if s == "" {
		return "="
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-':
			b.WriteByte(c)
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		case c == '.':
			b.WriteByte('_')
		default:
			b.WriteByte('=')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// FeedSchedule is where a feed's one scheduled message stands; FeedPoll is where
// it appears when it is due.
func FeedSchedule(feedID string) string { return "feeds.schedule." + Token(feedID) }

// FeedPoll is the subject of a due poll.
func FeedPoll(feedID string) string { return "feeds.poll." + Token(feedID) }

// ArticleFound is the subject of an article to fetch; it is also its entry in
// the seen-set, so it is unique to the article.
func ArticleFound(host, articleID string) string {
	return "articles.found." + Token(host) + "." + Token(articleID)
}

// ArticlePushed is the seen-set's entry of a pushed document.
func ArticlePushed(articleID string) string { return "articles.pushed." + Token(articleID) }

// ArticleAlias is the seen-set's entry of another name of an article: an address
// that its page calls canonical, or a publisher's identifier.
func ArticleAlias(key string) string { return "articles.alias." + Token(key) }

// ArticleVisited is where the last look at an article's page is remembered.
func ArticleVisited(articleID string) string { return "articles.visited." + Token(articleID) }

// ArticleEnded is where a stage that did not pass an article on leaves word of it: the
// last such message, one a stage.
func ArticleEnded(articleID, stage string) string {
	return "articles.ended." + Token(articleID) + "." + Token(stage)
}

// FeedDeliver is the subject of a feed document that a hub delivered.
func FeedDeliver(feedID string) string { return "feeds.deliver." + Token(feedID) }

// PageWait is where a page waits for its slot on its host; PageDue is where it
// appears at that time.
func PageWait(host, articleID string) string {
	return "pages.wait." + Token(host) + "." + Token(articleID)
}

// PagesWaiting is the filter of all pages that wait.
const PagesWaiting = "pages.wait.>"

// PageDue is the subject of a page that may be fetched now.
func PageDue(host, articleID string) string {
	return "pages.due." + Token(host) + "." + Token(articleID)
}

// ArticleFetched is the subject of a page on its way to the parser.
func ArticleFetched(host, articleID string) string {
	return "articles.fetched." + Token(host) + "." + Token(articleID)
}

// ArticleParsed is the subject of a document on its way to the enricher.
func ArticleParsed(articleID string) string { return "articles.parsed." + Token(articleID) }

// ArticleEnriched is the subject of the enriched event. An empty language is
// "und", an empty topic "none".
func ArticleEnriched(lang, topic, articleID string) string {
	if lang == "" {
		lang = "und"
	}
	if topic == "" {
		topic = "none"
	}
	return "articles.enriched." + Token(lang) + "." + Token(topic) + "." + Token(articleID)
}

// EventsOf is the filter of an article's events, whatever their language and topic.
func EventsOf(articleID string) string { return "articles.enriched.*.*." + Token(articleID) }

// FoundAnywhere is the filter of an article's entry in the seen-set where its host is
// not known.
func FoundAnywhere(articleID string) string { return "articles.found.*." + Token(articleID) }

// ArchiveOf is the subject under which a fetched page is kept.
func ArchiveOf(fetched string) string {
	return "archive.fetched." + strings.TrimPrefix(fetched, "articles.fetched.")
}

// ArchivedPages is the filter of the pages kept of a host, or of an article; empty
// arguments match all.
func ArchivedPages(host, articleID string) string {
	return "archive.fetched." + tokenOrAny(host) + "." + tokenOrAny(articleID)
}

// ParsedDocuments is the filter of the documents kept of an article; of all where it is
// empty.
func ParsedDocuments(articleID string) string { return "articles.parsed." + tokenOrAny(articleID) }

func tokenOrAny(s string) string {
	if s == "" {
		return "*"
	}
	return Token(s)
}

// Ended is the filter of all words of where articles ended.
const Ended = "articles.ended.*.*"

// ReplayOf is the subject on which a kept page or document is replayed; "" where what is
// kept on a subject cannot be.
func ReplayOf(kept string) string {
	if rest, ok := strings.CutPrefix(kept, "archive.fetched."); ok {
		return "replay.fetched." + rest
	}
	if rest, ok := strings.CutPrefix(kept, "articles.parsed."); ok {
		return "replay.parsed." + rest
	}
	return ""
}

// EnrichedFilter is the filter of enriched events by language and topic; an
// empty argument matches all.
func EnrichedFilter(lang, topic string) string {
	filter := "articles.enriched."
	switch {
	case topic != "" && lang == "":
		filter += "*." + Token(topic) + "."
	case topic != "":
		filter += Token(lang) + "." + Token(topic) + "."
	case lang != "":
		filter += Token(lang) + "."
	}
	return filter + ">"
}

// ArticleSignature is the subject of the signature by which an article's
// near-duplicates are found.
func ArticleSignature(articleID string) string { return "clusters." + Token(articleID) }

// Quarantine is the subject of a message that a stage gave up on.
func Quarantine(stage, id string) string {
	return "quarantine." + Token(stage) + "." + Token(id)
}

// QuarantineOf is the filter of all messages that a stage gave up on.
func QuarantineOf(stage string) string { return "quarantine." + Token(stage) + ".*" }

// Alert is the subject of an event that a standing search matches.
func Alert(watch, articleID string) string { return "alerts." + Token(watch) + "." + Token(articleID) }

// AlertsOf is the filter of all that a standing search matched.
func AlertsOf(watch string) string { return "alerts." + Token(watch) + ".*" }

// maxSubject bounds a subject, in bytes: the server keeps an index of them.
const maxSubject = 512

// ValidSubject says whether a message may be published on a subject: tokens of
// printable ASCII, none empty, and no wildcard.
func ValidSubject(subject string) bool {
	if subject == "" || len(subject) > maxSubject {
		return false
	}
	for token := range strings.SplitSeq(subject, ".") {
		if token == "" {
			return false
		}
		for i := range len(token) {
			if c := token[i]; c <= ' ' || c > '~' || c == '*' || c == '>' {
				return false
			}
		}
	}
	return true
}

// StreamOf returns the name of the stream that takes a subject; "" if none does.
func StreamOf(subject string) string {
	for _, t := range taken() {
		if matches(t.pattern, subject) {
			return t.stream
		}
	}
	return ""
}

type pattern struct{ pattern, stream string }

// taken are the subjects that the streams take, which no option changes. A stage with a
// backlog asks for each message.
var taken = sync.OnceValue(func() []pattern {
	var all []pattern
	for _, stream := range Streams(Options{}) {
		for _, p := range stream.Subjects {
			all = append(all, pattern{pattern: p, stream: stream.Name})
		}
	}
	return all
})

// matches says whether a subject fits a pattern with wildcards.
func matches(pattern, subject string) bool {
	for pattern != "" {
		var want, token string
		if pattern == ">" {
			return subject != ""
		}
		want, pattern, _ = strings.Cut(pattern, ".")
		token, subject, _ = strings.Cut(subject, ".")
		if token == "" || want != "*" && want != token {
			return false
		}
	}
	return subject == ""
}
