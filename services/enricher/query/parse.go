package query

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

type kind int

const (
	end kind = iota
	word
	quoted
	open
	closing
	andOp
	orOp
	notOp
)

type token struct {
	kind kind
	text string
	// field is the name before the colon; empty for none.
	field string
	at    int
	// broken says why the token is none.
	broken string
}

// parser reads a query from left to right: or binds weakest, then and, then not.
type parser struct {
	query string
	runes []rune
	pos   int
	token token
	terms int
}

func (p *parser) fail(why string) error { return &Error{Query: p.query, At: p.token.at, Why: why} }

func (p *parser) or(depth int) (node, error) {
	if depth > maxDepth {
		return nil, p.fail(fmt.Sprintf("more than %d parentheses or NOTs inside each other", maxDepth))
	}
	var parts or
	for {
		part, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if p.token.kind != orOp {
			break
		}
		p.next()
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return parts, nil
}

func (p *parser) and(depth int) (node, error) {
	var parts and
	for {
		part, err := p.not(depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		switch p.token.kind {
		case andOp:
			p.next()
			continue
		case word, quoted, open, notOp:
			continue
		}
		break
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return parts, nil
}

func (p *parser) not(depth int) (node, error) {
	if p.token.kind != notOp {
		return p.primary(depth)
	}
	if depth > maxDepth {
		return nil, p.fail(fmt.Sprintf("more than %d parentheses or NOTs inside each other", maxDepth))
	}
	p.next()
	part, err := p.not(depth + 1)
	if err != nil {
		return nil, err
	}
	return not{part}, nil
}

func (p *parser) primary(depth int) (node, error) {
	if p.token.broken != "" {
		return nil, p.fail(p.token.broken)
	}
	switch p.token.kind {
	case open:
		at := p.token
		p.next()
		part, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.token.kind != closing {
			p.token = at
			return nil, p.fail("this parenthesis is not closed")
		}
		p.next()
		return part, nil
	case word, quoted:
		part, err := p.leaf()
		p.next()
		return part, err
	case end:
		return nil, p.fail("a word, a phrase or a field is missing")
	case closing:
		return nil, p.fail("a word, a phrase or a field is missing before the parenthesis")
	}
	return nil, p.fail("AND and OR stand between two parts of a query")
}

func (p *parser) leaf() (node, error) {
	if p.terms++; p.terms > maxTerms {
		return nil, p.fail(fmt.Sprintf("more than %d words, phrases and fields", maxTerms))
	}
	t := p.token
	ph := phraseOf(t.text, t.kind == word)
	if t.field == "" {
		if ph.empty() {
			return nil, p.fail("there is no letter and no digit in it")
		}
		return term{ph}, nil
	}
	test, ok := fields[t.field]
	if !ok {
		return nil, p.fail(fmt.Sprintf("there is no field %q; there are %s", t.field, strings.Join(slices.Sorted(maps.Keys(fields)), ", ")))
	}
	if strings.TrimSpace(t.text) == "" {
		return nil, p.fail(fmt.Sprintf("say what %s is to be, such as %s:%s", t.field, t.field, examples[t.field]))
	}
	if ph.empty() {
		return nil, p.fail("there is no letter and no digit in it")
	}
	return field{phrase: ph, raw: strings.ToLower(strings.TrimSpace(t.text)), test: test}, nil
}

// next reads the next token.
func (p *parser) next() {
	for p.pos < len(p.runes) && unicode.IsSpace(p.runes[p.pos]) {
		p.pos++
	}
	p.token = token{kind: end, at: p.pos}
	if p.pos == len(p.runes) {
		return
	}
	switch r := p.runes[p.pos]; {
	case r == '(':
		p.token.kind = open
		p.pos++
	case r == ')':
		p.token.kind = closing
		p.pos++
	case r == '-' && p.pos+1 < len(p.runes) && !unicode.IsSpace(p.runes[p.pos+1]):
		p.token.kind = notOp
		p.pos++
	case isQuote(r):
		p.quote()
	default:
		p.bare()
	}
}

// isQuote says whether a phrase may stand between such marks: keyboards and phones make
// all of them.
func isQuote(r rune) bool { return strings.ContainsRune(`"“”„«»`, r) }

func (p *parser) quote() {
	p.token.kind = quoted
	start := p.pos + 1
	for i := start; i < len(p.runes); i++ {
		if isQuote(p.runes[i]) {
			p.token.text, p.pos = string(p.runes[start:i]), i+1
			return
		}
	}
	p.token.broken, p.pos = "this phrase is not closed", len(p.runes)
}

func (p *parser) bare() {
	start := p.pos
	for p.pos < len(p.runes) && !unicode.IsSpace(p.runes[p.pos]) && !isQuote(p.runes[p.pos]) && !strings.ContainsRune("()", p.runes[p.pos]) {
		if p.runes[p.pos] == ':' && p.token.field == "" && p.pos > start {
			p.token.field = strings.ToLower(string(p.runes[start:p.pos]))
			p.pos++
			if p.pos < len(p.runes) && isQuote(p.runes[p.pos]) {
				p.quote()
				return
			}
			start = p.pos
			continue
		}
		p.pos++
	}
	text := string(p.runes[start:p.pos])
	p.token.kind, p.token.text = word, text
	if p.token.field == "" {
		switch text {
		case "AND":
			p.token.kind = andOp
		case "OR":
			p.token.kind = orOp
		case "NOT":
			p.token.kind = notOp
		}
	}
}
