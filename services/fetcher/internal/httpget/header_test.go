package httpget_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
)

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 6, 5, 10, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Duration{
		"120":                              2 * time.Minute,
		" 120 ":                            2 * time.Minute,
		"0":                                0,
		"-1":                               0,
		"+5":                               0,
		"1.5":                              0,
		"":                                 0,
		"soon":                             0,
		"99999999999999999999":             24 * time.Hour,
		strings.Repeat("9", 200):           0,
		"Thu, 05 Jun 2025 10:05:00 GMT":    5 * time.Minute,
		"Thursday, 05-Jun-25 10:05:00 GMT": 5 * time.Minute,
		"Thu Jun  5 10:05:00 2025":         5 * time.Minute,
		"Thu, 05 Jun 2025 09:00:00 GMT":    0,
		"Thu, 05 Jun 2031 09:00:00 GMT":    24 * time.Hour,
	} {
		require.Equal(t, want, httpget.ParseRetryAfter(in, now), in)
	}
}

func TestFresh(t *testing.T) {
	t.Parallel()
	const date, hourLater = "Thu, 05 Jun 2025 10:00:00 GMT", "Thu, 05 Jun 2025 11:00:00 GMT"
	for _, tc := range []struct {
		control, date, expires string
		want                   time.Duration
	}{
		{"", "", "", 0},
		{"public, Max-Age=43200", date, hourLater, 12 * time.Hour},
		{"", date, hourLater, time.Hour},
		{"", date, "0", 0},
		{"", hourLater, date, 0},
		{"max-age=600, no-cache", date, hourLater, 0},
		{"no-store", date, hourLater, 0},
		{"max-age=0", date, hourLater, 0},
		{"max-age=99999999999999999999", date, hourLater, 0},
	} {
		r := &httpget.Response{Header: http.Header{"Cache-Control": {tc.control}, "Date": {tc.date}, "Expires": {tc.expires}}}
		require.Equal(t, tc.want, r.Fresh(), "%+v", tc)
	}
}

func FuzzParseRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "-1", "99999999999999999999", "Thu, 05 Jun 2025 10:05:00 GMT", "Thursday, 05-Jun-25 10:05:00 GMT"} {
		f.Add(s)
	}
	now := time.Date(2025, 6, 5, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		d := httpget.ParseRetryAfter(s, now)
		require.GreaterOrEqual(t, d, time.Duration(0))
		require.LessOrEqual(t, d, httpget.MaxRetryAfter)
	})
}
