package pagetype

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOf(t *testing.T) {
	t.Parallel()
	no, yes := false, true
	tests := map[string]struct {
		page Page
		want string
	}{
		"story":                       {Page{Title: "Bridge closes", TextChars: 3000, PageChars: 6000, Kept: 12}, Article},
		"brief":                       {Page{Title: "Bridge closes", TextChars: 250, PageChars: 900, Text: "The bridge closed.", Dated: true}, Article},
		"status of an error":          {Page{Status: 404, TextChars: 3000}, Error},
		"soft 404":                    {Page{Title: "Seite nicht gefunden", TextChars: 200}, Error},
		"story about a 404":           {Page{Title: "Error 404: the exhibition", TextChars: 3000}, Article},
		"robot check":                 {Page{Title: "Just a moment...", TextChars: 40}, Error},
		"consent":                     {Page{Title: "Daily", Text: "We use cookies. Our partners need your consent. Privacy.", TextChars: 400}, Consent},
		"story about cookies":         {Page{Title: "Cookie law", Text: "cookie consent privacy gdpr", TextChars: 4000, Dated: true}, Article},
		"paywall by structured data":  {Page{Title: "Vote", TextChars: 120, Free: &no, Text: "It began."}, Paywall},
		"paywall by words":            {Page{Title: "Vote", TextChars: 200, Text: "Subscribe to continue reading"}, Paywall},
		"open lead of a paid story":   {Page{Title: "Vote", TextChars: 1500, Free: &no, Text: "It began."}, Article},
		"free":                        {Page{Title: "Vote", TextChars: 120, Free: &yes, Text: "It began.", Dated: true}, Article},
		"login":                       {Page{Title: "Sign in", PasswordFields: 1, TextChars: 60, PageChars: 150}, Login},
		"script":                      {Page{Title: "App", Scripts: 3, TextChars: 0, PageChars: 20}, Script},
		"home page":                   {Page{Path: "/", Title: "Daily", TextChars: 900, PageChars: 9000, LinkChars: 6000}, List},
		"section":                     {Page{Path: "/local", Title: "Local", TextChars: 0, PageChars: 1500, LinkChars: 1200}, List},
		"collection":                  {Page{Path: "/local", Types: []string{"CollectionPage"}, TextChars: 500, PageChars: 1500}, List},
		"live blog":                   {Page{Title: "Live", Types: []string{"LiveBlogPosting"}, TextChars: 5000}, LiveBlog},
		"gallery":                     {Page{Title: "Pictures", Types: []string{"ImageGallery"}, TextChars: 500, Dated: true}, Gallery},
		"video with a line of text":   {Page{Title: "Watch", Types: []string{"VideoObject"}, TextChars: 200, Dated: true}, Video},
		"story with a video above it": {Page{Title: "Watch", Types: []string{"VideoObject"}, TextChars: 3000}, Article},
	}
	for name, tt := range tests {
		if tt.page.Path == "" {
			tt.page.Path = "/news/1"
		}
		require.Equal(t, tt.want, Of(&tt.page), name)
	}
}

func TestStory(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{Article, Wire, Feed, LiveBlog, Gallery, Video} {
		require.True(t, Story(kind), kind)
	}
	for _, kind := range []string{List, Consent, Paywall, Login, Error, Script} {
		require.False(t, Story(kind), kind)
	}
}
