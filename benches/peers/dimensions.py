"""The declared catalogue, areas and calendar as tables that a query engine can join: what both peers start from.

Reading them is not timed, on either side: the engine too is handed a loaded catalogue.
"""

import datetime

import pyarrow as pa

from areas import DEPTH
from evaluate import Indicator
from formula import Aggregate
from periods import MONTHS, last_day, last_month, print_period, year_of

YEARS = range(2012, 2027)
FIRST_DAY, NEVER = "1900-01-01", "9999-12-31"
TERMS_MAX = 3
KINDS_SHOWN = {
    "city": ("reference", "city"),
    "district": ("reference", "city", "residual", "district"),
    "ward": ("reference", "city", "residual", "district", "ward"),
}


def left_out(indicator):
    """Why an indicator is not asked of the peers, or None."""
    if not indicator.computable:
        return "carried terms only"
    if any(t.inner == "chain" for t in indicator.terms):
        return "chained index"
    if len(indicator.groups) > 1:
        return "two base frequencies"
    if len(indicator.terms) > TERMS_MAX:
        return "many terms"
    return None


def chosen(catalog):
    """(indicators that the peers compute, {code: why not})."""
    taken, why = [], {}
    for declared in catalog["indicators"]:
        indicator = Indicator(declared, catalog["measures"])
        reason = left_out(indicator)
        if reason:
            why[indicator.code] = reason
        else:
            taken.append(indicator)
    return taken, why


def tables(catalog):
    """All tables by name, as Arrow."""
    indicators, _ = chosen(catalog)
    areas = catalog["areas"]
    numbered = {(r["code"], i): n for n, (r, i) in enumerate(_spans(areas))}
    epochs = _epochs(areas)
    return {
        "area": _areas(areas, numbered),
        "period": _periods(epochs),
        "below": _below(areas, numbered, epochs),
        "measure": _measures(catalog),
        "indicator": _indicators(indicators),
        "shown_level": _rows(("level", "kind", "residual"), [
            (level, kind, kind == "residual") for level, kinds in KINDS_SHOWN.items() for kind in kinds]),
        "term": _terms(indicators),
        "follows": _follows(indicators, catalog),
        "member": _rows(("dimension", "slice", "parent_slice"), [
            (code, f"{code}={m['code']}", f"{d['parent_dimension']}={m['parent']}" if m.get("parent") else None)
            for code, d in catalog["dimensions"].items() for m in d.get("members", [])]),
        "frequency": _rows(("ind", "freq", "months"), [(i.code, f, MONTHS[f]) for i in indicators for f in i.freqs]),
    }


def _rows(names, rows):
    return pa.table({name: [row[n] for row in rows] for n, name in enumerate(names)})


def _spans(areas):
    for rows in areas.by_code.values():
        yield from ((row, i) for i, row in enumerate(rows))


def _areas(areas, numbered):
    return _rows(("ix", "code", "kind", "depth", "valid_from", "valid_to"), [
        (numbered[row["code"], i], row["code"], row["kind"], DEPTH[row["kind"]], _date(row["valid_from"] or FIRST_DAY),
         _date(row["valid_to"] or NEVER)) for row, i in _spans(areas)])


def _date(text):
    return datetime.date.fromisoformat(text)


def _epochs(areas):
    """First days of the stretches of time in which the hierarchy does not change, ascending."""
    days = {r["valid_from"] for r in areas.rows}
    for r in areas.rows:
        if r["valid_to"]:
            days.add((_date(r["valid_to"]) + datetime.timedelta(days=1)).isoformat())
    return sorted(days)


def _periods(epochs):
    rows = []
    for freq, months in MONTHS.items():
        for t in range(YEARS.start * 12 // months, YEARS.stop * 12 // months):
            period = (freq, t)
            day = last_day(period)
            epoch = sum(1 for e in epochs if e <= day) - 1
            rows.append((freq, t, print_period(period), _date(day), last_month(period), year_of(period), epoch))
    return _rows(("freq", "t", "name", "last_day", "last_month", "year", "epoch"), rows)


def _below(areas, numbered, epochs):
    """The leaves of every level below every higher area, in every stretch of time."""
    rows = []
    for epoch, (day, next_day) in enumerate(zip(epochs, epochs[1:] + [NEVER])):
        if next_day < str(YEARS.start):
            continue
        for kind, above in (("district", ("city",)), ("ward", ("city", "district"))):
            for ancestor in (a for k in above for a in areas.of_kind(k, day)):
                leaves = areas.below(ancestor, kind, day)
                rows += [(numbered[ancestor], numbered[leaf], kind, epoch, len(leaves)) for leaf in leaves]
    return _rows(("above", "leaf", "kind", "epoch", "due"), rows)


def _measures(catalog):
    return _rows(("measure", "freq", "additive", "level", "carry_forward", "by_leaf"), [
        (m["code"], m["freq"], m["area_rule"] == "sum", m["level"], m["carry_forward"], m["area_rule"] != "city_only")
        for m in catalog["measures"].values()])


def _indicators(indicators):
    distinct = _distinct(indicators)
    names = ["ind", "level", "residual_shown", "base", "per_year", "all_terms", "since_january", "divides", "compares_prev",
             "compares_dec", "compares_ytd", "compares_ytd_yoy", "formula", "mean"]
    names += [f"{what}{k}" for k in range(TERMS_MAX) for what in ("kind", "back")]
    rows = []
    for i in indicators:
        per_year = 12 // MONTHS[i.groups[0]]
        row = [i.code, i.level, i.geo_rollup == "sum", i.groups[0], per_year, len(i.terms), i.from_january, i.divides,
               "prev_period" in i.comparisons, "vs_dec_last_year" in i.comparisons,
               bool({"ytd", "ytd_vs_last_year"} & set(i.comparisons)), "ytd_vs_last_year" in i.comparisons,
               distinct.index(_in_words(i)), i.terms[0].kind == "mean"]
        for k in range(TERMS_MAX):
            term = i.terms[k] if k < len(i.terms) else None
            row += [term and term.kind, per_year * term.ref.back if term else 0]
        rows.append(row)
    return _rows(names, rows)


def _terms(indicators):
    return _rows(("ind", "k", "kind", "shape", "measure", "weight", "back", "freq", "carried"), [
        (i.code, k, t.kind, t.inner, t.ref.measure, t.weight, t.ref.back, i.freq_of(t), t in i.carried)
        for i in indicators for k, t in enumerate(i.terms)])


def _follows(indicators, catalog):
    """How a term follows a displayed dimension: its member, all components of its member, or the total."""
    rows = []
    for i in indicators:
        for dimension in i.dimensions:
            for k, t in enumerate(i.terms):
                m = catalog["measures"][t.ref.measure]
                made_of = m["components"]
                if i.marked and t.ref.show != dimension:
                    how, of = "total", None
                elif made_of == dimension:
                    how, of = "member", dimension
                elif made_of and catalog["dimensions"][made_of].get("parent_dimension") == dimension:
                    how, of = "components", made_of
                elif made_of:
                    how, of = "never", None
                else:
                    how, of = ("member", dimension) if dimension in m["dimensions"] else ("total", None)
                rows.append((i.code, k, dimension, how, of))
    return _rows(("ind", "k", "dimension", "how", "of"), rows)


def formulas(indicators):
    """The distinct formulas of indicators, in the order of their numbers: SQL of value, numerator and denominator with
    {0}, {1}, .. for the aggregated terms."""
    return [dict(zip(("value", "numerator", "denominator"), words)) for words in _distinct(indicators)]


def representatives(indicators):
    """One indicator of each distinct formula, in the order of their numbers."""
    of = {}
    for i in indicators:
        of.setdefault(_in_words(i), i)
    return list(of.values())


def _distinct(indicators):
    return list(dict.fromkeys(_in_words(i) for i in indicators))


def _in_words(indicator):
    tree = indicator.tree
    if isinstance(tree, Aggregate) and tree.kind == "mean":
        return "{0} / {weight}", "{0}", "{weight}"
    if indicator.ratio:
        return (_sql([tree])[0], *_sql(indicator.ratio))
    return _sql([tree])[0], None, None


def _sql(trees):
    """Formulas as SQL; terms are numbered through all of them."""
    counter = iter(range(TERMS_MAX))

    def words(node):
        if isinstance(node, Aggregate):
            return f"{{{next(counter)}}}"
        if node[0] == "num":
            return repr(node[1])
        if node[0] == "neg":
            return f"(-{words(node[1])})"
        left, right = words(node[1]), words(node[2])
        return f"pow({left}, {right})" if node[0] == "^" else f"({left} {node[0]} {right})"

    return [words(tree) for tree in trees]
