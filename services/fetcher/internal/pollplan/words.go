package pollplan

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// short gives a duration for people: "40s", "5m", "3h", "2 days".
func short(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24+0.5))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()+0.5))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%dm", int(d.Minutes()+0.5))
	default:
		return fmt.Sprintf("%ds", int(d.Seconds()+0.5))
	}
}

// times says how often something happened.
func times(n uint32) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// inRow says how often something happened, where it was more than once.
func inRow(n uint32) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(", %d times in a row", n)
}

// clean makes an error's text one line of bounded length.
func clean(s string) string {
	const longest = 300
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return s
}
