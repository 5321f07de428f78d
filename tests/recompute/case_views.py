"""Asks the running engine for its views of cases at several instants and compares every count with DuckDB.

    case_views.py --project . --drop data-samples --toancanh target/debug/toancanh --as-of 2022-05-25T12:00:00+07:00 ..

The engine's data folder and clock come by TOANCANH_* variables; the drop folder must be the one that it ingested. Ends
with 1 if anything differs.
"""

import argparse
import collections
import csv
import io
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import duckdb

from areas import Areas
from cases.counts import Book
from cases.export import Export, moment, wall_clock
from cases.views import Api, Window, iso
from cases.workclock import Deadlines, WorkClock

CROSSTABS = [("district", "total"), ("district", "category"), ("district", "month"), ("district", "channel"),
             ("ward", "total"), ("ward", "month"), ("org", "total"), ("org", "category"), ("org", "month"),
             ("category", "channel"), ("category", "month"), ("channel", "month"), ("total", "week"),
             ("total", "day"), ("ward", "category")]
LISTS = ("open", "open_overdue", "received", "closed", "due", "overdue", "rejected", "merged", "reopened")
SHOWN_MAX = 30

ANCHORS = """
-- From 1 January to noon of 25 May 2022, straight from the exported rows.
WITH exported AS (
    SELECT ma_ho_so AS id, dia_ban AS area, try_cast(tiep_nhan AS TIMESTAMP) AS received,
        row_number() OVER (PARTITION BY ma_ho_so ORDER BY cap_nhat DESC) AS nth
    FROM read_csv('{folder}/2022-*-cases.csv.gz', all_varchar = true) WHERE try_cast(tiep_nhan AS TIMESTAMP) IS NOT NULL
        AND coalesce(tra_loi, '') = ''),
events AS (
    SELECT ma_ho_so AS id, thoi_diem::TIMESTAMP AS at_time, su_kien AS kind, stt::INT AS seq
    FROM read_csv('{folder}/2022-*-events.csv.gz', all_varchar = true)
    WHERE thoi_diem::TIMESTAMP <= TIMESTAMP '2022-05-25 12:00:00'),
-- A case is open if nothing ended it, or if it was reopened since. (A reopening and an end are never at one moment.)
state AS (
    SELECT id, max(at_time) FILTER (kind IN ('answered', 'closed', 'rejected', 'merged')) AS ended,
        max(at_time) FILTER (kind = 'reopened') AS reopened,
        bool_or(kind IN ('rejected', 'merged')) AS gone FROM events GROUP BY id)
SELECT count(*) AS received, count(*) FILTER (NOT is_open) AS handled, count(*) FILTER (is_open) AS not_handled FROM (
    SELECT e.id, ended IS NULL OR (NOT gone AND coalesce(reopened > ended, false)) AS is_open
    FROM exported e LEFT JOIN state USING (id)
    WHERE nth = 1 AND received BETWEEN TIMESTAMP '2022-01-01' AND TIMESTAMP '2022-05-25 12:00:00')
"""
# How rejected_rows says what is wrong with a row.
REASONS = {"unknown_ward": "there is no area with the code", "unreadable_time": "is not a time as the mapping",
           "duplicate_id": "has a newer version of the case", "closed_before_opened": "resolved before it was received",
           "event_without_case": "its case is not among the cases"}
PUBLISHED = {"received": 15_117, "handled": 14_660, "not_handled": 457}
OVERDUE = {"773": 47, "787": 70}
AT = "2022-05-25T12:00:00+07:00"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=pathlib.Path, required=True)
    parser.add_argument("--drop", type=pathlib.Path, required=True, help="folder that the engine ingested")
    parser.add_argument("--toancanh", required=True, help="the binary")
    parser.add_argument("--as-of", nargs="+", required=True)
    parser.add_argument("--anchors", action="store_true", help="also the published figures of 25 May 2022")
    arguments = parser.parse_args()
    project = arguments.project
    export = Export(project, arguments.drop, Areas.read(project / "indicators" / "areas.csv"))
    deadlines, clock = Deadlines.read(project), WorkClock.read(project)
    wrong = rejected_rows(arguments.toancanh, export)
    api = Api(f"http://127.0.0.1:{free_port()}")
    server = subprocess.Popen([arguments.toancanh, "serve"], env=served_at(api.base))
    try:
        wait_for(api.base, server)
        for text in arguments.as_of:
            began, passed = time.monotonic(), api.passed
            book = Book(export, deadlines, clock, wall_clock(text))
            compare(api, book)
            spans = book.rows("SELECT count(*) FROM spans")[0][0]
            print(f"as of {text}: {spans} rounds and stints, {api.passed - passed} figures agree, "
                  f"{time.monotonic() - began:.0f} s")
        if arguments.anchors:
            wrong += anchors(api, Book(export, deadlines, clock, wall_clock(AT)), arguments.drop)
    finally:
        server.terminate()
        server.wait()
    for line in api.differ[:SHOWN_MAX]:
        print(f"  {line}")
    print(f"views of cases: {api.passed} passed, {len(api.differ) + wrong} failed")
    return 1 if api.differ or wrong else 0


# -- the server ---------------------------------------------------------------------------------------------------

def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def served_at(base):
    return {**os.environ, "TOANCANH_SERVER__BIND": base.removeprefix("http://")}


def wait_for(base, server):
    for _ in range(1200):
        if server.poll() is not None:
            raise SystemExit("the engine stopped while it should serve")
        try:
            with urllib.request.urlopen(f"{base}/readyz"):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise SystemExit("the engine does not become ready")


# -- questions ----------------------------------------------------------------------------------------------------

def compare(api, book):
    """Every view over the year so far, and some over other windows, by the other deadline, of parts of the cases."""
    year = Window(book, january(book))
    for rows, columns in CROSSTABS:
        api.crosstab(year, rows, columns)
    for by in ("district", "ward", "org"):
        api.ranking(year, by)
    for by in ("total", "district", "ward", "org", "category", "channel"):
        api.backlog(year, by)
    for by in ("month", "week", "day"):
        api.flow(year, by)
    for window in [year] + others(book):
        api.summary(window)
        for which in LISTS if window.basis == "effective" else ():
            api.listed(window, which)
        api.crosstab(window, "district", "category")
        api.ranking(window, "org" if "org" in window.filters else "ward")


def others(book):
    """The two months before, that window by the first deadline, and the fullest district, ward, authority, field and
    channel of the year."""
    start = book.until - book.until % 86_400 - 61 * 86_400
    windows = [Window(book, start, book.until - 9 * 86_400), Window(book, start, basis="original")]
    for name, column in (("area", "k.district"), ("area", "CASE WHEN k.is_ward THEN k.place END"), ("org", "s.org"),
                         ("category", "k.category"), ("channel", "k.channel")):
        fullest = book.rows(f"""SELECT {column} AS code, count(*) FROM spans s JOIN cases k ON k.id = s.case_id
            WHERE s.start >= {january(book)} AND {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1""")
        windows += [Window(book, january(book), **{name: code}) for code, _ in fullest]
    return windows


def january(book):
    return moment(f"{iso(book.until)[:4]}-01-01 00:00:00")


# -- bad rows and published figures -------------------------------------------------------------------------------

def rejected_rows(binary, export):
    """Whether every bad row stands in rejected_rows; the number of kinds that do not agree."""
    asked = "SELECT source_ref, \"row\", reason FROM rejected_rows WHERE feed = 'ho_so_1022'"
    told = subprocess.run([binary, "sql", asked, "--format", "csv"], check=True, capture_output=True, text=True).stdout
    said = {kind: re.compile(pattern) for kind, pattern in REASONS.items()}
    engine = collections.Counter()
    for row in csv.DictReader(io.StringIO(told)):
        kind = next((k for k, pattern in said.items() if pattern.search(row["reason"])), row["reason"])
        engine[kind, row["source_ref"].rsplit("/", 1)[-1], int(row["row"])] += 1
    ours = collections.Counter((kind, file, line) for kind, file, line in export.aside)
    differ = sorted((ours - engine) + (engine - ours))
    kinds = [dict(sorted(collections.Counter(k for k, _, _ in found.elements()).items())) for found in (ours, engine)]
    print(f"bad rows: {kinds[0]} here, {kinds[1]} in rejected_rows, {len(differ)} differ; "
          f"{export.no_due} cases without a due time have the one of the table")
    for key in differ[:SHOWN_MAX]:
        print(f"  {key}: {engine[key]} in rejected_rows, {ours[key]} here")
    return len(differ)


def anchors(api, book, drop):
    """The published figures of 25 May 2022: from the raw rows in SQL, and from the engine; the number that differ."""
    asked = duckdb.connect().execute(ANCHORS.format(folder=drop / "ho_so_1022"))
    raw = dict(zip([d[0] for d in asked.description], asked.fetchone()))
    window = Window(book, january(book))
    _, told = api.get(window, "summary")
    wrong = 0
    for name, published in PUBLISHED.items():
        right = published == raw[name] == told[name]
        wrong += not right
        print(f"anchor {name}: published {published}, by SQL over the export {raw[name]}, by the engine {told[name]}"
              f"{'' if right else ' DIFFERS'}")
    shares = {key[0]: (t["overdue"], t["due"]) for key, t in window.table("district", "total").items() if key[0]}
    percent = {code: 100 * late / due for code, (late, due) in shares.items() if due}
    for code, published in OVERDUE.items():
        right = round(percent[code]) == published
        wrong += not right
        print(f"anchor overdue in {code}: published {published} %, computed {percent[code]:.2f} % "
              f"({shares[code][0]} of {shares[code][1]}){'' if right else ' DIFFERS'}")
    others = max(p for code, p in percent.items() if code not in OVERDUE)
    wrong += others >= 20
    print(f"anchor overdue elsewhere: at most {others:.2f} %, city "
          f"{100 * sum(s[0] for s in shares.values()) / sum(s[1] for s in shares.values()):.2f} %")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
