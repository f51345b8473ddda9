package enrich

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/char"
)

// Reading speeds a minute: words where scripts part them, else characters. They
// are the round figures that newsrooms count with.
const (
	wordsPerMinute      = 220
	ideographsPerMinute = 400
	thaiPerMinute       = 1000
)

func readingTimeOf(a *article, out *datelinev1.Enrichment) {
	words, ideographs, thai := 0, 0, 0
	inside := false
	for _, r := range a.doc.GetText() {
		switch class := char.Of(r); {
		case class&char.Wide != 0:
			ideographs, inside = ideographs+1, false
		case class&char.Tall != 0:
			thai, inside = thai+1, false
		case class&char.Word == 0:
			inside = inside && (r == '\'' || r == '’')
		case !inside:
			words, inside = words+1, true
		}
	}
	minutes := float64(words)/wordsPerMinute + float64(ideographs)/ideographsPerMinute + float64(thai)/thaiPerMinute
	out.ReadingTimeSeconds = uint32(minutes*60 + 0.5)
}

// hashBuffer is the number of bytes that are hashed at once.
const hashBuffer = 2048

// fingerprintOf hashes the words of the text in lower case, so that copies with
// other typography, spacing and punctuation have one fingerprint. A text without
// words is hashed as it is.
func fingerprintOf(a *article, out *datelinev1.Enrichment) {
	hash := sha256.New()
	buffer := make([]byte, 0, hashBuffer)
	written := false
	for _, r := range norm.NFKC.String(a.doc.GetText()) {
		switch class := char.Of(r); {
		case class&char.Word != 0:
			buffer = utf8.AppendRune(buffer, unicode.ToLower(r))
			written = true
		case class&char.Format != 0: // a soft hyphen parts no word
		case len(buffer) > 0 && buffer[len(buffer)-1] != ' ':
			buffer = append(buffer, ' ')
		}
		if len(buffer) > hashBuffer-2*utf8.UTFMax {
			hash.Write(buffer[:len(buffer)-1])
			buffer = append(buffer[:0], buffer[len(buffer)-1]) // which tells whether a word has ended
		}
	}
	hash.Write(buffer)
	if len(buffer) > 0 && buffer[len(buffer)-1] != ' ' {
		hash.Write([]byte{' '})
	}
	if !written {
		hash.Write([]byte(strings.TrimSpace(a.doc.GetText())))
	}
	out.Fingerprint = hex.EncodeToString(hash.Sum(nil))
}
