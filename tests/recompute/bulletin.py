"""The monthly bulletin: one table a sheet, two header rows with merged cells, labels in the first columns.

A cell belongs to a series by the label of its row and to a month by the joined header of its column. Only the columns
that the declaration names are read; sums since January and comparisons are left to the computation.
"""

import re

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from formats import Record, Source
from labels import tidy


def read_bulletin(path, declared):
    """Records with the pseudo-column `label`, the month as time label and its age among the sheet's months."""
    book = load_workbook(path, data_only=True)
    records = []
    for sheet in declared["sheet"]:
        records += _sheet(book[sheet["name"]], sheet)
    where = declared["published"]
    written = tidy(book[where["sheet"]][where["cell"]].value)
    before, after = where["pattern"].split("{date}")
    return Source(records, written[len(before):len(written) - len(after)])


def _sheet(sheet, declared):
    rows = _filled(sheet)
    labels = [column_index_from_string(c) - 1 for c in declared["labels"]]
    top = next(i for i, r in enumerate(rows) if _label(r, labels) == tidy(declared["first"]))
    months = {}
    for column in range(max(labels) + 1, len(rows[0])):
        month = _month(_header(rows, top, column), declared["column"])
        if month:
            months[column] = month
    if not months:
        raise ValueError(f"sheet {sheet.title}: no column of figures")
    newest = max(months.values())
    records = []
    for number, row in enumerate(rows[top:], start=top + 1):
        label = _label(row, labels)
        if not label or all(row[c] is None for c in months):
            continue
        for column, (year, month) in sorted(months.items()):
            age = "current" if (year, month) == newest else "earlier"
            records.append(Record(f"{sheet.title}!R{number}C{column + 1}", {"label": label, "sheet": declared["table"]},
                                  {None: row[column]}, f"{year:04d}-{month:02d}", declared["all"]["status"][age]))
    return records


def _filled(sheet):
    """Cell values, with the value of a merged block in each of its cells."""
    rows = [list(r) for r in sheet.iter_rows(values_only=True)]
    for block in sheet.merged_cells.ranges:
        value = rows[block.min_row - 1][block.min_col - 1]
        for r in range(block.min_row - 1, block.max_row):
            for c in range(block.min_col - 1, block.max_col):
                rows[r][c] = value
    return rows


def _label(row, columns):
    """The right-most text of the label columns."""
    texts = [tidy(row[c]) for c in columns if row[c] is not None]
    return texts[-1] if texts else ""


def _header(rows, top, column):
    """The texts above the first row of figures in one column, read downwards, without repeats."""
    texts = []
    for row in rows[:top]:
        text = tidy(row[column]) if row[column] is not None else ""
        if text and text not in texts:
            texts.append(text)
    return " ".join(texts)


def _month(header, declared):
    for column in declared:
        pattern = re.escape(column["header"]).replace(r"\{month\}", r"(?P<month>\d{1,2})")
        pattern = pattern.replace(r"\{year\}", r"(?P<year>\d{4})").replace(r"\*", ".*").replace(r"\ ", " ")
        # Titles above the table may stand in the same column: the header is what the text ends with.
        found = re.search(f"(?:^|.* ){pattern}$", header)
        if found:
            return int(found.group("year")), int(found.group("month"))
    return None
