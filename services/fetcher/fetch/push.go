package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
	"github.com/dateline-news/dateline/services/internal/newsform"
	"github.com/dateline-news/dateline/services/internal/trail"
)

// pushedHost stands for the host of a document that has no URL.
const pushedHost = "pushed"

// Push handles articles.submit.
//
//  1. The payload is read: a document as it is, or a Submission. A document of several
//     stories is taken apart, and each goes its own way.
//  2. The article's identity follows from its URL or, without one, from the agency's
//     own identifier, or else its content. A URL that is another address of an
//     article found is that article's.
//  3. A document that was pushed before is a duplicate; another one under the
//     same URL or identifier is its next revision. The seen-set decides, and remembers which
//     submission it decided for: if that one is delivered again, it goes on.
//  4. It joins the fetched pages.
func (f *Fetcher) Push(ctx context.Context, raw stage.Raw) ([]stage.Out, error) {
	doc, err := readDocument(raw, int(f.cfg.MaxBytes))
	if err != nil {
		return nil, f.reject(raw, err)
	}
	if stories := newsform.Split(doc.content, doc.charset); len(stories) > 0 {
		return f.pushAll(ctx, raw, doc, stories)
	}
	article, host, err := f.pushed(ctx, doc)
	if err != nil {
		return nil, f.reject(raw, err)
	}
	out, receipt, err := f.take(ctx, raw, article, host, doc)
	if err != nil {
		return nil, err
	}
	f.answer(raw.Header, receipt)
	if out == nil {
		return nil, stage.Duplicate()
	}
	return []stage.Out{*out}, nil
}

// take enters a pushed article in the seen-set and gives the output that hands it on;
// nil where another submission brought the same.
func (f *Fetcher) take(ctx context.Context, raw stage.Raw, article *datelinev1.Article, host string, doc document, notes ...string) (*stage.Out, *datelinev1.Receipt, error) {
	owner, host, err := f.adopted(ctx, article, host)
	if err != nil {
		return nil, nil, err
	}
	known, err := f.mark(ctx, article, owner, host, submissionID(ctx, raw))
	if err != nil {
		return nil, nil, err
	}
	receipt := &datelinev1.Receipt{Status: accepted, Id: article.GetId(), Url: article.GetFetch().GetUrl()}
	if known {
		receipt.Status, receipt.Message = duplicate, "the same document was submitted before"
		return nil, receipt, nil
	}
	f.log.Info("document submitted", zap.String("article", article.GetId()), zap.Uint32("revision", article.GetRevision()))
	article.Trail = append(article.Trail, trail.Stamp(ctx, notes...))
	out := f.fetched(article, host, doc.content)
	return &out, receipt, nil
}

// Words of receipts.
const (
	accepted  = "accepted"
	duplicate = "duplicate"
)

// pushed makes an article of a pushed document.
func (f *Fetcher) pushed(ctx context.Context, doc document) (article *datelinev1.Article, host string, err error) {
	sum := sha256.Sum256(doc.content)
	hash := hex.EncodeToString(sum[:])
	article = &datelinev1.Article{
		FirstSeenAt: timestamppb.New(stage.DeliveryFrom(ctx).Stored),
		Source: &datelinev1.Source{
			Labels: doc.about.GetLabels(),
			Entry:  &datelinev1.Entry{Title: doc.about.GetTitle()},
		},
		Fetch: &datelinev1.Fetch{
			FetchedAt: timestamppb.New(f.now()), ContentType: doc.mediaType, Charset: doc.charset,
			Bytes: uint32(len(doc.content)), Sha256: hash, Robots: unchecked, Via: viaPush,
		},
	}
	setPublished(article.GetSource().GetEntry(), doc.about.GetPublished())
	if doc.about.GetUrl() == "" {
		article.Id = unaddressed(doc.content, hash)
		return article, pushedHost, nil
	}
	normalized, err := urlnorm.Normalize(doc.about.GetUrl())
	if err != nil {
		return nil, "", err
	}
	article.Id = urlnorm.ID("a", normalized)
	article.Fetch.Url, article.Fetch.FinalUrl, article.Source.Entry.Url = normalized, normalized, normalized
	return article, urlnorm.Host(normalized), nil
}

// unaddressed is the id of a document without a URL: by what its agency calls the story,
// so that a correction or a notice that kills it is its next revision, or else by its
// content, of which hash is the SHA-256.
func unaddressed(content []byte, hash string) string {
	if id := newsform.Identifier(content); id != "" {
		return urlnorm.ID("a", "agency:"+id)
	}
	return urlnorm.ID("a", "content:"+hash)
}

// adopted gives a pushed document the identity of the article that its URL is another
// address of, if there is one, and returns that. What was pushed under the URL before
// keeps its own.
func (f *Fetcher) adopted(ctx context.Context, article *datelinev1.Article, host string) (*datelinev1.Article, string, error) {
	if article.GetFetch().GetUrl() == "" {
		return nil, host, nil
	}
	before, err := f.deps.Seen.Last(ctx, topology.ArticlePushed(article.GetId()))
	if err != nil {
		return nil, "", fmt.Errorf("look up article %s: %w", article.GetId(), err)
	}
	owner, _, err := f.alias(ctx, article.GetId())
	if err != nil || before.Article != nil || owner == nil || owner.GetId() == article.GetId() {
		return nil, host, err
	}
	article.Id = owner.GetId()
	addAlias(article, owner.GetFetch().GetUrl())
	return owner, urlnorm.Host(owner.GetFetch().GetUrl()), nil
}

// submissionID names a submission, whichever delivery of it this is, and also
// when it comes back from quarantine.
func submissionID(ctx context.Context, raw stage.Raw) string {
	if origin := raw.Header.Get(quarantine.HeaderOrigin); origin != "" {
		return origin
	}
	return quarantine.Origin(topology.StreamSubmissions, stage.DeliveryFrom(ctx).Sequence)
}

// markTries bounds the writes lost to other submissions of one article.
const markTries = 20

// mark gives an article its revision and enters it in the seen-set for this
// submission. It says whether another submission brought the same content. owner is
// the article whose identity it was given, if any.
func (f *Fetcher) mark(ctx context.Context, article, owner *datelinev1.Article, host, submission string) (known bool, err error) {
	subject := topology.ArticlePushed(article.GetId())
	for range markTries {
		before, err := f.deps.Seen.Last(ctx, subject)
		if err != nil {
			return false, fmt.Errorf("look up article %s: %w", article.GetId(), err)
		}
		if before.Article.GetFetch().GetSha256() == article.GetFetch().GetSha256() {
			article.Revision, article.FirstSeenAt = before.Article.GetRevision(), before.Article.GetFirstSeenAt()
			return before.Owner != submission, nil
		}
		if err := f.revise(ctx, article, owner, before, host); err != nil {
			return false, err
		}
		err = f.deps.Seen.Mark(ctx, subject, before.Sequence, submission, article)
		if !errors.Is(err, bus.ErrConflict) {
			return false, err
		}
	}
	return false, fmt.Errorf("enter article %s: %d writes in a row lost to others", article.GetId(), markTries)
}

// revise gives an article the revision after the one that is known.
func (f *Fetcher) revise(ctx context.Context, article, owner *datelinev1.Article, before Known, host string) error {
	if before.Article == nil {
		// A feed may have brought it: what is pushed now is news about it.
		var err error
		if before, err = f.deps.Seen.Last(ctx, topology.ArticleFound(host, article.GetId())); err != nil {
			return fmt.Errorf("look up article %s: %w", article.GetId(), err)
		}
	}
	if before.Article == nil {
		before.Article = owner
	}
	article.Revision = before.Article.GetRevision() + 1
	if before.Article != nil {
		article.FirstSeenAt = before.Article.GetFirstSeenAt()
	}
	return nil
}

// fetched is the output that hands a page to the parser.
func (f *Fetcher) fetched(article *datelinev1.Article, host string, content []byte) stage.Out {
	return stage.Out{
		Subject:   topology.ArticleFetched(host, article.GetId()),
		ID:        stage.ID(article.GetId(), article.GetRevision(), topology.Page.Name),
		Message:   &datelinev1.Page{Article: article, Content: content},
		Format:    bus.Zstd,
		Header:    map[string]string{stage.HeaderArticle: article.GetId()},
		Published: publishedTime(article.GetSource().GetEntry()),
		FirstSeen: article.GetFirstSeenAt().AsTime(),
	}
}

func publishedTime(e *datelinev1.Entry) time.Time {
	if e.GetPublished() == nil {
		return time.Time{}
	}
	return e.GetPublished().AsTime()
}

// setPublished writes a submitted publication time into an entry: as a time
// where it is one, and otherwise as it was given.
func setPublished(e *datelinev1.Entry, published string) {
	if published == "" {
		return
	}
	if t, err := time.Parse(time.RFC3339, published); err == nil {
		e.Published = timestamppb.New(t)
		return
	}
	e.PublishedText = published
}
