package deploycheck_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

const chartDir = "../../deploy/helm/dateline"

// scaledObject is as much of KEDA's type as the chart writes.
type scaledObject struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		ScaleTargetRef  struct{ Name string } `json:"scaleTargetRef"`
		MinReplicaCount int                   `json:"minReplicaCount"`
		MaxReplicaCount int                   `json:"maxReplicaCount"`
		PollingInterval int                   `json:"pollingInterval"`
		CooldownPeriod  int                   `json:"cooldownPeriod"`
		Triggers        []struct {
			Type     string            `json:"type"`
			Metadata map[string]string `json:"metadata"`
		} `json:"triggers"`
	} `json:"spec"`
}

// serviceMonitor and prometheusRule are as much of the Prometheus operator's types as
// the chart writes.
type serviceMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		JobLabel  string               `json:"jobLabel"`
		Selector  metav1.LabelSelector `json:"selector"`
		Endpoints []struct {
			Port     string `json:"port"`
			Interval string `json:"interval"`
		} `json:"endpoints"`
	} `json:"spec"`
}

type prometheusRule struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Groups []map[string]any `json:"groups"`
	} `json:"spec"`
}

// newObject makes an empty object of a kind.
func newObject(t *testing.T, kind metav1.TypeMeta) any {
	t.Helper()
	switch kind.APIVersion + "/" + kind.Kind {
	case "apps/v1/Deployment":
		return &appsv1.Deployment{}
	case "policy/v1/PodDisruptionBudget":
		return &policyv1.PodDisruptionBudget{}
	case "v1/Service":
		return &corev1.Service{}
	case "v1/ConfigMap":
		return &corev1.ConfigMap{}
	case "v1/ServiceAccount":
		return &corev1.ServiceAccount{}
	case "batch/v1/Job":
		return &batchv1.Job{}
	case "autoscaling/v2/HorizontalPodAutoscaler":
		return &autoscalingv2.HorizontalPodAutoscaler{}
	case "networking.k8s.io/v1/NetworkPolicy":
		return &networkingv1.NetworkPolicy{}
	case "keda.sh/v1alpha1/ScaledObject":
		return &scaledObject{}
	case "monitoring.coreos.com/v1/ServiceMonitor":
		return &serviceMonitor{}
	case "monitoring.coreos.com/v1/PrometheusRule":
		return &prometheusRule{}
	}
	require.FailNow(t, "unexpected kind", "%s %s", kind.APIVersion, kind.Kind)
	return nil
}

// render renders the chart as an installation would, and decodes every manifest
// strictly. The objects are by kind and name.
func render(t *testing.T, values string) map[string]any {
	t.Helper()
	chart, err := loader.Load(chartDir)
	require.NoError(t, err)
	var overrides map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(values), &overrides))
	all, err := util.ToRenderValues(chart, overrides, common.ReleaseOptions{Name: "news", Namespace: "media", IsInstall: true}, common.DefaultCapabilities)
	require.NoError(t, err)
	files, err := engine.Engine{Strict: true}.RenderWithContext(t.Context(), chart, all)
	require.NoError(t, err)
	objects := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		for _, document := range strings.Split(files[name], "\n---\n") {
			if strings.TrimSpace(strings.Trim(document, "-\n")) == "" {
				continue
			}
			var kind metav1.TypeMeta
			require.NoError(t, yaml.Unmarshal([]byte(document), &kind), document)
			object := newObject(t, kind)
			require.NoError(t, yaml.UnmarshalStrict([]byte(document), object), "%s:\n%s", name, document)
			meta := object.(metav1.Object)
			require.Equal(t, "media", meta.GetNamespace())
			key := kind.Kind + " " + meta.GetName()
			require.NotContains(t, objects, key)
			objects[key] = object
		}
	}
	return objects
}

const everything = `
nats: {url: "tls://nats:4222", keysSecret: dateline-keys, tlsFirst: true, serverName: nats}
config: {languages: [en, fr], fetcher: {host-delay: 2s}}
podLabels: {team: news}
podAnnotations: {a: b}
image: {pullSecrets: [{name: registry}]}
services:
  fetcher: {autoscaling: {kind: keda, min: 2, max: 9}, nodeSelector: {zone: a}, env: [{name: DATELINE_LOG_LEVEL, value: debug}]}
  parser: {autoscaling: {kind: hpa}, tolerations: [{key: x, operator: Exists}]}
  enricher: {replicas: 5, affinity: {nodeAffinity: {}}}
networkPolicy: {metricsFrom: [{namespaceSelector: {}}], natsTo: [{podSelector: {matchLabels: {app: nats}}}]}
serviceAccount: {annotations: {a: b}}
metrics:
  serviceMonitor: {enabled: true, labels: {release: prometheus}}
  prometheusRule: {enabled: true, groups: [{name: ours, rules: []}]}
  dashboards: {enabled: true, annotations: {grafana_folder: Dateline}}
`

func TestChartLint(t *testing.T) {
	for name, values := range map[string]string{"default": "{}", "everything": everything} {
		var overrides map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(values), &overrides))
		result := lint.RunAll(chartDir, overrides, "media")
		for _, m := range result.Messages {
			require.Less(t, m.Severity, support.WarningSev, "%s: %s", name, m.Error())
		}
	}
}

func TestChartDefaults(t *testing.T) {
	objects := render(t, "{}")
	for _, service := range []string{"fetcher", "parser", "enricher"} {
		d := objects["Deployment news-"+service].(*appsv1.Deployment)
		require.EqualValues(t, 2, *d.Spec.Replicas)
		checkPod(t, d.Spec.Template.Spec)
		container := d.Spec.Template.Spec.Containers[0]
		require.Equal(t, "ghcr.io/dateline-news/"+service+":v0.1.0", container.Image)
		for _, probe := range []*corev1.Probe{container.StartupProbe, container.LivenessProbe, container.ReadinessProbe} {
			require.Equal(t, "http", probe.HTTPGet.Port.String())
		}
		require.Equal(t, "false", env(container, "DATELINE_NATS_PROVISION"))
		for _, selector := range []map[string]string{
			d.Spec.Selector.MatchLabels,
			objects["PodDisruptionBudget news-"+service].(*policyv1.PodDisruptionBudget).Spec.Selector.MatchLabels,
			objects["Service news-"+service].(*corev1.Service).Spec.Selector,
			objects["NetworkPolicy news-"+service].(*networkingv1.NetworkPolicy).Spec.PodSelector.MatchLabels,
		} {
			require.Subset(t, d.Spec.Template.Labels, selector)
			require.Equal(t, service, selector["app.kubernetes.io/component"])
		}
	}
	for _, name := range []string{"ServiceMonitor news", "PrometheusRule news", "ConfigMap news-dashboards"} {
		require.NotContains(t, objects, name)
	}
	setup := objects["Job news-setup"].(*batchv1.Job)
	checkPod(t, setup.Spec.Template.Spec)
	require.Equal(t, []string{"setup"}, setup.Spec.Template.Spec.Containers[0].Args)
	require.Equal(t, "pre-install,pre-upgrade", setup.Annotations["helm.sh/hook"])
	// The web is the fetcher's alone.
	require.Len(t, objects["NetworkPolicy news-fetcher"].(*networkingv1.NetworkPolicy).Spec.Egress, 3)
	require.Len(t, objects["NetworkPolicy news-parser"].(*networkingv1.NetworkPolicy).Spec.Egress, 2)
}

func TestChartEverything(t *testing.T) {
	objects := render(t, everything)
	fetcher := objects["Deployment news-fetcher"].(*appsv1.Deployment)
	require.Nil(t, fetcher.Spec.Replicas, "the scaler decides")
	scaler := objects["ScaledObject news-fetcher"].(*scaledObject)
	require.Equal(t, "PAGES", scaler.Spec.Triggers[0].Metadata["stream"])
	require.Equal(t, "fetcher-page", scaler.Spec.Triggers[0].Metadata["consumer"])
	require.Equal(t, "DATELINE", scaler.Spec.Triggers[0].Metadata["account"])
	hpa := objects["HorizontalPodAutoscaler news-parser"].(*autoscalingv2.HorizontalPodAutoscaler)
	require.Equal(t, "news-parser", hpa.Spec.ScaleTargetRef.Name)
	require.EqualValues(t, 5, *objects["Deployment news-enricher"].(*appsv1.Deployment).Spec.Replicas)
	for _, service := range []string{"fetcher", "parser", "enricher"} {
		pod := objects["Deployment news-"+service].(*appsv1.Deployment).Spec.Template.Spec
		checkPod(t, pod)
		require.Equal(t, "/keys/"+service+".nk", env(pod.Containers[0], "DATELINE_NATS_NKEY"))
		for _, v := range pod.Volumes {
			if v.Secret == nil {
				continue
			}
			for _, item := range v.Secret.Items {
				require.True(t, item.Key == "ca.pem" || strings.HasPrefix(item.Key, service+"."), "%s sees %s", service, item.Key)
			}
		}
	}
	require.Contains(t, objects["ConfigMap news"].(*corev1.ConfigMap).Data["dateline.yaml"], "host-delay: 2s")
	monitor := objects["ServiceMonitor news"].(*serviceMonitor)
	require.Subset(t, objects["Service news-parser"].(*corev1.Service).Labels, monitor.Spec.Selector.MatchLabels)
	checkRules(t, objects["PrometheusRule news"].(*prometheusRule))
	checkDashboards(t, objects["ConfigMap news-dashboards"].(*corev1.ConfigMap))
}

// shipped are the files of deploy/ that match, by name.
func shipped(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../deploy/" + pattern)
	require.NoError(t, err)
	require.NotEmpty(t, names, pattern)
	files := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		files[filepath.Base(name)] = data
	}
	return files
}

// TestChartFiles: the chart's copies are what Prometheus and Grafana are tested with.
func TestChartFiles(t *testing.T) {
	for of, copied := range map[string]string{
		"prometheus/rules/*": "prometheus/rules/*", "prometheus/alerts/*": "prometheus/alerts/*", "grafana/dashboards/*": "dashboards/*",
	} {
		require.Equal(t, shipped(t, of), shipped(t, "helm/dateline/files/"+copied), "copy them anew: make chart")
	}
}

// checkRules: every rule and alert is there as it is shipped, and the groups of who
// installs it after them.
func checkRules(t *testing.T, rendered *prometheusRule) {
	t.Helper()
	var want []map[string]any
	for _, kind := range []string{"alerts", "rules"} {
		for _, data := range shipped(t, "prometheus/"+kind+"/*") {
			var file struct{ Groups []map[string]any }
			require.NoError(t, yaml.Unmarshal(data, &file))
			want = append(want, file.Groups...)
		}
	}
	want = append(want, map[string]any{"name": "ours", "rules": []any{}})
	require.Equal(t, want, rendered.Spec.Groups)
}

// checkDashboards: Grafana's sidecar finds each dashboard as it is shipped.
func checkDashboards(t *testing.T, rendered *corev1.ConfigMap) {
	t.Helper()
	require.Equal(t, "1", rendered.Labels["grafana_dashboard"])
	require.Equal(t, "Dateline", rendered.Annotations["grafana_folder"])
	want := shipped(t, "grafana/dashboards/*")
	require.Len(t, rendered.Data, len(want))
	for name, data := range want {
		require.Equal(t, string(data), rendered.Data["dateline-"+name])
	}
}

func TestChartWithout(t *testing.T) {
	objects := render(t, `{setup: {enabled: false}, networkPolicy: {enabled: false}, serviceAccount: {create: false}}`)
	require.NotContains(t, objects, "Job news-setup")
	require.NotContains(t, objects, "NetworkPolicy news-fetcher")
	require.NotContains(t, objects, "ServiceAccount news")
	pod := objects["Deployment news-parser"].(*appsv1.Deployment).Spec.Template.Spec
	require.Equal(t, "true", env(pod.Containers[0], "DATELINE_NATS_PROVISION"))
	require.Equal(t, "default", pod.ServiceAccountName)
}

// TestChartSchema refuses values that are misspelt or make no sense.
func TestChartSchema(t *testing.T) {
	chart, err := loader.Load(chartDir)
	require.NoError(t, err)
	for _, values := range []string{
		`{nats: {urls: "nats://x"}}`, `{nats: {url: "http://x"}}`, `{nats: {replicas: 2}}`, `{services: {fetcher: {replicas: -1}}}`,
		`{services: {printer: {}}}`, `{services: {parser: {autoscaling: {kind: vpa}}}}`, `{image: {pullPolicy: Often}}`,
	} {
		var overrides map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(values), &overrides))
		_, err := util.ToRenderValues(chart, overrides, common.ReleaseOptions{Name: "news", Namespace: "media"}, common.DefaultCapabilities)
		require.Error(t, err, values)
	}
}

// checkPod holds a pod to the restricted standard of Kubernetes' pod security.
func checkPod(t *testing.T, pod corev1.PodSpec) {
	t.Helper()
	require.True(t, *pod.SecurityContext.RunAsNonRoot)
	require.Equal(t, corev1.SeccompProfileTypeRuntimeDefault, pod.SecurityContext.SeccompProfile.Type)
	require.False(t, *pod.AutomountServiceAccountToken)
	require.False(t, pod.HostNetwork || pod.HostPID || pod.HostIPC)
	for _, c := range pod.Containers {
		require.False(t, *c.SecurityContext.AllowPrivilegeEscalation)
		require.True(t, *c.SecurityContext.ReadOnlyRootFilesystem)
		require.Equal(t, []corev1.Capability{"ALL"}, c.SecurityContext.Capabilities.Drop)
		require.NotZero(t, c.Resources.Limits.Memory().Value())
		require.NotZero(t, c.Resources.Requests.Cpu().MilliValue())
	}
	for _, v := range pod.Volumes {
		require.Nil(t, v.HostPath)
	}
}

func env(c corev1.Container, name string) string {
	for _, e := range c.Env {
		if e.Name == name {
			return e.Value
		}
	}
	return ""
}
