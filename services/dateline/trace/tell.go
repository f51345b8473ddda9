package trace

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/shown"
)

// words are what a stage does to an article that it passes on.
var words = map[string]string{
	topology.Push.Name: "submitted", topology.Poll.Name: "found", topology.Deliver.Name: "found, by its hub", topology.Admit.Name: "given a slot",
	topology.Page.Name: "fetched", topology.Parser.Name: "parsed", topology.Enricher.Name: StateEnriched,
}

// tell makes a story of what was found.
func (t *Trace) tell(s *findings) {
	t.about(s)
	t.stamps(s)
	t.ends(s)
	t.looks(s)
	t.waits(s)
	slices.SortStableFunc(t.Steps, func(a, b Step) int { return a.At.Compare(b.At) })
	if t.State == "" {
		t.State, t.Summary = t.judge(s)
	}
	if t.State == StateFeed {
		t.ID, t.URL = "", ""
	}
}

// versions are the articles at all their stations, the furthest first.
func (s *findings) versions() []*datelinev1.Article {
	var all []*datelinev1.Article
	for _, e := range slices.Backward(s.events) {
		all = append(all, e.message)
	}
	if s.parsed != nil {
		all = append(all, s.parsed.message)
	}
	for _, p := range s.places {
		all = append(all, p.article)
	}
	for _, m := range []*stored[*datelinev1.Article]{s.found, s.pushed} {
		if m != nil {
			all = append(all, m.message)
		}
	}
	return all
}

// about fills in what the article is.
func (t *Trace) about(s *findings) {
	for _, a := range s.versions() {
		t.URL = cmp.Or(t.URL, a.GetFetch().GetUrl(), a.GetDocument().GetCanonicalUrl(), a.GetSource().GetEntry().GetUrl())
		t.Headline = cmp.Or(t.Headline, a.GetDocument().GetHeadline(), a.GetSource().GetEntry().GetTitle())
		if t.FirstSeen == nil {
			t.FirstSeen = shown.Instant(a.GetFirstSeenAt())
		}
		if t.Feed == nil && a.GetSource().GetFeedId() != "" {
			t.Feed = &Feed{ID: a.GetSource().GetFeedId(), URL: a.GetSource().GetFeedUrl(), Title: a.GetSource().GetFeedTitle()}
		}
		for _, alias := range a.GetAliases() {
			if !slices.Contains(t.Aliases, alias) {
				t.Aliases = append(t.Aliases, alias)
			}
		}
		if c := a.GetEnrichment().GetCluster(); t.Cluster == nil && c != nil {
			t.Cluster = &Cluster{ID: c.GetId(), Size: c.GetSize(), First: c.GetFirstArticleId(), Nearest: c.GetNearestArticleId(), Similarity: c.GetSimilarity()}
		}
	}
	if s.alias != nil && s.alias.message.GetId() != t.ID {
		t.SameAs = s.alias.message.GetId()
	}
	for _, e := range s.events {
		t.Events = append(t.Events, Event{
			Stored: e.Stored, Revision: e.message.GetRevision(), Changed: e.message.GetChange().GetFields(), Vanished: e.message.GetVanishedAt() != nil,
			Replay: replayOf(e),
		})
	}
	t.Kept = s.kept
}

// stamps tells what the stages wrote into the article's trail, each stamp once.
func (t *Trace) stamps(s *findings) {
	type key struct {
		stage   string
		started int64
	}
	seen := make(map[key]bool)
	all := s.versions()
	slices.Reverse(all)
	for _, a := range all {
		trail := a.GetTrail()
		for i, stamp := range trail {
			k := key{stamp.GetStage(), stamp.GetStartedAt().AsTime().UnixNano()}
			if stamp.GetStartedAt() == nil || seen[k] {
				continue
			}
			seen[k] = true
			step := Step{
				At: stamp.GetStartedAt().AsTime(), Stage: stamp.GetStage(), Outcome: cmp.Or(words[stamp.GetStage()], "done"), Revision: a.GetRevision(),
				Attempt: stamp.GetAttempt(), Took: stamp.GetTook().AsDuration().Seconds(), Host: stamp.GetHost(), Version: stamp.GetVersion(), Notes: stamp.GetNotes(),
			}
			last := i == len(trail)-1
			switch {
			case stamp.GetStage() != topology.Page.Name:
			case last && a.GetFetch().GetFetchedAt() == nil, !last && trail[i+1].GetStage() == topology.Page.Name:
				step.Outcome = "put off"
			case a.GetFetch().GetRefetch() > 0:
				step.Outcome = "looked at again"
			}
			t.Steps = append(t.Steps, step)
		}
	}
	if s.pushed != nil && !slices.ContainsFunc(t.Steps, func(step Step) bool { return step.Stage == topology.Push.Name }) {
		t.Steps = append(t.Steps, Step{At: s.pushed.At, Stage: topology.Push.Name, Outcome: words[topology.Push.Name], Revision: s.pushed.message.GetRevision()})
	}
}

// ends tells where the article did not go on.
func (t *Trace) ends(s *findings) {
	for _, m := range s.endings {
		e := m.message
		step := Step{
			At: e.GetAt().AsTime(), Stage: e.GetStage(), Outcome: e.GetOutcome(), Reason: e.GetReason(), Attempt: e.GetAttempt(),
			Host: e.GetHost(), Version: e.GetVersion(), Quarantine: e.GetQuarantineId(),
		}
		if run := replayOf(m); run != "" {
			step.Notes = append(step.Notes, "replay "+run)
		}
		if id := e.GetQuarantineId(); id != "" && !s.quarantined[id] {
			step.Notes = append(step.Notes, "not in quarantine any more: it was retried, dropped, or has expired")
		}
		t.Steps = append(t.Steps, step)
	}
}

// looks tells of the last look at the page, where it brought nothing new.
func (t *Trace) looks(s *findings) {
	if s.visit == nil {
		return
	}
	v := s.visit.message
	at := v.GetFetchedAt().AsTime()
	for _, step := range t.Steps {
		// What has a stamp of its own began before it was remembered.
		if step.Stage == topology.Page.Name && !step.At.After(at) && at.Sub(step.At) < time.Duration(step.Took*float64(time.Second))+time.Second {
			return
		}
	}
	step := Step{At: at, Stage: topology.Page.Name, Outcome: "looked at again", Reason: "unchanged"}
	switch {
	case v.GetFetches() <= 1 && v.GetMissing() == 0:
		step.Outcome, step.Reason = words[topology.Page.Name], ""
	case v.GetVanished():
		step.Reason = "vanished"
	case v.GetMissing() > 0:
		step.Reason = fmt.Sprintf("missing, %d in a row", v.GetMissing())
	}
	t.Steps = append(t.Steps, step)
}

// waits tells where the article waits, and for what.
func (t *Trace) waits(s *findings) {
	for _, p := range s.places {
		step := Step{At: p.at, Stage: p.stage, Outcome: StateWaiting, Revision: p.article.GetRevision(), Reason: "for the stage"}
		if p.replay != "" {
			step.Notes = append(step.Notes, "replay "+p.replay)
		}
		switch {
		case p.inHand:
			step.Outcome, step.Reason = StateWorking, ""
		case !p.due.IsZero() && p.article.GetFetch().GetRefetch() > 0:
			step.At, step.Ahead, step.Reason, step.Outcome = p.due, true, "another look at the page", "to come"
		case !p.due.IsZero():
			step.At, step.Ahead, step.Reason = p.due, true, "for its slot on its host"
		case p.stage == topology.Page.Name && p.article.GetFetch().GetRefetch() > 0:
			step.Reason = "another look at the page is due"
		}
		t.Steps = append(t.Steps, step)
	}
}

// judge says what state the article is in, and why.
func (t *Trace) judge(s *findings) (state, summary string) {
	if s.feed != nil && len(t.Steps) == 0 {
		return StateFeed, fmt.Sprintf("this is a feed, and it is %s", s.feed.GetPoll().GetState())
	}
	for _, p := range s.places {
		if p.article.GetFetch().GetRefetch() > 0 || p.replay != "" {
			continue
		}
		switch {
		case p.inHand:
			return StateWorking, p.stage + " has it in hand, or will try again soon"
		case !p.due.IsZero():
			return StateWaiting, "it waits for its slot on its host, at " + p.due.UTC().Format(time.RFC3339)
		}
		return StateWaiting, fmt.Sprintf("it waits for %s since %s", p.stage, p.at.UTC().Format(time.RFC3339))
	}
	var end *datelinev1.Ending
	for _, e := range s.endings {
		if end == nil || e.message.GetAt().AsTime().After(end.GetAt().AsTime()) {
			end = e.message
		}
	}
	if n := len(s.events); n > 0 && (end == nil || end.GetOutcome() != StateQuarantined || !s.quarantined[end.GetQuarantineId()]) {
		return StateEnriched, enriched(s.events[n-1])
	}
	switch {
	case t.SameAs != "":
		return StateDuplicate, "it is the same article as " + t.SameAs
	case end == nil && (s.found != nil || s.pushed != nil || s.parsed != nil || s.visit != nil):
		return StateLost, "it was found, but nothing is kept that tells what became of it"
	case end == nil:
		return StateUnknown, ""
	case end.GetOutcome() == StateQuarantined && !s.quarantined[end.GetQuarantineId()]:
		return StateReleased, fmt.Sprintf("%s quarantined it (%s), and it is not there any more: it was dropped, or has expired", end.GetStage(), end.GetReason())
	case end.GetOutcome() == StateQuarantined:
		return StateQuarantined, fmt.Sprintf("%s gave up on it (%s): dateline quarantine show %s", end.GetStage(), end.GetReason(), end.GetQuarantineId())
	case end.GetOutcome() == StateDuplicate:
		return StateDuplicate, end.GetStage() + " found that it was known already"
	}
	return StateDropped, fmt.Sprintf("%s dropped it: %s", end.GetStage(), meaning(end.GetReason()))
}

func enriched(e *stored[*datelinev1.Article]) string {
	a := e.message
	text := fmt.Sprintf("it is an event, on %s", e.Subject)
	if a.GetRevision() > 1 {
		text = fmt.Sprintf("it is an event, in revision %d, on %s", a.GetRevision(), e.Subject)
	}
	if a.GetVanishedAt() != nil {
		text += "; its page has vanished since"
	}
	if run := replayOf(e); run != "" {
		text += "; it was made by replay run " + run
	}
	return text
}
