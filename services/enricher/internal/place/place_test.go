package place_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/services/enricher/internal/place"
	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

func TestFindKnowsCitiesInManyLanguages(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		country  string
		lat, lon float64
	}{
		"Marrakech":      {"MA", 31.63, -8.00},
		"Marrakesh":      {"MA", 31.63, -8.00},
		"مراكش":          {"MA", 31.63, -8.00},
		"Londres":        {"GB", 51.51, -0.13},
		"ロンドン":           {"GB", 51.51, -0.13},
		"Le Caire":       {"EG", 30.06, 31.25},
		"القاهرة":        {"EG", 30.06, 31.25},
		"МОСКВА":         {"RU", 55.75, 37.62},
		"Genève":         {"CH", 46.20, 6.15},
		"GENEVA":         {"CH", 46.20, 6.15},
		"Pékin":          {"CN", 39.91, 116.40},
		"北京":             {"CN", 39.91, 116.40},
		"华盛顿":            {"US", 38.90, -77.04},
		"서울":             {"KR", 37.57, 126.98},
		"Den Haag":       {"NL", 52.08, 4.30},
		"La Haye":        {"NL", 52.08, 4.30},
		"Frankfurt/Main": {"DE", 50.12, 8.68},
		"sao paulo":      {"BR", -23.55, -46.64},
		"NEW YORK":       {"US", 40.71, -74.01},
		"Wien":           {"AT", 48.21, 16.37},
		"L’Aquila":       {"IT", 42.35, 13.39},
		"Deir al-Balah":  {"PS", 31.42, 34.35},
		"नई दिल्ली":      {"IN", 28.64, 77.22},
		"Київ":           {"UA", 50.45, 30.52},
	} {
		city, ok := place.Find(name)
		require.True(t, ok, name)
		require.Equal(t, want.country, city.Country, name)
		require.InDelta(t, want.lat, city.Lat, 0.3, name)
		require.InDelta(t, want.lon, city.Lon, 0.3, name)
	}
}

func TestFindWithinAnArea(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ city, area, country, region string }{
		{"Portland", "Maine", "US", "ME"},
		{"Portland", "Ore.", "US", "OR"},
		{"Atlanta", "Georgia", "US", "GA"},
		{"London", "Ontario", "CA", "ON"},
		{"Springfield", "Ill.", "US", "IL"},
		{"San José", "Costa Rica", "CR", ""},
		{"Tripoli", "Liban", "LB", ""},
		{"Valencia", "Venezuela", "VE", ""},
	} {
		city, ok := place.Find(c.city, place.Areas(c.area)...)
		require.True(t, ok, c)
		require.Equal(t, c.country, city.Country, c)
		require.Equal(t, c.region, city.Region, c)
	}
	_, ok := place.Find("Marrakech", place.Within{Country: "NO"})
	require.False(t, ok)
}

func TestTheMostProminentComesFirst(t *testing.T) {
	t.Parallel()
	for name, country := range map[string]string{
		"Paris": "FR", "London": "GB", "Tripoli": "LY", "Victoria": "CA", "Cambridge": "GB", "Córdoba": "AR",
	} {
		cities := place.Cities(name)
		require.NotEmpty(t, cities, name)
		require.Equal(t, country, cities[0].Country, name)
	}
}

func TestCountry(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Maroc": "MA", "Morocco": "MA", "المغرب": "MA", "Ägypten": "EG", "ÉGYPTE": "EG", "Россия": "RU", "中国": "CN",
		"日本": "JP", "Türkiye": "TR", "Turkey": "TR", "U.S.": "US", "UK": "GB", "Gaza Strip": "PS", "Côte d’Ivoire": "CI", "Niger": "NE",
	} {
		code, ok := place.Country(name)
		require.True(t, ok, name)
		require.Equal(t, want, code, name)
	}
	for _, name := range []string{"", "Naif", "Défis", "-", "Union européenne"} {
		_, ok := place.Country(name)
		require.False(t, ok, name)
		require.Empty(t, place.Areas(name), name)
	}
}

func TestKeyJoinsTheFormsOfAName(t *testing.T) {
	t.Parallel()
	for _, forms := range [][]string{
		{"Saint-Étienne", "SAINT ETIENNE", "saint étienne"},
		{"Łódź", "Lodz"},
		{"İstanbul", "Istanbul"},
		{"القاهرة", "القاهره"},
		{"St. John’s", "St John's"},
		{"Washington, D.C.", "Washington DC"},
	} {
		for _, form := range forms[1:] {
			require.Equal(t, spelling.Key(forms[0]), spelling.Key(form))
		}
	}
	require.Empty(t, spelling.Key(" -.’"))
	require.NotEqual(t, spelling.Key("गोवा"), spelling.Key("गावा"))
}

func TestAnyNameIsSafe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		for _, c := range place.Cities(name) {
			if len(c.Country) != 2 || c.Lat < -90 || c.Lat > 90 || c.Lon < -180 || c.Lon > 180 || c.Name == "" {
				t.Fatalf("%q gives %+v", name, c)
			}
		}
		place.Areas(name)
	})
}

func BenchmarkFind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		place.Find("Marrakech")
	}
}
