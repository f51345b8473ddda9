// Package bus connects to NATS JetStream and moves messages over it: encoded,
// compressed, and set aside where they are too large for the server.
package bus

import (
	"context"
	"errors"
	"fmt"
	neturl "net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/topology"
)

// Config says how to reach the server.
type Config struct {
	URL          string   `config:"url" default:"nats://127.0.0.1:4222" help:"NATS server, or several, comma-separated"`
	Creds        string   `config:"creds" help:"credentials file (user JWT and seed)"`
	NKey         string   `config:"nkey" help:"file with an nkey seed"`
	User         string   `config:"user" help:"user name"`
	Password     string   `config:"password" secret:"true" help:"password of the user; better in a file"`
	PasswordFile string   `config:"password-file" help:"file with the password of the user"`
	TokenFile    string   `config:"token-file" help:"file with an authentication token"`
	Inbox        string   `config:"inbox" help:"prefix of the subjects on which answers come, where the server's permissions ask for one; default: _INBOX. and the program's name"`
	CA           string   `config:"ca" help:"file with the certificate authorities to trust"`
	Cert         string   `config:"cert" help:"client certificate file"`
	Key          string   `config:"key" help:"client key file"`
	ServerName   string   `config:"server-name" help:"name in the server's certificate, where it is not the address's"`
	TLSFirst     bool     `config:"tls-first" default:"false" help:"begin with the TLS handshake, for servers with handshake_first"`
	Replicas     int      `config:"replicas" default:"1" help:"copies of every stream: 1, or 3 in a cluster"`
	Provision    bool     `config:"provision" default:"true" help:"create and update streams, consumers and buckets at start; false: only look whether they are there"`
	Options      []Option `config:"-"`
}

// Option is a further option of the connection, for embedding and tests.
type Option = nats.Option

// Bus is a connection to NATS with JetStream.
type Bus struct {
	Conn *nats.Conn
	JS   jetstream.JetStream

	denials denials
}

// Windows of asynchronous publishing. With 256 messages in flight a single
// connection reaches the file store's speed. What is not confirmed in the time for
// any other answer, since a stream has lost its leader, is published again.
const (
	maxPublishing = 256
	reconnectWait = 250 * time.Millisecond
	closeTimeout  = 10 * time.Second
	// A server that is cut off, rather than down, leaves its connections standing. One
	// that has not answered so many pings is left for another; the library's own 2
	// minutes and 2 pings let work stand still for 4 to 6 minutes.
	pingEvery = 5 * time.Second
	maxPings  = 2
)

// Connect connects under a client name. It retries for ever once connected, but
// a server that cannot be reached at first is an error: most often the address
// is wrong.
func Connect(name string, cfg Config, log *zap.Logger) (*Bus, error) {
	b := &Bus{}
	opts, err := options(name, cfg, log, b.denials.note)
	if err != nil {
		return nil, err
	}
	url := cfg.URL
	if url == "" {
		url = nats.DefaultURL
	}
	nc, err := nats.Connect(url, opts...)
	if err != nil {
		var bad *neturl.Error
		if errors.As(err, &bad) {
			// It repeats the address, password and all.
			err = bad.Err
		}
		return nil, advise(fmt.Errorf("connect to NATS at %s: %w", Redact(url), err))
	}
	js, err := jetstream.New(nc,
		jetstream.WithPublishAsyncMaxPending(maxPublishing),
		jetstream.WithPublishAsyncTimeout(answerTimeout))
	if err != nil {
		nc.Close()
		return nil, fmt.Errorf("open JetStream: %w", err)
	}
	b.Conn, b.JS = nc, js
	return b, nil
}

func options(name string, cfg Config, log *zap.Logger, failed func(error)) ([]nats.Option, error) {
	inbox := cfg.Inbox
	if inbox == "" {
		inbox = topology.Inbox(name)
	}
	if !topology.ValidSubject(inbox) || !strings.HasPrefix(inbox, inboxPrefix) {
		return nil, fmt.Errorf("inbox prefix %q is not a subject that begins with %s", inbox, inboxPrefix)
	}
	opts := []nats.Option{
		nats.Name("dateline " + name),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.ReconnectJitter(reconnectWait, reconnectWait),
		nats.PingInterval(pingEvery),
		nats.MaxPingsOutstanding(maxPings),
		nats.CustomInboxPrefix(inbox),
		// Credentials change while a service runs, and the server may hear of it first.
		nats.IgnoreAuthErrorAbort(),
		// A forbidden publish gives no error to its caller; this is its only trace.
		nats.ErrorHandler(func(_ *nats.Conn, sub *nats.Subscription, err error) {
			failed(err)
			fields := []zap.Field{zap.Error(err)}
			if sub != nil {
				fields = append(fields, zap.String("subject", sub.Subject))
			}
			log.Warn("nats error", fields...)
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("nats disconnected, reconnecting", zap.Error(err))
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) {
			log.Info("nats reconnected", zap.String("url", nc.ConnectedUrlRedacted()))
		}),
	}
	who, err := credentials(cfg, log)
	if err != nil {
		return nil, err
	}
	secured, err := security(cfg)
	if err != nil {
		return nil, err
	}
	opts = append(opts, who...)
	opts = append(opts, secured...)
	return append(opts, cfg.Options...), nil
}

// Close waits for what is being published and for what is on its way to the
// server, at most until ctx ends, and closes the connection.
func (b *Bus) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	select {
	case <-b.JS.PublishAsyncComplete():
	case <-ctx.Done():
	}
	// Acks are fire and forget: they must leave the process before the
	// connection does.
	err := b.Conn.FlushWithContext(ctx)
	b.Conn.Close()
	if err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		return fmt.Errorf("flush the connection to NATS: %w", err)
	}
	return nil
}

// IsConflict says whether the server refused a message because the last one on
// its subject was not the expected one. A stream with replicas answers with
// another code than one without.
func IsConflict(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
		api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// Ready returns an error while the connection is down.
func (b *Bus) Ready() error {
	if s := b.Conn.Status(); s != nats.CONNECTED {
		return fmt.Errorf("nats connection is %s", strings.ToLower(s.String()))
	}
	return nil
}

// redacted stands for a secret.
const redacted = "xxxxx"

// Redact removes the password or token of a URL, or of each URL of a
// comma-separated list. It also redacts what may be a part of a password in an
// address that is not well-formed.
func Redact(urls string) string {
	parts := strings.Split(urls, ",")
	for i, u := range parts {
		scheme, rest := "", u
		if before, after, ok := strings.Cut(u, "://"); ok {
			scheme, rest = before+"://", after
		}
		parts[i] = scheme + redactAuthority(rest)
	}
	return strings.Join(parts, ",")
}

func redactAuthority(s string) string {
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		// A user without a password is a token.
		user, _, ok := strings.Cut(s[:at], ":")
		if !ok {
			return redacted + s[at:]
		}
		return user + ":" + redacted + s[at:]
	}
	colon := strings.LastIndexByte(s, ':')
	if colon < 0 || strings.HasSuffix(s, "]") {
		return s
	}
	if _, err := strconv.ParseUint(strings.TrimRight(s[colon+1:], "/ "), 10, 16); err != nil {
		return s[:colon+1] + redacted
	}
	return s
}
