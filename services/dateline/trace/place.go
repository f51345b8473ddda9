package trace

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// readPages finds where an article waits for being fetched: for its turn with the
// stage that gives it a slot, for the slot, or for a free fetcher.
func (r *reader) readPages(ctx context.Context, t *Trace, s *findings) error {
	if s.found != nil {
		p, err := r.progress(ctx, topology.Admit)
		if err != nil {
			return err
		}
		if s.found.Sequence > p.floor {
			s.places = append(s.places, place{
				stage: p.name, at: s.found.At, article: s.found.message, inHand: s.found.Sequence <= p.delivered,
			})
		}
	}
	if r.host == "" {
		r.learn(s.found.article().GetFetch().GetUrl())
	}
	if r.host == "" {
		return nil
	}
	wait, err := last(ctx, r, topology.StreamPages, topology.PageWait(r.host, t.ID), &datelinev1.Article{})
	if err != nil {
		return err
	}
	if wait != nil {
		s.places = append(s.places, place{stage: topology.Page.Name, at: wait.At, due: scheduled(wait.header), article: wait.message})
	}
	due, err := last(ctx, r, topology.StreamPages, topology.PageDue(r.host, t.ID), &datelinev1.Article{})
	if err != nil || due == nil {
		return err
	}
	p, err := r.progress(ctx, topology.Page)
	if err != nil {
		return err
	}
	s.places = append(s.places, place{stage: p.name, at: due.At, article: due.message, inHand: due.Sequence <= p.delivered})
	return nil
}

// article is the article of a message that may not be there.
func (s *stored[M]) article() *datelinev1.Article {
	if s == nil {
		return nil
	}
	a, _ := any(s.message).(*datelinev1.Article)
	return a
}

// pushedHost is the host in the subjects of documents that have no address.
const pushedHost = "pushed"

// readFetched finds where an article waits after its page came, and the page itself.
func (r *reader) readFetched(ctx context.Context, t *Trace, s *findings) error {
	hosts := []string{pushedHost}
	if r.host != "" {
		hosts = []string{r.host}
	}
	for _, host := range hosts {
		subject := topology.ArticleFetched(host, t.ID)
		page, err := last(ctx, r, topology.StreamFetched, subject, &datelinev1.Page{})
		if err != nil {
			return err
		}
		if page != nil {
			p, err := r.progress(ctx, topology.Parser)
			if err != nil {
				return err
			}
			s.places = append(s.places, place{
				stage: p.name, at: page.At, article: page.message.GetArticle(), inHand: page.Sequence <= p.delivered,
			})
		}
		if s.kept, err = r.exists(ctx, topology.StreamArchive, topology.ArchiveOf(subject)); err != nil {
			return err
		}
	}
	if s.parsed == nil {
		return nil
	}
	p, err := r.progress(ctx, topology.Enricher)
	if err != nil || s.parsed.Sequence <= p.floor {
		return err
	}
	if s.parsed.Sequence <= p.delivered && s.after(s.parsed) {
		return nil
	}
	s.places = append(s.places, place{
		stage: p.name, at: s.parsed.At, article: s.parsed.message, inHand: s.parsed.Sequence <= p.delivered,
	})
	return nil
}

// readReplays finds where the article waits to be replayed.
func (r *reader) readReplays(ctx context.Context, t *Trace, s *findings) error {
	kept := []string{topology.ArticleParsed(t.ID)}
	if s.kept != nil {
		kept = append(kept, s.kept.Subject)
	}
	for _, subject := range kept {
		for _, spec := range []topology.Stage{topology.Parser, topology.Enricher} {
			waits, err := last(ctx, r, spec.Stream, topology.ReplayOf(subject), &datelinev1.Page{})
			if err != nil {
				return err
			}
			if waits == nil {
				continue
			}
			p, err := r.progress(ctx, spec)
			if err != nil {
				return err
			}
			if waits.Sequence > p.floor {
				s.places = append(s.places, place{stage: p.name, at: waits.At, inHand: waits.Sequence <= p.delivered, replay: replayOf(waits)})
			}
		}
	}
	return nil
}

// replayOf is the run of 'dateline replay' that a message came of.
func replayOf[M proto.Message](s *stored[M]) string { return s.header.Get(stage.HeaderReplay) }

// after says whether the enricher is done with a document: the messages of a stage end
// in any order.
func (s *findings) after(parsed *stored[*datelinev1.Article]) bool {
	for _, e := range s.events {
		if e.message.GetRevision() >= parsed.message.GetRevision() {
			return true
		}
	}
	for _, e := range s.endings {
		if e.message.GetStage() == topology.Enricher.Name && e.At.After(parsed.At) {
			return true
		}
	}
	return false
}
