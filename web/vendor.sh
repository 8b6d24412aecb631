#!/bin/sh
# Fetches the built files of other projects that the pages ship, each named by version and by the hash of its archive.
# They stand in static/vendor as they were published, each with its licence; nothing is fetched when the site runs. Needs npm.
set -eu
cd "$(dirname "$0")/static/vendor"

take() { # folder, package@version, sha512 of its archive in base64, files
  folder=$1 package=$2 hash=$3
  shift 3
  work=$(mktemp -d)
  npm pack --silent --pack-destination "$work" "$package" > /dev/null
  found=$(openssl dgst -sha512 -binary "$work"/*.tgz | base64 -w 0)
  [ "$found" = "$hash" ] || { echo "$package: the archive's hash is sha512-$found, not sha512-$hash" >&2; exit 1; }
  tar -xzf "$work"/*.tgz -C "$work"
  for file in "$@"; do cp "$work/package/$file" "$folder/"; done
  rm -r "$work"
  echo "$package"
}

take yasgui @zazuko/yasgui@4.6.2 \
  Zw45KdPoAE1KRaAoxIHdQqeJxvaVG1oQdntw0hy0ktX35Zu8ZccuOLrXCLwR+GU+0xMzLw8Mjw6BkSZV2vUuQw== \
  build/yasgui.min.js build/yasgui.min.css
take oxigraph oxigraph@0.5.11 \
  zKdgmp1tsrutGzC1lCCywwZRPpLJKaJnKSDWoY2hIhMiwiCRRXNN1DU7WUyTInBvgPKT8Y5N+RgwTL8qKXpLng== \
  web.js web_bg.wasm
