"""The engine's views of cases, asked over HTTP, against the same questions put to DuckDB in SQL."""

import datetime
import json
import urllib.parse
import urllib.request

from cases.export import wall_clock

FLOWS = ("received", "reopened", "closed", "closed_on_time", "rejected", "merged", "transferred_in", "transferred_out",
         "due", "overdue", "dispatched", "dispatched_5min", "rerouted", "closed_reopened_30d", "rated",
         "rated_satisfied")
COUNTS = FLOWS + ("open", "open_overdue")
FEW = 10

# What rows and columns stand for, as SQL over spans `s` and cases `k`.
UNITS = {
    "total": "'_T'",
    "district": "coalesce(k.district, '')",
    "ward": "CASE WHEN k.is_ward THEN k.place ELSE '' END",
    "org": "coalesce(s.org, '')",
    "category": "k.category",
    "channel": "k.channel",
}
TIMES = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}
AGE_BANDS = {"under_5d": "under_5d", "from_5_to_15d": "5_15d", "from_16_to_30d": "16_30d", "over_30d": "over_30d"}
LATE_BANDS = {"overdue_1_5d": "1_5d", "overdue_6_10d": "6_10d", "overdue_11_30d": "11_30d",
              "overdue_over_30d": "over_30d"}


class Window:
    """As of when (the book's moment), from when to when (seconds, the end exclusive), by which deadline, which cases.

    `filters` are the parameters of the request: area (a district or ward code), org, category, channel.
    """

    def __init__(self, book, start, end=None, basis="effective", **filters):
        self.book, self.start, self.basis, self.filters = book, start, basis, filters
        self.end = min(end or book.until + 1, book.until + 1)

    def where(self, kind):
        """The spans that count, as SQL with its values."""
        conditions, values = ["s.kind = ?"], [kind]
        columns = {"org": "s.org", "category": "k.category", "channel": "k.channel"}
        for name, code in self.filters.items():
            if name == "area":
                conditions.append("(k.district = ? OR k.place = ?)")
                values += [code, code]
            else:
                conditions.append(f"{columns[name]} = ?")
                values.append(code)
        return " AND ".join(conditions), values

    def kind(self, *axes):
        return "stint" if "org" in axes or "org" in self.filters else "round"

    def of(self, axis, moment):
        if axis in UNITS:
            return UNITS[axis]
        return f"strftime(make_timestamp({moment} * 1000000), '{TIMES[axis]}')"

    def table(self, rows, columns):
        """{(row, column): {count: number}} of two axes; open cases at the end of each stretch of time."""
        where, values = self.where(self.kind(rows, columns))
        other = "original" if self.basis == "effective" else "effective"
        cells = {}
        asked = f"""SELECT {self.of(rows, 'f.moment')}, {self.of(columns, 'f.moment')}, f.measure, count(*) FROM flows f
            JOIN spans s USING (span) JOIN cases k ON k.id = s.case_id
            WHERE {where} AND f.moment >= ? AND f.moment < ? AND f.basis <> '{other}' GROUP BY ALL"""
        for row, column, measure, n in self.book.rows(asked, *values, self.start, self.end):
            cells.setdefault((row, column), dict.fromkeys(COUNTS, 0))[measure] = n
        self.look_at([axis for axis in (rows, columns) if axis in TIMES])
        asked = f"""SELECT {self.of(rows, '(o.e - 1)')}, {self.of(columns, '(o.e - 1)')}, count(*),
            count(*) FILTER ({self.late()}) FROM open_at('looks') o JOIN spans s USING (span)
            JOIN cases k ON k.id = s.case_id WHERE {where} GROUP BY ALL"""
        for row, column, n, late in self.book.rows(asked, *values):
            cell = cells.setdefault((row, column), dict.fromkeys(COUNTS, 0))
            cell["open"], cell["open_overdue"] = n, late
        return cells

    def late(self):
        return "o.is_overdue" if self.basis == "effective" else "s.original < o.e"

    def look_at(self, axes):
        """Lays out the moments at which open cases are looked at: the end of every stretch, or of the window."""
        ends = {self.end}
        day = self.start - self.start % 86_400 + 86_400
        while axes and day < self.end:
            if any(label(axis, day - 1) != label(axis, day) for axis in axes):
                ends.add(day)
            day += 86_400
        self.book.db.execute("CREATE OR REPLACE TEMP TABLE looks AS SELECT 0 AS month, unnest(?::BIGINT[]) AS e",
                             [sorted(ends)])

    def piles(self, unit):
        """{unit: {count or band: number}} of what is open at the end of the window."""
        where, values = self.where(self.kind(unit))
        self.look_at([])
        bands = [f"count(*) FILTER (o.age_band = '{b}')" for b in AGE_BANDS.values()]
        bands = ", ".join(bands + [f"count(*) FILTER ({late_band(b)})" for b in LATE_BANDS.values()])
        asked = f"""SELECT {UNITS[unit]}, count(*), count(*) FILTER ({self.late()}), min(s.start), {bands}
            FROM open_at('looks') o JOIN spans s USING (span) JOIN cases k ON k.id = s.case_id WHERE {where}
            GROUP BY ALL"""
        names = ["open", "open_overdue", "oldest", *AGE_BANDS, *LATE_BANDS]
        return {row[0]: dict(zip(names, row[1:])) for row in self.book.rows(asked, *values)}

    def handled(self):
        """(handled, not handled) of what was received in the window."""
        where, values = self.where(self.kind())
        held = "" if self.kind() == "round" else "AND o.org = s.org"
        asked = f"""SELECT count(*), count(*) FILTER (EXISTS (SELECT 1 FROM spans o WHERE o.case_id = s.case_id
            AND o.kind = s.kind AND o.finish IS NULL {held})) FROM spans s JOIN cases k ON k.id = s.case_id
            WHERE {where} AND s.origin = 'received' AND s.start >= ? AND s.start < ?"""
        received, still_open = self.book.rows(asked, *values, self.start, self.end)[0]
        return received - still_open, still_open

    def ids(self, which):
        """Identifiers of the spans behind a count, one for each span."""
        where, values = self.where(self.kind())
        if which.startswith("open"):
            self.look_at([])
            asked = f"""SELECT s.case_id FROM open_at('looks') o JOIN spans s USING (span)
                JOIN cases k ON k.id = s.case_id WHERE {where} AND ({self.late() if which == 'open_overdue' else 'true'})"""
        else:
            values += [which, self.start, self.end]
            asked = f"""SELECT s.case_id FROM flows f JOIN spans s USING (span) JOIN cases k ON k.id = s.case_id
                WHERE {where} AND f.measure = ? AND f.moment >= ? AND f.moment < ? AND f.basis <> 'original'"""
        return sorted(row[0] for row in self.book.rows(asked, *values))


def label(axis, second):
    """What a second is called on an axis of time."""
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=second)).strftime(TIMES[axis])


def late_band(band):
    return {"1_5d": "o.late_days <= 5", "6_10d": "o.late_days BETWEEN 6 AND 10",
            "11_30d": "o.late_days BETWEEN 11 AND 30", "over_30d": "o.late_days > 30"}[band]


class Api:
    """The engine's cases over HTTP; keeps what differs and counts what was compared."""

    def __init__(self, base):
        self.base, self.passed, self.differ = base, 0, []

    def get(self, window, view, **params):
        params.update(window.filters, as_of=iso(window.book.until), to=iso(window.end - 1), basis=window.basis)
        params["from"] = iso(window.start)
        with urllib.request.urlopen(f"{self.base}/api/v1/cases/{view}?{urllib.parse.urlencode(params)}") as answer:
            return f"{view} {params}", json.loads(answer.read())

    def expect(self, asked, what, ours, engine):
        if ours == engine:
            self.passed += 1
        else:
            self.differ.append(f"{asked} {what}: {engine} is {ours}")

    def tally(self, asked, key, ours, engine):
        """All counts of a cell, and the shares that follow from them."""
        ours = ours or dict.fromkeys(COUNTS, 0)
        self.expect(asked, key, {c: ours[c] for c in COUNTS}, {c: engine[c] for c in COUNTS})
        for percent, part, whole in (("overdue_percent", "overdue", "due"),
                                     ("on_time_percent", "closed_on_time", "closed")):
            share = 100.0 * ours[part] / ours[whole] if ours[whole] else None
            told = engine[percent]
            same = share == told or (None not in (share, told) and abs(share - told) < 1e-9 * max(1.0, share))
            self.expect(asked, f"{key} {percent}", share, share if same else told)
        self.expect(asked, f"{key} few_cases", ours["due"] < FEW, engine["few_cases"])

    # -- views -----------------------------------------------------------------------------------------------------

    def crosstab(self, window, rows, columns):
        ours = window.table(rows, columns)
        asked, answer = self.get(window, "crosstab", rows=rows, columns=columns)
        engine = {(c["row"], c["column"]): c for c in answer["cells"]}
        for key in sorted(set(ours) | set(engine)):
            if key in engine:
                self.tally(asked, key, ours.get(key), engine[key])
            else:
                self.expect(asked, key, ours[key], None)
        across, down = columns in TIMES, rows in TIMES
        for code, told in zip([r["code"] for r in answer["rows"]], answer["row_totals"]):
            self.tally(asked, f"row {code}", added(ours, lambda k: k[0] == code, across and 1), told)
        for code, told in zip([c["code"] for c in answer["columns"]], answer["column_totals"]):
            self.tally(asked, f"column {code}", added(ours, lambda k: k[1] == code, down and 0), told)

    def ranking(self, window, by):
        before = Window(window.book, 2 * window.start - window.end, window.start, window.basis, **window.filters)
        ours, earlier = ({k[0]: v for k, v in w.table(by, "total").items() if k[0]} for w in (window, before))
        asked, answer = self.get(window, "ranking", by=by)
        engine = {u["code"]: u for u in answer["units"]}
        self.expect(asked, "units", sorted(ours), sorted(engine))
        share = {code: t["overdue"] / t["due"] for code, t in ours.items() if t["due"] >= FEW}
        for code in sorted(set(ours) & set(engine)):
            self.tally(asked, code, ours[code], engine[code])
            rank = 1 + sum(other > share[code] for other in share.values()) if code in share else None
            self.expect(asked, f"{code} rank", rank, engine[code]["rank"])
            was = earlier.get(code, {"due": 0})
            told = engine[code]["before_percent"]
            percent = 100.0 * was["overdue"] / was["due"] if was["due"] else None
            same = percent == told or (None not in (percent, told) and abs(percent - told) < 1e-9 * max(1.0, percent))
            self.expect(asked, f"{code} before", percent, percent if same else told)
        for name, tallies in (("average", ours), ("average_before", earlier)):
            sums = tuple(sum(t[c] for t in tallies.values()) for c in ("overdue", "due"))
            self.expect(asked, name, sums, (answer[name]["part"], answer[name]["cases"]))

    def backlog(self, window, by):
        ours = window.piles(by)
        asked, answer = self.get(window, "backlog", by=by)
        engine = {u["code"]: u for u in answer["units"] if u["open"] or by != "total"}
        self.expect(asked, "units", sorted(ours), sorted(engine))
        for code in sorted(set(ours) & set(engine)):
            pile, told = ours[code], engine[code]
            names = [n for n in pile if n != "oldest"]
            self.expect(asked, code, {n: pile[n] for n in names}, {n: told[n] for n in names})
            self.expect(asked, f"{code} oldest", pile["oldest"], wall_clock(told["oldest_since"]))

    def summary(self, window):
        asked, answer = self.get(window, "summary")
        self.expect(asked, "handled", window.handled(), (answer["handled"], answer["not_handled"]))
        self.tally(asked, "total", window.table("total", "total").get(("_T", "_T")), answer)

    def listed(self, window, which):
        ours = window.ids(which)
        asked, answer = self.get(window, "list", which=which, limit=1000)
        self.expect(asked, "total", len(ours), answer["total"])
        if len(ours) <= 1000:
            self.expect(asked, "cases", ours, sorted(c["case_id"] for c in answer["cases"]))

    def flow(self, window, by):
        ours = {k[0]: v for k, v in window.table(by, "total").items()}
        asked, answer = self.get(window, "flow", by=by)
        names = ("received", "reopened", "transferred_in", "closed", "rejected", "merged", "transferred_out", "open",
                 "open_overdue")
        engine = {p["period"]: {n: p[n] for n in names} for p in answer["periods"]}
        for period in sorted(set(ours) | set(engine)):
            counted = {n: ours.get(period, dict.fromkeys(names, 0))[n] for n in names}
            self.expect(asked, period, counted, engine.get(period))
        at_start = Window(window.book, window.start, window.start, window.basis, **window.filters)
        open_before = at_start.table("total", "total").get(("_T", "_T"), {"open": 0})["open"]
        self.expect(asked, "open at the start", open_before, answer["open_at_start"])


def added(cells, belongs, time):
    """The sum of some cells; over an axis of time (its position in the key) the last one's open cases."""
    sums = dict.fromkeys(COUNTS, 0)
    last = max((key[time] for key in cells), default=None) if time is not False else None
    for key, cell in cells.items():
        if belongs(key):
            for count in COUNTS:
                if not count.startswith("open") or time is False or key[time] == last:
                    sums[count] += cell[count]
    return sums


def iso(second):
    """An instant of the city for a request."""
    local = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=second)
    return local.isoformat() + "+07:00"
