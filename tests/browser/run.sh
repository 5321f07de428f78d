#!/usr/bin/env bash
# Journeys through the pages in Debian's Chromium, against the built binary with the sample data. Installs Chromium, node
# and npm from Debian's packages when they are missing and this is root; where they cannot be had, it says so and goes on.
# Pictures of every page, and traces of what failed, are left in results/. Arguments go to Playwright.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"

binary="${PAGES_BINARY:-${CARGO_TARGET_DIR:-$root/target}/debug/toancanh}"
if [[ ! -x "$binary" ]]; then
    echo "no binary at $binary: build it first (cargo build), or set CARGO_TARGET_DIR" >&2
    exit 1
fi

find_chromium() { command -v chromium || command -v chromium-browser || true; }

if [[ -z "$(find_chromium)" ]] || ! command -v npm >/dev/null; then
    if [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
        echo "Installing Chromium, node and npm ..."
        wanted=()
        [[ -n "$(find_chromium)" ]] || wanted+=(chromium)
        command -v npm >/dev/null || wanted+=(nodejs npm)
        (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}") \
            >/dev/null 2>&1 || true
    fi
fi
CHROMIUM="$(find_chromium)"
export CHROMIUM
if [[ -z "$CHROMIUM" ]] || ! command -v npm >/dev/null; then
    echo "Chromium or npm is not installed (on Debian: apt-get install chromium nodejs npm); the journeys in the browser are skipped."
    exit 0
fi
if [[ ! -f "$root/web/dist/app.js" ]]; then
    echo "web/dist is not built (make web): the pages have no script to test; the journeys in the browser are skipped."
    exit 0
fi

cd "$here"
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
if [[ ! -d node_modules || package-lock.json -nt node_modules/.package-lock.json ]]; then
    if ! npm ci --no-audit --no-fund --silent; then
        echo "Playwright could not be fetched (npm ci in tests/browser); the journeys in the browser are skipped."
        exit 0
    fi
fi
npm run --silent check

work="$(mktemp -d)"
server=
stop() {
    if [[ -n "$server" ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap stop EXIT

port="$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
export PAGES_URL="http://127.0.0.1:$port"
# Journeys write into these two: a city's own dashboards, and files that a feed drops.
export PAGES_DASHBOARDS="$work/dashboards"
mkdir "$work/dashboards"
if [[ -d "$root/dashboards" ]]; then
    cp -a "$root/dashboards/." "$work/dashboards/"
fi

(
    cd "$root"
    export TOANCANH_DATA__DIR="$work/data"
    export TOANCANH_SERVER__BIND="127.0.0.1:$port"
    export TOANCANH_CLOCK__FIXED=2022-06-30T08:00:00+07:00
    export TOANCANH_FEEDS__SCHEDULED=false
    export TOANCANH_FEEDS__DROP_DIR="$root/data-samples"
    export TOANCANH_CATALOG__DIR="$root/indicators"
    export TOANCANH_DASHBOARDS__DIR="$work/dashboards"
    export TOANCANH_LOG__FILTER=warn
    exec "$binary" demo >"$work/server.log" 2>&1
) &
server=$!

for _ in $(seq 1 300); do
    if ! kill -0 "$server" 2>/dev/null; then
        echo "the server stopped before it was ready:" >&2
        tail -20 "$work/server.log" >&2
        exit 1
    fi
    if node -e 'fetch(process.env.PAGES_URL + "/readyz").then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))'; then
        break
    fi
    sleep 1
done

if ! npx --no-install playwright test "$@"; then
    mkdir -p "$here/results"
    cp "$work/server.log" "$here/results/server.log"
    echo "what failed is in tests/browser/results (report/index.html, traces/, server.log)" >&2
    exit 1
fi
