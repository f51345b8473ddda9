package chaos

import (
	"context"
	"fmt"
)

// faults are all ways in which things are broken.
func faults() []fault {
	return []fault{
		{
			name: "service killed", how: "`kill -9` of fetcher, parser and enricher in turn, at random points of the flow",
			asserted: "every service takes up its work again", articles: *articles, brief: true,
			inject: killServices,
		},
	}
}

func killServices(ctx context.Context, x *injection) error {
	n := 3 * *kills
	if !*full {
		n = 4
	}
	return x.spread(ctx, n, func(i int) error {
		service := services()[i%3]
		x.running[service].kill()
		if err := x.run(ctx, service); err != nil {
			return fmt.Errorf("after kill %d: %w", i, err)
		}
		return nil
	})
}
