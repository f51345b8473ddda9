package client_test

import (
	"context"
	"fmt"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
)

// A newsroom reads French events, and remembers where it was.
func ExampleClient_Events() {
	newsroom := func(ctx context.Context) error {
		b, err := bus.Connect("newsroom", bus.Config{URL: "nats://127.0.0.1:4222"}, zap.NewNop())
		if err != nil {
			return err
		}
		return client.New(b).Events(ctx, client.EventOptions{Language: "fr", Durable: "newsroom-go"}, func(e client.Event) error {
			fmt.Println(e.GetDocument().GetHeadline())
			return nil // acknowledged: a restart goes on here
		})
	}
	_ = newsroom
}
