package meta

import (
	"strings"

	"github.com/dateline-news/dateline/services/parser/internal/date"
)

// Bounds on what is read of scripts that hold data, in bytes.
const (
	maxDataRead  = 4 << 20
	maxDataKey   = 32
	maxDataValue = 40
	maxDataDates = 12
)

// dataKeys are the names, without case and signs, under which scripts for
// readers' statistics and for the page's own building keep the publication time.
var dataKeys = map[string]bool{
	"datepublished": true, "datepublish": true, "publishdate": true, "publisheddate": true, "publishedat": true, "publicationdate": true, "publishdateiso": true,
	"publishedtime": true, "publishtime": true, "publishdatetime": true, "publisheddatetime": true, "firstpublished": true, "firstpublisheddate": true,
	"firstpublishedat": true, "originalpublishdate": true, "articlepublicationdate": true, "articlepublishdate": true, "articlepublished": true,
	"contentpublishdate": true, "cmspublishingdate": true, "publishingdate": true, "publishedon": true, "datepublication": true, "publisheddateiso": true,
	"pubdate": true, "publicationtime": true, "publishedatdate": true, "dateofpublication": true,
}

// dataDates reads the publication times in scripts, in their order.
func (r *resolver) dataDates() []date.Date {
	var out []date.Date
	left := maxDataRead
	for _, s := range r.p.data {
		if len(s) > left {
			break
		}
		left -= len(s)
		for from := 0; len(out) < maxDataDates; {
			i := strings.Index(s[from:], "ub")
			if i < 0 {
				break
			}
			at := from + i
			key, end := keyAround(s, at)
			from = end
			if !dataKeys[key] {
				continue
			}
			if d, ok := r.read(valueAfter(s, end)); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

// keyAround returns the name around a place of a script, folded, and its end.
func keyAround(s string, at int) (string, int) {
	start, end := at, at+2
	for start > 0 && at-start < maxDataKey && inKey(s[start-1]) {
		start--
	}
	for end < len(s) && end-at < maxDataKey && inKey(s[end]) {
		end++
	}
	if end-start > maxDataKey {
		return "", end
	}
	key := make([]byte, 0, maxDataKey)
	for i := start; i < end; i++ {
		if c := s[i]; c != '_' && c != '-' {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			key = append(key, c)
		}
	}
	return string(key), end
}

func inKey(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-'
}

// valueAfter is the string that follows a name, a colon or an equals sign
// between.
func valueAfter(s string, at int) string {
	told := false
	for i := 0; at < len(s) && i < 10; at++ {
		switch c := s[at]; {
		case c == ':' || c == '=':
			told = true
		case c == '"' || c == '\'' || c == '\\' || c == ' ' || c == '\n' || c == '\t':
		default:
			i = 10
			continue
		}
		i++
	}
	at-- // the sign that ended the loop
	if !told || at < 0 || at >= len(s) {
		return ""
	}
	end := at
	for end < len(s) && end-at < maxDataValue && s[end] != '"' && s[end] != '\'' && s[end] != '\\' && s[end] != ',' && s[end] != '}' {
		end++
	}
	return s[at:end]
}

// dataDate is the publication time in scripts, if they agree on the day or tell
// no more than two.
func (r *resolver) dataDate() Date {
	found := r.dataDates()
	days := map[string]bool{}
	for _, d := range found {
		days[d.Local().Format("2006-01-02")] = true
	}
	if len(found) == 0 || len(days) > 2 || found[0].Precision == date.Month {
		return Date{}
	}
	return Date{Date: found[0], Origin: Origin{HTML, "script.published", 0.6}, Known: true}
}
