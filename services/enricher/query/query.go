// Package query says whether an article is what somebody watches for.
//
// A query is words and "phrases", joined by AND (which may be left out), OR and NOT, with
// parentheses, and fields: lang:fr topic:health entity:"Angela Merkel" speaker:Lagarde
// country:MA source:example.org label:desk=north. A word that ends in * stands for all
// that begin so. Case, accents and other marks on letters do not count.
package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

const (
	// maxQuery bounds a query, in bytes, maxDepth its parentheses, and maxTerms its
	// words, phrases and fields.
	maxQuery = 2000
	maxDepth = 32
	maxTerms = 100
)

// Error says what is wrong with a query, and where.
type Error struct {
	Query string
	// At counts characters from 0.
	At  int
	Why string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s, at character %d", e.Why, e.At+1)
}

// Pointer is the query with a mark below the place, in two lines.
func (e *Error) Pointer() string {
	return e.Query + "\n" + strings.Repeat(" ", e.At) + "^"
}

// Query is a query that was understood.
type Query struct{ root node }

// node is a part of a query.
type node interface{ match(a *article) bool }

type (
	and  []node
	or   []node
	not  struct{ node }
	term struct{ phrase }
	// field asks one field of an article.
	field struct {
		phrase
		// raw is the value as it was given, in lower case.
		raw  string
		test func(f field, a *article) bool
	}
)

func (n and) match(a *article) bool {
	for _, part := range n {
		if !part.match(a) {
			return false
		}
	}
	return true
}

func (n or) match(a *article) bool {
	for _, part := range n {
		if part.match(a) {
			return true
		}
	}
	return false
}

func (n not) match(a *article) bool   { return !n.node.match(a) }
func (n term) match(a *article) bool  { return n.in(a.text()) }
func (n field) match(a *article) bool { return n.test(n, a) }

// Article is an article that queries are put to: what they have in common is done once.
type Article struct{ a *article }

// For prepares an article.
func For(a *datelinev1.Article) Article { return Article{&article{Article: a}} }

// Matches says whether an article is what the query asks for.
func (q *Query) Matches(a Article) bool { return q.root.match(a.a) }

// Parse reads a query. The error is an *Error.
func Parse(s string) (*Query, error) {
	p := &parser{query: s}
	if len(s) > maxQuery {
		return nil, &Error{Query: s[:0], Why: fmt.Sprintf("the query is longer than %d bytes", maxQuery)}
	}
	if !utf8.ValidString(s) {
		return nil, &Error{Query: strings.ToValidUTF8(s, "?"), Why: "the query is no UTF-8"}
	}
	p.runes = []rune(s)
	for _, r := range p.runes {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return nil, &Error{Query: "", Why: "the query holds a control character"}
		}
	}
	p.next()
	root, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.token.kind != end {
		return nil, p.fail("a closing parenthesis has no opening one")
	}
	return &Query{root: root}, nil
}
