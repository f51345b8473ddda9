#!/usr/bin/env bash
# Checks who may import whom: services → pkg → proto, never back, and never from
# one service into another, except services/dateline, which runs all three.
set -euo pipefail
cd "$(dirname "$0")/.."
root=github.com/dateline-news/dateline
bad=0

# must_not PATTERN FORBIDDEN WHY: no package of PATTERN depends on FORBIDDEN.
must_not() {
	local found
	found=$(go list -test -deps -f '{{range .Imports}}{{$.ImportPath}} {{.}}{{"\n"}}{{end}}' "$1" |
		grep -E "^$root/" | awk -v forbidden="$2" '$2 ~ forbidden' | sort -u || true)
	if [[ -n $found ]]; then
		printf '%s:\n%s\n' "$3" "$found" >&2
		bad=1
	fi
}

# direct PATTERN FORBIDDEN WHY: no package of PATTERN imports FORBIDDEN itself.
direct() {
	local found
	found=$(go list -f '{{range .Imports}}{{$.ImportPath}} {{.}}{{"\n"}}{{end}}' "$1" | awk -v forbidden="$2" '$2 ~ forbidden' | sort -u || true)
	if [[ -n $found ]]; then
		printf '%s:\n%s\n' "$3" "$found" >&2
		bad=1
	fi
}

must_not ./proto/... "^$root/(pkg|services)" 'proto imports nothing of ours'
must_not ./pkg/... "^$root/services" 'pkg does not import services'
for service in fetcher parser enricher; do
	others=$(sed "s/$service//" <<<'fetcher parser enricher' | xargs | tr ' ' '|')
	must_not "./services/$service/..." "^$root/services/($others|dateline)" "$service does not import another service"
	direct "./services/$service/internal/..." "^$root/pkg|nats-io" "what $service does to an article knows no bus"
done
for domain in parser/parse enricher/enrich; do
	direct "./services/$domain" nats-io "$domain does not know NATS"
done
exit $bad
