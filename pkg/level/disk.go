package level

import "github.com/prometheus/client_golang/prometheus"

var (
	descFree = prometheus.NewDesc("dateline_disk_free_bytes",
		"Bytes free on the disk of the streams, where this process holds them itself.", nil, nil)
	descSize = prometheus.NewDesc("dateline_disk_size_bytes",
		"Size of the disk of the streams, where this process holds them itself.", nil, nil)
)

// Disk tells of the disk that a directory is on, where the system says it.
type Disk struct {
	// Dir is a directory on the disk.
	Dir string
}

// Describe implements prometheus.Collector.
func (d Disk) Describe(ch chan<- *prometheus.Desc) {
	ch <- descFree
	ch <- descSize
}

// Collect implements prometheus.Collector.
func (d Disk) Collect(ch chan<- prometheus.Metric) {
	free, size, err := Usage(d.Dir)
	if err != nil {
		return
	}
	ch <- gauge(descFree, float64(free))
	ch <- gauge(descSize, float64(size))
}
