package fetch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
)

// pickSitemaps chooses up to n of the sitemaps that an index lists, with what is
// remembered of them.
//
// Those that are worth asking for are, where the index says when a sitemap
// changed, those that changed since they were read, or that were not read yet and
// changed within archiveAge of the newest: older ones are the site's archive. Where
// it does not say, or says the same of all, names tell: of sitemaps whose names
// differ only in their numbers, those with the highest count, since the others hold
// what is past, and the one with the lowest, where sites put their latest page.
// Of those that are worth it, all but fairShare places go to the likeliest ones,
// and the others to those that were not asked for longest, so that each has its
// turn.
func pickSitemaps(listed, remembered []*datelinev1.Sitemap, n int) []*datelinev1.Sitemap {
	all := candidates(listed, remembered)
	due := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return !c.due })
	if len(due) == 0 {
		return nil
	}
	slices.SortStableFunc(due, likelier)
	best := min(len(due), max(0, n-fairShare))
	rest := due[best:]
	slices.SortStableFunc(rest, func(a, b candidate) int { return cmp.Compare(b.age, a.age) })
	var picked []*datelinev1.Sitemap
	for _, c := range due[:min(len(due), n)] {
		picked = append(picked, c.sitemap)
	}
	return picked
}

// fairShare is how many places of a poll go round among the sitemaps.
const fairShare = 2

// archiveAge is how much older than the newest sitemap of an index one may be to
// be read for the first time. A news sitemap holds the articles of two days.
const archiveAge = 3 * 24 * time.Hour

// candidate is a sitemap that may be picked.
type candidate struct {
	sitemap *datelinev1.Sitemap // as listed, with the validators remembered
	due     bool
	changed time.Time // zero if the index does not say
	class   discover.Likelihood
	numbers []int // in its name
	age     int   // how many others were read since it was
}

// likelier orders candidates: by class, then the last changed, then the highest
// numbers.
func likelier(a, b candidate) int {
	return cmp.Or(cmp.Compare(a.class, b.class), b.changed.Compare(a.changed), slices.Compare(b.numbers, a.numbers))
}

// candidates joins what an index lists with what is remembered.
func candidates(listed, remembered []*datelinev1.Sitemap) []candidate {
	known := make(map[string]int, len(remembered))
	for i, s := range remembered {
		known[s.GetUrl()] = i
	}
	newest, told := changes(listed)
	all := make([]candidate, 0, len(listed))
	byName := map[string][]int{}
	for i, s := range listed {
		name, numbers := nameAndNumbers(s.GetUrl())
		c := candidate{sitemap: proto.CloneOf(s), class: discover.LikelihoodOf(s.GetUrl()), numbers: numbers, age: len(remembered)}
		before, read := known[s.GetUrl()]
		if read {
			c.age = before
			c.sitemap.Etag, c.sitemap.LastModifiedHeader = remembered[before].GetEtag(), remembered[before].GetLastModifiedHeader()
		}
		switch {
		case !told || s.GetLastModified() == nil:
			byName[name] = append(byName[name], i)
		case read:
			c.changed = s.GetLastModified().AsTime()
			c.due = c.changed.After(remembered[before].GetLastModified().AsTime())
		default:
			c.changed = s.GetLastModified().AsTime()
			c.due = newest.Sub(c.changed) <= archiveAge
		}
		all = append(all, c)
	}
	for _, family := range byName {
		slices.SortStableFunc(family, func(i, j int) int { return slices.Compare(all[j].numbers, all[i].numbers) })
		for place, i := range family {
			all[i].due = place < highest || place == len(family)-1
		}
	}
	return leaveOut(all)
}

// highest is how many of the sitemaps with the highest numbers are worth asking
// for: the present month's and the last one's.
const highest = 2

// leaveOut drops the sitemaps that list no articles, if there are others.
func leaveOut(all []candidate) []candidate {
	if slices.ContainsFunc(all, func(c candidate) bool { return c.class < discover.OtherSitemap }) {
		all = slices.DeleteFunc(all, func(c candidate) bool { return c.class == discover.OtherSitemap })
	}
	return all
}

// changes gives the time of the last change that an index tells; told is false
// where it tells none, or the same of all of several sitemaps: that is when the
// index was made.
func changes(listed []*datelinev1.Sitemap) (newest time.Time, told bool) {
	var oldest time.Time
	n := 0
	for _, s := range listed {
		if s.GetLastModified() == nil {
			continue
		}
		at := s.GetLastModified().AsTime()
		if n++; n == 1 || at.Before(oldest) {
			oldest = at
		}
		if at.After(newest) {
			newest = at
		}
	}
	return newest, n == 1 || n > 1 && newest.Sub(oldest) > time.Minute
}

// nameAndNumbers splits the path and query of a URL, in lower case, into its
// words, with a '#' for each number, and the numbers.
func nameAndNumbers(url string) (name string, numbers []int) {
	_, rest, _ := strings.Cut(strings.ToLower(url), "://")
	_, rest, _ = strings.Cut(rest, "/")
	var b strings.Builder
	for i := 0; i < len(rest); {
		if c := rest[i]; c < '0' || c > '9' {
			b.WriteByte(c)
			i++
			continue
		}
		v := 0
		for ; i < len(rest) && rest[i] >= '0' && rest[i] <= '9'; i++ {
			v = min(v*10+int(rest[i]-'0'), 1<<40)
		}
		b.WriteByte('#')
		numbers = append(numbers, v)
	}
	return b.String(), numbers
}
