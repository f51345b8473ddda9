package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// minParagraph is the least number of bytes of a paragraph worth testing.
const minParagraph = 80

// declarationFiles are the package's file names by ISO 639-1 code.
var declarationFiles = map[string]string{
	"af": "afr", "ar": "arb", "az": "azj_latn", "be": "bel", "bg": "bul", "bn": "ben", "bs": "bos_latn", "ca": "cat",
	"cs": "ces", "cy": "cym", "da": "dan", "de": "deu_1996", "el": "ell_monotonic", "en": "eng", "eo": "epo", "es": "spa",
	"et": "est", "eu": "eus", "fa": "pes_1", "fi": "fin", "fr": "fra", "ga": "gle", "gu": "guj", "he": "heb", "hi": "hin",
	"hr": "hrv", "hu": "hun", "hy": "hye", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ka": "kat", "kk": "kaz",
	"ko": "kor", "la": "lat_1", "lg": "lug", "lt": "lit", "lv": "lav", "mi": "mri", "mk": "mkd", "mn": "khk", "mr": "mar",
	"ms": "mly_latn", "nb": "nob", "nl": "nld", "nn": "nno", "pa": "pan", "pl": "pol", "pt": "por_PT", "ro": "ron_2006",
	"ru": "rus", "sk": "slk", "sl": "slv", "sn": "sna", "so": "som", "sq": "als", "sr": "srp_cyrl", "st": "sot", "sv": "swe",
	"sw": "swh", "ta": "tam", "te": "tel", "th": "tha", "tl": "tgl", "tn": "tsn", "tr": "tur", "ts": "tso_MZ", "uk": "ukr",
	"ur": "urd", "vi": "vie", "xh": "xho", "yo": "yor", "zh": "cmn_hans", "zu": "zul",
}

var spaces = regexp.MustCompile(`\s+`)

type declaration struct {
	Language   string   `json:"language"`
	Paragraphs []string `json:"paragraphs"`
}

// declarations returns one JSON line a language with the paragraphs of the
// Universal Declaration of Human Rights.
func declarations(dir string) ([]byte, error) {
	lingua, err := moduleDir()
	if err != nil {
		return nil, err
	}
	header, err := readRules(lingua)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, l := range header.Languages {
		d := declaration{Language: l.Code}
		if d.Paragraphs, err = paragraphs(filepath.Join(dir, "declaration", declarationFiles[l.Code]+".html")); err != nil {
			return nil, fmt.Errorf("%s: %w", l.Name, err)
		}
		if err := enc.Encode(d); err != nil {
			return nil, fmt.Errorf("write %s: %w", l.Name, err)
		}
	}
	return out.Bytes(), nil
}

func paragraphs(file string) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open the declaration: %w", err)
	}
	defer f.Close()
	doc, err := html.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("parse the declaration: %w", err)
	}
	var out []string
	for n := range doc.Descendants() {
		if n.DataAtom != atom.P || n.Type != html.ElementNode {
			continue
		}
		var text bytes.Buffer
		for c := range n.Descendants() {
			if c.Type == html.TextNode {
				text.WriteString(c.Data)
			}
		}
		p := spaces.ReplaceAllString(text.String(), " ")
		if len(p) >= minParagraph {
			out = append(out, p)
		}
	}
	return out, nil
}
