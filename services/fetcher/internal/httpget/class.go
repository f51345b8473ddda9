package httpget

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// BadResponse is the error for an answer that breaks HTTP.
type BadResponse struct {
	// Reason says how.
	Reason string
}

func (e *BadResponse) Error() string { return "bad response: " + e.Reason }

// TooManyRedirects is the error for a chain longer than allowed, or a loop.
type TooManyRedirects struct {
	// Hops is the number of redirects followed.
	Hops int
}

func (e *TooManyRedirects) Error() string {
	return fmt.Sprintf("more than %d redirects", e.Hops)
}

// Class gives the class of an error of Get, fit for a metric label: "private",
// "scheme", "port" (not one for web pages), "refused" (the connection), "dns",
// "timeout", "tls", "too-large", "redirects", "reset", "truncated", "encoding",
// "bad-response", "url", "canceled", "unreachable" or "config". It is empty for nil and
// for errors that Get does not give.
func Class(err error) string {
	var (
		blocked   *Blocked
		large     *TooLarge
		hops      *TooManyRedirects
		coding    *CodingError
		bad       *BadResponse
		badURL    *urlnorm.Error
		dns       *net.DNSError
		netErr    net.Error
		netOpErr  *net.OpError
		truncated = errors.Is(err, io.ErrUnexpectedEOF)
	)
	switch {
	case errors.Is(err, errProxy):
		return "config"
	case err == nil:
		return ""
	case errors.As(err, &blocked):
		return blocked.class
	case errors.As(err, &large):
		return "too-large"
	case errors.As(err, &hops):
		return "redirects"
	case errors.As(err, &coding) && !truncated:
		return "encoding"
	case errors.As(err, &bad):
		return "bad-response"
	case errors.As(err, &badURL):
		return "url"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	case errors.As(err, &dns):
		return "dns"
	case errors.As(err, &netErr) && netErr.Timeout():
		return "timeout"
	case isTLS(err):
		return "tls"
	case truncated:
		return "truncated"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed):
		return "reset"
	case errors.As(err, &netOpErr):
		return "unreachable"
	}
	return ""
}

func isTLS(err error) bool {
	var (
		verify *tls.CertificateVerificationError
		record tls.RecordHeaderError
		alert  tls.AlertError
		author x509.UnknownAuthorityError
		name   x509.HostnameError
		cert   x509.CertificateInvalidError
	)
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &author) || errors.As(err, &name) || errors.As(err, &cert)
}

// badResponse turns the errors of net/http for answers that break HTTP, which have
// no type of their own, into a *BadResponse. resolved tells them from errors of the
// connection, which do have types.
func badResponse(err error) error {
	if Class(err) != "" {
		return err
	}
	reason := err.Error()
	if _, after, ok := strings.Cut(reason, "net/http: "); ok {
		reason = after
	}
	return &BadResponse{Reason: cleanText(reason)}
}
