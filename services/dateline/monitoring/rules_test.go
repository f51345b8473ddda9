package monitoring_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const (
	docs     = "../../../docs"
	deployed = "../../../deploy/prometheus"
)

// ruleFile is a file of rules, as Prometheus reads it.
type ruleFile struct {
	Groups []struct {
		Name  string `yaml:"name"`
		Rules []rule `yaml:"rules"`
	} `yaml:"groups"`
}

type rule struct {
	Record      string            `yaml:"record,omitempty"`
	Alert       string            `yaml:"alert,omitempty"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for,omitempty"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(data, into), file)
}

// rules are all rules of one kind.
func rules(t *testing.T, kind string) []rule {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(deployed, kind, "*.yml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []rule
	for _, file := range files {
		var f ruleFile
		readYAML(t, file, &f)
		for _, g := range f.Groups {
			all = append(all, g.Rules...)
		}
	}
	return all
}

// alertNames are the names of all alerts, each once.
func alertNames(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, r := range rules(t, "alerts") {
		names = append(names, r.Alert)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestEveryAlertHasItsRunbook, and every runbook its alert; and each alert says
// what is wrong and how urgent that is.
func TestEveryAlertHasItsRunbook(t *testing.T) {
	t.Parallel()
	for _, r := range rules(t, "alerts") {
		require.Contains(t, []string{"page", "ticket"}, r.Labels["severity"], r.Alert)
		require.NotEmpty(t, r.Annotations["summary"], r.Alert)
		require.NotEmpty(t, r.Annotations["description"], r.Alert)
		require.NotEmpty(t, r.For, r.Alert)
		require.Equal(t, runbooks+"/"+r.Alert+".md", r.Annotations["runbook_url"])
	}
	files, err := filepath.Glob(filepath.Join(docs, "runbooks", "Dateline*.md"))
	require.NoError(t, err)
	var books []string
	for _, file := range files {
		book, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, section := range []string{"## Meaning\n", "## Impact\n", "## Diagnosis\n", "## Remedy\n"} {
			require.Contains(t, string(book), section, file)
		}
		books = append(books, strings.TrimSuffix(filepath.Base(file), ".md"))
	}
	require.Equal(t, alertNames(t), books)
	index, err := os.ReadFile(filepath.Join(docs, "runbooks", "README.md"))
	require.NoError(t, err)
	live, err := os.ReadFile("live_test.go")
	require.NoError(t, err)
	for _, name := range books {
		row := regexp.MustCompile(`(?m)^\| \[` + name + `\]\(` + name + `\.md\) \| .* \| (.*) \|$`).FindStringSubmatch(string(index))
		require.NotNil(t, row, "%s has no row in the index", name)
		require.Equal(t, row[1] == "made to fire", strings.Contains(string(live), `"`+name+`/`), "how %s is proved", name)
	}
}

// TestMetricsOfRulesExist: rules, dashboards and runbooks name no metric that is
// not documented, nor a recording rule that is not there.
func TestMetricsOfRulesExist(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(docs, "metrics.md"))
	require.NoError(t, err)
	known := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(dateline_[a-z_]+)`").FindAllStringSubmatch(string(page), -1) {
		known[row[1]] = true
	}
	for _, r := range rules(t, "rules") {
		require.False(t, known[r.Record], "%s twice", r.Record)
		known[r.Record] = true
	}
	name := regexp.MustCompile(`\bdateline[_:][a-z0-9_:]+`)
	series := regexp.MustCompile(`_(bucket|sum|count)$`)
	check := func(text, where string) {
		for _, n := range name.FindAllString(text, -1) {
			require.True(t, known[n] || known[series.ReplaceAllString(n, "")], "%s in %s", n, where)
		}
	}
	for _, kind := range []string{"rules", "alerts"} {
		for _, r := range rules(t, kind) {
			check(r.Expr, r.Record+r.Alert)
		}
	}
	for _, e := range expressions(t) {
		check(e, e)
	}
	books, err := filepath.Glob(filepath.Join(docs, "runbooks", "*.md"))
	require.NoError(t, err)
	for _, file := range books {
		book, err := os.ReadFile(file)
		require.NoError(t, err)
		check(string(book), file)
	}
}

// TestRulesByPromtool runs the unit tests of the rules.
func TestRulesByPromtool(t *testing.T) {
	t.Parallel()
	promtool := program(t, "promtool")
	for _, args := range [][]string{
		{"check", "config", filepath.Join(deployed, "prometheus.yml")},
		append([]string{"test", "rules"}, glob(t, "tests")...),
	} {
		out, err := exec.Command(promtool, args...).CombinedOutput()
		require.NoError(t, err, "promtool %s:\n%s", strings.Join(args, " "), out)
	}
	tested := ""
	for _, file := range glob(t, "tests") {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		tested += string(data)
	}
	for _, name := range alertNames(t) {
		require.Contains(t, tested, `{alertname="`+name+`",`, "no test makes it fire")
		require.Contains(t, tested, "alertname: "+name, "no test keeps it silent")
	}
}

func glob(t *testing.T, kind string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(deployed, kind, "*.yml"))
	require.NoError(t, err)
	return files
}

// program finds a program of Prometheus, and skips the test where there is none.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed; on Debian: apt-get install prometheus", name)
	}
	return path
}

// expressions are those of all panels, once each.
func expressions(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, d := range dashboards() {
		for _, r := range d.rows {
			for _, p := range r.panels {
				for _, q := range p.queries {
					all = append(all, q.expr)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
