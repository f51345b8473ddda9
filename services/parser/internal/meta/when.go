package meta

import (
	"strings"
	"time"

	"github.com/dateline-news/dateline/services/parser/internal/date"
)

// Meta names that carry the publication time, the most telling first.
var publishedNames = []string{
	"article:published_time", "og:article:published_time", "datepublished", "article:published", "og:published_time", "parsely-pub-date",
	"dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "pubdate", "publishdate",
	"publish-date", "publish_date", "publication_date", "published", "published_time", "published-date", "pub_date",
	"sailthru.date", "article.published", "article_date_original", "originalpublicationdate", "citation_publication_date", "citation_online_date", "citation_date",
	"rnews:datepublished", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "vr:published_time", "article.created",
	"shareaholic:article_published_time", "bt:pubdate", "gentime", "release_date", "created", "date_created", "datecreated", "dateposted",
	"displaydate", "ptime", "date", "timestamp", "dc.created", "dc:date", "dc:created", "buildtime", "video:release_date", "prism.publicationdate", "prism.publicationDate",
}

// Meta names that carry the time of the last change.
var modifiedNames = []string{
	"article:modified_time", "og:article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod",
	"last-modified", "modified", "article:modified", "article:updated_time", "revised", "updated", "cxenseparse:recs:modifiedtime", "last_updated", "article.updated",
}

// read parses a date and refuses what cannot be.
func (r *resolver) read(s string) (date.Date, bool) {
	d, ok := date.Parse(s, r.out.Language.Text)
	if !ok || !d.Plausible(r.c.Now) || d.Precision == date.Year || d.Time.Year() < 1950 {
		return date.Date{}, false
	}
	return d, true
}

func (r *resolver) dates() {
	o := r.out
	o.Published, o.Modified = r.structured("datePublished", publishedNames), r.structured("dateModified", modifiedNames)
	if !o.Published.Known && r.story != nil {
		o.Published = r.firstOf([]string{r.jsonld("dateCreated", "uploadDate", "datePosted")}, JSONLD, 0.8)
	}
	if !o.Published.Known {
		o.Published = r.printedDate()
	}
	if fromURL := r.urlDate(); fromURL.Known {
		switch {
		case !o.Published.Known:
			o.Published = fromURL
		case o.Published.Source == HTML && sameDay(o.Published, fromURL):
			// The address bears the printed date out, which is at least as exact.
			o.Published.Confidence = max(o.Published.Confidence, 0.7)
		case o.Published.Source == HTML && o.Published.Confidence < 0.6 && fromURL.Precision == date.Day:
			o.Published = fromURL
		}
	}
	if !o.Published.Known && o.Modified.Known {
		// A page that tells only its last change was most likely published then.
		o.Published = o.Modified
		o.Published.Confidence = 0.4
	}
	if o.Published.Known && o.Modified.Known && o.Modified.Time.Before(o.Published.Time) {
		o.Modified = Date{}
	}
}

func sameDay(a, b Date) bool {
	const day = 24 * time.Hour
	return b.Precision == date.Day && a.Precision != date.Month && a.Local().Truncate(day).Equal(b.Local().Truncate(day))
}

// structured reads a time from JSON-LD, meta elements or microdata.
func (r *resolver) structured(prop string, names []string) Date {
	var candidates []string
	if r.story != nil {
		candidates = stringsOf(r.story[prop])
	}
	if d := r.firstOf(candidates, JSONLD, 0.97); d.Known {
		return d
	}
	for _, n := range names {
		source, confidence := Meta, 0.85
		if strings.HasPrefix(n, "article:") || strings.HasPrefix(n, "og:") {
			source, confidence = OpenGraph, 0.95
		}
		if d := r.firstOf(r.p.names[n], source, confidence); d.Known {
			return d
		}
	}
	if d := r.firstOf(r.p.micro[prop], Microdata, 0.9); d.Known {
		return d
	}
	if r.story == nil || prop == "dateModified" {
		return Date{}
	}
	for _, o := range r.p.scripts { // another object of the page
		if articleRank(o) > 0 {
			if d := r.firstOf(stringsOf(o[prop]), JSONLD, 0.85); d.Known {
				return d
			}
		}
	}
	return Date{}
}

func (r *resolver) firstOf(candidates []string, source string, confidence float64) Date {
	for _, s := range candidates {
		if d, ok := r.read(s); ok {
			return Date{Date: d, Origin: Origin{source, confidence}, Known: true}
		}
	}
	return Date{}
}

// Words that tell publication from change, in the languages that print them
// most; lower-case beginnings.
var (
	publishWords = []string{"publi", "posted", "veröffentlich", "erschienen", "erstellt", "pubblicat", "opublikowan", "dodano", "опубликован", "نشر", "geplaatst", "yayın", "public", "created", "mis en ligne", "le ", "vom ", "am "}
	modifyWords  = []string{"updat", "modif", "aktualis", "actuali", "aggiorna", "mis à jour", "zuletzt", "обновлен", "تحديث", "bijgewerkt", "güncelle", "edited", "geändert", "stand:"}
	copyWords    = []string{"©", "copyright", "(c)", "rights reserved", "alle rechte"}
)

// printedDate looks for the publication date that the reader sees.
func (r *resolver) printedDate() Date {
	best, bestScore := Date{}, 0
	for i, c := range r.p.dates {
		score := r.rate(&c, i)
		if score <= bestScore {
			continue
		}
		d, ok := r.read(c.text)
		if !ok || d.Precision == date.Month && !c.marked {
			continue
		}
		confidence := 0.5
		if c.marked {
			confidence = 0.7
		}
		best, bestScore = Date{Date: d, Origin: Origin{HTML, confidence}, Known: true}, score
	}
	return best
}

// rate scores a printed date before it is read, since reading costs more.
func (r *resolver) rate(c *printed, i int) int {
	score := 20 - min(i/4, 8)
	low := strings.ToLower(c.text)
	switch {
	case has(low, copyWords):
		return 0
	case has(low, modifyWords):
		score -= 5
	case has(low, publishWords):
		score += 6
	}
	if c.marked {
		score += 8
	}
	if c.machine {
		score += 3
	}
	if c.aside {
		score -= 10
	}
	if c.linked {
		score -= 4
	}
	if len(c.text) <= 40 {
		score += 4
	}
	if r.p.headingAt >= 0 {
		switch distance := c.order - r.p.headingAt; {
		case distance >= -25 && distance <= 60:
			score += 8
		case distance < -25:
			score -= 4
		}
	}
	return score
}

func has(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// urlDate reads /2023/12/07/, /2023/12/ or 2023-12-07 in the address.
func (r *resolver) urlDate() Date {
	for _, u := range [...]string{r.c.URL, r.out.Canonical.Text, r.p.links["canonical"], r.name("og:url")} {
		if i := strings.Index(u, "://"); i >= 0 {
			u = u[i+3:]
		}
		for i := 0; i+8 <= len(u); i++ {
			if u[i] != '/' && u[i] != '-' && u[i] != '_' || (u[i+1] != '1' && u[i+1] != '2') {
				continue
			}
			end := i + 1
			for end < len(u) && end < i+12 && (u[end] >= '0' && u[end] <= '9' || u[end] == '/' || u[end] == '-' || u[end] == '_') {
				end++
			}
			part := strings.Trim(strings.ReplaceAll(u[i+1:end], "_", "-"), "/-")
			if len(part) < 7 {
				continue
			}
			d, ok := r.read(part)
			if !ok || d.Time.Year() < 1995 {
				continue
			}
			confidence := 0.6
			if d.Precision == date.Month {
				confidence = 0.3
			}
			return Date{Date: d, Origin: Origin{URL, confidence}, Known: true}
		}
	}
	return Date{}
}
