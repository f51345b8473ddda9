package telemetry_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/telemetry"
)

func TestConfig(t *testing.T) {
	t.Parallel()
	c := telemetry.Config{HTTP: "127.0.0.1:8081"} // a program's own default
	fs := pflag.NewFlagSet("parser", pflag.ContinueOnError)
	require.NoError(t, config.Bind(fs, &c))
	require.NoError(t, fs.Parse([]string{"--log-format=json"}))
	_, err := config.Load(fs, config.Options{Environ: []string{"DATELINE_LOG_LEVEL=warn"}}, &c)
	require.NoError(t, err)
	require.Equal(t, telemetry.Config{
		HTTP: "127.0.0.1:8081", LogLevel: "warn", LogFormat: "json",
		Traces: telemetry.TraceConfig{Protocol: "auto", Sample: 1},
	}, c)
}

func TestLoggerWritesJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log, level, err := telemetry.NewLogger(telemetry.Config{LogLevel: "info", LogFormat: telemetry.FormatAuto}, &out, "parser")
	require.NoError(t, err)
	log.Debug("not written")
	log.Info("page parsed", zap.Duration("took", 1500*time.Millisecond))
	var entry map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &entry))
	_, err = time.Parse(time.RFC3339, entry["time"].(string))
	require.NoError(t, err)
	delete(entry, "time")
	require.Equal(t, map[string]any{
		"level": "info", "message": "page parsed", "service": "parser", "took": "1.5s",
	}, entry)

	out.Reset()
	level.SetLevel(zapcore.DebugLevel)
	log.Debug("written now")
	require.Contains(t, out.String(), "written now")
}

func TestLoggerWritesForPeople(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log, _, err := telemetry.NewLogger(telemetry.Config{LogLevel: "info", LogFormat: telemetry.FormatConsole}, &out, "parser")
	require.NoError(t, err)
	log.Warn("no language found", zap.String("article", "a1"))
	require.Regexp(t, `^\d\d:\d\d:\d\d  WARN  no language found  \{"service": "parser", "article": "a1"\}\n$`, out.String())
}

func TestAutoFormatOfFiles(t *testing.T) {
	t.Parallel()
	file, err := os.CreateTemp(t.TempDir(), "log")
	require.NoError(t, err)
	defer file.Close()
	log, _, err := telemetry.NewLogger(telemetry.Config{LogLevel: "info"}, file, "parser")
	require.NoError(t, err)
	log.Info("started")
	written, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	require.True(t, json.Valid(written))
}

func TestRepetitionsAreSampled(t *testing.T) {
	t.Parallel()
	count := func(level string) int {
		var out bytes.Buffer
		log, _, err := telemetry.NewLogger(telemetry.Config{LogLevel: level, LogFormat: telemetry.FormatJSON}, &out, "fetcher")
		require.NoError(t, err)
		for range 5000 {
			log.Warn("host refuses")
		}
		return bytes.Count(out.Bytes(), []byte("\n"))
	}
	require.Less(t, count("info"), 5000)
	require.Equal(t, 5000, count("debug"))
}

func TestLoggerRefuses(t *testing.T) {
	t.Parallel()
	_, _, err := telemetry.NewLogger(telemetry.Config{LogLevel: "loud"}, &bytes.Buffer{}, "x")
	require.ErrorContains(t, err, `log level: unrecognized level: "loud"`)
	_, _, err = telemetry.NewLogger(telemetry.Config{LogLevel: "info", LogFormat: "xml"}, &bytes.Buffer{}, "x")
	require.EqualError(t, err, `log format: unknown "xml", expected auto, console or json`)
}
