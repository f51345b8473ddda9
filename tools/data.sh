#!/usr/bin/env bash
# Rebuilds the generated data files from their published sources. NOTICE names
# each source and its licence.
set -euo pipefail
cd "$(dirname "$0")/.."
go generate ./services/enricher/...
