package worker

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/service"
)

// levelKey is the setting that is changed in a running process.
const levelKey = "log.level"

// Reload is the part of a process that reads its configuration again at each SIGHUP:
// the log's level changes at once, and what else differs from what the process runs
// with is named, since it counts from the next start on. A configuration that is wrong changes nothing. load fills a
// configuration and returns it with the level that it asks for.
//
// A process that writes to a terminal ends with it instead, as SIGHUP has it.
// Elsewhere the signal is listened for from now on, and not only once the part runs:
// whoever reads that the process has started may send it at once.
func Reload[C any](log *zap.Logger, level zap.AtomicLevel, cfg C, load func() (C, string, error)) service.Part {
	hangup := make(chan os.Signal, 1)
	if !onTerminal() {
		signal.Notify(hangup, syscall.SIGHUP)
	}
	return service.Part{Name: "reload", Run: func(ctx context.Context) error {
		defer signal.Stop(hangup)
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-hangup:
			}
			next, want, err := load()
			if err == nil {
				err = apply(log, level, &cfg, &next, want)
			}
			if err != nil {
				log.Error("configuration not read again: it goes on with what it had", zap.Error(err))
			}
		}
	}}
}

func apply(log *zap.Logger, level zap.AtomicLevel, before, after any, want string) error {
	changed, err := config.Changes(before, after)
	if err != nil {
		return err
	}
	parsed, err := zapcore.ParseLevel(want)
	if err != nil {
		return err
	}
	level.SetLevel(parsed)
	rest := slices.DeleteFunc(changed, func(key string) bool { return key == levelKey })
	// Whatever the level is now, who asked for it hears of it.
	log.Log(max(parsed, zapcore.InfoLevel), "configuration read again", zap.Stringer("log-level", parsed), zap.Strings("need-restart", rest))
	return nil
}

func onTerminal() bool {
	info, err := os.Stderr.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
