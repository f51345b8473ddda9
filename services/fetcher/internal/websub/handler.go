package websub

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
)

// ErrUnknown means that there is no such feed.
var ErrUnknown = errors.New("no such feed")

// Subscriptions is where subscriptions are kept and deliveries go.
type Subscriptions interface {
	// Find gives a feed's subscription, empty if it never had one. The error is
	// ErrUnknown where there is no such feed.
	Find(ctx context.Context, feedID string) (*datelinev1.HubSubscription, error)
	// Change writes a feed's subscription, if change returns true. It calls change again
	// where somebody else wrote in between.
	Change(ctx context.Context, feedID string, change func(*datelinev1.HubSubscription) bool) error
	// Deliver takes over a delivery: when it returns nil, nothing can be lost.
	Deliver(ctx context.Context, feedID string, d Delivery) error
}

// Delivery is the document of a topic.
type Delivery struct {
	// ContentType is the header as given.
	ContentType string
	// Body is the content, all codings decoded.
	Body []byte
}

// Outcome is what became of a delivery.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted"
	// Unsigned and Forged deliveries are acknowledged and forgotten.
	Unsigned Outcome = "unsigned"
	Forged   Outcome = "forged"
	// Unwanted: there is no such subscription, or none any more.
	Unwanted Outcome = "unwanted"
	// TooLarge and Unreadable: over the limit, broken off, or not what
	// Content-Encoding says.
	TooLarge   Outcome = "too-large"
	Unreadable Outcome = "unreadable"
	// Refused: there is no room for it now.
	Refused Outcome = "refused"
)

// Outcomes are all of them.
var Outcomes = []Outcome{Accepted, Unsigned, Forged, Unwanted, TooLarge, Unreadable, Refused}

// Options bound a Handler.
type Options struct {
	// MaxBytes caps a delivery, as it is sent and as it is decoded.
	MaxBytes int64
	// Lease is what subscriptions ask for.
	Lease time.Duration
	// ValidID says whether an id may be looked up.
	ValidID func(id string) bool
	// Now is the clock.
	Now func() time.Time
	// Count counts deliveries.
	Count func(Outcome)
	// Failed hears of errors that the hub is asked to be patient about.
	Failed func(feedID string, err error)
}

const (
	// maxRequests bounds the requests in hand, and maxBodies those of them that may
	// hold a body.
	maxRequests = 256
	maxBodies   = 16
	// retryAfter is how long a hub is asked to wait where there is no room, in seconds.
	retryAfter = 60
)

// Handler answers hubs at the callbacks of subscriptions.
type Handler struct {
	subs     Subscriptions
	opt      Options
	requests chan struct{}
	bodies   chan struct{}
}

// NewHandler makes a Handler.
func NewHandler(subs Subscriptions, opt Options) *Handler {
	return &Handler{subs: subs, opt: opt, requests: make(chan struct{}, maxRequests), bodies: make(chan struct{}, maxBodies)}
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'")
	header.Set("Cache-Control", "no-store")
	if !enter(h.requests) {
		busy(w)
		return
	}
	defer leave(h.requests)

	feed, token, ok := place(r.URL.Path)
	switch {
	case !ok || !h.opt.ValidID(feed):
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		h.intent(w, r, feed, token)
	case r.Method == http.MethodPost:
		h.delivery(w, r, feed, token)
	default:
		header.Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// place reads a callback's path. What a proxy leaves before it, or takes away, is of no
// matter.
func place(path string) (feed, token string, ok bool) {
	at := strings.LastIndex(path, pathPrefix)
	if at < 0 {
		return "", "", false
	}
	feed, token, ok = strings.Cut(path[at+len(pathPrefix):], "/")
	return feed, token, ok && isToken(token)
}

func enter(places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
		return false
	}
}

func leave(places chan struct{}) { <-places }

// busy asks a hub to come again: it repeats deliveries and verifications (section 7).
func busy(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	w.WriteHeader(http.StatusServiceUnavailable)
}

// intent answers a verification: with its challenge, or 404 for what nobody asked for
// (section 5.3.1).
func (h *Handler) intent(w http.ResponseWriter, r *http.Request, feed, token string) {
	in, err := readIntent(r.URL.RawQuery)
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	agreed := false
	if in.mode == ModeUnsubscribe {
		agreed, err = h.unwanted(r.Context(), feed, token)
	} else {
		err = h.subs.Change(r.Context(), feed, func(sub *datelinev1.HubSubscription) bool {
			switch {
			case !owns(sub, feed, token):
				agreed = false
			case in.mode == modeDenied:
				agreed = in.deny(sub)
			default:
				agreed = in.verify(sub, h.opt.Lease, h.opt.Now())
			}
			return agreed
		})
	}
	switch {
	case errors.Is(err, ErrUnknown):
		w.WriteHeader(http.StatusNotFound)
	case err != nil:
		h.opt.Failed(feed, err)
		busy(w)
	case !agreed:
		w.WriteHeader(http.StatusNotFound)
	case in.mode != modeDenied:
		_, _ = io.WriteString(w, in.challenge)
	}
}

// unwanted says whether a callback's subscription may end: its feed was removed, or has
// another callback by now, or wants none. What is wanted does not end.
func (h *Handler) unwanted(ctx context.Context, feed, token string) (bool, error) {
	sub, err := h.subs.Find(ctx, feed)
	if errors.Is(err, ErrUnknown) {
		return true, nil
	}
	return err == nil && !(owns(sub, feed, token) && Live(sub)), err
}

// delivery takes a delivery over (section 7).
func (h *Handler) delivery(w http.ResponseWriter, r *http.Request, feed, token string) {
	outcome, err := h.take(w, r, feed, token)
	h.opt.Count(outcome)
	switch outcome {
	case Accepted, Unsigned, Forged:
		// One answer for all three, so that nobody learns from it whether a signature
		// was right; section 7.1.2 allows it.
		w.WriteHeader(http.StatusAccepted)
	case Unwanted:
		w.WriteHeader(http.StatusGone)
	case TooLarge:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	case Unreadable:
		w.WriteHeader(http.StatusBadRequest)
	case Refused:
		if err != nil {
			h.opt.Failed(feed, err)
		}
		busy(w)
	}
}

func (h *Handler) take(w http.ResponseWriter, r *http.Request, feed, token string) (Outcome, error) {
	sub, err := h.subs.Find(r.Context(), feed)
	switch {
	case errors.Is(err, ErrUnknown), err == nil && !(owns(sub, feed, token) && Live(sub)):
		return Unwanted, nil
	case err != nil, !enter(h.bodies):
		return Refused, err
	}
	defer leave(h.bodies)
	sent, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.opt.MaxBytes))
	if err != nil {
		return unread(err), nil
	}
	body, err := httpget.ReadBody(bytes.NewReader(sent), r.Header.Values("Content-Encoding"), h.opt.MaxBytes)
	if err != nil {
		return unread(err), nil
	}
	if Signed(sub) {
		header := r.Header.Get("X-Hub-Signature")
		switch {
		case header == "":
			return Unsigned, nil
		case !Authentic(header, sub.GetSecret(), sent) && !Authentic(header, sub.GetSecret(), body):
			// Hubs that compress disagree on which of the two is the request's body.
			return Forged, nil
		}
	}
	if err := h.subs.Deliver(r.Context(), feed, Delivery{ContentType: r.Header.Get("Content-Type"), Body: body}); err != nil {
		return Refused, err
	}
	return Accepted, nil
}

// unread is the outcome of a body that cannot be read.
func unread(err error) Outcome {
	var sent *http.MaxBytesError
	var decoded *httpget.TooLarge
	if errors.As(err, &sent) || errors.As(err, &decoded) {
		return TooLarge
	}
	return Unreadable
}
