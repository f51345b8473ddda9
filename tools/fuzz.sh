#!/usr/bin/env bash
# Runs every fuzz target of the workspace for the given time each.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-30s}
grep -rhoE --include='*_test.go' -H '^func Fuzz[A-Za-z0-9_]+' proto pkg services | sort | while IFS=: read -r file func; do
	target=${func#func }
	echo "== $(dirname "$file") $target"
	# Making a find smaller takes a minute by default, in which nothing new is tried.
	go test -run '^$' -fuzz "^$target\$" -fuzzminimizetime 1s -fuzztime "$time" "./$(dirname "$file")"
done
