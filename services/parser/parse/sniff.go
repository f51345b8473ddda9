package parse

import (
	"bytes"
	"net/http"
	"strings"
)

// isBinary reports whether the bytes are a known format that holds no text.
func isBinary(content []byte) bool {
	head := content[:min(len(content), 512)]
	switch t := http.DetectContentType(head); {
	case strings.HasPrefix(t, "text/"):
		return false
	case t != "application/octet-stream":
		return true
	}
	// Controls that no text holds, but not UTF-16, whose bytes are often zero.
	odd, zeros := 0, 0
	for _, c := range head {
		switch {
		case c == 0:
			zeros++
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b:
			odd++
		}
	}
	wide := zeros*5 > len(head)*2 && zeros*5 < len(head)*3
	// Of random bytes one in nine is such a control; of text in any encoding, none.
	return !wide && (odd+zeros)*20 > len(head)
}

// looksLikeHTML decides by content where the declared type is missing or not to
// be believed: HTML served as plain text is common, and plain text served as
// HTML has no tags.
func looksLikeHTML(text []byte, contentType string) bool {
	head := bytes.ToLower(bytes.TrimLeft(text[:min(len(text), 4096)], " \t\r\n\f\ufeff"))
	for _, sign := range [...]string{"<!doctype html", "<html", "<head", "<body", "<?xml"} {
		if bytes.HasPrefix(head, []byte(sign)) {
			return true
		}
	}
	tags := countTags(text[:min(len(text), 64<<10)])
	switch contentType {
	case "text/html", "application/xhtml+xml":
		return tags > 0
	}
	return tags >= 3 && (bytes.HasPrefix(head, []byte("<")) || tags >= 8)
}

// countTags counts the starts of elements that text documents do not hold by
// chance.
func countTags(b []byte) int {
	n := 0
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 || i+2 >= len(b) {
			return n
		}
		b = b[i+1:]
		name := b[:min(len(b), 12)]
		if end := bytes.IndexAny(name, " >/\n\t"); end > 0 {
			switch string(bytes.ToLower(name[:end])) {
			case "p", "div", "span", "a", "br", "html", "head", "body", "meta", "title", "h1", "h2", "h3", "ul", "li", "table", "td", "script", "article", "section", "img", "strong", "em", "b", "i", "blockquote":
				n++
			}
		}
	}
}
