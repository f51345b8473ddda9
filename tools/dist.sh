#!/usr/bin/env bash
# Builds static programs that are the same bytes wherever they are built from the same
# source: dist.sh OUT VERSION OS/ARCH… [-- PROGRAM…]. With ARCHIVE=1 it packs them, too,
# and with SIGN_KEY=FILE signs their checksums.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$1 version=$2
shift 2
platforms=() programs=()
while (($#)) && [[ $1 != -- ]]; do platforms+=("$1") && shift; done
(($#)) && shift
programs=("$@")
((${#programs[@]})) || programs=(dateline fetcher parser enricher)
pkg=github.com/dateline-news/dateline/pkg/telemetry
revision=${REVISION:-$(git rev-parse HEAD 2>/dev/null || echo unknown)}
# Files are as old as the source that they are made of.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
mkdir -p "$out"
out=$(cd "$out" && pwd)
for platform in "${platforms[@]}"; do
	os=${platform%/*} arch=${platform#*/}
	name=dateline_${version#v}_${os}_${arch}
	dir=$out/$name
	mkdir -p "$dir"
	for program in "${programs[@]}"; do
		exe=$program
		[[ $os == windows ]] && exe+=.exe
		# No path, no version control and no C library in them.
		GOWORK= CGO_ENABLED=0 GOOS=$os GOARCH=$arch GOFLAGS= go build -trimpath -buildvcs=false \
			-ldflags "-s -w -buildid= -X $pkg.version=$version -X $pkg.revision=$revision" -o "$dir/$exe" "./services/$program"
	done
	[[ ${ARCHIVE:-} ]] || continue
	cp -r LICENSE NOTICE licences "$dir"
	tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=a+rX,u+w,go-w \
		-C "$out" -cf - "$name" | gzip -n9 >"$out/$name.tar.gz"
	# What is in them, from what the linker wrote into the programs.
	(cd tools/deploycheck && GOWORK=off go run ./sbom "$version" "$SOURCE_DATE_EPOCH" "${programs[@]/#/$dir/}") >"$out/$name.cdx.json"
	rm -r "$dir"
done
[[ ${ARCHIVE:-} ]] || exit 0
(cd "$out" && sha256sum dateline_*.tar.gz dateline_*.cdx.json >SHA256SUMS)
tools/sign.sh "$out" "$version"
