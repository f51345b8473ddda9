package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrNoAnswer means that the server did not answer a question: it went down, or a
// stream has no leader. Whatever message the question was asked for has no part in it.
var ErrNoAnswer = errors.New("the server did not answer")

// answerTimeout bounds one question to the server. A question that was on its way
// when the server went down is never answered, also when the server is back: without
// a bound of its own it would hold up whoever asked for as long as that may work.
const answerTimeout = 5 * time.Second

// Ask asks the server one question, such as for the last message on a subject, and
// returns its answer, or ErrNoAnswer.
func Ask[T any](ctx context.Context, question func(ctx context.Context) (T, error)) (T, error) {
	return AskFor(ctx, answerTimeout, question)
}

// AskFor is Ask for who cannot wait for as long.
func AskFor[T any](ctx context.Context, wait time.Duration, question func(ctx context.Context) (T, error)) (T, error) {
	asking, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	answer, err := question(asking)
	if err != nil && (unanswered(err) || asking.Err() != nil) && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	return answer, err
}

// unanswered says whether an error comes from the way to the server and not from it.
func unanswered(err error) bool {
	for _, known := range []error{
		nats.ErrNoResponders, nats.ErrTimeout, nats.ErrDisconnected, nats.ErrReconnectBufExceeded, jetstream.ErrNoStreamResponse,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
