package quote

const (
	englishE = `declar announc argu not observ acknowledg conclud continu promis urg criticis criticiz describ accus prais
emphasis emphasiz summaris summariz stat advis propos denounc welcom pledg joke jok recommend reiterat brand predicat nam`
	englishPlain = `add explain warn claim insist stress comment remark repl respond ask admitt admit confirm suggest recall assert contend
predict vow tweet complain testif caution lament quipp shout boast maintain point report reveal counter reason
confess recount relat protest affirm answer signal hint vent mutter repeat express condemn call consider question appeal
estimat believ attack dismiss lash reject inform indicat posted post mention underlin underscor agree agre highlight`
)

var english = &lexicon{
	finite: fields(forms(englishE, `e es ed`), forms(englishPlain, `- s es ed d`), `said says say told tells tell wrote writes
write thought thinks think felt feels feel replied replies reply denied denies deny testified testifies cried cries spoke
speaks put puts swore saw discloses disclosed smiled smiles laughed laughs sighed grinned sees goes went began begins quoted quotes read reads concedes conceded concede alleges alleged
quips quipped stresses insists hopes hoped wants wanted knows knew`),
	participle: fields(`written spoken sworn`),
	gerund: fields(forms(englishE, `ing`), forms(englishPlain, `ing`), `saying telling writing thinking replying denying
testifying quoting conceding alleging admitting quipping`),
	infinitive: fields(`say tell write add reply explain warn`),
	aux:        fields(`has have had 's 've`),
	been:       fields(`been`),
	pronouns:   genders(`he`, `she`, `they it`),
	tonic:      genders(`him`, `her`, `them`),
	relative:   fields(`who which`),
	that:       fields(`that how why`),
	filler: fields(`also then later not never has have had is was will would could can had been reporters journalists him her
them us me it again further simply recently previously repeatedly openly publicly once only still on monday tuesday
wednesday thursday friday saturday sunday yesterday today himself herself themselves now even`),
	sources: phrases(`according to|in the words of|in the view of|in the opinion of`),
	of:      fields(`of for`),
	prep: fields(`in on at by from to with without after before during since until against about over under between into
through as near outside inside among despite following via amid toward towards upon like`),
	det: fields(`the a an this that these those his her its their our my your one two three some several many other another
both no each`),
	and: fields(`and but then`),
	ends: fields(`who which that whose where when while and but or after before because if on monday tuesday wednesday
thursday friday saturday sunday yesterday today is was has had have are were will would`),
	works: fields(`theme themed titled entitled called named dubbed nicknamed known film movie book novel song album series play
exhibition slogan documentary show festival sculpture painting work opera article bill project operation programme program
campaign conference award magazine chapter expression phrase term word poem essay single sign banner placard motto headline
proverb reading category label labelled labeled`),
	bareNouns: true,
}
