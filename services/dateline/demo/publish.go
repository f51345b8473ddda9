package demo

import (
	"context"
	"time"
)

// Publish brings out one article of the reserve each time that every passes, so
// that a running demo stays alive. It returns when ctx is done or the reserve is
// used up, and at once if every is not positive.
func (s *Site) Publish(ctx context.Context, every time.Duration) {
	if every <= 0 {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, ok := s.PublishNext(); !ok {
				return
			}
		}
	}
}

// PublishNext brings out the next article of the reserve with the present time,
// on its page and in its paper's feed. It reports false if there is none left.
func (s *Site) PublishNext() (Article, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.reserve) == 0 {
		return Article{}, false
	}
	st := s.reserve[0]
	// The body was filled in once at the start, and only the day can differ now.
	if err := st.date(s.now()); err != nil {
		return Article{}, false
	}
	s.reserve = s.reserve[1:]
	s.stories = append(s.stories, st)
	s.arrange()
	return st.article(), true
}
