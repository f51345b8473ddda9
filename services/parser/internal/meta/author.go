package meta

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/parser/internal/byline"
)

// authors takes the names from the first source that names people; a source
// that names only an organisation counts last.
func (r *resolver) authors() {
	r.printedByline()
	lists := r.authorLists()
	site := r.out.SiteName.Text
	printed := r.people(byline.Names(r.out.Byline.Text, site))
	for _, l := range lists {
		names := r.people(byline.FromList(l.list, site))
		switch {
		case len(names) == 0:
		case len(printed) > 0 && r.out.Byline.Confidence >= nearByline && !persons(names) && persons(printed):
			// A handle, a first name or the publisher goes into the data, the person is printed.
			r.out.Authors, r.out.AuthorsOrigin = printed, r.out.Byline.Origin
			return
		default:
			r.out.Authors, r.out.AuthorsOrigin = names, l.Origin
			return
		}
	}
	if v := r.out.Byline; v.Text != "" {
		names := printed
		if len(names) == 0 && r.bylineMarked {
			names = r.people(byline.FromList([]string{v.Text}, site))
		}
		if len(names) > 0 {
			r.out.Authors, r.out.AuthorsOrigin = names, v.Origin
			return
		}
	}
	// Nobody else is named: the site or an organisation signs.
	if r.story != nil {
		lists = append(lists, authorList{r.p.namesIn(r.story["author"], 0), Origin{JSONLD, "jsonld.author", 0}})
	}
	for _, l := range lists {
		if names := byline.FromList(l.list, ""); len(names) > 0 {
			r.out.Authors, r.out.AuthorsOrigin = names, Origin{l.Source, l.Rule, 0.5}
			return
		}
	}
	if desk := byline.Desk(r.out.Byline.Text); desk != "" {
		r.out.Authors, r.out.AuthorsOrigin = []string{desk}, Origin{HTML, "printed.byline", 0.5}
	}
}

// persons reports whether names are of people, by given and family name.
func persons(names []string) bool {
	for _, n := range names {
		if strings.Contains(n, " ") && !byline.Firm(n) || unspacedName(n) {
			return true
		}
	}
	return false
}

// unspacedName reports whether a name is of a script that does not part words, or
// has no capitals to tell.
func unspacedName(n string) bool {
	first, _ := utf8.DecodeRuneInString(n)
	return first > 0x7f && !unicode.IsUpper(first) && !unicode.IsLower(first)
}

// A byline printed near the headline, or so called by the markup there.
const (
	sureByline = 14
	nearByline = 0.8
)

// authorList is what one source says.
type authorList struct {
	list []string
	Origin
}

// Meta names that carry authors.
var authorNames = []string{
	"author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.contributor",
	"article:author:name", "article.author", "citation_author", "cxenseparse:author",
}

func (r *resolver) authorLists() []authorList {
	var out []authorList
	if r.story != nil {
		out = append(out,
			authorList{r.p.namesIn(r.persons(r.story["author"], 0), 0), Origin{JSONLD, "jsonld.author", 0.95}},
			authorList{r.p.namesIn(r.persons(r.story["creator"], 0), 0), Origin{JSONLD, "jsonld.creator", 0.8}})
	}
	for _, key := range authorNames {
		var list []string
		for _, v := range r.p.names[key] {
			if !isURL(v) {
				list = append(list, v)
			}
		}
		if len(list) > 0 {
			out = append(out, authorList{list, metaOrigin(key, 0.85)})
		}
	}
	if strings.Contains(strings.ToLower(r.name("twitter:label1")), "by") {
		out = append(out, authorList{r.p.names["twitter:data1"], metaOrigin("twitter:data1", 0.8)})
	}
	return append(out, authorList{r.p.micro["author"], Origin{Microdata, "microdata.author", 0.85}})
}

// persons drops the organisations from an author property.
func (r *resolver) persons(v any, depth int) any {
	switch v := v.(type) {
	case []any:
		if depth > 2 {
			return nil
		}
		var out []any
		for _, e := range v[:min(len(v), 32)] {
			if e = r.persons(e, depth+1); e != nil {
				out = append(out, e)
			}
		}
		return out
	case map[string]any:
		o := v
		if id, ok := v["@id"].(string); ok && v["@type"] == nil {
			if known := r.p.byID(id); known != nil {
				o = known
			}
		}
		for _, t := range types(o) {
			if strings.HasSuffix(t, "Organization") {
				return nil
			}
		}
	}
	return v
}

// people drops names that are the site's.
func (r *resolver) people(names []string) []string {
	out := names[:0]
	for _, n := range names {
		if !r.isSite(n) {
			out = append(out, n)
		}
	}
	return out
}

// printedByline finds the author line that the reader sees: near the headline,
// short, outside lists and comments.
func (r *resolver) printedByline() {
	best, bestScore, marked := "", 0, false
	for _, b := range r.p.bylines {
		score := 10
		if b.aside {
			score -= 6
		}
		if b.marked {
			score += 3
		}
		if distance := b.order - r.p.headingAt; r.p.headingAt >= 0 && distance >= 0 && distance < 40 {
			score += 4
		}
		if len(b.text) > 120 {
			score -= 4
		}
		if score <= bestScore { // it can only get less
			continue
		}
		if len(byline.Names(b.text, r.out.SiteName.Text)) == 0 {
			score -= 8
			if b.marked && len(byline.FromList([]string{b.text}, r.out.SiteName.Text)) > 0 {
				score += 5
			}
		}
		if score > bestScore {
			best, bestScore, marked = b.text, score, b.marked
		}
	}
	r.bylineMarked = marked
	if bestScore > 4 {
		confidence := 0.7
		if bestScore >= sureByline {
			confidence = nearByline
		}
		r.out.Byline = printedAs(best, "printed.byline", confidence)
	}
}
