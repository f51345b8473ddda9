package stage_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// ending reads the mark of an article's end; nil if there is none.
func (r *rig) ending(id string) *datelinev1.Ending {
	r.Helper()
	stream, err := r.bus.JS.Stream(r.Context(), topology.StreamFetch)
	require.NoError(r, err)
	msg, err := stream.GetLastMsgForSubject(r.Context(), topology.ArticleEnded(id, topology.Parser.Name))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	require.NoError(r, err)
	e := &datelinev1.Ending{}
	require.NoError(r, bus.Decode(msg.Header, msg.Data, e))
	return e
}

// TestEndings: what ends an article leaves word of it, before its message is
// acknowledged; what does not, or is no article, leaves none.
func TestEndings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		article  string
		verdict  func(a *datelinev1.Article) ([]stage.Out, error)
		outcomes counts
		want     *datelinev1.Ending
	}{
		{
			name: "dropped", article: "a1",
			verdict:  func(*datelinev1.Article) ([]stage.Out, error) { return nil, stage.Drop("consent") },
			outcomes: counts{"dropped/consent": 1},
			want:     &datelinev1.Ending{Outcome: "dropped", Reason: "consent"},
		},
		{
			name: "duplicate", article: "a1",
			verdict:  func(*datelinev1.Article) ([]stage.Out, error) { return nil, stage.Duplicate() },
			outcomes: counts{"duplicate": 1},
			want:     &datelinev1.Ending{Outcome: "duplicate"},
		},
		{
			name: "quarantined", article: "a1",
			verdict:  func(*datelinev1.Article) ([]stage.Out, error) { return nil, stage.Permanent(errDown) },
			outcomes: counts{"quarantined/permanent": 1},
			want:     &datelinev1.Ending{Outcome: "quarantined", Reason: stage.ClassPermanent},
		},
		{
			name: "skipped", article: "a1",
			verdict:  func(*datelinev1.Article) ([]stage.Out, error) { return nil, stage.Skip("unchanged") },
			outcomes: counts{"dropped/unchanged": 1},
		},
		{
			name: "dropped, with outputs that say how it goes on", article: "a1",
			verdict: func(a *datelinev1.Article) ([]stage.Out, error) {
				return []stage.Out{parsed(a)}, stage.Drop("missing")
			},
			outcomes: counts{"dropped/missing": 1},
		},
		{
			name: "passed on", article: "a1",
			verdict:  func(a *datelinev1.Article) ([]stage.Out, error) { return []stage.Out{parsed(a)}, nil },
			outcomes: counts{"ok": 1},
		},
		{
			name: "a message that names no article", article: "",
			verdict:  func(*datelinev1.Article) ([]stage.Out, error) { return nil, stage.Drop("consent") },
			outcomes: counts{"dropped/consent": 1},
		},
		{
			name: "an id that is too long for a subject", article: strings.Repeat("x", 600),
			verdict:  func(*datelinev1.Article) ([]stage.Out, error) { return nil, stage.Drop("consent") },
			outcomes: counts{"dropped/consent": 1},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			articles(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) { return tt.verdict(a) })
			msg, err := bus.Encode(topology.ArticleFetched("news.example", "a1"), &datelinev1.Article{Id: "a1"}, bus.Protobuf)
			require.NoError(t, err)
			if tt.article != "" {
				msg.Header.Set(stage.HeaderArticle, tt.article)
			}
			r.publish(msg)
			r.settled(topology.Parser, tt.outcomes)
			e := r.ending("a1")
			if tt.want == nil {
				require.Nil(t, e)
				return
			}
			require.Equal(t, tt.want.GetOutcome(), e.GetOutcome())
			require.Equal(t, tt.want.GetReason(), e.GetReason())
			require.Equal(t, "parser", e.GetStage())
			require.Equal(t, "1.2.3", e.GetVersion())
			require.Equal(t, uint32(1), e.GetAttempt())
			if tt.want.GetOutcome() == "quarantined" {
				require.Equal(t, r.quarantined().GetId(), e.GetQuarantineId())
			}
		})
	}
}
