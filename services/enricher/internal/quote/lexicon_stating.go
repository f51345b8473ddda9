package quote

// stating holds the words by which one language reports what is said without
// quotation marks. The list of verbs is shorter than that of verbs that go with
// quotation marks: a clause behind "know", "want" or "deny" is nobody's words.
type stating struct {
	// verbs are forms of verbs that state; they must be verbs of the lexicon.
	verbs set
	// bare are those behind which the clause needs no conjunction.
	bare set
	// addressed are those that may have their hearer between them and the
	// clause: "told the court that".
	addressed set
	// content are conjunctions that lead to the clause.
	content set
	// relative tells that the conjunction is the relative pronoun, too, which one
	// comma parts from its noun: "informó la Red Austral, que coordina el proyecto".
	relative bool
	// marker are verb forms of which a clause without conjunction has one.
	marker set
	// not are words that deny the verb or keep it from being a fact.
	not set
	// like introduces a clause with the speaker and the verb at its end
	// ("wie die Polizei mitteilte"), final are the verbs that only stand there.
	like, final set
	// zufolge stands behind the speaker.
	zufolge set
}

var statings = map[string]*stating{
	"en": {
		verbs: fields(forms(`declar announc argu acknowledg conclud stat not`, `e es ed ing`), forms(`add explain warn claim insist stress comment remark
report reveal confirm suggest assert contend maintain testif affirm estimat indicat inform complain recall predict mention point`, `- s ed d ing`), `said says say
told tells tell telling saying wrote writes writing testified conceded concedes alleges alleged alleging replied admitted admits admitting
disclosed discloses cautioned cautions reiterated reiterates lamented pledged vowed promised emphasised emphasized emphasising emphasizing observed stating estimates estimated posted tweeted underlined`),
		bare:      fields(`said says say told saying added adding`),
		addressed: fields(`told tells tell telling informed inform informs warned warns warn warning informing reminded`),
		content:   fields(`that`),
		marker: fields(`is are was were be been has have had will would can could may might must should shall do does did won't
ought bore broke brought built bought caught chose drew drove ate fought flew forgot grew heard hid hurt paid rode sold sent
shook shot sank sat slept spoke spent stood stole struck swam taught thought threw understood woke wore can't isn't aren't wasn't weren't don't didn't doesn't wouldn't couldn't hasn't haven't hadn't shouldn't he's she's it's they're
we're it'll they'll there's that's remains remain needs need wants want expects expect plans plan hopes hope faces face
continues continue seems seem shows show means mean takes took gave came went began became left fell rose lost won died
found made saw knew told kept held led met felt got ran set cut hit put fled killed`),
		not: fields(`not never n't cannot didn't doesn't don't wouldn't couldn't hasn't haven't hadn't won't to would could should may might if whether can will must without let please`),
	},
	"fr": {
		verbs: fields(forms(`affirm ajout alert annonc annonç assur avanc avanç avou certifi clam confess confi confirm constat déclar
dénonc dénonç déplor détaill énonc estim expliqu indiqu insist lanc martel mentionn not nuanc observ précis pronostiqu racont
rappel rappell rapport relat relev relèv remarqu répliqu rétorqu révèl révél signal soulign suggèr suggér témoign argument
considèr considér regrett recommand jug insist`, `e ent a èrent ait aient era é ée és ées er ant`), forms(`avert réag renchér`, `it i issant issent`), `dit disait dirent
disent disant répond répondu répondant écrit écrivent écrivant conclut conclu concluant poursuit poursuivi prévient prévenu
prévenant soutient soutiennent soutenu soutenant maintient maintenu maintenant reconnaît reconnait reconnu reconnaissant admet
admis admettant prédit prétend prétendu promet promis promettant savoir valoir remarquer observer arguant`),
		addressed: fields(`prévenu averti informé alerté assuré prévient avertit assure rassuré rassure`),
		content:   fields(`que qu'`),
		relative:  true,
		like:      fields(`comme`),
		not:       fields(`pas jamais plus sans si ni guère`),
	},
	"es": {
		verbs: fields(forms(`afirm asegur explic señal declar agreg coment indic anunci denunci destac subray remarc manifest apunt alert
puntualiz precis confes relat reiter aclar resalt recalc enfatiz argument observ inform adelant record asever critic comunic notific confirm anticip vaticin pronostic narr corrobor aleg revel detall
constat consider lament estim ratific`, `ó a aron an aba aban ado ando`), `dijo dice dicen dijeron decía dicho diciendo añadió añade añadieron añadido añadiendo advirtió
advierte advirtieron advertido advirtiendo sostuvo sostiene sostuvieron sostienen sosteniendo reconoció reconoce reconocieron
respondió escribió escribe insistió insiste insistido insistiendo admitió admite admitieron prometió concluyó concluye defendió
defiende recuerda recuerdan expuso expone cuenta contó aseveró explicó indica saber conocer manifiesto claro hincapié`),
		addressed: fields(`informó advirtió avisó recordó`),
		content:   fields(`que`),
		relative:  true,
		like:      fields(`como`),
		not:       fields(`no nunca jamás si sin tampoco`),
	},
	"it": {
		verbs: fields(forms(`afferm dichiar spieg comment sottoline precis annunci conferm assicur osserv denunci not replic rivel ricord
evidenzi lament indic rimarc ribadi confid raccont argument segnal inform comunic critic contest puntualizz rassicur testimoni rilev preannunci anticip`, `a ano ò arono ava avano ato ata ati ando`), `disse dice dicono
dissero diceva detto dicendo aggiunge aggiunse aggiungono aggiunto aggiungendo sostiene sostenne sostengono sosteneva sostenuto sostenendo
risponde rispose risposto scrive scrisse scrivono scritto conclude concluso avverte avvertì avvertito avvertendo ammette ammise
ammesso ribadisce ribadì ribadito ribadendo riferisce riferiscono riferirono riferì riferito riferendo ribadiscono chiariscono avvertono ammettono sapere notare presente noto precisare promette promesso riconosce riconosciuto ritiene
ritengono riteneva chiarisce chiarito fatto`),
		content:  fields(`che`),
		relative: true,
		like:     fields(`come`),
		not:      fields(`non mai se senza`),
	},
	"pt": {
		verbs: fields(forms(`afirm declar explic coment anunci assegur destac acrescent alert denunci ressalt frisou fris argument observ
confirm revel lament reiter avali consider cont relat precis indic inform salient sublinh apont adiant enfatiz detalh garant ponder
lembr ressalv critic antecip aleg divulg comunic testemunh assever assinal reforç vinc clarific narr`, `ou a am aram ava avam ado ando`), `disse diz dizem disseram dizia dito dizendo acrescenta acrescentou advertiu adverte
sustentou sustenta reconheceu reconhece respondeu escreveu escreve insistiu insiste admitiu admite prometeu concluiu conclui
defendeu defende garantiu garante referiu refere mantém esclareceu esclarece informaram transmitiu saber conhecer claro`),
		content:  fields(`que`),
		relative: true,
		like:     fields(`como`),
		not:      fields(`não nunca jamais se sem nem`),
	},
	"de": {
		verbs: fields(forms(`sag erklär mein beton äußer warn ergänz bericht versicher antwort behaupt schilder erläuter konstatier
bekräftig bestätig resümier räum füg kritisier mahn beklag klag urteil prophezei kommentier prognostizier meld entgegn erwider argumentier erzähl teil kündig`, `t te ten`), `berichtete berichteten berichtet schrieb schreibt
schrieben antwortete sagten sagen teilten gab geben gibt gaben wies unterstrich gesagt erklärt betont gewarnt mitgeteilt
angekündigt geschrieben geäußert ergänzt versichert behauptet bekräftigt bestätigt hinzugefügt eingeräumt erläutert äußerte
behauptete hieß verwies`),
		bare:    fields(``),
		content: fields(`dass daß`),
		marker: fields(`sei seien seist habe werde könne müsse müssten solle wolle dürfe gebe komme gehe stehe bleibe brauche hätte hätten wäre
wären würde würden könnte könnten liege finde mache sehe lasse handele handle gelte bestehe laufe nehme wisse dürften dürfte
müsste zeige führe brächte`),
		not:  fields(`nicht nie niemand ob`),
		like: fields(`wie`),
		final: fields(`mitteilte mitteilten mitteilt sagte sagten erklärte erklärten berichtete berichteten berichtet berichten bestätigte
bestätigten angab angaben betonte ankündigte meldete meldeten meldet schrieb schreibt hinzufügte`),
		zufolge: fields(`zufolge`),
	},
	"nl": {
		verbs: fields(`zei zegt zeiden zeggen verklaarde verklaart verklaarden stelde stelt stelden meldde meldt meldden vertelde vertelt
vertelden schreef schrijft waarschuwde waarschuwt waarschuwden benadrukte benadrukt voegde voegt erkende erkent beweerde
beweert bevestigde bevestigt concludeerde concludeert liet laat gezegd verklaard gesteld gemeld verteld geschreven
gewaarschuwd benadrukt toegevoegd erkend bevestigd weten`),
		content: fields(`dat`),
		not:     fields(`niet nooit of`),
		like:    fields(`zoals`),
		final:   fields(`zei zegt meldde meldt mededeelde verklaarde liet`),
	},
	"pl": {
		verbs: fields(`powiedział powiedziała powiedzieli mówi mówił mówiła mówią stwierdził stwierdziła stwierdzili dodał dodała dodali
dodaje podkreślił podkreśliła podkreśla zaznaczył zaznaczyła zaznacza oświadczył oświadczyła oświadczyli wyjaśnił wyjaśniła
wyjaśnia zapewnił zapewniła zapewnia napisał napisała ocenił oceniła ocenia przyznał przyznała przyznaje poinformował
poinformowała poinformowali informuje ostrzegł ostrzegła ostrzega odpowiedział zapowiedział zapowiedziała zapowiada tłumaczył
tłumaczyła przekonywał przekonuje wskazał wskazała wskazuje przekazał przekazała zauważył zauważyła zauważa twierdzi mówiąc
dodając podkreślając zaznaczając wskazując`),
		content: fields(`że iż`),
		like:    fields(`jak`),
		not:     fields(`nie czy bez`),
	},
	"ru": {
		verbs: fields(`сказал сказала сказали говорит говорил говорила говорят заявил заявила заявили заявляет отметил отметила отметили
отмечает добавил добавила добавили добавляет подчеркнул подчеркнула подчеркнули подчеркивает подчёркивает сообщил сообщила сообщили
сообщает сообщают объяснил объяснила объяснили объясняет пояснил пояснила пояснили поясняет рассказал рассказала рассказали
рассказывает написал написала пишет считает считают уточнил уточнила уточнили уточняет признал признала признает ответил ответила
предупредил предупредила предупреждает утверждает утверждают заверил заверила заверили передал передала передали доложил доложила сообщило заявило отметило подтвердило добавило уточнило объяснило подчеркнуло
напомнило предупредило признало пояснило указало рассказало проинформировал проинформировала проинформировали проинформировало указал указала указывает напомнил напомнила напоминает заметил
заметила подтвердил подтвердила подтвердили констатировал пообещал пообещала добавив отметив подчеркнув сказав заявив пояснив
уточнив напомнив указав отмечая добавляя полагает полагают`),
		content: fields(`что`),
		like:    fields(`как`),
		not:     fields(`не ни ли если`),
	},
	"ar": {
		verbs: fields(`قال قالت قالوا يقول تقول أكد أكدت أكدوا يؤكد تؤكد أضاف أضافت يضيف تضيف صرح صرحت أعلن أعلنت أوضح أوضحت يوضح توضح ذكر
ذكرت أشار أشارت يشير شدد شددت اعتبر اعتبرت يعتبر رأى رأت يرى حذر حذرت لفت لفتت اعترف بينت أفاد أفادت زعم كشف كشفت قائلا قائلة
مضيفا مضيفة مؤكدا مؤكدة موضحا موضحة مشيرا مشيرة معتبرا معتبرة مشددا مشددة لافتا محذرا قائلاً مضيفاً مؤكداً موضحاً مشيراً معتبراً
مشدداً لافتاً محذراً كتب كتبت أقر أقرت نبه نبهت توقع توقعت تعهد تعهدت مبرزا مبرزة منبها منوها كاشفا مذكرا قوله قولها قولهم`),
		content: fields(`إنّ أنّ بأنّ إنّه أنّه إنّها أنّها وأنّ وإنّ إن أن بأن إنه إنها أنه أنها إنهم أنهم بأنه بأنها وأن وإن`),
		not:     fields(`لم لا ما لن يجب`),
	},
}

// unquoting serves the languages without a table.
var unquoting = &stating{}

func statingOf(lang string) *stating {
	if s := statings[lang]; s != nil {
		return s
	}
	return unquoting
}

// speakingFor are pronouns of the first person: what they say is the text's own.
var speakingFor = fields(`i we je j' on nous ich wir man yo nosotros io noi eu nós ik wij we ja my я мы أنا نحن`)
