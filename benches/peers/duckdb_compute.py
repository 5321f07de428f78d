"""The full computation of the figures in DuckDB: set-based SQL over temporary tables, one step after the other.

Every step works on all indicators at once. Areas and periods are integers from the first step on; a series (indicator,
displayed slice, area) is one integer from the fourth. Sums over leaves, windows and comparisons follow ARCHITECTURE.md;
what an incomplete figure was added up from is kept as a hash of the set of its leaves, and only incomplete figures are
paired leaf by leaf.
"""

import duckdb

from dimensions import TERMS_MAX, chosen, formulas, tables
from duckdb_inputs import (AT_AREA, CARRIED, DIRECT, DUE, LEAF_SUM, LIKE_LEAVES, OWN, PAIR, PAIR_MEAN, PAIR_PART, PAIR_SLICE,
                           SHOWN, SLICE, STAND_IN, TERM_SLICE, counting, files)

TERMS = range(TERMS_MAX)
# Distances to what a figure is compared with, in base periods; `year` is a year of the base frequency.
LAGS = ("year", "one", "three", "december")


class DuckDbPeer:
    """One connection with the catalogue in it."""

    def __init__(self, catalog, threads):
        self.indicators, self.left_out = chosen(catalog)
        self.connection = duckdb.connect(config={"threads": threads})
        for name, table in tables(catalog).items():
            self.connection.register("arrow_table", table)
            self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arrow_table")
            self.connection.unregister("arrow_table")
        self.connection.execute(DUE)
        self.formulas = formulas(self.indicators)

    def compute(self, observations, targets):
        """Everything from the lake's files to the table `figures`; gives the number of its rows."""
        for _, sql in self.steps(observations, targets):
            self.connection.execute(sql)
        return self.connection.execute("SELECT count(*) FROM figures").fetchone()[0]

    def steps(self, observations, targets):
        """(name, statement) in order."""
        return [
            ("counting", counting(observations)),
            ("slice", SLICE),
            ("direct", DIRECT),
            ("leaf_sum", LEAF_SUM),
            ("stand_in", STAND_IN),
            ("at_area", AT_AREA),
            ("pair", PAIR),
            ("pair_slice", PAIR_SLICE),
            ("pair_part", PAIR_PART),
            ("pair_mean", PAIR_MEAN),
            ("shown", SHOWN),
            ("term_slice", TERM_SLICE),
            ("own", OWN),
            ("carried", CARRIED),
            ("base", _base()),
            ("like_leaves", LIKE_LEAVES),
            ("compared", _compared()),
            ("running", _running()),
            ("gathered", _window()),
            ("figures", _figures(self.formulas, targets)),
        ]


def _base():
    """One row per series and base period with its terms side by side, where all of them are there and alike."""
    def side_by_side(column, terms=TERMS):
        return ", ".join(f"max({column}) FILTER (k = {k}) AS {column}{k}" for k in terms)

    columns = ", ".join(side_by_side(c) for c in ("value", "present", "due", "rest", "sl"))
    return f"""
CREATE OR REPLACE TEMP TABLE base AS
WITH long AS (
    SELECT * FROM own
    UNION ALL
    SELECT ind, shown, ix, t, k, v.value, NULL, v.status, v.vintage, v.present, v.due, v.leaves, NULL, NULL FROM carried
)
SELECT dense_rank() OVER (ORDER BY ind, shown, ix)::INTEGER AS series, *
FROM (
    SELECT ind, shown, ix, t, {columns}, max(long.weight) AS weight,
        max(vintage) FILTER (kind <> 'last') AS vintage_all, max(vintage) FILTER (kind = 'last') AS vintage_last,
        max(status) FILTER (kind <> 'last') AS status_all, max(status) FILTER (kind = 'last') AS status_last,
        arg_min({{'present': present, 'due': due}}, present / due + k * 1e-9) FILTER (NOT (carried AND kind = 'last'))
            AS areas_all,
        arg_min({{'present': present, 'due': due}}, present / due + k * 1e-9) FILTER (carried AND kind = 'last')
            AS areas_last,
        bool_and(present = due OR carried) AS whole, bool_and(present = due) AS all_whole,
        count(leaves) = count(*) AND min(leaves) = max(leaves) AS alike, count(*) AS terms
    FROM long JOIN term USING (ind, k)
    GROUP BY ind, shown, ix, t
)
JOIN indicator i USING (ind)
WHERE terms = i.all_terms AND (all_whole OR alike OR NOT i.divides)"""


def _compared():
    """What every base period is compared with, at each distance: values of the terms, over like leaves."""
    distance = {"year": "b.t - b.per_year", "one": "b.t - 1", "three": "b.t - 3",
                "december": "b.t // b.per_year * b.per_year - 1"}
    whole = ", ".join(f"CASE WHEN {lag}.whole THEN {lag}.value{k} END AS {lag}{k}" for lag in LAGS for k in TERMS)
    whole += ", " + ", ".join(f"CASE WHEN {lag}.whole THEN {lag}.weight END AS {lag}_weight, coalesce({lag}.whole, false) "
                              f"AS {lag}_there" for lag in LAGS)
    part, joins = [], []
    for lag in LAGS:
        fits = [f"{lag}.t IS NOT NULL"]
        for k in TERMS:
            own = f"b.present{k} = b.due{k}"
            part.append(f"CASE WHEN b.sl{k} IS NULL OR ({own}) THEN {lag}.value{k} "
                        f"WHEN b.since_january OR b.mean THEN {lag}_{k}.num ELSE coalesce({lag}_{k}.num / {lag}_{k}.den, "
                        f"{lag}_{k}.num) END AS {lag}{k}")
            fits.append(f"(b.sl{k} IS NULL OR CASE WHEN {own} THEN {lag}.present{k} = {lag}.due{k} "
                        f"ELSE {lag}_{k}.num IS NOT NULL END)")
            joins.append(f"LEFT JOIN like_leaves {lag}_{k} ON {lag}_{k}.sl = b.sl{k} AND {lag}_{k}.ix = b.ix "
                         f"AND {lag}_{k}.t = b.t - b.back{k} AND {lag}_{k}.there = {distance[lag]} - b.back{k}")
        part.append(f"{lag}_0.den AS {lag}_weight, coalesce({' AND '.join(fits)}, false) AS {lag}_there")
    lagged = " ".join(f"LEFT JOIN base {lag} ON {lag}.series = b.series AND {lag}.t = {distance[lag]}" for lag in LAGS)
    order = ", ".join([f"{lag}{k}" for lag in LAGS for k in TERMS] +
                      [c for lag in LAGS for c in (f"{lag}_weight", f"{lag}_there")])
    return f"""
CREATE OR REPLACE TEMP TABLE compared AS
SELECT series, t, {order} FROM (SELECT b.series, b.t, {whole} FROM base b {lagged} WHERE b.whole)
UNION ALL
SELECT series, t, {order} FROM (SELECT b.series, b.t, {", ".join(part)} FROM base b {lagged} {" ".join(joins)} WHERE NOT b.whole)"""


def _running():
    """Since January, up to every base period."""
    sums = ", ".join(f"sum({c}) OVER since AS {c}" for lag in ("value", "year") for k in TERMS for c in [f"{lag}{k}"])
    return f"""
CREATE OR REPLACE TEMP TABLE running AS
SELECT b.series, b.t, {sums}, sum(weight) OVER since AS weight, sum(year_weight) OVER since AS year_weight,
    count(*) OVER since AS present, bool_and(all_whole) OVER since AS whole, bool_and(year_there) OVER since AS year_there,
    max(vintage_all) OVER since AS vintage, max(status_all) OVER since AS status,
    min(areas_all.present / areas_all.due) OVER since AS least
FROM base b JOIN compared c ON c.series = b.series AND c.t = b.t
WINDOW since AS (PARTITION BY b.series, b.t // b.per_year ORDER BY b.t)"""


def _window():
    """Base periods gathered into months, quarters and years."""
    columns = []
    for source in ("value", "year", "one", "three"):
        for k in TERMS:
            columns.append(f"sum({source}{k}) AS {source}{k}, arg_max({source}{k}, b.t) AS last_{source}{k}")
    columns += [f"arg_max(december{k}, b.t) AS december{k}" for k in TERMS]
    columns += [f"sum({w}) AS {w}" for w in ("weight", "year_weight", "one_weight", "three_weight")]
    columns += [f"count_if({lag}_there) AS {lag}_there" for lag in ("year", "one", "three")]
    return f"""
CREATE OR REPLACE TEMP TABLE gathered AS
SELECT b.series, f.freq, b.t * (12 // b.per_year) // f.months AS p, any_value(b.ind) AS ind, any_value(b.shown) AS shown,
    any_value(b.ix) AS ix, any_value(b.base) AS base, count(*) AS present, max(b.t) AS last_t, {", ".join(columns)},
    arg_max(december_there, b.t) AS december_there, arg_max(december_weight, b.t) AS december_weight,
    max(status_all) AS status_all, max(vintage_all) AS vintage_all, arg_max(status_last, b.t) AS status_last,
    arg_max(vintage_last, b.t) AS vintage_last, arg_max(areas_last, b.t) AS areas_last,
    arg_min(areas_all, areas_all.present / areas_all.due + b.t * 1e-9) AS areas_all, bool_and(b.all_whole) AS whole
FROM base b
JOIN compared c ON c.series = b.series AND c.t = b.t
JOIN frequency f ON f.ind = b.ind
GROUP BY b.series, f.freq, f.months, p"""


def _finite(words):
    return f"CASE WHEN isfinite({words}) THEN {words} END"


def _by_formula(formulas, part, term, weight):
    """The formula of every indicator; `term` gives the SQL of an aggregated term by its position."""
    branches = [f"WHEN {n} THEN " + words[part].format(*(term(k) for k in TERMS), weight=weight)
                for n, words in enumerate(formulas) if words[part]]
    return f"CASE i.formula {' '.join(branches)} END" if branches else "NULL"


def _figures(formulas, targets):
    """The formula over every window and everything a figure is compared with."""
    def over(source, count):
        """Terms of the gathered base periods; those since January come from the running sums."""
        running = {"value": "r.value", "year": "r.year"}.get(source)
        since = f"WHEN 'ytd' THEN {running}{{k}} " if running else ""
        return lambda k: (f"(CASE i.kind{k} WHEN 'last' THEN g.last_{source}{k} WHEN 'avg' THEN g.{source}{k} / {count} "
                          + since.format(k=k) + f"ELSE g.{source}{k} END)")

    def so_far(source):
        return lambda k: (f"(CASE i.kind{k} WHEN 'last' THEN g.last_{source}{k} WHEN 'avg' THEN r.{source}{k} / r.present "
                          f"ELSE r.{source}{k} END)")

    def value(term, weight, part="value"):
        return _by_formula(formulas, part, term, weight)

    before = ("CASE WHEN g.freq = i.base THEN {one} WHEN g.freq = 'Q' THEN {three} ELSE {year} END")
    previous = before.format(one=value(over("one", "g.present"), "g.one_weight"),
                             three=value(over("three", "g.present"), "g.three_weight"),
                             year=value(over("year", "g.present"), "g.year_weight"))
    there = before.format(one="g.one_there", three="g.three_there", year="g.year_there")
    return f"""
CREATE OR REPLACE TEMP TABLE figures AS
WITH plan AS (
    SELECT indicator_code AS ind, area_code AS code, period, arg_max(value, vintage) AS value
    FROM read_parquet({files(targets)}) WHERE org_code = '_T' GROUP BY ALL
),
computed AS (
    SELECT g.series, g.ind, a.code, g.ix, g.shown, g.freq, g.p, period.name AS period, i.since_january,
        {value(over("value", "g.present"), "g.weight")} AS value,
        {value(over("value", "g.present"), "g.weight", "numerator")} AS numerator,
        {value(over("value", "g.present"), "g.weight", "denominator")} AS denominator,
        CASE WHEN i.since_january THEN greatest(r.status, g.status_last) ELSE greatest(g.status_all, g.status_last) END
            AS status,
        CASE WHEN i.since_january THEN greatest(r.vintage, g.vintage_last)
            ELSE greatest(g.vintage_all, g.vintage_last) END AS vintage,
        CASE WHEN i.since_january THEN r.present ELSE g.present END AS periods_present,
        CASE WHEN i.since_january THEN since.count ELSE due.count END AS periods_due,
        CASE WHEN g.areas_last.present / g.areas_last.due < g.areas_all.present / g.areas_all.due
            OR g.areas_all IS NULL THEN g.areas_last ELSE g.areas_all END AS areas,
        CASE WHEN i.since_january THEN r.year_there ELSE g.year_there = g.present END AS has_year,
        {value(over("year", "g.present"), "g.year_weight")} AS year_value,
        i.compares_prev AND NOT i.since_january AND g.present = due.count AND {there} = before.count AND
            {there} = g.present AS has_previous,
        {previous} AS previous_value,
        i.compares_ytd AS has_ytd, r.present = so_far.count AND r.whole AS ytd_complete,
        {value(so_far("value"), "r.weight")} AS ytd_value,
        i.compares_ytd_yoy AND r.year_there AS has_ytd_year,
        {value(so_far("year"), "r.year_weight")} AS ytd_year_value,
        i.compares_dec AND g.december_there AS has_december,
        {value(lambda k: f"g.december{k}", "g.december_weight")} AS december_value, r.whole AS whole_since
    FROM gathered g
    JOIN indicator i ON i.ind = g.ind
    JOIN area a ON a.ix = g.ix
    JOIN period ON period.freq = g.freq AND period.t = g.p
    JOIN running r ON r.series = g.series AND r.t = g.last_t
    JOIN due ON due.ix = g.ix AND due.base = g.base AND due.freq = g.freq AND due.p = g.p
    JOIN since ON since.ix = g.ix AND since.base = g.base AND since.t = due.last_t
    JOIN since so_far ON so_far.ix = g.ix AND so_far.base = g.base AND so_far.t = g.last_t
    LEFT JOIN due before ON before.ix = g.ix AND before.base = g.base AND before.freq = g.freq AND before.p = g.p - 1
    WHERE a.kind NOT IN ('district', 'ward') OR period.last_day BETWEEN a.valid_from AND a.valid_to
)
SELECT c.ind, c.code, c.shown, c.freq, c.period, c.value, c.numerator, c.denominator,
    substr('ABPEF', c.status + 1, 1) AS obs_status,
    c.periods_present = c.periods_due AND c.areas.present = c.areas.due AS complete,
    c.periods_present, c.periods_due, c.areas.present AS areas_present, c.areas.due AS areas_due,
    CASE WHEN c.has_previous THEN {_finite("c.previous_value")}
        WHEN c.since_january AND c.periods_present = c.periods_due AND b.periods_present = b.periods_due
            AND b.whole_since AND c.whole_since THEN b.value END AS prev_value,
    CASE WHEN c.has_year THEN {_finite("c.year_value")} END AS yoy_value,
    CASE WHEN c.has_ytd THEN {_finite("c.ytd_value")} END AS ytd_value,
    c.has_ytd AND c.ytd_complete AS ytd_complete,
    CASE WHEN c.has_ytd_year THEN {_finite("c.ytd_year_value")} END AS ytd_yoy_value,
    CASE WHEN c.has_december THEN {_finite("c.december_value")} END AS dec_value,
    plan.value AS target_value, c.vintage
FROM computed c
LEFT JOIN computed b ON c.since_january AND b.series = c.series AND b.freq = c.freq AND b.p = c.p - 1
LEFT JOIN plan ON c.shown = '_T' AND plan.ind = c.ind AND plan.code = c.code AND plan.period = c.period
WHERE isfinite(c.value)"""
