package telemetry

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// The linker and the build's own record cannot be varied from outside.
func TestBuildVersionAndRevision(t *testing.T) {
	t.Parallel()
	settings := func(kv ...string) []debug.BuildSetting {
		var s []debug.BuildSetting
		for i := 0; i < len(kv); i += 2 {
			s = append(s, debug.BuildSetting{Key: kv[i], Value: kv[i+1]})
		}
		return s
	}
	main := func(v string) debug.Module { return debug.Module{Version: v} }
	tests := map[string]struct {
		version, revision string
		info              debug.BuildInfo
		wantVersion       string
		wantRevision      string
	}{
		"nothing known": {wantVersion: "dev", wantRevision: "unknown"},
		"go build":      {info: debug.BuildInfo{Main: main("(devel)")}, wantVersion: "dev", wantRevision: "unknown"},
		"go install": {
			info:        debug.BuildInfo{Main: main("v0.1.0"), Settings: settings("-trimpath", "true")},
			wantVersion: "v0.1.0", wantRevision: "unknown",
		},
		"checkout": {
			info:        debug.BuildInfo{Settings: settings("vcs.revision", "4f2a", "vcs.modified", "false")},
			wantVersion: "dev", wantRevision: "4f2a",
		},
		"changed checkout": {
			info:        debug.BuildInfo{Settings: settings("vcs.modified", "true", "vcs.revision", "4f2a")},
			wantVersion: "dev", wantRevision: "4f2a-dirty",
		},
		"no revision but changed": {
			info:        debug.BuildInfo{Settings: settings("vcs.modified", "true")},
			wantVersion: "dev", wantRevision: "unknown",
		},
		"linker": {
			version: "v0.2.0", revision: "9c1d",
			info:        debug.BuildInfo{Main: main("v0.1.0"), Settings: settings("vcs.revision", "4f2a")},
			wantVersion: "v0.2.0", wantRevision: "9c1d",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.wantVersion, buildVersion(tt.version, &tt.info))
			require.Equal(t, tt.wantRevision, buildRevision(tt.revision, &tt.info))
		})
	}
}
