# Sourced: the environment of Python for the recomputation, made in .venv-recompute when it is missing. Sets `python`.
venv="$root/.venv-recompute"
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
python="$venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
