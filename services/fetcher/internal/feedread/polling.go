package feedread

import (
	"strconv"
	"strings"
)

// skipHours takes the hours of the day, GMT, in which a feed asks not to be polled (RSS
// 2.0, "skipHours"). Hour 24, of RSS 0.91, is hour 0.
func (f *rawFeed) skipHours(n *node) {
	for _, k := range n.kids {
		if k.key != "hour" {
			continue
		}
		if h, err := strconv.Atoi(strings.TrimSpace(k.plain())); err == nil && h >= 0 && h <= 24 {
			f.hoursOff |= 1 << (h % 24)
		}
	}
}

// dayNumbers gives the days that RSS names, in lower case.
var dayNumbers = map[string]int{
	"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
}

// skipDays takes the days of the week, GMT, on which a feed asks not to be polled (RSS
// 2.0, "skipDays").
func (f *rawFeed) skipDays(n *node) {
	for _, k := range n.kids {
		if k.key != "day" {
			continue
		}
		if day, ok := dayNumbers[strings.ToLower(strings.TrimSpace(k.plain()))]; ok {
			f.daysOff |= 1 << day
		}
	}
}

// bits gives the numbers, below n, of the bits that are set, ascending; none if all
// are, since no feed means never to be polled.
func bits(set uint32, n uint32) []uint32 {
	var out []uint32
	for i := range n {
		if set&(1<<i) != 0 {
			out = append(out, i)
		}
	}
	if len(out) == int(n) {
		return nil
	}
	return out
}

// contentLanguage gives the language of a Content-Language header that names one (RFC
// 9110, section 8.5); a list of several says who may read, not what is written.
func contentLanguage(header string) string {
	if strings.Contains(header, ",") {
		return ""
	}
	return cut(tidyLine(header), 64)
}
