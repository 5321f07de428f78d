"""Dated areas: who exists on a day, what lies below whom, and which area a written name means.

A dated area is the pair (code, number of its span), so that one code used twice is two areas.
"""

import csv
import re
import unicodedata
from functools import lru_cache

CITY, RESIDUAL, NATION = "79", "79-U", "VN"
DEPTH = {"reference": 0, "city": 1, "residual": 2, "district": 3, "ward": 4}
SHORT = {"q": "quận", "h": "huyện", "tp": "thành phố", "p": "phường", "x": "xã", "tt": "thị trấn"}


class Areas:
    """The areas of `areas.csv`."""

    def __init__(self, rows):
        self.rows = sorted(rows, key=lambda r: (DEPTH[r["kind"]], r["code"], r["valid_from"]))
        self.by_code = {}
        for r in self.rows:
            self.by_code.setdefault(r["code"], []).append(r)

    @classmethod
    def read(cls, path):
        with open(path, encoding="utf-8", newline="") as f:
            return cls(list(csv.DictReader(f)))

    def spans(self, code):
        """All dated areas of a code, oldest first."""
        return [(code, i) for i in range(len(self.by_code.get(code, ())))]

    def row(self, area):
        return self.by_code[area[0]][area[1]]

    def exists(self, area, day):
        return lives(self.row(area), day)

    @lru_cache(maxsize=None)
    def on(self, code, day):
        """The dated area that a code means on a day, or None."""
        return next((a for a in self.spans(code) if self.exists(a, day)), None)

    @lru_cache(maxsize=None)
    def of_kind(self, kind, day):
        """The areas of a kind on a day, by code."""
        return [a for r in self.rows if r["kind"] == kind and (a := self.on(r["code"], day)) and self.row(a) is r]

    @lru_cache(maxsize=None)
    def below(self, area, kind, day):
        """The areas of a kind at or below an area on a day, by code."""
        return [leaf for leaf in self.of_kind(kind, day) if area in self._upwards(leaf, day)]

    @lru_cache(maxsize=None)
    def _upwards(self, area, day):
        parent = self.row(area)["parent_code"]
        above = self.on(parent, day) if parent else None
        return (area,) + (self._upwards(above, day) if above else ())

    @lru_cache(maxsize=None)
    def named(self, name, day):
        """The code of the district or city that a written name means on a day, or None."""
        key = name_key(name)
        codes = {r["code"] for r in self.rows
                 if r["kind"] in ("city", "district") and lives(r, day) and name_key(r["name"]) == key}
        return codes.pop() if len(codes) == 1 else None


def lives(row, day):
    """Whether a dated area exists on an ISO day."""
    return row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])


def name_key(name):
    """(kind word, rest): "Q.1", "Quận 01" and "quận 1" are one name."""
    text = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    found = re.match(r"(thành phố|thị trấn|quận|huyện|phường|xã|tp|tt|q|h|p|x)(\.\s*|\s+)(.+)$", text)
    if not found:
        return ("", text)
    rest = found.group(3)
    return (SHORT.get(found.group(1), found.group(1)), str(int(rest)) if rest.isdigit() else rest)
