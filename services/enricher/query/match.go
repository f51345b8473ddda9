package query

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// phrase is one or more words in a row.
type phrase struct {
	// words stand between spaces: " angela merkel ". Without the last space, the last
	// word is a beginning.
	words string
	// inside is what is looked for within words, where a script has no spaces.
	inside string
}

// phraseOf makes a phrase of text; wild says whether a star at its end means something.
func phraseOf(text string, wild bool) phrase {
	begins := wild && strings.HasSuffix(text, "*")
	words := fold(text)
	if words == " " {
		return phrase{}
	}
	if strings.ContainsFunc(words, unspaced) {
		return phrase{inside: strings.TrimSpace(words)}
	}
	if begins {
		words = strings.TrimSuffix(words, " ")
	}
	return phrase{words: words}
}

func (p phrase) empty() bool { return p.words == "" && p.inside == "" }

// in says whether folded text holds the phrase.
func (p phrase) in(folded string) bool {
	if p.inside != "" {
		return strings.Contains(folded, p.inside)
	}
	return p.words != "" && strings.Contains(folded, p.words)
}

// unspaced says whether a letter is of a script that writes no spaces between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// fold writes text as words of letters and digits, in lower case and without marks,
// each between two spaces; " " where there are none.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	space := true
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\u0640', r == '\u200c', r == '\u200d':
			// A mark, the Arabic kashida, or a joiner.
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mc, r):
			b.WriteRune(unicode.ToLower(unicode.ToUpper(r)))
			space = false
		case !space:
			b.WriteByte(' ')
			space = true
		}
	}
	if !space {
		b.WriteByte(' ')
	}
	return b.String()
}

// article is an article with what queries ask of it, folded at most once.
type article struct {
	*datelinev1.Article
	folded string
}

// text is what words are looked for in.
func (a *article) text() string {
	if a.folded == "" {
		doc := a.GetDocument()
		a.folded = fold(doc.GetHeadline()) + "\n" + fold(doc.GetAbstract()) + "\n" + fold(doc.GetText())
	}
	return a.folded
}

// fields are what a query may ask for by name, and examples what of.
var fields = map[string]func(field, *article) bool{
	"lang": func(f field, a *article) bool {
		return f.raw == strings.ToLower(a.GetEnrichment().GetLanguage().GetCode())
	},
	"topic": func(f field, a *article) bool {
		return slices.ContainsFunc(a.GetEnrichment().GetTopics(), func(t *datelinev1.Topic) bool {
			return f.raw == strings.ToLower(t.GetSlug()) || f.raw == strings.ToLower(t.GetCode()) || f.words != "" && f.words == fold(t.GetLabel())
		})
	},
	"entity": func(f field, a *article) bool {
		return slices.ContainsFunc(a.GetEnrichment().GetEntities(), func(e *datelinev1.Entity) bool {
			return f.raw == strings.ToLower(e.GetId()) || f.in(fold(e.GetName())) ||
				slices.ContainsFunc(e.GetAliases(), func(alias string) bool { return f.in(fold(alias)) })
		})
	},
	"speaker": func(f field, a *article) bool {
		return slices.ContainsFunc(a.GetEnrichment().GetQuotes(), func(q *datelinev1.Quote) bool { return f.in(fold(q.GetSpeaker())) })
	},
	"country": func(f field, a *article) bool {
		e := a.GetEnrichment()
		is := func(code string) bool { return code != "" && f.raw == strings.ToLower(code) }
		return is(e.GetDateline().GetCountryCode()) ||
			slices.ContainsFunc(e.GetPlaces(), func(p *datelinev1.Place) bool { return is(p.GetCountryCode()) }) ||
			slices.ContainsFunc(e.GetEntities(), func(p *datelinev1.Entity) bool { return is(p.GetCountryCode()) })
	},
	"source": func(f field, a *article) bool {
		s := a.GetSource()
		if f.raw == s.GetFeedId() || f.in(fold(s.GetFeedTitle())) || f.in(fold(a.GetDocument().GetSiteName())) {
			return true
		}
		return slices.ContainsFunc([]string{s.GetFeedUrl(), a.GetFetch().GetUrl(), a.GetDocument().GetCanonicalUrl()}, func(address string) bool {
			u, err := url.Parse(address)
			host := ""
			if err == nil {
				host = strings.ToLower(u.Hostname())
			}
			return host != "" && (host == f.raw || strings.HasSuffix(host, "."+f.raw))
		})
	},
	"label": func(f field, a *article) bool {
		name, value, given := strings.Cut(f.raw, "=")
		for have, is := range a.GetSource().GetLabels() {
			if strings.ToLower(have) == name && (!given || strings.ToLower(is) == value) {
				return true
			}
		}
		return false
	},
}

var examples = map[string]string{
	"lang": "fr", "topic": "health", "entity": `"Angela Merkel"`, "speaker": "Lagarde", "country": "MA", "source": "example.org", "label": "desk=north",
}
