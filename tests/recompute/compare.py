"""Compares the engine's figures with those recomputed here from the raw files, cell by cell and column by column.

    compare.py --project . --observations observations.csv --figures figures.csv \\
        --toancanh target/debug/toancanh --now 2022-06-30T08:00:00+07:00

The engine's side are the rows of its tables `observations` and `indicator_values` as CSV. Ends with 1 if anything
differs.
"""

import argparse
import collections
import csv
import json
import pathlib
import subprocess
import sys

from anchors import VINTAGES, agrees, check_anchors, freq_of
from cases.counts import Book
from cases.export import Export, wall_clock
from cases.figures import case_figures
from cases.workclock import Deadlines, WorkClock
from catalog import load_catalog
from figures import all_figures
from labels import end_of_day, read_instant
from readers import read_feeds
from world import TOTAL, World

NUMBERS = ("value", "numerator", "denominator", "prev_value", "yoy_value", "ytd_value", "ytd_yoy_value", "dec_value",
           "target_value")
WHOLE = ("periods_present", "periods_due", "areas_present", "areas_due", "carried")
FLAGS = ("complete", "ytd_complete")
TOLERANCE = 1e-9
SHOWN_MAX = 40

# Series asked for as known on another day: (indicator, frequency, area, day).
AS_KNOWN = [(code, freq_of(period), "79", day) for code, period, day, _, _ in VINTAGES] + [
    ("0301", "M", "769", "2022-01-31"),
    ("0301", "A", "79", "2022-01-31"),
    ("0402", "A", "79", "2022-04-14"),
    ("1001", "M", "79", "2021-10-15"),
    ("0708", "M", "785", "2021-11-30"),
]


def main():
    arguments = parse_arguments()
    catalog = load_catalog(arguments.project)
    reading = read_feeds(arguments.project, catalog)
    print(f"read {len(reading.observations)} observations and {len(reading.targets)} targets; left out:")
    for feed, file, ref, column, why in reading.rejected:
        print(f"  {feed}/{file} {ref} {column}: {why}")
    wrong = compare_observations(reading.observations, arguments.observations)
    world = World(catalog, reading.observations, reading.targets, read_instant(arguments.now))
    ours = all_figures(world)
    ours.update(case_figures(world, read_book(arguments.project, catalog, arguments.now)))
    engine = read_figures(arguments.figures)
    differences = collections.defaultdict(list)
    for key in sorted(set(ours) | set(engine)):
        found = difference(key, ours.get(key), engine.get(key))
        if found:
            differences[key[0]].append((key, found))
    report(ours, engine, differences)
    wrong += report_anchors(check_anchors(ours))
    wrong += as_known(arguments, catalog, reading)
    differing = sum(len(found) for found in differences.values())
    print(f"{len(set(ours) | set(engine)) - differing} passed, {differing + wrong} failed")
    return 1 if differing or wrong else 0


def read_book(project, catalog, now):
    """All cases of the sample as of an instant, counted."""
    export = Export(project, project / "data-samples", catalog["areas"])
    aside = collections.Counter(kind for kind, _, _ in export.aside)
    print(f"read {len(export.cases)} cases, {export.no_due} without a due time; set aside or noted: {dict(aside)}")
    return Book(export, Deadlines.read(project), WorkClock.read(project), wall_clock(now)).count()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=pathlib.Path, required=True)
    parser.add_argument("--observations", type=pathlib.Path, required=True)
    parser.add_argument("--figures", type=pathlib.Path, required=True)
    parser.add_argument("--toancanh", required=True, help="the binary, for questions as known on another day")
    parser.add_argument("--now", required=True, help="the instant at which the engine stood still")
    return parser.parse_args()


# -- the engine's side --------------------------------------------------------------------------------------------

def read_figures(path):
    """Rows of `indicator_values` as {(indicator, area, breakdown, freq, period): columns}."""
    figures = {}
    with open(path, encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            area = row["area_code"] if row["org_code"] == TOTAL else f"{row['area_code']} of {row['org_code']}"
            key = (row["indicator_code"], area, row["breakdown"], row["freq"], row["period"])
            if key in figures:
                raise ValueError(f"{path}: {key} stands twice")
            figures[key] = as_cell(row)
    return figures


def as_cell(row):
    """Columns of one engine row, from text or JSON, in the types of this program."""
    cell = {c: as_number(row.get(c)) for c in NUMBERS}
    cell.update({c: int(row[c]) for c in WHOLE if row.get(c) not in (None, "")})
    cell.update({c: row[c] in (True, "true") for c in FLAGS if row.get(c) not in (None, "")})
    cell["obs_status"] = row["obs_status"]
    cell["vintage"] = read_instant(row["vintage"])
    return cell


def compare_observations(ours, path):
    """Whether both programs read the same out of the raw files; the number of differences."""
    def keyed(rows, names):
        return {tuple(row[n] for n in names): row for row in rows}

    mine = keyed(ours, ("measure", "area", "breakdown", "period", "feed", "vintage"))
    with open(path, encoding="utf-8", newline="") as f:
        rows = [{**row, "vintage": read_instant(row["vintage"])} for row in csv.DictReader(f)]
    engine = keyed(rows, ("measure_code", "area_code", "breakdown", "period", "feed", "vintage"))
    differ = sorted(set(mine) ^ set(engine)) + sorted(
        k for k in set(mine) & set(engine)
        if (mine[k]["value"], mine[k]["status"]) != (as_number(engine[k]["value"]), engine[k]["obs_status"]))
    print(f"observations: {len(mine)} here, {len(rows)} in the engine, {len(differ)} differ")
    for key in differ[:SHOWN_MAX]:
        print(f"  {' '.join(map(str, key))}: here {mine.get(key)}, in the engine {engine.get(key)}")
    return len(differ)


def as_number(text):
    return None if text in (None, "") else float(text)


# -- comparing ----------------------------------------------------------------------------------------------------

def difference(key, ours, engine):
    """What differs between two cells, in words; "" if nothing does."""
    if ours is None:
        return f"only the engine has it: {engine['value']}"
    if engine is None:
        return f"the engine lacks it: {ours['value']}"
    return "; ".join(f"{c} {engine[c]} is {ours[c]}" for c in engine if not same(ours[c], engine[c]))


def same(ours, engine):
    if isinstance(ours, float) and isinstance(engine, float):
        return abs(ours - engine) <= TOLERANCE * max(abs(ours), abs(engine))
    return ours == engine


def report(ours, engine, differences):
    cells = collections.Counter(key[0] for key in set(ours) | set(engine))
    columns = {code: collections.Counter(c.split(" ")[0] for _, f in found for c in f.split("; "))
               for code, found in differences.items()}
    for code in sorted(cells):
        found = len(differences.get(code, []))
        words = ", ".join(f"{c} {n}" for c, n in columns[code].most_common()) if found else ""
        print(f"{code}: {cells[code]} cells, {found} differ{': ' + words if words else ''}")
    shown = 0
    for code in sorted(differences):
        for key, found in differences[code]:
            if shown < SHOWN_MAX:
                print(f"  {' '.join(key)}: {found}")
            shown += 1
    if shown > SHOWN_MAX:
        print(f"  and {shown - SHOWN_MAX} more")


def report_anchors(checked):
    wrong = 0
    for (code, period, kind, published, _), number, right in checked:
        print(f"anchor {code} {period} {kind}: published {published}, computed {number}{'' if right else ' DIFFERS'}")
        wrong += not right
    return wrong


# -- as known on another day --------------------------------------------------------------------------------------

def as_known(arguments, catalog, reading):
    """Recomputes with earlier vintages only and asks the engine the same; the number of differences."""
    wrong = 0
    for code, freq, area, day in AS_KNOWN:
        world = World(catalog, reading.observations, reading.targets, end_of_day(day))
        ours = {k[4]: cell for k, cell in all_figures(world, [code]).items()
                if k[1] == area and k[2] == TOTAL and k[3] == freq}
        engine = ask(arguments.toancanh, code, freq, area, day)
        found = [(p, difference(p, ours.get(p), engine.get(p))) for p in sorted(set(ours) | set(engine))]
        found = [(p, words) for p, words in found if words]
        print(f"as known on {day}: {code} {area} {freq}, {len(ours)} figures, {len(found)} differ")
        for period, words in found[:SHOWN_MAX]:
            print(f"  {period}: {words}")
        wrong += len(found)
        for anchor, period, told_on, published, decimals in VINTAGES:
            if (anchor, freq_of(period), told_on) == (code, freq, day) and area == "79":
                number = ours[period]["value"] if period in ours else None
                right = agrees(number, published, decimals)
                print(f"  published {published}, computed {number}{'' if right else ' DIFFERS'}")
                wrong += not right
    return wrong


def ask(binary, code, freq, area, day):
    """The engine's series as {period: columns}."""
    command = [binary, "series", code, "--freq", freq, "--area", area, "--as-of", day, "--format", "json"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {o["period"]: as_cell(o) for o in answer["observations"]}


if __name__ == "__main__":
    sys.exit(main())
