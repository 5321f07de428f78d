"""Raw bytes of a feed as records, one reader for each format.

A record says where it stands, what its dimensions or columns hold as text, its raw values (by column; a statistical
table has one, under None), and, if the format has them, its time label and status. No meaning is given here.
"""

import csv
import datetime
import io
import itertools
import json
import re
import xml.etree.ElementTree as ElementTree

from openpyxl import load_workbook

from labels import tidy


class Record:
    __slots__ = ("ref", "fields", "values", "time", "status")

    def __init__(self, ref, fields, values, time=None, status=None):
        self.ref, self.fields, self.values, self.time, self.status = ref, fields, values, time, status


class Source:
    """All records of one file, and when the file says that it was published (`None`: it does not)."""

    def __init__(self, records, published=None):
        self.records, self.published = records, published


def read_source(path, declared):
    """Records of a file in the declared format."""
    reader = {"px": read_px, "json_stat": read_json_stat, "sdmx_ml": read_sdmx_ml, "sdmx_csv": read_sdmx_csv,
              "csv": read_csv, "json": read_json, "workbook": read_sheet}[declared["format"]]
    return reader(path, declared)


# -- statistical tables -------------------------------------------------------------------------------------------

def read_px(path, _declared):
    """PC-Axis: variables of STUB then HEADING, the last one running fastest."""
    text = path.read_bytes().decode("utf-8")
    if not re.search(r'CODEPAGE="utf-8"', text):
        raise ValueError(f"{path}: another code page than utf-8 is not expected in the samples")
    keywords = {}
    for statement in re.findall(r'((?:[^";]|"[^"]*")+);', text):
        key, _, value = statement.strip().partition("=")
        keywords[key] = value
    strings = {k: re.findall(r'"([^"]*)"', v) for k, v in keywords.items()}
    variables = strings.get("STUB", []) + strings.get("HEADING", [])
    codes = [strings.get(f'CODES("{v}")') or strings[f'VALUES("{v}")'] for v in variables]
    time = next(v for v in variables if f'TIMEVAL("{v}")' in keywords)
    numbers = keywords["DATA"].split()
    cells = list(itertools.product(*codes))
    if len(cells) != len(numbers):
        raise ValueError(f"{path}: {len(numbers)} values for {len(cells)} cells")
    records = []
    for i, (cell, number) in enumerate(zip(cells, numbers)):
        fields = dict(zip(variables, cell))
        label = fields.pop(time)
        raw = number.strip('"') if number.startswith('"') or number == "-" else float(number)
        records.append(Record(f"DATA {i + 1}", fields, {None: raw}, label))
    return Source(records, strings["LAST-UPDATED"][0])


def read_json_stat(path, _declared):
    """JSON-stat 2: dense `value` in row-major order of `id`."""
    table = json.loads(path.read_bytes())
    ids = table["id"]
    codes = []
    for name in ids:
        index = table["dimension"][name]["category"]["index"]
        codes.append(index if isinstance(index, list) else sorted(index, key=index.get))
    time = table["role"]["time"][0]
    records = []
    for i, cell in enumerate(itertools.product(*codes)):
        fields = dict(zip(ids, cell))
        label = fields.pop(time)
        value = table["value"][i]
        status = table["status"][i] if table.get("status") else None
        records.append(Record(f"value[{i}]", fields, {None: "..." if value is None else value}, label, status))
    return Source(records, table.get("updated"))


def read_sdmx_ml(path, _declared):
    """Structure-specific SDMX-ML 2.1 data in series."""
    root = ElementTree.fromstring(path.read_bytes())
    local = lambda element: element.tag.rsplit("}", 1)[-1]
    prepared = next(e.text for e in root.iter() if local(e) == "Prepared")
    records = []
    for series in (e for e in root.iter() if local(e) == "Series"):
        for obs in series:
            value = obs.get("OBS_VALUE")
            records.append(Record(f"obs {len(records) + 1}", dict(series.attrib),
                                  {None: "..." if value in (None, "", "NaN") else float(value)},
                                  obs.get("TIME_PERIOD"), obs.get("OBS_STATUS")))
    return Source(records, prepared)


def read_sdmx_csv(path, _declared):
    """SDMX-CSV 1: one observation a line."""
    records = []
    for i, row in enumerate(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")))):
        value = row.pop("OBS_VALUE")
        records.append(Record(f"line {i + 2}", row, {None: "..." if value in ("", "NaN") else float(value)},
                              row["TIME_PERIOD"], row["OBS_STATUS"]))
    return Source(records)


# -- tables with a column for every figure ------------------------------------------------------------------------

def decode(data):
    """Text of a department's file: UTF-16 by its mark, UTF-8, or the old Vietnamese code page."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1258")


def read_csv(path, _declared):
    rows = list(csv.reader(io.StringIO(decode(path.read_bytes())), delimiter=";"))
    return Source(_rows(rows[0], enumerate(rows[1:], start=2)))


def read_json(path, declared):
    rows = json.loads(path.read_bytes())[declared["table"]["rows"]]
    return Source([Record(f"{i + 1}", {k: "" if v is None else tidy(v) for k, v in row.items()}, row)
                   for i, row in enumerate(rows)])


def read_sheet(path, declared):
    """The first sheet of a workbook below the row that holds the declared header texts."""
    sheet = load_workbook(path, data_only=True).worksheets[0]
    rows = [list(r) for r in sheet.iter_rows(values_only=True)]
    wanted = set(declared["table"]["header"])
    top = next(i for i, r in enumerate(rows) if wanted <= {tidy(c) for c in r if c is not None})
    return Source(_rows(rows[top], enumerate(rows[top + 1:], start=top + 2)))


def _rows(header, numbered):
    columns = [tidy(c) if c is not None else "" for c in header]
    records = []
    for number, row in numbered:
        values = {c: v for c, v in zip(columns, row) if c}
        fields = {c: _as_text(v) for c, v in values.items()}
        if any(fields.values()):
            records.append(Record(f"row {number}", fields, values))
    return records


def _as_text(value):
    if value is None:
        return ""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.strftime("%d/%m/%Y")
    return tidy(value)
