package demo

import (
	"slices"
	"time"
)

// wireSlug names the dispatch that WireStory describes.
const wireSlug = "nappes-cotieres"

// Expected is what a careful reader finds in the site's French dispatch, and
// what an enricher should.
type Expected struct {
	// Article is the dispatch.
	Article Article
	// Copies are the paths of the other articles that tell the same story: a
	// near-verbatim copy, then a rewrite.
	Copies []string
	// Located and CountryCode are the dateline's place and its country.
	Located, CountryCode string
	// Weekdays are the days that the text names without a date.
	Weekdays []ExpectedDay
	// Quotes are the direct quotes, in the order of the text.
	Quotes []ExpectedQuote
	// Speakers are the people who speak, directly or not.
	Speakers []ExpectedSpeaker
	// Acronyms are the short forms that the text introduces.
	Acronyms []ExpectedAcronym
	// NotQuotes are words in quotation marks that nobody says.
	NotQuotes []string
}

// ExpectedDay is a weekday and the date that it means.
type ExpectedDay struct{ Text, Value string }

// ExpectedQuote is a direct quote.
type ExpectedQuote struct {
	// Parts are the quoted words without marks: two where the reporting clause
	// stands between them.
	Parts []string
	// Speaker is the fullest form of the name in the text.
	Speaker string
	// Verb is the reporting clause as printed.
	Verb string
}

// ExpectedSpeaker is somebody who speaks in the dispatch.
type ExpectedSpeaker struct {
	Name string
	// Role is the title as printed before the name, without the organisation's
	// short form.
	Role string
	// Organisation is empty where the title names none.
	Organisation string
}

// ExpectedAcronym is a short form with its long form.
type ExpectedAcronym struct {
	Short, Long string
	// ByInitials says whether the long form's initials give the short one.
	ByInitials bool
}

// WireStory says what stands in the French dispatch, for tests that compare.
func (s *Site) WireStory() Expected {
	all := s.Articles()
	wire := all[slices.IndexFunc(all, func(a Article) bool { return a.Path == s.wirePath() })]
	e := Expected{
		Article: wire,
		Located: "Rabat", CountryCode: "MA",
		Weekdays: []ExpectedDay{weekdayOf(wire.Published), weekdayOf(wire.Published.AddDate(0, 0, 1))},
		Quotes: []ExpectedQuote{
			{
				Parts: []string{
					"Pomper moins ne suffit plus",
					"il faut aussi rendre à la nappe, chaque hiver, une partie de ce que l'été lui a pris",
				},
				Speaker: "Driss Ouazzali", Verb: "a-t-il ajouté",
			},
			{
				Parts:   []string{"Un compteur posé contre l'avis d'un village est un compteur en panne"},
				Speaker: "Salma Benharrouch", Verb: "a-t-elle averti",
			},
		},
		Speakers: []ExpectedSpeaker{
			{Name: "Driss Ouazzali", Role: "directeur régional", Organisation: "Office méditerranéen des nappes côtières"},
			{Name: "Salma Benharrouch", Role: "secrétaire d'État chargée des Eaux souterraines"},
			{Name: "Anselm Kerkhoven", Role: "président", Organisation: "Fédération internationale des hydrogéologues"},
		},
		Acronyms: []ExpectedAcronym{
			{Short: "OMNC", Long: "Office méditerranéen des nappes côtières", ByInitials: true},
			{Short: "FIH", Long: "Fédération internationale des hydrogéologues", ByInitials: true},
			{Short: "Aquaveille", Long: "Agence européenne de veille sur les eaux souterraines"},
		},
		NotQuotes: []string{"Sous le sable, l'eau : mesurer, partager, recharger"},
	}
	for _, kind := range []Kind{KindSyndicated, KindRewrite} {
		i := slices.IndexFunc(all, func(a Article) bool { return a.Kind == kind })
		e.Copies = append(e.Copies, all[i].Path)
	}
	return e
}

// wirePath is the dispatch's address.
func (s *Site) wirePath() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	i := slices.IndexFunc(s.stories, func(st *story) bool { return st.slug == wireSlug })
	return s.stories[i].path()
}

// weekdayOf names t's day as a French text does.
func weekdayOf(t time.Time) ExpectedDay {
	return ExpectedDay{Text: calendars["fr"].weekday(t), Value: t.Format(time.DateOnly)}
}
