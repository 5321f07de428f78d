#!/usr/bin/env bash
# Runs the journeys of the case store against a real PostgreSQL: a throw-away cluster on a free port of this machine,
# killed and restarted in the middle. Installs the Debian packages when they are missing and this is root.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"

find_bin() {
    local dir
    for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) /usr/local/bin /usr/bin; do
        if [[ -x "$dir/initdb" && -x "$dir/pg_ctl" ]]; then
            echo "$dir"
            return
        fi
    done
}

bin="$(find_bin)"
if [[ -z "$bin" ]]; then
    if [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
        echo "Installing PostgreSQL ..."
        (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql) >/dev/null
        bin="$(find_bin)"
    fi
fi
if [[ -z "$bin" ]]; then
    echo "PostgreSQL is not installed (on Debian: apt-get install postgresql); the journeys of the case store are skipped."
    exit 0
fi

# The server refuses to run as root.
as_server=()
if [[ "$(id -u)" == 0 ]]; then
    if ! id postgres >/dev/null 2>&1; then
        useradd --system --no-create-home --shell /bin/false postgres
    fi
    as_server=(runuser -u postgres --)
fi

work="$(mktemp -d)"
chmod 755 "$work"
mkdir "$work/cluster"
if [[ ${#as_server[@]} -gt 0 ]]; then
    chown -R postgres "$work"
fi
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"

control() {
    # The server must not hold the output of this script open.
    (cd / && "${as_server[@]}" "$bin/pg_ctl" -D "$work/cluster" "$@") </dev/null >/dev/null 2>&1
}

stop() {
    control -m immediate stop || true
    rm -rf "$work"
}
trap stop EXIT

(cd / && "${as_server[@]}" "$bin/initdb" -D "$work/cluster" -A trust -E UTF8 --no-sync -U postgres) >/dev/null
cat >>"$work/cluster/postgresql.conf" <<SETTINGS
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$work'
max_connections = 40
SETTINGS
control -w -l "$work/server.log" start

# What the journey calls in the middle: power off, power on.
cat >"$work/restart.sh" <<RESTART
#!/usr/bin/env bash
cd /
${as_server[*]} "$bin/pg_ctl" -D "$work/cluster" -m immediate stop </dev/null >/dev/null 2>&1
sleep 1
${as_server[*]} "$bin/pg_ctl" -D "$work/cluster" -w -l "$work/server.log" start </dev/null >/dev/null 2>&1
RESTART
chmod 755 "$work/restart.sh"

cd "$root"
export TOANCANH_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
export TOANCANH_TEST_POSTGRES_RESTART="$work/restart.sh"
cargo test --locked --test it -- case_store --nocapture --test-threads 1
