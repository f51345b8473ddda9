package change_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/internal/change"
)

var published = time.Date(2026, 3, 3, 9, 30, 12, 0, time.UTC)

func story() *datelinev1.Document {
	return &datelinev1.Document{
		Headline: "Harbour opens again", Abstract: "Two days after the storm.", Authors: []string{"Maud Berring", "Ilse Brandt"},
		Text:        "The harbour opened on Friday.\n\nNobody was hurt in the café.",
		PublishedAt: timestamppb.New(published), PublishedPrecision: "second", PublishedZoneKnown: true,
		CanonicalUrl: "https://courier.example/harbour", Section: "Coast", PageType: "article",
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		edit           func(*datelinev1.Document)
		fields         []string
		added, removed uint32
		headline       string
	}{
		"nothing": {func(*datelinev1.Document) {}, nil, 0, 0, ""},
		"white space and composition": {func(d *datelinev1.Document) {
			d.Text = "The harbour  opened on Friday.\n\n\nNobody was hurt in the cafe\u0301. "
		}, nil, 0, 0, ""},
		"how long ago": {func(d *datelinev1.Document) { d.Text = "Updated 5 minutes ago\n\n" + d.Text + "\n\nil y a 2 heures" }, nil, 0, 0, ""},
		"what is no news": {func(d *datelinev1.Document) {
			d.Tags, d.SiteName, d.Byline, d.ModifiedAt = []string{"storm"}, "The Pier", "By Maud", timestamppb.New(published.Add(time.Hour))
			d.Images, d.Links = []*datelinev1.Image{{Url: "https://courier.example/a.jpg"}}, []*datelinev1.Link{{Url: "https://courier.example/b"}}
		}, nil, 0, 0, ""},
		"order of the authors": {func(d *datelinev1.Document) { d.Authors = []string{"Ilse Brandt", "Maud Berring"} }, nil, 0, 0, ""},
		"a coarser time":       {func(d *datelinev1.Document) { setTime(d, published.Truncate(24*time.Hour), "day") }, nil, 0, 0, ""},
		"a coarser time, other day": {
			func(d *datelinev1.Document) { setTime(d, published.Truncate(24*time.Hour).AddDate(0, 0, 1), "day") },
			[]string{"publishedAt"},
			0, 0, "",
		},
		"another minute": {func(d *datelinev1.Document) { setTime(d, published.Add(time.Minute), "minute") }, []string{"publishedAt"}, 0, 0, ""},
		"no time":        {func(d *datelinev1.Document) { d.PublishedAt = nil }, []string{"publishedAt"}, 0, 0, ""},
		"headline": {
			func(d *datelinev1.Document) { d.Headline = "Harbour opens, piano found" },
			[]string{"headline"},
			0, 0, "Harbour opens again",
		},
		"words": {
			func(d *datelinev1.Document) {
				d.Text = "The harbour opened on Friday.\n\nTwo were hurt in the café, the police said."
			},
			[]string{"text"},
			5, 2, "",
		},
		"a word more often": {func(d *datelinev1.Document) { d.Text += "\n\nNobody." }, []string{"text"}, 1, 0, ""},
		"usable":            {func(d *datelinev1.Document) { d.PublicationStatus = "usable" }, nil, 0, 0, ""},
		"killed":            {func(d *datelinev1.Document) { d.PublicationStatus = "canceled" }, []string{"publicationStatus"}, 0, 0, ""},
		"order of the text": {
			func(d *datelinev1.Document) {
				d.Text = "Nobody was hurt in the café.\n\nThe harbour opened on Friday."
			},
			[]string{"text"},
			0, 0, "",
		},
		"all": {
			func(d *datelinev1.Document) { proto.Reset(d) },
			[]string{"headline", "text", "abstract", "authors", "publishedAt", "canonicalUrl", "section", "pageType"},
			0, 11, "Harbour opens again",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after := story()
			test.edit(after)
			got := change.Between(story(), after)
			if test.fields == nil {
				require.Nil(t, got)
				return
			}
			require.Equal(t, test.fields, got.GetFields())
			require.Equal(t, test.added, got.GetWordsAdded())
			require.Equal(t, test.removed, got.GetWordsRemoved())
			require.Equal(t, test.headline, got.GetPreviousHeadline())
		})
	}
}

func setTime(d *datelinev1.Document, t time.Time, precision string) {
	d.PublishedAt, d.PublishedPrecision = timestamppb.New(t), precision
}

// A number and a word for "ago" make no passing remark of a whole sentence.
func TestSentencesAreNoPassingRemarks(t *testing.T) {
	t.Parallel()
	before, after := story(), story()
	before.Text = "The mill burnt down 20 years ago, and nobody has built anything there since."
	after.Text = strings.Replace(before.Text, "20", "30", 1)
	require.Equal(t, []string{"text"}, change.Between(before, after).GetFields())
}

// What one direction adds, the other takes away; a document does not differ from
// itself.
func TestDirections(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-c]{1,2} ){0,8}\n{0,2}([a-c]{1,2} ){0,8}`)
		a, b := &datelinev1.Document{Text: text.Draw(t, "a")}, &datelinev1.Document{Text: text.Draw(t, "b")}
		require.Nil(t, change.Between(a, a))
		there, back := change.Between(a, b), change.Between(b, a)
		require.Equal(t, there == nil, back == nil)
		require.Equal(t, there.GetWordsAdded(), back.GetWordsRemoved())
		require.Equal(t, there.GetWordsRemoved(), back.GetWordsAdded())
	})
}
