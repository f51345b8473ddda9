package demo

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"
	"time"
)

// story is an article on its paper: the file's contents, and the dates that
// they have in this edition.
type story struct {
	paper *paper
	lang  string
	slug  string
	kind  Kind

	title      string
	summary    string
	byline     string
	section    string
	tags       []string
	caption    string
	correction string
	comments   []comment
	body       *template.Template

	publishedAfter time.Duration // from the start of the edition's day
	updatedAfter   time.Duration // likewise; 0 if never updated

	// Set by date.
	published time.Time
	updated   time.Time // zero if never updated
	blocks    []block
}

// comment is a reader's remark below an article.
type comment struct{ Author, Text string }

// loadStories reads all files of a folder. A file is PAPER/SLUG.LANG.md.
func loadStories(folder string, all []*paper, edition time.Time) ([]*story, error) {
	names, err := fs.Glob(files, folder+"/*/*.md")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	stories := make([]*story, 0, len(names))
	for _, name := range names {
		content, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		st, err := parseStory(name, string(content), all)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if err := st.date(edition.Add(st.publishedAfter)); err != nil {
			return nil, fmt.Errorf("date %s: %w", name, err)
		}
		stories = append(stories, st)
	}
	return stories, nil
}

// parseStory reads an article's file: lines of "key: value", a line "---", and
// the body (see parseBody).
func parseStory(name, content string, all []*paper) (*story, error) {
	slug, lang, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".md"), ".")
	if !ok {
		return nil, fmt.Errorf("file name is not SLUG.LANG.md")
	}
	owner := path.Base(path.Dir(name))
	i := slices.IndexFunc(all, func(p *paper) bool { return p.slug == owner })
	if i < 0 {
		return nil, fmt.Errorf("no paper %q", owner)
	}
	if !slices.Contains(all[i].langs, lang) {
		return nil, fmt.Errorf("%s does not publish in %q", all[i].name, lang)
	}
	head, body, ok := strings.Cut(content, "\n---\n")
	if !ok {
		return nil, fmt.Errorf("no line --- before the body")
	}
	st := &story{paper: all[i], slug: slug, lang: lang, kind: KindArticle}
	for line := range strings.Lines(head) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return nil, fmt.Errorf("line %q is not key: value", line)
		}
		if err := st.set(key, strings.TrimSpace(value)); err != nil {
			return nil, err
		}
	}
	if st.title == "" || st.summary == "" || st.section == "" {
		return nil, fmt.Errorf("title, summary or section is missing")
	}
	return st, st.setBody(body)
}

// set takes one line of the file's head.
func (st *story) set(key, value string) (err error) {
	switch key {
	case "title":
		st.title = value
	case "summary":
		st.summary = value
	case "byline":
		st.byline = value
	case "section":
		st.section = value
	case "tags":
		st.tags = strings.Split(value, ", ")
	case "caption":
		st.caption = value
	case "correction":
		st.correction = value
	case "kind":
		st.kind = Kind(value)
	case "comment":
		author, text, ok := strings.Cut(value, " | ")
		if !ok {
			return fmt.Errorf("comment %q is not AUTHOR | TEXT", value)
		}
		st.comments = append(st.comments, comment{Author: author, Text: text})
	case "published":
		st.publishedAfter, err = time.ParseDuration(value)
	case "updated":
		st.updatedAfter, err = time.ParseDuration(value)
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	if err != nil {
		return fmt.Errorf("key %s: %w", key, err)
	}
	return nil
}

// setBody keeps the body as a template in which {{weekday N}} and {{day N}} name
// the day N days after publication, in the article's language.
func (st *story) setBody(body string) error {
	cal, err := calendarOf(st.lang)
	if err != nil {
		return err
	}
	st.body, err = template.New("body").Funcs(template.FuncMap{
		"weekday": func(n int) string { return cal.weekday(st.published.AddDate(0, 0, n)) },
		"day":     func(n int) string { return cal.day(st.published.AddDate(0, 0, n)) },
	}).Parse(body)
	return err
}

// date publishes the story at t and fills in what depends on it.
func (st *story) date(t time.Time) error {
	st.published = t.In(st.paper.zone).Truncate(time.Second)
	st.updated = time.Time{}
	if st.updatedAfter != 0 {
		st.updated = st.published.Add(st.updatedAfter - st.publishedAfter)
	}
	var text strings.Builder
	if err := st.body.Execute(&text, nil); err != nil {
		return fmt.Errorf("fill in dates: %w", err)
	}
	st.blocks = parseBody(text.String())
	return nil
}

// path is the story's address on the site.
func (st *story) path() string {
	if st.kind == KindDisallowed {
		return forbidden + st.slug + ".html"
	}
	return expand(st.paper.address, st.published, "{lang}", st.lang, "{slug}", st.slug)
}

// lead is the path of the story's picture.
func (st *story) lead() string { return "/img/" + st.slug + ".svg" }

// modified is when the story changed last.
func (st *story) modified() time.Time {
	if st.updated.IsZero() {
		return st.published
	}
	return st.updated
}

// article describes the story to the site's user.
func (st *story) article() Article {
	a := Article{
		Path: st.path(), Language: st.lang, Paper: st.paper.name, Title: st.title, Kind: st.kind,
		Feed: st.paper.feedPath, Published: st.published, Updated: st.updated,
	}
	if st.kind != KindConsent && st.kind != KindPaywall {
		a.Text = plainText(st.blocks)
	}
	return a
}
