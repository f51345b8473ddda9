package websub

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// intent is a hub's request by GET: to verify that a subscription, or its end, was
// asked for, or to tell that it is denied (sections 5.2 and 5.3).
type intent struct {
	mode, topic string
	// challenge is what is to be echoed.
	challenge string
	// lease is for how long the hub will deliver; 0 if it does not say.
	lease time.Duration
	// reason is why a subscription is denied.
	reason string
}

const (
	// maxQuery and maxChallenge bound what a hub may send and have echoed, in bytes.
	maxQuery     = 16 << 10
	maxChallenge = 2 << 10
)

// readIntent reads a query. Of a parameter that is repeated the first counts.
func readIntent(rawQuery string) (intent, error) {
	if len(rawQuery) > maxQuery {
		return intent{}, fmt.Errorf("the query has %d bytes; %d are the most", len(rawQuery), maxQuery)
	}
	q, err := url.ParseQuery(rawQuery)
	if err != nil {
		return intent{}, fmt.Errorf("read the query: %w", err)
	}
	in := intent{mode: q.Get("hub.mode"), topic: q.Get("hub.topic"), challenge: q.Get("hub.challenge"), reason: clean(q.Get("hub.reason"))}
	if seconds, err := strconv.ParseInt(q.Get("hub.lease_seconds"), 10, 32); err == nil && seconds > 0 {
		in.lease = time.Duration(seconds) * time.Second
	}
	switch in.mode {
	case modeDenied:
	case ModeSubscribe, ModeUnsubscribe:
		if !echoable(in.challenge) {
			return intent{}, fmt.Errorf("hub.challenge is no line of printable text of up to %d bytes", maxChallenge)
		}
	default:
		return intent{}, fmt.Errorf("hub.mode is %.20q", in.mode)
	}
	return in, nil
}

// echoable tells challenges that do no harm in an answer (section 8.2).
func echoable(s string) bool {
	return s != "" && len(s) <= maxChallenge && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// verify takes over that the hub has verified a subscription at now, if that was asked
// for. asked is the lease that was asked for, where the hub does not tell its own.
func (in intent) verify(sub *datelinev1.HubSubscription, asked time.Duration, now time.Time) bool {
	if in.topic != sub.GetTopicUrl() {
		return false
	}
	switch sub.GetState() {
	case Requested, Active, Failed:
		// A hub may verify what is active once more (section 5), and one that was slow
		// may be believed to have failed.
	default:
		return false
	}
	lease := in.lease
	if lease == 0 {
		lease = asked
	}
	sub.LeaseUntil = timestamppb.New(now.Add(min(lease, maxLease)))
	sub.State, sub.Reason = Active, "the hub delivers"
	return true
}

// deny takes over that the hub will not have a subscription, which it may say at any
// time.
func (in intent) deny(sub *datelinev1.HubSubscription) bool {
	if in.topic != sub.GetTopicUrl() || sub.GetState() == Ended {
		return false
	}
	sub.State, sub.Reason, sub.LeaseUntil = Denied, "the hub denied it", nil
	if in.reason != "" {
		sub.Reason += ": " + in.reason
	}
	return true
}

// clean makes a reason one short line.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return ' '
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxReason {
		s = strings.ToValidUTF8(s[:maxReason], "") + "…"
	}
	return s
}

// Fail says why a hub could not be asked for a subscription.
func Fail(sub *datelinev1.HubSubscription, reason string) {
	sub.State, sub.Reason = Failed, clean(reason)
}
