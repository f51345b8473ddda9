package websub

import "strings"

// headerLink is one link of a Link header.
type headerLink struct {
	target string
	rel    string
	// anchored says that the link is about another document than the one answered.
	anchored bool
}

const (
	// maxLinks bounds the links of one answer, and maxLinkHeader each header, in bytes.
	maxLinks      = 100
	maxLinkHeader = 16 << 10
)

// parseLinks reads Link header fields as RFC 8288, appendix B.2, says: what is not
// well-formed ends its field, and what stands before it counts.
func parseLinks(fields []string) []headerLink {
	var out []headerLink
	for _, field := range fields {
		if len(field) > maxLinkHeader {
			continue
		}
		s := scanner{field}
		for len(out) < maxLinks {
			l, ok := s.link()
			if !ok {
				break
			}
			out = append(out, l)
		}
	}
	return out
}

// scanner is what is left of a field.
type scanner struct{ rest string }

func (s *scanner) skip(set string) { s.rest = strings.TrimLeft(s.rest, set) }

// take cuts off what stands before the first byte of set.
func (s *scanner) take(set string) string {
	i := strings.IndexAny(s.rest, set)
	if i < 0 {
		i = len(s.rest)
	}
	head := s.rest[:i]
	s.rest = s.rest[i:]
	return head
}

// eat cuts off one byte, if it is c.
func (s *scanner) eat(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

const blanks = " \t"

// link reads one link with its parameters. Of a parameter that is repeated the first
// counts (section 3.3).
func (s *scanner) link() (l headerLink, ok bool) {
	s.skip(blanks + ",")
	if !s.eat('<') {
		return l, false
	}
	l.target = s.take(">")
	if !s.eat('>') {
		return l, false
	}
	hasRel := false
	for {
		s.skip(blanks)
		if !s.eat(';') {
			break
		}
		s.skip(blanks)
		name := strings.ToLower(strings.TrimRight(s.take("=;,"), blanks))
		value := ""
		if s.eat('=') {
			s.skip(blanks)
			value = s.value()
		}
		switch {
		case name == "rel" && !hasRel:
			l.rel, hasRel = value, true
		case name == "anchor":
			l.anchored = true
		}
	}
	// A well-formed link is over here; of any other the rest is left out.
	s.take(",")
	return l, true
}

// value reads a token or a quoted string.
func (s *scanner) value() string {
	if !s.eat('"') {
		return strings.TrimRight(s.take(";,"), blanks)
	}
	var b strings.Builder
	for {
		b.WriteString(s.take(`"\`))
		switch {
		case s.eat('"'), s.rest == "":
			return b.String()
		case s.eat('\\') && s.rest != "":
			b.WriteByte(s.rest[0])
			s.rest = s.rest[1:]
		}
	}
}
