package parse

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/template"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// among is a page among the others of its host: what they have in common goes
// in, what the page adds to that comes out.
//
// A page never counts for itself, so that a message that is delivered again finds
// what it found, but for what other pages taught in between; of two documents that
// differ so, the stream keeps the first, since they have one message id.
type among struct {
	host    *template.Host
	article template.Print
	// had are the lines of the article's last revision, which stay: that the host's
	// template has become known since is no change of the story.
	had map[template.Print]bool

	// prints are the blocks to learn from: what was chosen for the story, also what
	// was left out.
	prints []template.Print
	left   int
}

func newAmong(host *template.Host, articleID string, last *datelinev1.Document) *among {
	a := &among{host: host, article: template.ArticlePrint(articleID)}
	if text := last.GetText(); text != "" {
		a.had = map[template.Print]bool{}
		for line := range strings.SplitSeq(text, "\n") {
			a.had[template.PrintOf(line)] = true
		}
	}
	return a
}

// review leaves out what belongs to the host's template.
func (a *among) review(choices []mainbody.Choice) {
	blocks := make([]template.Block, len(choices))
	a.prints = make([]template.Print, len(choices))
	for i, c := range choices {
		a.prints[i] = template.PrintOf(c.Text)
		blocks[i] = template.Block{Print: a.prints[i], Size: template.SizeOf(c.Text), Path: c.Path, Heading: c.Heading}
	}
	leave, reprint := a.host.Furniture(a.article, blocks, func(p template.Print) bool { return a.had[p] })
	if reprint {
		a.prints = nil
	}
	a.left = 0
	for i := range leave {
		if leave[i] {
			choices[i].Leave = true
			a.left++
		}
	}
}

// forget says that the page's own text was not used after all.
func (a *among) forget() {
	if a != nil {
		a.prints, a.left = nil, 0
	}
}

// notes tells what was left out.
func (a *among) notes() []string {
	switch {
	case a == nil || a.left == 0:
		return nil
	case a.left == 1:
		return []string{"1 block that other pages of the host have was left out"}
	}
	return []string{fmt.Sprintf("%d blocks that other pages of the host have were left out", a.left)}
}

// hosts keeps what the pages of each host have in common.
type hosts interface {
	Of(ctx context.Context, host string) (*template.Host, error)
	Learn(ctx context.Context, host string, article template.Print, prints []template.Print) error
}

// others puts an article's page among the others of its host; it is nil where there
// are none to compare with.
//
// A first look goes on without them where they cannot be looked up. Another look and a
// replay, which are compared with an earlier one, do not, since the text would differ from
// the last for no other reason: the error is to be retried.
func (h *handler) others(ctx context.Context, a *datelinev1.Article, last *datelinev1.Document, compared bool) (*among, error) {
	name := hostOf(a)
	if h.templates == nil || name == "" {
		return nil, nil
	}
	host, err := h.templates.Of(ctx, name)
	if err != nil {
		if compared {
			return nil, err
		}
		h.log.Warn("page parsed without its host's template", zap.Error(err))
		return nil, nil
	}
	return newAmong(host, a.GetId(), last), nil
}

// learn adds the first look at a page to those of its host. To lose one does no
// harm.
func (h *handler) learn(ctx context.Context, a *datelinev1.Article, others *among) {
	if others == nil {
		return
	}
	h.furniture.Add(float64(others.left))
	if again(a) || len(others.prints) == 0 {
		return
	}
	if err := h.templates.Learn(ctx, hostOf(a), others.article, others.prints); err != nil {
		h.log.Warn("page not learnt from", zap.Error(err))
	}
}

// hostOf is the host that a page came from. What a publisher pushes only says of
// itself where it stands: it neither teaches nor is compared.
func hostOf(a *datelinev1.Article) string {
	if pushed(a) {
		return ""
	}
	u, err := url.Parse(cmp.Or(a.GetFetch().GetFinalUrl(), a.GetFetch().GetUrl()))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
