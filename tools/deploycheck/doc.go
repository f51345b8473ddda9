// Package deploycheck holds what is in deploy/ against the tools that will read it:
// Helm's engine and Kubernetes' types, Compose's loader, BuildKit's parser, systemd,
// nats-server; and a release against what is promised of it. It is a module of its own,
// since nothing that Dateline runs needs those.
package deploycheck
