package stage

import (
	"math/rand/v2"
	"time"
)

// Backoff is exponential with full jitter: before attempt n+1 it waits a random
// time between 0 and min(Max, Base·2^(n-1)), which spreads a herd better than
// any fixed delay (Brooker, "Exponential Backoff And Jitter", 2015).
type Backoff struct {
	Base, Max time.Duration
}

func (b Backoff) withDefaults() Backoff {
	if b.Base <= 0 {
		b.Base = time.Second
	}
	if b.Max <= 0 {
		b.Max = 5 * time.Minute
	}
	return b
}

// minDelay keeps a retry from being immediate: a bare Nak spends all attempts
// within milliseconds.
const minDelay = 20 * time.Millisecond

// Delay is the wait after the given attempt, which counts from 1.
func (b Backoff) Delay(attempt int) time.Duration {
	ceiling := b.Max
	if shift := attempt - 1; shift < 32 {
		if d := b.Base << max(shift, 0); d > 0 && d < ceiling {
			ceiling = d
		}
	}
	return minDelay + rand.N(ceiling)
}
