package websub_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

var noon = time.Date(2026, time.March, 3, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

var hashes = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

func sign(algorithm, secret string, body []byte) string {
	mac := hmac.New(hashes[algorithm], []byte(secret))
	mac.Write(body)
	return algorithm + "=" + hex.EncodeToString(mac.Sum(nil))
}

func TestAuthentic(t *testing.T) {
	t.Parallel()
	const secret = "5ea5ide"
	body := []byte("The harbour reopened.")
	for algorithm := range hashes {
		good := sign(algorithm, secret, body)
		require.True(t, websub.Authentic(good, secret, body))
		require.True(t, websub.Authentic(strings.ToUpper(good), secret, body), "hexadecimal has two cases")
		for name, bad := range map[string]string{
			"other secret": sign(algorithm, "other", body), "other body": sign(algorithm, secret, nil), "cut": good[:len(good)-2], "longer": good + "00",
			"other algorithm": "sha999=" + good[strings.IndexByte(good, '=')+1:], "empty": "", "no value": algorithm + "=", "no hex": algorithm + "=zz", "no method": good[strings.IndexByte(good, '=')+1:],
		} {
			require.False(t, websub.Authentic(bad, secret, body), "%s: %s", algorithm, name)
		}
	}
	require.False(t, websub.Authentic(sign("sha256", "", body), "", body), "no secret signs nothing")
}

func FuzzSignature(f *testing.F) {
	body := []byte("The harbour reopened.")
	for algorithm := range hashes {
		f.Add(sign(algorithm, "s", body))
	}
	f.Add("sha1=")
	f.Add("=sha1")
	f.Add(strings.Repeat("a", 1000))
	f.Fuzz(func(t *testing.T, header string) {
		if !websub.Authentic(header, "s", body) {
			return
		}
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(header)), "=")
		require.Equal(t, sign(name, "s", body), strings.ToLower(strings.TrimSpace(header)))
	})
}

func TestRequest(t *testing.T) {
	t.Parallel()
	first := websub.Request(nil, hub, self, noon)
	require.Equal(t, websub.Requested, first.GetState())
	require.Len(t, first.GetSecret(), 64)
	require.Less(t, len(first.GetSecret()), 200, "section 5.1")
	require.NotContains(t, websub.Token(first, "f1"), first.GetSecret())
	require.NotEqual(t, websub.Token(first, "f1"), websub.Token(first, "f2"))
	require.NotEqual(t, first.GetSecret(), websub.Request(nil, hub, self, noon).GetSecret())

	first.State, first.LeaseUntil, first.Deliveries = websub.Active, timestamppb.New(noon.Add(10*day)), 7
	renewed := websub.Request(first, hub, self, noon.Add(8*day))
	require.Equal(t, first.GetSecret(), renewed.GetSecret(), "the callback stays, so that the hub extends its lease")
	require.Equal(t, first.GetLeaseUntil(), renewed.GetLeaseUntil())
	require.EqualValues(t, 7, renewed.GetDeliveries())
	require.True(t, websub.Live(renewed))

	elsewhere := websub.Request(first, "https://other.example/", self, noon)
	require.NotEqual(t, first.GetSecret(), elsewhere.GetSecret(), "a callback is never used for two hubs")
	require.Nil(t, elsewhere.GetLeaseUntil())
}

func TestForm(t *testing.T) {
	t.Parallel()
	sub := websub.Request(nil, hub, self, noon)
	callback := websub.Callback("https://dateline.example/base/", "f1", "t1")
	require.Equal(t, "https://dateline.example/base/websub/f1/t1", callback)
	form := websub.Form(websub.ModeSubscribe, sub, callback, 10*day)
	require.Equal(t, map[string][]string{
		"hub.mode": {"subscribe"}, "hub.topic": {self}, "hub.callback": {callback}, "hub.lease_seconds": {"864000"}, "hub.secret": {sub.GetSecret()},
	}, map[string][]string(form))
	form = websub.Form(websub.ModeUnsubscribe, sub, callback, 10*day)
	require.False(t, form.Has("hub.secret"))
	require.False(t, form.Has("hub.lease_seconds"))

	plain := websub.Request(nil, "http://hub.example/", self, noon)
	require.False(t, websub.Form(websub.ModeSubscribe, plain, callback, day).Has("hub.secret"), "no secret in the clear")
	require.False(t, websub.Signed(plain))
}

func TestSecure(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://hub.example/x?y=1", websub.Secure("http://hub.example/x?y=1"))
	for _, none := range []string{"https://hub.example/", "http://hub.example:8080/", "", "::"} {
		require.Empty(t, websub.Secure(none))
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sub  *datelinev1.HubSubscription
		want time.Time
	}{
		"never asked": {nil, time.Time{}},
		"ended":       {&datelinev1.HubSubscription{State: websub.Ended}, time.Time{}},
		"hub-103: a quarter of the lease is left": {
			&datelinev1.HubSubscription{State: websub.Active, LeaseUntil: timestamppb.New(noon.Add(8 * day))}, noon.Add(6 * day),
		},
		"not verified": {&datelinev1.HubSubscription{State: websub.Requested}, noon.Add(time.Hour)},
		"failed":       {&datelinev1.HubSubscription{State: websub.Failed}, noon.Add(6 * time.Hour)},
		"denied":       {&datelinev1.HubSubscription{State: websub.Denied}, noon.Add(30 * day)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.sub != nil {
				test.sub.RequestedAt = timestamppb.New(noon)
			}
			require.True(t, test.want.Equal(websub.Due(test.sub)), websub.Due(test.sub))
		})
	}
}

// A subscription that is covered is asked for again before its lease ends, whatever
// became of it meanwhile, unless the lease is shorter than the wait after a failure.
func TestDueComesBeforeTheLeaseEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lease := time.Duration(rapid.Int64Range(int64(time.Minute), int64(90*day)).Draw(t, "lease"))
		sub := &datelinev1.HubSubscription{
			State: websub.Active, RequestedAt: timestamppb.New(noon), LeaseUntil: timestamppb.New(noon.Add(lease)),
		}
		due := websub.Due(sub)
		require.True(t, due.After(noon))
		require.True(t, due.Before(sub.GetLeaseUntil().AsTime()))
		require.LessOrEqual(t, sub.GetLeaseUntil().AsTime().Sub(due), lease/4)
	})
}
