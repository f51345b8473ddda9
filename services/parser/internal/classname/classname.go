// Package classname splits the class and id attributes of HTML into the words
// that sites make them of.
package classname

// maxAttr bounds what is read of one attribute, and maxWord what is kept of a
// word, in bytes: real names are short.
const (
	maxAttr = 512
	maxWord = 24
)

// Words iterates over the words of an attribute, lower case. A word ends at
// anything but an ASCII letter, and where a capital follows a small letter:
// "js-relatedPosts2" is js, related, posts.
type Words struct {
	attr string
	next int
	word [maxWord]byte
}

// Of returns an iterator over the words of an attribute.
func Of(attr string) Words {
	return Words{attr: attr[:min(len(attr), maxAttr)]}
}

// Next returns the next word, or nil at the end. Words of one letter, and those
// longer than any real one, are left out. The slice is valid until the next call.
func (w *Words) Next() []byte {
	for w.next < len(w.attr) {
		n, lower := 0, false
		for ; w.next < len(w.attr); w.next++ {
			c := w.attr[w.next]
			if c >= 'A' && c <= 'Z' {
				if lower {
					break
				}
				c += 'a' - 'A'
			} else if c < 'a' || c > 'z' {
				w.next++
				break
			} else {
				lower = true
			}
			if n < maxWord {
				w.word[n] = c
			}
			n++
		}
		if n > 1 && n <= maxWord {
			return w.word[:n]
		}
	}
	return nil
}
