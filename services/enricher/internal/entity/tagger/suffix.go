package tagger

import (
	"strings"
	"unicode/utf8"
)

// What the last characters of a Chinese name tell.
const (
	surelyBody = 1 + iota
	perhapsBody
	surelyPlace
	perhapsPlace
)

// suffixes end the names of organisations and places that are written in Chinese
// characters.
var suffixes = readSuffixes(map[uint8]string{
	surelyBody: `公司 集团 集團 银行 銀行 大学 大學 学院 學院 中学 中學 小学 小學 学校 學校 医院 醫院 委员会 委員會 协会 協會 学会 學會 基金会 基金會 联盟 聯盟
联合会 聯合會 法院 检察院 檢察院 警察局 研究所 研究院 研究中心 出版社 报社 報社 电视台 電視台 电台 電台 乐团 樂團 乐队 樂隊 俱乐部 俱樂部 球会 球會 足球队 足球隊
部队 部隊 政府 议会 議會 议院 議院 办公室 辦公室 事务所 事務所 组织 組織 杂志 雜誌 日报 日報 晚报 晚報 工厂 工廠 航空 党 黨 军团 軍團 舰队 艦隊 理事会 理事會 总会 總會`,
	perhapsBody: `部 局 厅 廳 署 处 處 委 社 会 會 团 團 所 院 室 台 厂 廠 店 馆 館 军 軍 师 師 队 隊 报 報 网 網 行 校 盟 处`,
	surelyPlace: `机场 機場 公园 公園 广场 廣場 隧道 铁路 鐵路 公路 大道 山脉 山脈 半岛 半島 群岛 群島 高地 盆地 平原 教堂 车站 車站 火车站 水库 水庫 国家公园 新区 新區 地区 地區
自治区 自治州 自治县 特区 大桥 大橋 高速公路 体育场 體育場 体育馆 體育館 博物馆 博物館`,
	perhapsPlace: `省 市 县 縣 区 區 镇 鎮 乡 鄉 村 州 国 國 岛 島 山 河 江 湖 海 湾 灣 路 街 道 桥 橋 站 港 寺 庙 廟 宫 宮 郡 府 町 県 线 線 里 邨 城 洲 峡 峰 岭 川 溪 洋`,
})

// readSuffixes gives the codes by suffix.
func readSuffixes(lists map[uint8]string) map[string]uint8 {
	m := map[string]uint8{}
	for code, list := range lists {
		for s := range strings.FieldsSeq(list) {
			m[s] = code
		}
	}
	return m
}

// parting characters do not stand in names.
const parting = "的在是了于於被为為有等或从從对對由将將向把到之也都并並而但就其该該此这這那他她它们們"

const (
	// maxSuffix bounds a suffix in characters.
	maxSuffix = 4
	// maxAhead is how far behind a character its name's suffix is looked for.
	maxAhead = 9
)

// endings marks the suffixes that end at each Chinese character, and the next one
// ahead of it.
func (d *Document) endings() {
	for i := range d.Tokens {
		if t := &d.Tokens[i]; t.shape == han {
			t.ending = d.suffixAt(i)
			t.parts = strings.Contains(parting, t.Text)
		}
	}
	for i := range d.Tokens {
		if d.Tokens[i].shape == han {
			d.lookAhead(i)
		}
	}
}

// suffixAt is the code of the longest suffix that ends at token i.
func (d *Document) suffixAt(i int) uint8 {
	var joined [maxSuffix * utf8.UTFMax]byte
	at, code := len(joined), uint8(0)
	for k := i; k >= 0 && i-k < maxSuffix && d.Tokens[k].shape == han && len(d.Tokens[k].Text) <= at; k-- {
		at -= len(d.Tokens[k].Text)
		copy(joined[at:], d.Tokens[k].Text)
		if c := suffixes[string(joined[at:])]; c != 0 {
			code = c
		}
	}
	return code
}

// lookAhead notes the suffix in which the run of characters from token i on ends,
// the last one before a character that parts names.
func (d *Document) lookAhead(i int) {
	t := &d.Tokens[i]
	for k := i; k < len(d.Tokens) && k-i <= maxAhead; k++ {
		u := &d.Tokens[k]
		if u.shape != han || u.parts || k > i && u.first {
			return
		}
		if u.ending == surelyBody || u.ending == surelyPlace {
			t.ahead, t.distance = u.ending, uint8(k-i)
			return
		}
		if u.ending != 0 && t.ahead == 0 {
			t.ahead, t.distance = u.ending, uint8(k-i)
		}
	}
}
