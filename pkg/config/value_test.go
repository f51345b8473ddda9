package config_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/pkg/config"
)

func TestParseBytes(t *testing.T) {
	t.Parallel()
	good := map[string]config.Bytes{
		"0": 0, "4096": 4096, "1B": 1, "1kB": 1000, "1KB": 1000, "64KiB": 64 << 10, "10MiB": 10 << 20,
		"10 MiB": 10 << 20, "10mib": 10 << 20, "2GB": 2e9, "1TiB": 1 << 40, "9223372036854775807": math.MaxInt64,
	}
	for text, want := range good {
		got, err := config.ParseBytes(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", "MiB", "-1B", "+1B", "1.5GiB", "10M", "10iB", "1 0MB", "0x10", "1e3",
		"9223372036854775808", "8388608TiB", "10MiBB", "10 Mi B",
	} {
		_, err := config.ParseBytes(text)
		require.Error(t, err, text)
	}
}

func TestBytesReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := config.Bytes(rapid.Int64Min(0).Draw(t, "bytes"))
		got, err := config.ParseBytes(b.String())
		require.NoError(t, err)
		require.Equal(t, b, got)
	})
	for want, b := range map[string]config.Bytes{
		"0B": 0, "1B": 1, "1kB": 1000, "1KiB": 1024, "10MiB": 10 << 20, "1536B": 1536, "2GB": 2e9, "-5B": -5,
	} {
		require.Equal(t, want, b.String())
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	type one struct {
		D time.Duration `config:"d" default:"1s"`
	}
	read := func(text string) (time.Duration, error) {
		var got one
		_, err := config.Load(nil, config.Options{Environ: []string{"DATELINE_D=" + text}}, &got)
		return got.D, err
	}
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"0": 0, "500ms": time.Second / 2, "7d": 7 * day, "1d12h": 36 * time.Hour, "-1d1h": -25 * time.Hour,
		"0d": 0, "106751d": 106751 * day,
	} {
		got, err := read(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"d", "1.5d", "1d-1h", "1d+1h", "+1d", "--1d", "106752d", "106751d24h", "1dd", "1 d", "1h1d", "7 days"} {
		_, err := read(text)
		require.Error(t, err, text)
	}
}

// What a program sets as its default is shown in flags as text that gives the
// same value.
func TestDurationsReadBack(t *testing.T) {
	t.Parallel()
	type one struct {
		D time.Duration `config:"d"`
	}
	rapid.Check(t, func(t *rapid.T) {
		want := time.Duration(rapid.Int64Range(math.MinInt64+1, math.MaxInt64).Draw(t, "ns"))
		want = want.Truncate(rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "grain"))
		got := one{D: want}
		fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
		require.NoError(t, config.Bind(fs, &got))
		got.D = 0
		_, err := config.Load(fs, config.Options{Environ: []string{}}, &got)
		require.NoError(t, err)
		require.Equal(t, want, got.D)
	})
}

func FuzzParseBytes(f *testing.F) {
	for _, seed := range []string{"10MiB", "1GB", "-1", "1.5GiB", "９MB", "  ", "0kIb"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := config.ParseBytes(text)
		if err != nil {
			return
		}
		require.GreaterOrEqual(t, b, config.Bytes(0))
		again, err := config.ParseBytes(b.String())
		require.NoError(t, err)
		require.Equal(t, b, again)
	})
}

// FuzzLoad holds that no file and no variable can make Load panic, and that
// what it accepts does not depend on the run.
func FuzzLoad(f *testing.F) {
	f.Add("fetcher: {host-delay: 1s}\n", "2s")
	f.Add("fetcher.headers: {a.b: c}\nnats: [1, {2: 3}]\n", "1d")
	f.Add("a: &a [*a]\n", "-9223372036854775808ns")
	f.Add("? {x: y}\n: 1\n", "")
	f.Add("log:\n  level: ~\n<<: {http: x}\n", "106751d23h47m16.854775807s")
	f.Fuzz(func(t *testing.T, file, delay string) {
		path := filepath.Join(t.TempDir(), "f.yaml")
		require.NoError(t, os.WriteFile(path, []byte(file), 0o600))
		opts := config.Options{File: path, Environ: []string{"DATELINE_FETCHER_HOST_DELAY=" + delay}}
		var a, b settings
		_, errA := config.Load(nil, opts, &a)
		_, errB := config.Load(nil, opts, &b)
		require.Equal(t, errA == nil, errB == nil)
		if errA == nil {
			require.Equal(t, a, b)
		}
	})
}
