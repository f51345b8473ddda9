package feedread

import (
	"html"
	"strings"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// node is an element with its content, or a piece of text (key empty).
type node struct {
	key   string // namespace and local name, such as "atom:title"
	name  string // as written
	attrs []attr
	kids  []*node
	text  string
	base  string // what relative links in it are resolved against
	lang  string // xml:lang in force; empty if none
}

// attr gives an attribute by its local name, without regard to case.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if strings.EqualFold(a.name, name) {
			return strings.TrimSpace(a.value)
		}
	}
	return ""
}

// xmlAttr gives an attribute of the xml namespace, such as "base".
func xmlAttr(attrs []attr, local string) (string, bool) {
	for _, a := range attrs {
		if prefix, name, ok := strings.Cut(a.name, ":"); ok && prefix == "xml" && name == local {
			return strings.TrimSpace(a.value), true
		}
	}
	return "", false
}

// hasElements tells whether markup stands in n as elements.
func (n *node) hasElements() bool {
	for _, k := range n.kids {
		if k.key != "" {
			return true
		}
	}
	return false
}

// find gives the first child with a key, nil if there is none.
func (n *node) find(key string) *node {
	for _, k := range n.kids {
		if k.key == key {
			return k
		}
	}
	return nil
}

// plain gives the text directly in n and, where markup stands in it, that of its
// elements.
func (n *node) plain() string {
	if len(n.kids) == 1 && n.kids[0].key == "" {
		return n.kids[0].text
	}
	var b strings.Builder
	n.appendText(&b)
	return b.String()
}

func (n *node) appendText(b *strings.Builder) {
	b.WriteString(n.text)
	for _, k := range n.kids {
		k.appendText(b)
	}
}

// markup gives the content of n as HTML.
func (n *node) markup() string {
	var b strings.Builder
	for _, k := range n.kids {
		k.appendMarkup(&b, n.base)
	}
	return b.String()
}

// voids are the elements of HTML that have no content and no end tag.
var voids = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true,
	"link": true, "meta": true, "param": true, "source": true, "track": true, "wbr": true,
}

func (n *node) appendMarkup(b *strings.Builder, base string) {
	if n.key == "" {
		b.WriteString(html.EscapeString(n.text))
		return
	}
	_, local, ok := strings.Cut(n.name, ":")
	if !ok {
		local = n.name
	}
	local = strings.ToLower(local)
	b.WriteByte('<')
	b.WriteString(local)
	for _, a := range n.attrs {
		value := a.value
		if n.base != base && linkAttrs[strings.ToLower(a.name)] {
			// An xml:base inside of the content has no counterpart in HTML.
			if abs, err := urlnorm.Resolve(n.base, value); err == nil {
				value = abs
			}
		}
		b.WriteByte(' ')
		b.WriteString(a.name)
		b.WriteString(`="`)
		b.WriteString(html.EscapeString(value))
		b.WriteByte('"')
	}
	b.WriteByte('>')
	if voids[local] && len(n.kids) == 0 {
		return
	}
	for _, k := range n.kids {
		k.appendMarkup(b, base)
	}
	b.WriteString("</")
	b.WriteString(local)
	b.WriteByte('>')
}
