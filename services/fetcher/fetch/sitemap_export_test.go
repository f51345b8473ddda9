package fetch

import (
	"context"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// PickSitemaps chooses among the sitemaps of an index.
var PickSitemaps = pickSitemaps

// Expand reads the sitemaps of an index.
func (f *Fetcher) Expand(ctx context.Context, record *datelinev1.FeedRecord, index *datelinev1.Feed) (entries []*datelinev1.Entry, children []*datelinev1.Sitemap, err error) {
	read, err := f.expand(ctx, record, index)
	return read.entries, read.children, err
}
