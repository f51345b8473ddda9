// Package topic says what a story is about, in the 17 top-level subjects of the
// IPTC Media Topics (https://cv.iptc.org/newscodes/mediatopic/).
//
// The publisher's own word counts first: subject codes, then the section, the tags
// and the folders of the URL by a list of section names. After it comes the text:
// stems of the lexicon are counted in headline, lead and body, and smoothed by the
// posterior of a model trained on sentences, which decides where a text is short
// and is outvoted where it is long. A text whose best subject is not sure enough
// has no topic.
package topic

import (
	"cmp"
	"context"
	"math"
	"slices"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/model"
)

// Subject is a top-level Media Topic.
type Subject struct {
	// Code such as "medtop:15000000", Slug such as "sport", Label in English.
	Code, Slug, Label string
}

// subjects are the top-level Media Topics in the order of their codes; labels as
// the IPTC gives them (CC BY 4.0).
var subjects = [...]Subject{
	{"medtop:01000000", "arts", "arts, culture, entertainment and media"},
	{"medtop:02000000", "crime", "crime, law and justice"},
	{"medtop:03000000", "disaster", "disaster, accident and emergency incident"},
	{"medtop:04000000", "economy", "economy, business and finance"},
	{"medtop:05000000", "education", "education"},
	{"medtop:06000000", "environment", "environment"},
	{"medtop:07000000", "health", "health"},
	{"medtop:08000000", "human-interest", "human interest"},
	{"medtop:09000000", "labour", "labour"},
	{"medtop:10000000", "lifestyle", "lifestyle and leisure"},
	{"medtop:11000000", "politics", "politics and government"},
	{"medtop:12000000", "religion", "religion"},
	{"medtop:13000000", "science", "science and technology"},
	{"medtop:14000000", "society", "society"},
	{"medtop:15000000", "sport", "sport"},
	{"medtop:16000000", "conflict", "conflict, war and peace"},
	{"medtop:17000000", "weather", "weather"},
}

// Article is what a story's topics are told from.
type Article struct {
	Headline, Abstract, Text, Lang string
	// Subjects are the publisher's codes, such as "subj:15000000".
	Subjects []string
	// Section, Tags and URL are the publisher's; Categories those of its feed.
	Section          string
	Tags, Categories []string
	URL              string
}

// MaxTopics bounds the topics of a story.
const MaxTopics = 3

// Warm loads the model and the lexicon, and tells if one is damaged.
func Warm(ctx context.Context) error {
	if err := model.Warm(ctx); err != nil {
		return err
	}
	_, err := sections()
	return err
}

// Classify gives a story's topics, the best first; none where nothing is sure.
func Classify(a Article) []*datelinev1.Topic {
	own := published(a)
	text := judge(a)
	most := slices.Max(text.shares[:])
	sure := most >= text.least(own.any())
	var found []*datelinev1.Topic
	for i, s := range subjects {
		t := &datelinev1.Topic{Code: s.Code, Slug: s.Slug, Label: s.Label}
		switch share := text.shares[i]; {
		case own[i] > 0:
			// What the text says too is surer.
			t.Score, t.Source = own[i]+(1-own[i])*share, "publisher"
		case sure && (share == most || text.further(i)):
			t.Score, t.Source = share, text.source()
		default:
			continue
		}
		t.Score = math.Round(t.Score*1000) / 1000
		found = append(found, t)
	}
	slices.SortStableFunc(found, func(x, y *datelinev1.Topic) int { return cmp.Compare(y.GetScore(), x.GetScore()) })
	return found[:min(len(found), MaxTopics)]
}

// index is the place of a slug in subjects; -1 if there is none.
func index(slug string) int {
	return slices.IndexFunc(subjects[:], func(s Subject) bool { return s.Slug == slug })
}
