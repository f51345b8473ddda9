package mainbody

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/parser/internal/byline"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Bounds of what stands under a text, in runes.
const (
	maxCommentsLabel = 40
	maxTailLinks     = 80
	maxSignature     = 40
)

// Bounds of a signature: words with a lead word, and bytes of a name's small
// words such as "van" and "de".
const (
	maxSignatureWords = 5
	maxParticle       = 3
)

// dropTail leaves out what stands under the text: readers' comments below their
// heading, lines of nothing but links, and the author's name as a signature.
func dropTail(pg *page, kept []bool) {
	dropComments(pg, kept)
	signed := false
	for i := len(kept) - 1; i >= 0; i-- {
		if !kept[i] {
			continue
		}
		b := &pg.blocks[i]
		switch {
		case linksOnly(pg, b):
		case !signed && signature(pg, b, i, kept):
			signed = true
		default:
			return
		}
		kept[i] = false
	}
}

// dropComments leaves out what follows a heading of comments, if that is the
// lesser part of the text.
func dropComments(pg *page, kept []bool) {
	total, above := keptChars(pg, kept), int32(0)
	for i, keep := range kept {
		b := &pg.blocks[i]
		most := above >= minKept && above*3 >= total*2
		if most && headsComments(pg, b) {
			clear(kept[i:])
			return
		}
		if keep {
			above += b.chars
		}
	}
}

// headsComments reports whether a block is a heading of comments, by its tag or
// in bold: the same word on a button may stand between paragraphs.
func headsComments(pg *page, b *block) bool {
	if b.chars > maxCommentsLabel || b.linkChars*2 >= b.chars {
		return false
	}
	heading := b.strong*2 > b.chars || (b.el >= 0 && isHeading(pg.elements[b.el].tag))
	return heading && commentsLabels[label(b.text)]
}

// label folds a heading and leaves out its count.
func label(s string) string {
	return strings.TrimFunc(plain.Fold(s), unicode.IsDigit)
}

// commentsLabels are the headings of readers' comments, folded.
var commentsLabels = func() map[string]bool {
	m := make(map[string]bool)
	for _, s := range [...]string{
		"comments", "comment", "reader comments", "readers' comments", "your comments", "leave a comment", "post a comment", "join the discussion",
		"commentaires", "commentaire", "commentaires des lecteurs", "vos commentaires", "vos réactions", "laisser un commentaire", "laissez un commentaire",
		"kommentare", "leserkommentare", "ihre kommentare", "kommentar schreiben", "kommentar verfassen", "diskussion", "comentarios", "comentarios de los lectores",
		"deja un comentario", "deja tu comentario", "comentários", "comentários dos leitores", "deixe um comentário", "deixe o seu comentário", "commenti", "commenti dei lettori",
		"lascia un commento", "i vostri commenti", "reacties", "reacties van lezers", "reageer", "komentarze", "komentarze czytelników", "dodaj komentarz", "комментарии",
		"комментарии читателей", "оставить комментарий", "коментарі", "коментарі читачів", "коментари", "komentari", "komentáře", "komentáre", "diskuse", "hozzászólások",
		"comentarii", "kommentarer", "kommentit", "yorumlar", "σχόλια", "komentar", "bình luận", "التعليقات", "تعليقات", "تعليقات القراء", "اترك تعليقا", "نظرات", "תגובות",
		"评论", "網友評論", "网友评论", "留言", "コメント", "댓글", "ความคิดเห็น", "टिप्पणियाँ",
	} {
		m[plain.Fold(s)] = true
	}
	return m
}()

// linksOnly reports whether a block is a short line of links and no sentence.
func linksOnly(pg *page, b *block) bool {
	return b.chars <= maxTailLinks && b.linkChars*10 >= (b.chars-b.symbols)*8 && !(b.endsClosed && b.ends > 0) && !listed(pg, b)
}

// listed reports whether a block is an item of a list, which may be links.
func listed(pg *page, b *block) bool {
	return b.el >= 0 && pg.elements[b.el].in&inList != 0
}

// signature reports whether a block is somebody's name and nothing else, set
// apart under a paragraph. Only capitals show a name: scripts without them have
// none.
func signature(pg *page, b *block, i int, kept []bool) bool {
	if b.chars > maxSignature || b.soft || b.digits > 0 || b.upper < 2 || b.words > maxSignatureWords || b.endsColon || (b.endsClosed && b.ends > 0) ||
		listed(pg, b) || b.el < 0 || isHeading(pg.elements[b.el].tag) || pg.elements[b.el].in&inQuote != 0 {
		return false
	}
	line := byline.TrimLead(b.text)
	names := byline.Names(line, "")
	if len(names) != 1 || plain.Fold(line) != plain.Fold(names[0]) {
		return false
	}
	for w := range strings.FieldsSeq(line) {
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) && len(w) > maxParticle {
			return false
		}
	}
	for k := i - 1; k >= 0; k-- {
		if kept[k] {
			return paragraphLike(&pg.blocks[k])
		}
	}
	return false
}
