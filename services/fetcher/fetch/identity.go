package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// An article's id follows from the address that it was found under. Its other names
// are entries of the seen-set that say whose they are: the address that its page
// calls canonical, the one that redirects end at, and the publisher's identifier. Each
// is written once, by compare-and-set, so that the first comes to own it, whichever
// replica fetches what first; the owner never changes. An entry of an article's own
// address says that it owns itself, and where it is to be had by now.
//
// Two articles may find out at once that they are one. The later gives way: it enters
// the other as the owner of both addresses, the lower id first. So of two that would
// give way to each other one finds that the other has done so, and goes on; and as an
// entry is never given to another owner, no ring of articles gives way all round.

// alias looks up whose an address or an identifier is; nil if it is nobody's.
func (f *Fetcher) alias(ctx context.Context, key string) (*datelinev1.Article, uint64, error) {
	known, err := f.deps.Seen.Last(ctx, topology.ArticleAlias(key))
	if err != nil {
		return nil, 0, fmt.Errorf("look up the name %s: %w", key, err)
	}
	return known.Article, known.Sequence, nil
}

// claim enters the owner of an address, unless it has one, and returns whose it is.
func (f *Fetcher) claim(ctx context.Context, key string, owner *datelinev1.Article) (*datelinev1.Article, error) {
	for range markTries {
		have, _, err := f.alias(ctx, key)
		if err != nil || have != nil {
			return have, err
		}
		err = f.deps.Seen.Mark(ctx, topology.ArticleAlias(key), 0, "", owner)
		if !errors.Is(err, bus.ErrConflict) {
			return owner, err
		}
	}
	return nil, fmt.Errorf("enter the name %s: %d writes in a row lost to others", key, markTries)
}

// named is what an entry of the seen-set needs to hold of the article that it names:
// who it is, where it is to be had, and what tells whether another entry of a feed is
// it, too.
func named(a *datelinev1.Article) *datelinev1.Article {
	entry := a.GetSource().GetEntry()
	owner := &datelinev1.Article{
		Id: a.GetId(), Revision: a.GetRevision(), FirstSeenAt: a.GetFirstSeenAt(),
		Source: &datelinev1.Source{FeedId: a.GetSource().GetFeedId(), Entry: &datelinev1.Entry{
			Guid: entry.GetGuid(), Title: entry.GetTitle(), Published: entry.GetPublished(),
		}},
		Fetch: &datelinev1.Fetch{Url: a.GetFetch().GetUrl()},
	}
	if at := polledAt(a); !at.IsZero() {
		owner.Trail = []*datelinev1.Stamp{{Stage: topology.Poll.Name, StartedAt: a.GetTrail()[0].GetStartedAt()}}
	}
	return owner
}

// polledAt is when the poll began that found an article; zero if that is not known.
func polledAt(a *datelinev1.Article) time.Time {
	if trail := a.GetTrail(); len(trail) > 0 && trail[0].GetStage() == topology.Poll.Name && trail[0].GetStartedAt() != nil {
		return trail[0].GetStartedAt().AsTime()
	}
	return time.Time{}
}

// maxYields bounds how far articles that gave way to others are followed.
const maxYields = 4

// giveWay makes an article's address one of the other's. It says whether the article
// is the other, and so ends here: it is not where the other has given way to it.
func (f *Fetcher) giveWay(ctx context.Context, article, other *datelinev1.Article) (bool, error) {
	for range maxYields {
		ids := []string{article.GetId(), other.GetId()}
		slices.Sort(ids)
		next := other
		for _, id := range slices.Compact(ids) {
			owner, err := f.claim(ctx, id, named(other))
			switch {
			case err != nil:
				return false, err
			case owner.GetId() == article.GetId():
				return false, nil
			case id == article.GetId() && owner.GetId() != other.GetId():
				return true, nil
			case id == other.GetId() && owner.GetId() != other.GetId():
				next = owner
			}
			if next != other {
				break
			}
		}
		if next == other {
			f.log.Info("page is another article's", zap.String("stage", topology.Page.Name),
				zap.String("article", article.GetId()), zap.String("other", other.GetId()))
			return true, f.learn(ctx, other.GetId(), article.GetFetch().GetUrl(), false)
		}
		other = next
	}
	// What leads from one to the next without end is as good as any.
	return false, nil
}

// maxAliases bounds the other addresses that are listed of an article.
const maxAliases = 16

// learn enters another address of an article that owns itself: in place of the
// present one, if it has moved there.
func (f *Fetcher) learn(ctx context.Context, id, address string, moved bool) error {
	for range markTries {
		own, sequence, err := f.alias(ctx, id)
		if err != nil || own.GetId() != id {
			return err
		}
		changed := proto.CloneOf(own)
		other := address
		if moved {
			other = own.GetFetch().GetUrl()
			changed.Fetch = &datelinev1.Fetch{Url: address}
			changed.Aliases = slices.DeleteFunc(changed.GetAliases(), func(a string) bool { return a == address })
		}
		addAlias(changed, other)
		if proto.Equal(own, changed) {
			return nil
		}
		err = f.deps.Seen.Mark(ctx, topology.ArticleAlias(id), sequence, "", changed)
		if !errors.Is(err, bus.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("enter an address of %s: %d writes in a row lost to others", id, markTries)
}

// addAlias lists another address of an article, once.
func addAlias(a *datelinev1.Article, address string) {
	if address != "" && address != a.GetFetch().GetUrl() && len(a.GetAliases()) < maxAliases && !slices.Contains(a.GetAliases(), address) {
		a.Aliases = append(a.Aliases, address)
	}
}

// identify finds out by its final and its canonical address whether the page that came
// is another article's. If it is nobody's, the addresses become this article's own.
func (p *page) identify(ctx context.Context, resp *httpget.Response) (duplicate bool, err error) {
	final, err := urlnorm.Normalize(resp.FinalURL)
	if err != nil {
		final = p.url()
	}
	canonical := discover.Canonical(resp.Body, resp.FinalURL)
	for _, address := range []string{canonical, final} {
		if address == "" || address == p.url() || isFrontPage(address) {
			continue
		}
		duplicate, err := p.belongs(ctx, address, address == final && canonical == final)
		if duplicate || err != nil {
			return duplicate, err
		}
	}
	return false, nil
}

func isFrontPage(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.Path == "/" && u.RawQuery == ""
}

// belongs says whether an address of the page is another article's, to which this one
// then gives way.
func (p *page) belongs(ctx context.Context, address string, agreed bool) (bool, error) {
	key := urlnorm.ID("a", address)
	owner, _, err := p.alias(ctx, key)
	if err == nil && owner == nil {
		owner, err = p.foundAs(ctx, address)
	}
	if err == nil && owner == nil {
		if !discover.SamePage(p.url(), address) || !akin(p.url(), address, agreed) {
			return false, nil
		}
		owner, err = p.claim(ctx, key, named(p.article))
	}
	switch {
	case err != nil:
		return false, err
	case owner.GetId() == p.article.GetId():
		addAlias(p.article, address)
		return false, nil
	}
	return p.giveWay(ctx, p.article, owner)
}

// foundAs is the article that was found or pushed under an address; nil if none was.
func (f *Fetcher) foundAs(ctx context.Context, address string) (*datelinev1.Article, error) {
	id := urlnorm.ID("a", address)
	for _, subject := range []string{topology.ArticleFound(urlnorm.Host(address), id), topology.ArticlePushed(id)} {
		known, err := f.deps.Seen.Last(ctx, subject)
		if err != nil {
			return nil, fmt.Errorf("look up article %s: %w", id, err)
		}
		if known.Article != nil {
			return known.Article, nil
		}
	}
	return nil, nil
}

// idle are words of addresses that say nothing of an article; landing are those of
// pages that stand in for many.
var (
	idle = map[string]bool{
		"html": true, "aspx": true, "index": true, "default": true, "article": true, "articles": true, "story": true, "news": true, "page": true, "print": true,
	}
	landing = map[string]bool{
		"login": true, "signin": true, "signup": true, "register": true, "subscribe": true, "subscription": true, "consent": true, "paywall": true,
		"account": true, "privacy": true, "cookie": true, "cookies": true, "captcha": true, "challenge": true, "error": true, "404": true, "unavailable": true,
	}
)

// akin says whether an address that a page gives as its own is believed without
// anybody having seen it before: else one page to log in at, or one address that a
// site gives by mistake for all its pages, would make a single article of all. It has
// to repeat a word or number of the address asked for, or be a headline that redirect
// and page agree on.
func akin(asked, other string, agreed bool) bool {
	last, all := addressWords(other, true), addressWords(asked, false)
	shared := false
	for _, word := range last {
		known := slices.Contains(all, word)
		if landing[word] && !known {
			return false
		}
		shared = shared || known && len(word) >= 4 && !idle[word]
	}
	const headline = 3
	return shared || agreed && len(last) >= headline
}

// addressWords are the words and numbers of an address's path and query; last leaves
// out all but the path's last part.
func addressWords(address string, last bool) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	path := strings.TrimSuffix(u.Path, "/")
	if last {
		path = path[strings.LastIndexByte(path, '/')+1:]
	}
	return strings.FieldsFunc(strings.ToLower(path+" "+u.RawQuery), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// minGUID is the shortest identifier, in bytes, that is taken for one of an article:
// shorter ones are numbers that begin again.
const minGUID = 6

// guidKey is the name that a publisher's identifier gives an article, within the
// feed's host; empty where it has none but its address.
func guidKey(a *datelinev1.Article) string {
	entry := a.GetSource().GetEntry()
	guid := strings.TrimSpace(entry.GetGuid())
	normalized, err := urlnorm.Normalize(guid)
	host := urlnorm.Host(a.GetSource().GetFeedUrl())
	if len(guid) < minGUID || guid == entry.GetUrl() || err == nil && normalized == a.GetFetch().GetUrl() || host == "" {
		return ""
	}
	return urlnorm.ID("g", host+"\n"+guid)
}

// sameStory says whether two entries with one identifier are one article: title or
// time have to agree, since some publishers give one identifier to all. Entries of one
// document are never one, and a time that is only a day says too little.
func sameStory(a, b *datelinev1.Article) bool {
	x, y := a.GetSource().GetEntry(), b.GetSource().GetEntry()
	if at := polledAt(a); !at.IsZero() && at.Equal(polledAt(b)) {
		return false
	}
	if title := oneLine(x.GetTitle()); title != "" && title == oneLine(y.GetTitle()) {
		return true
	}
	at := publishedTime(x)
	return !at.IsZero() && at.Equal(publishedTime(y)) && !at.Equal(at.Truncate(24*time.Hour))
}

func oneLine(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// recognise finds out whether an article found is one that is known under another
// name. done says that it is; then it ends with the outputs.
func (f *Fetcher) recognise(ctx context.Context, article *datelinev1.Article) (outs []stage.Out, done bool, err error) {
	owner, _, err := f.alias(ctx, article.GetId())
	if err != nil {
		return nil, false, err
	}
	if owner != nil && owner.GetId() != article.GetId() {
		outs, err = f.followed(ctx, article, owner.GetId())
		return outs, true, err
	}
	key := guidKey(article)
	if key == "" || article.GetFetch().GetUrl() == "" {
		return nil, false, nil
	}
	known, _, err := f.alias(ctx, key)
	switch {
	case err != nil:
		return nil, false, err
	case known == nil:
		return []stage.Out{{
			Subject: topology.ArticleAlias(key), Message: named(article), Expect: stage.New(),
			Header: map[string]string{stage.HeaderArticle: article.GetId()},
		}}, false, nil
	case known.GetId() == article.GetId() || !sameStory(known, article):
		return nil, false, nil
	}
	same, err := f.giveWay(ctx, article, known)
	if err != nil || !same {
		return nil, false, err
	}
	if err := f.learn(ctx, known.GetId(), article.GetFetch().GetUrl(), true); err != nil {
		return nil, false, err
	}
	outs, err = f.followed(ctx, article, known.GetId())
	return outs, true, err
}

// followed has a look at an article that moved to the address of the one found; there
// is nothing to look at where it did not move there.
func (f *Fetcher) followed(ctx context.Context, article *datelinev1.Article, owner string) ([]stage.Out, error) {
	own, _, err := f.alias(ctx, owner)
	if err != nil || own.GetId() != owner || own.GetFetch().GetUrl() != article.GetFetch().GetUrl() {
		return nil, err
	}
	pushed, err := f.deps.Seen.Last(ctx, topology.ArticlePushed(owner))
	if err != nil || pushed.Article != nil {
		return nil, err
	}
	visit, _, err := f.deps.Seen.Visit(ctx, owner)
	if err != nil || visit != nil && len(f.looks) == 0 {
		return nil, err
	}
	again := &datelinev1.Article{
		Id: owner, Revision: max(1, own.GetRevision()), FirstSeenAt: own.GetFirstSeenAt(), Source: article.GetSource(),
		Fetch: &datelinev1.Fetch{Url: article.GetFetch().GetUrl()}, Aliases: own.GetAliases(), Trail: article.GetTrail(),
	}
	return []stage.Out{f.lookSoon(again, visit)}, nil
}
