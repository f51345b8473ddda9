package date

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in, lang  string
		want      string // RFC 3339 in UTC; empty: no date
		precision Precision
		zone      bool
		offset    int
	}{
		{"2023-12-07T14:05:09Z", "", "2023-12-07T14:05:09Z", Second, true, 0},
		{"2023-12-07T14:05:09.123456+01:00", "", "2023-12-07T13:05:09Z", Second, true, 60},
		{"2023-12-07T14:05:09-0530", "", "2023-12-07T19:35:09Z", Second, true, -330},
		{"2023-12-07 14:05:09 +0000", "", "2023-12-07T14:05:09Z", Second, true, 0},
		{"2023-12-07 14:05:09", "", "2023-12-07T14:05:09Z", Second, false, 0},
		{"2023-12-07T14:05+02", "", "2023-12-07T12:05:00Z", Minute, true, 120},
		{"20231207T140509Z", "", "2023-12-07T14:05:09Z", Second, true, 0},
		{"20231207", "", "2023-12-07T00:00:00Z", Day, false, 0},
		{"2023/12/7", "", "2023-12-07T00:00:00Z", Day, false, 0},
		{"2023-12", "", "2023-12-01T00:00:00Z", Month, false, 0},
		{"2023", "", "2023-01-01T00:00:00Z", Year, false, 0},
		{"1701957909", "", "2023-12-07T14:05:09Z", Second, true, 0},
		{"1701957909123", "", "2023-12-07T14:05:09Z", Second, true, 0},
		{"Thu, 07 Dec 2023 14:05:09 GMT", "", "2023-12-07T14:05:09Z", Second, true, 0},
		{"Thu, 7 Dec 2023 14:05 EST", "", "2023-12-07T19:05:00Z", Minute, true, -300},
		{"Thu Dec  7 14:05:09 2023", "", "2023-12-07T14:05:09Z", Second, false, 0},
		{"Thu Dec 07 2023 14:05:09 GMT+0100 (CET)", "", "2023-12-07T13:05:09Z", Second, true, 60},
		{"December 7, 2023", "en", "2023-12-07T00:00:00Z", Day, false, 0},
		{"Published on Dec. 7th, 2023 at 2:05 p.m. EST", "en", "2023-12-07T19:05:00Z", Minute, true, -300},
		{"7 décembre 2023 à 14h05", "fr", "2023-12-07T14:05:00Z", Minute, false, 0},
		{"1er août 2022", "fr", "2022-08-01T00:00:00Z", Day, false, 0},
		{"7. Dezember 2023, 14:05 Uhr", "de", "2023-12-07T14:05:00Z", Minute, false, 0},
		{"Stand: 07.12.2023 14:05 Uhr", "de", "2023-12-07T14:05:00Z", Minute, false, 0},
		{"7 de diciembre de 2023", "es", "2023-12-07T00:00:00Z", Day, false, 0},
		{"7 dicembre 2023 alle 14:05", "it", "2023-12-07T14:05:00Z", Minute, false, 0},
		{"7 de dezembro de 2023", "pt", "2023-12-07T00:00:00Z", Day, false, 0},
		{"7 mrt 2023 om 14:05", "nl", "2023-03-07T14:05:00Z", Minute, false, 0},
		{"7 grudnia 2023, 14:05", "pl", "2023-12-07T14:05:00Z", Minute, false, 0},
		{"7 декабря 2023, 14:05", "ru", "2023-12-07T14:05:00Z", Minute, false, 0},
		{"الخميس 7 ديسمبر 2023", "ar", "2023-12-07T00:00:00Z", Day, false, 0},
		{"٧ كانون الأول ٢٠٢٣", "ar", "2023-12-07T00:00:00Z", Day, false, 0},
		{"7 دجنبر 2023", "ar", "2023-12-07T00:00:00Z", Day, false, 0},
		{"2023年12月7日 14:05", "zh", "2023-12-07T14:05:00Z", Minute, false, 0},
		{"2023년 12월 7일", "ko", "2023-12-07T00:00:00Z", Day, false, 0},
		{"7 Aralık 2023", "tr", "2023-12-07T00:00:00Z", Day, false, 0},
		{"7. prosince 2023", "cs", "2023-12-07T00:00:00Z", Day, false, 0},
		{"2023. december 7.", "hu", "2023-12-07T00:00:00Z", Day, false, 0},
		{"7. listopada 2023.", "hr", "2023-10-07T00:00:00Z", Day, false, 0},
		{"7 listopada 2023", "pl", "2023-11-07T00:00:00Z", Day, false, 0},
		{"7 Δεκεμβρίου 2023", "el", "2023-12-07T00:00:00Z", Day, false, 0},
		{"03/04/2021", "en-US", "2021-03-04T00:00:00Z", Day, false, 0},
		{"03/04/2021", "en-GB", "2021-04-03T00:00:00Z", Day, false, 0},
		{"03/04/2021", "fr", "2021-04-03T00:00:00Z", Day, false, 0},
		{"25/12/2021", "en", "2021-12-25T00:00:00Z", Day, false, 0},
		{"décembre 2023", "fr", "2023-12-01T00:00:00Z", Month, false, 0},
		{", 8.5.12", "de", "2012-05-08T00:00:00Z", Day, false, 0},
		{"7. Dezember 2023, 10:00-11:00 Uhr", "de", "2023-12-07T10:00:00Z", Minute, false, 0},
		{"26 | 01 | 2022", "de", "2022-01-26T00:00:00Z", Day, false, 0},
		{"7 ธันวาคม 2023", "th", "2023-12-07T00:00:00Z", Day, false, 0},
		{"৭ ডিসেম্বর ২০২৩", "bn", "2023-12-07T00:00:00Z", Day, false, 0},
		{"7 de desembre de 2023", "ca", "2023-12-07T00:00:00Z", Day, false, 0},
		{"version 8.5.12 of the programme", "en", "", "", false, 0},
		{"2023-02-30", "", "", "", false, 0},
		{"0000-00-00", "", "", "", false, 0},
		{"hello", "", "", "", false, 0},
		{"12 people, 2 cars", "", "", "", false, 0},
		{"2 hours ago", "en", "", "", false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.in+" "+tt.lang, func(t *testing.T) {
			t.Parallel()
			got, ok := Parse(tt.in, tt.lang)
			require.Equal(t, tt.want != "", ok)
			if !ok {
				return
			}
			require.Equal(t, tt.want, got.Time.Format(time.RFC3339))
			require.Equal(t, tt.precision, got.Precision)
			require.Equal(t, tt.zone, got.ZoneKnown)
			require.Equal(t, tt.offset, got.Offset)
		})
	}
}

func TestPlausibleRefusesTheFuture(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 6, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]bool{
		"2024-05-06": true, "2024-05-07": true, "2024-05-08": false, "2031-01-01": false, "1999-01-01": true,
	} {
		d, ok := Parse(in, "")
		require.True(t, ok, in)
		require.Equal(t, want, d.Plausible(now), in)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2023-12-07T14:05:09Z", "7. Dezember 2023, 14:05 Uhr", "٧ كانون الأول ٢٠٢٣", "2023年12月7日", "03/04/21", "\xff\xfe", "2023-", "1701957909123"} {
		f.Add(s, "en")
	}
	f.Fuzz(func(t *testing.T, s, language string) {
		d, ok := Parse(s, language)
		if !ok {
			return
		}
		require.NotEmpty(t, d.Precision)
		require.GreaterOrEqual(t, d.Time.Year(), firstYear-1)
		require.LessOrEqual(t, d.Time.Year(), lastYear+1)
	})
}

func TestNamesDay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"le 3 mai", "3 May", "May 3rd", "publié le 3 mai 2024 à 14h05", "3 мая", "am 3. Mai", "3 de mayo"} {
		require.True(t, NamesDay(s), s)
	}
	for _, s := range []string{"", "mai", "2024", "may be so", "12 people", "envoyée spéciale", "he had said on the evening of 3 May that he would"} {
		require.False(t, NamesDay(s), s)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	parse := func(s string) Date {
		d, ok := Parse(s, "")
		require.True(t, ok, s)
		return d
	}
	for _, tt := range []struct {
		coarse, fine string
		want         bool
	}{
		{"2023-12", "2023-12-07", true},
		{"2023-12", "2024-01-01T00:30:00+02:00", false},
		{"2024-01", "2024-01-01T00:30:00+02:00", true}, // still December in UTC
		{"2023-12", "2023-11-30", false},
		{"2023-12", "2023-12", false},
		{"2023-12", "2023", false},
		{"2023", "2023-12", true},
		{"2023", "2022-12-31", false},
		{"2023-12-07", "2023-12-07 14:05", false},
	} {
		require.Equal(t, tt.want, parse(tt.coarse).Covers(parse(tt.fine)), tt)
	}
}

func TestParseRelative(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 6, 12, 30, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"2 hours ago": "2024-05-06T00:00", "14 hours ago": "2024-05-05T00:00", "15 min ago": "2024-05-06T00:00", "Published 1 day ago": "2024-05-05T00:00", "yesterday": "2024-05-05T00:00",
		"il y a 3 jours": "2024-05-03T00:00", "il y a 2 heures": "2024-05-06T00:00", "vor 2 Tagen": "2024-05-04T00:00", "vor 3 Stunden": "2024-05-06T00:00",
		"gestern, 14:05": "2024-05-05T00:00", "hace 4 minutos": "2024-05-06T00:00", "há 2 dias": "2024-05-04T00:00", "2 giorni fa": "2024-05-04T00:00",
		"3 uur geleden": "2024-05-06T00:00", "2 godziny temu": "2024-05-06T00:00", "2 часа назад": "2024-05-06T00:00", "вчера": "2024-05-05T00:00",
		"3 дня тому": "2024-05-03T00:00", "för 2 timmar sedan": "2024-05-06T00:00", "2 tuntia sitten": "2024-05-06T00:00", "3 gün önce": "2024-05-03T00:00",
		"πριν 2 ώρες": "2024-05-06T00:00", "昨天": "2024-05-05T00:00", "3小时前": "2024-05-06T00:00", "2日前": "2024-05-04T00:00", "3시간 전": "2024-05-06T00:00",
		"2 ngày trước": "2024-05-04T00:00", "2 hari yang lalu": "2024-05-04T00:00", "2 minggu yang lalu": "2024-04-22T00:00", "منذ 2 ساعة": "2024-05-06T00:00",
	} {
		d, ok := ParseRelative(in, now)
		require.True(t, ok, in)
		require.Equal(t, want, d.Time.Format("2006-01-02T15:04"), in)
	}
	for _, in := range []string{"", "ago", "2 hours", "99999999999999999999 days ago", "4 apples ago", "yesterday's paper was full of reports about it"} {
		_, ok := ParseRelative(in, now)
		require.False(t, ok, in)
	}
}

func TestExchanged(t *testing.T) {
	t.Parallel()
	d, ok := Parse("03/04/2021 10:05 +0200", "en")
	require.True(t, ok)
	require.True(t, d.Either)
	require.Equal(t, "2021-04-03 10:05", d.Exchanged().Local().Format("2006-01-02 15:04"))
	for _, s := range []string{"25/04/2021", "03.04.2021", "04/04/2021", "3 April 2021", "2021-03-04"} {
		d, ok := Parse(s, "en")
		require.True(t, ok, s)
		require.False(t, d.Either, s)
	}
}
