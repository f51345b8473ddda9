#!/usr/bin/env bash
# Looks up all modules in the Go vulnerability database, and fails if what Dateline
# calls is in it. GOVULNDB may name a mirror (https://…) or a copy (file:///…).
set -euo pipefail
cd "$(dirname "$0")/.."
db=${GOVULNDB:-https://vuln.go.dev}
found=0
for module in "$@"; do
	echo "== $module, by $db"
	code=0
	(cd "$module" && govulncheck -db "$db" ./...) || code=$?
	case $code in
	0) ;;
	3) found=1 ;;
	*)
		echo "cannot look up vulnerabilities in $db: allow this machine to reach it, or name a mirror or a copy: GOVULNDB=file:///path make vuln (https://go.dev/doc/security/vuln/database tells its layout)" >&2
		exit "$code"
		;;
	esac
done
if ((found)); then
	echo 'vulnerabilities found: upgrade what is named above, as make tidy leaves it, and release' >&2
	exit 3
fi
echo "none of $* calls anything that is known to be vulnerable"
