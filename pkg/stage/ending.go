package stage

import (
	"fmt"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// withEnding adds the mark of an article's end to the outputs of a verdict that ends
// its message, where there are none: outputs tell by themselves how it goes on.
func (r *Runner[In]) withEnding(d *delivery, outs []Out, outcome, reason string) []Out {
	if len(outs) > 0 {
		return outs
	}
	if mark, ok := r.ending(d, outcome, reason); ok {
		return []Out{mark}
	}
	return nil
}

// ending is the mark that an article ends at this stage. Messages that are of no
// article, or do not say of which, leave none.
func (r *Runner[In]) ending(d *delivery, outcome, reason string) (Out, bool) {
	article := d.header.Get(HeaderArticle)
	subject := topology.ArticleEnded(article, r.spec.Name)
	if !r.spec.Articles || article == "" || !topology.ValidSubject(subject) {
		return Out{}, false
	}
	mark := &datelinev1.Ending{
		ArticleId: validUTF8([]string{article})[0], Stage: r.spec.Name, Outcome: outcome, Reason: reason,
		At: timestamppb.Now(), Attempt: uint32(d.attempt()), Host: r.s.Host, Version: r.s.Version,
	}
	return Out{
		Subject: subject, ID: fmt.Sprintf("%s:ended:%s:%d", article, r.spec.Name, d.meta.Sequence.Stream),
		Message: mark, Header: map[string]string{HeaderArticle: article},
	}, true
}
