"""Makes rows of an export wrong on purpose, in every way that data-samples/README.md names, and says how many of each.
Some other cases get a due time at the very second of their answer, rejection, merger or return: the edge of being late.

    spoil.py FOLDER: rewrites FOLDER/ho_so_1022/*-cases.csv.gz
"""

import collections
import csv
import datetime
import gzip
import io
import pathlib
import sys

EVERY = 100
UNKNOWN_WARD = "29999"


def spoil(folder):
    """Rewrites the cases of all months; {kind: rows}."""
    done = collections.Counter()
    for path in sorted((folder / "ho_so_1022").glob("*-cases.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as f:
            reader = csv.DictReader(f)
            columns, rows = reader.fieldnames, list(reader)
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        ends = first_ends(path.with_name(path.name.replace("-cases.", "-events.")))
        for number, row in enumerate(rows):
            if number % EVERY < 3 and row["ma_ho_so"] in ends:
                row["han_xu_ly"] = ends[row["ma_ho_so"]]
                done["due_at_the_end"] += 1
            kind = KINDS[number // EVERY % len(KINDS)] if number % EVERY == EVERY // 2 else None
            done[kind.__name__ if kind else "right"] += 1
            for written in kind(row) if kind else [row]:
                writer.writerow(written)
        with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as f:
            f.write(out.getvalue())
    del done["right"]
    return done


def first_ends(path):
    """When each case was first answered, rejected, merged or given back."""
    ends = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            if row["su_kien"] in ("answered", "rejected", "merged", "returned"):
                ends[row["ma_ho_so"]] = min(row["thoi_diem"], ends.get(row["ma_ho_so"], row["thoi_diem"]))
    return ends


def closed_before_opened(row):
    """Not a case at all, whatever its events say."""
    return [{**row, "tra_loi": shifted(row["tiep_nhan"], -2 * 86_400)}]


def closed_before_opened_extra(row):
    """A row beside the right ones."""
    return [row, {**row, "ma_ho_so": row["ma_ho_so"] + "-x", "tra_loi": shifted(row["tiep_nhan"], -1)}]


def no_due_time(row):
    return [{**row, "han_xu_ly": ""}]


def unknown_ward(row):
    return [{**row, "dia_ban": UNKNOWN_WARD}]


def older_after(row):
    """The same identifier twice: an older version, which says otherwise, behind the newer one."""
    return [row, older(row)]


def older_before(row):
    return [older(row), row]


def unreadable_time(row):
    return [{**row, "tiep_nhan": "2022-02-31 25:61:00"}]


KINDS = (closed_before_opened, no_due_time, unknown_ward, older_after, unreadable_time, no_due_time, older_before,
         closed_before_opened_extra)


def older(row):
    return {**row, "cap_nhat": shifted(row["cap_nhat"], -60), "linh_vuc": "other", "kenh": "email", "dia_ban": ""}


def shifted(text, seconds):
    return str(datetime.datetime.fromisoformat(text) + datetime.timedelta(seconds=seconds))


if __name__ == "__main__":
    print("spoiled:", dict(sorted(spoil(pathlib.Path(sys.argv[1])).items())))
