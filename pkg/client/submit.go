package client

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// StatusQueued is the status of a submission that is stored safely and was not
// answered in time, most often because no fetcher is running.
const StatusQueued = "queued"

// SubmitFeed registers a feed. It returns when a fetcher has answered, or, with
// status "queued", when ctx ends after the server has stored the submission.
func (c *Client) SubmitFeed(ctx context.Context, feed *datelinev1.Feed) (*datelinev1.Receipt, error) {
	msg, err := bus.Encode(topology.SubjectFeedSubmit, feed, bus.Protobuf)
	if err != nil {
		return nil, err
	}
	return c.submit(ctx, msg)
}

// RemoveFeed ends the polling of a feed and forgets it, by id or URL.
func (c *Client) RemoveFeed(ctx context.Context, idOrURL string) (*datelinev1.Receipt, error) {
	msg := nats.NewMsg(topology.SubjectFeedRemove)
	msg.Data = []byte(idOrURL)
	return c.submit(ctx, msg)
}

// SubmitArticle pushes a document.
func (c *Client) SubmitArticle(ctx context.Context, s *datelinev1.Submission) (*datelinev1.Receipt, error) {
	// Compressed, since the server takes no more than a few megabytes at a time.
	msg, err := bus.Encode(topology.SubjectArticleSubmit, s, bus.Zstd)
	if err != nil {
		return nil, err
	}
	return c.submit(ctx, msg)
}

// SubmitDocument pushes a document as it is, in whatever charset: the bytes are
// not read before the parser does. about says what is known of it; its content
// is not used.
func (c *Client) SubmitDocument(ctx context.Context, about *datelinev1.Submission, content []byte) (*datelinev1.Receipt, error) {
	if utf8.Valid(content) {
		s := proto.CloneOf(about)
		s.Content = string(content)
		return c.SubmitArticle(ctx, s)
	}
	msg := nats.NewMsg(topology.SubjectArticleSubmit)
	msg.Data = content
	for name, value := range map[string]string{
		bus.HeaderURL: about.GetUrl(), bus.HeaderTitle: about.GetTitle(),
		bus.HeaderPublished: about.GetPublished(), bus.HeaderContentType: about.GetContentType(),
	} {
		if value != "" {
			msg.Header.Set(name, value)
		}
	}
	if msg.Header.Get(bus.HeaderContentType) == "" {
		msg.Header.Set(bus.HeaderContentType, "application/octet-stream")
	}
	return c.submit(ctx, msg)
}

func (c *Client) submit(ctx context.Context, msg *nats.Msg) (*datelinev1.Receipt, error) {
	inbox := c.bus.Conn.NewInbox()
	answers, err := c.bus.Conn.SubscribeSync(inbox)
	if err != nil {
		return nil, fmt.Errorf("subscribe for the answer: %w", err)
	}
	defer func() { _ = answers.Unsubscribe() }()

	msg.Header.Set(bus.HeaderReply, inbox)
	// What becomes of the submission is a part of its caller's trace.
	telemetry.Propagator().Inject(ctx, telemetry.HeaderCarrier(msg.Header))
	if int64(len(msg.Data)) > c.bus.Conn.MaxPayload() {
		return nil, fmt.Errorf("submission of %d bytes is over the server's limit of %d", len(msg.Data), c.bus.Conn.MaxPayload())
	}
	if err := c.publish(ctx, msg); err != nil {
		return nil, fmt.Errorf("publish on %s: %w", msg.Subject, err)
	}
	answer, err := answers.NextMsgWithContext(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return &datelinev1.Receipt{
			Status:  StatusQueued,
			Message: "stored safely, but nobody has taken it yet; is a fetcher running?",
		}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("wait for the answer: %w", err)
	}
	receipt := &datelinev1.Receipt{}
	if err := bus.Decode(answer.Header, answer.Data, receipt); err != nil {
		return nil, err
	}
	return receipt, nil
}

const (
	// leaderWait is how long a stream of a cluster may be without a leader, which it is
	// until its servers have elected one: some 4 to 9 s, and again where a vote is split.
	leaderWait = 20 * time.Second
	leaderLook = 250 * time.Millisecond
)

// publish stores a submission. Where a cluster does not answer, its servers may be about
// to elect a leader, and it is asked again; a single server that does not will not.
func (c *Client) publish(ctx context.Context, msg *nats.Msg) error {
	for began := time.Now(); ; {
		_, err := bus.Ask(ctx, func(ctx context.Context) (*jetstream.PubAck, error) {
			// A copy, since the library leaves a reply subject on what it publishes.
			return c.bus.JS.PublishMsg(ctx, &nats.Msg{Subject: msg.Subject, Header: msg.Header, Data: msg.Data})
		})
		if !errors.Is(err, bus.ErrNoAnswer) || c.bus.Conn.ConnectedClusterName() == "" || time.Since(began) > leaderWait {
			return err
		}
		t := time.NewTimer(leaderLook)
		select {
		case <-ctx.Done():
			t.Stop()
			return err
		case <-t.C:
		}
	}
}
