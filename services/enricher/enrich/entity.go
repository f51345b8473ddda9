package enrich

import (
	"strings"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/entity"
)

// entitiesOf needs the acronyms and the dateline, and gives the quotes their
// speakers' ids.
func entitiesOf(a *article, out *datelinev1.Enrichment) {
	found := entity.Find(entity.Article{
		Story: a.read(out), Headline: a.doc.GetHeadline(),
		Dateline: out.GetDateline(), Acronyms: out.GetAcronyms(),
	})
	for quote, id := range speakers(out.GetQuotes(), found.Entities) {
		out.GetQuotes()[quote].SpeakerEntityId = id
	}
	out.Entities, out.Places = found.Entities, found.Places
}

// speakers matches quotes, by number, with the entities that speak: by name, else
// by where the speaker is named.
func speakers(quotes []*datelinev1.Quote, entities []*datelinev1.Entity) map[int]string {
	byName := map[string]string{}
	byEnd := map[uint32]string{}
	for _, e := range entities {
		if e.GetKind() == "place" {
			continue
		}
		for _, name := range append([]string{e.GetName()}, e.GetAliases()...) {
			if key := strings.ToLower(name); byName[key] == "" {
				byName[key] = e.GetId()
			}
		}
		for _, m := range e.GetMentions() {
			byEnd[m.GetSpan().GetEnd()] = e.GetId()
		}
	}
	ids := map[int]string{}
	for i, q := range quotes {
		id := byName[strings.ToLower(q.GetSpeaker())]
		if id == "" && q.GetSpeakerSpan() != nil {
			id = byEnd[q.GetSpeakerSpan().GetEnd()]
		}
		if id != "" {
			ids[i] = id
		}
	}
	return ids
}
