package deploycheck_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

const composeFile = "../../deploy/compose/compose.yaml"

func loadCompose(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{composeFile}, cli.WithEnv([]string{"DATELINE_UID=1000", "DATELINE_GID=1000"}), cli.WithResolvedPaths(true))
	require.NoError(t, err)
	project, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	return project
}

func TestCompose(t *testing.T) {
	project := loadCompose(t)
	require.ElementsMatch(t, []string{"nats-1", "nats-2", "nats-3", "setup", "fetcher", "parser", "enricher", "prometheus", "grafana"}, project.ServiceNames())
	for name, s := range project.Services {
		require.True(t, s.ReadOnly, name)
		require.Equal(t, []string{"ALL"}, s.CapDrop, name)
		require.Empty(t, s.CapAdd, name)
		require.False(t, s.Privileged, name)
		require.Contains(t, s.SecurityOpt, "no-new-privileges:true", name)
		require.Equal(t, "1000:1000", s.User, name)
		require.NotZero(t, s.Deploy.Resources.Limits.MemoryBytes, name)
		require.NotZero(t, s.Deploy.Resources.Limits.NanoCPUs, name)
		for _, p := range s.Ports {
			require.Equal(t, "127.0.0.1", p.HostIP, name)
		}
		for _, v := range s.Volumes {
			require.Equal(t, types.VolumeTypeBind, v.Type, name)
			// What is written lies below data/, which init.sh makes.
			require.True(t, v.ReadOnly || strings.Contains(v.Source, "/compose/data/"), "%s writes to %s", name, v.Source)
		}
		for key, value := range s.Environment {
			if value != nil {
				require.NotRegexp(t, `(?i)(password|secret|token)$`, key, "%s holds a secret in its environment", name)
			}
		}
	}
	// Each service sees its own key only, and only the fetcher reaches the web.
	for _, name := range []string{"fetcher", "parser", "enricher"} {
		s := project.Services[name]
		for _, secret := range s.Secrets {
			require.True(t, secret.Source == "ca.pem" || strings.HasPrefix(secret.Source, name+"."), "%s sees %s", name, secret.Source)
		}
		require.Equal(t, "false", *s.Environment["DATELINE_NATS_PROVISION"])
		require.Equal(t, "service_completed_successfully", s.DependsOn["setup"].Condition)
		require.Equal(t, name == "fetcher", slices.Contains(s.NetworksByPriority(), "web"))
		require.Equal(t, name, s.Build.Target)
		require.FileExists(t, filepath.Join(s.Build.Context, s.Build.Dockerfile))
	}
	require.True(t, project.Networks["nats"].Internal)
	for name, c := range project.Configs {
		require.FileExists(t, c.File, name)
	}
}

// TestComposeSecrets holds the secrets against what 'dateline keys' writes, and what
// the servers' configuration reads.
func TestComposeSecrets(t *testing.T) {
	project := loadCompose(t)
	for name, s := range project.Secrets {
		require.Equal(t, name, filepath.Base(s.File))
		require.NoFileExists(t, s.File, "a secret was committed, or left lying: %s", s.File)
	}
	conf, err := os.ReadFile("../../deploy/nats/secured.conf")
	require.NoError(t, err)
	for _, secret := range project.Services["nats-1"].Secrets {
		require.Contains(t, string(conf), strings.TrimPrefix(secret.Target, "/etc/nats/"))
	}
}

func TestComposePrometheus(t *testing.T) {
	data, err := os.ReadFile("../../deploy/compose/prometheus.yml")
	require.NoError(t, err)
	var conf struct {
		ScrapeConfigs []struct {
			DNS []struct {
				Names []string `json:"names"`
				Port  int      `json:"port"`
			} `json:"dns_sd_configs"`
		} `json:"scrape_configs"`
	}
	require.NoError(t, yaml.Unmarshal(data, &conf))
	services := loadCompose(t).Services
	for _, name := range conf.ScrapeConfigs[0].DNS[0].Names {
		require.Contains(t, services, name)
	}
	require.Equal(t, 8080, conf.ScrapeConfigs[0].DNS[0].Port)
}

// TestComposeGrafana: what Grafana is told to read is where Compose puts it, and its
// Prometheus is the one beside it.
func TestComposeGrafana(t *testing.T) {
	project := loadCompose(t)
	mounted := map[string]string{}
	for _, v := range project.Services["grafana"].Volumes {
		mounted[v.Target] = v.Source
	}
	var provider struct {
		Providers []struct {
			Options struct{ Path string }
		}
	}
	data, err := os.ReadFile(filepath.Join(mounted["/etc/grafana/provisioning/dashboards"], "dateline.yml"))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(data, &provider))
	require.FileExists(t, filepath.Join(mounted[provider.Providers[0].Options.Path], "pipeline.json"))
	var sources struct{ Datasources []struct{ URL string } }
	data, err = os.ReadFile(mounted["/etc/grafana/provisioning/datasources/prometheus.yml"])
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(data, &sources))
	host, _, ok := strings.Cut(strings.TrimPrefix(sources.Datasources[0].URL, "http://"), ":")
	require.True(t, ok)
	require.Contains(t, project.Services, host)
}
