package trail_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/services/internal/trail"
)

func TestStamp(t *testing.T) {
	t.Parallel()
	started := time.Now().Add(-time.Second)
	ctx := stage.WithDelivery(t.Context(), stage.Delivery{Stage: "parser", Attempt: 2, Started: started})
	s := trail.Stamp(ctx, "took the feed's text")
	require.Equal(t, "parser", s.GetStage())
	require.EqualValues(t, 2, s.GetAttempt())
	require.True(t, s.GetStartedAt().AsTime().Equal(started))
	require.GreaterOrEqual(t, s.GetTook().AsDuration(), time.Second)
	require.NotEmpty(t, s.GetHost())
	require.NotEmpty(t, s.GetVersion())
	require.Equal(t, []string{"took the feed's text"}, s.GetNotes())
}

func TestStampOutsideAHandler(t *testing.T) {
	t.Parallel()
	s := trail.Stamp(t.Context())
	require.Empty(t, s.GetStage())
	require.Nil(t, s.GetStartedAt())
	require.Nil(t, s.GetTook())
}

// A note may repeat what a server said.
func TestNotesAreBoundedAndValid(t *testing.T) {
	t.Parallel()
	s := trail.Stamp(t.Context(), "answered \xff", strings.Repeat("é", 5000))
	for _, note := range s.GetNotes() {
		require.True(t, utf8.ValidString(note))
		require.Less(t, len(note), 600)
	}
	_, err := proto.Marshal(s)
	require.NoError(t, err)
}
