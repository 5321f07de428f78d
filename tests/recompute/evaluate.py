"""One figure at a time: windows, aggregates, comparisons. See semantics.py for what it stands on."""

import ast
import math

from semantics import (FIRMNESS, MONTHS, NATION, CITY, RESIDUAL, TOTAL, NoValue, containing, first_month, last_day,
                       last_month, parse_formula, print_period, reference, references, shift_years, uses, year_of)


class Indicator:
    def __init__(self, row, measures):
        self.__dict__.update(row)
        self.tree = parse_formula(row["formula"])
        self.refs = references(self.tree)
        self.marked = any(show for _, _, show in self.refs)
        self.weights = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and node.func.id == "wmean":
                x, w = reference(node.args[0])[0], reference(node.args[1])[0]
                self.weights[w] = x
        self.chained = {reference(n.args[0])[0] for n in ast.walk(self.tree)
                        if isinstance(n, ast.Call) and n.func.id == "chain"}
        self.has_ytd = uses(self.tree, "ytd")
        self.measures = measures

    def carried(self, measure):
        if measure in self.weights:
            return False
        return MONTHS[self.measures[measure]["freq"]] > MONTHS[self.freq]

    def slice_of(self, measure, show, breakdown):
        """The breakdown that one reference takes when `breakdown` is displayed."""
        if breakdown == TOTAL:
            return TOTAL
        dim = breakdown.split("=", 1)[0]
        if self.marked:
            return breakdown if show == dim else TOTAL
        m = self.measures[measure]
        if m.get("components"):
            return breakdown
        return breakdown if dim in m.get("dimensions", []) else TOTAL


class Result:
    def __init__(self):
        self.statuses, self.vintage, self.carried = set(), -math.inf, 0
        self.numerator = self.denominator = None
        self.coverage = []      # (present, due, order)
        self.window = {}        # freq -> (S, D)


class Evaluator:
    """Evaluates one indicator for one area and displayed breakdown."""

    def __init__(self, world, indicator, area, breakdown):
        self.w, self.i, self.area, self.breakdown = world, indicator, area, breakdown

    # -- facts of a reference at a base period ---------------------------------------------------------------------

    def at(self, ref, base, paired=None):
        """The fact of a reference at a base period; `paired` is the base period of the shown figure it is compared to."""
        measure, back, show = ref
        brk = self.i.slice_of(measure, show, self.breakdown)
        t = shift_years(base, -back)
        if self.i.weights and measure in self.i.weights.values():
            return self.weighted(measure, brk, t, paired and shift_years(paired, -back))
        if measure in self.i.chained:
            return self.w.fact(measure, self.area, brk, t[1])
        fact = self.w.fact(measure, self.area, brk, t[1])
        if paired is None or fact is None:
            return fact
        shown = self.w.fact(measure, self.area, brk, shift_years(paired, -back)[1])
        if shown.complete:
            return fact if fact.complete else None
        return self.w.masked(measure, self.area, brk, t[1], shown.mask)

    def weighted(self, x, brk, t, paired):
        w = next(k for k, v in self.i.weights.items() if v == x)
        carry = MONTHS[self.i.measures[w]["freq"]] > MONTHS[self.i.measures[x]["freq"]]
        fact = self.w.pairs(x, w, self.area, brk, t[1], carry)
        if paired is None or fact is None:
            return fact
        shown = self.w.pairs(x, w, self.area, brk, paired[1], carry)
        if shown.complete:
            return fact if fact.complete else None
        return self.w.pairs(x, w, self.area, brk, t[1], carry, mask=shown.mask)

    def level(self, measure, brk, t, base_year):
        """Level of a chained index at month t with December of base_year = 100; None where a link is missing."""
        december = base_year * 12 + 11
        at, lo, hi = t[1], min(t[1], december), max(t[1], december)
        product, statuses, vintage = 1.0, "", -math.inf
        for u in range(lo + 1, hi + 1):
            link = self.w.fact(measure, self.area, brk, u)
            if not link:
                return None
            product *= link.value / 100.0
            statuses += link.statuses
            vintage = max(vintage, link.vintage)
        return (100.0 * product if at > december else 100.0 / product), statuses, vintage

    # -- windows ---------------------------------------------------------------------------------------------------

    def groups(self):
        return sorted({self.i.measures[m]["freq"] for m, _, _ in self.i.refs
                       if not self.i.carried(m) and m not in self.i.weights}, key=lambda f: MONTHS[f])

    def due(self, freq, start_month, end_month):
        base = range(start_month // MONTHS[freq], end_month // MONTHS[freq] + 1)
        return [(freq, b) for b in base if self.w.areas.on(self.area, last_day((freq, b)))]

    def here(self, t, base_year, pairing):
        """Whether every reference of this base frequency has its value at t."""
        for ref in self.i.refs:
            measure = ref[0]
            if measure in self.i.weights:
                continue
            if self.i.carried(measure):
                brk = self.i.slice_of(measure, ref[2], self.breakdown)
                if self.w.carry(measure, self.area, brk, shift_years(t, -ref[1]))[0] is None:
                    return False
                continue
            if self.i.measures[measure]["freq"] != t[0]:
                continue
            if measure in self.i.chained:
                brk = self.i.slice_of(measure, ref[2], self.breakdown)
                if not self.w.areas.on(self.area, last_day(t)) or self.level(measure, brk, t, base_year) is None:
                    return False
                if self.at(ref, t) is None:
                    return False
            elif self.at(ref, t, pairing.get(t) if pairing else None) is None:
                return False
        return True

    def run(self, windows, base_year, pairing=None, strict=False):
        """Evaluates over `windows`: freq -> due base periods. `strict` wants all of them."""
        result = Result()
        for freq, due in windows.items():
            present = [t for t in due if self.here(t, base_year, pairing)]
            if not present or (strict and present != due):
                raise NoValue
            result.window[freq] = (present, due)
        if len(windows) > 1 and any(s != d for s, d in result.window.values()):
            raise NoValue
        value = self.value(self.i.tree, result, base_year, pairing)
        if value is None or not math.isfinite(value):
            raise NoValue
        result.value = value
        result.numerator, result.denominator = self.parts(result, base_year, pairing)
        return result

    def note(self, result, fact):
        result.statuses |= set(fact.statuses)
        result.vintage = max(result.vintage, fact.vintage)

    # -- aggregates ------------------------------------------------------------------------------------------------

    def value(self, node, result, base_year, pairing):
        if isinstance(node, ast.Constant):
            return float(node.value)
        if isinstance(node, ast.UnaryOp):
            return -self.value(node.operand, result, base_year, pairing)
        if isinstance(node, ast.BinOp):
            a = self.value(node.left, result, base_year, pairing)
            b = self.value(node.right, result, base_year, pairing)
            try:
                out = {ast.Add: lambda: a + b, ast.Sub: lambda: a - b, ast.Mult: lambda: a * b,
                       ast.Div: lambda: a / b, ast.Pow: lambda: math.pow(a, b)}[type(node.op)]()
            except (ZeroDivisionError, ValueError, OverflowError):
                raise NoValue
            return out
        return self.aggregate(node, result, base_year, pairing)

    def aggregate(self, node, result, base_year, pairing):
        name, inner = node.func.id, node.args[0]
        if name == "wmean":
            tops = [self.pair(node, t, result, pairing) for t in self.window_of(node, result)]
            bottom = sum(f.weight for f in tops)
            if bottom == 0:
                raise NoValue
            return sum(f.value for f in tops) / bottom
        window = self.window_of(inner, result)
        per_base = []
        for t in window:
            per_base.append(self.base_value(inner, t, result, base_year, pairing))
        if name in ("sum", "ytd"):
            return math.fsum(per_base)
        if name == "last":
            return per_base[-1]
        if name == "avg":
            return math.fsum(per_base) / len(per_base)
        raise NoValue

    def window_of(self, node, result):
        ref = references(node)[0]
        freq = self.i.measures[ref[0]]["freq"]
        if self.i.carried(ref[0]):
            freq = min(result.window, key=lambda f: MONTHS[f])
        return result.window[freq][0]

    def pair(self, node, t, result, pairing):
        fact = self.at(reference(node.args[0]), t, pairing.get(t) if pairing else None)
        self.note(result, fact)
        result.coverage.append((fact.present, fact.due))
        return fact

    def base_value(self, inner, t, result, base_year, pairing):
        if isinstance(inner, ast.Call) and inner.func.id == "wmean":
            fact = self.pair(inner, t, result, pairing)
            if fact.weight == 0:
                raise NoValue
            return fact.value / fact.weight
        if isinstance(inner, ast.Call) and inner.func.id == "chain":
            ref = reference(inner.args[0])
            brk = self.i.slice_of(ref[0], ref[2], self.breakdown)
            level, statuses, vintage = self.level(ref[0], brk, t, base_year)
            result.statuses |= set(statuses)
            result.vintage = max(result.vintage, vintage)
            result.coverage.append((1, 1))
            return level
        ref = reference(inner)
        if self.i.carried(ref[0]):
            brk = self.i.slice_of(ref[0], ref[2], self.breakdown)
            fact, age = self.w.carry(ref[0], self.area, brk, shift_years(t, -ref[1]))
            result.carried = max(result.carried, age)
        else:
            fact = self.at(ref, t, pairing.get(t) if pairing else None)
        self.note(result, fact)
        result.coverage.append((fact.present, fact.due))
        return fact.value

    def parts(self, result, base_year, pairing):
        """Numerator and denominator of a ratio, without its constant factor."""
        node = self.i.tree
        if isinstance(node, ast.Call) and node.func.id == "wmean":
            facts = [self.at(reference(node.args[0]), t, pairing.get(t) if pairing else None)
                     for t in self.window_of(node, result)]
            return sum(f.value for f in facts), sum(f.weight for f in facts)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.Constant):
            node = node.right
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and references(node.right)):
            return None, None
        top = node.left
        if isinstance(top, ast.BinOp) and isinstance(top.op, ast.Mult) and isinstance(top.left, ast.Constant):
            top = top.right
        return (self.value(top, result, base_year, pairing), self.value(node.right, result, base_year, pairing))

    # -- cells -----------------------------------------------------------------------------------------------------

    def windows(self, start_month, end_month):
        return {f: self.due(f, start_month, end_month) for f in self.groups()}

    def cell(self, period):
        start = year_of(period) * 12 if self.i.has_ytd else first_month(period)
        base_year = year_of(period) - 1
        shown = self.run(self.windows(start, last_month(period)), base_year)
        finest = min(shown.window, key=lambda f: MONTHS[f])
        present, due = shown.window[finest]
        if self.i.has_ytd and first_month(present[-1]) < first_month(period):
            raise NoValue
        timely = all(s == d for s, d in shown.window.values())
        out = {"value": shown.value, "numerator": shown.numerator, "denominator": shown.denominator,
               "obs_status": max(shown.statuses, key=FIRMNESS.index), "vintage": shown.vintage,
               "carried": shown.carried, "periods_present": len(present), "periods_due": len(due),
               "complete": timely and all(p == d for p, d in shown.coverage)}
        out["prev_value"] = self.previous(period, shown, timely, base_year)
        out["yoy_value"] = self.years_ago(shown.window, base_year)
        out["ytd_value"] = out["ytd_yoy_value"] = out["ytd_complete"] = None
        self.to_date(period, shown, base_year, out)
        out["dec_value"] = self.december(period, shown, base_year)
        out["target_value"] = None
        if self.breakdown == TOTAL:
            out["target_value"] = self.w.targets.get((self.i.code, self.area, print_period(period)))
        return out

    def compared(self, pairs, base_year):
        """The value over other base periods, area by area as in the shown ones. `pairs`: freq -> [(there, here)]."""
        pairing = {there: here for both in pairs.values() for there, here in both}
        windows = {f: [there for there, _ in both] for f, both in pairs.items()}
        for both in windows.values():
            if not all(self.w.areas.on(self.area, last_day(t)) for t in both):
                return None
        try:
            return self.run(windows, base_year, pairing, strict=True).value
        except NoValue:
            return None

    def years_ago(self, window, base_year):
        return self.compared({f: [(shift_years(t, -1), t) for t in s] for f, (s, _) in window.items()}, base_year)

    def previous(self, period, shown, timely, base_year):
        if not timely or "prev_period" not in self.i.comparisons:
            return None
        before = (period[0], period[1] - 1)
        start = year_of(before) * 12 if self.i.has_ytd else first_month(before)
        there = self.windows(start, last_month(before))
        pairs = {}
        for f, (here, _) in shown.window.items():
            if self.i.has_ytd:
                # A cumulative rate compares two windows of different length.
                pairs[f] = [(t, here[min(k, len(here) - 1)]) for k, t in enumerate(there[f])]
            elif len(there[f]) != len(here):
                return None
            else:
                pairs[f] = list(zip(there[f], here))
        return self.compared(pairs, base_year)

    def to_date(self, period, shown, base_year, out):
        if not {"ytd", "ytd_vs_last_year"} & set(self.i.comparisons):
            return
        january = year_of(period) * 12
        windows = {f: self.due(f, january, last_month(s[-1])) for f, (s, _) in shown.window.items()}
        try:
            so_far = self.run(windows, base_year)
        except NoValue:
            return
        out["ytd_value"] = so_far.value
        out["ytd_complete"] = (all(s == d for s, d in so_far.window.values())
                               and all(p == d for p, d in so_far.coverage))
        if "ytd_vs_last_year" in self.i.comparisons:
            out["ytd_yoy_value"] = self.years_ago(so_far.window, base_year)

    def december(self, period, shown, base_year):
        if "vs_dec_last_year" not in self.i.comparisons:
            return None
        finest = min(shown.window, key=lambda f: MONTHS[f])
        month = (year_of(period) - 1) * 12 + 11
        december = containing(month, finest)
        start = (year_of(period) - 1) * 12 if self.i.has_ytd else first_month(december)
        last_here = shown.window[finest][0][-1]
        pairs = {f: [(t, last_here) for t in self.due(f, start, month)] for f in shown.window}
        if not all(pairs.values()):
            return None
        return self.compared(pairs, base_year)


def areas_of(world, indicator, day):
    """The area codes an indicator is published for on a day."""
    codes = [NATION, CITY]
    if indicator.level in ("district", "ward"):
        if indicator.geo_rollup == "sum":
            codes.append(RESIDUAL)
        codes += [a[0] for a in world.areas.leaves("district", day)]
    if indicator.level == "ward":
        codes += [a[0] for a in world.areas.leaves("ward", day)]
    return codes


def breakdowns_of(world, indicator):
    """The displayed breakdowns that have data."""
    out = [TOTAL]
    for dim in indicator.dimensions:
        members = set()
        for measure, _, show in indicator.refs:
            if indicator.marked and show != dim:
                continue
            m = world.measures[measure]
            if m.get("components"):
                declared = world.catalog["dimensions"][m["components"]]
                if m["components"] == dim:
                    members |= set(world.members.get((measure, dim), []))
                elif declared.get("parent_dimension") == dim:
                    seen = set(world.members.get((measure, m["components"]), []))
                    members |= {x["parent"] for x in declared["members"] if x["code"] in seen and x.get("parent")}
            elif dim in m.get("dimensions", []):
                members |= set(world.members.get((measure, dim), []))
        out += [f"{dim}={x}" for x in sorted(members)]
    return out
