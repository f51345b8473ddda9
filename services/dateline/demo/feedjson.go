package demo

import "time"

type jsonFeedDoc struct {
	Version     string         `json:"version"`
	Title       string         `json:"title"`
	HomePageURL string         `json:"home_page_url"`
	FeedURL     string         `json:"feed_url"`
	Description string         `json:"description"`
	Language    string         `json:"language"`
	Items       []jsonFeedItem `json:"items"`
}

type jsonFeedItem struct {
	ID            string           `json:"id"`
	URL           string           `json:"url"`
	Title         string           `json:"title"`
	Summary       string           `json:"summary"`
	ContentText   string           `json:"content_text"`
	Image         string           `json:"image"`
	DatePublished string           `json:"date_published"`
	DateModified  string           `json:"date_modified,omitempty"`
	Authors       []jsonFeedAuthor `json:"authors,omitempty"`
	Tags          []string         `json:"tags"`
	Language      string           `json:"language"`
}

type jsonFeedAuthor struct {
	Name string `json:"name"`
}

func (p *paper) jsonFeed(base string, stories []*story) jsonFeedDoc {
	doc := jsonFeedDoc{
		Version: "https://jsonfeed.org/version/1.1", Title: p.name, HomePageURL: base + p.home(),
		FeedURL: base + p.feedPath, Description: p.tagline, Language: p.langs[0],
		Items: []jsonFeedItem{}, // the specification asks for an array even when empty
	}
	for _, st := range stories {
		item := jsonFeedItem{
			ID: st.guid(), URL: base + st.path(), Title: st.title, Summary: st.summary, ContentText: st.summary,
			Image: base + st.lead(), DatePublished: st.published.Format(time.RFC3339),
			Tags: append([]string{st.section}, st.tags...), Language: st.lang,
		}
		if !st.updated.IsZero() {
			item.DateModified = st.updated.Format(time.RFC3339)
		}
		if st.byline != "" {
			item.Authors = []jsonFeedAuthor{{Name: st.byline}}
		}
		doc.Items = append(doc.Items, item)
	}
	return doc
}
