package enrich

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

const portStory = `Tanger — Le port a rouvert mardi, deux jours après la tempête, a annoncé le directeur de l'Office des ports du détroit (OPD), Karim Benali.

"Les quais sont de nouveau sûrs", a déclaré M. Benali devant la presse, en précisant que quarante navires attendaient au large.

Le port accueille trois millions de passagers par an.`

func document() *datelinev1.Document {
	return &datelinev1.Document{
		Headline:           "Le port de Tanger rouvre après la tempête",
		Text:               portStory,
		PublishedAt:        timestamppb.New(time.Date(2023, 12, 7, 23, 30, 0, 0, time.UTC)),
		PublishedPrecision: "minute",
	}
}

func newEnricher(t *testing.T, cfg Config, observers ...Observer) *Enricher {
	t.Helper()
	e, err := New(cfg, observers...)
	require.NoError(t, err)
	return e
}

func TestEnrich(t *testing.T) {
	t.Parallel()
	doc := document()
	before := proto.CloneOf(doc)
	out, err := newEnricher(t, Config{}).Enrich(t.Context(), doc)
	require.NoError(t, err)
	require.True(t, proto.Equal(before, doc), "the document is not changed")

	require.Equal(t, "fr", out.GetLanguage().GetCode())
	require.Equal(t, "Tanger", out.GetDateline().GetLocated())
	require.Equal(t, "MA", out.GetDateline().GetCountryCode())
	require.InDelta(t, 35.77, out.GetDateline().GetLat(), 0.1)
	require.Equal(t, "2023-12-07", out.GetDateline().GetDate())
	require.Empty(t, out.GetDateline().GetSource())

	var values []string
	for _, d := range out.GetDates() {
		values = append(values, d.GetText()+"="+d.GetValue())
	}
	require.Equal(t, []string{"mardi=2023-12-05", "deux jours=P2D", "par an=P1Y"}, values)
	require.NotEmpty(t, out.GetQuotes())
	require.Len(t, out.GetAcronyms(), 1)
	require.Equal(t, "OPD", out.GetAcronyms()[0].GetShort())
	require.InDelta(t, 16, out.GetReadingTimeSeconds(), 3)
	require.Len(t, out.GetFingerprint(), 64)
	for _, a := range out.GetAnnotators() {
		require.NotEmpty(t, a.GetVersion())
		require.Empty(t, a.GetError(), a.GetName())
	}
}

func TestAnnotationsTellWhoMadeThem(t *testing.T) {
	t.Parallel()
	out, err := newEnricher(t, Config{}).Enrich(t.Context(), document())
	require.NoError(t, err)
	versions := map[string]string{}
	for _, a := range out.GetAnnotators() {
		versions[a.GetName()] = a.GetName() + "/" + a.GetVersion()
	}
	require.Equal(t, versions["language"], out.GetLanguage().GetAnnotator())
	require.Equal(t, versions["dateline"], out.GetDateline().GetAnnotator())
	require.NotEmpty(t, out.GetQuotes())
	for _, q := range out.GetQuotes() {
		require.Equal(t, versions["quote"], q.GetAnnotator())
	}
	require.NotEmpty(t, out.GetDates())
	for _, d := range out.GetDates() {
		require.Equal(t, versions["when"], d.GetAnnotator())
	}
	requireSigned(t, out)
}

// requireSigned checks that nothing that has a place for a signature is without.
func requireSigned(t *testing.T, out *datelinev1.Enrichment) {
	t.Helper()
	out.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if field.Message() == nil || field.Message().Fields().ByName("annotator") == nil {
			return true
		}
		by := field.Message().Fields().ByName("annotator")
		if !field.IsList() {
			require.True(t, v.Message().Has(by), "%s has no signature", field.Name())
			return true
		}
		for i := range v.List().Len() {
			require.True(t, v.List().Get(i).Message().Has(by), "%s has no signature", field.Name())
		}
		return true
	})
}

func TestEnrichIsAFunctionOfTheDocument(t *testing.T) {
	t.Parallel()
	e := newEnricher(t, Config{})
	first, err := e.Enrich(t.Context(), document())
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			again, err := e.Enrich(context.Background(), document())
			if err != nil {
				t.Errorf("enriching again: %v", err)
				return
			}
			for i, a := range again.GetAnnotators() {
				a.Took = first.GetAnnotators()[i].GetTook()
			}
			if !proto.Equal(first, again) {
				t.Error("the same document gave another enrichment")
			}
		})
	}
	all.Wait()
}

func TestDisable(t *testing.T) {
	t.Parallel()
	e := newEnricher(t, Config{Disable: []string{"language", "quote"}})
	require.NotContains(t, e.Names(), "quote")
	doc := document()
	doc.Language = "fr-MA"
	out, err := e.Enrich(t.Context(), doc)
	require.NoError(t, err)
	require.Nil(t, out.GetLanguage())
	require.Empty(t, out.GetQuotes())
	require.Len(t, out.GetDates(), 3, "the declared language stands in")

	_, err = New(Config{Disable: []string{"quotes"}})
	require.ErrorContains(t, err, `cannot disable annotator "quotes": there are language, dateline,`)
	_, err = New(Config{Languages: []string{"tlh"}})
	require.Error(t, err)
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	e := newEnricher(t, Config{})
	for _, doc := range []*datelinev1.Document{nil, {}, {Text: " \n\n\t"}, {Headline: "Only a headline", CanonicalUrl: "https://news.example/1"}} {
		_, err := e.Enrich(t.Context(), doc)
		var empty *Empty
		require.ErrorAs(t, err, &empty)
		require.Equal(t, doc.GetCanonicalUrl(), empty.URL)
		require.ErrorContains(t, err, "has no text")
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newEnricher(t, Config{}).Enrich(ctx, document())
	require.ErrorIs(t, err, context.Canceled)
}

func TestObserversSeeEveryRun(t *testing.T) {
	t.Parallel()
	var seen []string
	e := newEnricher(t, Config{}, func(name string, took time.Duration) {
		require.GreaterOrEqual(t, took, time.Duration(0))
		seen = append(seen, name)
	})
	_, err := e.Enrich(t.Context(), document())
	require.NoError(t, err)
	require.Equal(t, e.Names(), seen)
}

func TestAPanicStopsOnlyItsAnnotator(t *testing.T) {
	t.Parallel()
	e := &Enricher{annotators: []annotator{
		{name: "broken", version: "1", annotate: func(*article, *datelinev1.Enrichment) { panic("index out of range") }},
		{name: "fingerprint", version: "1", annotate: fingerprintOf},
	}}
	out, err := e.Enrich(t.Context(), document())
	require.NoError(t, err)
	require.Equal(t, "panicked: index out of range", out.GetAnnotators()[0].GetError())
	require.Empty(t, out.GetAnnotators()[1].GetError())
	require.NotEmpty(t, out.GetFingerprint())
}

func TestLongTextsAreCut(t *testing.T) {
	t.Parallel()
	doc := document()
	doc.Text = strings.Repeat("é", story.Max) + " parti hier"
	s := newArticle(doc)
	require.True(t, s.cut)
	require.Len(t, []rune(s.text), story.Max)

	out, err := newEnricher(t, Config{}).Enrich(t.Context(), doc)
	require.NoError(t, err)
	require.Empty(t, out.GetDates())
	problems := map[string]string{}
	for _, a := range out.GetAnnotators() {
		problems[a.GetName()] = a.GetError()
	}
	require.Equal(t, "incomplete: looked at the first 200000 code points", problems["when"])
	require.Empty(t, problems["fingerprint"])

	doc.Text = strings.Repeat("é", story.Max)
	require.False(t, newArticle(doc).cut)
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	of := func(text string) string {
		out := &datelinev1.Enrichment{}
		fingerprintOf(newArticle(&datelinev1.Document{Text: text}), out)
		return out.GetFingerprint()
	}
	base := of("Le port d'Agadir a rouvert.\n\nLes quais sont sûrs.")
	require.Equal(t, base, of("LE PORT D’AGADIR — a rou\u00advert : «Les quais sont sûrs»"))
	require.NotEqual(t, base, of("Le port d'Agadir a rouvert. Les quais ne sont pas sûrs."))
	require.NotEqual(t, of("ab c"), of("a bc"))
	require.NotEqual(t, of("🙂"), of("🙁"), "texts without words are told apart")
}

func TestReadingTime(t *testing.T) {
	t.Parallel()
	of := func(text string) uint32 {
		out := &datelinev1.Enrichment{}
		readingTimeOf(newArticle(&datelinev1.Document{Text: text}), out)
		return out.GetReadingTimeSeconds()
	}
	require.EqualValues(t, 60, of(strings.Repeat("mot ", wordsPerMinute)))
	require.EqualValues(t, 60, of(strings.Repeat("aujourd'hui ", wordsPerMinute)))
	require.EqualValues(t, 60, of(strings.Repeat("港口。", ideographsPerMinute/2)))
	require.EqualValues(t, 60, of(strings.Repeat("กขคง", thaiPerMinute/4)))
	require.EqualValues(t, 0, of("…"))
}

func TestPublishedInTheZoneOfThePublisher(t *testing.T) {
	t.Parallel()
	at := timestamppb.New(time.Date(2023, 12, 7, 23, 30, 0, 0, time.UTC))
	midnight := timestamppb.New(time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC))
	for want, doc := range map[string]*datelinev1.Document{
		"2023-12-07": {PublishedAt: at, PublishedPrecision: "second"},
		"2023-12-08": {PublishedAt: at, PublishedPrecision: "second", PublishedZoneKnown: true, PublishedOffsetMinutes: 60},
		"2023-12":    {PublishedAt: midnight, PublishedPrecision: "month", PublishedZoneKnown: true, PublishedOffsetMinutes: -300},
		"2023-12-01": {PublishedAt: midnight},
		"":           {},
	} {
		require.Equal(t, want, published(doc).String())
	}
	require.Equal(t, when.Date{}, published(nil))
}

func TestWarm(t *testing.T) {
	t.Parallel()
	require.NoError(t, newEnricher(t, Config{}).Warm(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, newEnricher(t, Config{}).Warm(ctx), context.Canceled)
}
