package deploycheck_test

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// dist builds one program from a tree and returns its path.
func dist(t *testing.T, root string) string {
	t.Helper()
	out := t.TempDir()
	cmd := exec.Command("bash", "tools/dist.sh", out, "v9.8.7", "linux/amd64", "--", "parser")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "REVISION=0123456789", "SOURCE_DATE_EPOCH=1700000000")
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, string(text))
	return filepath.Join(out, "dateline_9.8.7_linux_amd64", "parser")
}

// TestReproducible builds a program twice, from trees in different places, the second
// of which has no history: the bytes are the same, static, and say their version.
func TestReproducible(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	first := dist(t, root)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	for _, part := range []string{"go.work", "proto", "pkg", "services", "tools/dist.sh"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(elsewhere, part)), 0o755))
		text, err := exec.Command("cp", "-r", filepath.Join(root, part), filepath.Join(elsewhere, part)).CombinedOutput()
		require.NoError(t, err, string(text))
	}
	a, err := os.ReadFile(first)
	require.NoError(t, err)
	b, err := os.ReadFile(dist(t, elsewhere))
	require.NoError(t, err)
	require.True(t, bytes.Equal(a, b), "the same source gives other bytes elsewhere")
	require.True(t, bytes.Contains(a, []byte("v9.8.7")))
	require.False(t, bytes.Contains(a, []byte(root+"/")), "a path of this machine is in it")

	program, err := elf.Open(first)
	require.NoError(t, err)
	defer func() { require.NoError(t, program.Close()) }()
	libraries, err := program.ImportedLibraries()
	require.NoError(t, err)
	require.Empty(t, libraries)
	require.Equal(t, elf.EM_X86_64, program.Machine)

	checkSBOM(t, first)
}

// checkSBOM holds the bill of materials against the program.
func checkSBOM(t *testing.T, program string) {
	t.Helper()
	var out, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&out, &again} {
		cmd := exec.Command("go", "run", "./sbom", "v9.8.7", "1700000000", program)
		cmd.Env = append(os.Environ(), "GOWORK=off")
		cmd.Stdout, cmd.Stderr = w, os.Stderr
		require.NoError(t, cmd.Run())
	}
	require.Equal(t, out.String(), again.String())
	var bom struct {
		BOMFormat  string `json:"bomFormat"`
		Components []struct {
			Name, Version, PURL string
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &bom))
	require.Equal(t, "CycloneDX", bom.BOMFormat)
	listed := map[string]string{}
	for _, c := range bom.Components {
		listed[c.Name] = c.Version
	}
	info, err := buildinfo.ReadFile(program)
	require.NoError(t, err)
	require.NotEmpty(t, info.Deps)
	for _, m := range info.Deps {
		require.Contains(t, listed, m.Path)
	}
	require.Equal(t, info.GoVersion, listed["std"])
	require.Equal(t, "v9.8.7", listed["github.com/dateline-news/dateline/pkg"])
}
