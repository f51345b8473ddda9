package quote

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// eastAsian are the words by which Chinese and Japanese news reports speech.
// Words are not parted there, so that they are sought as ends of strings.
type eastAsian struct {
	// verbs end what stands before a quotation, or report behind it.
	verbs []string
	// cuts end the subject: a time, a place or an occasion follows.
	cuts []string
	// topics are particles behind a subject.
	topics []string
	// then stands between a quotation and its verb.
	then string
}

var eastAsians = map[string]*eastAsian{
	"zh": {
		verbs: strings.Fields(`告诉记者 告訴記者 表示 指出 强调 強調 认为 認為 宣布 写道 寫道 回应 回應 回答 补充 補充 坦言 透露 介绍 介紹 呼吁 呼籲 解释 解釋
警告 直言 写 寫 说道 說道 说 說 称 稱 道`),
		cuts: strings.Fields(`在 于 於 对 對 向 今天 昨天 今日 昨日 日前 当天 當天 周 星期 接受 通过 通過 就 还 還 也 则 則 随后 隨後 同时 同時 进一步 進一步 明确 明確 曾 近日`),
	},
	"ja": {
		verbs:  strings.Fields(`述べ 語っ 語り 話し 話す 発言 強調 説明 コメント 指摘 答え 訴え 明らかに 主張 言っ 言い 言う 批判 表明 回答 呼びかけ 綴っ つづっ 書い 伝え`),
		topics: strings.Fields(`は が`),
		then:   "と",
	},
}

// maxEastAsian bounds the bytes that are read on each side of a quotation, and
// maxSpeaker the characters of a speaker.
const (
	maxEastAsian = 240
	maxSpeaker   = 24
)

// eastFrame finds who says the passage at item k in Chinese or Japanese:
// X表示：“…”, X「…」と述べた, 「…」とXは述べた.
func (d *document) eastFrame(k int) frame {
	e := eastAsians[d.lang]
	if e == nil {
		return frame{}
	}
	p := d.passages[d.items[k].passage]
	open := int(d.ws[p.open].Start)
	before := d.text[backTo(d.text, open):open]
	if i := strings.LastIndexAny(before, "。！？\n”」』"); i >= 0 {
		_, size := utf8.DecodeRuneInString(before[i:])
		before = before[i+size:]
	}
	if e.then == "" {
		return d.eastBefore(e, before, open)
	}
	behind := ""
	if p.close < len(d.ws) {
		end := int(d.ws[p.close].End)
		behind = d.text[end:forwardTo(d.text, end)]
	}
	if i := strings.IndexAny(behind, "。！？\n「『“"); i >= 0 {
		behind = behind[:i]
	}
	rest, ok := strings.CutPrefix(behind, e.then)
	verb, at := firstOf(rest, e.verbs)
	if !ok || at < 0 {
		return frame{}
	}
	base := int(d.ws[p.close].End) + len(e.then)
	f := frame{verb: d.bytesPiece(base+at, base+at+len(verb)), direct: true, found: true}
	if f.speaker = d.topic(e, rest[:at], base); !f.speaker.found() {
		f.speaker = d.topic(e, before, open-len(before))
	}
	return f
}

// eastBefore reads the subject and the verb in front of a quotation.
func (d *document) eastBefore(e *eastAsian, before string, open int) frame {
	body := strings.TrimRight(before, " ：:，,")
	if body == before {
		return frame{}
	}
	for _, v := range e.verbs {
		subj, ok := strings.CutSuffix(body, v)
		if !ok {
			continue
		}
		start := open - len(before)
		at := start + len(subj)
		if i := strings.LastIndexAny(subj, "，,；、 "); i >= 0 && subj[i:] != "" {
			_, size := utf8.DecodeRuneInString(subj[i:])
			if rest := subj[i+size:]; len(rest) > 0 && !startsWithAny(rest, e.cuts) {
				start += i + size
				subj = rest
			} else {
				subj = subj[:i]
			}
		}
		for _, c := range e.cuts {
			if i := strings.Index(subj, c); i > 0 {
				subj = subj[:i]
			}
		}
		return frame{
			verb: d.bytesPiece(at, at+len(v)), speaker: d.eastSubject(subj, start), direct: true, found: true,
		}
	}
	return frame{}
}

// topic reads the subject before the last topic particle of s, which begins at
// this byte.
func (d *document) topic(e *eastAsian, s string, start int) subject {
	end := -1
	for _, t := range e.topics {
		end = max(end, strings.Index(s, t))
	}
	if end < 0 {
		return subject{}
	}
	s = s[:end]
	if i := strings.LastIndexAny(s, "、，,"); i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		start += i + size
		s = s[i+size:]
	}
	return d.eastSubject(s, start)
}

// eastSubject makes the subject of s, which begins at this byte.
func (d *document) eastSubject(s string, start int) subject {
	trimmed := strings.TrimLeftFunc(s, unicode.IsSpace)
	start += len(s) - len(trimmed)
	s = strings.TrimRightFunc(trimmed, unicode.IsSpace)
	n := utf8.RuneCountInString(s)
	switch s {
	case "他", "彼", "彼氏":
		return subject{pronoun: true, gender: masculine, at: d.bytesPiece(start, start+len(s))}
	case "她", "彼女":
		return subject{pronoun: true, gender: feminine, at: d.bytesPiece(start, start+len(s))}
	case "", "我", "我们", "我們", "私":
		return subject{}
	}
	if n < 2 || n > maxSpeaker || strings.ContainsAny(s, "“”「」『』：:；") {
		return subject{}
	}
	return subject{text: s, at: d.bytesPiece(start, start+len(s))}
}

// bytesPiece gives the piece of these bytes, which may begin and end within
// words.
func (d *document) bytesPiece(start, end int) piece {
	first := sort.Search(len(d.ws), func(i int) bool { return int(d.ws[i].End) > start })
	last := first
	for last < len(d.ws) && int(d.ws[last].Start) < end {
		last++
	}
	if first == last || start >= end {
		return piece{}
	}
	return piece{first, last, start - int(d.ws[first].Start), int(d.ws[last-1].End) - end}
}

func startsWithAny(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// firstOf gives the earliest of the words in s and its place, or -1.
func firstOf(s string, list []string) (string, int) {
	best, at := "", -1
	for _, w := range list {
		if i := strings.Index(s, w); i >= 0 && (at < 0 || i < at) {
			best, at = w, i
		}
	}
	return best, at
}

// backTo and forwardTo give the byte up to maxEastAsian away at which a
// character begins.
func backTo(s string, i int) int {
	for i = max(0, i-maxEastAsian); i > 0 && !utf8.RuneStart(s[i]); i++ {
		continue
	}
	return i
}

func forwardTo(s string, i int) int {
	for i = min(len(s), i+maxEastAsian); i < len(s) && !utf8.RuneStart(s[i]); i-- {
		continue
	}
	return i
}
