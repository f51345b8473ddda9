#!/usr/bin/env bash
# Signs the checksums of a release: sign.sh FOLDER VERSION, with SIGN_KEY=FILE in the
# environment. Minisign, since who verifies needs one small program that every system
# packages and a key of one line, and since the version stands in what is signed.
set -euo pipefail
out=$(cd "$1" && pwd) version=$2
rm -f "$out/SHA256SUMS.minisig" # of other archives
if [[ ! ${SIGN_KEY:-} ]]; then
	echo "$out/SHA256SUMS is not signed: for a release, SIGN_KEY=FILE" >&2
	exit
fi
key=$(realpath -e "$SIGN_KEY")
cd "$(dirname "$0")"
minisign() { GOWORK=off go tool minisign "$@"; }
minisign -S -s "$key" -t "dateline $version" -m "$out/SHA256SUMS"
# Whoever downloads it will hold it against the key in the repository.
if [[ -f ../dateline.pub ]] && ! minisign -V -Q -p ../dateline.pub -m "$out/SHA256SUMS"; then
	rm "$out/SHA256SUMS.minisig"
	echo "$SIGN_KEY is not the secret half of dateline.pub" >&2
	exit 1
fi
