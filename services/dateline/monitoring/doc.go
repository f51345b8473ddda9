// Package monitoring holds deploy's rules, alerts and dashboards to a running
// Dateline. It has tests only; `go test ./dateline/monitoring -run Dashboards -update`
// writes the dashboards.
package monitoring
