"""All figures of the catalogue: which areas, breakdowns and periods there are, computed on two processors."""

import multiprocessing

from areas import CITY, NATION, RESIDUAL
from evaluate import Evaluator, Indicator, NoValue
from periods import containing, first_month, last_day, last_month, print_period
from world import TOTAL

WORLD = None


def all_figures(world, codes=None):
    """Every cell as {(indicator, area, breakdown, freq, period): columns}."""
    global WORLD
    WORLD = world
    todo = [i["code"] for i in world.catalog["indicators"] if codes is None or i["code"] in codes]
    # The long ones (wards) first, so that both processors end together.
    levels = {i["code"]: ("ward", "district", "city").index(i["level"]) for i in world.catalog["indicators"]}
    todo.sort(key=lambda code: (levels[code], code))
    cells = {}
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for part in pool.imap_unordered(figures_of, todo):
            cells.update(part)
    return cells


def figures_of(code):
    """The cells of one indicator."""
    declared = next(i for i in WORLD.catalog["indicators"] if i["code"] == code)
    indicator = Indicator(declared, WORLD.measures)
    months = observed_months(WORLD, indicator)
    if not indicator.computable or not months:
        return {}
    cells = {}
    for breakdown in breakdowns_of(WORLD, indicator):
        evaluators = {}
        for freq in indicator.freqs:
            first, last = (containing(m, freq)[1] for m in months)
            for period in ((freq, k) for k in range(first, last + 1)):
                for area in areas_of(WORLD, indicator, period):
                    if area not in evaluators:
                        evaluators[area] = Evaluator(WORLD, indicator, area, breakdown)
                    try:
                        cell = evaluators[area].cell(period)
                    except NoValue:
                        continue
                    # Of several dated areas of one code the latest wins; they come in order.
                    cells[code, area[0], breakdown, freq, print_period(period)] = cell
    return cells


def observed_months(world, indicator):
    """First and last month in which an input was observed, or None."""
    spans = []
    for term in indicator.terms:
        span = world.span(term.ref.measure)
        if span and term not in indicator.carried:
            freq = indicator.freq_of(term)
            spans.append((first_month((freq, span[0])), last_month((freq, span[1]))))
    return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None


def areas_of(world, indicator, period):
    """The dated areas an indicator is shown for in a period."""
    areas, day = world.areas, last_day(period)
    shown = areas.spans(NATION) + areas.spans(CITY)
    if indicator.level in ("district", "ward"):
        if indicator.geo_rollup == "sum":
            shown = shown + areas.spans(RESIDUAL)
        shown = shown + areas.of_kind("district", day)
    if indicator.level == "ward":
        shown = shown + areas.of_kind("ward", day)
    return shown


def breakdowns_of(world, indicator):
    """`_T` and the displayed members that any input was observed for."""
    shown = [TOTAL]
    for dim in indicator.dimensions:
        members = set()
        for term in indicator.terms:
            if indicator.marked and term.ref.show != dim:
                continue
            measure = world.measures[term.ref.measure]
            made_of = measure["components"]
            if made_of and made_of != dim:
                members |= parents_seen(world, term.ref.measure, made_of, dim)
            elif dim in measure["dimensions"]:
                members |= set(world.members.get((term.ref.measure, dim), []))
        shown += sorted(members)
    return shown


def parents_seen(world, measure, made_of, dim):
    """Members of a parent dimension under which a component was observed."""
    declared = world.catalog["dimensions"][made_of]
    if declared.get("parent_dimension") != dim:
        return set()
    seen = set(world.members.get((measure, made_of), []))
    return {f"{dim}={m['parent']}" for m in declared["members"] if f"{made_of}={m['code']}" in seen and m.get("parent")}
