"""The engine's side: the release binary as a process, and the bench binary for what happens inside one."""

import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import time

NOW = "2022-06-30T08:00:00+07:00"
SERIES = "/api/v1/indicators/1001/series?freq=M"
READY_WITHIN_S = 60


class Ours:
    """The engine with one data folder."""

    def __init__(self, project, binary, work):
        self.project, self.binary, self.data, self.criterion = project, binary, work / "data", work / "criterion"
        self.environment = {
            **os.environ,
            "TOANCANH_DATA__DIR": str(self.data),
            "TOANCANH_FEEDS__DROP_DIR": str(project / "data-samples"),
            "TOANCANH_FEEDS__SCHEDULED": "false",
            "TOANCANH_CATALOG__DIR": str(project / "indicators"),
            "TOANCANH_CLOCK__FIXED": NOW,
            "TOANCANH_LOG__FILTER": "error",
            "BENCH_DATA": str(self.data),
            "CRITERION_HOME": str(self.criterion),
        }

    def demo(self):
        """Ingests the sample as `make demo` does; (seconds, peak resident bytes)."""
        began = time.monotonic()
        process = subprocess.Popen([self.binary, "demo", "--no-serve"], env=self.environment, cwd=self.project,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{self.binary} demo ended with {process.returncode}")
        return time.monotonic() - began, used.ru_maxrss * 1024

    @contextlib.contextmanager
    def serving(self):
        """A server on the data; gives (port, seconds from its start until it says it is ready)."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {**self.environment, "TOANCANH_SERVER__BIND": f"127.0.0.1:{port}"}
        began = time.monotonic()
        process = subprocess.Popen([self.binary, "serve"], env=environment, cwd=self.project)
        try:
            while not _answers(port, "/readyz"):
                if process.poll() is not None or time.monotonic() - began > READY_WITHIN_S:
                    raise RuntimeError("the server does not become ready")
                time.sleep(0.002)
            yield port, time.monotonic() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()

    def bench(self):
        """Runs the benches through the lake; their results are read with `seconds` and `rows_per_second`."""
        command = ["cargo", "bench", "--locked", "--quiet", "--bench", "bench", "--", "^(engine|ingest)/", "--quiet"]
        subprocess.run(command, env=self.environment, cwd=self.project, check=True, stdout=subprocess.DEVNULL)

    def seconds(self, name):
        """Median of a bench."""
        return self._read(name, "estimates")["median"]["point_estimate"] / 1e9

    def rows_per_second(self, name):
        """Median of an ingest bench, and its rows."""
        rows = self._read(name, "benchmark")["throughput"]["Elements"]
        return rows / self.seconds(name), rows

    def _read(self, name, what):
        return json.loads((self.criterion / name / "new" / f"{what}.json").read_text())


def _answers(port, path):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False


def series_milliseconds(port, warm_up=200, count=1000):
    """Median and 99th percentile of one series over one connection, as a client sees it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    took = []
    for _ in range(warm_up + count):
        began = time.perf_counter()
        connection.request("GET", SERIES)
        answer = connection.getresponse()
        body = answer.read()
        took.append((time.perf_counter() - began) * 1000)
        if answer.status != 200 or len(body) < 1000:
            raise RuntimeError(f"{SERIES} answered {answer.status}: {body[:200]}")
    took = sorted(took[warm_up:])
    return statistics.median(took), took[len(took) * 99 // 100]
