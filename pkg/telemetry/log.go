// Package telemetry is what a process tells of itself: its log, its metrics, its
// traces, and the ops listener that serves them.
package telemetry

import (
	"fmt"
	"io"
	"os"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// Config is what an operator may set. A program that wants another default for
// HTTP sets the field before it binds the configuration.
type Config struct {
	HTTP      string `config:"http" default:"127.0.0.1:8080" help:"address of the ops listener (metrics, health, profiles); port 0 takes a free one, off disables it"`
	LogLevel  string `config:"log.level" default:"info" oneof:"debug,info,warn,error" help:"least severe log entries to write"`
	LogFormat string `config:"log.format" default:"auto" oneof:"auto,console,json" help:"form of log entries; auto is console on a terminal and json elsewhere"`

	Traces TraceConfig `config:"traces"`
}

// Formats of log entries.
const (
	FormatAuto    = "auto"
	FormatConsole = "console"
	FormatJSON    = "json"
)

// Of entries with one message and level, each second writes the first
// sampleFirst and then one in sampleThereafter, so that a fault that repeats a
// thousand times a second does not fill the disk.
const (
	sampleFirst      = 100
	sampleThereafter = 100
)

// NewLogger returns a logger that writes to w under the name of service, and the
// level by which it can be turned up or down later. Repetitions are sampled,
// unless the level asked for is debug.
//
// Errors of w are not reported: nothing better than w is known. Sync may return
// an error for terminals and pipes, which callers should ignore.
func NewLogger(c Config, w io.Writer, service string) (*zap.Logger, zap.AtomicLevel, error) {
	level, err := zap.ParseAtomicLevel(c.LogLevel)
	if err != nil {
		return nil, level, fmt.Errorf("log level: %w", err)
	}
	encoder, err := newEncoder(c.LogFormat, w)
	if err != nil {
		return nil, level, err
	}
	core := zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level)
	if level.Level() > zapcore.DebugLevel {
		core = zapcore.NewSamplerWithOptions(core, time.Second, sampleFirst, sampleThereafter)
	}
	return zap.New(core).With(zap.String("service", service)), level, nil
}

func newEncoder(format string, w io.Writer) (zapcore.Encoder, error) {
	c := zap.NewProductionEncoderConfig()
	c.TimeKey = "time"
	c.MessageKey = "message"
	c.EncodeDuration = zapcore.StringDurationEncoder
	if format == FormatAuto || format == "" {
		format = FormatJSON
		if isTerminal(w) {
			format = FormatConsole
		}
	}
	switch format {
	case FormatJSON:
		c.EncodeTime = encodeUTC
		return zapcore.NewJSONEncoder(c), nil
	case FormatConsole:
		c.EncodeTime = zapcore.TimeEncoderOfLayout(time.TimeOnly)
		c.EncodeLevel = zapcore.CapitalLevelEncoder
		c.ConsoleSeparator = "  "
		return zapcore.NewConsoleEncoder(c), nil
	default:
		return nil, fmt.Errorf("log format: unknown %q, expected %s, %s or %s",
			format, FormatAuto, FormatConsole, FormatJSON)
	}
}

// encodeUTC writes RFC 3339 in UTC with milliseconds, which sorts as text.
func encodeUTC(t time.Time, enc zapcore.PrimitiveArrayEncoder) {
	enc.AppendString(t.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}

// isTerminal takes every character device for a terminal. It errs on
// /dev/null alone, where the form does not matter.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
