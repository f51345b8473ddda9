package chaos

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// reloadFaults are about settings that change in running processes.
func reloadFaults() []fault {
	var file string
	return []fault{{
		name: "reloaded", how: "SIGHUP to fetcher, parser and enricher in turn, with a changed file, and every third time with one that is wrong",
		asserted: "no restart; each says what it took over, and a wrong file changes nothing", articles: 2000, brief: true, exact: true,
		setUp: func(t *testing.T, o *options) {
			file = filepath.Join(t.TempDir(), "dateline.yaml")
			require.NoError(t, os.WriteFile(file, []byte("log: {level: info}\n"), 0o600))
			o.env = append(o.env, "DATELINE_CONFIG="+file)
		},
		inject: func(ctx context.Context, x *injection) error { return reload(ctx, x, file) },
	}}
}

// reload has the services read a file again, which changes each time.
func reload(ctx context.Context, x *injection, file string) error {
	changes := []struct{ text, says string }{
		{"log: {level: debug}\nfetcher: {workers: 9}\n", `"log-level":"debug"`},
		{"log: {level: warn}\nparser: {workers: 3}\n", `"log-level":"warn"`},
		{"log: {lefel: info}\n", "configuration not read again"},
	}
	return x.spread(ctx, times(60, 9), func(i int) error {
		change, p := changes[i/3%len(changes)], x.running[process.Services()[i%3]]
		if err := os.WriteFile(file, []byte(change.text), 0o600); err != nil {
			return fmt.Errorf("change the file: %w", err)
		}
		said := p.Logged(change.says)
		if err := p.Signal(syscall.SIGHUP); err != nil {
			return fmt.Errorf("have %s read it again: %w", p.Role, err)
		}
		for since := time.Now(); p.Logged(change.says) == said; pause(ctx, 10*time.Millisecond) {
			if time.Since(since) > 10*time.Second || ctx.Err() != nil {
				return fmt.Errorf("%s does not say %s: %s", p.Role, change.says, p.Tail(5))
			}
		}
		x.resumes(ctx)
		return nil
	})
}
