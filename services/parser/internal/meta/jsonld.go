package meta

import (
	"encoding/json"
	"html"
	"strings"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Bounds on structured data.
const (
	maxGraphDepth = 12
	maxObjects    = 400
)

// addScript reads one JSON-LD script. Only the shapes that publishers use are
// understood: objects, lists of them, and @graph; a context is not fetched.
func (p *Page) addScript(data string) {
	if len(data) > maxScript {
		return
	}
	var v any
	if json.Unmarshal([]byte(data), &v) != nil && json.Unmarshal(repair(data), &v) != nil {
		return
	}
	p.addObject(v, 0)
}

func (p *Page) addObject(v any, depth int) {
	if depth > maxGraphDepth || len(p.scripts) >= maxObjects {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			p.addObject(e, depth+1)
		}
	case map[string]any:
		if graph, ok := v["@graph"]; ok {
			p.addObject(graph, depth+1)
		}
		p.scripts = append(p.scripts, v)
		for _, key := range [...]string{"mainEntity", "mainEntityOfPage", "itemListElement", "hasPart"} {
			if _, ok := v[key].(map[string]any); ok {
				p.addObject(v[key], depth+1)
			}
		}
	}
}

// repair mends what publishers get wrong: comments around the script, line ends
// inside strings, stray backslashes, and commas before a closing bracket.
func repair(s string) []byte {
	s = strings.TrimSpace(s)
	for _, wrap := range [...]string{"<!--", "//<![CDATA[", "<![CDATA[", "/*<![CDATA[*/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, wrap))
	}
	for _, wrap := range [...]string{"-->", "//]]>", "]]>", "/*]]>*/", ";"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, wrap))
	}
	out := make([]byte, 0, len(s))
	inside := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case inside && c == '\\':
			if i+1 < len(s) && strings.IndexByte(`"\/bfnrtu`, s[i+1]) >= 0 {
				out = append(out, c, s[i+1])
				i++
			}
			continue
		case c == '"':
			inside = !inside
		case inside && c < 0x20:
			c = ' '
		case !inside && (c == '}' || c == ']'):
			for len(out) > 0 && (out[len(out)-1] == ',' || out[len(out)-1] <= ' ') {
				out = out[:len(out)-1]
			}
		}
		out = append(out, c)
	}
	return out
}

// types are the values of @type without their vocabulary.
func types(o map[string]any) []string {
	var out []string
	for _, t := range stringsOf(o["@type"]) {
		out = append(out, t[strings.LastIndexAny(t, "/#:")+1:])
	}
	return out
}

// articleRank says how much a type is a story: 3 article, 2 other content, 1 a page.
func articleRank(o map[string]any) int {
	rank := 0
	for _, t := range types(o) {
		switch {
		case strings.HasSuffix(t, "Article"), t == "BlogPosting", t == "LiveBlogPosting", t == "Report", t == "Review":
			rank = max(rank, 3)
		case t == "VideoObject", t == "PodcastEpisode", t == "Recipe", t == "ImageGallery", t == "MediaGallery", t == "SocialMediaPosting", t == "CreativeWork", t == "NewsMediaObject":
			rank = max(rank, 2)
		case t == "WebPage", t == "ItemPage":
			rank = max(rank, 1)
		}
	}
	return rank
}

// ofPart reports whether an object is of a part of a page, or of its publisher.
func ofPart(o map[string]any) bool {
	for _, t := range types(o) {
		switch t {
		case "Comment", "Review", "UserReview", "CriticReview", "Rating", "ImageObject", "VideoObject", "AudioObject", "Person", "WebSite",
			"Answer", "Question", "BreadcrumbList", "ItemList", "Dataset":
			return true
		}
		if strings.HasSuffix(t, "Organization") {
			return true
		}
	}
	return false
}

// story picks the object that describes the page's own story: of the highest
// rank, and among several articles the one that the page's title agrees with.
func (p *Page) story(title string) map[string]any {
	var best map[string]any
	bestScore := 0
	want := plain.Fold(title)
	for _, o := range p.scripts {
		rank := articleRank(o)
		if rank == 0 {
			continue
		}
		if rank == 3 {
			p.articles++
		}
		score := rank * 4
		name := plain.Fold(first(o, "headline", "name"))
		if name != "" {
			score += 2
			if want != "" && (strings.Contains(want, name) || strings.Contains(name, want)) {
				score += 3
			}
		}
		if o["datePublished"] != nil {
			score++
		}
		if score > bestScore {
			best, bestScore = o, score
		}
	}
	return best
}

// byID finds the object of the graph with an @id.
func (p *Page) byID(id string) map[string]any {
	for _, o := range p.scripts {
		if s, _ := o["@id"].(string); s == id && len(o) > 1 {
			return o
		}
	}
	return nil
}

// stringsOf flattens a JSON value into strings.
func stringsOf(v any) []string {
	switch v := v.(type) {
	case string:
		if s := clean(v); s != "" {
			return []string{s}
		}
	case []any:
		var out []string
		for _, e := range v[:min(len(v), 64)] {
			if s, ok := e.(string); ok && clean(s) != "" {
				out = append(out, clean(s))
			}
		}
		return out
	}
	return nil
}

// clean turns a JSON string into a line of text: publishers escape entities in
// it, sometimes twice, and leave markup.
func clean(s string) string {
	if len(s) > maxFieldBytes {
		s = strings.ToValidUTF8(s[:maxFieldBytes], "")
	}
	for range 2 {
		if !strings.Contains(s, "&") {
			break
		}
		s = html.UnescapeString(s)
	}
	return plain.Line(dropTags(s))
}

// dropTags removes what looks like HTML tags.
func dropTags(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			break
		}
		end := strings.IndexByte(s[i:], '>')
		c := s[i+1] | 0x20
		if end < 0 || (c < 'a' || c > 'z') && s[i+1] != '/' {
			b.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		b.WriteString(s[:i])
		b.WriteByte(' ')
		s = s[i+end+1:]
	}
	b.WriteString(s)
	return b.String()
}

// first is the first property that holds text.
func first(o map[string]any, keys ...string) string {
	for _, k := range keys {
		if s := stringsOf(o[k]); len(s) > 0 {
			return s[0]
		}
	}
	return ""
}

// namesIn reads people or organisations: a string, an object with a name, a
// reference into the graph, or a list of those.
func (p *Page) namesIn(v any, depth int) []string {
	if depth > 3 {
		return nil
	}
	switch v := v.(type) {
	case string:
		if s := clean(v); s != "" && !isURL(s) {
			return []string{s}
		}
	case []any:
		var out []string
		for _, e := range v[:min(len(v), 32)] {
			out = append(out, p.namesIn(e, depth+1)...)
		}
		return out
	case map[string]any:
		if v["name"] != nil {
			return p.namesIn(v["name"], depth+1)
		}
		if id, ok := v["@id"].(string); ok {
			if o := p.byID(id); o != nil && o["name"] != nil {
				return p.namesIn(o["name"], depth+1)
			}
		}
		if given, family := first(v, "givenName"), first(v, "familyName"); family != "" {
			return []string{strings.TrimSpace(given + " " + family)}
		}
	}
	return nil
}

// imagesIn reads an image property.
func imagesIn(v any, depth int) []Image {
	if depth > 3 {
		return nil
	}
	switch v := v.(type) {
	case string:
		return []Image{{URL: strings.TrimSpace(v)}}
	case []any:
		var out []Image
		for _, e := range v[:min(len(v), 8)] {
			out = append(out, imagesIn(e, depth+1)...)
		}
		return out
	case map[string]any:
		url := first(v, "url", "contentUrl", "@id")
		if url == "" {
			return nil
		}
		return []Image{{URL: url, Caption: first(v, "caption", "description"), Width: number(v["width"]), Height: number(v["height"])}}
	}
	return nil
}

func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www.")
}
