"""The engine beside DuckDB and Polars: the same work on the same files in one run, one line per subject.

    run.py --project . --binary target/release/toancanh

A ratio is our time over DuckDB's: below 1 the engine is faster. Everything runs on the same two processors; every
number is a median. What a peer leaves out stands in the lines that begin with `#`, and always favours the peer.
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

PROCESSORS = 2
ROUNDS = 7
os.environ["POLARS_MAX_THREADS"] = str(PROCESSORS)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "recompute"))

import duckdb
import polars  # noqa: E402: the number of its threads is read when it is loaded

from catalog import load_catalog  # noqa: E402
from check import compare  # noqa: E402
from dimensions import tables  # noqa: E402
from duckdb_compute import DuckDbPeer  # noqa: E402
from feeds import FEEDS, FeedFiles, ingest_duckdb, ingest_polars  # noqa: E402
from lake import active_files  # noqa: E402
from polars_compute import PolarsPeer  # noqa: E402
from ours import Ours, series_milliseconds  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=pathlib.Path, required=True)
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the release binary")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    with tempfile.TemporaryDirectory() as work:
        return run(arguments.project.resolve(), arguments.binary.resolve(), pathlib.Path(work))


def run(project, binary, work):
    ours = Ours(project, binary, work)
    _, peak = ours.demo()
    ready = []
    for _ in range(ROUNDS):
        with ours.serving() as (port, seconds):
            ready.append(seconds)
            by_http = series_milliseconds(port)
    catalog = load_catalog(project)
    peers = (DuckDbPeer(catalog, PROCESSORS), PolarsPeer(catalog))
    print(f"# {PROCESSORS} processors, DuckDB {duckdb.__version__}, Polars {polars.__version__}; medians of {ROUNDS} rounds or more")
    computed = full_compute(*peers, ours.data / "lake")
    ingested = ingest(project, peers[0], work)
    ours.bench()
    differ = print_full(ours, peers, computed)
    print_ingest(ours, ingested)
    full = ours.seconds("engine/full-compute")
    for name, words in (("one-measure", "one measure"), ("every-measure", "every measure")):
        refresh = ours.seconds(f"engine/refresh_{name}-one-month")
        print(f"refresh after one changed month of {words}: ours {refresh:.4f} s, full {full:.3f} s, "
              f"{full / refresh:.0f} times faster")
    print(f"one series by HTTP: ours {by_http[0]:.2f} ms (99 of 100 within {by_http[1]:.2f} ms)")
    print(f"start to ready on existing data: ours {statistics.median(ready):.2f} s")
    print(f"peak memory of the demo: ours {peak / 2**20:.0f} MB")
    return 1 if differ else 0


def medians(works):
    """Runs every work once to warm up, then all in turn, round by round; the median seconds of each."""
    took = [[] for _ in works]
    for round_ in range(ROUNDS + 1):
        for work, seconds in zip(works, took):
            began = time.perf_counter()
            work()
            if round_:
                seconds.append(time.perf_counter() - began)
    return [statistics.median(seconds) for seconds in took]


def full_compute(in_duckdb, in_polars, lake):
    """For each peer: (seconds, figures equal to ours, figures that differ)."""
    observations, targets = active_files(lake / "observations"), active_files(lake / "targets")
    seconds = medians([lambda: in_duckdb.compute(observations, targets), lambda: in_polars.compute(observations, targets)])
    connection = duckdb.connect()
    connection.register("figures", in_polars.compute(observations, targets).to_arrow())
    checked = [compare(in_duckdb.connection, [i.code for i in in_duckdb.indicators], lake),
               compare(connection, [i.code for i in in_polars.indicators], lake)]
    return [(took, *counts) for took, counts in zip(seconds, checked)]


def ingest(project, peer, work):
    """(DuckDB's rows per second, Polars', rows)."""
    feeds, dimensions = [FeedFiles(project, code) for code in FEEDS], tables(load_catalog(project))
    rows = {ingest_duckdb(peer.connection, feeds, work / "duckdb.parquet"),
            ingest_polars(feeds, dimensions, work / "polars.parquet")}
    if len(rows) != 1:
        raise RuntimeError(f"the peers read different numbers of rows: {rows}")
    rows = rows.pop()
    duckdb, polars_ = medians([lambda: ingest_duckdb(peer.connection, feeds, work / "duckdb.parquet"),
                               lambda: ingest_polars(feeds, dimensions, work / "polars.parquet")])
    return rows / duckdb, rows / polars_, rows


def print_full(ours, peers, computed):
    """The line of the full computation and what it covers; gives the number of figures that differ from ours."""
    full = ours.seconds("engine/full-compute")
    (in_duckdb, *_), (in_polars, *_) = computed
    print(f"full compute: ours {full:.3f} s, DuckDB {in_duckdb:.3f} s, Polars {in_polars:.3f} s, ratio {full / in_duckdb:.2f}")
    for name, peer, (_, same, differ) in zip(("DuckDB", "Polars"), peers, computed):
        why = {}
        for code, reason in sorted(peer.left_out.items()):
            why.setdefault(reason, []).append(code)
        print(f"# {name} computes {len(peer.indicators)} of our {len(peer.indicators) + len(peer.left_out)} indicators with "
              f"observations: {same} figures are ours in every column, {differ} are not; without "
              + "; ".join(f"{reason} ({', '.join(codes)})" for reason, codes in why.items()))
    print("# ours also reads and counts the citizens' cases (indicators 1401 to 1414); the peers are not asked to")
    return sum(differ for *_, differ in computed)


def print_ingest(ours, peers):
    duckdb, polars_, rows = peers
    speed, own_rows = ours.rows_per_second("ingest/plain-feeds")
    if rows != own_rows:
        raise RuntimeError(f"the peers read {rows} rows, the engine {own_rows}")
    print(f"ingest: ours {speed:.0f} rows/s, DuckDB {duckdb:.0f} rows/s, Polars {polars_:.0f} rows/s, "
          f"ratio {duckdb / speed:.2f}")
    print(f"# {rows} rows of the feeds {', '.join(FEEDS)}; the peers keep no raw bytes, judge no contract, compare no "
          "vintages and commit nothing durably")
    speed, rows = ours.rows_per_second("ingest/all-feeds")
    print(f"ingest of all feeds and formats: ours {speed:.0f} rows/s")


if __name__ == "__main__":
    sys.exit(main())
