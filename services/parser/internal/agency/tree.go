package agency

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Bounds of a document's tree: stories are a dozen elements deep.
const (
	maxDepth = 128
	maxNodes = 300_000
)

// readXML reads a document as a tree of elements with their local names, so that
// XML and HTML are walked alike. Entities that the document defines are left as
// they are written: only those of XML and of HTML stand for something, so that
// nothing can grow. Namespaces are not looked at; the formats share no names.
func readXML(text []byte) (*html.Node, error) {
	d := xml.NewDecoder(bytes.NewReader(printable(text)))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	// The text is UTF-8 by now, whatever its declaration says.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	root := &html.Node{Type: html.DocumentNode}
	at, depth, nodes := root, 0, 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return nil, ErrDeep
			}
			n := element(t)
			at.AppendChild(n)
			at = n
			nodes += 1 + len(n.Attr)
		case xml.EndElement:
			at, depth = at.Parent, depth-1
		case xml.CharData:
			at.AppendChild(&html.Node{Type: html.TextNode, Data: string(t)})
			nodes++
		}
		if nodes > maxNodes {
			return nil, ErrDeep
		}
	}
	for n := range elements(root) {
		return n, nil
	}
	return nil, fmt.Errorf("%w: no element", ErrMalformed)
}

func element(t xml.StartElement) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: t.Name.Local, DataAtom: atom.Lookup([]byte(strings.ToLower(t.Name.Local)))}
	for _, a := range t.Attr {
		n.Attr = append(n.Attr, html.Attribute{Key: a.Name.Local, Val: a.Value})
	}
	return n
}

// printable leaves out the control characters that XML does not allow.
func printable(text []byte) []byte {
	bad := func(c byte) bool { return c < 0x20 && c != '\t' && c != '\n' && c != '\r' }
	clean := true
	for _, c := range text {
		if bad(c) {
			clean = false
			break
		}
	}
	if !clean {
		kept := make([]byte, 0, len(text))
		for _, c := range text {
			if !bad(c) {
				kept = append(kept, c)
			}
		}
		text = kept
	}
	for _, noncharacter := range [...]string{"\ufffe", "\uffff"} {
		if bytes.Contains(text, []byte(noncharacter)) {
			text = bytes.ReplaceAll(text, []byte(noncharacter), nil)
		}
	}
	return text
}

// elements are the elements right below n, all of them or those of one name.
func elements(n *html.Node, name ...string) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		if n == nil {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && (len(name) == 0 || c.Data == name[0]) && !yield(c) {
				return
			}
		}
	}
}

// at follows names down from n to the first element of each; nil if there is none.
func at(n *html.Node, names ...string) *html.Node {
	for _, name := range names {
		var next *html.Node
		for c := range elements(n, name) {
			next = c
			break
		}
		if n = next; n == nil {
			return nil
		}
	}
	return n
}

// attr is the value of an attribute; empty where there is none.
func attr(n *html.Node, key string) string {
	if n != nil {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
	}
	return ""
}

// line is all text below n as one line.
func line(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode {
				b.WriteString(c.Data)
				continue
			}
			if apart(c.Data) {
				b.WriteByte(' ')
			}
			walk(c)
			if apart(c.Data) {
				b.WriteByte(' ')
			}
		}
	}
	walk(n)
	return plain.Line(b.String())
}
