// Package shown makes values fit to be shown to people.
package shown

import (
	"net/url"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// URL is an address without the user and password that it may hold; empty if it is no
// address.
func URL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}

// Instant is a time for JSON; nil if there is none.
func Instant(t *timestamppb.Timestamp) *time.Time {
	if t == nil || !t.IsValid() {
		return nil
	}
	at := t.AsTime()
	return &at
}
