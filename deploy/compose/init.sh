#!/usr/bin/env bash
# Makes what compose.yaml needs and nobody ships: keys and certificates, a password for
# Grafana, directories, and the numbers of the user who owns them. What is there is kept.
#   ./init.sh [--publisher NAME] [--consumer NAME] …   as 'dateline keys' takes them
set -euo pipefail
umask 077
cd "$(dirname "$0")"
dateline=${DATELINE:-../../bin/dateline}
command -v "$dateline" >/dev/null || { echo "no $dateline: run 'make build', or say where it is with DATELINE=" >&2; exit 1; }
"$dateline" keys keys --host nats-1,nats-2,nats-3,localhost,127.0.0.1 "$@"
[[ -s keys/grafana-password ]] || head -c 18 /dev/urandom | base64 >keys/grafana-password
mkdir -p data/nats-1 data/nats-2 data/nats-3 data/prometheus data/grafana/dashboards/dateline
# Nothing runs as root, not even for who is root here.
uid=$(id -u) gid=$(id -g)
if ((uid == 0)); then
	uid=${SUDO_UID:-65532} gid=${SUDO_GID:-65532}
fi
printf 'DATELINE_UID=%s\nDATELINE_GID=%s\n' "$uid" "$gid" >.env
[[ $(id -u) != 0 ]] || chown -R "$uid:$gid" keys data .env
