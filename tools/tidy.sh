#!/usr/bin/env bash
# Tidies each module's go.mod. `go mod tidy` does not know the workspace, so each
# runs on a copy that has the siblings replaced.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
prefix=github.com/dateline-news/dateline
for module in proto pkg services; do
	copy=$(mktemp -d)
	cp "$module/go.mod" "$copy/go.mod"
	[[ -f $module/go.sum ]] && cp "$module/go.sum" "$copy/go.sum"
	for sibling in proto pkg; do
		[[ $sibling == "$module" ]] && continue
		go mod edit -replace "$prefix/$sibling=$root/$sibling" "$copy/go.mod"
	done
	(cd "$module" && GOWORK=off go mod tidy -modfile="$copy/go.mod")
	for sibling in proto pkg; do
		go mod edit -dropreplace "$prefix/$sibling" "$copy/go.mod"
	done
	cp "$copy/go.mod" "$module/go.mod"
	cp "$copy/go.sum" "$module/go.sum"
	rm -rf "$copy"
done
go work sync
# They replace the siblings themselves, and follow what these need.
for module in tools/eval tools/deploycheck; do
	(cd "$module" && GOWORK=off go mod tidy)
done
