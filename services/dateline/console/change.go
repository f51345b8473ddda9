package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// changeTimeout bounds one change; a fetcher is asked meanwhile.
const changeTimeout = 8 * time.Second

type feedToAdd struct {
	URL string `json:"url"`
}

type byID struct {
	ID string `json:"id"`
}

// receipt is a fetcher's answer.
type receipt struct {
	Status  string `json:"status"`
	ID      string `json:"id,omitempty"`
	URL     string `json:"url,omitempty"`
	Message string `json:"message,omitempty"`
}

func (c *Console) addFeed(r *http.Request, in feedToAdd) (any, error) {
	return c.submit(r, func(ctx context.Context) (*datelinev1.Receipt, error) {
		return client.New(c.bus).SubmitFeed(ctx, &datelinev1.Feed{Url: in.URL})
	})
}

func (c *Console) removeFeed(r *http.Request, in byID) (any, error) {
	if in.ID == "" {
		return nil, &refusal{http.StatusUnprocessableEntity, "say which feed, by its id"}
	}
	return c.submit(r, func(ctx context.Context) (*datelinev1.Receipt, error) {
		return client.New(c.bus).RemoveFeed(ctx, in.ID)
	})
}

func (c *Console) submit(r *http.Request, send func(context.Context) (*datelinev1.Receipt, error)) (any, error) {
	ctx, cancel := context.WithTimeout(r.Context(), changeTimeout)
	defer cancel()
	if err := c.bus.Ready(); err != nil {
		return nil, err
	}
	got, err := send(ctx)
	if err != nil {
		return nil, err
	}
	if got.GetStatus() == "rejected" {
		return nil, &refusal{http.StatusUnprocessableEntity, got.GetMessage()}
	}
	return receipt{Status: got.GetStatus(), ID: got.GetId(), URL: withoutUser(got.GetUrl()), Message: got.GetMessage()}, nil
}

// actOn does one thing to a message in quarantine.
func (c *Console) actOn(done string, act func(*quarantine.Quarantine, context.Context, quarantine.Message) error) func(*http.Request, byID) (any, error) {
	return func(r *http.Request, in byID) (any, error) {
		ctx, cancel := context.WithTimeout(r.Context(), changeTimeout)
		defer cancel()
		q, m, err := c.quarantined(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if err := act(q, ctx, m); err != nil {
			return nil, &refusal{http.StatusConflict, err.Error()}
		}
		return receipt{Status: done, ID: m.GetId()}, nil
	}
}

func (c *Console) quarantined(ctx context.Context, id string) (*quarantine.Quarantine, quarantine.Message, error) {
	if err := c.bus.Ready(); err != nil {
		return nil, quarantine.Message{}, err
	}
	if !topology.ValidSubject(topology.Quarantine("x", id)) {
		return nil, quarantine.Message{}, &refusal{http.StatusNotFound, "there is no such message in quarantine"}
	}
	q, err := quarantine.Open(ctx, c.bus)
	if err != nil {
		return nil, quarantine.Message{}, err
	}
	m, err := q.Get(ctx, id)
	if errors.Is(err, quarantine.ErrUnknown) {
		return nil, m, &refusal{http.StatusNotFound, fmt.Sprintf("%.80s is not in quarantine any more", id)}
	}
	return q, m, err
}
