package entity

import (
	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// offices stand before a Chinese name, honorifics behind a Japanese one; in
// characters.
var (
	offices = set(`发言人 總統 总统 主席 部长 部長 总理 總理 市长 市長 教授 院长 院長 外长 記者 记者 书记 省长 局长 委员长
發言人 首相 大使 司令 上将 导演 主任 经理 董事长 总裁 总监 校长 会长 议员 議員`)
	honorifics = set(`氏 さん 首相 大臣 容疑者 被告 選手 監督 社長 会長 知事 市長 議員 教授 大統領 総理 官房長官 外相 様 君`)
	// verbs begin what comes behind a Chinese name of two characters.
	verbs = set(`说 說 称 稱 在 于 與 与 和 对 對 将 將 表 指 周 星 昨 今 认 向 就 会 到 强 透 宣 接 抵 访 出 的 是 也 已 曾 被 回 呼 重`)
)

// maxOfficeCharacters bounds an office or honorific in characters.
const maxOfficeCharacters = 4

// characterNames finds Chinese people by office and family name, Japanese ones by
// family name and honorific.
func (s *reading) characterNames() {
	switch s.Lang {
	case "zh":
		for k := range s.pieces {
			if n := s.listed(offices, k); n > 0 {
				s.chinesePerson(k+n, s.text(k, k+n))
			}
		}
	case "ja":
		for k := 0; k < len(s.pieces); k++ {
			for n := 3; n > 1; n-- {
				if s.japanesePerson(k, n) {
					break
				}
			}
		}
	}
}

// listed is how many characters from k on are in the list, at most
// maxOfficeCharacters; 0 if none.
func (s *reading) listed(list map[string]bool, k int) int {
	for n := min(maxOfficeCharacters, len(s.pieces)-k); n > 0; n-- {
		if s.doc.ByCharacter(k) && list[s.text(k, k+n)] {
			return n
		}
	}
	return 0
}

func (s *reading) chinesePerson(k int, office string) {
	if k+1 >= len(s.pieces) || !s.doc.ByCharacter(k+1) || s.doc.Class(k)&lexicon.Surname == 0 || s.doc.Placed(k) {
		return
	}
	last := k + 2
	if last < len(s.pieces) && s.doc.ByCharacter(last) && !verbs[s.text(last, last+1)] {
		last++
	}
	s.add(mention{first: k, last: last, kind: tagger.Person, confidence: titledSure, firm: true, role: office})
}

func (s *reading) japanesePerson(k, n int) bool {
	if k+n >= len(s.pieces) || !s.doc.ByCharacter(k+n-1) || lexicon.Of("", s.text(k, k+n))&lexicon.Surname == 0 {
		return false
	}
	for given := range 3 {
		if after := k + n + given; after < len(s.pieces) && s.listed(honorifics, after) > 0 {
			return s.add(mention{first: k, last: after, kind: tagger.Person, confidence: knownSure, firm: true})
		}
	}
	return false
}
