package demo

import (
	"time"
)

// linkedData is the story in schema.org's terms. A paper's template prints it or
// does not.
func (st *story) linkedData(base string) any {
	publisher := map[string]any{"@type": "NewsMediaOrganization", "name": st.paper.name, "url": base + st.paper.home()}
	news := map[string]any{
		"@context":            "https://schema.org",
		"@type":               "NewsArticle",
		"headline":            st.title,
		"description":         st.summary,
		"url":                 base + st.path(),
		"mainEntityOfPage":    map[string]any{"@type": "WebPage", "@id": base + st.path()},
		"datePublished":       st.published.Format(time.RFC3339),
		"dateModified":        st.modified().Format(time.RFC3339),
		"inLanguage":          st.lang,
		"articleSection":      st.section,
		"image":               []string{base + st.lead()},
		"publisher":           publisher,
		"isAccessibleForFree": st.kind != KindPaywall,
	}
	if len(st.tags) > 0 {
		news["keywords"] = st.tags
	}
	if st.byline != "" {
		news["author"] = []any{map[string]any{"@type": "Person", "name": st.byline}}
	} else {
		news["author"] = publisher
	}
	switch st.kind {
	case KindPaywall:
		news["hasPart"] = map[string]any{
			"@type": "WebPageElement", "isAccessibleForFree": false, "cssSelector": ".uz-artikel__bezahlt",
		}
	case KindLiveBlog:
		news["@type"] = "LiveBlogPosting"
		news["coverageStartTime"] = st.published.Format(time.RFC3339)
		news["coverageEndTime"] = st.modified().Format(time.RFC3339)
		news["liveBlogUpdate"] = st.blogPosts()
	}
	return news
}

// blogPosts are a live blog's entries in schema.org's terms.
func (st *story) blogPosts() []any {
	var updates []any
	_, entries := posts(st.blocks)
	for _, e := range entries {
		updates = append(updates, map[string]any{
			"@type":         "BlogPosting",
			"headline":      e.Title,
			"datePublished": st.published.Format(time.DateOnly) + "T" + e.Clock + st.published.Format(":00Z07:00"),
			"articleBody":   plainText(e.Blocks),
		})
	}
	return updates
}
