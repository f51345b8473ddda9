package parse

import (
	"context"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/meta"
	"github.com/dateline-news/dateline/services/parser/internal/pagetype"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Rules that choose a page's text block by block; all others take a text as a whole.
const (
	ruleClassifier = "body.classifier"
	ruleRules      = "body.rules"
)

// minStory is the smallest text, in runes, that counts as a story of a page.
const minStory = 60

// html reads a page of HTML.
func (p *Parser) html(ctx context.Context, text []byte, in *input) (*datelinev1.Document, error) {
	root, err := tree(ctx, text)
	if err != nil {
		return nil, err
	}
	story := meta.Collect(root).Resolve(meta.Context{URL: in.url, Now: in.now, Title: in.entry.GetTitle()})
	hints := mainbody.Hints{
		Title: story.Headline.Text, Abstract: story.Abstract.Text, Body: story.Body, Byline: story.Byline.Text,
		Authors: story.Authors, Section: story.Section.Text, Explain: in.explain != nil,
	}
	if in.others != nil {
		hints.Review = in.others.review
	}
	body := p.body.Extract(root, hints, func() bool { return ctx.Err() != nil })
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	in.explain.judged(body)
	source, rule := meta.HTML, ruleClassifier
	if p.body.Rules {
		rule = ruleRules
	}
	if body.Chars < minStory && len(story.Body) > body.Chars {
		// Some pages keep their text in structured data only, for a script to print.
		if b := bodyOfText(story.Body); b.Chars >= minStory {
			b.PageChars, b.LinkChars = body.PageChars, body.LinkChars
			body, source, rule = b, meta.JSONLD, "jsonld.articleBody"
		}
	}
	kind := pagetype.Of(p.typePage(story, body, in))
	if !pagetype.Story(kind) {
		return nil, &Rejected{PageType: kind, Reason: kind}
	}
	if body.Chars < minStory {
		return nil, &Rejected{PageType: kind, Reason: ReasonEmpty}
	}
	b := newBuilder(in, kind)
	b.body(body, source, rule)
	b.story(story)
	return b.done(), nil
}

func (p *Parser) typePage(s *meta.Story, body *mainbody.Body, in *input) *pagetype.Page {
	path := "/unknown"
	if u, err := url.Parse(in.url); err == nil && u.Host != "" {
		path = u.Path
		if path == "" || path == "/" {
			path += u.RawQuery // "/?p=12" is no front page
		}
	}
	return &pagetype.Page{
		Status: int(in.fetch.GetStatus()), Path: path, Title: s.Title, Headline: s.Headline.Text, Text: opening(body),
		OGType: s.OGType, Types: s.Types, AllTypes: s.AllTypes, Dates: s.Dates, Pictures: len(body.Images), TextChars: body.Chars, PageChars: body.PageChars, LinkChars: body.LinkChars,
		Kept: body.Kept, Articles: s.Articles, PasswordFields: s.PasswordFields, Scripts: s.Scripts, Videos: s.Videos,
		Iframes: s.Iframes, Free: s.Free, PaywallHint: s.Paywalls, Refresh: s.Refresh, Frames: s.Frames,
		Dated: s.Published.Known && (s.Published.Confidence >= 0.8 || s.Published.Source == meta.Meta),
	}
}

// maxOpening is how much of a text tells what kind of page it is, in bytes.
const maxOpening = 6000

// opening is the beginning of a story's text.
func opening(body *mainbody.Body) string {
	var b strings.Builder
	for _, p := range body.Pieces {
		if b.Len() > maxOpening {
			break
		}
		b.WriteString(p.Text)
		b.WriteString("\n\n")
	}
	return b.String()
}

// bodyOfText makes a body of plain text with paragraphs parted by line ends.
func bodyOfText(text string) *mainbody.Body {
	if strings.Contains(text, "</p>") || strings.Contains(text, "<br") {
		if root, err := html.Parse(strings.NewReader(text)); err == nil {
			return mainbody.Fragment(root)
		}
	}
	body := &mainbody.Body{Confidence: 0.7}
	for line := range strings.SplitSeq(text, "\n") {
		body.Add(mainbody.Paragraph, html.UnescapeString(line))
	}
	return body
}
