package stage

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
)

// Why a message cannot be published, however long one waits.
var (
	// errSuperseded means that somebody else wrote a subject in between.
	errSuperseded = errors.New("somebody else wrote in between")
	// errTooLarge means that the server takes no message of this size.
	errTooLarge = errors.New("too large for the server")
	// errMalformed means that the server takes no message of this form.
	errMalformed = errors.New("malformed output")
)

// Error codes of the server that the client library has no name for.
const (
	codeAccountLimit     jetstream.ErrorCode = 10002
	codeHeaderTooLarge   jetstream.ErrorCode = 10097
	codeTTLInvalid       jetstream.ErrorCode = 10165
	codeSchedulerInvalid jetstream.ErrorCode = 10212
	codeTimeZoneInvalid  jetstream.ErrorCode = 10223
)

// tooLarge and malformed are the answers that the same message always gets. A
// feature that is off (10166, 10188) is not among them: that is a stream's
// setting, which is put right without touching the message.
var (
	tooLarge = []jetstream.ErrorCode{
		jetstream.JSErrCodeStreamMessageExceedsMaximum, codeHeaderTooLarge,
	}
	malformed = []jetstream.ErrorCode{
		jetstream.JSErrCodeSchedulePatternInvalid, jetstream.JSErrCodeScheduleTargetInvalid,
		jetstream.JSErrCodeScheduleTTLInvalid, jetstream.JSErrCodeScheduleRollupInvalid,
		jetstream.JSErrCodeScheduleSourceInvalid, codeTTLInvalid, codeSchedulerInvalid, codeTimeZoneInvalid,
	}
)

// IsKnown says whether the server refused a message because its subject is not
// as Out.Expect wants it.
func IsKnown(err error) bool { return bus.IsConflict(err) }

// refusal tells the server's final answers from those that time mends, for which
// it returns nil. An answer that is neither (a 4xx that this version does not
// know) is returned as it is: the input is then tried again, but not for ever.
func refusal(o Out, err error) error {
	var api *jetstream.APIError
	hasCode := errors.As(err, &api)
	switch {
	case errors.Is(err, nats.ErrMaxPayload), hasCode && slices.Contains(tooLarge, api.ErrorCode):
		return fmt.Errorf("publish on %s: %w: %w", o.Subject, errTooLarge, err)
	case errors.Is(err, nats.ErrBadSubject), errors.Is(err, bus.ErrUnnamed),
		hasCode && slices.Contains(malformed, api.ErrorCode):
		return fmt.Errorf("publish on %s: %w: %w", o.Subject, errMalformed, err)
	case o.Expect != nil && IsKnown(err):
		return fmt.Errorf("publish on %s: %w", o.Subject, errSuperseded)
	case hasCode && !timeMends(api):
		return fmt.Errorf("publish on %s: %w", o.Subject, err)
	}
	return nil
}

// timeMends says whether an answer of the server is about its own state and not
// about the message: a full stream (503), no leader (503), too many requests.
// That the account's limits are reached is the one such answer among the 400s.
func timeMends(api *jetstream.APIError) bool {
	return api.Code >= http.StatusInternalServerError || api.Code == http.StatusTooManyRequests ||
		api.ErrorCode == codeAccountLimit
}

// isAnswer says whether an error is what the server said, or comes from before
// the message was sent; without one the message may be stored all the same.
func isAnswer(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) || errors.Is(err, jetstream.ErrTooManyStalledMsgs) ||
		errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, nats.ErrReconnectBufExceeded)
}
