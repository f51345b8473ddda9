package agency

import (
	"strings"
	"time"
	"unicode"

	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
	"github.com/dateline-news/dateline/services/parser/internal/wire"
)

// Control characters that frame a message (IPTC 7901, Recommended Message Format,
// section 2).
const (
	startOfText = "\x02"
	endOfText   = "\x03"
)

// iptc7901 reads a message of the old wires:
//
//	SOH source and number, priority, category, word count, more CR LF
//	keywords or slugline CR LF
//	STX text ETX
//	date and time CR LF EOT
//
// Agencies put the keywords before or after the STX, and the date before or after
// the ETX.
func iptc7901(message string, at time.Time) *Story {
	s := &Story{}
	message = message[strings.IndexByte(message, 1)+1:]
	header, text, _ := strings.Cut(message, startOfText)
	text, trailer, _ := strings.Cut(text, endOfText)
	first, slugline, _ := strings.Cut(strings.ReplaceAll(header, "\r", ""), "\n")
	s.wireHeader(first)
	s.Slugline = sluglineOf(slugline)

	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	lines = s.wireTop(lines, s.Slugline != "")
	lines = s.wireDate(bared(lines), strings.Split(trailer, "\n"), at)

	story := wire.Parse(strings.Join(bared(lines), "\n"))
	if s.Headline == "" {
		s.Headline, s.Derived = story.Headline, story.Derived
	}
	if s.Slugline == "" {
		s.Slugline = story.Slugline
	}
	s.Byline, s.Authors, s.Keywords = story.Byline, story.Authors, story.Keywords
	for _, p := range story.Paragraphs {
		s.Pieces = append(s.Pieces, mainbody.Piece{Kind: mainbody.Paragraph, Text: p})
	}
	return s
}

// wireHeader reads "FRA0123 4 I 0312": priority and category follow the message's
// source and number.
func (s *Story) wireHeader(header string) {
	fields := strings.Fields(header)
	if len(fields) > 12 {
		fields = fields[:12]
	}
	for i, f := range fields {
		if i == 0 || len(f) != 1 || f[0] < '0' || f[0] > '9' {
			continue
		}
		s.Urgency = urgency(f)
		if i+1 < len(fields) && len(fields[i+1]) <= 3 && strings.Trim(fields[i+1], "0123456789") != "" {
			s.Section = plain.Line(fields[i+1])
		}
		return
	}
}

// sluglineOf makes one line of keywords, which end in a slash.
func sluglineOf(text string) string {
	text = plain.Line(text)
	if len(text) > 200 {
		return ""
	}
	return strings.TrimRight(text, "/ ")
}

// bared are the lines without empty ones at the ends.
func bared(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// maxTop is how many lines above the text may be its keywords and headline.
const maxTop = 6

// wireTop takes the keywords ("Harbour/Weather/") and the headline, which ends in
// an equals sign, off the top of a text. Where the keywords stood before the text,
// the line at its very start is the headline.
func (s *Story) wireTop(lines []string, keyworded bool) []string {
	for n := 0; len(lines) > 0 && n < maxTop; n++ {
		l := plain.Line(lines[0])
		bare := strings.TrimRight(l, " =")
		switch {
		case l == "" || bare == "":
		case s.Slugline == "" && strings.HasSuffix(l, "/") && len(l) < 120:
			s.Slugline = sluglineOf(l)
		case s.Headline == "" && bare != l && len(l) < 300:
			s.Headline = bare
		case s.Headline == "" && n == 0 && keyworded && len(l) < 200 && !strings.HasSuffix(l, ".") && alone(lines):
			s.Headline = l
		default:
			return lines
		}
		lines = lines[1:]
	}
	return lines
}

// alone reports whether a line is no part of a paragraph: what follows is empty or
// indented.
func alone(lines []string) bool {
	return len(lines) > 1 && (strings.TrimSpace(lines[1]) == "" || lines[1][0] == ' ' || lines[1][0] == '\t')
}

// wireDate reads the date behind the text, or else in one of its last lines, and
// returns the lines without it.
func (s *Story) wireDate(lines, trailer []string, at time.Time) []string {
	for _, l := range trailer[:min(len(trailer), 8)] {
		if d, ok := dayGroup(l, at); ok {
			s.Published = d
			return lines
		}
	}
	for back := 1; back <= min(4, len(lines)-1); back++ {
		if d, ok := dayGroup(lines[len(lines)-back], at); ok {
			s.Published = d
			return signedOff(lines[:len(lines)-back])
		}
	}
	return lines
}

// signedOff are the lines before the initials that agencies put over the date: "nnb
// mb yy hx".
func signedOff(lines []string) []string {
	lines = bared(lines)
	if len(lines) < 2 {
		return lines
	}
	last := lines[len(lines)-1]
	initials := strings.Fields(last)
	if len(last) > 40 || len(initials) < 2 {
		return lines
	}
	for _, i := range initials {
		if len(i) > 3 || strings.Trim(i, "abcdefghijklmnopqrstuvwxyz0123456789/-") != "" {
			return lines
		}
	}
	return lines[:len(lines)-1]
}

// dayGroup reads a date-time group: day, hour and minute as six digits, perhaps
// with the zone, a month's name and a year: "031045 GMT MAR 26". Agencies that do
// not say GMT print their own clock as often. Without month and year it is the last
// such day before now.
func dayGroup(l string, now time.Time) (date.Date, bool) {
	if len(l) > 80 {
		return date.Date{}, false
	}
	// The agency's letters may stand before.
	fields := strings.Fields(plain.Line(l))
	for len(fields) > 1 && strings.IndexFunc(fields[0], unicode.IsDigit) < 0 {
		fields = fields[1:]
	}
	if len(fields) == 0 {
		return date.Date{}, false
	}
	group, zone := strings.CutSuffix(strings.ToUpper(fields[0]), "Z")
	if len(group) != 6 || strings.Trim(group, "0123456789") != "" {
		return date.Date{}, false
	}
	rest := fields[1:]
	if len(rest) > 0 && isUTC(rest[0]) {
		rest, zone = rest[1:], true
	}
	clock := group[2:4] + ":" + group[4:]
	if zone {
		clock += "Z"
	}
	if len(rest) == 2 && strings.IndexFunc(rest[0], unicode.IsDigit) < 0 {
		year := rest[1]
		if len(year) == 2 {
			year = "20" + year
		}
		d, ok := date.Parse(group[:2]+" "+rest[0]+" "+year+" "+strings.Replace(clock, "Z", " UTC", 1), "")
		return d, ok && d.Precision == date.Minute
	}
	if len(rest) > 0 {
		return date.Date{}, false
	}
	for back := range 3 {
		month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -back, 0)
		d, ok := date.Parse(month.Format("2006-01-")+group[:2]+"T"+clock, "")
		if ok && d.Plausible(now) {
			return d, true
		}
	}
	return date.Date{}, false
}

func isUTC(zone string) bool {
	switch strings.ToUpper(zone) {
	case "GMT", "UTC", "Z", "UT":
		return true
	}
	return false
}

// paragraphs reads a body in plain text, whose line ends part paragraphs or are
// mere wraps.
func (s *Story) paragraphs(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	for _, p := range wire.Paragraphs(text) {
		s.Pieces = append(s.Pieces, mainbody.Piece{Kind: mainbody.Paragraph, Text: p})
	}
}
