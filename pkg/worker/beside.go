package worker

import "context"

// Beside is a stage that needs something followed as long as it has messages in hand:
// follow runs until the stage has ended, and returns when its context ends.
func Beside(s Stage, follow func(context.Context)) Stage { return &beside{Stage: s, follow: follow} }

type beside struct {
	Stage
	follow func(context.Context)
}

// Run implements Stage.
func (b *beside) Run(ctx context.Context) error {
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.follow(following)
	}()
	err := b.Stage.Run(ctx)
	stop()
	<-done
	return err
}
