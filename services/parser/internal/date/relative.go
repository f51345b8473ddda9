package date

import (
	"strings"
	"time"
)

// ParseRelative reads a time told from now, as sites print it for fresh stories:
// "2 hours ago", "il y a 3 jours", "vor 2 Tagen", "昨天". It is as exact as the day:
// the hours that are told are rounded, and would be others at each look.
func ParseRelative(s string, now time.Time) (Date, bool) {
	if len(s) > maxLength {
		return Date{}, false
	}
	s = strings.ToLower(strings.TrimSpace(s))
	for _, d := range relativeDays {
		for w := range strings.SplitSeq(d.words, "|") {
			if rest, ok := strings.CutPrefix(s, w); ok && len(rest) <= maxAfterDay {
				return dayBefore(now, d.days), true
			}
		}
	}
	if !hasAny(s, agoWords) {
		return Date{}, false
	}
	n := -1
	for i, r := range s {
		if v := digit(r); v >= 0 {
			if n = max(n, 0)*10 + v; n > maxAgo {
				return Date{}, false
			}
		} else if n >= 0 {
			return ago(now, n, strings.TrimLeft(s[i:], " \u00a0"))
		}
	}
	return Date{}, false
}

// Bounds of what is read as a time told from now.
const (
	maxAgo      = 400
	maxAfterDay = 20 // bytes after "yesterday": the clock
)

// ago goes n units back.
func ago(now time.Time, n int, unit string) (Date, bool) {
	for _, u := range relativeUnits {
		if !startsWithAny(unit, u.words) {
			continue
		}
		return dayBefore(now.Add(-time.Duration(n)*u.length), n*u.days), true
	}
	return Date{}, false
}

func dayBefore(now time.Time, days int) Date {
	return Date{Time: now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -days), Precision: Day}
}

func hasAny(s, words string) bool {
	for w := range strings.SplitSeq(words, "|") {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func startsWithAny(s, words string) bool {
	for w := range strings.SplitSeq(words, "|") {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// agoWords mark a time told from now, in the languages that print them most.
const agoWords = "ago|il y a|vor |hace |há |fa|geleden|temu|назад|тому|siden|sedan|sitten|önce|πριν|前|전|पहले|yang lalu|trước|ที่แล้ว|منذ|قبل|پیش|לפני|acum |před |pred |преди|prije|ezelőtt|pirms|prieš|tagasi"

// relativeDays are the words for today and the days before it.
var relativeDays = [...]struct {
	days  int
	words string
}{
	{0, "today|aujourd|heute|hoy|hoje|oggi|vandaag|dziś|dzisiaj|сегодня|сьогодні|idag|i dag|tänään|bugün|σήμερα|今天|今日|오늘|hari ini|hôm nay|اليوم|امروز|היום|dnes|danas|днес|astăzi|azi"},
	{1, "yesterday|hier,|hier à|hier |gestern|ayer|ontem|ieri|gisteren|wczoraj|вчера|вчора|igår|i går|eilen|dün|χθες|昨天|昨日|어제|kemarin|hôm qua|أمس|دیروز|אתמול|včera|včeraj|jučer|јуче|tegnap|vakar|eile"},
	{2, "vorgestern|anteayer|avant-hier|przedwczoraj|позавчера|前天|おととい|그저께|předevčírem"},
}

// relativeUnits are the units of time told from now by the beginnings of their
// names; the longer names come first where one begins another.
var relativeUnits = [...]struct {
	length time.Duration
	days   int
	words  string
}{
	{0, 30, "month|mois|monat|mes|mês|maand|miesi|месяц|місяц|månad|måned|kuukau|ay|μήν|个月|個月|ヶ月|か月|개월|mahin|bulan|tháng|เดือน|شهر|أشهر|luni|lună|měsíc|mesiac|mjesec|hónap"},
	{0, 7, "week|semaine|woche|semana|settiman|tydz|tygod|недел|тиж|veck|uge|uke|viikko|hafta|εβδομ|周|週|주|minggu|tuần|สัปดาห์|أسبوع|أسابيع|săptămân|týd|hét"},
	{time.Minute, 0, "min|мин|хв|dakika|dk|λεπτ|分|분|मिनट|menit|phút|นาที|دقي|دقا|דק|perc"},
	{0, 1, "day|jour|tag|día|dia|giorn|dag|dni|dzień|д|дн|päiv|gün|ημέρ|天|日|일|दिन|hari|ngày|วัน|يوم|أيام|روز|ימים|יום|zi|den|dny|dana|nap|d"},
	{time.Hour, 0, "hour|hr|heure|stund|std|hora|ora|ore|uur|uren|godz|час|годин|timm|time|tuntia|tunti|saat|ώρ|小时|小時|時間|시간|घंट|jam|giờ|ชั่วโมง|ساع|שעות|שעה|hodin|sat|órá|stund|h"},
}
