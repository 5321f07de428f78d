#!/usr/bin/env bash
# Recomputes every figure of the sample feeds from the raw files, in Python and without the engine, and compares it
# with what the built binary says; the same for the views of cases. Needs python3 with venv; makes its own environment in .venv-recompute.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
cd "$root"

now=2022-06-30T08:00:00+07:00
binary="${CARGO_TARGET_DIR:-target}/debug/toancanh"
if [[ ! -x "$binary" ]]; then
    echo "no binary at $binary: build it first (cargo build), or set CARGO_TARGET_DIR" >&2
    exit 1
fi

source "$here/environment.sh"

"$python" "$here/examples.py" --project "$root"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export TOANCANH_DATA__DIR="$work/data"
export TOANCANH_FEEDS__DROP_DIR="$root/data-samples"
export TOANCANH_CATALOG__DIR="$root/indicators"
export TOANCANH_CLOCK__FIXED="$now"
export TOANCANH_SQL__ROWS_MAX=10000000
export TOANCANH_SQL__MEMORY_MB=2048
export TOANCANH_SQL__TIMEOUT_MS=600000
export TOANCANH_LOG__FILTER=error

"$binary" ingest
"$binary" sql "SELECT * FROM observations" --format csv >"$work/observations.csv"
"$binary" sql "SELECT * FROM indicator_values" --format csv >"$work/figures.csv"
"$python" "$here/compare.py" --project "$root" --observations "$work/observations.csv" \
    --figures "$work/figures.csv" --toancanh "$binary" --now "$now"

"$here/cases.sh"
