package charset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDetect(t *testing.T) {
	t.Parallel()
	const ja, hans, hant, ko = "市長は、港の修復工事が来月から始まると述べた。", "市长说，港口的修复工程将在下个月开始。", "市長說，港口的修復工程將在下個月開始。", "시장은 항구 복구 공사가 다음 달에 시작된다고 말했다."
	for _, tc := range []struct{ name, text, want string }{
		{"shift_jis", ja, "shift_jis"},
		{"euc-jp", ja, "euc-jp"},
		{"gbk", hans, "gb18030"},
		{"big5", hant, "big5"},
		{"euc-kr", ko, "euc-kr"},
		{"euc-kr", "<title>" + ko + "</title>" + strings.Repeat("<p>plain ASCII all around</p>", 100), "euc-kr"},
		{"shift_jis", "日本", ""},
		{"windows-1251", "Мэр говорит, что ремонт гавани начнётся в следующем месяце", ""},
		{"koi8-r", "начинается способного", ""},
		{"windows-1253", "Ο δήμαρχος είπε ότι οι εργασίες στο λιμάνι αρχίζουν τον άλλο μήνα", ""},
		{"windows-1255", "ראש העיר אמר כי עבודות השיקום בנמל יתחילו בחודש הבא", ""},
		{"windows-1256", "قال رئيس البلدية إن أعمال ترميم الميناء ستبدأ الشهر المقبل", ""},
		{"windows-874", "นายกเทศมนตรีกล่าวว่าการซ่อมแซมท่าเรือจะเริ่มในเดือนหน้า", ""},
		{"windows-1252", "Le maire a déclaré que les travaux de réfection débuteront bientôt à Évreux", ""},
		{"windows-1250", "Starosta řekl, že opravy přístavu začnou příští měsíc", ""},
	} {
		enc, name := Detect(encode(t, tc.name, tc.text))
		require.Equal(t, tc.want, name, tc.text)
		require.Equal(t, tc.want == "", enc == nil)
	}
}

// TestDetectLooksAtTheBeginning: characters are not cut where the sample ends.
func TestDetectLooksAtTheBeginning(t *testing.T) {
	t.Parallel()
	for _, shift := range []string{"", "x", "xx", "xxx"} {
		_, name := Detect(append(encode(t, "gbk", shift+strings.Repeat("市长说港口的修复工程将在下个月开始", 3000)), 0xff))
		require.Equal(t, "gb18030", name)
	}
}

func TestUndeclaredTextIsRead(t *testing.T) {
	t.Parallel()
	const text = "시장은 항구 복구 공사가 다음 달에 시작된다고 말했다."
	got, read := Decode(encode(t, "euc-kr", text), "")
	require.Equal(t, text, string(got))
	require.Equal(t, Reading{"euc-kr", RuleSniffed}, read)
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("\x8d\x60\x82\xcc\x8fC\x95\x9c"))
	f.Add([]byte("\xca\xd0\xb3\xa4\xcb\xb5\x81\x30"))
	f.Fuzz(func(t *testing.T, b []byte) {
		enc, name := Detect(b)
		require.Equal(t, enc == nil, name == "")
	})
}
