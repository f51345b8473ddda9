package name

import "strings"

type set map[string]struct{}

func (s set) has(w string) bool { _, ok := s[w]; return ok }

// lexicon holds the words of one language that tell names from other words.
// All are in lower case.
type lexicon struct {
	// titles stand before a name and are no part of it ("M.", "President").
	titles set
	// roles are nouns of offices and jobs that a person's name follows,
	// perhaps after a complement ("ministre de la Justice Jean Blanc").
	roles set
	// particles join the parts of one name ("van", "ben", "de la").
	particles set
	// of are the words that tie a complement to its noun ("de", "of").
	of set
	// plain are words that are no names though a sentence may begin with them.
	plain set
	// bodies are nouns that begin or end the name of an organisation.
	bodies set
	// nouns tells that common nouns have capitals, so that a capital alone is
	// no sign of a name.
	nouns bool
}

func fields(lists ...string) set {
	s := set{}
	for _, l := range lists {
		for _, w := range strings.Fields(l) {
			s[w] = struct{}{}
		}
	}
	return s
}

// anyParticles are the particles of personal names that are met in the news
// of every language.
const anyParticles = `de del della di da das dos do du des d' la las los el al ul ibn bin bint ben abu abou van von der
den ter ten zu zur af av`

// lexicons are the tables by ISO 639-1 code.
var lexicons = map[string]*lexicon{
	"en": english, "fr": french, "de": german, "es": spanish, "it": italian, "pt": portuguese,
	"nl": dutch, "pl": polish, "ru": russian, "ar": arabic,
}

// unknown serves a language without a table of its own.
var unknown = &lexicon{
	titles:    fields(`mr mrs ms dr prof m mme sr sra`),
	particles: fields(anyParticles),
	of:        fields(`de of di da von van`),
}

func lexiconOf(lang string) *lexicon {
	if l := lexicons[lang]; l != nil {
		return l
	}
	return unknown
}

var english = &lexicon{
	titles: fields(`mr mrs ms miss mx dr prof professor sir dame lord lady sen rep gov gen lt col maj capt sgt rev
president vice-president prime minister deputy chancellor secretary undersecretary senator congressman congresswoman
representative governor mayor judge justice chief attorney prosecutor general ambassador king queen prince princess duke
pastor pope bishop archbishop cardinal imam rabbi sheikh sheik emir sultan colonel captain major lieutenant sergeant admiral
commissioner commander inspector detective director chairman chairwoman chair spokesman spokeswoman spokesperson ceo cfo
coach captain officer superintendent constable speaker premier former then acting vice foreign interior finance defence
defense health justice labour labor home culture education energy environment trade state treasury executive economist
researcher analyst lawyer author striker midfielder`),
	roles: fields(`president minister secretary director chief head spokesman spokeswoman spokesperson governor mayor
chairman chairwoman founder ambassador prosecutor commissioner leader coach manager officer author analyst economist
lawyer professor researcher`),
	particles: fields(anyParticles, `of`),
	of:        fields(`of`),
	plain: fields(`the a an this that these those he she it they we i you his her its their our my your in on at by for
from to of with without after before during since until while when where who what why how if as but and or so yet not no
there here however meanwhile moreover also both all some many most several one two three four five six seven eight nine
ten according earlier later last next now then today yesterday tomorrow officials police experts critics asked under over
speaking monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
september october november december despite although though because about against among between through still even only
just another other each every more than such nearly almost instead once let yes please`),
	bodies: fields(`ministry university bank company corporation party office agency council court union association
organisation organization committee commission institute foundation group federation department bureau hospital army
police society league club parliament congress senate house press news times post journal`),
}

var french = &lexicon{
	titles: fields(`m mm mme mmes mlle mlles dr docteur pr me maître monsieur madame mademoiselle mgr sir lord président
présidente premier première ministre général générale colonel capitaine commandant amiral roi reine prince princesse pape
cardinal imam cheikh émir maire sénateur sénatrice député députée procureur procureure juge professeur professeure
secrétaire directeur directrice chancelier chancelière gouverneur gouverneure ambassadeur ambassadrice`),
	roles: fields(`président présidente vice-président vice-présidente ministre secrétaire directeur directrice chef cheffe
procureur procureure maire député députée sénateur sénatrice porte-parole patron patronne pdg fondateur fondatrice
ambassadeur ambassadrice commissaire chancelier chancelière gouverneur gouverneure préfet préfète roi reine prince
princesse général colonel capitaine commandant entraîneur entraîneuse sélectionneur avocat avocate écrivain journaliste
chercheur chercheuse professeur professeure économiste candidat candidate leader dirigeant dirigeante responsable
délégué déléguée coordinateur coordinatrice rapporteur rapporteure premier-ministre émir cheikh juge analyste
recteur rectrice négociateur négociatrice représentant représentante`),
	particles: fields(anyParticles, `le l'`),
	of:        fields(`de du des d' la l' le les`),
	plain: fields(`le la les l' un une des du de d' ce cet cette ces c' il elle ils elles on nous vous je j' tu son sa
ses leur leurs notre nos votre vos mon ma mes ton ta tes qui que qu' quoi dont où et ou mais donc or ni car si s' en dans
sur sous par pour avec sans chez vers entre depuis pendant durant après avant dès jusqu' malgré selon d'après lors
lorsque lorsqu' quand comme comment pourquoi alors ainsi aussi enfin ensuite puis cependant toutefois néanmoins pourtant
outre quant à au aux face grâce afin parmi plus moins très tout toute tous toutes autre autres certains certaines
plusieurs chaque deux trois quatre cinq six sept huit neuf dix hier aujourd'hui demain lundi mardi mercredi jeudi vendredi
samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre interrogé interrogée
intervenant né née il-y-a y n' ne pas non oui bien même même encore déjà ici là voilà voici contre aucun aucune a ont est sont était avait à`),
	bodies: fields(`organisation association ministère université banque société parti office agence conseil cour union
comité commission institut fondation groupe fédération syndicat parquet police armée front haute assemblée sénat chambre
collectif observatoire centre compagnie ligue club radio télévision ong présidence`),
}

var german = &lexicon{
	titles: fields(`herr herrn frau dr prof professor präsident präsidentin bundespräsident bundeskanzler bundeskanzlerin
kanzler kanzlerin minister ministerin ministerpräsident ministerpräsidentin premierminister premierministerin
innenminister innenministerin außenminister außenministerin finanzminister finanzministerin verteidigungsminister
verteidigungsministerin justizminister justizministerin wirtschaftsminister wirtschaftsministerin gesundheitsminister
gesundheitsministerin umweltminister umweltministerin bürgermeister bürgermeisterin oberbürgermeister oberbürgermeisterin
sprecher sprecherin polizeisprecher polizeisprecherin vorsitzender vorsitzende vorsitzenden chef chefin vorstandschef
geschäftsführer geschäftsführerin direktor direktorin generalsekretär generalsekretärin staatsanwalt staatsanwältin
staatssekretär staatssekretärin abgeordneter abgeordnete senator senatorin trainer trainerin bundestrainer richter
richterin anwalt anwältin general oberst könig königin prinz prinzessin papst bischof kardinal experte expertin forscher
forscherin leiter leiterin ökonom ökonomin analyst analystin regierungschef regierungschefin parteichef parteichefin
fraktionschef fraktionschefin botschafter botschafterin`),
	roles:     fields(`präsident präsidentin minister ministerin sprecher sprecherin chef chefin leiter leiterin direktor direktorin`),
	particles: fields(`von van zu zur der den de al bin ben del della di da du la`),
	of:        fields(`des der von`),
	plain: fields(`der die das den dem des ein eine einer eines einem einen er sie es wir ihr ich du sein seine ihre unser
dieser diese dieses jener in im an am auf aus bei beim mit nach von vom zu zum zur für gegen ohne über unter vor zwischen
durch um seit bis während wegen trotz laut gemäß und oder aber denn doch sondern wenn als ob dass weil obwohl da damit so
auch noch nur schon sehr nicht kein keine mehr wie was wer wo wann warum man alle viele einige beide andere zwei drei vier
heute gestern morgen montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz april mai juni juli
august september oktober november dezember damals dabei danach dann deshalb zudem außerdem allerdings dagegen hier dort
herzen jahr jahre jahren prozent millionen milliarden euro uhr tag tage woche ende anfang`),
	bodies: fields(`partei ministerium universität bank polizei gericht verband behörde amt unternehmen gesellschaft union
bundesregierung regierung konzern zeitung verein gewerkschaft kommission rat bund institut stiftung`),
	nouns: true,
}
