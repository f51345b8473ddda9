// Package websub is the subscriber's part of WebSub (W3C Recommendation of
// 2018-01-23): who is to be asked for what, with which words, and what of a hub's
// requests is to be believed. It keeps nothing: subscriptions come and go as values.
//
// A subscription's callback is an unguessable address (section 5.1.1), whose last part
// follows from the subscription's secret. So the one secret both signs deliveries and
// tells a callback that is asked for from any other, and whoever holds the registry
// can check either: any replica may be called.
package websub

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// The states of a subscription.
const (
	// Requested: the hub was asked, or is about to be. Where there is a lease, this is
	// its renewal, and the hub goes on delivering.
	Requested = "requested"
	// Active: the hub has verified it, and delivers until the lease ends.
	Active = "active"
	// Denied: the hub will not have it.
	Denied = "denied"
	// Failed: the hub could not be asked, or refused to listen.
	Failed = "failed"
	// Ended: nobody wants it any more.
	Ended = "ended"
)

// The modes of requests (sections 5.1, 5.2 and 5.3).
const (
	ModeSubscribe   = "subscribe"
	ModeUnsubscribe = "unsubscribe"
	modeDenied      = "denied"
)

const (
	// verifyWait is how long a hub may take to verify a request before it is asked
	// again.
	verifyWait = time.Hour
	// failedWait is the time between two requests of which the first failed. Of a lease
	// of ten days, a quarter has room for ten of them.
	failedWait = 6 * time.Hour
	// deniedWait is the time after which a hub that denied is asked once more. Section
	// 5.2: the subscription is not possible any more; but hubs change their policies.
	deniedWait = 30 * 24 * time.Hour
	// maxLease bounds what is believed of a hub's lease, so that a subscription which
	// the hub has forgotten is renewed in time.
	maxLease = 90 * 24 * time.Hour
	// secretSize is the length of a secret in bytes. It is sent as twice as many
	// characters; 200 are the most (section 5.1).
	secretSize = 32
	// tokenSize is the length of a callback's token in bytes.
	tokenSize = 20
	// maxReason is the longest reason of a hub's, in bytes, that is kept.
	maxReason = 200
)

// Request gives the subscription that asks hub for topic at now. Where before is the
// same, it is renewed: secret and callback stay, so that the hub extends its lease in
// place of delivering twice (section 5.1: a request overrides the one for the same
// topic and callback, once it is verified).
func Request(before *datelinev1.HubSubscription, hub, topic string, now time.Time) *datelinev1.HubSubscription {
	after := &datelinev1.HubSubscription{HubUrl: hub, TopicUrl: topic}
	if Same(before, hub, topic) && before.GetState() != Ended {
		after.Secret, after.LeaseUntil = before.GetSecret(), before.GetLeaseUntil()
		after.Deliveries, after.LastDeliveryAt = before.GetDeliveries(), before.GetLastDeliveryAt()
	}
	if after.Secret == "" {
		secret := make([]byte, secretSize)
		// It never fails (crypto/rand).
		_, _ = rand.Read(secret)
		after.Secret = hex.EncodeToString(secret)
	}
	after.State, after.Reason, after.RequestedAt = Requested, "the hub was asked and has not verified yet", timestamppb.New(now)
	return after
}

// Same says whether a subscription is for topic at hub.
func Same(sub *datelinev1.HubSubscription, hub, topic string) bool {
	return sub.GetHubUrl() == hub && sub.GetTopicUrl() == topic
}

// Live says whether a hub may deliver for a subscription.
func Live(sub *datelinev1.HubSubscription) bool {
	switch sub.GetState() {
	case Requested, Active:
		return true
	case Failed:
		// A renewal that fails leaves the hub's state as it was (section 5.1).
		return sub.GetLeaseUntil() != nil
	}
	return false
}

// Covered says whether there is a lease at now, so that polls are a safety net only.
func Covered(sub *datelinev1.HubSubscription, now time.Time) bool {
	return Live(sub) && sub.GetLeaseUntil() != nil && sub.GetLeaseUntil().AsTime().After(now)
}

// Due is when a hub is to be asked for a subscription, or asked again: at once, the
// zero time, where it never was.
func Due(sub *datelinev1.HubSubscription) time.Time {
	asked := sub.GetRequestedAt().AsTime()
	switch sub.GetState() {
	case Requested:
		return asked.Add(verifyWait)
	case Active:
		return renewal(sub)
	case Failed:
		return asked.Add(failedWait)
	case Denied:
		return asked.Add(deniedWait)
	}
	return time.Time{}
}

// renewal is when a quarter of a lease is left.
func renewal(sub *datelinev1.HubSubscription) time.Time {
	end := sub.GetLeaseUntil().AsTime()
	return end.Add(-end.Sub(sub.GetRequestedAt().AsTime()) / 4)
}

// Signed says whether deliveries must carry a signature. The secret is sent to hubs at
// https only (section 5.1), and never over again in the clear.
func Signed(sub *datelinev1.HubSubscription) bool {
	return strings.HasPrefix(sub.GetHubUrl(), "https:")
}

// Token is the last part of a subscription's callback. It tells nothing of the secret.
func Token(sub *datelinev1.HubSubscription, feedID string) string {
	mac := hmac.New(sha256.New, []byte(sub.GetSecret()))
	mac.Write([]byte("callback\n" + feedID))
	return hex.EncodeToString(mac.Sum(nil)[:tokenSize])
}

// isToken tells what may be a token.
func isToken(s string) bool {
	return len(s) == 2*tokenSize && strings.Trim(s, "0123456789abcdef") == ""
}

// owns says whether a token is that of a subscription, in a time that does not tell how
// much of it is right.
func owns(sub *datelinev1.HubSubscription, feedID, token string) bool {
	return sub.GetSecret() != "" && hmac.Equal([]byte(Token(sub, feedID)), []byte(token))
}

// pathPrefix stands before feed and token in a callback's path.
const pathPrefix = "/websub/"

// Callback is the address that a hub calls, below the public base address of the
// service.
func Callback(base, feedID, token string) string {
	return strings.TrimSuffix(base, "/") + pathPrefix + feedID + "/" + token
}

// Form is the request to a hub (section 5.1). The lease is what a subscription asks for.
func Form(mode string, sub *datelinev1.HubSubscription, callback string, lease time.Duration) url.Values {
	v := url.Values{"hub.mode": {mode}, "hub.topic": {sub.GetTopicUrl()}, "hub.callback": {callback}}
	if mode == ModeSubscribe {
		v.Set("hub.lease_seconds", strconv.FormatInt(int64(lease/time.Second), 10))
		if Signed(sub) {
			v.Set("hub.secret", sub.GetSecret())
		}
	}
	return v
}

// Secure is the https address of a hub that is advertised as http, which is to be
// favoured (section 8.2); empty where there is none to be guessed.
func Secure(hub string) string {
	u, err := url.Parse(hub)
	if err != nil || u.Scheme != "http" || u.Port() != "" {
		return ""
	}
	u.Scheme = "https"
	return u.String()
}

// States are all states of a subscription.
var States = []string{Requested, Active, Denied, Failed, Ended}
