package topic

import (
	_ "embed"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"unicode"
)

// How sure the publisher's words make a topic. A code is a statement; sections
// and folders hold what has no place elsewhere too; tags and feed categories name
// side issues.
const (
	ofCode    = 0.98
	ofSection = 0.85
	ofURL     = 0.75
	ofTag     = 0.6
)

// maxWords bounds how many tags, categories and codes are looked at.
const maxWords = 32

//go:embed sections.txt
var sectionNames string

// sections are the names of sections in many languages, as keys of name.
var sections = sync.OnceValues(func() (map[string]int, error) {
	names := map[string]int{}
	for line := range strings.Lines(sectionNames) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		subject := index(words[0])
		if subject < 0 {
			return nil, fmt.Errorf("sections.txt: no topic %q", words[0])
		}
		for _, w := range words[1:] {
			if _, taken := names[w]; !taken {
				names[w] = subject
			}
		}
	}
	return names, nil
})

// own is how sure the publisher makes each subject.
type own [len(subjects)]float64

func (o *own) any() bool { return *o != own{} }

func (o *own) raise(subject int, sure float64) {
	if subject >= 0 {
		o[subject] = max(o[subject], sure)
	}
}

// published reads the publisher's own words.
func published(a Article) (o own) {
	for _, code := range a.Subjects[:min(len(a.Subjects), maxWords)] {
		o.raise(fromCode(code), ofCode)
	}
	o.raise(named(a.Section), ofSection)
	for _, folder := range folders(a.URL) {
		if subject := named(folder); subject >= 0 {
			o.raise(subject, ofURL)
			break
		}
	}
	for _, list := range [][]string{a.Tags, a.Categories} {
		for _, tag := range list[:min(len(list), maxWords)] {
			o.raise(named(tag), ofTag)
		}
	}
	return o
}

// fromCode is the subject of a top-level code; -1 for others. The 17 subjects of
// the older Subject Codes have the same numbers, and name their lower levels by
// them; lower Media Topics (20000000 on) do not tell their parent.
func fromCode(code string) int {
	scheme, number, ok := strings.Cut(strings.TrimSpace(code), ":")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "medtop" && scheme != "subj" || len(number) != 8 {
		return -1
	}
	for _, r := range number {
		if r < '0' || r > '9' {
			return -1
		}
	}
	top := int(number[0]-'0')*10 + int(number[1]-'0')
	if top < 1 || top > len(subjects) || scheme == "medtop" && number[2:] != "000000" {
		return -1
	}
	return top - 1
}

// maxName bounds the name of a section, in bytes.
const maxName = 120

// named is the subject that a section's name stands for, else that of one of its
// parts ("News / Sport", "Sport > Tennis"); -1 if none.
func named(name string) int {
	if name == "" || len(name) > maxName {
		return -1
	}
	names, err := sections()
	if err != nil {
		return -1
	}
	if subject, ok := names[key(name)]; ok {
		return subject
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("/>|,;&›»:", r) })
	for _, part := range parts {
		if subject, ok := names[key(part)]; ok {
			return subject
		}
	}
	return -1
}

// key writes a name as the list does: lower case, hyphens for space.
func key(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return unicode.IsSpace(r) || r == '-' || r == '_' || r == '#'
	})
	return strings.Join(words, "-")
}

// folders are the first three folders of a URL's path, without its last part,
// which names the article, and the first label of a host such as sport.example.
func folders(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	parts = parts[:min(3, len(parts)-1)]
	if label, rest, ok := strings.Cut(u.Hostname(), "."); ok && strings.Contains(rest, ".") {
		parts = append(parts, label)
	}
	return parts
}
