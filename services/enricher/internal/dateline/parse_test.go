package dateline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/dateline"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

var published = when.Date{Year: 2023, Month: time.December, Day: 8}

// Stories to stand behind a dateline, in the scripts of the languages here.
const (
	story      = " The council of ministers met on the budget of the ports, which it will put to parliament."
	cyrillic   = " Правительство рассмотрело бюджет портов, который будет внесён в парламент на следующей неделе."
	arabic     = " عقد مجلس الوزراء اجتماعا لبحث ميزانية الموانئ التي ستعرض على البرلمان الأسبوع المقبل"
	devanagari = " मंत्रिपरिषद ने बंदरगाहों के बजट पर विचार किया जिसे अगले सप्ताह संसद में रखा जाएगा।"
	chinese    = "国务院常务会议讨论港口预算，下周将提交议会审议，并听取有关部门的汇报。"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, dateline, story          string
		located, country, date, source string
	}{
		{"fr", "Marrakech —", story, "Marrakech", "MA", "2023-12-08", ""},
		{"en", "MARRAKECH, Morocco (AP) —", story, "MARRAKECH", "MA", "2023-12-08", "AP"},
		{"fr", "PARIS, 7 déc (Reuters) -", story, "PARIS", "FR", "2023-12-07", "Reuters"},
		{"fr", "(Paris, le 7 décembre 2023) –", story, "Paris", "FR", "2023-12-07", ""},
		{"fr", "Rabat, 07/12/2023 (MAP) –", story, "Rabat", "MA", "2023-12-07", "MAP"},
		{"fr", "ALGER-", story, "ALGER", "DZ", "2023-12-08", ""},
		{"fr", "LYON (Rhône) –", story, "LYON", "FR", "2023-12-08", ""},
		{"en", "LONDON, Dec 7 —", story, "LONDON", "GB", "2023-12-07", ""},
		{"en", "PARIS/BRUSSELS, Dec 7 (Reuters) -", story, "PARIS/BRUSSELS", "FR", "2023-12-07", "Reuters"},
		{"en", "ATLANTA, Georgia (AP) —", story, "ATLANTA", "US", "2023-12-08", "AP"},
		{"en", "ST. LOUIS —", story, "ST. LOUIS", "US", "2023-12-08", ""},
		{"en", "DEIR AL-BALAH, Gaza Strip (AP) —", story, "DEIR AL-BALAH", "PS", "2023-12-08", "AP"},
		{"en", "NEW YORK, Dec. 07, 2023 (GLOBE NEWSWIRE) --", story, "NEW YORK", "US", "2023-12-07", "GLOBE NEWSWIRE"},
		{"en", "LONDON--(BUSINESS WIRE)--", story, "LONDON", "GB", "2023-12-08", "BUSINESS WIRE"},
		{"en", "WASHINGTON, Dec. 7, 2023 /PRNewswire/ --", story, "WASHINGTON", "US", "2023-12-07", "PRNewswire"},
		{"en", "NAIROBI, Kenya, 7 December 2023/APO Group/ --", story, "NAIROBI", "KE", "2023-12-07", "APO Group"},
		{"en", "GENEVA (7 December 2023) –", story, "GENEVA", "CH", "2023-12-07", ""},
		{"en", "(New York) –", story, "New York", "US", "2023-12-08", ""},
		{"en", "[Nairobi]", story, "Nairobi", "KE", "2023-12-08", ""},
		{"en", "HILO, Hawaii (IslandPress) -", story, "HILO", "US", "2023-12-08", "IslandPress"},
		{"en", "(Reuters) -", story, "", "", "2023-12-08", "Reuters"},
		{"en", "UNITED NATIONS (AP) —", story, "UNITED NATIONS", "", "2023-12-08", "AP"},
		{"de", "Berlin (dpa) -", story, "Berlin", "DE", "2023-12-08", "dpa"},
		{"de", "Frankfurt/Main (dpa) -", story, "Frankfurt/Main", "DE", "2023-12-08", "dpa"},
		{"de", "Frankfurt/Oder (dpa/bb) -", story, "Frankfurt/Oder", "DE", "2023-12-08", "dpa/bb"},
		{"de", "Berlin.", story, "Berlin", "DE", "2023-12-08", ""},
		{"es", "MADRID, 7 Dic. (EUROPA PRESS) -", story, "MADRID", "ES", "2023-12-07", "EUROPA PRESS"},
		{"es", "Buenos Aires, 7 dic (EFE).-", story, "Buenos Aires", "AR", "2023-12-07", "EFE"},
		{"it", "ROMA -", story, "ROMA", "IT", "2023-12-08", ""},
		{"it", "(ANSA) - ROMA, 07 DIC -", story, "ROMA", "IT", "2023-12-07", "ANSA"},
		{"pt", "Lisboa, 07 dez 2023 (Lusa) –", story, "Lisboa", "PT", "2023-12-07", "Lusa"},
		{"pt", "SÃO PAULO, SP (FOLHAPRESS) -", story, "SÃO PAULO", "BR", "2023-12-08", "FOLHAPRESS"},
		{"nl", "DEN HAAG (ANP) -", story, "DEN HAAG", "NL", "2023-12-08", "ANP"},
		{"pl", "WARSZAWA (PAP) -", story, "WARSZAWA", "PL", "2023-12-08", "PAP"},
		{"pl", "Warszawa, 7 grudnia (PAP)", story, "Warszawa", "PL", "2023-12-07", "PAP"},
		{"hu", "Budapest, 2023. december 7. (MTI) -", story, "Budapest", "HU", "2023-12-07", "MTI"},
		{"tr", "İSTANBUL (AA) -", story, "İSTANBUL", "TR", "2023-12-08", "AA"},
		{"ru", "МОСКВА, 7 декабря. /ТАСС/.", cyrillic, "МОСКВА", "RU", "2023-12-07", "ТАСС"},
		{"ru", "МОСКВА, 7 дек — РИА Новости, Пётр Сидоров.", cyrillic, "МОСКВА", "RU", "2023-12-07", "РИА Новости"},
		{"uk", "Київ. 7 грудня. УНН.", cyrillic, "Київ", "UA", "2023-12-07", "УНН"},
		{"ar", "القاهرة –", arabic, "القاهرة", "EG", "2023-12-08", ""},
		{"ar", "القاهرة 7 ديسمبر (أ ش أ) -", arabic, "القاهرة", "EG", "2023-12-07", "أ ش أ"},
		{"ar", "دبي (رويترز) -", arabic, "دبي", "AE", "2023-12-08", "رويترز"},
		{"ar", "بيروت (أ.ف.ب) -", arabic, "بيروت", "LB", "2023-12-08", "أ.ف.ب"},
		{"hi", "नई दिल्ली, 7 दिसंबर (भाषा)", devanagari, "नई दिल्ली", "IN", "2023-12-07", "भाषा"},
		{"zh", "新华社北京12月7日电", " " + chinese, "北京", "CN", "2023-12-07", "新华社"},
		{"zh", "（中央社台北7日電）", chinese, "台北", "TW", "2023-12-07", "中央社"},
		{"ja", "【ロンドン共同】", chinese, "ロンドン", "GB", "2023-12-08", "共同"},
		{"ja", "［ロンドン　７日　ロイター］ -", " " + chinese, "ロンドン", "GB", "2023-12-07", "ロイター"},
		{"ja", "【パリ=鈴木一郎】", chinese, "パリ", "FR", "2023-12-08", ""},
		{"ko", "(서울=연합뉴스)", " 김철수 기자 = 국무회의가 항만 예산을 심의했다.", "서울", "KR", "2023-12-08", "연합뉴스"},
		{"en", "HARTFORDVILLE, Ohio (AP) —", story, "HARTFORDVILLE", "US", "2023-12-08", "AP"},
		{"fr", "29 mai 2012. -", story, "", "", "2012-05-29", ""},
		{"fr", "PARIS —", "\n\n" + story, "PARIS", "FR", "2023-12-08", ""},
		{"fr", "Paris, le 7 décembre 2023", "\n\n" + story, "Paris", "FR", "2023-12-07", ""},
	} {
		d := dateline.Parse("\n "+c.dateline+c.story, c.lang, published)
		require.NotNil(t, d, c.dateline)
		require.Equal(t, c.located, d.GetLocated(), c.dateline)
		require.Equal(t, c.country, d.GetCountryCode(), c.dateline)
		require.Equal(t, c.date, d.GetDate(), c.dateline)
		require.Equal(t, c.source, d.GetSource(), c.dateline)
		require.EqualValues(t, 2, d.GetSpan().GetStart(), c.dateline)
		require.EqualValues(t, 2+len([]rune(c.dateline)), d.GetSpan().GetEnd(), c.dateline)
	}
}

func TestNoDateline(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"fr", "Paris — ville lumière — accueille cette semaine les délégués de quarante pays du monde."},
		{"fr", "Paris - Roubaix : la course reine se disputera sous la pluie et dans le vent, ce dimanche."},
		{"fr", "France - Le gouvernement présentera son budget la semaine prochaine devant les députés."},
		{"fr", "Vidéo - Le ministre a été interpellé par des pêcheurs sur le port, hier dans la matinée."},
		{"fr", "Le Caire : la conférence s'est achevée sans accord, mais les délégués restent confiants."},
		{"fr", "Claire Dubois – La présidente du conseil a répondu aux questions de la presse, ce matin."},
		{"en", "Nice - that is what he said about the whole affair, and nobody in the room disagreed."},
		{"en", "Sydney – She had always wanted to be a pilot, and her parents never stood in her way."},
		{"en", "Lyon - Marseille (2-1): The home side won in the last minute before a crowd of forty thousand."},
		{"en", "The plan - which the government announced on Dec. 7, 2023 - failed within a single week."},
		{"en", "In Paris, on 7 December — the day of the vote — thousands marched against the reform."},
		{"en", "Washington, D.C. is bracing for a storm that may bring the heaviest snow in a decade."},
		{"en", "London. The very word once made sailors shiver, and for many of them it still does so."},
		{"en", "Mary Miller (AP) - The photographer has covered nine wars in the course of her career."},
		{"en", "BREAKING - The ferry company has cancelled all its crossings until tomorrow morning."},
		{"en", "New York – based companies hired more people last year than those of any other city."},
		{"de", "Die Regierung – so heißt es – will den Haushalt noch vor dem Sommer in den Bundestag bringen."},
		{"es", "Madrid. Barcelona. Valencia. Tres ciudades y una misma queja de los vecinos del centro."},
		{"ru", "Москва — это город, в котором никогда не бывает тихо, говорят её старые жители."},
		{"ar", "قال الوزير - الذي وصل أمس - إن الاجتماع سيعقد في موعده رغم كل الصعوبات التي واجهت الوفود"},
		{"zh", "北京时间12月7日，电视台播出了一部关于港口工人的新纪录片，引起广泛关注。"},
		{"en", ""},
		{"en", "\n\n \t"},
		{"en", "—"},
		{"en", "("},
		{"ja", "【"},
	} {
		require.Nil(t, dateline.Parse(c[1], c[0], published), c[1])
	}
}

func TestCoordinatesFollowTheCountry(t *testing.T) {
	t.Parallel()
	d := dateline.Parse("PORTLAND, Maine (AP) —"+story, "en", published)
	require.True(t, d.GetLocatedKnown())
	require.InDelta(t, 43.66, d.GetLat(), 0.1)
	require.InDelta(t, -70.26, d.GetLon(), 0.1)

	d = dateline.Parse("Tifelt, 7 déc. (MAP) –"+story, "fr", published)
	require.False(t, d.GetLocatedKnown(), "a village that no list has is located as printed")
	require.Equal(t, "Tifelt", d.GetLocated())
	require.Empty(t, d.GetCountryCode())
}

func TestTheDateIsAsExactAsWhatIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text      string
		published when.Date
		want      string
	}{
		{"Marrakech —", when.Date{Year: 2023, Month: time.December}, "2023-12"},
		{"Marrakech —", when.Date{Year: 2023}, "2023"},
		{"Marrakech —", when.Date{}, ""},
		{"PARIS, 7 déc (Reuters) -", when.Date{Year: 2023, Month: time.December}, "2023-12-07"},
		{"PARIS, 31 déc (Reuters) -", when.Date{Year: 2024, Month: time.January, Day: 1}, "2023-12-31"},
		{"PARIS, 7 déc (Reuters) -", when.Date{}, ""},
		{"date 2023-12 Marrakech —", when.Date{}, "2023-12"},
	} {
		d := dateline.Parse(c.text+story, "fr", c.published)
		require.NotNil(t, d, c.text)
		require.Equal(t, c.want, d.GetDate(), c.text)
	}
}

func TestWhatAnArchiveStampsBeforeTheStoryIsNotDateline(t *testing.T) {
	t.Parallel()
	d := dateline.Parse(" date 2023-12 Marrakech —"+story, "fr", when.Date{})
	require.EqualValues(t, 14, d.GetSpan().GetStart())
	require.EqualValues(t, 25, d.GetSpan().GetEnd())
}

// check holds what is true of every dateline.
func check(t require.TestingT, text string, d *datelinev1.Dateline) {
	if d == nil {
		return
	}
	runes := []rune(text)
	require.Less(t, d.GetSpan().GetStart(), d.GetSpan().GetEnd())
	require.LessOrEqual(t, int(d.GetSpan().GetEnd()), len(runes))
	require.True(t, d.GetLocated() != "" || d.GetSource() != "" || d.GetDate() != "")
	require.Contains(t, text, d.GetSource())
	require.Contains(t, []int{0, 2}, len(d.GetCountryCode()))
	require.True(t, d.GetLocatedKnown() || d.GetLat() == 0 && d.GetLon() == 0)
}

func TestSpansLieInTheText(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"PARIS", "Berlin", "Ohio", "(AP)", "(dpa)", ", ", ". ", " - ", " — ", "--", "/", "7 déc", "Dec. 7, 2023", "(", ")", "[", "]",
		"新华社", "北京", "12月7日", "电", "【", "】", "=", "ロイター", "القاهرة", "\n", " ", "Le conseil", "x", "é",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 14).Draw(t, "pieces"), "") + story
		lang := rapid.SampledFrom([]string{"fr", "en", "de", "zh", "ja", "ar", ""}).Draw(t, "lang")
		check(t, text, dateline.Parse(text, lang, published))
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"Marrakech — La", "(ANSA) - ROMA, 07 DIC - Il", "МОСКВА, 7 дек — РИА Новости, Пётр", "新华社北京12月7日电", "【ロンドン共同】",
		"(서울=연합뉴스)", "((((PARIS", "a/b/c/d/e/", "date 2023-12 ", "\xffPARIS - Le", "7. 7. 7. - ", "[", "/ / / -",
	} {
		f.Add(s, "fr")
		f.Add(s+story, "")
	}
	f.Fuzz(func(t *testing.T, text, lang string) {
		check(t, text, dateline.Parse(text, lang, published))
	})
}

func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{
		"dateline": "PARIS, 7 déc (Reuters) -" + story,
		"none":     strings.TrimSpace(story),
		"dashes":   strings.Repeat("Paris, Berlin - 7 déc (", 10),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				dateline.Parse(text, "fr", published)
			}
		})
	}
}
