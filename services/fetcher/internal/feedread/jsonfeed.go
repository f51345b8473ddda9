package feedread

import (
	"encoding/json"
	"fmt"
	"strings"
)

// jsonText reads a JSON value of any type as text, since publishers write numbers and
// booleans where strings belong.
type jsonText string

// UnmarshalJSON takes strings and numbers and drops the rest.
func (t *jsonText) UnmarshalJSON(b []byte) error {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		*t = jsonText(v)
	case float64:
		*t = jsonText(strings.Trim(string(b), " "))
	}
	return nil
}

// jsonList reads a list, or one value in its place; values of a wrong type are left out.
type jsonList[T any] []T

// UnmarshalJSON takes what fits.
func (l *jsonList[T]) UnmarshalJSON(b []byte) error {
	var raw []json.RawMessage
	if json.Unmarshal(b, &raw) != nil {
		raw = []json.RawMessage{b}
	}
	const most = 256
	for _, r := range raw[:min(len(raw), most)] {
		var v T
		if json.Unmarshal(r, &v) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}

type jsonAuthor struct {
	Name jsonText `json:"name"`
}

type jsonHub struct {
	Type jsonText `json:"type"`
	URL  jsonText `json:"url"`
}

type jsonAttachment struct {
	URL  jsonText `json:"url"`
	Type jsonText `json:"mime_type"`
}

// jsonItem is an item of JSON Feed 1.0 and 1.1.
type jsonItem struct {
	ID            jsonText                 `json:"id"`
	URL           jsonText                 `json:"url"`
	ExternalURL   jsonText                 `json:"external_url"`
	Title         jsonText                 `json:"title"`
	ContentHTML   jsonText                 `json:"content_html"`
	ContentText   jsonText                 `json:"content_text"`
	Summary       jsonText                 `json:"summary"`
	Image         jsonText                 `json:"image"`
	BannerImage   jsonText                 `json:"banner_image"`
	DatePublished jsonText                 `json:"date_published"`
	DateModified  jsonText                 `json:"date_modified"`
	Author        jsonList[jsonAuthor]     `json:"author"`
	Authors       jsonList[jsonAuthor]     `json:"authors"`
	Tags          jsonList[jsonText]       `json:"tags"`
	Language      jsonText                 `json:"language"`
	Attachments   jsonList[jsonAttachment] `json:"attachments"`
}

// readJSON reads a JSON Feed. The items are read one by one, so that those before a cut
// are kept.
func readJSON(doc, base string, feed *rawFeed) (truncated string, err error) {
	feed.base = base
	dec := json.NewDecoder(strings.NewReader(doc))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return "", &NotFeed{Found: "json", Reason: "it is no object"}
	}
	version, hasItems := "", false
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			truncated = "the JSON breaks off or is not valid"
			break
		}
		if name == "items" {
			hasItems = true
			if truncated = feed.jsonItems(dec); truncated != "" {
				break
			}
			continue
		}
		var raw json.RawMessage
		if dec.Decode(&raw) != nil {
			truncated = "the JSON breaks off or is not valid"
			break
		}
		key, _ := name.(string)
		if key == "version" {
			var v jsonText
			_ = json.Unmarshal(raw, &v)
			version = string(v)
		}
		feed.jsonField(key, raw)
	}
	if !hasItems && !strings.Contains(version, "jsonfeed.org") {
		return "", &NotFeed{Found: "json", Reason: "it is no JSON Feed: it has neither version nor items"}
	}
	if truncated != "" && len(feed.entries) == 0 {
		return "", &NotFeed{Found: "json", Reason: truncated + ", before any item was complete"}
	}
	number := version[strings.LastIndexByte(version, '/')+1:]
	feed.format = strings.TrimSpace("json " + cut(tidyLine(number), 8))
	return truncated, nil
}

// jsonItems reads the list of items.
func (f *rawFeed) jsonItems(dec *json.Decoder) (truncated string) {
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return "the items are no list"
	}
	for dec.More() {
		var raw json.RawMessage
		if dec.Decode(&raw) != nil {
			return fmt.Sprintf("the JSON breaks off or is not valid after item %d", len(f.entries))
		}
		var item jsonItem
		if json.Unmarshal(raw, &item) == nil {
			f.jsonItem(&item)
		}
	}
	if _, err := dec.Token(); err != nil {
		return "the JSON breaks off in the list of items"
	}
	return ""
}

// jsonField takes a field of the feed itself.
func (f *rawFeed) jsonField(name string, raw json.RawMessage) {
	var s jsonText
	_ = json.Unmarshal(raw, &s)
	switch name {
	case "title":
		f.title = value{s: string(s)}
	case "description":
		f.description = value{s: string(s)}
	case "home_page_url":
		f.links = append(f.links, link{href: string(s), base: f.base})
	case "feed_url":
		f.self = link{href: string(s), base: f.base}
	case "language":
		f.lang = string(s)
	case "author", "authors":
		var list jsonList[jsonAuthor]
		_ = json.Unmarshal(raw, &list)
		for _, a := range list {
			f.authors = append(f.authors, string(a.Name))
		}
	case "hubs":
		var list jsonList[jsonHub]
		_ = json.Unmarshal(raw, &list)
		for _, h := range list {
			if f.hub.href == "" || strings.EqualFold(string(h.Type), "websub") {
				f.hub = link{href: string(h.URL), base: f.base}
			}
		}
	}
}

func (f *rawFeed) jsonItem(j *jsonItem) {
	e := &rawEntry{guid: string(j.ID), guidIsLink: true, base: f.base, lang: string(j.Language)}
	e.title = value{s: string(j.Title)}
	e.summary = value{s: string(j.Summary)}
	e.content = value{s: string(j.ContentHTML), kind: htmlText, base: f.base}
	if e.content.empty() {
		e.content = value{s: string(j.ContentText)}
	}
	e.setPublished(f.dates, 9, string(j.DatePublished))
	e.updated = f.dates.read(string(j.DateModified))
	e.addLink(link{href: string(j.URL), base: f.base})
	e.addLink(link{href: string(j.ExternalURL), base: f.base, rel: "related"})
	for _, a := range append(j.Authors, j.Author...) {
		e.addAuthor(string(a.Name))
	}
	for _, t := range j.Tags {
		e.addCategory(string(t))
	}
	e.addImage(string(j.Image))
	e.addImage(string(j.BannerImage))
	for _, a := range j.Attachments {
		e.addMedia(string(a.URL), string(a.Type), "")
	}
	f.add(e)
}
