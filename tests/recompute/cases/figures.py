"""Figures of the indicators over cases (1401-1414) from counts: the same evaluation as of all others, over other facts.

What differs from reported measures: a month without cases has a zero, not a gap; the month in which the counting stopped
is partial (days over, days it has) and compared with nothing; authorities have figures of their own.
"""

import calendar
import datetime
import multiprocessing

from areas import CITY, NATION, RESIDUAL
from evaluate import Evaluator, Indicator, NoValue
from figures import areas_of, observed_months
from labels import CITY_TIME, micros
from periods import MONTHS, containing, first_month, last_day, last_month, print_period, year_of
from world import TOTAL, Fact, World

REOPENED_WITHIN = 30 * 86_400
BY_RECORD = {"median(case_handling_hours)": "median", "p90(case_handling_hours)": "p90"}
# Those of which there are the most cells come first, so that both processors end together.
SLOWEST = ("1403", "1406")
WORLD = COUNTS = None
BANDS = ("age_band", "overdue_days_band", "deadline_basis")


def instant_of(second):
    """Microseconds since 1970 UTC of a second of the city's wall clock."""
    return micros(datetime.datetime(1970, 1, 1, tzinfo=CITY_TIME)) + second * 1_000_000


def start_of(month):
    """The first second of a month, on the wall clock since 1970."""
    return int(datetime.datetime(month // 12, month % 12 + 1, 1, tzinfo=datetime.timezone.utc).timestamp())


class Counts:
    """The cells of a book as facts, and which month is not over."""

    def __init__(self, book):
        cut = book.until + 1
        self.first, last = book.rows("SELECT min(month), max(month) FROM months")[0]
        self.days_due = calendar.monthrange(last // 12, last % 12 + 1)[1]
        is_over = cut >= start_of(last + 1)
        self.last, self.running = last, None if is_over else last
        # The day on which the counting stopped is not over.
        self.days = (cut - 1 - start_of(last)) // 86_400
        self.vintage, self.cut = instant_of(book.until), cut
        self.cells = {}
        for measure, area, span, org, breakdown, month, n in book.rows("SELECT * FROM cells"):
            self.cells.setdefault((measure, (area, span), org, breakdown), {})[month] = float(n)
        self.hours = {}
        for area, span, org, breakdown, freq, nth, *values in book.rows("SELECT * FROM hours"):
            self.hours.setdefault(((area, span), org, breakdown), {})[freq, nth] = values
        self.seen = {key[1:] for key in self.cells}
        self.orgs = sorted({org for _, org, _ in self.seen} - {TOTAL})

    def fact(self, measure, area, org, breakdown, month):
        if not self.first <= month <= self.last or org != TOTAL and "handling_unit" not in measure["dimensions"]:
            return None
        area = (area[0], 0) if area[0] == CITY else area
        cells = self.cells.get((measure["code"], area, org, breakdown))
        if cells is None and not self.has_zeros(measure, area, org, breakdown):
            return None
        over = month != self.running
        settled = measure["code"] != "cases_closed_reopened_30d" or start_of(month + 1) + REOPENED_WITHIN <= self.cut
        vintage = min(self.vintage, instant_of(start_of(month + 1))) if over else self.vintage
        return Fact((cells or {}).get(month, 0.0), None, 0 if over and settled else 2, vintage, 1, 1)

    def has_zeros(self, measure, area, org, breakdown):
        """Whether a slice in which nothing of a measure was ever counted is there all the same."""
        dimension = breakdown.split("=")[0]
        if org != TOTAL:
            return area[0] == CITY and org in self.orgs and "handling_unit" in measure["dimensions"]
        if area[0] in (NATION, RESIDUAL) and breakdown != TOTAL or area[0] == NATION:
            return False
        if area[0] != CITY and measure["level"] == "city":
            return False
        if breakdown == TOTAL:
            return True
        if dimension in BANDS:
            return dimension in measure["dimensions"] and (area, TOTAL, TOTAL) in self.seen
        return dimension in measure["dimensions"] and (area, TOTAL, breakdown) in self.seen


class CaseWorld(World):
    """What is known of cases beside what was reported; `org` asks for one authority's stints."""

    def __init__(self, world, counts, org=TOTAL):
        self.__dict__.update(world.__dict__)
        self.facts, self.means, self.counts, self.org = {}, {}, counts, org
        self.members = dict(world.members)
        for code, measure in self.measures.items():
            if measure["area_rule"] == "records":
                for dim in measure["dimensions"]:
                    found = {b for _, _, b in counts.seen if b.split("=")[0] == dim}
                    self.members[code, dim] = sorted(found) if org == TOTAL else []

    def is_of_records(self, measure):
        return self.measures[measure]["area_rule"] == "records"

    def span(self, measure):
        return (self.counts.first, self.counts.last) if self.is_of_records(measure) else super().span(measure)

    def _fact(self, measure, area, breakdown, index):
        if not self.is_of_records(measure):
            return super()._fact(measure, area, breakdown, index) if self.org == TOTAL else None
        if not self.areas.exists(area, last_day(("M", index))):
            return None
        declared = self.measures[measure]
        if self.areas.row(area)["kind"] in ("district", "ward") and declared["level"] == "city":
            return None
        if self.areas.row(area)["kind"] == "ward" and (declared["level"] != "ward" or breakdown != TOTAL):
            return None
        return self.counts.fact(declared, area, self.org, breakdown, index)


class CaseEvaluator(Evaluator):
    """The running month makes a figure partial, and what reaches into it is compared with nothing."""

    def reaches_running(self, window):
        running = self.w.counts.running
        return running is not None and any(ks and last_month((f, ks[-1])) >= running for f, ks in window.items())

    def coverage(self, window):
        if self.reaches_running(window):
            return (self.w.counts.days, self.w.counts.days_due), False
        return super().coverage(window)

    def compared(self, pairs, base_year):
        if self.reaches_running({f: [here for _, here in both] for f, both in pairs.items()}):
            return None
        return super().compared(pairs, base_year)


def case_figures(world, book):
    """Every cell of 1401-1414 as {(indicator, area, breakdown, freq, period): columns}, named as in compare.py."""
    global WORLD, COUNTS
    WORLD, COUNTS, cells = world, Counts(book), {}
    todo = sorted((i["code"] for i in world.catalog["case_indicators"]), key=lambda code: code not in SLOWEST)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for part in pool.imap_unordered(figures_of, todo):
            cells.update(part)
    return cells


def figures_of(code):
    """The cells of one indicator."""
    declared = next(i for i in WORLD.catalog["case_indicators"] if i["code"] == code)
    if declared["formula"] in BY_RECORD:
        return Quantiles(WORLD, COUNTS, declared).cells()
    cells = {}
    for org in [TOTAL] + COUNTS.orgs:
        cells.update(series_of(CaseWorld(WORLD, COUNTS, org), declared))
    return cells


def series_of(world, declared):
    """The cells of one indicator for all areas, or for one authority."""
    indicator = Indicator(declared, world.measures)
    shown = [TOTAL]
    for dim in declared["dimensions"]:
        terms = [t for t in indicator.terms if not indicator.marked or t.ref.show == dim]
        shown += sorted({m for t in terms for m in world.members.get((t.ref.measure, dim), [])})
    first_and_last = observed_months(world, indicator)
    cells = {}
    for breakdown in shown:
        evaluators = {}
        for freq in indicator.freqs:
            first, last = (containing(m, freq)[1] for m in first_and_last)
            for period in ((freq, k) for k in range(first, last + 1)):
                areas = areas_of(world, indicator, period) if world.org == TOTAL else world.areas.spans(CITY)
                for area in areas:
                    if area not in evaluators:
                        evaluators[area] = CaseEvaluator(world, indicator, area, breakdown)
                    try:
                        cell = evaluators[area].cell(period)
                    except NoValue:
                        continue
                    if world.org != TOTAL:
                        cell["target_value"] = None
                    cells[indicator.code, named(area, world.org), breakdown, freq, print_period(period)] = cell
    return cells


def named(area, org):
    return area[0] if org == TOTAL else f"{area[0]} of {org}"


class Quantiles:
    """Cells of a median or 90th percentile: of the single cases of every window, never of other quantiles."""

    def __init__(self, world, counts, declared):
        self.world, self.counts, self.i = world, counts, declared
        self.which = ("median", "p90").index(BY_RECORD[declared["formula"]])

    def cells(self):
        out = {}
        offered = [f"{d}=" for d in self.i["dimensions"]]
        for (area, org, breakdown), windows in self.counts.hours.items():
            is_offered = breakdown == TOTAL or any(breakdown.startswith(d) for d in offered)
            if not is_offered or (area[0] == RESIDUAL and self.i["geo_rollup"] != "sum"):
                continue
            for (freq, nth), (*_, n) in windows.items():
                if freq in self.i["freqs"]:
                    period = (freq, nth)
                    lives = next((a for a in self.world.areas.spans(area[0]) if (a == area or area[0] == CITY)
                                  and self.world.areas.exists(a, last_day(("M", self.end(period))))), None)
                    if lives:
                        cell = self.cell(period, windows, n)
                        if breakdown == TOTAL and org == TOTAL:
                            cell["target_value"] = self.world.targets.get(
                                (self.i["code"], area[0], print_period(period)))
                        out[self.i["code"], named(area, org), breakdown, freq, print_period(period)] = cell
        return out

    def end(self, period):
        return min(last_month(period), self.counts.last)

    def is_whole(self, period):
        counted = self.counts.first <= first_month(period) and last_month(period) <= self.counts.last
        return counted and not self.is_running(period)

    def is_running(self, period):
        return self.counts.running is not None and self.end(period) >= self.counts.running

    def cell(self, period, windows, n):
        of = lambda key: windows[key][self.which] if key in windows else None
        freq, nth = period
        counts, months = self.counts, MONTHS[freq]
        first, last = max(first_month(period), counts.first), self.end(period)
        running, whole, compares = self.is_running(period), self.is_whole(period), self.i["comparisons"]
        ago = (freq, nth - 12 // months)
        return {
            "value": of(period), "numerator": None, "denominator": float(n), "obs_status": "P" if running else "A",
            "complete": whole, "periods_present": last - first + 1, "periods_due": months,
            "areas_present": counts.days if running else 1, "areas_due": counts.days_due if running else 1,
            "carried": 0, "vintage": counts.vintage if running else instant_of(start_of(last + 1)),
            "prev_value": of((freq, nth - 1)) if whole and "prev_period" in compares else None,
            "yoy_value": of(ago) if whole and self.is_whole(ago) else None,
            "ytd_value": of(("ytd", last)) if "ytd" in compares else None,
            "ytd_complete": not running and year_of(period) * 12 >= counts.first,
            "ytd_yoy_value": of(("ytd", last - 12)) if not running and "ytd_vs_last_year" in compares else None,
            "dec_value": None, "target_value": None,
        }
