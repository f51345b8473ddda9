package sentence

// abbreviations are the words that a point cuts short, by language, in lower case
// and without their last point. Written for this package.
var abbreviations = map[string]struct{ before, within, starts string }{
	"en": {
		before: `sen rep gov rev hon pres sec supt insp cpl pvt cmdr adm messrs mt ft nos pp approx dept est e.g i.e viz pt ave`,
		within: `jan feb aug sept oct nov dec mon tue wed thu fri sat sun assn univ blvd rd`,
		starts: `we they he she there this these however if it but when also what why how please thanks`,
	},
	"fr": {
		before: `mme mmes mlle mlles me mgr ste sts pr p pp chap av bd boul n° env éd réf c.-à-d hab fig`,
		within: `janv févr avr juil sept oct nov déc apr j.-c min max cie`,
	},
	"de": {
		before: `hrn fr frl dipl bzw ggf evtl inkl exkl sog vgl zzgl abs nr bd hl hrsg str z.b z d.h d u.a u.u i.d.r s.o o.ä v.a geb gest
st mio mrd max min jh dt engl frz ital lat rd einschl bspw mind abt allg ehem verh wg ges hg ev kath röm`,
		within: `usw usf etc ff n.chr v.chr jan feb apr aug sept okt nov dez uhr tel jhd`,
	},
	"es": {
		before: `sra srta d dª dña dn lic arq ee gral cnel tte pág págs núm aprox avda c pza depto admón exc excmo ilmo rvdo p.ej`,
		within: `ee.uu aa.vv s.l cía a.c d.c ene feb abr ago sept oct nov dic uds ud`,
	},
	"it": {
		before: `sig sigg sigra dott dottssa avv on geom rag arch cav pag pagg ecc.mo ss s p.es es c.a gen lgt n mons amm`,
		within: `ecc s.p.a s.r.l a.c d.c gen feb apr giu lug sett ott nov dic`,
	},
	"pt": {
		before: `sra srta dra d exmo exma eng arq pág págs n.º núm art arts av r al pça dep sec gov pe profa mal ten cap sto sta aprox`,
		within: `ltda cia s.a a.c d.c jan fev abr ago set out nov dez`,
		starts: `os um uma não apesar depois ele ela eles elas`,
	},
	"nl": {
		before: `dhr mevr mw drs ir mr dr blz bijv o.a d.w.z m.n t.a.v i.v.m m.b.t t/m nl afd gem max min ca st jl resp incl excl vgl art jkvr`,
		within: `enz e.d e.a jan feb mrt apr aug sept okt nov dec n.chr v.chr`,
	},
	"da": {
		before: `bl.a f.eks ca kl nr hr fr dr frk stk pkt kap jf pga p.g.a ifm iflg inkl ekskl evt hhv mht vha d.v.s dvs mio mia gl tlf adm dir
eks f.x ang bl sml kgl s pct civ alm ad`,
		within: `osv m.v m.m m.fl o.l o.lign etc jan feb apr aug sept okt nov dec kr e.kr f.kr`,
	},
	"nb": {
		before: `bl.a f.eks ca kl nr hr fr dr stk pkt kap jf pga iflg inkl ekskl evt hhv mht vha dvs mill mrd gl tlf adm dir ang ev`,
		within: `osv m.v m.m m.fl o.l etc jan feb apr aug sept okt nov des kr e.kr f.kr`,
	},
	"sv": {
		before: `bl.a t.ex ca kl nr hr fr dr st s.k dvs d.v.s mkt inkl exkl resp milj mdr tel jfr ang fd f.d enl`,
		within: `osv m.m m.fl o.d etc jan feb apr aug sept okt nov dec kr e.kr f.kr`,
	},
	"pl": {
		before: `dr hab inż mgr prof ks św ul al pl os nr np tzw tj m.in im pt ppłk płk gen kpt por st zob ok mln mld tys śp abp bp kard red
wg str godz woj pow gm`,
		within: `itd itp r w p.n.e n.e zł gr proc`,
	},
	"cs": {
		before: `ing mgr bc mudr judr phdr rndr prof doc dr gen plk kpt sv tzv tj např mj č ul nám str hod mil mld tis kč cca resp`,
		within: `atd apod př.n.l n.l s.r.o a.s`,
	},
	"hr": {
		before: `tzv npr tj dr mr mag prof sv gđa gđica br str čl st sl op ul odn cca tel mil mlrd inž dipl akad fra don red gl god usp min maks
ing doc primj`,
		within: `itd sl dr p.n.e n.e d.o.o d.d kn`,
	},
	"ru": {
		before: `г гг им ул д обл р пр просп пл пер стр см рис табл тел т.н т.е т.к т проф акад доц гл ст п пп ок св млн млрд тыс руб коп н.э
др.-греч англ нем фр лат с в вв ред сост`,
		within: `др пр т.д т.п т.ч`,
	},
	"uk": {
		before: `м р рр ім вул буд обл просп пл стор див рис табл тел т.зв проф акад доц гл ст п пп бл св млн млрд тис грн коп англ нім фр лат с`,
		within: `ін т.д т.п т.ч`,
	},
	"tr": {
		before: `dr prof doç av sn bkz vb yy mah cad sok no örn hz alb gen`,
		within: `vb vs a.ş ltd şti t.c`,
	},
	"hu": {
		before: `dr id ifj özv prof st u ún pl ill kb stb.i mrd krt szt`,
		within: `stb kft zrt nyrt bt`,
	},
	"ro": {
		before: `dl dna dr prof ing av nr str bd sf art al pag cca aprox mil mld jud ex`,
		within: `etc ș.a s.a s.r.l î.hr d.hr`,
	},
	"fi": {
		before: `esim ns mm ks vrt klo nk mlj mrd n s prof tri toht ym.i puh`,
		within: `jne ym yms eaa jaa ekr jkr`,
	},
	"el": {
		before: `κ κκ δρ καθ αρ σελ χλμ εκατ δισ λεωφ π.χ αγ`,
		within: `κ.λπ κλπ κ.ά μ.χ π.μ μ.μ`,
	},
	"ar": {before: `د م أ ص ج ق`},
	"hi": {before: `डॉ श्री प्रो पं`},
}
