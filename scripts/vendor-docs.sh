#!/usr/bin/env bash
# Renews the vendored assets of the docs pages; needs npm.
#
# Nothing is installed and no script of a package runs: an archive is fetched, compared with the
# digest written here, and the files that the pages need are taken out of it. To take a newer
# version: write it here, run this, compare the digest that it names with the one that
# `npm view PACKAGE@VERSION dist.integrity` gives, and read what changed: both pages run under a
# strict CSP, and ReDoc must stay silent (see src/plg/entrypoints/http/docs).
set -euo pipefail
cd "$(dirname "$0")/.."

static=$PWD/src/plg/entrypoints/http/docs/static
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT

vendor() {  # vendor PACKAGE VERSION DIGEST FILE...
  local package=$1 version=$2 expected=$3 file archive digest
  shift 3
  archive=$fetched/$(cd "$fetched" && npm pack --silent --ignore-scripts "$package@$version")
  digest=sha512-$(openssl dgst -sha512 -binary "$archive" | base64 | tr -d '\n')
  if [ "$digest" != "$expected" ]; then
    echo "$package@$version is $digest, not $expected." >&2
    exit 1
  fi
  tar -xzf "$archive" -C "$fetched"
  rm -rf "${static:?}/$package"
  mkdir -p "$static/$package"
  for file in "$@"; do
    case $file in  # source maps are not shipped
      *.css) sed 's|/\*# sourceMappingURL=[^*]*\*/||' ;;
      *.js) sed '/^\/\/# sourceMappingURL=/d' ;;
      *) cat ;;
    esac <"$fetched/package/$file" >"$static/$package/$(basename "$file")"
  done
  rm -rf "$fetched/package"
}

vendor swagger-ui-dist 5.35.0 \
  sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ== \
  LICENSE NOTICE swagger-ui.css swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt \
  favicon-32x32.png
vendor redoc 3.0.1 \
  sha512-KDfoKaYW19LCl4YStgBnwlaNjYEFfs5zCNt1s1WZ2YM5u8d26Yuzd2l43fZO851ZsgIMe/D640fDJkD8eaRQKQ== \
  LICENSE bundles/redoc.standalone.js
