package httpget

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxRetryAfter clamps what an origin can ask for.
const MaxRetryAfter = 24 * time.Hour

// maxValue is the longest header value, in bytes, that is kept.
const maxValue = 4096

// cleanHeader gives the headers whose values are clean text: no control characters,
// valid UTF-8, of bounded length. The others could split a line or a header
// elsewhere.
func cleanHeader(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			if isClean(v) {
				out[name] = append(out[name], v)
			}
		}
	}
	return out
}

func isClean(v string) bool {
	if len(v) > maxValue || !utf8.ValidString(v) {
		return false
	}
	for _, r := range v {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return false
		}
	}
	return true
}

// cleanText makes an error message of a library, which may quote the origin, fit for
// a log line.
func cleanText(s string) string {
	const keep = 200
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			return '.'
		}
		return r
	}, s)
	if len(s) > keep {
		s = strings.ToValidUTF8(s[:keep], "") + "…"
	}
	return s
}

// validator gives an ETag or Last-Modified value that can be sent back byte for byte:
// visible ASCII and spaces (RFC 9110, section 8.8.3), else empty.
func validator(v string) string {
	if len(v) > 1024 {
		return ""
	}
	for i := range len(v) {
		if v[i] < ' ' || v[i] >= 0x7f {
			return ""
		}
	}
	return v
}

// mediaType splits a Content-Type header, leniently.
func mediaType(v string) (media, charset string) {
	media, params, err := mime.ParseMediaType(v)
	if err == nil {
		return media, params["charset"]
	}
	head, tail, _ := strings.Cut(v, ";")
	media = strings.ToLower(strings.TrimSpace(head))
	if strings.ContainsAny(media, " \t,\"") || strings.Count(media, "/") != 1 {
		media = ""
	}
	for p := range strings.SplitSeq(tail, ";") {
		name, value, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(name), "charset") {
			return media, strings.Trim(value, " \t\"'")
		}
	}
	return media, ""
}

// ParseRetryAfter gives the wait that a Retry-After header asks for (RFC 9110, section
// 10.2.3): seconds, or a date in any of the three forms, which is read against now.
// It is clamped to MaxRetryAfter, and 0 for anything else: nothing, zero, a negative
// number, a date that has passed, or text.
func ParseRetryAfter(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if v == "" || len(v) > 100 {
		return 0
	}
	if strings.Trim(v, "0123456789") == "" {
		seconds := 0
		for i := range len(v) {
			seconds = min(seconds*10+int(v[i]-'0'), int(MaxRetryAfter/time.Second))
		}
		return time.Duration(seconds) * time.Second
	}
	t, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return min(max(t.Sub(now), 0), MaxRetryAfter)
}

// Fresh gives how long a response says that it stays fresh (RFC 9111, section 4.2.1):
// max-age, else Expires less Date, so that the origin's clock does not matter. It is 0
// if the response says nothing, or asks not to be kept.
func (r *Response) Fresh() time.Duration {
	control := strings.ToLower(strings.Join(r.Header.Values("Cache-Control"), ","))
	maxAge, found := time.Duration(0), false
	for d := range strings.SplitSeq(control, ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(d), "="); name {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			if seconds, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 32); err == nil && seconds > 0 {
				maxAge = time.Duration(seconds) * time.Second
			}
			found = true
		}
	}
	if found {
		return maxAge
	}
	expires, err1 := http.ParseTime(r.Header.Get("Expires"))
	date, err2 := http.ParseTime(r.Header.Get("Date"))
	if err1 != nil || err2 != nil {
		return 0
	}
	return max(0, expires.Sub(date))
}
