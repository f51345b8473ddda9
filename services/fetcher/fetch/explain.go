package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
	"github.com/dateline-news/dateline/services/internal/newsform"
)

// ReadFeed reads a feed document with no broker.
func ReadFeed(content []byte, url, contentType string) (*datelinev1.Feed, error) {
	feed, err := feedread.Read(content, feedread.Options{URL: url, ContentType: contentType})
	if err != nil {
		return nil, err
	}
	if feed.Url == "" {
		feed.Url = url
	}
	return feed, nil
}

// IsFeed says whether a document is to be read as a feed: by its media type
// where that tells, and otherwise by trying.
func IsFeed(content []byte, contentType string) bool {
	mediaType, _ := mediaTypeOf(contentType)
	switch mediaType {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json":
		return true
	case "text/html", "application/xhtml+xml", "text/plain":
		return false
	}
	_, err := feedread.Read(content, feedread.Options{ContentType: contentType, MaxEntries: 1})
	var notFeed *feedread.NotFeed
	return !errors.As(err, &notFeed)
}

// Documents makes pages of a document at hand, as a push would: one, or one of each
// story where it holds several. With an id given, theirs are the id with a number.
func Documents(id, url, contentType string, content []byte, now time.Time) []*datelinev1.Page {
	_, charset := mediaTypeOf(contentType)
	stories := newsform.Split(content, charset)
	if len(stories) == 0 {
		return []*datelinev1.Page{Document(id, url, contentType, content, now)}
	}
	pages := make([]*datelinev1.Page, len(stories))
	for i, s := range stories {
		each := id
		if id != "" {
			each = fmt.Sprintf("%s.%d", id, i+1)
		}
		pages[i] = Document(each, "", s.Form.MediaType()+"; charset=utf-8", s.Content, now)
		pages[i].Article.Trail = []*datelinev1.Stamp{{Stage: topology.Push.Name, Notes: []string{s.Place}}}
	}
	return pages
}

// Document makes a page of a document at hand, as a push of one would.
func Document(id, url, contentType string, content []byte, now time.Time) *datelinev1.Page {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	if id == "" {
		id = unaddressed(content, hash)
		if normalized, err := urlnorm.Normalize(url); err == nil {
			id = urlnorm.ID("a", normalized)
		}
	}
	mediaType, charset := mediaTypeOf(contentType)
	if mediaType == "" {
		mediaType = sniff(content)
	}
	return &datelinev1.Page{
		Content: content,
		Article: &datelinev1.Article{
			Id: id, Revision: 1, FirstSeenAt: timestamppb.New(now),
			Source: &datelinev1.Source{Entry: &datelinev1.Entry{Url: url}},
			Fetch: &datelinev1.Fetch{
				Url: url, FinalUrl: url, FetchedAt: timestamppb.New(now), ContentType: mediaType,
				Charset: charset, Bytes: uint32(len(content)), Sha256: hash, Robots: unchecked, Via: viaPush,
			},
		},
	}
}

// Get fetches one page, with the fetcher's limits and guards.
func Get(ctx context.Context, cfg Config, url string) (*datelinev1.Page, error) {
	client := httpget.New(httpget.Config{
		UserAgent: cfg.userAgent(), AllowPrivate: cfg.AllowPrivate, AllowHosts: cfg.AllowHosts,
		Timeout: cfg.Timeout, MaxBytes: int64(cfg.MaxBytes), Proxy: cfg.Proxy,
	})
	defer client.Close()
	normalized, err := urlnorm.Normalize(url)
	if err != nil {
		return nil, err
	}
	resp, err := client.Get(ctx, httpget.Request{URL: normalized, Kind: kindPage})
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", normalized, err)
	}
	if resp.Status != 200 {
		return nil, fmt.Errorf("fetch %s: answered %d", normalized, resp.Status)
	}
	page := Document("", resp.FinalURL, contentType(resp), resp.Body, time.Now())
	f := page.GetArticle().GetFetch()
	f.Url, f.Status, f.Via, f.Etag, f.LastModified = normalized, uint32(resp.Status), viaHTTP, resp.ETag, resp.LastModified
	return page, nil
}
