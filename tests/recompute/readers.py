"""The sample feeds as observations and targets, read without the engine.

Code lists (which label is which measure or member) come from the declared feed files; reading the formats and giving
a value its meaning is written here again. A value that must not become a figure is listed with its reason.
"""

import re
import tomllib

from areas import DEPTH
from bulletin import read_bulletin
from formats import read_source
from labels import BLANK, MISSING, Unreadable, at_time, read_day, read_instant, read_number, read_period, tidy
from periods import last_day, print_period

TOTAL = "_T"
KNOWN_KEYS = {"version", "code", "name_vi", "name_en", "source", "owner", "format", "schedule", "numbers", "published",
              "connector", "contract", "codes", "all", "map", "table", "sheet", "kind"}


class Reading:
    """What all feeds said: observations in the order of ingest, targets, and what was left out."""

    def __init__(self):
        self.observations, self.targets, self.rejected = [], [], []


def read_feeds(project, catalog):
    """Reads the sample files of every declared feed of figures that has a folder in `data-samples`."""
    reading = Reading()
    for path in sorted((project / "indicators" / "feeds").glob("*.toml")):
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
        if declared["connector"]["kind"] == "files" and declared.get("kind") != "cases":
            Feed(project, catalog, declared).read(reading)
    return reading


class Feed:
    """One declared feed."""

    def __init__(self, project, catalog, declared):
        self.catalog, self.declared = catalog, declared
        self.files = sorted((project / "data-samples").glob(declared["connector"]["glob"]))
        unknown = set(declared) - KNOWN_KEYS
        if unknown and self.files:
            raise ValueError(f"feed {declared['code']}: {sorted(unknown)} is not known to this program")
        self.lists = {name: tidied(codes) for name, codes in declared.get("codes", {}).items()}
        self.newest = {}

    def read(self, reading):
        for path in self.files:
            self.read_file(path, reading)

    def read_file(self, path, reading):
        declared = self.declared
        source = read_bulletin(path, declared) if "sheet" in declared else read_source(path, declared)
        shared = declared.get("all", {})
        rules = {None: [{**shared, **rule} for rule in declared.get("map", [])]}
        for sheet in declared.get("sheet", []):
            rules[sheet["table"]] = [{k: v for k, v in sheet["all"].items() if k != "status"}]
        found = []
        for record in source.records:
            for rule in rules[record.fields.get("sheet") if "sheet" in declared else None]:
                for column, subject in self.values_of(rule, record):
                    self.assign(path, source, record, rule, column, subject, found, reading)
        # Within one pull the older publication comes first, as it would have come on two days.
        for figure in sorted(self.agreeing(path, found, reading), key=lambda f: f["vintage"]):
            self.keep(figure, reading)

    def agreeing(self, path, found, reading):
        """The figures of a pull but for those that stand in it twice with different values: nobody knows which holds."""
        said = {}
        for figure in found:
            said.setdefault((key_of(figure), figure["vintage"]), []).append(figure)
        agreed = []
        for figures in said.values():
            if len({(f["value"], f.get("status")) for f in figures}) == 1:
                agreed.append(figures[0])
                continue
            for f in figures:
                why = "the same figure stands in the file with different values"
                reading.rejected.append((self.declared["code"], path.name, f["source_ref"], "", why))
        return agreed

    def values_of(self, rule, record):
        """(value column, measure or None if the rule says it by a field) for each value that a rule reads."""
        measure = rule.get("measure")
        if isinstance(measure, dict) and "columns" in measure:
            return [(c, m) for c, m in measure["columns"].items() if tidy(c) in record.values]
        column = rule.get("value")
        return [(column, None)] if column is None or tidy(column) in record.values else []

    def assign(self, path, source, record, rule, column, subject, found, reading):
        raw = record.values[tidy(column) if column else None]
        try:
            number = read_number(raw, self.declared.get("numbers") == "vietnamese")
            if number is BLANK:
                return
            figure = self.figure(path, source, record, rule, subject, number)
        except Unreadable as why:
            reading.rejected.append((self.declared["code"], path.name, record.ref, column or "", str(why)))
            return
        figure["source_ref"] = f"{path.name}#{record.ref}#{column or ''}"
        found.append(figure)

    def figure(self, path, source, record, rule, subject, number):
        period = self.period(record, rule)
        area = self.area(record, rule["area"], last_day(period))
        vintage = self.vintage(path, source, record)
        if self.declared.get("kind") == "targets":
            indicator = self.pick(record, rule["indicator"])
            if number is MISSING:
                raise Unreadable("a plan value is missing")
            return {"indicator": indicator, "area": area, "period": print_period(period), "value": number,
                    "vintage": vintage, "feed": self.declared["code"]}
        code = subject or self.pick(record, rule["measure"])
        measure = self.catalog["measures"].get(code)
        if not measure:
            raise Unreadable(f"measure \"{code}\" is not in the catalogue")
        if period[0] != measure["freq"]:
            raise Unreadable(f"measure \"{code}\" is by {measure['freq']}, the row by {period[0]}")
        kind = self.catalog["areas"].row(self.catalog["areas"].on(area, last_day(period)))["kind"]
        if DEPTH[kind] > max(DEPTH[measure["level"]], DEPTH["residual"]):
            raise Unreadable(f"measure \"{code}\" is reported by {measure['level']}, not by {kind}")
        breakdown = self.pick(record, rule["breakdown"]) if "breakdown" in rule else TOTAL
        if breakdown != TOTAL and breakdown.split("=")[0] not in measure["dimensions"]:
            raise Unreadable(f"measure \"{code}\" has no breakdown \"{breakdown}\"")
        missing = number is MISSING
        status = "M" if missing else rule.get("status") or record.status or "A"
        value = None if missing else self.converted(number, record, rule, measure)
        return {"measure": code, "area": area, "breakdown": breakdown, "period": print_period(period), "value": value,
                "status": status, "vintage": vintage, "feed": self.declared["code"]}

    def pick(self, record, declared):
        """A code: constant, or what a field holds, through a code list."""
        if isinstance(declared, str):
            return declared
        text = tidy(record.fields[declared.get("column") or declared["dimension"]])
        codes = declared.get("codes")
        if codes is None:
            return text
        table = self.lists[codes] if isinstance(codes, str) else tidied(codes)
        if text not in table:
            raise Unreadable(f"\"{text}\" is not in the code list")
        return table[text]

    def area(self, record, declared, day):
        areas = self.catalog["areas"]
        if isinstance(declared, dict) and declared.get("names"):
            name = tidy(record.fields[declared["column"]])
            code = declared["codes"].get(name) or areas.named(name, day)
            if not code:
                raise Unreadable(f"no area \"{name}\" on {day}")
            return code
        code = self.pick(record, declared)
        if not areas.on(code, day):
            raise Unreadable(f"no area {code} on {day}")
        return code

    def period(self, record, rule):
        declared = rule.get("period")
        if declared is None:
            return read_period(record.time)
        text = record.fields[declared["column"]]
        shapes = declared.get("pattern")
        for shape in [shapes] if isinstance(shapes, str) else shapes or []:
            if not re.fullmatch(shape.replace("{year}", r"\d{4}").replace("{month}", r"\d{2}"), text):
                continue
            return read_period(text)
        if shapes:
            raise Unreadable(f"\"{text}\" is not a period")
        return read_period(text)

    def vintage(self, path, source, record):
        how = self.declared["published"]
        if how["from"] == "updated":
            return read_instant(source.published)
        if how["from"] == "cell":
            return at_time(read_day(source.published), how["time"])
        if how["from"] == "file_name":
            return at_time(read_day(re.search(r"(\d{8})\.\w+$", path.name).group(1)), how["time"])
        if how["from"] == "column":
            return at_time(read_day(record.fields[how["column"]]), how["time"])
        raise ValueError(f"feed {self.declared['code']}: published from {how['from']}")

    def converted(self, number, record, rule, measure):
        if "unit" not in rule:
            return number * rule.get("scale", 1.0) + rule.get("offset", 0.0)
        units = self.catalog["units"]
        source, target = units[self.pick(record, rule["unit"])], units[measure["unit"]]
        if source["family"] != target["family"]:
            raise Unreadable(f"unit {source['code']} does not convert into {target['code']}")
        return number * source["factor"] / target["factor"]

    def keep(self, figure, reading):
        """The ingest law: what repeats the newest earlier vintage of its key is not a new vintage."""
        target, key = "indicator" in figure, key_of(figure)
        said = (figure["value"], figure.get("status"))
        earlier = [s for s in self.newest.get(key, []) if s[0] <= figure["vintage"]]
        if earlier and max(earlier, key=lambda s: s[0])[1] == said:
            return
        self.newest.setdefault(key, []).append((figure["vintage"], said))
        (reading.targets if target else reading.observations).append(figure)


def key_of(figure):
    """What makes two figures the same one."""
    return tuple(figure.get(k) for k in ("measure", "indicator", "area", "breakdown", "period"))


def tidied(codes):
    """A code list with its labels in one spelling."""
    return {tidy(label): code for label, code in codes.items()}
