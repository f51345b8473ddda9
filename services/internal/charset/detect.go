package charset

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

const (
	// detectSample is how much of a document tells its encoding.
	detectSample = 64 << 10
	// minLetters is the least number of letters beyond ASCII that tell it.
	minLetters = 4
	// maxWrong is the largest share of letters that the encoding does not have, such
	// as of a character cut in two.
	maxWrong = 0.02
	// minCommon is the least share of common letters. Running text has 0.5 to 0.9;
	// text in another encoding, read as this one, has rare letters, and under 0.15 of
	// common ones.
	minCommon = 0.3
	// Of fewer than fewLetters, half must be common.
	fewLetters     = 24
	minCommonOfFew = 0.5
)

// multiByte is an encoding with several bytes a character, and the letters that
// make up most of what is written in it.
type multiByte struct {
	encoding encoding.Encoding
	name     string
	common   letters
}

// multiBytes are those that text was written in before UTF-8, in East Asia.
var multiBytes = []multiByte{
	{japanese.ShiftJIS, "shift_jis", japaneseLetters},
	{japanese.EUCJP, "euc-jp", japaneseLetters},
	{simplifiedchinese.GB18030, "gb18030", simplifiedLetters},
	{traditionalchinese.Big5, "big5", traditionalLetters},
	{korean.EUCKR, "euc-kr", koreanLetters},
}

// Detect recognises undeclared text in Shift_JIS, EUC-JP, GB18030, Big5 or EUC-KR,
// by whether the bytes are valid in it and by how common the letters are that they
// stand for. It gives the encoding with its WHATWG name, or nil where none is likely.
// UTF-8 is to be ruled out before.
func Detect(b []byte) (encoding.Encoding, string) {
	b = sample(b)
	best, top := multiByte{}, 0.0
	for _, m := range multiBytes {
		if share := m.commonShare(b); share > top {
			best, top = m, share
		}
	}
	return best.encoding, best.name
}

// sample gives the beginning of a document up to the end of a run of bytes beyond
// ASCII.
func sample(b []byte) []byte {
	if len(b) <= detectSample {
		return b
	}
	const longest = 1 << 10
	n := detectSample
	for n < min(len(b), detectSample+longest) && b[n] >= utf8.RuneSelf {
		n++
	}
	return b[:n]
}

// commonShare gives the share of common letters among those beyond ASCII that b
// holds in an encoding; 0 where b is not valid in it or holds too few of either.
func (m multiByte) commonShare(b []byte) float64 {
	common, total, wrong := 0, 0, 0
	for _, r := range string(decodeAs(b, m.encoding)) {
		switch {
		case r < 0xc0, r >= 0x2000 && r < 0x2070, r >= 0x3000 && r < 0x3040, r >= 0xff00 && r < 0xff60:
			// Punctuation, full-width forms and Latin-1's signs are everybody's.
			if r >= 0x80 && r < 0xa0 {
				wrong++
			}
		case r == utf8.RuneError, r >= 0xe000 && r < 0xf900:
			total++
			wrong++
		default:
			total++
			if m.common.has(r) {
				common++
			}
		}
	}
	if total < minLetters || float64(wrong) > maxWrong*float64(total) {
		return 0
	}
	share, least := float64(common)/float64(total), minCommon
	if total < fewLetters {
		least = minCommonOfFew
	}
	if share < least {
		return 0
	}
	return share
}

// letters are the common letters of a language.
type letters struct {
	// from and to bound a block of which all are common; zero for none.
	from, to rune
	set      map[rune]bool
}

func (l letters) has(r rune) bool { return r >= l.from && r < l.to || l.set[r] }

func lettersOf(from, to rune, words string) letters {
	l := letters{from: from, to: to, set: make(map[rune]bool, 512)}
	for _, r := range strings.Join(strings.Fields(words), "") {
		l.set[r] = true
	}
	return l
}

// The letters that are most frequent in news, by language. For Japanese, both kana and
// the commonest kanji.
var (
	japaneseLetters = lettersOf(0x3040, 0x3100, `
		日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万
		毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考
		画海売知道集別物使品計死特私始朝運終台広住真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰古歌
		政府首相党選挙議員経済問題関係対法市内閣戦米軍警察件部定実現全表的産連合民最化性都県区央比利調査資料情報道号外速報`)
	simplifiedLetters = lettersOf(0, 0, `
		的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学
		如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外
		将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立
		及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许
		统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领
		共确传师观清今切院让识候带导争运报闻新华网记者北京上海香港台湾会议总统主席政府经济`)
	traditionalLetters = lettersOf(0, 0, `
		的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學
		如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外
		將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立
		及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許
		統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領
		共確傳師觀清今切院讓識候帶導爭運報聞新華網記者北京上海香港臺台灣會議總統主席政府經濟縣黨選舉立委`)
	koreanLetters = lettersOf(0, 0, `
		이다는의에을가고하로은지를한기사도아자정서대인리어시나그해스일있들부전수과장보제라으원주구조안상지만것여성게신국비동유연위오화경공우
		세미드관소선내민해당재였적후용발했습니진방무회중건면되트마실금모때통외운개거계할체등생학입법요년명심분영반월행업차러간전호산결문방최강
		본까북야박현복치파임와포단김청권물교토피저감날프른르말던바워추직달두터설불번크특급초양팀집새남노증려식점판출작형타키레더여향군천취활
		확환규검찰총리표배속한국뉴스기자서울정부대통령경제`)
)
