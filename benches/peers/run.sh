#!/usr/bin/env bash
# The engine beside DuckDB and Polars, on the same files in one run. Needs python3 with venv and the network for the
# first time; makes its own environment in .venv-peers. Builds the release binary and the bench binary if need be.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
cd "$root"

venv="$root/.venv-peers"
if [[ ! -x "$venv/bin/python" ]]; then
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        if [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
            apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        else
            echo "python3 with venv is needed (on Debian: apt-get install python3-venv)" >&2
            exit 1
        fi
    fi
    python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"

# One build for both: the bench binary brings the release binary with it.
cargo bench --locked --quiet --no-run --bench bench
"$venv/bin/python" "$here/run.py" --project "$root" --binary "${CARGO_TARGET_DIR:-target}/release/toancanh"
"$venv/bin/python" "$here/cases.py" --project "$root" --binary "${CARGO_TARGET_DIR:-target}/release/toancanh"
