"""One figure at a time: windows, aggregates, comparisons. See world.py for what it stands on."""

import math

from formula import Aggregate, aggregates, parse_formula, ratio_parts
from periods import MONTHS, containing, first_month, inside, last_day, last_month, print_period, shift_years, year_of
from world import FIRMNESS, TOTAL


def _divides(tree):
    """Whether something is divided by an expression with a measure."""
    if isinstance(tree, Aggregate) or tree[0] == "num":
        return False
    return (tree[0] == "/" and bool(aggregates(tree[2]))) or any(_divides(part) for part in tree[1:])


def _leaf(part):
    """The area of a summed part: a weighted mean adds (area, member) pairs."""
    return part[0] if isinstance(part[0], tuple) else part


class NoValue(Exception):
    """The figure does not exist."""


class Indicator:
    """A declared indicator with its formula taken apart."""

    def __init__(self, declared, measures):
        self.__dict__.update(declared)
        self.measures = measures
        self.tree = parse_formula(self.formula)
        self.terms = aggregates(self.tree)
        self.ratio = ratio_parts(self.tree)
        self.divides = len(self.terms) > 1 and _divides(self.tree)
        self.marked = any(t.ref.show for t in self.terms)
        self.from_january = any(t.kind == "ytd" for t in self.terms)
        self.carried = {t for t in self.terms if MONTHS[self.freq_of(t)] > MONTHS[self.freq]}
        if any(t.inner == "wmean" for t in self.carried):
            raise ValueError(f"{self.code}: a carried weighted mean is not computed here")
        self.groups = sorted({self.freq_of(t) for t in self.terms if t not in self.carried}, key=MONTHS.get)

    def freq_of(self, term):
        return self.measures[term.ref.measure]["freq"]

    @property
    def computable(self):
        return bool(self.groups) and not any(t.inner == "chain" for t in self.carried)

    def slice_of(self, term, breakdown):
        """The breakdown that one term takes when `breakdown` is displayed."""
        dim = breakdown.split("=", 1)[0]
        if self.marked:
            return breakdown if term.ref.show == dim else TOTAL
        if term.inner == "wmean" or dim in self.measures[term.ref.measure]["dimensions"]:
            return breakdown
        return TOTAL


class Evaluator:
    """Evaluates one indicator for one dated area and one displayed breakdown.

    A window is {frequency: [indices of base periods]}; a pairing {frequency: {index there: index here}} says with
    which base period of the shown figure one of a comparison is matched, area by area.
    """

    def __init__(self, world, indicator, area, breakdown):
        self.w, self.i, self.area, self.breakdown = world, indicator, area, breakdown
        self.slices = {t: indicator.slice_of(t, breakdown) for t in indicator.terms}
        self.seen, self.levels, self.living = {}, {}, {}
        self.finest = indicator.groups[0]

    # -- inputs ----------------------------------------------------------------------------------------------------

    def fact(self, term, index):
        """What a term reads at a base period of its own frequency."""
        key = (term, index)
        if key not in self.seen:
            ref, freq = term.ref, self.i.freq_of(term)
            at = shift_years((freq, index), -ref.back)[1]
            if term.inner == "wmean":
                self.seen[key] = self.w.mean(ref.measure, term.weight, self.area, self.slices[term], at)
            else:
                self.seen[key] = self.w.fact(ref.measure, self.area, self.slices[term], at)
        return self.seen[key]

    def carry(self, term, index):
        """What a carried term reads for a base period of the finest frequency: (fact or None, age)."""
        base = shift_years((self.finest, index), -term.ref.back)
        return self.w.carry(term.ref.measure, self.area, self.slices[term], base)

    def paired(self, term, index, here):
        """The fact of a comparison, over the areas that the shown figure had."""
        fact, shown = self.fact(term, index), self.fact(term, here)
        if fact is None:
            raise NoValue
        if shown.complete:
            if not fact.complete:
                raise NoValue
            return fact.value, fact.weight
        at = shift_years((self.i.freq_of(term), index), -term.ref.back)[1]
        if term.inner == "wmean":
            mean = self.w.mean(term.ref.measure, term.weight, self.area, self.slices[term], at, shown.mask)
            if mean is None:
                raise NoValue
            return mean.value, mean.weight
        value = self.w.masked(term.ref.measure, self.area, self.slices[term], at, shown)
        if value is None:
            raise NoValue
        return value, None

    def level(self, term, index, base_year):
        """Level of a chained index with December of base_year = 100, its worst status and newest link, or None."""
        key = (term, index, base_year)
        if key not in self.levels:
            self.levels[key] = self._level(*key)
        return self.levels[key]

    def _level(self, term, index, base_year):
        base = containing(base_year * 12 + 11, self.i.freq_of(term))[1]
        product, status, vintage = 1.0, 0, -math.inf
        for u in range(min(index, base) + 1, max(index, base) + 1):
            link = self.fact(term, u)
            if link is None:
                return None
            product *= link.value / 100.0
            status, vintage = max(status, link.status), max(vintage, link.vintage)
        if index < base and product == 0.0:
            return None
        return (100.0 * product if index >= base else 100.0 / product), status, vintage

    # -- windows ---------------------------------------------------------------------------------------------------

    def due(self, start_month, end_month):
        """The base periods between two months at whose end the area exists."""
        return {f: [t[1] for t in inside(start_month, end_month, f) if self.alive(t)] for f in self.i.groups}

    def alive(self, t):
        if t not in self.living:
            self.living[t] = self.w.areas.exists(self.area, last_day(t))
        return self.living[t]

    def has(self, term, index, base_year):
        if term.inner == "chain":
            return self.level(term, index, base_year) is not None
        return self.fact(term, index) is not None

    def present(self, due, base_year):
        """The part of a due window that has all its values, or NoValue."""
        window = {}
        for freq, indices in due.items():
            terms = [t for t in self.i.terms if t not in self.i.carried and self.i.freq_of(t) == freq]
            window[freq] = [k for k in indices if all(self.has(t, k, base_year) for t in terms) and self.alike(freq, k)]
        if self.i.carried:
            everywhere = [t for t in self.i.carried if t.kind != "last"]
            at_the_end = [t for t in self.i.carried if t.kind == "last"]
            kept = [k for k in window[self.finest] if all(self.carry(t, k)[0] for t in everywhere)]
            while kept and not all(self.carry(t, kept[-1])[0] for t in at_the_end):
                kept.pop()
            window[self.finest] = kept
        if not all(window.values()) or (len(window) > 1 and window != due):
            raise NoValue
        return window

    def alike(self, freq, index):
        """Whether what is divided covers the same areas: 21 districts over 22 would be a wrong number."""
        if not self.i.divides:
            return True
        month = last_month((freq, index))
        facts = []
        for term in self.i.terms:
            if term.inner == "chain":
                continue
            if term in self.i.carried:
                facts.append(self.carry(term, index)[0] if freq == self.finest else None)
            elif MONTHS[self.i.freq_of(term)] >= MONTHS[freq]:
                facts.append(self.fact(term, containing(month, self.i.freq_of(term))[1]))
        facts = [f for f in facts if f is not None]
        if all(f.complete for f in facts):
            return True
        if any(f.mask is None for f in facts):
            return False
        covered = [frozenset(_leaf(x) for x in f.mask) for f in facts]
        return all(c == covered[0] for c in covered)

    # -- values ----------------------------------------------------------------------------------------------------

    def value(self, tree, window, base_year, pairing=None):
        """The number of a formula over a window; every value must be there."""
        if isinstance(tree, Aggregate):
            return self.aggregate(tree, window, base_year, pairing)[0]
        if tree[0] == "num":
            return tree[1]
        parts = [self.value(part, window, base_year, pairing) for part in tree[1:]]
        try:
            result = _apply(tree[0], parts)
        except (ZeroDivisionError, ValueError, OverflowError):
            raise NoValue from None
        return result

    def aggregate(self, term, window, base_year, pairing):
        """(value, weight or None) of one aggregate over its window."""
        values = self.values(term, window, base_year, pairing)
        if term.kind == "mean":
            top, bottom = plain_sum(v for v, _ in values), plain_sum(w for _, w in values)
            return (_apply("/", [top, bottom]) if bottom else _none()), (top, bottom)
        if term.inner == "wmean":
            if not all(w for _, w in values):
                raise NoValue
            values = [(v / w, None) for v, w in values]
        numbers = [v for v, _ in values]
        if term.kind == "last":
            return numbers[-1], None
        total = plain_sum(numbers)
        return (total / len(numbers) if term.kind == "avg" else total), None

    def values(self, term, window, base_year, pairing):
        """(value, weight) at every base period that a term runs over."""
        if term in self.i.carried:
            indices = window[self.finest]
            facts = [self.carry(term, k)[0] for k in (indices[-1:] if term.kind == "last" else indices)]
            if not all(facts):
                raise NoValue
            return [(f.value, f.weight) for f in facts]
        freq = self.i.freq_of(term)
        if term.inner == "chain":
            levels = [self.level(term, k, base_year) for k in window[freq]]
            if not all(levels):
                raise NoValue
            return [(level[0], None) for level in levels]
        if pairing:
            return [self.paired(term, k, pairing[freq][k]) for k in window[freq]]
        return [(f.value, f.weight) for f in (self.fact(term, k) for k in window[freq])]

    def finite(self, window, base_year, pairing=None):
        value = self.value(self.i.tree, window, base_year, pairing)
        if not math.isfinite(value):
            raise NoValue
        return value

    def parts(self, window, base_year):
        """Numerator and denominator of a ratio, without its constant factor."""
        if self.i.ratio:
            return tuple(self.value(part, window, base_year) for part in self.i.ratio)
        if isinstance(self.i.tree, Aggregate) and self.i.tree.kind == "mean":
            return self.aggregate(self.i.tree, window, base_year, None)[1]
        return None, None

    # -- what a figure took ----------------------------------------------------------------------------------------

    def used(self, window, base_year):
        """(worst status, newest vintage, age of the oldest carried value) over the inputs of a figure."""
        status, vintage, oldest = 0, -math.inf, 0
        for term in self.i.terms:
            carried = term in self.i.carried
            indices = window[self.finest if carried else self.i.freq_of(term)]
            for k in indices[-1:] if term.kind == "last" else indices:
                if term.inner == "chain":
                    _, s, v = self.level(term, k, base_year)
                else:
                    fact, age = self.carry(term, k) if carried else (self.fact(term, k), 0)
                    s, v, oldest = fact.status, fact.vintage, max(oldest, age)
                status, vintage = max(status, s), max(vintage, v)
        return status, vintage, oldest

    def coverage(self, window):
        """(areas present, areas due) with the smallest share, and whether all are complete."""
        least, complete = None, True
        for term in self.i.terms:
            carried = term in self.i.carried
            indices = window[self.finest if carried else self.i.freq_of(term)]
            for k in indices[-1:] if carried and term.kind == "last" else indices:
                fact = self.carry(term, k)[0] if carried else self.fact(term, k)
                here = (fact.present, fact.due) if fact else (1, 1)
                complete = complete and here[0] == here[1]
                if least is None or here[0] * least[1] < least[0] * here[1]:
                    least = here
        return least, complete

    # -- cells -----------------------------------------------------------------------------------------------------

    def cell(self, period):
        """All columns of one figure, or NoValue."""
        base_year = year_of(period) - 1
        due = self.due(self.start(period), last_month(period))
        window = self.present(due, base_year)
        if self.i.from_january and first_month((self.finest, window[self.finest][-1])) < first_month(period):
            raise NoValue
        value = self.finite(window, base_year)
        numerator, denominator = self.parts(window, base_year)
        status, vintage, carried = self.used(window, base_year)
        (areas_present, areas_due), areas_complete = self.coverage(window)
        timely = window == due
        out = {
            "value": value, "numerator": numerator, "denominator": denominator, "obs_status": FIRMNESS[status],
            "complete": timely and areas_complete, "periods_present": len(window[self.finest]),
            "periods_due": len(due[self.finest]), "areas_present": areas_present, "areas_due": areas_due,
            "carried": carried, "vintage": vintage, "prev_value": None, "ytd_value": None, "ytd_complete": False,
            "ytd_yoy_value": None, "dec_value": None, "target_value": None,
        }
        out["yoy_value"] = self.year_ago(window, base_year)
        if timely and "prev_period" in self.i.comparisons:
            out["prev_value"] = self.previous(period, window, base_year)
        self.to_date(period, window, base_year, out)
        if "vs_dec_last_year" in self.i.comparisons:
            out["dec_value"] = self.december(period, window, base_year)
        if self.breakdown == TOTAL:
            out["target_value"] = self.w.targets.get((self.i.code, self.area[0], print_period(period)))
        return out

    def start(self, period):
        """First month of the window of a period."""
        return year_of(period) * 12 if self.i.from_january else first_month(period)

    def compared(self, pairs, base_year):
        """The value over other base periods, all of them required. `pairs`: {frequency: [(there, here)]}."""
        if not all(pairs.values()):
            return None
        window = {f: [there for there, _ in both] for f, both in pairs.items()}
        try:
            return self.finite(window, base_year, {f: dict(both) for f, both in pairs.items()})
        except NoValue:
            return None

    def year_ago(self, window, base_year):
        return self.compared({f: [(shift_years((f, k), -1)[1], k) for k in ks] for f, ks in window.items()}, base_year)

    def previous(self, period, window, base_year):
        before = (period[0], period[1] - 1)
        there = self.due(self.start(before), last_month(before))
        return self.compared({f: [(t, window[f][min(n, len(window[f]) - 1)]) for n, t in enumerate(ts)]
                              for f, ts in there.items()}, base_year)

    def to_date(self, period, window, base_year, out):
        if not {"ytd", "ytd_vs_last_year"} & set(self.i.comparisons):
            return
        end = max(last_month((f, ks[-1])) for f, ks in window.items())
        due = self.due(year_of(period) * 12, end)
        try:
            so_far = self.present(due, base_year)
            out["ytd_value"] = self.finite(so_far, base_year)
        except NoValue:
            return
        out["ytd_complete"] = so_far == due and self.coverage(so_far)[1]
        if "ytd_vs_last_year" in self.i.comparisons:
            out["ytd_yoy_value"] = self.year_ago(so_far, base_year)

    def december(self, period, window, base_year):
        month = base_year * 12 + 11
        due = self.due(self.start(containing(month, self.i.freq)), month)
        return self.compared({f: [(t, window[f][-1]) for t in ts] for f, ts in due.items()}, base_year)


def plain_sum(numbers):
    """From left to right, without compensation (sum() compensates since Python 3.12)."""
    total = 0.0
    for n in numbers:
        total += n
    return total


def _none():
    raise NoValue


def _apply(operator, parts):
    if operator == "neg":
        return -parts[0]
    a, b = parts
    if operator == "^":
        return math.pow(a, b)
    return a + b if operator == "+" else a - b if operator == "-" else a * b if operator == "*" else a / b
