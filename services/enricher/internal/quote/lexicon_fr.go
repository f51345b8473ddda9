package quote

const (
	frenchEr = `accus affirm ajout alarm alert analys annonc annonç appel appell argument articul assèn assén assur avanc avanç
avou balay certifi cit clam clarifi commenc commenç comment confess confi confirm conseill considèr considér constat
contest critiqu déclar demand dénonc dénonç déplor détaill dévoil ennuy énonc énonç énumèr espèr espér estim étonn évoqu
exhort expliqu expos exprim félicit formul fulmin fustig hasard imagin indign indiqu inquièt inquiét insist interrog
ironis jug jur justifi lâch lament lanc lanç maniest martel mentionn menac menaç minimis moqu murmur not nuanc nuanç
observ opin parl pens pest plaid plaisant préconis précis présag présent proclam pronostiqu prôn prophétis propos
qualifi questionn racont raill rapport rappel rappell rassur rectifi réclam réfut regrett réitèr réitér rejet relat
relativis relev relèv remarqu remerci répèt répét répliqu reproch résum rétorqu révèl révél revendiqu ris salu
schématis scand signal sollicit soulign soupir souhait stigmatis suggèr suggér tacl tempèr tempér témoign tempêt tonn tranch
tweet twitt vant vocifèr voul corrig corrige résume rassure réag constate lou énerv emport exclam insurg affol lass martèl cri hurl dispos stipul condamn ordonn exig exige
recommand invit encourag encourage invoqu blâm engag engage soupçonn compar refus interpell interpel`
	frenchIr  = `renchér réag avert réjou garant`
	frenchIrr = `dit disait dira dirent dis disent disaient répond répondit répondait répondent répondirent répondra écrit
écrivit écrivait écrivent conclut concluait concluent poursuit poursuivit poursuivait poursuivent prévient prévenait
prévint préviennent soutient soutenait soutint soutiennent maintient maintenait maintint promet promettait promit
promettent reconnaît reconnait reconnaissait reconnut reconnaissent admet admettait admit admettent prédit prédisait
dément démentait démentit démentent défend défendait défendit reprend reprenait reprit souvient souvenait souvint décrit
décrivait décrivit décrivent convient convenait convint veut voulait croit croyait dirait plaint plaignait plaignit
prévoit prévoyait craint craignait prétend prétendait définit interdit sourit voit voyait lit lisait sait savait`
)

var french = &lexicon{
	finite:     fields(forms(frenchEr, `e ent a èrent ait aient era ât`), forms(frenchIr, `it issent issait issaient irent`), frenchIrr),
	participle: fields(forms(frenchEr, `é ée és ées`), forms(frenchIr, `i ie is ies`), `dit dite dits dites répondu écrit conclu poursuivi prévenu soutenu maintenu promis reconnu admis prédit démenti défendu repris décrit convenu souvenu plaint plainte appris`),
	gerund:     fields(forms(frenchEr, `ant`), forms(frenchIr, `issant`), `disant répondant écrivant concluant poursuivant prévenant soutenant maintenant promettant reconnaissant admettant prédisant démentant défendant reprenant décrivant arguant`),
	infinitive: fields(forms(frenchEr, `er`), forms(frenchIr, `ir`), `dire répondre écrire conclure poursuivre prévenir soutenir maintenir promettre reconnaître admettre prédire démentir défendre reprendre décrire`),
	aux:        fields(`a ont avait avaient aura auront aurait auraient eut eurent ai avons ayant avoir`),
	selfAux:    fields(`est sont était étaient suis`),
	self:       fields(`s' se m' me nous`),
	having:     fields(`avoir ayant`),
	been:       fields(`été`),
	clitics:    genders(`il ils`, `elle elles`, `on je`),
	pronouns:   genders(`il ils celui-ci ceux-ci`, `elle elles celle-ci celles-ci`, `on ce dernier`),
	tonic:      genders(`lui`, `elle`, `eux elles soi`),
	relative:   fields(`qui lequel laquelle lesquels`),
	that:       fields(`que qu' si combien pourquoi comment ceci cela`),
	filler: fields(`ne n' y en me m' te t' se s' le la l' les lui leur nous vous pas plus jamais aussi également encore ainsi
alors cependant toutefois néanmoins pourtant donc ensuite enfin déjà clairement notamment même ironiquement
publiquement récemment immédiatement aussitôt finalement simplement tout-de-suite d'ailleurs ailleurs elle eux quant à
tout très bien vivement longuement fermement officiellement ici là hier aujourd'hui dimanche lundi mardi mercredi jeudi
vendredi samedi elle-même lui-même eux-mêmes rapidement par lors`),
	sources: phrases(`selon|d' après|d'après|suivant|à en croire|aux yeux de|aux yeux du|de l' avis de|de l' avis du|au dire de|aux dires de|dixit`),
	phrasal: phrases(`mis l' accent|mis en garde|mis en cause|met l' accent|met en garde|mettait en garde|mettant en garde|mettant l' accent|fait état|fait savoir|fait valoir|faisant savoir|faisant valoir|fait part|faisant état|faisant part|tiré la sonnette d' alarme|pris la défense`),
	views:   fields(`pour`),
	speakers: fields(`président présidente ministre collectif association syndicat parti gouvernement opposition direction
fédération ong organisation ligue avocat avocate porte-parole chercheur chercheuse chercheurs maire député députée
sénateur sénatrice spécialiste spécialistes expert experte experts observateur observateurs analyste analystes groupe
entreprise société conseil comité chef cheffe premier directeur directrice préfet préfète procureur procureure journal
quotidien jeune homme femme habitant habitante voisin voisine témoin victime famille père mère frère sœur complice
entraîneur joueur capitaine club auteur auteure écrivain économiste sociologue historien historienne union confédération
patron patronne représentant représentante responsable secrétaire élu élue élus police rapporteur rapporteure juge
commission institut agence écologistes socialistes communistes républicains conservateurs libéraux autorités enseignants
étudiants médecins agriculteurs riverains parents salariés syndicats associations juristes militants opposants dirigeants
parlementaires députés sénateurs élus avocats scientifiques ambassadeur patronat défenseur défenseurs partisans manifestants`),
	of:   fields(`de du des d'`),
	prep: fields(`à au aux en dans sur sous par pour avec sans chez vers entre depuis pendant durant après avant dès contre malgré devant selon lors face parmi hors via jusqu' outre comme envers`),
	det: fields(`le la les l' un une des du ce cet cette ces son sa ses leur leurs notre nos votre mon ma mes plusieurs
certains certaines deux trois quatre quelques chaque autre`),
	and:  fields(`et puis mais ou`),
	ends: fields(`qui que qu' dont où et ou mais quand lorsque lorsqu' alors tandis après avant ainsi hier aujourd'hui lundi mardi mercredi jeudi vendredi samedi dimanche a est`),
	works: fields(`thème thèmes thématique intitulé intitulée intitulés intitulées titre titré titrée titres nommé nommée nommés
nommées dénommé dénommée baptisé baptisée baptisés baptisées surnommé surnommée rebaptisé rebaptisée appelé appelée appelés
appelées dite film films livre livres roman romans chanson chansons album albums série pièce exposition slogan slogans
documentaire émission festival sculpture tableau toile œuvre opéra ouvrage article loi projet opération programme
campagne colloque conférence concours prix rubrique revue magazine chapitre expression mention inscription formule
banderole pancarte devise proverbe single titre-phare poème essai étude spectacle tube bannière catégorie`),
}
