package parse

import (
	"bytes"
	"context"
	"strings"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/meta"
	"github.com/dateline-news/dateline/services/parser/internal/pagetype"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// minFeedStory is the smallest text, in runes, for which a feed's entry can
// stand in for its page: shorter ones are teasers.
const minFeedStory = 200

// fromFeed makes a document of the feed's own words, where they are long enough
// to be a story. It returns nil where they are not.
func (p *Parser) fromFeed(ctx context.Context, in *input) *datelinev1.Document {
	if in.push {
		return nil
	}
	body, rule := p.feedBody(ctx, in.entry.GetContent()), "feed.content"
	if body == nil || body.Chars < minFeedStory {
		body, rule = p.feedBody(ctx, in.entry.GetSummary()), "feed.summary"
	}
	if body == nil || body.Chars < minFeedStory {
		return nil
	}
	b := newBuilder(in, pagetype.Feed)
	b.body(body, meta.Feed, rule)
	b.entryFirst()
	if b.doc.Headline == "" {
		return nil
	}
	return b.done()
}

// feedBody reads the content of an entry, HTML or plain text.
func (p *Parser) feedBody(ctx context.Context, content string) *mainbody.Body {
	if len(content) < minFeedStory || len(content) > p.maxBytes {
		return nil
	}
	if !strings.ContainsRune(content, '<') {
		return bodyOfText(content)
	}
	root, err := tree(ctx, bytes.ToValidUTF8([]byte(content), []byte("\uFFFD")))
	if err != nil {
		return nil
	}
	return mainbody.Fragment(root)
}
