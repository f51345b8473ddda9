package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dateline-news/dateline/pkg/service"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/view"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// shown is what explain prints.
type shown struct{ why, blocks, json bool }

func (s shown) check(batch bool) error {
	switch {
	case batch && (s.why || s.blocks || s.json):
		return service.Usagef("explain --batch prints articles; --why, --blocks and --json are for one document")
	case s.json && !s.why && !s.blocks:
		return service.Usagef("--json says how --why and --blocks are printed; the article is JSON without it")
	}
	return nil
}

// print writes what was found, a document of one story as itself and several as a list.
// What went wrong with a story is told, and ends the command as a failure, after the
// others were written.
func (s shown) print(w io.Writer, found []explained) error {
	var failed error
	var list []any
	for _, f := range found {
		failed = errors.Join(failed, f.err)
		switch {
		case s.why || s.blocks:
			reasons, err := s.reasons(f)
			if err != nil {
				return err
			}
			if !s.json {
				if err := reasons.write(w); err != nil {
					return err
				}
			}
			list = append(list, reasons)
		case f.err == nil:
			line, err := view.JSON(f.message)
			if err != nil {
				return err
			}
			list = append(list, json.RawMessage(line))
		case len(found) > 1:
			list = append(list, map[string]string{"id": f.id, "error": f.err.Error()})
		}
	}
	if len(list) == 0 || (s.why || s.blocks) && !s.json {
		return failed
	}
	var out any = list
	if len(found) == 1 {
		out = list[0]
	}
	if err := printIndented(w, out); err != nil {
		return err
	}
	return failed
}

func printIndented(w io.Writer, v any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("encode the result: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// field is one field of a document and why it is what it is.
type field struct {
	Field      string  `json:"field"`
	Value      string  `json:"value"`
	Source     string  `json:"source"`
	Rule       string  `json:"rule"`
	Meaning    string  `json:"meaning"`
	Confidence float64 `json:"confidence"`
}

// reasons is what --why and --blocks show of one document.
type reasons struct {
	ID       string             `json:"id"`
	PageType string             `json:"pageType,omitempty"`
	Error    string             `json:"error,omitempty"`
	Fields   []field            `json:"fields,omitempty"`
	Page     *parse.Explanation `json:"page,omitempty"`
}

func (s shown) reasons(f explained) (*reasons, error) {
	article, ok := f.message.(*datelinev1.Article)
	if !ok {
		return nil, errors.New("the document is a feed; --why and --blocks explain pages and stories")
	}
	r := &reasons{ID: f.id, PageType: article.GetDocument().GetPageType()}
	if f.err != nil {
		r.Error = f.err.Error()
	}
	if s.why {
		r.Fields = fieldsOf(article.GetDocument())
	}
	if s.blocks {
		r.Page = f.page
	}
	return r, nil
}

// fieldsOf lists the fields in the order of the contract.
func fieldsOf(d *datelinev1.Document) []field {
	var fields []field
	known := maps.Clone(d.GetOrigins())
	add := func(name, value string) {
		o := known[name]
		if o == nil {
			return
		}
		delete(known, name)
		rule, _ := parse.RuleOf(o.GetRule())
		fields = append(fields, field{name, value, o.GetSource(), o.GetRule(), rule.Meaning, o.GetConfidence()})
	}
	when := func(t interface{ AsTime() time.Time }, layout string) string { return t.AsTime().Format(layout) }
	add("headline", d.GetHeadline())
	add("abstract", d.GetAbstract())
	add("byline", d.GetByline())
	add("authors", strings.Join(d.GetAuthors(), "; "))
	add("publishedAt", strings.TrimSpace(when(d.GetPublishedAt(), time.RFC3339)+" to the "+d.GetPublishedPrecision()+" "+d.GetPublishedDoubt()))
	add("modifiedAt", when(d.GetModifiedAt(), time.RFC3339))
	add("siteName", d.GetSiteName())
	add("section", d.GetSection())
	add("tags", strings.Join(d.GetTags(), "; "))
	add("language", d.GetLanguage())
	add("canonicalUrl", d.GetCanonicalUrl())
	add("ampUrl", d.GetAmpUrl())
	if images := d.GetImages(); len(images) > 0 {
		add("images", fmt.Sprintf("%d: %s", len(images), images[0].GetUrl()))
	}
	add("slugline", d.GetSlugline())
	add("credit", d.GetCredit())
	add("urgency", fmt.Sprint(d.GetUrgency()))
	add("subjects", strings.Join(d.GetSubjects(), "; "))
	add("publicationStatus", d.GetPublicationStatus())
	r := d.GetRights()
	add("rights.isAccessibleForFree", fmt.Sprint(r.GetIsAccessibleForFree()))
	add("rights.license", r.GetLicense())
	add("rights.robotsMeta", r.GetRobotsMeta())
	add("rights.tdmReservation", r.GetTdmReservation())
	add("encoding", d.GetEncoding())
	add("text", fmt.Sprintf("%d words: %s", d.GetWordCount(), d.GetText()))
	for _, name := range slices.Sorted(maps.Keys(known)) {
		add(name, "")
	}
	return fields
}

// Widths of columns, in characters.
const (
	valueWidth = 60
	placeWidth = 44
	textWidth  = 70
)

// write prints reasons for people.
func (r *reasons) write(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  %s\n", r.ID, r.PageType)
	if r.Error != "" {
		fmt.Fprintf(&b, "  %s\n", view.Clean(r.Error, 500))
	}
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range r.Fields {
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%.2f\n", f.Field, view.Clean(f.Value, valueWidth), f.Source, view.Clean(f.Rule, placeWidth), f.Confidence)
	}
	if r.Page != nil {
		if len(r.Fields) > 0 {
			fmt.Fprintln(tw)
		}
		for _, block := range r.Page.Blocks {
			sign := "-"
			if block.Kept {
				sign = "+"
			}
			fmt.Fprintf(tw, "  %s %.2f\t%s\t%s\t%s\t%s\n", sign, block.Score, block.Kind, block.Reason, view.Clean(block.Place, placeWidth), view.Clean(block.Text, textWidth))
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
