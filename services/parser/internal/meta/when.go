package meta

import (
	"strings"

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

// vagueNames are those of publishedNames that many sites use for the time of the
// page's making, its printing or its last change.
var vagueNames = map[string]bool{
	"date": true, "created": true, "date_created": true, "datecreated": true, "timestamp": true, "dc.created": true, "dc:date": true,
	"dc:created": true, "dc.date": true, "dcterms.date": true, "dcterms.created": true, "dc.date.created": true, "buildtime": true,
	"gentime": true, "article.created": true, "release_date": true, "displaydate": true, "video:release_date": true,
}

// Meta names that carry the time of the last change.
var modifiedNames = []string{
	"article:modified_time", "og:article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod",
	"last-modified", "modified", "article:modified", "article:updated_time", "revised", "updated", "cxenseparse:recs:modifiedtime", "last_updated", "article.updated",
}

// read parses a date and refuses what cannot be.
func (r *resolver) read(s string) (date.Date, bool) {
	d, ok := date.Parse(s, r.out.Language.Text)
	if ok && d.Either && !d.Plausible(r.c.Now) {
		d = d.Exchanged()
	}
	if !ok || !d.Plausible(r.c.Now) || d.Precision == date.Year || d.Time.Year() < 1950 {
		return date.Date{}, false
	}
	return d, true
}

func (r *resolver) dates() {
	o := r.out
	o.Published, o.Modified = r.structured("datePublished", publishedNames), r.structured("dateModified", modifiedNames)
	if !o.Published.Known && r.story != nil {
		made := r.stated(0.8, "dateCreated", "uploadDate", "datePosted")
		o.Published = r.firstOf([]string{made.Text}, made.Origin)
	}
	fromURL := r.urlDate()
	switch {
	case !o.Published.Known:
		o.Published = r.unstructured(fromURL)
	case o.Published.Confidence == weak:
		if shown := r.printedDate(); shown.Known && shown.Confidence >= beside {
			o.Published = shown
		}
	}
	if !o.Published.Known && o.Modified.Known {
		// A page that tells only its last change was most likely published then.
		o.Published = o.Modified
		o.Published.Confidence = 0.4
	}
	if !o.Published.Known {
		o.Published = r.future()
	}
	r.exchange(fromURL)
	r.localise(fromURL)
	if o.Published.Known && o.Modified.Known && o.Modified.Time.Before(o.Published.Time) {
		o.Modified = Date{}
	}
}

// Confidences that decide between sources.
const (
	doubted = 0.2  // a date ahead of the time of reading
	weak    = 0.7  // meta elements of vague names, such as "date"
	beside  = 0.65 // a date printed at the headline
)

// unstructured looks for the publication date where no structured data give it.
func (r *resolver) unstructured(fromURL Date) Date {
	shown := r.printedDate()
	if fromURL.Known {
		switch {
		case !shown.Known:
			return fromURL
		case sameDay(shown, fromURL):
			// The address bears the printed date out, which is at least as exact.
			shown.Confidence = max(shown.Confidence, 0.7)
		case shown.Confidence < 0.7 && fromURL.Precision == date.Day:
			return fromURL
		}
	}
	if !shown.Known || shown.Confidence < 0.5 {
		if d := r.dataDate(); d.Known {
			return d
		}
	}
	return shown
}

// future keeps a date after the time of reading where the publisher says it in so
// many words and says no other, and marks it as doubtful.
func (r *resolver) future() Date {
	var given []string
	if r.story != nil {
		given = stringsOf(r.story["datePublished"])
	}
	if d := r.ahead(given, Origin{JSONLD, "jsonld.datePublished", doubted}); d.Known {
		return d
	}
	return r.ahead(r.p.names["article:published_time"], metaOrigin("article:published_time", doubted))
}

// ahead reads the first day that lies after the time of reading.
func (r *resolver) ahead(given []string, from Origin) Date {
	for _, s := range given {
		d, ok := date.Parse(s, r.out.Language.Text)
		if ok && d.Time.After(r.c.Now) && !d.Plausible(r.c.Now) && d.Precision != date.Year && d.Precision != date.Month {
			return Date{Date: d, Origin: from, Known: true, Doubt: DoubtFuture}
		}
	}
	return Date{}
}

func sameDay(a, b Date) bool {
	return b.Precision == date.Day && a.Precision != date.Month && a.Local().Truncate(day).Equal(b.Local().Truncate(day))
}

// structured reads a time from JSON-LD, meta elements or microdata.
func (r *resolver) structured(prop string, names []string) Date {
	var candidates []string
	if r.story != nil {
		candidates = stringsOf(r.story[prop])
	}
	if d := r.firstOf(candidates, Origin{JSONLD, "jsonld." + prop, 0.97}); d.Known {
		return d
	}
	for _, n := range names {
		if len(r.p.names[n]) == 0 {
			continue
		}
		from := metaOrigin(n, 0.85)
		switch {
		case vagueNames[n]:
			from.Confidence = weak
		case from.Source == OpenGraph:
			from.Confidence = 0.95
		}
		if d := r.firstOf(r.p.names[n], from); d.Known {
			return d
		}
	}
	if d := r.firstOf(r.p.micro[prop], Origin{Microdata, "microdata." + prop, 0.9}); d.Known {
		return d
	}
	if prop == "dateModified" {
		return Date{}
	}
	for _, o := range r.p.scripts { // another object of the page
		confidence := 0.85
		switch {
		case articleRank(o) > 0:
		case first(o, "headline", "name") == "" || ofPart(o):
			continue
		default:
			confidence = 0.72
		}
		if d := r.firstOf(stringsOf(o[prop]), Origin{JSONLD, "jsonld.other." + prop, confidence}); d.Known {
			return d
		}
	}
	return Date{}
}

func (r *resolver) firstOf(candidates []string, from Origin) Date {
	for _, s := range candidates {
		if d, ok := r.read(s); ok {
			return Date{Date: d, Origin: from, Known: true}
		}
	}
	return Date{}
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
			return Date{Date: d, Origin: Origin{URL, "url.path", confidence}, Known: true}
		}
	}
	return Date{}
}
