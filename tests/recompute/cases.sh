#!/usr/bin/env bash
# Compares the views of cases of the built binary with DuckDB: over the cases of the sample at noon of 25 May 2022, with
# the published figures; and at three instants over CASES others (default 20000) of which some rows are made wrong on
# purpose. Called by run.sh; `make recompute-cases` runs the latter over 200000.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
cd "$root"
source "$here/environment.sh"
binary="${CARGO_TARGET_DIR:-target}/debug/toancanh"
cases="${CASES:-20000}"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export TOANCANH_CATALOG__DIR="$root/indicators"
export TOANCANH_CLOCK__FIXED=2022-06-30T08:00:00+07:00
export TOANCANH_LOG__FILTER=error
export TOANCANH_SQL__ROWS_MAX=1000000

# In the middle of a month, at the very end of one, far back.
instants=(2022-05-25T12:00:00+07:00 2022-03-31T23:59:59+07:00 2021-08-17T09:30:00+07:00)

compare() { # drop folder, further arguments
    export TOANCANH_FEEDS__DROP_DIR="$1"
    "$binary" ingest ho_so_1022
    "$python" "$here/case_views.py" --project "$root" --drop "$@" --toancanh "$binary"
}

if [[ "$cases" -lt 100000 ]]; then
    TOANCANH_DATA__DIR="$work/sample" compare "$root/data-samples" --anchors --as-of "${instants[0]}"
fi
"$binary" sample "$work/drop" --cases "$cases" --seed 7 >/dev/null
"$python" "$here/cases/spoil.py" "$work/drop"
TOANCANH_DATA__DIR="$work/large" compare "$work/drop" --as-of "${instants[@]}"
