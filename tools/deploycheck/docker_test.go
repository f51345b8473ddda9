package deploycheck_test

import (
	"os"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/stretchr/testify/require"
)

func TestDockerfile(t *testing.T) {
	file, err := os.Open("../../deploy/docker/Dockerfile")
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	parsed, err := parser.Parse(file)
	require.NoError(t, err)
	require.Empty(t, parsed.Warnings)
	lint := linter.New(&linter.Config{Warn: func(rule, description, _, message string, location []parser.Range) {
		require.Fail(t, rule, "%s: %s, line %v", description, message, location)
	}})
	stages, _, err := instructions.Parse(parsed.AST, lint)
	require.NoError(t, err)

	byName := map[string]instructions.Stage{}
	for _, s := range stages {
		byName[s.Name] = s
	}
	require.True(t, strings.HasPrefix(byName["build"].BaseName, "golang:"))
	base := byName["base"]
	require.Equal(t, "scratch", base.BaseName)
	user, exposed := "", []string(nil)
	for _, c := range base.Commands {
		switch c := c.(type) {
		case *instructions.UserCommand:
			user = c.User
		case *instructions.ExposeCommand:
			exposed = c.Ports
		}
	}
	require.Equal(t, "65532:65532", user)
	require.Equal(t, []string{"8080"}, exposed)
	for _, program := range []string{"fetcher", "parser", "enricher", "dateline"} {
		stage := byName[program]
		require.Equal(t, "base", stage.BaseName, program)
		var copied, entry, health []string
		for _, c := range stage.Commands {
			switch c := c.(type) {
			case *instructions.CopyCommand:
				copied = append(copied, c.SourcePaths...)
			case *instructions.EntrypointCommand:
				require.False(t, c.PrependShell, "there is no shell")
				entry = c.CmdLine
			case *instructions.HealthCheckCommand:
				require.Equal(t, "CMD", c.Health.Test[0], "there is no shell")
				health = c.Health.Test[1:]
			case *instructions.RunCommand:
				require.Fail(t, "there is nothing to run with", c.String())
			}
		}
		require.Contains(t, copied, "/programs/"+program)
		require.Equal(t, []string{"/" + program}, entry)
		require.Equal(t, "/"+program, health[0])
	}
}
