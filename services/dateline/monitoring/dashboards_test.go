package monitoring_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the dashboards anew")

const grafana = "../../../deploy/grafana"

// TestDashboards: the files are what this package makes of its pages.
func TestDashboards(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(grafana, "dashboards", "*.json"))
	require.NoError(t, err)
	if !*update {
		require.Len(t, files, len(dashboards()))
	}
	for _, d := range dashboards() {
		file := filepath.Join(grafana, "dashboards", strings.TrimPrefix(d.uid, "dateline-")+".json")
		var want strings.Builder
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		require.NoError(t, e.Encode(d.json()))
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(want.String()), 0o644))
		}
		got, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, want.String(), string(got), "write it anew: go test ./dateline/monitoring -run Dashboards -update")
	}
}

// TestDashboardsAreWhole: every panel says what it shows, in which unit, and its
// runbook exists; panels do not overlap.
func TestDashboardsAreWhole(t *testing.T) {
	t.Parallel()
	uids := map[string]bool{}
	for _, d := range dashboards() {
		require.False(t, uids[d.uid], d.uid)
		uids[d.uid] = true
		require.NotEmpty(t, d.about)
		titles, taken := map[string]bool{}, map[[2]int]string{}
		for _, r := range d.rows {
			for _, p := range r.panels {
				require.False(t, titles[p.title], "%s twice in %s", p.title, d.uid)
				titles[p.title] = true
				require.NotEmpty(t, p.about, p.title)
				require.NotEmpty(t, p.unit, p.title)
				require.NotEmpty(t, p.queries, p.title)
				if p.runbook != "" {
					require.FileExists(t, filepath.Join(docs, "runbooks", p.runbook+".md"), p.title)
				}
			}
		}
		for _, made := range d.json()["panels"].([]any) {
			p := made.(object)
			at := p["gridPos"].(object)
			x, y, w, h := at["x"].(int), at["y"].(int), at["w"].(int), at["h"].(int)
			require.LessOrEqual(t, x+w, gridWidth)
			for i := x; i < x+w; i++ {
				for j := y; j < y+h; j++ {
					require.Empty(t, taken[[2]int{i, j}], "%s lies over it", p["title"])
					taken[[2]int{i, j}] = p["title"].(string)
				}
			}
		}
	}
}

// TestProvisioning: what Grafana reads at its start names the folder and the
// source that the dashboards need.
func TestProvisioning(t *testing.T) {
	t.Parallel()
	var provider struct {
		APIVersion int `yaml:"apiVersion"`
		Providers  []struct {
			Name    string
			Type    string
			Options struct{ Path string }
		}
	}
	readYAML(t, filepath.Join(grafana, "provisioning/dashboards/dateline.yml"), &provider)
	require.Len(t, provider.Providers, 1)
	require.Equal(t, "file", provider.Providers[0].Type)
	require.Equal(t, "/var/lib/grafana/dashboards/dateline", provider.Providers[0].Options.Path)
	var sources struct {
		APIVersion  int `yaml:"apiVersion"`
		Datasources []struct{ Name, Type, URL string }
	}
	readYAML(t, filepath.Join(grafana, "provisioning/datasources/prometheus.yml"), &sources)
	require.Len(t, sources.Datasources, 1)
	require.Equal(t, "prometheus", sources.Datasources[0].Type)
	require.Equal(t, 1, provider.APIVersion)
	require.Equal(t, 1, sources.APIVersion)
}
