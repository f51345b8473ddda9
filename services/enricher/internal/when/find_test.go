package when_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

// thursday is the day of the stories here: Thursday, 7 December 2023.
var thursday = when.Reference{Published: when.Date{Year: 2023, Month: time.December, Day: 7}}

// short writes finds as "text=value", with candidates in brackets.
func short(found []*datelinev1.DateExpression) []string {
	list := []string{}
	for _, e := range found {
		s := e.GetText() + "=" + e.GetValue()
		if len(e.GetCandidates()) > 0 {
			s += "[" + strings.Join(e.GetCandidates(), " ") + "]"
		}
		list = append(list, s)
	}
	return list
}

func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, text string
		want       []string
	}{
		{"en", "The ferry sank on Tuesday, two days after it left port.", []string{"Tuesday=2023-12-05", "two days=P2D"}},
		{"en", "She resigned on Dec. 4, 2023, and her party met a week ago.", []string{"Dec. 4, 2023=2023-12-04", "a week ago=2023-W48"}},
		{"en", "Talks resume next Monday; last month they failed.", []string{"next Monday=2023-12-11", "last month=2023-11"}},
		{"en", "The firm pays $3 million a year and may march on in May.", []string{"a year=P1Y", "May=[2023-05 2024-05]"}},
		{"en", "In 2019 some 2000 people came; in 2000 cities nobody did.", []string{"2019=2019"}},
		{"en", "On Thursday, Nov. 30 the court met; the hearing was on 05/06/2023.", []string{"Thursday, Nov. 30=2023-11-30", "05/06/2023=[2023-05-06 2023-06-05]"}},
		{"en", "Shops open early on Black Friday and every Sunday.", []string{"Sunday=P1W"}},
		{"fr", "Le conseil s'est réuni mardi, à la veille du 6 décembre.", []string{"mardi=2023-12-05", "6 décembre=2023-12-06"}},
		{"fr", "La sonde vers Mars partira le 1er avril 2024, dans trois semaines ou en mars.", []string{"1er avril 2024=2024-04-01", "dans trois semaines=2023-W52", "mars=[2023-03 2024-03]"}},
		{"fr", "Avant-hier encore, deux usines fermaient par an.", []string{"Avant-hier=2023-12-05", "par an=P1Y"}},
		{"fr", "Depuis octobre 2022 et mi-août, il attend l'an prochain.", []string{"octobre 2022=2022-10", "août=2023-08", "l'an prochain=2024"}},
		{"fr", "Jeudi 7, le carnaval de mardi gras fut annoncé vendredi dernier.", []string{"Jeudi 7=2023-12-07", "vendredi dernier=2023-12-01"}},
		{"fr", "Ce mercredi 6 décembre, il y a un an, ce lundi encore.", []string{"mercredi 6 décembre=2023-12-06", "il y a un an=2022", "ce lundi=2023-12-04"}},
		{"en", "He smoked forty cigarettes in a day.", []string{}},
		{"de", "Am Mittwoch und vor zwei Tagen, am 4. Dezember, fiel Schnee.", []string{"Mittwoch=2023-12-06", "vor zwei Tagen=2023-12-05", "4. Dezember=2023-12-04"}},
		{"de", "Gestern Morgen, nicht morgen, sank die Fähre; 40 Euro im Jahr.", []string{"Gestern=2023-12-06", "morgen=2023-12-08", "im Jahr=P1Y"}},
		{"es", "El jueves 7 de diciembre de 2023 y hace tres días llovió.", []string{"jueves 7 de diciembre de 2023=2023-12-07", "hace tres días=2023-12-04"}},
		{"es", "Ayer por la mañana cantó Domingo; mañana canta otra vez.", []string{"Ayer=2023-12-06", "mañana=2023-12-08"}},
		{"it", "Ieri e due giorni fa, lunedì scorso, nel 2021.", []string{"Ieri=2023-12-06", "due giorni fa=2023-12-05", "lunedì scorso=2023-12-04", "2021=2021"}},
		{"pt", "Nesta quarta-feira (6), o rio subiu; ontem, 3 semanas depois.", []string{"Nesta quarta-feira (6)=2023-12-06", "ontem=2023-12-06", "3 semanas=P3W"}},
		{"nl", "Afgelopen maandag, twee dagen geleden en op 4 december.", []string{"Afgelopen maandag=2023-12-04", "twee dagen geleden=2023-12-05", "4 december=2023-12-04"}},
		{"pl", "W środę, 6 grudnia 2023 r., i dwa dni temu padało.", []string{"środę, 6 grudnia 2023=2023-12-06", "dwa dni temu=2023-12-05"}},
		{"ru", "В среду и два дня назад, 5 декабря, шёл снег; в 2022 году тоже.", []string{"среду=2023-12-06", "два дня назад=2023-12-05", "5 декабря=2023-12-05", "2022=2022"}},
		{"ar", "وصل الوزير أمس والثلاثاء، بعد يومين من الاجتماع في 4 ديسمبر 2023.", []string{"أمس=2023-12-06", "الثلاثاء=2023-12-05", "يومين=P2D", "4 ديسمبر 2023=2023-12-04"}},
		{"zh", "12月5日，代表团昨天离开，3天后返回；2023年11月。", []string{"12月5日=2023-12-05", "昨天=2023-12-06", "3天后=2023-12-10", "2023年11月=2023-11"}},
		{"ja", "５日に会談し、昨日帰国した。3日間の滞在。", []string{"５日=2023-12-05", "昨日=2023-12-06", "3日=P3D"}},
		{"ko", "5일 서울에서 만나 어제 떠났다.", []string{"5일=2023-12-05", "어제=2023-12-06"}},
		{"xx", "Unknown words, but 2023-12-04 and 4.12.2023 are dates; 1.2.3 is not.", []string{"2023-12-04=2023-12-04", "4.12.2023=2023-12-04"}},
	} {
		require.Equal(t, c.want, short(when.Find(c.text, c.lang, thursday)), "%s: %s", c.lang, c.text)
	}
}

func TestWhatIsNotKnownIsNotGuessed(t *testing.T) {
	t.Parallel()
	december := when.Reference{Published: when.Date{Year: 2023, Month: time.December}}
	year := when.Reference{Published: when.Date{Year: 2023}}
	for _, c := range []struct {
		name, text string
		ref        when.Reference
		want       []string
	}{
		{"a weekday in a known month", "Il est parti jeudi.", december, []string{"jeudi=[2023-11-30 2023-12-07 2023-12-14 2023-12-21 2023-12-28]"}},
		{"the weekday on which the month begins", "Il est parti vendredi.", december, []string{"vendredi=[2023-12-01 2023-12-08 2023-12-15 2023-12-22 2023-12-29]"}},
		{"a day too many to count", "Il est parti hier.", december, []string{"hier="}},
		{"a month that the month settles", "Il est parti le mois dernier.", december, []string{"le mois dernier=2023-11"}},
		{"weekday and number together settle it", "Il est parti jeudi 7.", december, []string{"jeudi 7=2023-12-07"}},
		{"a day without its year", "Il est parti le 2 décembre.", year, []string{"2 décembre=[2022-12-02 2023-12-02]"}},
		{"a year that the year settles", "Il est parti l'année dernière.", year, []string{"l'année dernière=2022"}},
		{"nothing known", "Il est parti jeudi, avant le 2 décembre 2021.", when.Reference{}, []string{"jeudi=", "2 décembre 2021=2021-12-02"}},
	} {
		require.Equal(t, c.want, short(when.Find(c.text, "fr", c.ref)), c.name)
	}
}

func TestTheDatelineComesBeforeThePublication(t *testing.T) {
	t.Parallel()
	ref := when.Reference{Dateline: when.Date{Year: 2023, Month: time.December, Day: 5}, Published: when.Date{Year: 2023, Month: time.December, Day: 7}}
	require.Equal(t, []string{"yesterday=2023-12-04"}, short(when.Find("It rained yesterday.", "en", ref)))
	ref.Dateline = when.Date{Year: 2023, Month: time.December}
	require.Equal(t, []string{"yesterday=2023-12-06"}, short(when.Find("It rained yesterday.", "en", ref)))
}

func TestOneWordWithTwoMeaningsHasTwoCandidates(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"कल=[2023-12-06 2023-12-08]"}, short(when.Find("कल", "hi", thursday)))
}

func TestSpansCountCodePoints(t *testing.T) {
	t.Parallel()
	found := when.Find("Né à Tōkyō 東京, il arriva hier.", "fr", thursday)
	require.Len(t, found, 1)
	require.EqualValues(t, 25, found[0].GetSpan().GetStart())
	require.EqualValues(t, 29, found[0].GetSpan().GetEnd())
	require.Equal(t, "day", found[0].GetGranularity())
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	ref := when.Date{Year: 2024, Month: time.January, Day: 3}
	for _, c := range []struct{ lang, text, want string }{
		{"en", "Dec. 7", "2023-12-07"},
		{"en", "January 2, 2024", "2024-01-02"},
		{"fr", "le 7 décembre 2023", "2023-12-07"},
		{"es", "7 Dic.", "2023-12-07"},
		{"it", "07 DIC", "2023-12-07"},
		{"ru", "7 дек", "2023-12-07"},
		{"hu", "2023. december 7.", "2023-12-07"},
		{"ar", "7 ديسمبر", "2023-12-07"},
		{"ja", "２日", "2024-01-02"},
		{"ar", "Dec 7", "2023-12-07"},
		{"", "7 décembre", "2023-12-07"},
	} {
		d, ok := when.ParseDate(c.text, c.lang, ref)
		require.True(t, ok, c.text)
		require.Equal(t, c.want, d.String(), c.text)
	}
	for _, text := range []string{"", "7", "Reuters", "7 décembre à Paris", "32 décembre", "05/06/2023"} {
		_, ok := when.ParseDate(text, "en", ref)
		require.False(t, ok, text)
	}
	d, ok := when.ParseDate("7 décembre", "fr", when.Date{})
	require.True(t, ok)
	require.Empty(t, d.String(), "the year is not known")
}

func TestParseISO(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2023", "2023-12", "2023-12-07"} {
		d, ok := when.ParseISO(s)
		require.True(t, ok)
		require.Equal(t, s, d.String())
	}
	for _, s := range []string{"", "2023-13", "2023-02-30", "0000", "9999", "2023-12-07T10:00"} {
		_, ok := when.ParseISO(s)
		require.False(t, ok, s)
	}
}

func TestDateOf(t *testing.T) {
	t.Parallel()
	at := time.Date(2023, 12, 7, 23, 30, 0, 0, time.UTC)
	require.Equal(t, "2023-12-07", when.DateOf(at, "minute").String())
	require.Equal(t, "2023-12-08", when.DateOf(at.In(time.FixedZone("", 3600)), "second").String())
	require.Equal(t, "2023-12", when.DateOf(at, "month").String())
	require.Empty(t, when.DateOf(at, "").String())
	require.Empty(t, when.DateOf(time.Time{}, "day").String())
}

// check holds what is true of every find.
func check(t require.TestingT, text string, found []*datelinev1.DateExpression) {
	runes := []rune(text)
	last := uint32(0)
	for _, e := range found {
		span := e.GetSpan()
		require.LessOrEqual(t, last, span.GetStart())
		require.Less(t, span.GetStart(), span.GetEnd())
		require.LessOrEqual(t, int(span.GetEnd()), len(runes))
		if utf8.ValidString(text) {
			require.Equal(t, string(runes[span.GetStart():span.GetEnd()]), e.GetText())
		}
		require.Contains(t, []string{"day", "week", "month", "year", "duration", "set"}, e.GetGranularity())
		require.False(t, e.GetValue() != "" && len(e.GetCandidates()) > 0)
		last = span.GetEnd()
	}
	require.LessOrEqual(t, len(found), when.MaxExpressions)
}

func TestSpansAreInOrderAndInTheText(t *testing.T) {
	t.Parallel()
	words := []string{
		"jeudi", "7", "décembre", "2023", "il y a", "deux", "jours", ",", "(", ")", ".", "-", "année", "dernière", "mars", "en", "par an",
		"Thursday", "Dec.", "last", "in", "7日", "12月", "年", "أمس", "و", "’", "\n", "1er", "12/07/2023", "東", "é",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 30).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "gap"))
		lang := rapid.SampledFrom([]string{"fr", "en", "ar", "zh", "ja", "he", "ko", "hu", "xx", ""}).Draw(t, "lang")
		check(t, text, when.Find(text, lang, thursday))
	})
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"jeudi 7 décembre 2023", "il y a deux jours", "2023-12-07", "12月7日", "7.12.", "والأربعاء", "\xff7 mai", "5일"} {
		f.Add(s, "fr", 12)
		f.Add(s, "zh", 0)
		f.Add(s, "ar", 2)
	}
	f.Fuzz(func(t *testing.T, text, lang string, month int) {
		ref := when.Reference{Published: when.Date{Year: 2023, Month: time.Month((month%13 + 13) % 13)}}
		check(t, text, when.Find(text, lang, ref))
		when.ParseDate(text, lang, ref.Published)
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("Le conseil municipal s'est réuni mardi pour examiner le budget, que le maire avait présenté le 4 décembre. ", 30)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		when.Find(text, "fr", thursday)
	}
}
