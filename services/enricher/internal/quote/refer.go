package quote

import (
	"slices"
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// anaphors are nouns that, with the article alone, mean who was spoken of just
// before: "la donna", "el mandatario". They stand with the gender they tell.
var anaphors = map[string]map[string]gender{
	"en": genders(`man`, `woman`, `official politician lawmaker executive`),
	"fr": genders(`homme élu dirigeant intéressé`, `femme élue dirigeante intéressée`, `responsable politique quadragénaire quinquagénaire sexagénaire trentenaire`),
	"de": genders(`mann politiker`, `frau politikerin`, ``),
	"es": genders(`hombre funcionario mandatario técnico estratega político directivo magistrado`, `mujer funcionaria mandataria técnica política directiva magistrada`, `dirigente jerarca titular`),
	"it": genders(`uomo funzionario politico legale tecnico magistrato interessato`, `donna funzionaria politica magistrata interessata`, `dirigente esponente`),
	"pt": genders(`homem mandatário técnico político magistrado`, `mulher mandatária técnica política magistrada`, `dirigente sindicalista governante autarca`),
	"ru": genders(`мужчина чиновник политик`, `женщина`, ``),
	"ar": genders(`المسؤول الرجل`, `المسؤولة المرأة السيدة`, ``),
}

// maxKnown bounds the speakers whose short names are resolved.
const maxKnown = 64

// anaphor gives the person whom an article and a noun mean, or "": the latest who
// spoke or was spoken of, and whose gender is no other.
func (d *document) anaphor(text string) string {
	article, noun := "", strings.ToLower(text)
	if d.lang != "ru" && d.lang != "ar" {
		ws := words.Split(text, d.lang)
		if len(ws) < 2 || len(ws) > 2 && ws[1].Lower != "titular" || !definite.has(ws[0].Lower) {
			return ""
		}
		article, noun = ws[0].Lower, ws[1].Lower
	}
	g, ok := anaphors[d.lang][noun]
	if !ok || len(d.state.recent) == 0 {
		return ""
	}
	if concerned.has(noun) {
		return d.firstPerson()
	}
	if g == unknown {
		g = articleGender[article]
	}
	for _, v := range d.state.recent {
		tg := d.state.genders[v.speaker]
		if !v.body && d.isPerson(v.speaker) && (g == unknown || tg == unknown || tg == g) {
			return v.speaker
		}
		if !v.body && d.isDescribed(v.speaker) {
			return ""
		}
	}
	return ""
}

// isDescribed tells whether the speaker is a description of somebody, whom the noun
// may mean as well.
func (d *document) isDescribed(speaker string) bool {
	return d.lex.det.has(d.firstWord(speaker))
}

// concerned are those of them that mean whom the text is about.
var concerned = fields(`intéressé intéressée interessato interessata`)

// firstPerson gives the first person whom the text names.
func (d *document) firstPerson() string {
	for i := range d.names {
		if d.names[i].Person {
			return d.names[i].Full
		}
	}
	return ""
}

// articleGender is what an article tells of a person, in all languages together.
var articleGender = genders(`le il el der o`, `la a`, ``)

// isPerson tells whether the text names the speaker as a person.
func (d *document) isPerson(speaker string) bool {
	for i := range d.names[:min(len(d.names), maxNominatives)] {
		if d.names[i].Full == speaker {
			return d.names[i].Person || len(strings.Fields(speaker)) > 1
		}
	}
	return d.lang == "ar" && strings.Contains(speaker, " ")
}

// fullest gives the one speaker so far whose last name this is, or the name.
func (d *document) fullest(short string) string {
	if strings.ContainsRune(short, ' ') && d.lang != "ar" {
		return short
	}
	found := ""
	for _, k := range d.state.known {
		if rest, ok := strings.CutSuffix(k, short); ok && strings.HasSuffix(rest, " ") {
			if found != "" && found != k {
				return short
			}
			found = k
		}
	}
	if found == "" {
		return short
	}
	return found
}

// germanOffices are endings of German nouns that stand before the name of whoever
// has the office.
var germanOffices = fields(`sprecher sprecherin minister ministerin präsident präsidentin kanzler kanzlerin chef chefin leiter leiterin
direktor direktorin vorsitzende vorsitzender sekretär sekretärin meister meisterin politiker politikerin abgeordnete abgeordneter
senator senatorin botschafter botschafterin trainer trainerin spieler spielerin anwalt anwältin richter richterin experte expertin
forscher forscherin rätin kapitän autor autorin professor professorin analyst analystin ökonom ökonomin manager managerin
geschäftsführer geschäftsführerin frau stadtrat schlosser bäcker pfarrer pfarrerin kommandant arzt ärztin anwohner anwohnerin`)

// untitled takes the offices off German names, which look like a part of them
// since all nouns have capitals, and what follows behind an article: "Fraktionschefin
// Anke Voss der Zeitung".
func (d *document) untitled() {
	if !d.lex.nouns {
		return
	}
	d.names = slices.DeleteFunc(d.names, func(n name.Name) bool {
		// A day before "der Minister".
		return n.Last-n.First > 1 && calendars[d.lang].times.has(d.ws[n.First].Lower) && d.lex.det.has(d.ws[n.First+1].Lower)
	})
	renamed := map[string]string{}
	for i := range d.names {
		n := &d.names[i]
		first, last := n.First, n.Last
		for k := first + 1; k < last; k++ {
			if d.lex.det.has(d.ws[k].Lower) && k-first >= 2 && k+1 < last && d.people.has(d.ws[k+1].Lower, d.lang) {
				last = k
			}
		}
		for first+2 < last && (people{ending, germanOffices}).has(d.ws[first].Lower, d.lang) {
			first++
		}
		if first == n.First && last == n.Last {
			continue
		}
		if first > n.First {
			n.Title = strings.TrimSpace(n.Title + " " + d.between(n.First, first))
			n.Person = true
		}
		n.First, n.Last = first, last
		renamed[n.Text] = d.between(first, last)
		n.Text = d.between(first, last)
		n.Start, n.End = int(d.ws[first].Rune), int(d.ws[last-1].RuneEnd)
	}
	for i := range d.names {
		if full, ok := renamed[d.names[i].Full]; ok {
			d.names[i].Full = full
		}
	}
}
