package quote

const (
	germanWeak = `sag erklär mein beton äußer kritisier warn forder ergänz berichte bericht teil versicher antwort frag kündig
behaupt beton schilder erläuter urteil lob klag konstatier mahn bekräftig bestätig begründ resümier räum wiederhol füg kommentier
zitier stell entgegn erwider beschwer freu bedauer prophezei mutmaß spott scherz erinner appellier argumentier wetter
erzähl führ bemängel bilanzier präzisier signalisier verkünd vermut würdig ruf glaub hoff verteidig bezeichne nann beklag prognostizier meld vermeld rechtfertig monier schimpf jubel`
)

var german = &lexicon{
	finite: fields(forms(germanWeak, `t te ten en`), `schrieb schreibt schrieben schreiben sprach spricht sprachen sprechen wies
weist gab gibt geben rief ruft riefen gestand gesteht hieß heißt ließ fand findet finden nannte nennt nennen bezeichnete
bezeichnet antwortete antwortet berichtete berichten fragte äußerte meinte empfahl empfiehlt versprach verspricht wusste
weiß stritt bestritt beschrieb beschreibt unterstrich unterstreicht schloss widersprach widerspricht verwies verweist
betonte stellte warf wirft dachte denkt hob hebt trat erwiderte entgegnete forderte schilderte behauptete urteilte
kündigte begründete zitierte lobte mahnte`),
	participle: fields(`gesagt erklärt betont gewarnt gefordert mitgeteilt angekündigt geschrieben gesprochen kritisiert
geäußert ergänzt berichtet versichert geantwortet behauptet bekräftigt bestätigt gelobt genannt bezeichnet erzählt
hinzugefügt eingeräumt versprochen erläutert gemeldet prognostiziert eingestanden klargestellt`),
	gerund:     fields(`betonend hinzufügend sagend`),
	infinitive: fields(`sagen erklären betonen`),
	aux:        fields(`hat haben hatte hatten habe`),
	been:       fields(`worden`),
	pronouns:   genders(`er`, ``, `sie es ich wir`),
	tonic:      genders(`ihm`, `ihr`, `ihnen`),
	prefixes:   fields(`hinzu mit fest an ein bekannt hervor`),
	relative:   fields(`wer`),
	that:       fields(`dass daß ob`),
	filler: fields(`am auch dann noch weiter später zudem außerdem jedoch aber nun schon sich ihm ihr ihnen uns hinzu an mit
hat hatte habe nicht nur bereits daraufhin heute gestern montag dienstag mittwoch donnerstag freitag samstag sonntag es dazu
damals abend morgen laut`),
	sources: phrases(`laut|nach angaben von|nach angaben der|nach angaben des|gemäß|so|nach worten von|nach den worten von|nach ansicht von|nach ansicht der|nach ansicht des|nach meinung von|aus sicht von|aus sicht der`),
	of:      fields(`des der von vom`),
	prep: fields(`in im an am auf aus bei beim mit nach von vom zu zum zur für gegen ohne über unter vor zwischen durch um seit
bis während wegen trotz gegenüber laut als wie hinter neben`),
	det: fields(`der die das den dem des ein eine einer eines einem einen sein seine seiner ihr ihre ihrer unser unsere dieser
diese dieses mehrere viele einige zwei drei beide kein keine`),
	and: fields(`und aber sowie`),
	ends: fields(`der die das dass daß und oder aber als wenn weil während am im in bei nach vor gegenüber auf zu zum zur mit an
heute gestern montag dienstag mittwoch donnerstag freitag samstag sonntag hat hatte ist war`),
	works: fields(`thema titel motto buch roman film song lied album serie stück ausstellung dokumentarfilm sendung festival
gemälde werk oper artikel projekt operation kampagne konferenz preis zeitschrift kapitel ausdruck begriff wort genannt
namens genannte genannten sogenannte sogenannten betitelt aufschrift schild plakat slogan parole bezeichnung schlagwort
überschrift gedicht podcast magazin stichwort`),
	verbFirst: true,
	nouns:     true,
}
