package telemetry

import (
	"runtime/debug"
	"sync"
)

// version and revision are set by the linker in releases:
//
//	go build -ldflags "-X github.com/dateline-news/dateline/pkg/telemetry.version=v0.1.0"
//
// Builds may lack what Go records of version control (-buildvcs=false), so
// neither is taken for granted.
var (
	version  string
	revision string
)

// Version is the release that this binary was built from: the linker's word,
// else the module version that Go recorded (go install …@v0.1.0), else "dev".
func Version() string {
	return buildVersion(version, readBuildInfo())
}

// Revision is the commit that this binary was built from, or "unknown". A
// suffix "-dirty" tells of changes that were not committed.
func Revision() string {
	return buildRevision(revision, readBuildInfo())
}

// readBuildInfo parses the build information once; it cannot change.
var readBuildInfo = sync.OnceValue(func() *debug.BuildInfo {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return &debug.BuildInfo{}
	}
	return info
})

func buildVersion(linked string, info *debug.BuildInfo) string {
	switch {
	case linked != "":
		return linked
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		return info.Main.Version
	default:
		return "dev"
	}
}

func buildRevision(linked string, info *debug.BuildInfo) string {
	if linked != "" {
		return linked
	}
	commit, suffix := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			suffix = "-dirty"
		}
	}
	if commit == "unknown" {
		return commit
	}
	return commit + suffix
}
