"""The exports of the case system as cases: two zipped CSV files a month, mapped as indicators/feeds/ho_so_1022.toml says.

Rows that must not become cases are kept with their reason, by the kinds that data-samples/README.md names.
"""

import csv
import datetime
import gzip
import re
import tomllib
from functools import lru_cache

from cases.fold import ORDER
from labels import CITY_TIME

EPOCH = datetime.datetime(1970, 1, 1)
WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")


class Case:
    """One case as the source holds it. `place` and `district` are dated areas (code, number of its span) or None."""

    __slots__ = ("id", "channel", "category", "priority", "org", "place", "district", "received", "due", "resolved",
                 "updated", "events")


class Export:
    """All cases of a folder, and what was set aside: (kind, file, line)."""

    def __init__(self, project, folder, areas):
        declared = tomllib.loads((project / "indicators" / "feeds" / "ho_so_1022.toml").read_text(encoding="utf-8"))
        self.columns, self.of_events = declared["case"], declared["events"]
        self.pattern, self.companion = declared["connector"]["glob"], declared["connector"]["companion"]
        if declared["time_format"] != "%Y-%m-%d %H:%M:%S" or declared["zone"] != "Asia/Ho_Chi_Minh":
            raise ValueError("the export's times are written otherwise than this program reads them")
        self.areas, self.cases, self.aside, self.no_due = areas, {}, [], 0
        for path in sorted(folder.glob(self.pattern)):
            found = self.read_cases(path)
            partner = path.with_name(path.name.replace(self.companion["replace"], self.companion["by"]))
            self.read_events(partner, found)
            for case in found.values():
                case.events.sort(key=lambda e: (e[0], e[1], e[2]))
                kept = self.cases.get(case.id)
                if kept is None or kept.updated < case.updated:
                    self.cases[case.id] = case
        self.no_due = sum(case.due is None for case in self.cases.values())

    def read_cases(self, path):
        found, lines = {}, {}
        for line, row in rows_of(path):
            try:
                case = self.case(row)
            except ValueError:
                self.aside.append(("unreadable_time", path.name, line))
                continue
            if case.resolved is not None and case.resolved < case.received:
                self.aside.append(("closed_before_opened", path.name, line))
                continue
            if case.id in found:
                newer_stands = found[case.id].updated > case.updated
                self.aside.append(("duplicate_id", path.name, line if newer_stands else lines[case.id]))
                if newer_stands:
                    continue
            found[case.id], lines[case.id] = case, line
            if row[self.columns["area"]] and case.place is None:
                self.aside.append(("unknown_ward", path.name, line))
        return found

    def case(self, row):
        named, case = self.columns, Case()
        case.id, case.channel, case.category = (row[named[k]] for k in ("id", "channel", "category"))
        case.channel, case.category = case.channel or "_U", case.category or "_U"
        case.priority, case.org = row[named["priority"]] or "normal", row[named["org"]["column"]] or None
        case.received = moment(row[named["received"]])
        case.due, case.resolved, case.updated = (moment(row[named[k]]) for k in ("due", "resolved", "updated"))
        if case.received is None:
            raise ValueError("a case without receipt")
        case.place = case.district = None
        day = row[named["received"]][:10]
        area = self.areas.on(row[named["area"]], day) if row[named["area"]] else None
        kind = self.areas.row(area)["kind"] if area else None
        if kind in ("ward", "district"):
            case.place = area
            parent = self.areas.row(area)["parent_code"]
            above = self.areas.on(parent, day) if kind == "ward" else area
            case.district = above if above and self.areas.row(above)["kind"] == "district" else None
        case.events = []
        return case

    def read_events(self, path, found):
        """Events to their cases; one without a case is noted."""
        named = self.of_events
        content = {text: True for text in named["satisfied"]["satisfied"]}
        content.update({text: False for text in named["satisfied"]["dissatisfied"]})
        for line, row in rows_of(path):
            case = found.get(row[named["case"]])
            if not case:
                self.aside.append(("event_without_case", path.name, line))
                continue
            kind = row[named["kind"]]
            case.events.append((moment(row[named["at"]]), ORDER[kind], int(row[named["seq"]]), kind,
                                row[named["org"]["column"]] or None, moment(row[named["due"]]),
                                content.get(row[named["satisfied"]["column"]])))


def rows_of(path):
    """(line, row) of a zipped CSV file with a header."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as f:
        reader = csv.DictReader(f)
        for row in reader:
            yield reader.line_num, row


@lru_cache(maxsize=1 << 16)
def moment(text):
    """Seconds of the wall clock since 1970; None for a blank."""
    if not text:
        return None
    if not WRITTEN.fullmatch(text):
        raise ValueError(text)
    since = datetime.datetime.fromisoformat(text) - EPOCH
    return since.days * 86_400 + since.seconds


def wall_clock(text):
    """Seconds of the city's wall clock since 1970 of an ISO instant with its zone."""
    since = datetime.datetime.fromisoformat(text).astimezone(CITY_TIME).replace(tzinfo=None) - EPOCH
    return since.days * 86_400 + since.seconds
