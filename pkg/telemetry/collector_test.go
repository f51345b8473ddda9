package telemetry_test

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// brokenCollector fails whenever it is asked.
type brokenCollector struct{}

var brokenDesc = prometheus.NewDesc("dateline_broken", "Never works.", nil, nil)

func (brokenCollector) Describe(ch chan<- *prometheus.Desc) { ch <- brokenDesc }

func (brokenCollector) Collect(ch chan<- prometheus.Metric) {
	ch <- prometheus.NewInvalidMetric(brokenDesc, errors.New("disk gone"))
}
