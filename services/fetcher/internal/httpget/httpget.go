// Package httpget fetches one hostile URL politely and within bounds.
package httpget

import (
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// Config sets the limits of a Client. Zero values mean the defaults given.
type Config struct {
	// UserAgent names product, version and a contact URL.
	UserAgent string
	// AllowPrivate permits loopback and private addresses. Link-local addresses
	// (cloud metadata), multicast and the like stay refused.
	AllowPrivate bool
	// AllowHosts lists exact "host:port" pairs that may be private, on any port.
	AllowHosts []string
	// AllowPort decides which ports may be dialled; nil means DefaultPort.
	AllowPort func(port int) bool
	// Timeout is the deadline of a whole Get, redirects and body included
	// (default 30 s).
	Timeout time.Duration
	// HeaderTimeout bounds the wait for a response's headers (default 10 s).
	HeaderTimeout time.Duration
	// DialTimeout bounds connecting, DNS included, and the TLS handshake
	// (default 10 s each).
	DialTimeout time.Duration
	// MaxBytes caps the decoded body (default 10 MiB).
	MaxBytes int64
	// MaxRedirects caps the hops (default 8; negative: none).
	MaxRedirects int
	// MaxHeaderBytes caps the response headers (default 256 KiB).
	MaxHeaderBytes int64
	// Proxy is the URL of an HTTP or SOCKS5 proxy; empty means none. The
	// environment's proxy variables are not read. Behind a proxy, addresses are
	// checked only where they stand in the URL: the proxy must guard the rest.
	Proxy string
	// RootCAs are the certificate authorities that are trusted; nil means the system's.
	RootCAs *x509.CertPool
	// Resolver looks names up; nil means the system's.
	Resolver *net.Resolver
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

func (cfg Config) withDefaults() Config {
	setDuration := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	setDuration(&cfg.Timeout, 30*time.Second)
	setDuration(&cfg.HeaderTimeout, 10*time.Second)
	setDuration(&cfg.DialTimeout, 10*time.Second)
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = 10 << 20
	}
	if cfg.MaxRedirects == 0 {
		cfg.MaxRedirects = 8
	}
	if cfg.MaxHeaderBytes <= 0 {
		cfg.MaxHeaderBytes = 256 << 10
	}
	if cfg.AllowPort == nil {
		cfg.AllowPort = DefaultPort
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg
}

// Request is one GET.
type Request struct {
	// URL is an absolute http(s) URL without userinfo.
	URL string
	// Kind is what is wanted: "feed", "page" or "robots". It sets Accept where
	// Accept is empty.
	Kind string
	// ETag and LastModified make the request conditional; they are sent byte for
	// byte as given.
	ETag, LastModified string
	// Header holds further headers, such as a User-Agent or Authorization for this
	// source. They are not sent to another origin. Cookie, Host, Referer and those
	// that frame the message are ignored.
	Header map[string]string
	// Accept overrides the Accept header of the kind.
	Accept string
}

// Redirect is one hop.
type Redirect struct {
	From, To string
	Status   int
}

// permanent tells the statuses that ask clients to use the new URL from now on (RFC
// 9110, sections 15.4.2 and 15.4.9).
func (r Redirect) permanent() bool {
	return r.Status == http.StatusMovedPermanently || r.Status == http.StatusPermanentRedirect
}

// Response is an answer of any status.
type Response struct {
	// FinalURL is the URL that answered, after redirects.
	FinalURL string
	// Status is the HTTP status code.
	Status int
	// Header holds the headers whose values are clean text.
	Header http.Header
	// Body is the content of a 2xx answer, all codings decoded; of an answer to a form,
	// see Post.
	Body []byte
	// ContentType is the media type without parameters, lower case.
	ContentType string
	// Charset is the charset parameter as given.
	Charset string
	// ETag and LastModified are as given, empty where they are no clean text.
	ETag, LastModified string
	// NotModified is set for a 304 to a conditional request.
	NotModified bool
	// Redirects lists the hops in order.
	Redirects []Redirect
	// RetryAfter is what the origin asks for, from 0 (nothing) to MaxRetryAfter. It
	// is read from answers of status 4xx and 5xx only.
	RetryAfter time.Duration
	// Duration is the time from the call to the last byte.
	Duration time.Duration
}

// MovedTo gives the URL where an unbroken run of permanent redirects from the
// requested URL led, empty if there was none. A temporary redirect ends the run.
func (r *Response) MovedTo() string {
	to := ""
	for _, hop := range r.Redirects {
		if !hop.permanent() {
			break
		}
		to = hop.To
	}
	return to
}
