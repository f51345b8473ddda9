package telemetry

import (
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// NewRegistry returns a registry that holds the Go runtime's and the process's
// metrics, and dateline_build_info, whose value is always 1.
func NewRegistry(version string) *prometheus.Registry {
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "dateline_build_info",
		Help: "Always 1; its labels tell what is running.",
		ConstLabels: prometheus.Labels{
			"version":    version,
			"go_version": runtime.Version(),
			"revision":   Revision(),
		},
	})
	build.Set(1)
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		build,
	)
	return r
}
