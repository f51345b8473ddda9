package dateline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/place"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

// eastAsian reads the datelines of Chinese, Japanese and Korean.
func (h head) eastAsian() (found, bool) {
	switch h.lang {
	case "zh", "ja", "ko":
	default:
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(h.text, "([（［【"))
		if first < 0x2E80 {
			return found{}, false
		}
	}
	if f, ok := h.telegram(); ok {
		return f, true
	}
	return h.bracketed()
}

// maxTelegram bounds the distance to the word "telegram", in code points.
const maxTelegram = 32

// telegram reads "新华社北京12月7日电" and "（中央社台北7日電）": agency, place,
// date and the word for telegram or report, perhaps in brackets.
func (h head) telegram() (found, bool) {
	text := strings.TrimLeft(h.text, "（(【")
	open := len(h.text) - len(text)
	digits, end := -1, -1
	point := 0
	for i, r := range text {
		if point++; point > maxTelegram {
			break
		}
		if digits < 0 && unicode.IsDigit(r) {
			digits = i
		}
		if r == '电' || r == '電' || r == '讯' || r == '訊' {
			if digits > 0 {
				end = i
				break
			}
		}
	}
	if end < 0 {
		return found{}, false
	}
	stamp := strings.TrimSuffix(strings.TrimSpace(text[digits:end]), "专")
	date, ok := when.ParseDate(stamp, "zh", h.published)
	if !ok {
		return found{}, false
	}
	f := found{date: date, confidence: 0.95}
	where := f.cutAgency(text[:digits])
	if !f.locate(where) && f.agency == "" {
		return found{}, false
	}
	f.end = open + end + len("电")
	if r, size := utf8.DecodeRuneInString(h.text[f.end:]); open > 0 && (r == '）' || r == ')' || r == '】') {
		f.end += size
	}
	return f, true
}

// cutAgency takes the agency from the front and a reporter from behind it.
func (f *found) cutAgency(where string) string {
	for i := len(where); i > 0; i-- {
		if i < len(where) && !utf8.RuneStart(where[i]) {
			continue
		}
		if knownAgency(where[:i]) {
			f.agency = where[:i]
			return where[i:]
		}
	}
	return strings.TrimPrefix(strings.TrimPrefix(where, "本报"), "本報")
}

// locate finds the longest known place that where ends with; before it may stand
// a reporter's name, or the office of a body such as the United Nations.
func (f *found) locate(where string) bool {
	where = strings.TrimFunc(where, func(r rune) bool { return !unicode.IsLetter(r) })
	for i := range where {
		name := where[i:]
		if utf8.RuneCountInString(name) < 2 {
			break
		}
		if city, ok := place.Find(name); ok {
			f.located, f.city, f.known, f.country = name, city, true, city.Country
			return true
		}
		if country, ok := place.Country(name); ok {
			f.located, f.country = name, country
			return true
		}
	}
	if f.agency != "" && utf8.RuneCountInString(where) <= 6 {
		f.located, f.confidence = where, 0.75
	}
	return false
}

// brackets are the opening brackets of datelines and the closing ones.
var brackets = map[rune]rune{'【': '】', '［': '］', '[': ']', '(': ')', '（': '）', '〔': '〕'}

// bracketed reads "【ロンドン共同】", "［ロンドン　７日　ロイター］" and
// "(서울=연합뉴스)": the place first, then date, agency or reporter.
func (h head) bracketed() (found, bool) {
	first, size := utf8.DecodeRuneInString(h.text)
	closing, ok := brackets[first]
	if !ok {
		return found{}, false
	}
	end := strings.IndexRune(h.text, closing)
	if end < 0 || utf8.RuneCountInString(h.text[:end]) > maxTelegram {
		return found{}, false
	}
	f := found{confidence: 0.9, end: end + utf8.RuneLen(closing)}
	pieces := strings.FieldsFunc(h.text[size:end], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("=＝・·,、，", r)
	})
	if len(pieces) == 0 || !f.locate(f.cutSuffix(pieces[0])) {
		return found{}, false
	}
	lang := h.lang
	if lang == "" || lang == "und" {
		lang = "ja"
	}
	for _, p := range pieces[1:] {
		if knownAgency(p) && f.agency == "" {
			f.agency = p
		} else if d, ok := when.ParseDate(p, lang, h.published); ok {
			f.date = d
		}
	}
	// Round brackets also open asides.
	if (first == '(' || first == '（') && f.agency == "" && f.date == (when.Date{}) {
		return found{}, false
	}
	if after := strings.TrimLeft(h.text[f.end:], " 　"); strings.HasPrefix(after, "-") || strings.HasPrefix(after, "－") {
		_, size := utf8.DecodeRuneInString(after)
		f.end = len(h.text) - len(after) + size
	}
	return f, true
}

// cutSuffix takes the agency that is written together with the place.
func (f *found) cutSuffix(piece string) string {
	for i := range piece {
		if i > 0 && knownAgency(piece[i:]) {
			f.agency = piece[i:]
			return piece[:i]
		}
	}
	return piece
}
