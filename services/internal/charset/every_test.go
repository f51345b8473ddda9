package charset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// everyEncoding names the encodings of the WHATWG Encoding Standard, but for
// "replacement", which stands for those that are refused, with words of the
// languages that used them.
var everyEncoding = map[string]string{
	"utf-8": "Új híd épült", "ibm866": "Новый мост открыт", "iso-8859-2": "Žluťoučký kůň přešel most", "iso-8859-3": "Il-pont il-ġdid infetaħ",
	"iso-8859-4": "Uus sild avati, Rīga", "iso-8859-5": "Новый мост открыт", "iso-8859-6": "الجسر الجديد افتتح", "iso-8859-7": "Η νέα γέφυρα άνοιξε",
	"iso-8859-8": "הגשר החדש נפתח", "iso-8859-8-i": "הגשר החדש נפתח", "iso-8859-10": "Ođđa šaldi rahpojuvvui", "iso-8859-13": "Naujas tiltas atidarytas, žmonės",
	"iso-8859-14": "Mae'r bont newydd ar agor, ŵyr", "iso-8859-15": "Le cœur du pont coûte 5 €", "iso-8859-16": "Podul nou s-a deschis, știri",
	"koi8-r": "Новый мост открыт", "koi8-u": "Новий міст відкрито, їжа", "macintosh": "Le nouveau pont coûte cher", "windows-874": "สะพานใหม่เปิดแล้ว",
	"windows-1250": "Nový most otevřen, žádný kůň", "windows-1251": "Новый мост открыт", "windows-1252": "Le cœur du pont coûte 5 €", "windows-1253": "Η νέα γέφυρα άνοιξε",
	"windows-1254": "Yeni köprü açıldı, ışık", "windows-1255": "הגשר החדש נפתח", "windows-1256": "الجسر الجديد افتتح", "windows-1257": "Jaunais tilts atklāts, ļaudis",
	"windows-1258": "Cây câu moi", "x-mac-cyrillic": "Новый мост открыт", "gbk": "新桥今天通车", "gb18030": "新桥今天通车㐂", "big5": "新橋今天通車",
	"euc-jp": "新しい橋が開通した", "iso-2022-jp": "新しい橋が開通した", "shift_jis": "新しい橋が開通した", "euc-kr": "새 다리가 개통되었다",
	"utf-16be": "新桥 Új híd", "utf-16le": "新桥今天通车", "x-user-defined": "ascii only",
}

// TestEveryEncodingOfTheWeb: text comes out as it was, declared by the transport or by
// the document; and where nothing is declared no text is lost.
func TestEveryEncodingOfTheWeb(t *testing.T) {
	t.Parallel()
	require.Len(t, everyEncoding, 39)
	for name, text := range everyEncoding {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			long := strings.Repeat(text+". ", 20)
			got, read := Decode(encode(t, name, long), name)
			require.Equal(t, long, string(got), "declared by the transport, read as %+v", read)
			if strings.HasPrefix(name, "utf-16") { // a declaration in it could not be read
				return
			}
			page := `<html><head><meta charset="` + name + `"></head><body>` + long
			got, read = Decode(encode(t, name, page), "")
			require.Equal(t, page, string(got), "declared by the document, read as %+v", read)
			got, _ = Decode(encode(t, name, page), "utf-8")
			require.Equal(t, page, string(got), "the transport is wrong")
		})
	}
}
