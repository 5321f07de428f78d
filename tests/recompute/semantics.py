"""The meaning of an indicator, written a second time and in another way: plain dictionaries, one cell at a time.

Nothing here is fast and nothing is shared with the engine. It follows design section 4 and the rules in
ARCHITECTURE.md ("How a figure is made"); where the two programs differ, one of them is wrong.
"""

import ast
import math
import re
from functools import lru_cache

MONTHS = {"M": 1, "Q": 3, "A": 12}
RANK = {"A": 4, "B": 4, "P": 3, "E": 2, "F": 1, "M": 0}
FIRMNESS = "ABPEF"
TOTAL = "_T"
CITY, RESIDUAL, NATION = "79", "79-U", "VN"


# -- periods: (freq, index since year 0) --------------------------------------------------------------------------

def parse_period(text):
    if "-Q" in text:
        year, quarter = text.split("-Q")
        return ("Q", int(year) * 4 + int(quarter) - 1)
    if "-" in text:
        year, month = text.split("-")
        return ("M", int(year) * 12 + int(month) - 1)
    return ("A", int(text))


def print_period(p):
    freq, i = p
    if freq == "M":
        return f"{i // 12:04d}-{i % 12 + 1:02d}"
    if freq == "Q":
        return f"{i // 4:04d}-Q{i % 4 + 1}"
    return f"{i:04d}"


def first_month(p):
    return p[1] * MONTHS[p[0]]


def last_month(p):
    return first_month(p) + MONTHS[p[0]] - 1


def year_of(p):
    return first_month(p) // 12


def containing(month, freq):
    return (freq, month // MONTHS[freq])


def shift_years(p, n):
    return (p[0], p[1] + n * 12 // MONTHS[p[0]])


def last_day(p):
    """ISO date of the last day of a period."""
    m = last_month(p) + 1
    year, month = divmod(m, 12)
    import datetime
    return (datetime.date(year, month + 1, 1) - datetime.timedelta(days=1)).isoformat()


# -- areas --------------------------------------------------------------------------------------------------------

class Areas:
    """Dated areas; an area is the tuple (kind, code, valid_from), so the same code twice is two areas."""

    ORDER = {"reference": 0, "city": 1, "residual": 2, "district": 3, "ward": 4}

    def __init__(self, rows):
        self.rows = sorted(rows, key=lambda r: (self.ORDER[r["kind"]], r["code"], r["valid_from"]))
        self.by_code = {}
        for r in self.rows:
            self.by_code.setdefault(r["code"], []).append(r)

    @lru_cache(maxsize=None)
    def on(self, code, day):
        for i, r in enumerate(self.by_code.get(code, ())):
            if r["valid_from"] <= day and (not r["valid_to"] or day <= r["valid_to"]):
                return (code, i)
        return None

    def row(self, key):
        return self.by_code[key[0]][key[1]]

    @lru_cache(maxsize=None)
    def leaves(self, kind, day):
        out = []
        for r in self.rows:
            if r["kind"] == kind:
                key = self.on(r["code"], day)
                if key and self.row(key) is r:
                    out.append(key)
        return out

    @lru_cache(maxsize=None)
    def below(self, code, kind, day):
        out = []
        for leaf in self.leaves(kind, day):
            at = leaf
            while at:
                if at[0] == code:
                    out.append(leaf)
                    break
                parent = self.row(at)["parent_code"]
                at = self.on(parent, day) if parent else None
        return out


# -- formulas -----------------------------------------------------------------------------------------------------

def parse_formula(text):
    """The formula as a Python expression tree; `x@y-1` and `x|d` become names that carry their marks."""
    text = re.sub(r"(\w+)@y-1", r"\1__y1", text)
    text = re.sub(r"(\w+)\|(\w+)", r"\1__show__\2", text)
    return ast.parse(text.replace("^", "**"), mode="eval").body


def reference(node):
    name, show, back = node.id, None, 0
    if name.endswith("__y1"):
        name, back = name[:-4], 1
    if "__show__" in name:
        name, show = name.split("__show__")
    return (name, back, show)


AGGREGATES = {"sum", "last", "avg", "ytd", "wmean", "chain", "median", "p90"}


def references(node):
    if isinstance(node, ast.Name):
        return [reference(node)]
    if isinstance(node, ast.Call):
        return [r for a in node.args for r in references(a)]
    if isinstance(node, ast.BinOp):
        return references(node.left) + references(node.right)
    if isinstance(node, ast.UnaryOp):
        return references(node.operand)
    return []


def uses(node, name):
    return any(isinstance(n, ast.Call) and n.func.id == name for n in ast.walk(node))


class NoValue(Exception):
    """The figure does not exist for this cell."""


class Fact:
    """One value of a measure brought to an area, with what it took."""

    __slots__ = ("value", "weight", "statuses", "vintage", "present", "due", "mask")

    def __init__(self, value, weight, statuses, vintage, present, due, mask):
        self.value, self.weight, self.statuses, self.vintage = value, weight, statuses, vintage
        self.present, self.due, self.mask = present, due, mask

    @property
    def complete(self):
        return self.present == self.due


class World:
    """Everything known as of one instant."""

    def __init__(self, catalog, observations, targets):
        self.catalog = catalog
        self.areas = catalog["areas"]
        self.measures = catalog["measures"]
        # (measure, breakdown) -> {(area code, index): (value, status, vintage)}
        self.series = {}
        for o in observations:
            period = parse_period(o["period"])
            key = (o["measure"], o["breakdown"])
            self.series.setdefault(key, {})[(o["area"], period[1])] = (o["value"], o["status"], o["vintage"])
        self.members = {}
        for measure, breakdown in sorted(self.series):
            if breakdown != TOTAL:
                dim, member = breakdown.split("=", 1)
                self.members.setdefault((measure, dim), []).append(member)
        self.targets = {(t["indicator"], t["area"], t["period"]): t["value"] for t in targets}
        self.memo = {}

    # -- one measure, one area, one base period --------------------------------------------------------------------

    def raw(self, measure, area, breakdown, index):
        return self.series.get((measure, breakdown), {}).get((area, index))

    def fact(self, measure, area, breakdown, index):
        key = (measure, area, breakdown, index)
        if key not in self.memo:
            self.memo[key] = self._fact(measure, area, breakdown, index)
        return self.memo[key]

    def _fact(self, measure, area, breakdown, index):
        m = self.measures[measure]
        period = (m["freq"], index)
        day = last_day(period)
        if not self.areas.on(area, day):
            return None
        if area == RESIDUAL:
            return self._residual(m, breakdown, period, day)
        direct = self.raw(measure, area, breakdown, index)
        if m["area_rule"] != "sum" or area == NATION:
            return direct and Fact(direct[0], None, direct[1], direct[2], 1, 1, None)
        leaves = self.areas.below(area, m["level"], day)
        if leaves == [self.areas.on(area, day)]:
            return direct and Fact(direct[0], None, direct[1], direct[2], 1, 1, (leaves[0],))
        values, mask = [], []
        for leaf in leaves:
            seen = self.raw(measure, leaf[0], breakdown, index)
            if seen:
                values.append(seen)
                mask.append(leaf)
        if area == CITY and m["level"] == "ward":
            values, mask = self._with_stand_ins(measure, breakdown, index, day, leaves)
        if direct:
            # What the source publishes for the whole is whole, however many parts it also gave.
            whole = max(1, len(leaves))
            return Fact(direct[0], None, direct[1], direct[2], whole, whole, None)
        if area == CITY:
            rest = self.raw(measure, RESIDUAL, breakdown, index)
            if rest:
                values = values + [rest]
        if not mask:
            return None
        return Fact(sum(v[0] for v in values), None, "".join(v[1] for v in values), max(v[2] for v in values),
                    len(mask), len(leaves), tuple(mask))

    def _with_stand_ins(self, measure, breakdown, index, day, leaves):
        """Wards; a district none of whose wards reported stands in for them if it reported itself."""
        values, mask = [], []
        for district in self.areas.leaves("district", day):
            own = self.areas.below(district[0], "ward", day)
            seen = [(w, self.raw(measure, w[0], breakdown, index)) for w in own]
            seen = [(w, s) for w, s in seen if s]
            if seen:
                mask += [w for w, _ in seen]
                values += [s for _, s in seen]
            else:
                stand_in = self.raw(measure, district[0], breakdown, index)
                if stand_in:
                    values.append(stand_in)
                    mask += own
        return values, mask

    def _residual(self, m, breakdown, period, day):
        direct = self.raw(m["code"], RESIDUAL, breakdown, period[1])
        if direct:
            return Fact(direct[0], None, direct[1], direct[2], 1, 1, None)
        if m["area_rule"] != "sum" or m["level"] != "district":
            return None
        city = self.raw(m["code"], CITY, breakdown, period[1])
        districts = [self.raw(m["code"], d[0], breakdown, period[1]) for d in self.areas.leaves("district", day)]
        if not city or not districts or not all(districts):
            return None
        inputs = [city] + districts
        return Fact(city[0] - sum(d[0] for d in districts), None, "".join(i[1] for i in inputs),
                    max(i[2] for i in inputs), 1, 1, None)

    def masked(self, measure, area, breakdown, index, mask):
        """The value over exactly these leaves, or None if one of them is not there."""
        m = self.measures[measure]
        day = last_day((m["freq"], index))
        values = []
        for leaf in mask:
            if self.areas.on(leaf[0], day) != leaf:
                return None
            seen = self.raw(measure, leaf[0], breakdown, index)
            if not seen:
                return None
            values.append(seen)
        if not values:
            return None
        return Fact(sum(v[0] for v in values), None, "".join(v[1] for v in values), max(v[2] for v in values),
                    len(values), len(values), None)

    # -- weighted means --------------------------------------------------------------------------------------------

    def component_members(self, measure, breakdown):
        """Which component members a displayed breakdown takes in."""
        m = self.measures[measure]
        dim = m.get("components")
        if not dim:
            return [breakdown]
        all_members = self.members.get((measure, dim), [])
        if breakdown == TOTAL:
            return [f"{dim}={x}" for x in all_members]
        shown_dim, shown = breakdown.split("=", 1)
        if shown_dim == dim:
            return [breakdown]
        declared = self.catalog["dimensions"][dim]
        if declared.get("parent_dimension") == shown_dim:
            parents = {x["code"]: x.get("parent") for x in declared.get("members", [])}
            return [f"{dim}={x}" for x in all_members if parents.get(x) == shown]
        return []

    def pairs(self, x, w, area, breakdown, index, carry_weight, mask=None):
        """Sum of x*w and of w over leaves and members; None if no pair is there."""
        mx, mw = self.measures[x], self.measures[w]
        day = last_day((mx["freq"], index))
        if not self.areas.on(area, day):
            return None
        leaves = [self.areas.on(area, day)]
        if mx["area_rule"] == "weighted_mean" and area != NATION:
            leaves = self.areas.below(area, mx["level"], day)
        if mask is not None:
            leaves = list(mask)
        top = bottom = 0.0
        statuses, vintage, present = "", -math.inf, []
        for leaf in leaves:
            if self.areas.on(leaf[0], day) != leaf:
                return None
            found = False
            for member in self.component_members(x, breakdown):
                vx = self.raw(x, leaf[0], member, index)
                if carry_weight:
                    vw = self.carry_raw(w, leaf[0], member, (mx["freq"], index))
                else:
                    vw = self.raw(w, leaf[0], member, index)
                if vx and vw:
                    top += vx[0] * vw[0]
                    bottom += vw[0]
                    statuses += vx[1] + vw[1]
                    vintage = max(vintage, vx[2], vw[2])
                    found = True
            if found:
                present.append(leaf)
            elif mask is not None:
                return None
        if not present:
            return None
        return Fact(top, bottom, statuses, vintage, len(present), len(leaves), tuple(present))

    def carry_raw(self, measure, area, breakdown, base):
        m = self.measures[measure]
        at = containing(last_month(base), m["freq"])[1]
        for age in range(m.get("carry_forward", 0) + 1):
            seen = self.raw(measure, area, breakdown, at - age)
            if seen:
                return seen
        return None

    def carry(self, measure, area, breakdown, base):
        """The carried value for a base period, and its age."""
        m = self.measures[measure]
        at = containing(last_month(base), m["freq"])[1]
        for age in range(m.get("carry_forward", 0) + 1):
            fact = self.fact(measure, area, breakdown, at - age)
            if fact:
                return fact, age
        return None, 0
