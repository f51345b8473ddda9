#!/usr/bin/env bash
# Measures quality on evaluation data that lie outside this repository:
#   tools/eval.sh DIR    with DIR/extraction and DIR/enrichment, as far as they are there
# The body text is measured twice: by the model that is shipped, and by models
# that saw no page of the same site (cross-validation, some minutes). SEED may
# name the text of the story that enrichment/seed.json describes.
set -euo pipefail
cd "$(dirname "$0")/.."
data=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -d "$data/extraction" ]; then
	(cd services && go run ./parser/internal/mainbody/train -data "$data/extraction" -pred "$work/cv.jsonl" >&2)
	(cd tools/eval && GOWORK=off go run . extraction -data "$data/extraction" -cv "$work/cv.jsonl")
fi
if [ -d "$data/enrichment" ]; then
	also=()
	[ -d "$data/extraction" ] && also+=(-pages "$data/extraction")
	[ -n "${SEED:-}" ] && also+=(-seed "$(realpath "$SEED")")
	(cd services && go run ./enricher/internal/predict -data "$data/enrichment" > "$work/predicted.jsonl")
	(cd tools/eval && GOWORK=off go run . enrichment -data "$data/enrichment" -predicted "$work/predicted.jsonl" "${also[@]}")
fi
