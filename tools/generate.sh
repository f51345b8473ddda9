#!/usr/bin/env bash
# Regenerates Go and JSON Schema from the contract in proto/.
set -euo pipefail
cd "$(dirname "$0")/../proto"
export PATH=$PWD/../.bin:$PATH
rm -rf schema
buf generate
# One self-contained schema for each message that crosses the border; the
# generator writes one for every message.
cd schema
for name in Article Feed Quarantined Receipt Submission; do
	mv "dateline.v1.$name.jsonschema.bundle.json" "$(tr '[:upper:]' '[:lower:]' <<<"$name").schema.json"
done
rm -f dateline.v1.*
