package parse

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/parser/earlier"
	"github.com/dateline-news/dateline/services/parser/internal/change"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Reasons why another look at an article gives no revision.
const (
	// ReasonUnchanged: nothing that counts differs.
	ReasonUnchanged = "unchanged"
	// ReasonSuperseded: a later look was published before this one came, or what is
	// replayed is not the look that the last revision was made of.
	ReasonSuperseded = "superseded"
	// ReasonNoEarlier: an article vanished of which nothing was published, as far
	// as is known.
	ReasonNoEarlier = "no-earlier"
)

// published finds what was published of an article before.
type published interface {
	Last(ctx context.Context, articleID string, firstSeen time.Time) (earlier.Found, error)
}

// again reports whether an article is not new: the fetcher looked at its page
// again, found it gone, or a publisher pushed its next revision.
func again(a *datelinev1.Article) bool {
	return a.GetFetch().GetRefetch() > 0 || a.GetVanishedAt() != nil || pushed(a) && a.GetRevision() > 1
}

func pushed(a *datelinev1.Article) bool { return a.GetFetch().GetVia() == "push" }

// revise makes the next revision of an article that is not new: it sets its
// number, what changed, and what it keeps of the last. The error is a verdict.
//
//   - A look whose own output is the last revision already is a redelivery, or a
//     replay: it goes on as that revision, under the same message id, so that the
//     stream refuses it if it has it. To drop it as unchanged would be wrong while
//     its output may not have been confirmed.
//   - What a publisher pushes is never dropped, and keeps its number unless that
//     was given already.
//   - Where the last revision is no longer kept, the number is one that no look
//     before this one can have had, since each gives one revision at most.
func revise(a *datelinev1.Article, found earlier.Found) error {
	last := found.Article
	switch {
	case last == nil:
		return unknown(a, found.Complete)
	case sameLook(a, last):
		a.Revision, a.Change = last.GetRevision(), last.GetChange()
		keep(a, last)
		return nil
	case !pushed(a) && older(a, last):
		return stage.Skip(ReasonSuperseded)
	case a.GetVanishedAt() != nil:
		if last.GetVanishedAt() != nil {
			return stage.Skip(ReasonUnchanged)
		}
		a.Change = &datelinev1.Change{Fields: []string{change.Vanished}}
	default:
		a.Change = change.Between(last.GetDocument(), a.GetDocument())
		if a.Change == nil && (pushed(a) || last.GetVanishedAt() != nil) {
			a.Change = &datelinev1.Change{}
		}
		if a.Change == nil {
			return stage.Skip(ReasonUnchanged)
		}
		if last.GetVanishedAt() != nil {
			a.Change.Fields = append(a.Change.Fields, change.Restored)
		}
	}
	a.Change.Since = last.GetRevision()
	next := last.GetRevision() + 1
	if pushed(a) {
		next = max(next, a.GetRevision())
	}
	a.Revision = next
	keep(a, last)
	return nil
}

// unknown numbers a revision of which no earlier one is to be found.
func unknown(a *datelinev1.Article, neverPublished bool) error {
	switch {
	case a.GetVanishedAt() != nil:
		return stage.Drop(ReasonNoEarlier)
	case !pushed(a) && !neverPublished:
		a.Revision = max(a.GetRevision(), a.GetFetch().GetRefetch()) + 1
	}
	return nil
}

// keep takes over what a revision has of the last one. A push brings its own
// source, and so does a look that the feed asked for by an entry that changed; what
// vanished has no document but the last.
func keep(a, last *datelinev1.Article) {
	if last.GetFirstSeenAt() != nil {
		a.FirstSeenAt = last.GetFirstSeenAt()
	}
	if !pushed(a) && last.GetSource() != nil && !readAt(a).After(readAt(last)) {
		a.Source = last.GetSource()
	}
	if a.GetVanishedAt() != nil {
		a.Document = last.GetDocument()
	}
}

// readAt is when the feed was read, or delivered, that an article's source is of; zero
// if that is not known.
func readAt(a *datelinev1.Article) (at time.Time) {
	for _, s := range a.GetTrail() {
		if (s.GetStage() == topology.Poll.Name || s.GetStage() == topology.Deliver.Name) && s.GetStartedAt().IsValid() {
			at = s.GetStartedAt().AsTime()
		}
	}
	return at
}

// sameLook reports whether two articles come from the same look at a page: all
// that the fetcher says of it is the same, the time included.
func sameLook(a, b *datelinev1.Article) bool {
	return proto.Equal(a.GetFetch(), b.GetFetch()) && proto.Equal(a.GetVanishedAt(), b.GetVanishedAt())
}

// older reports whether a look was made before the last one that is published.
func older(a, last *datelinev1.Article) bool {
	at, than := a.GetFetch().GetFetchedAt(), last.GetFetch().GetFetchedAt()
	return at.IsValid() && than.IsValid() && at.AsTime().Before(than.AsTime())
}

// outputID is the message id of a document. That of another look names the look,
// too: two looks at one time may both make revision 2, of which the second must
// be refused for its place and tried again, not be taken for the first.
func outputID(a *datelinev1.Article) string {
	id := stage.ID(a.GetId(), a.GetRevision(), topology.Parser.Name)
	if !again(a) {
		return id
	}
	sum := a.GetFetch().GetSha256()
	look := cmp.Or(sum[:min(len(sum), 16)], "gone")
	if n := a.GetFetch().GetRefetch(); n > 0 {
		look += "-" + strconv.FormatUint(uint64(n), 10)
	}
	return id + ":" + look
}
