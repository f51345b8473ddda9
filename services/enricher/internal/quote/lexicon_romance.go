package quote

const (
	spanishAr = `afirm asegur explic señal declar añad agreg coment indic anunci advirt critic denunci destac subray remarc
manifest apunt alert expres puntualiz precis consider confes relat celebr acus reclam lament reiter aclar resalt recalc
enfatiz sentenci apostill proclam argument opin observ inform not cit aconsej pregunt exclam contest augur adelant recuerd
record asever rechaz revel comunic notific confirm anticip vaticin pronostic narr corrobor aleg difund deslind inst valor compar llam calific relat avis ironiz matiz zanj tuite detall constat compart habl`
	spanishIrr = `dijo dice dicen dijeron decía diría dirá añadió añade añadieron añadía advirtió advierte advirtieron sostuvo
sostiene sostuvieron sostienen reconoció reconoce reconocieron respondió responde respondieron escribió escribe escribieron
insistió insiste insistieron admitió admite admitieron prometió promete defendió defiende defendieron concluyó concluye
describió describe exigió exige exigieron prosiguió prosigue pidió pide pidieron aseveró recuerda recuerdan mantuvo mantiene
predijo desmintió desmiente refirió refiere expuso expone propuso propone agradeció agradece cuenta cuentan contó contaron
replicó replica alegó alega repitió repite lee leía explicó indica quiso considera cree creen piensa`
)

var spanish = &lexicon{
	finite:     fields(forms(spanishAr, `ó a aron an aba aban ará`), spanishIrr),
	participle: fields(forms(spanishAr, `ado`), `dicho añadido advertido sostenido reconocido respondido escrito insistido admitido prometido defendido concluido descrito exigido proseguido pedido`),
	gerund:     fields(forms(spanishAr, `ando`), `diciendo añadiendo advirtiendo sosteniendo reconociendo respondiendo escribiendo insistiendo admitiendo concluyendo`),
	phrasal:    phrases(`hizo saber|hicieron saber|dio a conocer|dieron a conocer|puso de manifiesto|dejó claro|dejaron claro|hizo hincapié|dado a conocer|hecho saber`),
	infinitive: fields(forms(spanishAr, `ar`), `decir añadir advertir sostener insistir concluir`),
	aux:        fields(`ha han había habían he hemos habría`),
	been:       fields(`sido`),
	pronouns:   genders(`él ellos este aquel`, `ella ellas esta`, ``),
	tonic:      genders(`él ellos`, `ella ellas`, ``),
	relative:   fields(`quien quienes`),
	that:       fields(`que si cómo`),
	filler: fields(`no se le les lo la los las nos me también además después luego hoy ayer ya así aún este esta lunes martes
miércoles jueves viernes sábado domingo por su parte entonces siempre nunca mismo misma tras`),
	sources: phrases(`según|de acuerdo con|de acuerdo a|en palabras de|en opinión de|a juicio de|en opinión del|a juicio del|en palabras del`),
	views:   fields(`para`),
	speakers: fields(`presidente presidenta ministro ministra portavoz asociación sindicato partido gobierno oposición director
directora alcalde alcaldesa experto experta expertos abogado abogada organización organizaciones colectivo investigador
investigadora vecino vecina vecinos fiscal entrenador jugador empresa analistas economista`),
	of:   fields(`de del`),
	prep: fields(`a al en con sin por para sobre bajo entre desde hasta hacia durante tras ante contra mediante según como`),
	det: fields(`el la los las un una unos unas su sus este esta estos estas ese esa nuestro nuestra varios varias algunos
algunas dos tres otro otra cada`),
	and: fields(`y e pero`),
	ends: fields(`que quien cuando donde y o pero en ante tras durante por para hoy ayer este esta a al con ha es fue lunes
martes miércoles jueves viernes sábado domingo`),
	works: fields(`tema lema título titulado titulada titulados tituladas llamado llamada llamados llamadas denominado denominada
bautizado bautizada apodado apodada película film libro novela canción álbum disco serie obra exposición documental programa
festival escultura cuadro ópera artículo ley proyecto operación campaña congreso conferencia premio revista capítulo
expresión término palabra poema ensayo espectáculo pancarta eslogan cartel frase-hecha informe estudio podcast`),
	verbFirst: true,
}

const (
	italianAre = `afferm dichiar spieg comment sottoline precis annunci conferm assicur osserv critic denunci not replic accus
rivel ricord evidenzi afferm lament indic rimarc ribadi consider confid raccont domand esclam argument auspic ringrazi
avverti consigli segnal comunic puntualizz rassicur testimoni rilev preannunci anticip esort invoc ipotizz ironizz tuon attacc sbott valut contest dubit prosegu continu parl inform illustr`
	italianIrr = `disse dice dicono dissero ha-detto diceva diceva aggiunge aggiunse aggiungono aggiungeva sostiene sostenne
sostengono sosteneva risponde rispose rispondono scrive scrisse scrivono scriveva conclude concluse insiste avverte avvertì
ammette ammise ribadisce ribadì riferisce riferì prosegue proseguì promette promise chiede chiese chiedono riconosce
riconobbe riferiscono riferirono riferiva riferivano ribadiscono chiariscono avvertono ammettono promettono concludono ritengono definisce definì smentisce smentì ritiene riteneva pensa crede chiarisce chiarì suggerisce esorta difende legge
si-legge descrive`
)

var italian = &lexicon{
	finite:     fields(forms(italianAre, `a ano ò arono ava avano`), italianIrr),
	participle: fields(forms(italianAre, `ato ata ati`), `detto aggiunto sostenuto risposto scritto concluso insistito avvertito ammesso ribadito riferito proseguito promesso chiesto riconosciuto definito smentito chiarito suggerito fatto`),
	gerund:     fields(forms(italianAre, `ando`), `dicendo aggiungendo sostenendo rispondendo scrivendo concludendo insistendo avvertendo ammettendo ribadendo chiedendo riferendo`),
	phrasal:    phrases(`fatto sapere|fatto notare|fatto presente|fa sapere|fanno sapere|fa notare|reso noto|rende noto|rendono noto|tiene a precisare|tenuto a precisare|messo in guardia`),
	infinitive: fields(forms(italianAre, `are`), `dire aggiungere sostenere concludere`),
	aux:        fields(`ha hanno aveva avevano ho abbiamo avrebbe avrebbero`),
	been:       fields(`stato stata`),
	pronouns:   genders(`egli lui questi`, `ella lei`, `essi loro`),
	tonic:      genders(`lui`, `lei`, `loro`),
	relative:   fields(`che il-quale`),
	that:       fields(`che se come`),
	filler: fields(`non si ci lo la gli le li ne mi anche poi inoltre ancora oggi ieri già così infine però lunedì martedì
mercoledì giovedì venerdì sabato domenica stesso stessa quindi subito`),
	sources: phrases(`secondo|a detta di|a parere di|stando a|ad avviso di|a giudizio di|a detta del|a detta della|ad avviso del|ad avviso della|a parere del|nelle parole di`),
	views:   fields(`per`),
	speakers: fields(`presidente ministro ministra portavoce associazione sindacato partito governo opposizione direttore
direttrice sindaco sindaca esperto esperta esperti avvocato avvocata organizzazione ricercatore ricercatrice procuratore
premier allenatore tecnico azienda analisti economista`),
	of: fields(`di del dello della dell' dei degli delle d'`),
	prep: fields(`a ad al alla allo all' ai agli alle in nel nella nello nell' nei negli nelle con senza per su sul sulla
sull' sui tra fra da dal dalla dall' dai sotto sopra durante dopo prima contro verso presso come secondo`),
	det: fields(`il lo la i gli le l' un uno una un' suo sua suoi sue loro questo questa quel quella nostro nostra alcuni
alcune due tre altro altra ogni`),
	and: fields(`e ed ma`),
	ends: fields(`che quando dove e ed o ma in nel nella a al alla durante dopo per con oggi ieri ha è lunedì martedì
mercoledì giovedì venerdì sabato domenica`),
	works: fields(`tema titolo intitolato intitolata intitolati intitolate chiamato chiamata denominato denominata ribattezzato
ribattezzata soprannominato film libro romanzo canzone album disco serie opera mostra documentario programma festival
scultura quadro articolo legge progetto operazione campagna convegno conferenza premio rivista capitolo espressione termine
parola poesia saggio spettacolo striscione slogan motto rapporto studio podcast cosiddetto cosiddetta`),
	verbFirst: true,
}

const (
	portugueseAr = `afirm declar explic coment anunci assegur destac acrescent alert critic denunci ressalt frisou fris
argument observ confirm acus revel lament reiter avali consider cont relat precis indic inform salient sublinh apont
adiant not cit enfatiz detalh garant questiont pergunt exclam ponder reclam defend comemor ironiz cobr apel justific
recomend rebat lembr ressalv cham classific not complet fal constat antecip aleg divulg comunic testemunh assever assinal reforç vinc remat clarific pormenoriz desabaf narr`
	portugueseIrr = `disse diz dizem disseram dizia diria acrescenta acrescentou advertiu adverte sustentou sustenta reconheceu
reconhece responderam respondeu responde escreveu escreve escreveram insistiu insiste admitiu admite prometeu promete
defendeu defende concluiu conclui descreveu descreve exigiu exige prosseguiu prossegue pediu pede pediram garantiu garante
repetiu repete referiu refere refutou desmentiu desmente propôs propõe agradeceu agradece manteve mantém sugeriu sugere
acredita pensa acha vê leu lê esclareceu esclarece sugeriram previu prevê informaram transmitiu`
)

var portuguese = &lexicon{
	finite:     fields(forms(portugueseAr, `ou a am aram ava avam ará`), portugueseIrr),
	participle: fields(forms(portugueseAr, `ado`), `dito escrito advertido reconhecido respondido insistido admitido prometido defendido concluído pedido referido`),
	gerund:     fields(forms(portugueseAr, `ando`), `dizendo advertindo reconhecendo respondendo escrevendo insistindo admitindo concluindo referindo`),
	phrasal:    phrases(`fez saber|fizeram saber|deu a conhecer|deixou claro|deixaram claro|chamou a atenção|fez questão`),
	infinitive: fields(forms(portugueseAr, `ar`), `dizer escrever insistir concluir`),
	aux:        fields(`tem têm tinha tinham havia haviam teria teriam`),
	been:       fields(`sido`),
	pronouns:   genders(`ele eles este`, `ela elas esta`, ``),
	tonic:      genders(`ele eles`, `ela elas`, ``),
	relative:   fields(`quem`),
	that:       fields(`que se como`),
	filler: fields(`não se lhe lhes o a os as nos me também ainda depois hoje ontem já assim nesta neste segunda-feira
terça-feira quarta-feira quinta-feira sexta-feira sábado domingo então mesmo mesma à ao por sua vez`),
	sources: phrases(`segundo|de acordo com|conforme|nas palavras de|na opinião de|na avaliação de|na avaliação da|na opinião da|nas palavras da|nas palavras do|na visão da|na opinião do|na visão de|na avaliação do|na visão do`),
	views:   fields(`para`),
	speakers: fields(`presidente ministro ministra porta-voz associação sindicato partido governo oposição diretor diretora
prefeito prefeita especialista especialistas advogado advogada organização pesquisador pesquisadora procurador procuradora
treinador técnico jogador empresa analistas economista investigador investigadora`),
	of: fields(`de do da dos das`),
	prep: fields(`a ao aos à às em no na nos nas com sem por pelo pela pelos pelas para sobre sob entre desde até durante após
contra perante conforme segundo como num numa neste nesta`),
	det: fields(`o a os as um uma uns umas seu sua seus suas este esta esse essa nosso nossa vários várias alguns algumas dois
duas três outro outra cada`),
	and: fields(`e mas`),
	ends: fields(`que quem quando onde e ou mas em no na nos nas durante após por para hoje ontem ao à com tem é foi nesta neste
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo`),
	works: fields(`tema lema título intitulado intitulada intitulados intituladas chamado chamada denominado denominada batizado
batizada apelidado apelidada filme livro romance canção música álbum disco série peça obra exposição documentário programa
festival escultura quadro ópera artigo lei projeto operação campanha congresso conferência prêmio prémio revista capítulo
expressão termo palavra poema ensaio espetáculo faixa slogan relatório estudo podcast`),
	verbFirst: true,
}
