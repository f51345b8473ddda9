package parse

import (
	"bytes"
	"context"
	"errors"
	"io"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// chunk is how much the parser reads at most between two looks at the clock. Mostly it
// reads less, and its buffer grows with a page's longest script: cutting those reads
// short would make it grow more often.
const chunk = 128 << 10

// boundedReader fails when the context ends, so that parsing does.
type boundedReader struct {
	ctx context.Context
	r   *bytes.Reader
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.r.Read(p[:min(len(p), chunk)])
}

// tree parses a page. Pages nested deeper than the parser allows (512 open
// elements) are read a second time as a flat list of blocks, which keeps their
// text and loses their structure.
func tree(ctx context.Context, text []byte) (*html.Node, error) {
	root, err := html.Parse(&boundedReader{ctx, bytes.NewReader(text)})
	if err == nil {
		return root, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	root, err = flatTree(ctx, text)
	if err != nil {
		return nil, err
	}
	return root, nil
}

// maxFlatNodes bounds the flat tree.
const maxFlatNodes = 200_000

var errTooDeep = &Undecodable{Reason: TooDeep, Detail: "no text within reach"}

// flatTree builds a tree in which every block-level element is a child of the
// body. Only the tokenizer is used, whose cost does not depend on nesting.
func flatTree(ctx context.Context, text []byte) (*html.Node, error) {
	z := html.NewTokenizer(&boundedReader{ctx, bytes.NewReader(text)})
	root := &html.Node{Type: html.DocumentNode}
	f := flattener{head: element(atom.Head), body: element(atom.Body)}
	page := element(atom.Html)
	root.AppendChild(page)
	page.AppendChild(f.head)
	page.AppendChild(f.body)
	for f.nodes < maxFlatNodes {
		if z.Next() == html.ErrorToken {
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			break
		}
		f.token(z.Token())
	}
	if f.texts == 0 {
		return nil, errTooDeep
	}
	return root, nil
}

func element(a atom.Atom) *html.Node {
	return &html.Node{Type: html.ElementNode, DataAtom: a, Data: a.String()}
}

// flattener places tokens under the head or in the body's last block.
type flattener struct {
	head, body *html.Node
	block      *html.Node // open block, or nil
	raw        *html.Node // open script, style or title
	nodes      int
	texts      int
}

func (f *flattener) token(t html.Token) {
	switch t.Type {
	case html.TextToken:
		f.text(t.Data)
	case html.EndTagToken:
		if f.raw != nil && t.DataAtom == f.raw.DataAtom {
			f.raw = nil
		} else if blockTag(t.DataAtom) {
			f.block = nil
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		f.start(t)
	}
}

func (f *flattener) text(data string) {
	at := f.raw
	if at == nil {
		if f.block == nil {
			if len(bytes.TrimSpace([]byte(data))) == 0 {
				return
			}
			f.open(element(atom.Div))
		}
		at = f.block
		f.texts++
	}
	at.AppendChild(&html.Node{Type: html.TextNode, Data: data})
	f.nodes++
}

func (f *flattener) open(n *html.Node) {
	f.body.AppendChild(n)
	f.block = n
	f.nodes++
}

func (f *flattener) start(t html.Token) {
	n := element(t.DataAtom)
	n.Data, n.Attr = t.Data, t.Attr
	switch t.DataAtom {
	case atom.Title, atom.Script, atom.Style:
		f.head.AppendChild(n)
		if t.Type == html.StartTagToken {
			f.raw = n
		}
		f.nodes++
	case atom.Meta, atom.Link:
		f.head.AppendChild(n)
		f.nodes++
	case atom.Br, atom.Img:
		if f.block != nil {
			f.block.AppendChild(n)
			f.nodes++
		}
	default:
		if blockTag(t.DataAtom) {
			f.open(n)
		}
	}
}

func blockTag(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Td, atom.Th, atom.Tr, atom.Table, atom.Blockquote,
		atom.Article, atom.Section, atom.Pre, atom.Ul, atom.Ol, atom.Figcaption, atom.Nav, atom.Aside, atom.Footer, atom.Header:
		return true
	}
	return false
}
