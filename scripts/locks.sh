#!/usr/bin/env bash
# locks.sh check|renew: do the lock files fit pyproject.toml and need no resolver, or make them anew.
#
# A check starts from the locks as they are, so a new release of something never makes it fail;
# what a package index holds beside the versions is never written into a lock.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-}
case $mode in
  check) upgrade=() ;;
  renew) upgrade=(--upgrade) ;;
  *) echo "usage: $0 check|renew" >&2; exit 2 ;;
esac

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
cp requirements*.lock "$made" 2>/dev/null || true

compile() {  # compile NAME ARGUMENT...
  local lock=$made/$1
  shift
  uv pip compile --quiet --no-config --no-python-downloads --universal --python-version 3.11 \
    --generate-hashes --no-annotate --no-header \
    ${upgrade[@]+"${upgrade[@]}"} --output-file "$lock" "$@" </dev/null
}

# What the others share with the runtime has the runtime's versions.
compile requirements.lock pyproject.toml --extra all
compile requirements-demo.lock pyproject.toml --extra all --extra demo --constraint "$made/requirements.lock"
compile requirements-build.lock --group build --constraint "$made/requirements-demo.lock"
compile requirements-dev.lock pyproject.toml --extra all --extra demo --group dev \
  --constraint "$made/requirements-demo.lock" --constraint "$made/requirements-build.lock"
compile requirements-bench.lock pyproject.toml --extra all --extra demo --extra bench \
  --constraint "$made/requirements-demo.lock"

if [ "$mode" = renew ]; then
  cp "$made"/requirements*.lock .
  exit
fi
status=0
for lock in requirements.lock requirements-{demo,build,dev,bench}.lock; do
  cmp --silent "$made/$lock" "$lock" || {
    echo "$lock does not fit pyproject.toml: run \`make lock\`." >&2
    diff "$lock" "$made/$lock" | grep '^[<>] [^ ]' | head -20 >&2 || true
    status=1
  }
done
python scripts/check_locks.py || status=1
exit $status
