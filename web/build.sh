#!/bin/sh
# Builds web/dist. A fresh Debian machine gets node and npm from its packages; where that is not possible the binary is
# built without the bundle: it then serves the sheets of web/src as they are, without typeface and script, and every page still
# works (src/web/assets.rs). So a missing npm never stops `make build`.
set -u
cd "$(dirname "$0")"
if ! command -v npm >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "web: installing nodejs and npm ..."
        (apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm) >/dev/null 2>&1
    fi
fi
if ! command -v npm >/dev/null; then
    echo "web: npm is not there (apt-get install nodejs npm): pages come without script and typeface" >&2
    exit 0
fi
if npm ci --no-audit --no-fund --silent && npm run --silent check && npm run --silent build; then
    exit 0
fi
echo "web: the bundle could not be built: pages come without script and typeface" >&2
exit 0
