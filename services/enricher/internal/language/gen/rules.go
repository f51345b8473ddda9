package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/pemistahl/lingua-go"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

// readRules takes the letter rules from lingua's source, where they are not
// exported: the alphabets and unique letters of each language and the letters
// that a few languages share.
func readRules(dir string) (ngram.Header, error) {
	var h ngram.Header
	languages, err := parseFile(dir, "language.go")
	if err != nil {
		return h, err
	}
	constants, err := parseFile(dir, "constant.go")
	if err != nil {
		return h, err
	}
	alphabets, unique := switchOf(languages, "alphabets"), switchOf(languages, "uniqueCharacters")
	index := make(map[string]uint8)
	for i, l := range lingua.AllLanguages() {
		index[l.String()] = uint8(i)
		out := ngram.Language{Code: strings.ToLower(l.IsoCode639_1().String()), Name: l.String()}
		for _, name := range alphabets[l.String()] {
			script := strings.ToUpper(name[:1]) + name[1:]
			if unicode.Scripts[script] == nil {
				return h, fmt.Errorf("alphabet %q of %s is no Unicode script", name, l)
			}
			out.Alphabets = append(out.Alphabets, script)
		}
		if len(out.Alphabets) == 0 {
			return h, fmt.Errorf("%s has no alphabet", l)
		}
		out.Unique = strings.Join(unique[l.String()], "")
		h.Languages = append(h.Languages, out)
	}
	h.Shared, err = sharedLetters(constants, index)
	return h, err
}

func parseFile(dir, name string) (*ast.File, error) {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
	if err != nil {
		return nil, fmt.Errorf("parse lingua's %s: %w", name, err)
	}
	return f, nil
}

// switchOf reads a method that is one switch over languages with a return in
// each case, and gives the names and strings that are returned, by language.
func switchOf(f *ast.File, method string) map[string][]string {
	out := make(map[string][]string)
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Name.Name != method {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			c, ok := n.(*ast.CaseClause)
			if !ok {
				return true
			}
			values := returned(c.Body)
			for _, l := range c.List {
				if id, ok := l.(*ast.Ident); ok {
					out[id.Name] = values
				}
			}
			return false
		})
	}
	return out
}

func returned(body []ast.Stmt) (values []string) {
	for _, s := range body {
		r, ok := s.(*ast.ReturnStmt)
		if !ok || len(r.Results) != 1 {
			continue
		}
		switch v := r.Results[0].(type) {
		case *ast.BasicLit:
			if s, err := strconv.Unquote(v.Value); err == nil && s != "" {
				values = append(values, s)
			}
		case *ast.CompositeLit:
			values = append(values, idents(v)...)
		}
	}
	return values
}

func idents(list *ast.CompositeLit) (names []string) {
	for _, e := range list.Elts {
		if id, ok := e.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
	}
	return names
}

func sharedLetters(f *ast.File, index map[string]uint8) ([]ngram.Shared, error) {
	var out []ngram.Shared
	var fault error
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "charsToLanguagesMapping" {
			return true
		}
		for _, e := range spec.Values[0].(*ast.CompositeLit).Elts {
			kv := e.(*ast.KeyValueExpr)
			letters, err := strconv.Unquote(kv.Key.(*ast.BasicLit).Value)
			if err != nil {
				fault = fmt.Errorf("read the shared letters: %w", err)
				return false
			}
			s := ngram.Shared{Letters: letters}
			for _, name := range idents(kv.Value.(*ast.CompositeLit)) {
				i, ok := index[name]
				if !ok {
					fault = fmt.Errorf("shared letters %q: %s is no language", letters, name)
					return false
				}
				s.Languages = append(s.Languages, i)
			}
			slices.Sort(s.Languages)
			out = append(out, s)
		}
		return false
	})
	if fault == nil && len(out) == 0 {
		fault = fmt.Errorf("lingua's constant.go has no shared letters")
	}
	return out, fault
}
