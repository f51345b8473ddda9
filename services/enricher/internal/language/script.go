package language

import "unicode"

// script is a writing system by its place in scripts; 0 is "none or common".
type script uint8

// scripts lists the writing systems that are told apart. Those up to thai are
// lingua's alphabets in lingua's order, which settles ties between them; the
// others have no language here but are named in answers.
var scripts = [...]struct {
	unicode string // name in the Unicode character database
	iso     string // ISO 15924
}{
	{"", "Zyyy"},
	{"Arabic", "Arab"},
	{"Armenian", "Armn"},
	{"Bengali", "Beng"},
	{"Cyrillic", "Cyrl"},
	{"Devanagari", "Deva"},
	{"Georgian", "Geor"},
	{"Greek", "Grek"},
	{"Gujarati", "Gujr"},
	{"Gurmukhi", "Guru"},
	{"Han", "Hani"},
	{"Hangul", "Hang"},
	{"Hebrew", "Hebr"},
	{"Hiragana", "Hira"},
	{"Katakana", "Kana"},
	{"Latin", "Latn"},
	{"Tamil", "Taml"},
	{"Telugu", "Telu"},
	{"Thai", "Thai"},
	{"Balinese", "Bali"},
	{"Bopomofo", "Bopo"},
	{"Canadian_Aboriginal", "Cans"},
	{"Cherokee", "Cher"},
	{"Ethiopic", "Ethi"},
	{"Javanese", "Java"},
	{"Kannada", "Knda"},
	{"Khmer", "Khmr"},
	{"Lao", "Laoo"},
	{"Malayalam", "Mlym"},
	{"Meetei_Mayek", "Mtei"},
	{"Mongolian", "Mong"},
	{"Myanmar", "Mymr"},
	{"Nko", "Nkoo"},
	{"Ol_Chiki", "Olck"},
	{"Oriya", "Orya"},
	{"Sinhala", "Sinh"},
	{"Syriac", "Syrc"},
	{"Thaana", "Thaa"},
	{"Tibetan", "Tibt"},
	{"Tifinagh", "Tfng"},
	{"Vai", "Vaii"},
	{"Yi", "Yiii"},
}

// The scripts that rules name.
const (
	cyrillic   script = 4
	devanagari script = 5
	han        script = 10
	hangul     script = 11
	hiragana   script = 13
	katakana   script = 14
	latin      script = 15
	thai       script = 18
)

// mixedScripts are the ISO 15924 codes of languages that write in several
// scripts at once.
var mixedScripts = map[string]string{"ja": "Jpan", "ko": "Kore"}

// scriptOf returns the script of a rune by search; letterTable has the answer
// ready for the Basic Multilingual Plane.
func scriptOf(r rune) script {
	for s := script(1); s <= thai; s++ {
		if unicode.Is(unicode.Scripts[scripts[s].unicode], r) {
			return s
		}
	}
	return 0
}

// scriptNamed returns the script with the given Unicode name.
func scriptNamed(name string) script {
	for s := script(1); int(s) < len(scripts); s++ {
		if scripts[s].unicode == name {
			return s
		}
	}
	return 0
}
