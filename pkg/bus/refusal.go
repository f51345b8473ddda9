package bus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"
)

// advise adds what to do to an error of connecting.
func advise(err error) error {
	if advice := adviceOn(err); advice != "" {
		return fmt.Errorf("%w; %s", err, advice)
	}
	return err
}

func adviceOn(err error) string {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		network   net.Error
	)
	switch text := err.Error(); {
	case errors.Is(err, nats.ErrAuthorization):
		return "the server does not know this user: say who connects with --nats-creds, --nats-nkey, " +
			"--nats-user and --nats-password-file, or --nats-token-file"
	case errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAuthRevoked):
		return "get new credentials for this user"
	case errors.As(err, &authority):
		return "name the authority that signed the server's certificate with --nats-ca"
	case errors.As(err, &hostname):
		return "connect by a name in the certificate, or give one with --nats-server-name"
	case errors.As(err, &invalid):
		return "the server's certificate is not valid now: look at both clocks and its dates"
	case errors.Is(err, nats.ErrSecureConnWanted):
		return "the server has no TLS: leave out tls:// and the settings of certificates, or turn TLS on there"
	// A server that refuses a certificate, or misses one, says so in an alert, which
	// the client may not get to read.
	case strings.Contains(text, "certificate required"), strings.Contains(text, "bad certificate"),
		strings.Contains(text, "unknown certificate authority"), strings.Contains(text, "closed by remote after TLS handshake"):
		return "the server asks for a client certificate of an authority that it trusts: --nats-cert and --nats-key"
	case errors.As(err, &record), strings.Contains(text, "first record does not look like a TLS handshake"):
		return "the server does not begin with TLS: leave out --nats-tls-first"
	case errors.Is(err, nats.ErrTimeout), errors.Is(err, io.EOF), errors.As(err, &network) && network.Timeout():
		return "something listens there and says nothing that a NATS server would: if it is a server with handshake_first, use --nats-tls-first"
	default:
		return ""
	}
}

// DeniedError says that the server forbids this user something. Whoever published
// hears no more than that nobody answers.
type DeniedError struct {
	// Verb is "publish to" or "subscribe to".
	Verb, Subject string
}

func (e *DeniedError) Error() string {
	return fmt.Sprintf("the server forbids this user to %s %s; connect as one who may ('dateline permissions' lists what each role needs)", e.Verb, e.Subject)
}

// denials tells of what the server forbids.
type denials struct {
	mu      sync.Mutex
	waiting map[*context.CancelCauseFunc]struct{}
}

// violation is how the server says what it forbids.
var violation = regexp.MustCompile(`(?i)permissions violation for (publish|subscription) to "([^"]*)"`)

// note takes an error of the connection.
func (d *denials) note(err error) {
	if !errors.Is(err, nats.ErrPermissionViolation) {
		return
	}
	denied := &DeniedError{Verb: "use", Subject: "a subject"}
	if m := violation.FindStringSubmatch(err.Error()); m != nil {
		denied.Verb, denied.Subject = "publish to", m[2]
		if strings.EqualFold(m[1], "subscription") {
			denied.Verb = "subscribe to"
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for cancel := range d.waiting {
		(*cancel)(denied)
	}
}

// WhileAllowed calls fn with a context that ends as soon as the server forbids
// something on this connection, and returns that as the error: fn itself would only
// wait in vain for an answer.
func (b *Bus) WhileAllowed(ctx context.Context, fn func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	b.denials.mu.Lock()
	if b.denials.waiting == nil {
		b.denials.waiting = map[*context.CancelCauseFunc]struct{}{}
	}
	b.denials.waiting[&cancel] = struct{}{}
	b.denials.mu.Unlock()
	defer func() {
		b.denials.mu.Lock()
		defer b.denials.mu.Unlock()
		delete(b.denials.waiting, &cancel)
	}()
	err := fn(ctx)
	var denied *DeniedError
	if errors.As(context.Cause(ctx), &denied) {
		return denied
	}
	return err
}
