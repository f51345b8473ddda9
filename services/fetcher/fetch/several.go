package fetch

import (
	"context"
	"fmt"

	"github.com/dateline-news/dateline/pkg/stage"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/internal/newsform"
)

// maxStories bounds the stories of one document.
const maxStories = 500

// pushAll enters each story of a document that holds several. All follows from the
// document and the seen-set, which remembers the submission for each story: a
// document that is delivered again, also after only some of its stories were
// entered, gives what it gave.
//
// What is broken goes on like the others, and the parser puts it in quarantine by
// itself; the note in the trail tells its place.
func (f *Fetcher) pushAll(ctx context.Context, raw stage.Raw, doc document, stories []newsform.Story) ([]stage.Out, error) {
	if len(stories) > maxStories {
		return nil, f.reject(raw, fmt.Errorf("the document holds %d stories; %d are the most, send it in parts", len(stories), maxStories))
	}
	docs := doc.split(stories)
	articles := make([]*datelinev1.Article, len(docs))
	last := map[string]int{}
	for i, d := range docs {
		article, _, err := f.pushed(ctx, d)
		if err != nil {
			return nil, f.reject(raw, err)
		}
		articles[i], last[article.GetId()] = article, i
	}
	var outs []stage.Out
	all := &datelinev1.Receipt{Status: duplicate}
	for i, article := range articles {
		if later := last[article.GetId()]; later != i {
			// As two revisions they would take turns whenever the document is delivered again.
			all.Stories = append(all.Stories, &datelinev1.Receipt{
				Status: duplicate, Id: article.GetId(), Message: "a later version is " + stories[later].Place,
			})
			continue
		}
		out, receipt, err := f.take(ctx, raw, article, pushedHost, docs[i], stories[i].Place)
		if err != nil {
			return nil, err
		}
		all.Stories = append(all.Stories, receipt)
		if out != nil {
			all.Status = accepted
			outs = append(outs, *out)
		}
	}
	all.Message = fmt.Sprintf("%d of %d stories are new", len(outs), len(stories))
	f.answer(raw.Header, all)
	if len(outs) == 0 {
		return nil, stage.Duplicate()
	}
	return outs, nil
}

// split makes a document of each story. A URL and a title that were given cannot be
// all of theirs.
func (d *document) split(stories []newsform.Story) []document {
	docs := make([]document, len(stories))
	for i, s := range stories {
		docs[i] = document{
			about:     &datelinev1.Submission{Published: d.about.GetPublished(), Labels: d.about.GetLabels()},
			mediaType: s.Form.MediaType(), charset: "utf-8", content: s.Content,
		}
	}
	return docs
}
