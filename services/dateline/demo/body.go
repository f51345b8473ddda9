package demo

import (
	"html/template"
	"regexp"
	"strings"
)

// block is one piece of a body.
type block struct {
	Kind  string // "paragraph", "heading", "quotation" or "list"
	HTML  template.HTML
	Text  string
	Items []block // of a list
}

// post is one entry of a live blog.
type post struct {
	Clock  string // such as "19:42"
	Title  string
	Blocks []block
}

var (
	linkMark   = regexp.MustCompile(`\[([^\]]+)\]\(([^)\s]+)\)`)
	strongMark = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// parseBody cuts a body into blocks at empty lines. A block that starts with
// "## " is a heading, with "> " a quotation; one of lines that start with "- " is
// a list. Inside a block, [words](address) is a link and **words** stand out.
func parseBody(body string) []block {
	var blocks []block
	for chunk := range strings.SplitSeq(strings.TrimSpace(body), "\n\n") {
		chunk = strings.TrimSpace(chunk)
		switch {
		case chunk == "":
		case strings.HasPrefix(chunk, "## "):
			blocks = append(blocks, newBlock("heading", chunk[len("## "):]))
		case strings.HasPrefix(chunk, "> "):
			blocks = append(blocks, newBlock("quotation", chunk[len("> "):]))
		case strings.HasPrefix(chunk, "- "):
			list := block{Kind: "list"}
			for line := range strings.Lines(chunk) {
				list.Items = append(list.Items, newBlock("item", strings.TrimSpace(line)[len("- "):]))
			}
			blocks = append(blocks, list)
		default:
			blocks = append(blocks, newBlock("paragraph", chunk))
		}
	}
	return blocks
}

// newBlock renders the marks inside one block's source, which is escaped first.
func newBlock(kind, source string) block {
	// Quotation marks stay as they are: newspapers do not escape them in text.
	html := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(source)
	html = linkMark.ReplaceAllString(html, `<a href="$2">$1</a>`)
	html = strongMark.ReplaceAllString(html, `<strong>$1</strong>`)
	text := linkMark.ReplaceAllString(source, "$1")
	text = strongMark.ReplaceAllString(text, "$1")
	return block{Kind: kind, HTML: template.HTML(html), Text: text}
}

// plainText joins the blocks' words, paragraphs parted by one empty line.
func plainText(blocks []block) string {
	var parts []string
	for _, b := range blocks {
		if b.Kind == "list" {
			for _, item := range b.Items {
				parts = append(parts, item.Text)
			}
			continue
		}
		parts = append(parts, b.Text)
	}
	return strings.Join(parts, "\n\n")
}

// posts cuts a live blog at its headings, each "CLOCK TITLE"; what stands before
// the first heading is the introduction.
func posts(blocks []block) (intro []block, list []post) {
	for _, b := range blocks {
		switch {
		case b.Kind == "heading":
			clock, title, _ := strings.Cut(b.Text, " ")
			list = append(list, post{Clock: clock, Title: title})
		case len(list) == 0:
			intro = append(intro, b)
		default:
			last := &list[len(list)-1]
			last.Blocks = append(last.Blocks, b)
		}
	}
	return intro, list
}
