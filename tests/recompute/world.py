"""What is known as of one instant: values of measures brought to areas, weighted means, carried values.

Written a second time and in another way than the engine: plain dictionaries, one value at a time, nothing dense. It
follows design section 4 and the rules in ARCHITECTURE.md; where the two programs differ, one of them is wrong.
"""

from areas import CITY, DEPTH, NATION, RESIDUAL
from periods import containing, last_day, last_month, parse_period

TOTAL = "_T"
RANK = {"A": 4, "B": 4, "P": 3, "E": 2, "F": 1, "M": 0}
FIRMNESS = "ABPEF"


def as_known(observations, instant):
    """The observation that counts for each key, of those published by an instant (microseconds)."""
    best = {}
    for o in observations:
        if o["vintage"] > instant:
            continue
        key = (o["measure"], o["area"], o["breakdown"], o["period"])
        rank = (RANK[o["status"]], o["vintage"], o["feed"], o["source_ref"])
        if key not in best or rank > best[key][0]:
            best[key] = (rank, o)
    return [o for _, o in best.values() if o["value"] is not None]


def targets_known(targets, instant):
    """Plan values by (indicator, area, period): the newest decided by an instant."""
    best = {}
    for t in sorted(targets, key=lambda t: t["vintage"]):
        if t["vintage"] <= instant:
            best[t["indicator"], t["area"], t["period"]] = t["value"]
    return best


class Fact:
    """One value of a measure at an area, with what it took.

    `mask` holds what it was added up from: leaves, or (leaf, member) pairs of a weighted mean; `rest` says that the
    observed residual is in it. A weighted mean is kept as value = sum of x*w and weight = sum of w.
    """

    __slots__ = ("value", "weight", "status", "vintage", "present", "due", "mask", "rest")

    def __init__(self, value, weight, status, vintage, present, due, mask=None, rest=False):
        self.value, self.weight, self.status, self.vintage = value, weight, status, vintage
        self.present, self.due, self.mask, self.rest = present, due, mask, rest

    @property
    def complete(self):
        return self.present == self.due


def whole(seen, leaves=1):
    """An observation as it stands; what the source publishes for an area is whole."""
    return seen and Fact(seen[0], None, seen[1], seen[2], leaves, leaves)


def added(seen, present, due, mask, rest):
    """The plain sum of some observations, from left to right."""
    total = 0.0
    for s in seen:
        total += s[0]
    return Fact(total, None, max(s[1] for s in seen), max(s[2] for s in seen), present, due, mask, rest)


class World:
    """Everything known as of one instant. Statuses are positions in FIRMNESS, so the worst is the largest."""

    def __init__(self, catalog, observations, targets, instant):
        self.catalog, self.areas, self.measures = catalog, catalog["areas"], catalog["measures"]
        self.series = {}
        for o in as_known(observations, instant):
            at = self.series.setdefault((o["measure"], o["breakdown"]), {})
            at[o["area"], parse_period(o["period"])[1]] = (o["value"], FIRMNESS.index(o["status"]), o["vintage"])
        self.members = {}
        for measure, breakdown in sorted(self.series):
            if breakdown != TOTAL:
                dim = breakdown.split("=", 1)[0]
                self.members.setdefault((measure, dim), []).append(breakdown)
        self.targets = targets_known(targets, instant)
        self.facts, self.means = {}, {}

    def span(self, measure):
        """First and last index at which anything of a measure was observed, or None."""
        indices = [i for (m, _), at in self.series.items() if m == measure for _, i in at]
        return (min(indices), max(indices)) if indices else None

    def raw(self, measure, code, breakdown, index):
        at = self.series.get((measure, breakdown))
        return at.get((code, index)) if at else None

    # -- one measure, one area, one base period --------------------------------------------------------------------

    def fact(self, measure, area, breakdown, index):
        """V(measure, area, slice, base period), or None."""
        key = (measure, area, breakdown, index)
        if key not in self.facts:
            self.facts[key] = self._fact(*key)
        return self.facts[key]

    def _fact(self, measure, area, breakdown, index):
        m = self.measures[measure]
        day = last_day((m["freq"], index))
        if not self.areas.exists(area, day):
            return None
        direct = self.raw(measure, area[0], breakdown, index)
        if m["area_rule"] != "sum" or area[0] == NATION:
            return whole(direct)
        if area[0] == RESIDUAL:
            return whole(direct) or self._residual(m, breakdown, index, day)
        if DEPTH[self.areas.row(area)["kind"]] >= DEPTH[m["level"]]:
            return whole(direct)
        leaves = self.areas.below(area, m["level"], day)
        if direct:
            return whole(direct, max(1, len(leaves)))
        stand_ins = self._stand_ins(m, area, breakdown, index, day)
        seen = [self.raw(measure, d[0], breakdown, index) for d, _ in stand_ins]
        mask = {w for _, own in stand_ins for w in own}
        for leaf in leaves:
            value = self.raw(measure, leaf[0], breakdown, index)
            if value:
                seen.append(value)
                mask.add(leaf)
        if not mask:
            return None
        rest = self.raw(measure, RESIDUAL, breakdown, index) if area[0] == CITY else None
        return added(seen + ([rest] if rest else []), len(mask), len(leaves), mask, bool(rest))

    def _stand_ins(self, m, area, breakdown, index, day):
        """Districts that report for their wards, none of which did: (district, its wards)."""
        if area[0] != CITY or m["level"] != "ward":
            return []
        out = []
        for district in self.areas.of_kind("district", day):
            if self.raw(m["code"], district[0], breakdown, index):
                own = self.areas.below(district, "ward", day)
                if not any(self.raw(m["code"], w[0], breakdown, index) for w in own):
                    out.append((district, own))
        return out

    def _residual(self, m, breakdown, index, day):
        """What the city published beyond its districts, if all of them are there."""
        districts = self.areas.of_kind("district", day)
        city = self.raw(m["code"], CITY, breakdown, index)
        parts = [self.raw(m["code"], d[0], breakdown, index) for d in districts]
        if m["level"] != "district" or not city or not parts or not all(parts):
            return None
        total = added(parts, 1, 1, None, False)
        return Fact(city[0] - total.value, None, max(city[1], total.status), max(city[2], total.vintage), 1, 1)

    def masked(self, measure, area, breakdown, index, shown):
        """The value over exactly the leaves that `shown` had, or None if one of them is not there."""
        m = self.measures[measure]
        day = last_day((m["freq"], index))
        if not all(self.areas.exists(leaf, day) for leaf in shown.mask):
            return None
        total, covered = 0.0, set()
        for district, own in self._stand_ins(m, area, breakdown, index, day):
            inside = [w for w in own if w in shown.mask]
            if inside and len(inside) < len(own):
                return None
            if inside:
                total += self.raw(measure, district[0], breakdown, index)[0]
                covered.update(own)
        for leaf in self.areas.below(area, m["level"], day):
            seen = self.raw(measure, leaf[0], breakdown, index) if leaf in shown.mask else None
            if seen:
                total += seen[0]
                covered.add(leaf)
        if covered != shown.mask:
            return None
        if not shown.rest:
            return total
        rest = self.raw(measure, RESIDUAL, breakdown, index)
        return total + rest[0] if rest else None

    # -- weighted means --------------------------------------------------------------------------------------------

    def slices(self, x, w, breakdown):
        """The (slice of x, slice of w) that a displayed breakdown takes in; None if it cannot be displayed."""
        mx, mw = self.measures[x], self.measures[w]
        dim = breakdown.split("=", 1)[0]
        made_of = mx["components"]
        if not made_of:
            return [tuple(breakdown if dim in m["dimensions"] else TOTAL for m in (mx, mw))]
        members = self.members.get((x, made_of), [])
        if dim == made_of:
            members = [breakdown]
        elif breakdown != TOTAL:
            declared = self.catalog["dimensions"][made_of]
            if declared.get("parent_dimension") != dim:
                return None
            inside = {f"{made_of}={c['code']}" for c in declared["members"] if f"{dim}={c.get('parent')}" == breakdown}
            members = [m for m in members if m in inside]
        weighted_by_member = mw["components"] == made_of or made_of in mw["dimensions"]
        return [(m, m if weighted_by_member else TOTAL) for m in members]

    def mean(self, x, w, area, breakdown, index, only=None):
        """The pair sum of x*w and of w at an area; `only` takes exactly these (leaf, slice) pairs or gives None."""
        key = (x, w, area, breakdown, index)
        if only is not None:
            return self._mean(*key, only)
        if key not in self.means:
            self.means[key] = self._mean(*key, None)
        return self.means[key]

    def _mean(self, x, w, area, breakdown, index, only):
        mx = self.measures[x]
        day = last_day((mx["freq"], index))
        slices = self.slices(x, w, breakdown)
        if slices is None or not self.areas.exists(area, day):
            return None
        leaves = [area]
        if mx["area_rule"] != "city_only" and area[0] not in (NATION, RESIDUAL):
            if DEPTH[self.areas.row(area)["kind"]] < DEPTH[mx["level"]]:
                leaves = self.areas.below(area, mx["level"], day)
        top = bottom = 0.0
        status, vintage, mask = 0, 0, set()
        for leaf in leaves:
            for of_x, of_w in slices:
                if only is not None and (leaf, of_x) not in only:
                    continue
                seen = self.raw(x, leaf[0], of_x, index)
                weight = self.weight(w, leaf, of_w, (mx["freq"], index)) if seen else None
                if weight:
                    top += seen[0] * weight.value
                    bottom += weight.value
                    status, vintage = max(status, seen[1], weight.status), max(vintage, seen[2], weight.vintage)
                    mask.add((leaf, of_x))
        if not mask or (only is not None and mask != only):
            return None
        return Fact(top, bottom, status, vintage, len({leaf for leaf, _ in mask}), len(leaves), mask)

    def weight(self, w, leaf, breakdown, base):
        """The weight at a leaf for a base period of the mean, carried if it comes more rarely."""
        if self.measures[w]["freq"] == base[0]:
            return self.fact(w, leaf, breakdown, base[1])
        return self.carry(w, leaf, breakdown, base)[0]

    # -- carried values --------------------------------------------------------------------------------------------

    def carry(self, measure, area, breakdown, base):
        """The newest value of a rarer measure for a base period, and its age in periods of the measure."""
        m = self.measures[measure]
        at = containing(last_month(base), m["freq"])[1]
        for age in range(m["carry_forward"] + 1):
            fact = self.fact(measure, area, breakdown, at - age)
            if fact:
                return fact, age
        return None, 0
