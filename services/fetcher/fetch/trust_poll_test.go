package fetch_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// An origin that answers 304 to whoever has an entity tag, though its feed brings
// entries, is caught and read.
func TestALying304IsCaught(t *testing.T) {
	t.Parallel()
	for name, tag := range map[string]func(newest int64) string{
		"one tag for ever":       func(int64) string { return `"v1"` },
		"a tag for each edition": func(newest int64) string { return fmt.Sprintf(`"%d"`, newest) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, o, id := one(t, func(s *sim) http.HandlerFunc {
				p := &paper{clock: s.clock, every: time.Hour, shift: 17 * time.Minute}
				return p.page(func(w http.ResponseWriter, r *http.Request, newest int64) bool {
					w.Header().Set("Etag", tag(newest))
					if r.Header.Get("If-None-Match") != "" {
						w.WriteHeader(http.StatusNotModified)
						return true
					}
					return false
				})
			})
			for s.poll(1); s.state(id).GetValidatorLies() == 0; s.poll(1) {
				require.Less(t, len(o.asked("/feed")), 22, "polls until it is caught")
			}
			require.Less(t, s.now().Sub(o.asked("/feed")[0].at), 36*time.Hour)
			require.Contains(t, s.state(id).GetReason(), "304 had hidden them")
			caught := len(o.asked("/feed"))
			s.run(20 * time.Hour)
			visits := o.asked("/feed")
			for _, v := range visits[caught:] {
				require.Empty(t, v.header["If-None-Match"])
			}
			require.GreaterOrEqual(t, slices.Min(waits(visits[caught:])), time.Hour, "full answers cost more")
			require.LessOrEqual(t, slices.Max(waits(visits[caught:])), 4*time.Hour)

			s.run(40 * day)
			lies := s.state(id).GetValidatorLies()
			require.Greater(t, lies, uint32(2), "trust is given again, and lost again")
			require.Less(t, lies, uint32(8), "for longer each time")
		})
	}
}

// An honest origin is never called a liar, and is seldom asked for what is known.
func TestAnHonest304IsBelieved(t *testing.T) {
	t.Parallel()
	for every, run := range map[time.Duration]time.Duration{10 * time.Minute: 2 * day, time.Hour: 15 * day, day: 60 * day, 7 * day: 120 * day} {
		t.Run(every.String(), func(t *testing.T) {
			t.Parallel()
			full := 0
			s, o, id := one(t, func(s *sim) http.HandlerFunc {
				p := &paper{clock: s.clock, every: every, shift: 17 * time.Minute}
				last := int64(-1)
				return p.page(func(w http.ResponseWriter, r *http.Request, newest int64) bool {
					tag := fmt.Sprintf(`"%d"`, newest)
					w.Header().Set("Etag", tag)
					if r.Header.Get("If-None-Match") == tag {
						w.WriteHeader(http.StatusNotModified)
						return true
					}
					if last == newest {
						full++
					}
					last = newest
					return false
				})
			})
			s.run(run)
			require.Zero(t, s.state(id).GetValidatorLies())
			require.Less(t, 4*full, len(o.asked("/feed")), "full answers that held nothing new")
			require.Equal(t, "healthy", s.state(id).GetState())
			t.Logf("%d polls, %d of them for nothing in full, %d entries found", len(o.asked("/feed")), full, len(s.found))
		})
	}
}

// A feed that falls silent is told, at its own pace; and not before.
func TestAQuietFeedIsTold(t *testing.T) {
	t.Parallel()
	var last time.Time
	s, o, id := one(t, func(s *sim) http.HandlerFunc {
		last = s.now().Add(35 * day)
		p := &paper{clock: s.clock, every: time.Hour, until: last}
		return p.page(func(w http.ResponseWriter, r *http.Request, newest int64) bool {
			tag := fmt.Sprintf(`"%d"`, newest)
			w.Header().Set("Etag", tag)
			if r.Header.Get("If-None-Match") == tag {
				w.WriteHeader(http.StatusNotModified)
				return true
			}
			return false
		})
	})
	s.run(35 * day)
	require.Equal(t, "healthy", s.state(id).GetState())
	require.Len(t, s.state(id).GetChanges(), 1, "it was so all the time")
	expected := s.state(id).GetExpectedSilence().AsDuration()
	require.Less(t, expected, 3*day)
	s.run(10 * day)
	state := s.state(id)
	require.Equal(t, "quiet", state.GetState())
	told := state.GetChanges()[1].GetAt().AsTime()
	require.Greater(t, told.Sub(last), expected-time.Hour)
	require.Less(t, told.Sub(last), expected+day+day/5)
	for _, v := range o.asked("/feed") {
		if v.at.Equal(told) {
			require.Empty(t, v.header["If-None-Match"], "a 304 alone is not believed then")
		}
	}

	o.serve("/feed", (&paper{clock: s.clock, every: time.Hour}).page(nil))
	s.run(2 * day)
	require.Equal(t, "healthy", s.state(id).GetState())
}

// A service that was down comes late, and says so.
func TestALatePollIsTold(t *testing.T) {
	t.Parallel()
	s, _, id := one(t, func(s *sim) http.HandlerFunc { return (&paper{clock: s.clock, every: time.Hour}).page(nil) })
	s.run(2 * day)
	s.sleep(12 * time.Hour)
	s.poll(1)
	require.Equal(t, "late", s.state(id).GetState())
	s.poll(2)
	require.Equal(t, "healthy", s.state(id).GetState())
}

// No entry is missed, and none found twice, whatever the pace of feed and poller.
func TestAllEntriesAreFoundOnce(t *testing.T) {
	t.Parallel()
	for _, every := range []time.Duration{7 * time.Minute, 25 * time.Minute, 3 * time.Hour} {
		s, _, id := one(t, func(s *sim) http.HandlerFunc { return (&paper{clock: s.clock, every: every}).page(nil) })
		s.run(5 * day)
		sent := int(5*day/every) + 20
		require.InDelta(t, sent, len(s.found), float64(8*time.Hour/every)+8, every.String())
		require.EqualValues(t, len(s.found), s.state(id).GetEntriesFound())
	}
}

func TestAnInterval(t *testing.T) {
	t.Parallel()
	cfg := testConfig()
	require.Zero(t, cfg.FullInterval)
	cfg.FullInterval = -1
	require.ErrorContains(t, cfg.Validate(), "fetcher.full-interval")
	_, err := fetch.New(cfg, fetch.Deps{})
	require.Error(t, err)
}
