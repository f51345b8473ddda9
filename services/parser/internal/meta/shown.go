package meta

import (
	"strings"

	"github.com/dateline-news/dateline/services/parser/internal/date"
)

// Words that tell publication from change, in the languages that print them
// most; lower-case beginnings.
var (
	publishWords = []string{
		"publi", "posted", "veröffentlich", "erschienen", "erstellt", "pubblicat", "opublikowan", "dodano", "опубликован", "нашр", "نشر", "geplaatst",
		"gepubliceerd", "yayın", "created", "written", "mis en ligne", "objavljen", "опублікован", "publicerad", "julkaistu", "megjelen", "δημοσι", "发布", "發布",
		"公開", "掲載", "入력", "등록", "đăng", "diterbitkan", "תאריך", "le ", "vom ", "am ",
	}
	modifyWords = []string{
		"updat", "modif", "aktualis", "actuali", "aggiorna", "mis à jour", "mise à jour", "zuletzt", "обновлен", "تحديث", "bijgewerkt", "güncelle", "edited", "geändert",
		"änderung", "atualiza", "oppdatert", "opdateret", "uppdaterad", "päivitetty", "zaktualizowan", "оновлен", "更新", "수정", "cập nhật", "diperbarui", "עודכן", "frissít",
		"revised", "reviewed",
	}
	copyWords = []string{"©", "copyright", "(c)", "rights reserved", "alle rechte"}
)

// printedDate looks for the publication date that the reader sees; of the best,
// one that tells the day goes before one that tells only the month.
func (r *resolver) printedDate() Date {
	best, bestScore := Date{}, 0
	for i := range r.p.dates {
		c := &r.p.dates[i]
		score := r.rate(c, i)
		if score <= bestScore {
			continue
		}
		rule := "printed.date"
		d, ok := r.read(c.text)
		switch {
		case ok && c.machine:
			rule = "time.datetime"
		case c.machine:
			d, ok = r.read(c.shown)
		}
		if !ok && score >= minRelative && !c.changed && !has(strings.ToLower(c.label+" "+c.text), modifyWords) {
			d, ok = date.ParseRelative(c.text, r.c.Now)
			rule = "printed.relative"
		}
		if !ok {
			continue
		}
		if d.Precision == date.Month {
			if score -= monthPenalty; !c.marked || score <= bestScore {
				continue
			}
		}
		confidence := 0.5
		switch {
		case c.marked && score >= sureScore:
			confidence = 0.72
		case score >= sureScore && len(c.text) <= 40:
			confidence = beside
		case c.marked:
			confidence = 0.7
		case score <= doubtfulScore:
			confidence = 0.4
		}
		best, bestScore = Date{Date: d, Origin: Origin{HTML, rule, confidence}, Known: true}, score
	}
	return best
}

// Scores of printed dates.
const (
	minRelative   = 30 // from which on a time told from now is read
	sureScore     = 34
	doubtfulScore = 14
	monthPenalty  = 16
)

// rate scores a printed date before it is read, since reading costs more.
func (r *resolver) rate(c *printed, i int) int {
	score := 20 - min(i/4, 8)
	low := strings.ToLower(c.text)
	label := strings.ToLower(c.label)
	switch {
	case has(low, copyWords):
		return 0
	case has(label, copyWords):
		score -= 8
	case has(low, modifyWords) && !has(low, publishWords):
		score -= 5
	case has(low, publishWords):
		score += 6
	case has(label, modifyWords) && len(low) <= maxDateOnly:
		score -= 5
	case has(label, publishWords[:len(publishWords)-3]) && len(low) <= maxDateOnly:
		score += 6
	}
	if c.changed {
		score -= 5
	}
	if c.marked {
		score += 8
	}
	if c.machine {
		score += 3
	}
	if c.aside && !r.p.headingAside {
		score -= 10
	}
	if c.linked {
		score -= 4
	}
	if r.p.groups[c.group] > 3 && c.group != 0 {
		score -= 10 // the dates of a list
	}
	switch {
	case len(c.text) <= 40:
		score += 4
	case len(c.text) > maxDateOnly && !c.marked:
		score -= 6 // a sentence
	}
	return score + r.nearHeading(c)
}

// nearHeading scores how near the headline a date stands.
func (r *resolver) nearHeading(c *printed) int {
	if r.p.headingAt < 0 {
		return 0
	}
	switch distance := c.order - r.p.headingAt; {
	case distance >= -6 && distance <= 14:
		return 11
	case distance >= -25 && distance <= 60:
		return 8
	case distance < -25:
		return -4
	}
	return 0
}

func has(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
