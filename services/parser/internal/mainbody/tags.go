package mainbody

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// skipped reports whether an element's content is never text of the page.
func skipped(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Svg, atom.Math,
		atom.Object, atom.Embed, atom.Applet, atom.Canvas, atom.Audio, atom.Video, atom.Map,
		atom.Select, atom.Button, atom.Input, atom.Textarea, atom.Datalist, atom.Meter,
		atom.Progress, atom.Head, atom.Title, atom.Link, atom.Meta, atom.Noembed, atom.Noframes,
		atom.Frameset, atom.Rp, atom.Rt:
		return true
	}
	return false
}

// inline reports whether an element stands inside a line of text.
func inline(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.Acronym, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code,
		atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font, atom.I, atom.Ins, atom.Kbd, atom.Label,
		atom.Mark, atom.Nobr, atom.Output, atom.Q, atom.Ruby, atom.S, atom.Samp, atom.Small,
		atom.Span, atom.Strike, atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.Tt, atom.U,
		atom.Var, atom.Wbr, atom.Picture, atom.Source, atom.Blink:
		return true
	}
	return false
}

// ancestry is the set of telling elements around a block.
type ancestry uint32

const (
	inArticle ancestry = 1 << iota
	inMain
	inAside
	inNav
	inFooter
	inHeader
	inFigure
	inForm
	inTable
	inList
	inQuote
	inSection
	inDefinition
	inDetails
	inAddress
	inPre
	inArticleBody // itemprop=articleBody, or a property of that name
	inHidden
	inDialog
	ancestryCount = iota
)

var ancestryOf = map[atom.Atom]ancestry{
	atom.Article: inArticle, atom.Main: inMain, atom.Aside: inAside, atom.Nav: inNav,
	atom.Footer: inFooter, atom.Header: inHeader, atom.Figure: inFigure, atom.Form: inForm,
	atom.Table: inTable, atom.Ul: inList, atom.Ol: inList, atom.Blockquote: inQuote,
	atom.Section: inSection, atom.Dl: inDefinition, atom.Details: inDetails,
	atom.Address: inAddress, atom.Pre: inPre, atom.Dialog: inDialog, atom.Menu: inNav,
}

// attrs are the attributes that the cutter looks at, read in one pass.
type attrs struct {
	class, id, href, rel, style, role, itemprop, property string
	hidden                                                bool
}

func readAttrs(n *html.Node) attrs {
	var a attrs
	for i := range n.Attr {
		at := &n.Attr[i]
		switch at.Key {
		case "class":
			a.class = at.Val
		case "id":
			a.id = at.Val
		case "href":
			a.href = at.Val
		case "rel":
			a.rel = at.Val
		case "style":
			a.style = at.Val
		case "role":
			a.role = at.Val
		case "itemprop":
			a.itemprop = at.Val
		case "property":
			a.property = at.Val
		case "hidden":
			a.hidden = true
		}
	}
	return a
}

// roleOf reads ARIA roles, visibility and the microdata name of the body.
func roleOf(a *attrs) ancestry {
	var in ancestry
	switch a.role {
	case "navigation", "menu", "menubar", "search", "toolbar":
		in |= inNav
	case "main":
		in |= inMain
	case "article":
		in |= inArticle
	case "complementary":
		in |= inAside
	case "contentinfo":
		in |= inFooter
	case "dialog", "alertdialog":
		in |= inDialog
	}
	if a.itemprop != "" && hasWord(a.itemprop, "articleBody") || a.property != "" && hasWord(a.property, "articleBody") {
		in |= inArticleBody
	}
	if a.hidden || (a.style != "" && hides(a.style)) {
		in |= inHidden
	}
	return in
}

// hasWord reports whether a list of words holds one that ends in word; RDFa
// values carry prefixes.
func hasWord(list, word string) bool {
	for f := range strings.FieldsSeq(list) {
		if strings.HasSuffix(f, word) {
			return true
		}
	}
	return false
}

func hides(style string) bool {
	i := strings.Index(style, "display")
	if i < 0 {
		return false
	}
	rest := strings.TrimLeft(style[i+len("display"):], " :")
	return strings.HasPrefix(rest, "none")
}
