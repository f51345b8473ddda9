package when

import (
	"slices"
	"time"
)

// Granularities of an expression. Beside those of a calendar, "duration" is a
// length of time and "set" a time that comes again.
const (
	granDay      = "day"
	granWeek     = "week"
	granMonth    = "month"
	granYear     = "year"
	granDuration = "duration"
	granSet      = "set"
)

// reading tells which date an expression means in a story of that day. Days and
// weeks, months and years come out as ISO 8601 has them; empty means none.
type reading func(today Date) string

// maxCandidates bounds the list of dates that an expression may mean: the days of
// a month that one weekday has, and one of the month before.
const maxCandidates = 6

// resolve applies the readings to every day that the reference may be. One answer
// is the value; a few are candidates; more are nothing.
func resolve(ref Date, readings ...reading) (value string, candidates []string) {
	for _, day := range ref.possible() {
		for _, read := range readings {
			if s := read(day); s != "" && !slices.Contains(candidates, s) {
				candidates = append(candidates, s)
			}
		}
		if len(candidates) > maxCandidates {
			return "", nil
		}
	}
	if len(candidates) == 1 {
		return candidates[0], nil
	}
	slices.Sort(candidates)
	return "", candidates
}

// possible lists the days that the date may be; of a year a few of each month,
// which is enough to see what does not depend on the day.
func (d Date) possible() []Date {
	switch {
	case d.Year == 0:
		return nil
	case d.exact():
		return []Date{d}
	}
	var days []Date
	if d.Month != 0 {
		for day := 1; day <= d.days(); day++ {
			days = append(days, Date{d.Year, d.Month, day})
		}
		return days
	}
	for m := time.January; m <= time.December; m++ {
		days = append(days, Date{d.Year, m, 1}, Date{d.Year, m, 15}, Date{d.Year, m, 28})
	}
	return days
}

// onOrBefore is the newest such weekday up to today: in news, a weekday without
// more lies in the past or is today.
func onOrBefore(weekday int) reading {
	return func(today Date) string {
		return today.add(-((today.weekday() - weekday + 7) % 7)).String()
	}
}

// pastWeekday is the newest such weekday before today, or that of the calendar
// week before, if the text says "week".
func pastWeekday(weekday int, week bool) reading {
	return func(today Date) string {
		if week {
			return today.add(weekday - today.weekday() - 7).String()
		}
		return today.add(-((today.weekday()-weekday+6)%7 + 1)).String()
	}
}

// comingWeekday is the next such weekday after today, or that of the next
// calendar week.
func comingWeekday(weekday int, week bool) reading {
	return func(today Date) string {
		if week {
			return today.add(weekday - today.weekday() + 7).String()
		}
		return today.add((weekday-today.weekday()+6)%7 + 1).String()
	}
}

// nearWeekday is the such weekday that is nearest to today: "this Thursday".
func nearWeekday(weekday int) reading {
	return func(today Date) string {
		ahead := (weekday - today.weekday() + 7) % 7
		if ahead > 3 {
			ahead -= 7
		}
		return today.add(ahead).String()
	}
}

// shifted is the unit of time that lies n units from today.
func shifted(n int, unit byte) reading {
	return func(today Date) string {
		switch unit {
		case 'D':
			return today.add(n).String()
		case 'K':
			return today.add(7 * n).week()
		case 'O':
			return today.addMonths(n).String()
		}
		return Date{Year: today.Year + n}.String()
	}
}

// granularityOf names the unit.
func granularityOf(unit byte) string {
	switch unit {
	case 'D':
		return granDay
	case 'K':
		return granWeek
	case 'O':
		return granMonth
	}
	return granYear
}

// nearestYear puts a day and month into the year that brings it nearest to today,
// and to the weekday that is printed beside it, if any.
func nearestYear(d Date, weekday int) reading {
	return func(today Date) string {
		best, distance := Date{}, 1<<30
		for year := today.Year - 1; year <= today.Year+1; year++ {
			c := Date{year, d.Month, d.Day}
			if !c.valid() {
				continue
			}
			away := today.until(c)
			if away < 0 {
				away = -away
			}
			if weekday != 0 && c.weekday() != weekday {
				away += 10_000
			}
			if away < distance {
				best, distance = c, away
			}
		}
		return best.String()
	}
}

// dayOfMonth is the day with that number, and weekday, which is nearest to today;
// without a weekday it is the newest up to today.
func dayOfMonth(day, weekday int) reading {
	return func(today Date) string {
		for away := range 62 {
			if c := today.add(-away); c.Day == day && (weekday == 0 || c.weekday() == weekday) {
				return c.String()
			}
			if c := today.add(away); weekday != 0 && c.Day == day && c.weekday() == weekday {
				return c.String()
			}
		}
		return ""
	}
}

// Months further back or ahead than these are not meant without a year or a word
// such as "last": between them, both are possible.
const monthsBack, monthsAhead = 6, 2

// bareMonth is the month of that name near today; direction -1 or 1 says that the
// text tells the past or the coming one. Two readings may come of it.
func bareMonth(n time.Month, direction int) []reading {
	back := func(today Date) int { return (int(today.Month-n) + 12) % 12 }
	past := func(today Date) string {
		b := back(today)
		if direction < 0 && b == 0 {
			b = 12
		}
		if direction > 0 || direction == 0 && b > monthsBack && 12-b <= monthsAhead {
			return ""
		}
		return today.addMonths(-b).String()
	}
	coming := func(today Date) string {
		b := back(today)
		if direction < 0 || direction == 0 && b <= monthsBack {
			return ""
		}
		return today.addMonths(12 - b).String()
	}
	return []reading{past, coming}
}
