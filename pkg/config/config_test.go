package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/config"
)

// settings has a field of every kind, in the shapes that programs use: a
// section without a tag, one with a tag, and a key in parts.
type settings struct {
	Ops     ops
	NATS    broker `config:"nats"`
	Fetcher fetcher
	Ratio   float64 `config:"sampling" default:"0.5" help:"share of articles that are traced"`
	note    string
}

type ops struct {
	HTTP  string `config:"http" default:"127.0.0.1:8080" help:"address of the ops listener"`
	Level string `config:"log.level" default:"info" oneof:"debug,info,warn" help:"least severe entries | written"`
}

type broker struct {
	URL      string `config:"url" default:"nats://127.0.0.1:4222" example:"nats://broker:4222" help:"servers to connect to"`
	Password string `config:"password" secret:"true" help:"password of the user"`
	Retries  int    `config:"retries" default:"3" help:"attempts to connect"`
}

type fetcher struct {
	HostDelay    time.Duration     `config:"fetcher.host-delay" default:"1s" help:"least time between requests to one host"`
	AllowPrivate bool              `config:"fetcher.allow-private" help:"fetch from private addresses"`
	MaxPage      config.Bytes      `config:"fetcher.max-page" default:"10MiB" help:"largest page"`
	Languages    []string          `config:"languages" help:"ISO 639-1 codes; all if none"`
	Kinds        []string          `config:"fetcher.kinds" default:"rss,atom" oneof:"rss,atom,json" help:"kinds of feeds"`
	Headers      map[string]string `config:"fetcher.headers" help:"headers of every request"`
}

func (f *fetcher) Validate() error {
	if f.HostDelay < 0 {
		return errors.New("fetcher.host-delay must not be negative")
	}
	return nil
}

func (b broker) Validate() error {
	if b.Retries < 0 {
		return fmt.Errorf("nats.retries is %d", b.Retries)
	}
	if b.Password != "" && b.URL == "" {
		return errors.New("a password needs a url")
	}
	return nil
}

// source is what a test puts into the four places.
type source struct {
	file string
	env  []string
	args []string
}

func load(t *testing.T, s source, opts config.Options, target any) (config.Sources, error) {
	t.Helper()
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	require.NoError(t, config.Bind(fs, target))
	require.NoError(t, fs.Parse(s.args))
	opts.Environ = append([]string{"HOME=/root", "PATH=/bin"}, s.env...)
	if s.file != "" {
		opts.File = filepath.Join(t.TempDir(), "dateline.yaml")
		require.NoError(t, os.WriteFile(opts.File, []byte(s.file), 0o600))
	}
	return config.Load(fs, opts, target)
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	var got settings
	sources, err := load(t, source{}, config.Options{}, &got)
	require.NoError(t, err)
	require.Equal(t, settings{
		Ops:  ops{HTTP: "127.0.0.1:8080", Level: "info"},
		NATS: broker{URL: "nats://127.0.0.1:4222", Retries: 3},
		Fetcher: fetcher{
			HostDelay: time.Second, MaxPage: 10 * config.MiB, Kinds: []string{"rss", "atom"},
		},
		Ratio: 0.5,
	}, got)
	require.Len(t, sources, 12)
	for key, s := range sources {
		require.Equal(t, config.FromDefault, s, key)
	}
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	const (
		file = "fetcher: {host-delay: 2s}\n"
		env  = "DATELINE_FETCHER_HOST_DELAY=3s"
		flag = "--fetcher-host-delay=4s"
	)
	tests := []struct {
		name string
		in   source
		want time.Duration
		from config.Source
	}{
		{"default", source{}, time.Second, config.FromDefault},
		{"file over default", source{file: file}, 2 * time.Second, config.FromFile},
		{"env over default", source{env: []string{env}}, 3 * time.Second, config.FromEnv},
		{"env over file", source{file: file, env: []string{env}}, 3 * time.Second, config.FromEnv},
		{"flag over default", source{args: []string{flag}}, 4 * time.Second, config.FromFlag},
		{"flag over file", source{file: file, args: []string{flag}}, 4 * time.Second, config.FromFlag},
		{"flag over env", source{env: []string{env}, args: []string{flag}}, 4 * time.Second, config.FromFlag},
		{"flag over all", source{file: file, env: []string{env}, args: []string{flag}}, 4 * time.Second, config.FromFlag},
		{
			"flag with the default's value still overrides",
			source{env: []string{env}, args: []string{"--fetcher-host-delay=1s"}},
			time.Second, config.FromFlag,
		},
		{"empty variable is not set", source{file: file, env: []string{"DATELINE_FETCHER_HOST_DELAY="}}, 2 * time.Second, config.FromFile},
		{"null in file is not set", source{file: "fetcher: {host-delay: }"}, time.Second, config.FromDefault},
		{"empty section", source{file: "fetcher:\n"}, time.Second, config.FromDefault},
		{"dotted key in file", source{file: "fetcher.host-delay: 5s\n"}, 5 * time.Second, config.FromFile},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got settings
			sources, err := load(t, tt.in, config.Options{}, &got)
			require.NoError(t, err)
			require.Equal(t, tt.want, got.Fetcher.HostDelay)
			require.Equal(t, tt.from, sources["fetcher.host-delay"])
			require.Equal(t, "127.0.0.1:8080", got.Ops.HTTP)
		})
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	want := settings{
		Ops:  ops{HTTP: "", Level: "warn"},
		NATS: broker{URL: "tls://a:4222,tls://b:4222", Password: "p,=w", Retries: 0},
		Fetcher: fetcher{
			HostDelay: 36 * time.Hour, AllowPrivate: true, MaxPage: 1_500_000,
			Languages: []string{"fr", "de"}, Kinds: []string{"json"},
			Headers: map[string]string{"Accept-Language": "fr", "X-Team": "news"},
		},
		Ratio: 1e-3,
	}
	tests := map[string]source{
		"file": {file: `
http: ""
log: {level: warn}
nats: {url: "tls://a:4222,tls://b:4222", password: "p,=w", retries: 0}
fetcher:
  host-delay: 1d12h
  allow-private: true
  max-page: 1500000
  kinds: [json]
  headers:
    Accept-Language: fr
    X-Team: news
languages: [fr, de]
sampling: 0.001
`},
		"env": {
			args: []string{"--http="}, // an empty variable would not count
			env: []string{
				"DATELINE_LOG_LEVEL=warn", "DATELINE_NATS_URL=tls://a:4222,tls://b:4222",
				"DATELINE_NATS_PASSWORD=p,=w", "DATELINE_NATS_RETRIES=0",
				"DATELINE_FETCHER_HOST_DELAY=1d12h", "DATELINE_FETCHER_ALLOW_PRIVATE=true",
				"DATELINE_FETCHER_MAX_PAGE=1500kB", "DATELINE_FETCHER_KINDS=json",
				"DATELINE_FETCHER_HEADERS=Accept-Language=fr, X-Team=news",
				"DATELINE_LANGUAGES=fr, de,", "DATELINE_SAMPLING=1e-3",
			},
		},
		"flags": {args: []string{
			"--http=", "--log-level=warn", "--nats-url=tls://a:4222,tls://b:4222",
			"--nats-password", "p,=w", "--nats-retries=0", "--fetcher-host-delay=36h",
			"--fetcher-allow-private", "--fetcher-max-page", "1500000B", "--fetcher-kinds=json",
			"--fetcher-headers=Accept-Language=fr", "--fetcher-headers=X-Team=news",
			"--languages=fr", "--languages=de", "--sampling=.001",
		}},
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got settings
			_, err := load(t, in, config.Options{}, &got)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   source
		want string
	}{
		{
			"unknown key",
			source{file: "fetcher: {hostdelay: 1s}"},
			"unknown key fetcher.hostdelay in FILE: did you mean fetcher.host-delay?",
		},
		{
			"key in the wrong section",
			source{file: "parser: {max-page: 1MB}"},
			"unknown key parser.max-page in FILE: did you mean fetcher.max-page?",
		},
		{"nothing near", source{file: "zzzzzzzzzzzz: 1"}, "unknown key zzzzzzzzzzzz in FILE"},
		{
			"unknown variable",
			source{env: []string{"DATELINE_FETCHER_HOSTDELAY=1s"}},
			"unknown variable DATELINE_FETCHER_HOSTDELAY in the environment: did you mean DATELINE_FETCHER_HOST_DELAY?",
		},
		{
			"empty unknown variable",
			source{env: []string{"DATELINE_LANGUAGE="}},
			"unknown variable DATELINE_LANGUAGE in the environment: did you mean DATELINE_LANGUAGES?",
		},
		{
			"key given twice",
			source{file: "log.level: info\nlog: {level: warn}\n"},
			"key log.level is given twice in FILE",
		},
		{
			"scalar for a section",
			source{file: "fetcher: 5"},
			`fetcher: bad value "5" in FILE: expected a section of keys such as allow-private`,
		},
		{
			"section for a scalar",
			source{file: "http: {port: 80}"},
			`http: bad value "map[port:80]" in FILE: expected text`,
		},
		{
			"duration",
			source{env: []string{"DATELINE_FETCHER_HOST_DELAY=5"}},
			`fetcher.host-delay: bad value "5" in DATELINE_FETCHER_HOST_DELAY: expected a duration such as 500ms, 1m30s or 7d`,
		},
		{
			"number where a duration belongs",
			source{file: "fetcher: {host-delay: 5}"},
			`fetcher.host-delay: bad value "5" in FILE: expected a duration such as 500ms, 1m30s or 7d`,
		},
		{
			"bool",
			source{env: []string{"DATELINE_FETCHER_ALLOW_PRIVATE=yes"}},
			`fetcher.allow-private: bad value "yes" in DATELINE_FETCHER_ALLOW_PRIVATE: expected true or false`,
		},
		{
			"size",
			source{file: "fetcher: {max-page: 10M}"},
			`fetcher.max-page: bad value "10M" in FILE: expected a size such as 64KiB, 10MiB or 1GB`,
		},
		{
			"int",
			source{file: "nats: {retries: 1.5}"},
			`nats.retries: bad value "1.5" in FILE: expected a whole number such as 8`,
		},
		{
			"float",
			source{env: []string{"DATELINE_SAMPLING=half"}},
			`sampling: bad value "half" in DATELINE_SAMPLING: expected a number such as 0.5`,
		},
		{
			"word",
			source{env: []string{"DATELINE_LOG_LEVEL=loud"}},
			`log.level: bad value "loud" in DATELINE_LOG_LEVEL: expected debug, info or warn`,
		},
		{
			"word in a list",
			source{file: "fetcher: {kinds: [rss, opml]}"},
			`fetcher.kinds: bad value "[rss opml]" in FILE: expected any of rss, atom or json`,
		},
		{
			"pair",
			source{env: []string{"DATELINE_FETCHER_HEADERS=a"}},
			`fetcher.headers: bad value "a" in DATELINE_FETCHER_HEADERS: expected pairs such as a=1,b=2`,
		},
		{
			"text that YAML takes for a number",
			source{file: "http: 0123"},
			`http: bad value "83" in FILE: expected text, in quotes where YAML sees a number, a date or a truth value`,
		},
		{
			"number in a list",
			source{file: "languages: [fr, 5]"},
			`languages: bad value "[fr 5]" in FILE: expected a list of text, in quotes where YAML sees a number, a date or a truth value`,
		},
		{
			"secret is not shown",
			source{file: "nats: {password: 4711}"},
			`nats.password: bad value "(hidden)" in FILE: expected text, in quotes where YAML sees a number, a date or a truth value`,
		},
		{
			"long value",
			source{env: []string{"DATELINE_SAMPLING=" + strings.Repeat("é", 60)}},
			`sampling: bad value "` + strings.Repeat("é", 50) + `…" in DATELINE_SAMPLING: expected a number such as 0.5`,
		},
		{
			"name too long for a suggestion",
			source{file: strings.Repeat("h", 101) + ": 1"},
			"unknown key " + strings.Repeat("h", 101) + " in FILE",
		},
		{
			"list for a scalar",
			source{file: "http: [a]"},
			`http: bad value "[a]" in FILE: expected text`,
		},
		{
			"number in a map",
			source{file: "fetcher: {headers: {X-Year: 2026}}"},
			`fetcher.headers: bad value "map[X-Year:2026]" in FILE: expected text for X-Year, in quotes where YAML sees a number, a date or a truth value`,
		},
		{
			"validate that names its key",
			source{args: []string{"--nats-retries=-1"}},
			"nats.retries is -1",
		},
		{
			"validate",
			source{args: []string{"--fetcher-host-delay=-1s"}},
			"fetcher.host-delay must not be negative",
		},
		{
			"validate of a section is named",
			source{args: []string{"--nats-url=", "--nats-password=x"}},
			"nats: a password needs a url",
		},
		{
			"all at once",
			source{file: "htpp: x\n", env: []string{"DATELINE_SAMPLING=x", "DATELINE_LOG=x"}},
			"3 faults in the configuration:\n" +
				"  unknown key htpp in FILE: did you mean http?\n" +
				"  unknown variable DATELINE_LOG in the environment\n" +
				`  sampling: bad value "x" in DATELINE_SAMPLING: expected a number such as 0.5`,
		},
		{
			"not a mapping",
			source{file: "- a\n"},
			"read FILE: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]interface {}",
		},
		{"too large", source{file: strings.Repeat("# filler\n", 120_000)}, "read FILE: larger than 1MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "dateline.yaml")
			if tt.in.file != "" {
				require.NoError(t, os.WriteFile(path, []byte(tt.in.file), 0o600))
				tt.in.args = append(tt.in.args, "--config="+path)
				tt.in.file = ""
			}
			_, err := load(t, tt.in, config.Options{}, &settings{})
			require.Error(t, err)
			require.Equal(t, tt.want, strings.ReplaceAll(err.Error(), path, "FILE"))

			var usage interface{ WrongUsage() bool }
			require.ErrorAs(t, err, &usage)
			require.True(t, usage.WrongUsage())
		})
	}
}

func TestFaultTypes(t *testing.T) {
	t.Parallel()
	_, err := load(t, source{
		file: "fetch: {host-delay: 1s}",
		env:  []string{"DATELINE_SAMPLING=x"},
	}, config.Options{}, &settings{})

	var unknown *config.UnknownKeyError
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, "fetcher.host-delay", unknown.Nearest)
	require.Equal(t, config.FromFile, unknown.Source)
	var value *config.ValueError
	require.ErrorAs(t, err, &value)
	require.Equal(t, "sampling", value.Key)
	require.Equal(t, config.FromEnv, value.Source)
}

func TestFlagsAreCheckedWhenParsed(t *testing.T) {
	t.Parallel()
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	require.NoError(t, config.Bind(fs, &settings{}))
	require.EqualError(t, fs.Parse([]string{"--fetcher-host-delay=soon"}),
		`invalid argument "soon" for "--fetcher-host-delay" flag: expected a duration such as 500ms, 1m30s or 7d`)
}

func TestFilePath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, level string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte("log: {level: "+level+"}"), 0o600))
		return path
	}
	fallback, byEnv, byFlag := write("a.yaml", "debug"), write("b.yaml", "info"), write("c.yaml", "warn")
	missing := filepath.Join(dir, "missing.yaml")
	tests := []struct {
		name, fallback string
		in             source
		want           string
		fails          bool
	}{
		{name: "none", want: "info"},
		{name: "fallback", fallback: fallback, want: "debug"},
		{name: "missing fallback", fallback: missing, want: "info"},
		{name: "variable", fallback: fallback, in: source{env: []string{"DATELINE_CONFIG=" + byEnv}}, want: "info"},
		{
			name: "flag over variable",
			in:   source{env: []string{"DATELINE_CONFIG=" + byEnv}, args: []string{"--config", byFlag}}, want: "warn",
		},
		{name: "missing by flag", in: source{args: []string{"--config", missing}}, fails: true},
		{name: "missing by variable", in: source{env: []string{"DATELINE_CONFIG=" + missing}}, fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got settings
			_, err := load(t, tt.in, config.Options{File: tt.fallback}, &got)
			if tt.fails {
				require.ErrorIs(t, err, os.ErrNotExist)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, got.Ops.Level)
		})
	}
}

func TestSharedEnvironment(t *testing.T) {
	t.Parallel()
	known, err := config.Keys(&settings{})
	require.NoError(t, err)
	var small ops
	in := source{
		file: "http: ':9'\nfetcher: {headers: {a: b}, host-delay: 1s}\nlanguages: [fr]\n",
		env:  []string{"DATELINE_NATS_URL=nats://b", "DATELINE_LOG_LEVEL=debug"},
	}
	sources, err := load(t, in, config.Options{Known: known}, &small)
	require.NoError(t, err)
	require.Equal(t, ops{HTTP: ":9", Level: "debug"}, small)
	require.Equal(t, config.Sources{"http": config.FromFile, "log.level": config.FromEnv}, sources)

	_, err = load(t, in, config.Options{}, &small)
	require.ErrorContains(t, err, "unknown variable DATELINE_NATS_URL")
}

// Another program's key may be a section here, or the reverse.
func TestKnownKeysMayNestDifferently(t *testing.T) {
	t.Parallel()
	var got ops
	_, err := load(t, source{env: []string{"DATELINE_HTTP_X=1", "DATELINE_LOG=1", "DATELINE_HTTP=:1"}},
		config.Options{Known: []string{"http.x", "log"}}, &got)
	require.NoError(t, err)
	require.Equal(t, ops{HTTP: ":1", Level: "info"}, got)
}

func TestServiceLinksAreNotSettings(t *testing.T) {
	t.Parallel()
	_, err := load(t, source{env: []string{
		"DATELINE_SERVICE_HOST=10.0.0.1", "DATELINE_SERVICE_PORT=80", "DATELINE_SERVICE_PORT_HTTP=80",
		"DATELINE_PORT=tcp://10.0.0.1:80", "DATELINE_PORT_80_TCP=tcp://10.0.0.1:80",
		"DATELINE_PORT_80_TCP_PROTO=tcp", "DATELINE_PORT_80_TCP_PORT=80", "DATELINE_FETCHER_PORT_80_TCP_ADDR=10.0.0.1",
	}}, config.Options{}, &settings{})
	require.NoError(t, err)
	_, err = load(t, source{env: []string{"DATELINE_PORT=80"}}, config.Options{}, &settings{})
	require.ErrorContains(t, err, "unknown variable DATELINE_PORT")
}

func TestProgramsOwnDefault(t *testing.T) {
	t.Parallel()
	got := settings{Ops: ops{HTTP: "127.0.0.1:8081"}, Fetcher: fetcher{Kinds: []string{"json"}}}
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	require.NoError(t, config.Bind(fs, &got))
	require.Contains(t, fs.FlagUsages(), `(default "127.0.0.1:8081")`)

	// The first load changes the field; the second still knows the default.
	_, err := config.Load(fs, config.Options{Environ: []string{"DATELINE_HTTP=:1"}}, &got)
	require.NoError(t, err)
	require.Equal(t, ":1", got.Ops.HTTP)
	_, err = config.Load(fs, config.Options{Environ: []string{}}, &got)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8081", got.Ops.HTTP)
	require.Equal(t, []string{"json"}, got.Fetcher.Kinds)
}

func TestLoadWithoutFlags(t *testing.T) {
	t.Parallel()
	var got settings
	_, err := config.Load(nil, config.Options{Environ: []string{"DATELINE_HTTP=:1"}}, &got)
	require.NoError(t, err)
	require.Equal(t, ":1", got.Ops.HTTP)
	require.Equal(t, time.Second, got.Fetcher.HostDelay)
}

func TestLoadReadsTheEnvironmentOfTheProcess(t *testing.T) {
	t.Setenv("DATELINE_HTTP", ":2")
	var got ops
	_, err := config.Load(nil, config.Options{}, &got)
	require.NoError(t, err)
	require.Equal(t, ":2", got.HTTP)
}

func TestTargetsShareKeys(t *testing.T) {
	t.Parallel()
	var all struct{ A, B ops }
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	require.NoError(t, config.Bind(fs, &all))
	require.NoError(t, config.Bind(fs, &ops{}))
	require.NoError(t, fs.Parse([]string{"--http=:3"}))
	_, err := config.Load(fs, config.Options{Environ: []string{}}, &all)
	require.NoError(t, err)
	require.Equal(t, ":3", all.A.HTTP)
	require.Equal(t, ":3", all.B.HTTP)

	require.ErrorContains(t, config.Bind(fs, &ops{HTTP: ":9"}), "key http is declared twice")
}

func TestMistakesInTags(t *testing.T) {
	t.Parallel()
	type section struct {
		X string `config:"x"`
	}
	var unset *ops
	tests := map[string]struct {
		target any
		want   string
	}{
		"not a pointer": {ops{}, "non-nil pointer to a struct"},
		"nil":           {unset, "non-nil pointer to a struct"},
		"form": {&struct {
			A string `config:"Host_Delay"`
		}{}, `key "Host_Delay" is not allowed`},
		"reserved": {&struct {
			A string `config:"config"`
		}{}, `key "config" is not allowed`},
		"type": {&struct {
			A complex128 `config:"a"`
		}{}, "type complex128 is not supported"},
		"default": {&struct {
			A int `config:"a" default:"x"`
		}{}, `key a: default "x": expected a whole number`},
		"not exported": {&struct {
			a string `config:"a"`
		}{a: ""}, "the field is not exported"},
		"two meanings": {&struct {
			A string `config:"a"`
			B int    `config:"a"`
		}{}, "key a is declared twice"},
		"key and section": {&struct {
			A string  `config:"a"`
			B section `config:"a"`
		}{}, "key a is also the section of a.x"},
		"one flag": {&struct {
			A string `config:"a-b"`
			B string `config:"a.b"`
		}{}, "keys a-b and a.b share the flag --a-b"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
			require.ErrorContains(t, config.Bind(fs, tt.target), tt.want)
			_, err := config.Load(nil, config.Options{}, tt.target)
			require.ErrorContains(t, err, tt.want)
			_, err = config.Keys(tt.target)
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, config.Reference(&strings.Builder{}, config.Text, tt.target), tt.want)
			require.ErrorContains(t, config.Print(&strings.Builder{}, tt.target, nil), tt.want)
		})
	}
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	fs.String("http", "", "")
	require.ErrorContains(t, config.Bind(fs, &ops{}), "flag --http is already defined")
}

type embedded struct {
	Name string `config:"name" default:"x"`
}

func (embedded) Validate() error { return errors.New("name is never right") }

// A section of an unexported type can be embedded, and lends its Validate.
func TestEmbeddedSection(t *testing.T) {
	t.Parallel()
	var got struct{ embedded }
	_, err := config.Load(nil, config.Options{Environ: []string{"DATELINE_NAME=y"}}, &got)
	require.EqualError(t, err, "name is never right")
	require.Equal(t, "y", got.Name)
}

// Programs share one file and one environment: a section of another is known as
// a whole, but a program's own sections are known key by key.
func TestKnownSections(t *testing.T) {
	t.Parallel()
	type small struct {
		NATS broker `config:"nats"`
	}
	known := []string{"parser.*", "nats.*", "languages"}
	tests := []struct {
		name  string
		in    source
		fault string
	}{
		{"file", source{file: "parser: {max-bytes: 1MiB, deep: {er: 1}}\nlanguages: [fr]\n"}, ""},
		{"file, in parts", source{file: "parser.max-bytes: 1MiB\n"}, ""},
		{"file, empty section", source{file: "parser:\n"}, ""},
		{"file, no section", source{file: "parser: 5\n"}, "parser"},
		{"file, another section", source{file: "parsers: {a: 1}\n"}, "parsers.a"},
		{"environment", source{env: []string{"DATELINE_PARSER_MAX_BYTES=1MiB", "DATELINE_LANGUAGES=fr"}}, ""},
		{"environment, another section", source{env: []string{"DATELINE_PARSERS_A=1"}}, "DATELINE_PARSERS_A"},
		{"environment, the section alone", source{env: []string{"DATELINE_PARSER=1"}}, "DATELINE_PARSER"},
		{"own section, mistyped in the file", source{file: "nats: {ulr: x}\n"}, "nats.ulr"},
		{"own section, mistyped in the environment", source{env: []string{"DATELINE_NATS_ULR=x"}}, "DATELINE_NATS_ULR"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got small
			_, err := load(t, tt.in, config.Options{Known: known}, &got)
			if tt.fault == "" {
				require.NoError(t, err)
				return
			}
			var unknown *config.UnknownKeyError
			require.ErrorAs(t, err, &unknown)
			require.Equal(t, tt.fault, unknown.Name)
		})
	}
}

func TestAKnownSectionLeavesKeysToTheProgram(t *testing.T) {
	t.Parallel()
	var got settings
	in := source{file: "fetcher: {host-delay: 2s}\n", env: []string{"DATELINE_FETCHER_KINDS=atom"}}
	_, err := load(t, in, config.Options{Known: []string{"fetcher.*"}}, &got)
	require.NoError(t, err)
	require.Equal(t, 2*time.Second, got.Fetcher.HostDelay)
	require.Equal(t, []string{"atom"}, got.Fetcher.Kinds)
}
