package quote

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// how says which part of a word tells that it means people or a body.
type how uint8

const (
	// whole words, a plural s aside.
	whole how = iota
	// ending parts of compounds: "Wasserschutzpolizei".
	ending
	// beginning parts, before the ending of a case.
	beginning
)

// people are the nouns that may head a speaker, of one language.
type people struct {
	how   how
	nouns set
}

var peoples = map[string]people{
	"en": {whole, fields(`official minister president spokesman spokeswoman spokesperson police prosecutor lawyer attorney expert analyst
researcher scientist economist doctor nurse teacher resident witness neighbour neighbor victim relative family mother father
parent brother sister son daughter wife husband friend colleague student pupil professor academic historian governor mayor
senator lawmaker congressman congresswoman deputy legislator politician leader chief head director manager executive ceo chairman
chairwoman chair founder owner secretary ambassador diplomat envoy commissioner commander general colonel officer soldier
sheriff detective investigator inspector judge justice court panel jury government cabinet ministry department office agency
authority council committee commission parliament senate house congress party opposition union association federation
organisation organization group company firm bank corporation maker operator airline retailer supplier airport hospital university school
institute foundation charity church bishop pope priest pastor imam rabbi coach trainer captain player striker
midfielder goalkeeper club team league fan supporter actor actress singer artist writer author journalist reporter editor
newspaper agency broadcaster station channel magazine network website man woman boy girl child people person crowd protester activist
campaigner critic supporter voter worker employee farmer driver pilot passenger tourist traveller survivor source insider
observer adviser advisor aide representative delegate member staffer regulator watchdog trader investor shareholder analysts forces army
navy military militia rebel regime kingdom state administration bureau board tribunal delegation crew firefighter paramedic
rescuer consultant engineer architect developer designer sponsor volunteer candidate premier king queen prince princess
chancellor nation coalition alliance body tenant landlord customer user patient surgeon specialist historian
mp mps fbi nato un eu who prisoner suspect defendant plaintiff informant organiser organizer owner guest host forecaster economist charity lawmaker nurse diver baker grocer shopkeeper pharmacist broker auditor retiree pensioner fisherman farmer herder everyone others many some most`)},
	"fr": {whole, fields(`président présidente ministre collectif association syndicat parti gouvernement opposition direction fédération ong
organisation ligue avocat avocate porte-parole chercheur chercheuse maire député députée sénateur sénatrice spécialiste expert
experte observateur observatrice analyste groupe entreprise société conseil comité chef cheffe premier première directeur directrice préfet préfète
procureur procureure journal quotidien jeune homme femme habitant habitante voisin voisine témoin victime famille père mère frère
sœur complice entraîneur joueur joueuse capitaine club auteur auteure écrivain économiste sociologue historien historienne union confédération
patron patronne représentant représentante responsable secrétaire élu élue police rapporteur rapporteure juge commission
institut agence écologiste socialiste communiste républicain conservateur libéral autorité autorités enseignant enseignante étudiant étudiante médecin
agriculteur riverain parent salarié salariée syndicat juriste militant militante opposant dirigeant dirigeante parlementaire scientifique
ambassadeur ambassadrice patronat défenseur défenseure partisan manifestant manifestante coordinateur coordinatrice général colonel commandant
lieutenant gendarme gendarmerie policier policière pompier armée état-major soldat ministère parquet tribunal cour sénat assemblée parlement
chambre mairie municipalité préfecture région ville état république royaume pays banque usine constructeur compagnie opérateur fabricant distributeur
hôpital université école centre laboratoire observatoire fondation église évêque pape prêtre imam roi reine prince princesse
chaîne radio télévision magazine hebdomadaire site média presse rédaction journaliste envoyé correspondant source diplomate négociateur
candidat candidate délégué déléguée délégation mouvement front coalition camp cabinet bureau administration institution mission comité
vice-président vice-présidente vice-ministre ex-ministre vice-premier sélectionneur supporter supporteur fan acteur actrice chanteur chanteuse artiste réalisateur
réalisatrice professeur professeure ingénieur technicien ouvrier ouvrière employé employée cadre propriétaire client cliente usager passager conducteur
pilote personne individu garçon fille enfant fils épouse époux mari ami amie collègue proche camarade leader numéro
rebelle terroriste suspect accusé prévenu détenu adjoint adjointe conseiller conseillère gouverneur gouverneure
chancelier chancelière commissaire inspecteur inspectrice enquêteur enquêteurs gens français américain américaine européen intéressé intéressée
dernier autre certains plusieurs médiateur syndicaliste centrale formation équipe fondateur fondatrice cofondateur pdg
dirigeants fonctionnaire haut-commissaire commerçant commerçante vendeur vendeuse boulanger restaurateur restauratrice hôtelier éleveur pêcheur marin infirmier infirmière retraité retraitée diplomatie justice défense constitution homologue prédécesseur successeur adversaire rival
athlète championne champion vainqueur coureur cycliste footballeur météo météorologue astronaute astronome biologiste généticien physicien
internaute blogueur bloggeur utilisateur créateur créatrice éditeur éditrice maison firme géant consortium multinationale filiale`)},
	"es": {whole, fields(`presidente presidenta ministro ministra portavoz asociación sindicato partido gobierno oposición director directora
alcalde alcaldesa experto experta abogado abogada organización colectivo investigador investigadora vecino vecina fiscal fiscalía entrenador
jugador jugadora empresa analista economista policía ejército juez jueza tribunal corte comisión consejo comité congreso senado parlamento
diputado diputada senador senadora líder jefe jefa secretario secretaria gobernador gobernadora canciller embajador embajadora vocero vocera
funcionario funcionaria autoridad autoridades fuente médico médica doctor doctora profesor profesora estudiante testigo víctima familia familiar
padre madre hermano hermana hijo hija hombre mujer joven trabajador trabajadora empleado empresario empresaria compañía banco
fundación instituto universidad hospital centro agencia ministerio ayuntamiento junta consejería consejero consejera club equipo
federación confederación unión coalición movimiento grupo candidato candidata periodista diario periódico medio cadena escritor escritora autor
autora actor actriz cantante artista cineasta obispo papa sacerdote rey reina príncipe princesa general coronel comandante capitán
delegado delegada representante dirigente activista manifestante ciudadano especialista científico científica técnico ex-presidente
exministro expresidente exministra mandatario mandataria premier magistrado magistrada defensor defensora entidad institución organismo
administración departamento oficina servicio fuerza seleccionador futbolista delantero propietario dueño fundador fundadora
responsable persona directivo directiva titular policial prefectura comandancia procuraduría alcaldía mayorista sindicalista comerciante maestro maestra vendedor vendedora pescador pescadora cliente usuario usuaria paciente coordinador coordinadora asesor asesora observatorio central patronal dirigentes productor ganadero agricultor conductor bombero bomberos`)},
	"it": {whole, fields(`presidente presidentessa ministro ministra ministri portavoce associazione associazioni sindacato sindacati partito governo opposizione direttore
direttrice sindaco sindaca esperto esperta esperti avvocato avvocata avvocati organizzazione organizzazioni ricercatore ricercatrice ricercatori procuratore procuratrice procura
premier allenatore tecnico azienda analisti analista economista economisti polizia carabinieri esercito giudice giudici tribunale corte commissione
consiglio comitato congresso senato parlamento camera deputato deputata deputati senatore senatrice senatori leader capo segretario segretaria
governatore cancelliere ambasciatore ambasciatrice funzionario autorità fonte fonti medico medici professore professoressa studente studenti testimone
testimoni vittima famiglia padre madre fratello sorella figlio figlia uomo donna giovane lavoratori operai imprenditore imprenditori
società banca fondazione istituto università ospedale centro agenzia ministero comune regione club squadra federazione
confederazione unione coalizione movimento gruppo candidato candidata giornalista giornale quotidiano scrittore scrittrice autore autrice attore
attrice cantante artista regista vescovo papa pontefice sacerdote re regina principe generale colonnello comandante capitano
delegato rappresentante dirigente attivista attivisti manifestanti cittadini specialista scienziato scienziati assessore assessora vicepresidente ex-ministro
magistrato difensore ente istituzione amministrazione dipartimento ufficio difensori calciatore attaccante proprietario fondatore fondatrice
responsabile persona persone prefettura capitaneria protezione soccorritore soccorritori sindacalista pm gip legali parente parenti familiari gestore titolare negoziante cliente passeggero autista insegnante infermiere infermiera pilota pescatore agricoltore allevatore coordinatore consigliere prefetto questore questura vigili comandante inquirenti investigatori residenti abitante abitanti legale`)},
	"pt": {whole, fields(`presidente presidenta ministro ministra porta-voz associação sindicato partido governo oposição diretor diretora director directora prefeito
prefeita especialista advogado advogada organização pesquisador pesquisadora procurador procuradora procuradoria treinador técnico jogador
jogadora empresa analista economista investigador investigadora polícia exército juiz juíza tribunal corte comissão conselho comitê comité
congresso senado parlamento câmara deputado deputada senador senadora líder chefe secretário secretária secretaria governador governadora
chanceler embaixador embaixadora funcionário funcionária autoridade autoridades fonte fontes médico médica professor professora estudante testemunha
vítima família pai mãe irmão irmã filho filha homem mulher jovem trabalhador trabalhadores empresário empresária companhia banco
fundação instituto universidade hospital centro agência ministério câmara clube equipe equipa federação confederação união coligação
movimento grupo candidato candidata jornalista jornal escritor escritora autor autora ator atriz ator cantor cantora artista cineasta
bispo papa padre rei rainha príncipe general coronel comandante capitão delegado delegada representante dirigente ativista activista
manifestante cidadão especialista cientista ex-presidente ex-ministro mandatário premiê primeiro-ministro magistrado entidade instituição
órgão administração departamento prefeitura serviço selecionador futebolista atacante proprietário dono fundador fundadora responsável
opositor opositora pessoa sindicalista autarca autarquia polícia bancada fabricante comerciante morador moradora passageiro passageira motorista pescador pescadora enfermeiro enfermeira diplomata ministério meteorologista coordenador coordenadora assessor assessora vereador vereadora desembargador relator defensor agricultor produtor motorista bombeiro bombeiros bombeiros`)},
	"de": {ending, fields(`sprecher sprecherin sprechers polizei minister ministerin ministers ministerium ministeriums präsident präsidentin präsidenten kanzler
kanzlerin kanzlers kanzleramt regierung opposition partei fraktion verband verbands verbandes verein gewerkschaft organisation unternehmen
firma konzern konzerns bank gesellschaft behörde behörden amt amtes amts institut instituts universität klinik krankenhaus
staatsanwaltschaft staatsanwalt staatsanwältin anwalt anwältin anwälte gericht gerichts gerichtshof richter richterin experte expertin experten
forscher forscherin forschern wissenschaftler wissenschaftlerin wissenschaftlern chef chefin chefs leiter leiterin leiters direktor direktorin vorsitzende vorsitzender
vorsitzenden sekretär sekretärin bürgermeister bürgermeisterin bürgermeisters politiker politikerin abgeordnete abgeordneter abgeordneten senator senatorin botschafter
botschafterin trainer trainerin spieler spielerin mannschaft klub autor autorin schriftsteller journalist journalistin zeitung
agentur sender magazin mann frau junge mädchen vater mutter eltern bruder schwester sohn tochter familie zeuge zeugin zeugen opfer
anwohner anwohnerin bewohner nachbar nachbarin schüler schülerin student studentin studenten lehrer lehrerin arzt ärztin ärzte
feuerwehr armee militär general kommandeur soldat rat rats kommission komitee parlament bundestag senat landtag bund
stadt gemeinde kreis land zentrum stiftung kirche bischof papst pfarrer könig königin prinz fürst herzog kaiser
beamter beamte beamten ermittler ermittlern beobachter aktivist aktivistin aktivisten kritiker ökonom ökonomin analyst analysten vertreter vertreterin
beauftragte beauftragter mitarbeiter mitarbeiterin angestellte arbeiter fahrer fahrerin besitzer besitzerin gründer gründerin inhaber
veranstalter betreiber hersteller händler unternehmer manager managerin vorstand geschäftsführer geschäftsführerin kandidat kandidatin
professor professorin historiker historikerin soziologe künstler künstlerin schauspieler schauspielerin sänger sängerin regisseur
regisseurin leute menschen helfer retter demonstranten bauern landwirt landwirte dienst kammer koalition bündnis initiative kapitän
verteidiger kläger angeklagte angeklagter häftling flüchtling insider kreise kreisen person personen institution anbieter hilfswerk rettungskräfte wetterdienst versicherer reeder züchter schlosser bäcker bäckerin wirt wirtin rentner rentnerin pfleger pflegerin kunde kundin fischer sanitäter`)},
	"nl": {ending, fields(`woordvoerder woordvoerster minister ministerie premier president koning koningin politie justitie openbaar officier
regering kabinet partij fractie vakbond vereniging organisatie bedrijf concern bank maatschappij dienst instituut universiteit ziekenhuis
rechter rechtbank hof advocaat expert deskundige deskundigen onderzoeker onderzoekers wetenschapper wetenschappers directeur voorzitter
baas leider leidster secretaris burgemeester wethouder politicus kamerlid kamerleden ambassadeur trainer coach speler ploeg club auteur schrijver
schrijfster journalist krant persbureau man vrouw jongen meisje vader moeder ouders broer zus zoon dochter familie getuige getuigen slachtoffer
bewoner bewoners buurman buurvrouw student leraar arts brandweer leger generaal raad commissie comité parlement senaat kamer gemeente
stad provincie centrum stichting kerk bisschop paus econoom analist analisten vertegenwoordiger medewerker werknemer eigenaar oprichter
organisator kandidaat hoogleraar historicus kunstenaar acteur actrice zanger zangeres regisseur mensen hulpverleners demonstranten boeren
coalitie bond federatie fonds topman topvrouw kapitein`)},
	"pl": {beginning, fields(`rzeczni minist prezyden premier wicepremier wiceminist policj polic prokura rząd rządu opozycj parti związ stowarzysz
organizacj firm spół bank instytu uniwersyt szpital sąd sędzi adwoka ekspert badacz naukow dyrektor prezes szef przewodnicz sekretarz
burmistrz wójt poseł posł senator ambasador trener piłkar klub autor pisarz dziennikarz gazet agencj mężczyzn kobiet ojciec ojca
matk rodzic brat siostr rodzin świad ofiar mieszka sąsiad student nauczyciel lekarz straż wojsk generał rada radn komisj komitet
parlament sejm senat miast fundacj koście biskup papież król ekonomi anality przedstawiciel pracowni właściciel założyciel
kandydat profesor history aktor aktor śpiewa reżyser ludzi działacz lider marszał wojewod funkcjonariusz kierown`)},
	"ru": {beginning, fields(`президент министр министер министерств премьер глав главн руковод директор председател секретар представител
пресс полици прокур суд судь адвокат эксперт аналитик экономист ученый учёный ученые учёные ученых учёных исследовател врач медик
депутат сенатор губернатор мэр посол посл дипломат чиновник правительств парти оппозици профсоюз организаци ассоциаци компани фирм банк
корпораци предприяти завод институт университет больниц центр агентств газет журнал телекан радиостанц журналист корреспондент
редак писател автор актер актёр актрис певец певиц режиссер режиссёр художник тренер игрок футболист хоккеист клуб команд капитан
генерал полковник командующ командир военн армия армии мужчин женщин отец отца мать матери родител брат сестр сын дочь дочер
семь свидетел жител житель очевид сосед студент учител профессор историк политик политолог лидер активист источник собеседник ведомств
служб комитет комисси совет дум парламент сенат администраци мэри управлени департамент фонд церк патриарх епископ папа король королев
принц заместител замглав вице основател владел владелец кандидат участник специалист следств следовател защит правозащит
омбудсмен спикер канцлер сотрудник работник работ организатор пострадавш потерпевш водител пилот пассажир чиновник министр банк защитник следователь фермер продав рыбак пенсионер бухгалтер тренер люди людей`)},
	"ar": {whole, fields(`رئيس رئيسة وزير وزيرة وزارة متحدث متحدثة ناطق ناطقة مسؤول مسؤولة مسؤولون مسؤولين شرطة جيش حكومة حزب معارضة نقابة جمعية منظمة
شركة بنك معهد جامعة مستشفى محكمة قاض قاضي محامي محامية خبير خبيرة خبراء باحث باحثة باحثون مدير مديرة قائد زعيم أمين سفير سفيرة
نائب نائبة مدرب لاعب نادي كاتب كاتبة صحفي صحفية صحيفة وكالة قناة رجل امرأة أب أم والد والدة عائلة شاهد شهود ضحية سكان مواطن مواطنون طالب
أستاذ طبيب طبيبة مجلس لجنة هيئة برلمان مركز مؤسسة كنيسة بابا ملك ملكة أمير أميرة محلل محللون مراقبون مصدر مصادر ممثل ناشط ناشطون
مبعوث مفوض مفوضة مفوضية عضو أعضاء سلطة سلطات إدارة مندوب مستشار مستشارة محافظ دبلوماسي اقتصادي حركة جماعة اتحاد زعيمة قائدة مدربة معلم معلمة مزارع تاجر صياد عامل نقيب هلال صليب قيادة بلدية عميد لواء عقيد بيان`)},
}

// maxHead bounds the words of a description among which its head must be.
const maxHead = 6

// plausible tells whether the subject can speak: a name, a pronoun, or a
// description headed by a noun for people or a body. Languages without a list
// have any description pass.
func (d *document) plausible(s subject) bool {
	if s.name != nil {
		w := d.ws[s.name.First].Lower
		return !speakingFor.has(w) && (s.name.Person || !isDocumentWord(w))
	}
	if s.pronoun {
		return s.at.first >= s.at.last || !speakingFor.has(d.ws[s.at.first].Lower)
	}
	p, ok := d.people, d.people.nouns != nil
	if s.quoted {
		return true
	}
	if !ok || s.text == "" || s.at.first >= s.at.last {
		return s.text != ""
	}
	first := &d.ws[s.at.first]
	if !d.lex.det.has(first.Lower) && !first.Capital() && !d.lex.bareNouns && !p.has(first.Lower, d.lang) {
		return false
	}
	if speakingFor.has(first.Lower) && !d.lex.det.has(first.Lower) {
		return false
	}
	// The head of a German phrase may be its end: "die mit dem Fall befasste Richterin".
	if last := &d.ws[s.at.last-1]; d.lex.nouns && last.Capital() && p.has(last.Lower, d.lang) {
		return true
	}
	if d.isReport(s) {
		return false
	}
	if d.lang == "ar" {
		return d.plausibleArabic(s)
	}
	seen := 0
	for i := s.at.first; i < s.at.last && seen < maxHead; i++ {
		w := &d.ws[i]
		if w.Kind != words.Letters {
			continue
		}
		seen++
		// A Russian or Polish noun before a name has it in the genitive: "фазы Венеры".
		named := d.nameAt[i] >= 0 && (i == s.at.first || p.how != beginning)
		if named || w.AllCaps() || p.has(w.Lower, d.lang) {
			return true
		}
		if seen > 1 && (d.lex.of.has(w.Lower) || d.lex.prep.has(w.Lower)) {
			return false
		}
	}
	// A single capital word is a name that only its place gives away; Arabic
	// has no capitals.
	if documents.has(first.Lower) {
		return false
	}
	return seen == 1 && first.Capital() && s.at.last-s.at.first == 1 && (!d.lex.nouns || d.isGermanName(s))
}

// mayBeQuoted tells whether words between marks may be the subject's: anything that
// can speak, a document, and in Arabic any single word, which may be a name.
func (d *document) mayBeQuoted(s subject) bool {
	return d.plausible(s) || d.isDocument(s) || (d.lang == "ar" || d.lex.nouns) && s.at.last-s.at.first == 1
}

// isGermanName tells whether a single word, which has a capital as all nouns have, may
// be a name by itself: the last part of a known one, or the head of a sentence.
func (d *document) isGermanName(s subject) bool {
	i := s.at.first
	if w := d.ws[i].Lower; d.lex.det.has(w) || d.lex.pronouns[w] != unknown || w == "dies" {
		return false
	}
	return d.fullest(s.text) != s.text || i == 0 || d.ws[i-1].Kind == words.Break || d.ws[i-1].Is(".") || d.ws[i-1].Is("“")
}

// isStray tells whether the speaker is a single capital word at the head of the
// sentence that only its place could make a name and that the verb does not touch:
// "Repairs were put at a sum that … described as".
func (d *document) isStray(f frame, k int) bool {
	s := f.speaker
	if s.name != nil || s.pronoun || s.quoted || s.at.last-s.at.first != 1 || d.lex.nouns || d.lang == "ar" || d.ws[s.at.first].AllCaps() {
		return false
	}
	head := d.sents[d.items[k].sentence].first
	if p, ok := d.people, d.people.nouns != nil; !ok || p.has(d.ws[s.at.first].Lower, d.lang) || d.items[head].word != s.at.first {
		return false
	}
	return f.verb.first < f.verb.last && s.at.last != f.verb.first && !d.isMark(head+1, ",")
}

// isReport tells whether the description is headed by a document: "the first
// reports".
func (d *document) isReport(s subject) bool {
	for i := s.at.first; i < s.at.last && i < s.at.first+3; i++ {
		w := d.ws[i].Lower
		if i > s.at.first && d.lex.of.has(w) {
			return false
		}
		if isDocumentWord(w) {
			return true
		}
	}
	return false
}

func (p people) has(w, lang string) bool {
	switch p.how {
	case ending:
		for i := range w {
			if len(w)-i >= 3 && p.nouns.has(w[i:]) {
				return true
			}
		}
		return false
	case beginning:
		for i := range w {
			if i >= 4 && p.nouns.has(w[:i]) {
				return true
			}
		}
		return p.nouns.has(w)
	}
	if lang == "ar" {
		bare := stripArabic(w)
		return p.nouns.has(bare) || p.nouns.has(strings.TrimSuffix(bare, "ة"))
	}
	if p.nouns.has(w) || p.nouns.has(strings.TrimSuffix(w, "s")) || p.nouns.has(strings.TrimSuffix(w, "es")) || p.nouns.has(strings.TrimSuffix(w, "x")) {
		return true
	}
	if stem, ok := strings.CutSuffix(w, "ies"); ok && p.nouns.has(stem+"y") {
		return true
	}
	// Compounds: "vice-président", "ex-ministra", "Labour-led".
	if i := strings.LastIndexByte(w, '-'); i > 0 {
		return p.has(w[i+1:], lang)
	}
	return false
}
