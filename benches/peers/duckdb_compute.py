"""The full computation of the figures in DuckDB: set-based SQL over temporary tables, one step after the other.

Every step works on all indicators at once. Areas and periods are integers from the first step on; a series (indicator,
displayed slice, area) is one integer from the fourth. Sums over leaves, windows and comparisons follow ARCHITECTURE.md;
what an incomplete figure was added up from is kept as a hash of the set of its leaves, and only incomplete figures are
paired leaf by leaf.
"""

import duckdb

from dimensions import TERMS_MAX, chosen, formulas, tables

TERMS = range(TERMS_MAX)
# Distances to what a figure is compared with, in base periods; `year` is a year of the base frequency.
LAGS = ("year", "one", "three", "december")
# Numbers of displayed slices of weighted means, so that they never meet those of measures.
FIRST_PAIR = 1_000_000
RANK = "CASE obs_status WHEN 'A' THEN 4 WHEN 'B' THEN 4 WHEN 'P' THEN 3 WHEN 'E' THEN 2 WHEN 'F' THEN 1 ELSE 0 END"
FIRMNESS = "CASE obs_status WHEN 'A' THEN 0 WHEN 'B' THEN 1 WHEN 'P' THEN 2 WHEN 'E' THEN 3 WHEN 'F' THEN 4 ELSE 5 END"


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

    def version(self):
        return duckdb.__version__

    def compute(self, observations, targets):
        """Everything from the lake's files to the table `figures`; gives the number of its rows."""
        for _, sql in self.steps(observations, targets):
            self.connection.execute(sql)
        return self.connection.execute("SELECT count(*) FROM figures").fetchone()[0]

    def figures(self):
        """The computed figures as rows of dictionaries."""
        return self.connection.execute("SELECT * FROM figures").to_arrow_table().to_pylist()

    def steps(self, observations, targets):
        """(name, statement) in order."""
        return [
            ("counting", _counting(observations)),
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


def _files(paths):
    return "[" + ", ".join("'" + str(p).replace("'", "''") + "'" for p in paths) + "]"


def _counting(paths):
    """Of all vintages of a key the one that counts."""
    return f"""
CREATE OR REPLACE TEMP TABLE counting AS
SELECT measure_code AS measure, area_code AS code, org_code AS org, breakdown AS slice, period, value,
    {FIRMNESS} AS status, epoch_us(vintage) AS vintage
FROM read_parquet({_files(paths)})
QUALIFY row_number() OVER (
    PARTITION BY measure_code, area_code, org_code, breakdown, period
    ORDER BY {RANK} DESC, vintage DESC, feed DESC, source_ref DESC) = 1 AND value IS NOT NULL"""


SLICE = """
CREATE OR REPLACE TEMP TABLE slice AS
SELECT (row_number() OVER ())::INTEGER AS sl, measure, slice, split_part(slice, '=', 1) AS dimension
FROM (SELECT DISTINCT measure, slice FROM counting)"""

DIRECT = """
CREATE OR REPLACE TEMP TABLE direct AS
SELECT s.sl, a.ix, p.t, c.value, c.status, c.vintage, a.kind, a.depth, p.epoch, m.additive, m.level
FROM counting c
JOIN measure m ON m.measure = c.measure
JOIN slice s ON s.measure = c.measure AND s.slice = c.slice
JOIN period p ON p.freq = m.freq AND p.name = c.period
JOIN area a ON a.code = c.code AND p.last_day BETWEEN a.valid_from AND a.valid_to"""

LEAF_SUM = """
CREATE OR REPLACE TEMP TABLE leaf_sum AS
SELECT d.sl, b.above AS ix, d.t, d.epoch, any_value(d.level) AS level, sum(d.value) AS value, max(d.status) AS status,
    max(d.vintage) AS vintage, count(*) AS present, any_value(b.due) AS due, bit_xor(hash(d.ix)) AS leaves
FROM direct d JOIN below b ON b.leaf = d.ix AND b.epoch = d.epoch AND b.kind = d.level
WHERE d.additive AND d.kind = d.level
GROUP BY d.sl, b.above, d.t, d.epoch"""

# Districts that report for their wards, none of which did.
STAND_IN = """
CREATE OR REPLACE TEMP TABLE stand_in AS
SELECT d.sl, city.above AS ix, d.t, d.epoch, sum(d.value) AS value, max(d.status) AS status, max(d.vintage) AS vintage,
    sum(wards.count) AS present, bit_xor(wards.leaves) AS leaves
FROM direct d
JOIN (SELECT above, epoch, count(*) AS count, bit_xor(hash(leaf)) AS leaves FROM below WHERE kind = 'ward'
      GROUP BY above, epoch) wards ON wards.above = d.ix AND wards.epoch = d.epoch
JOIN below city ON city.leaf = d.ix AND city.epoch = d.epoch AND city.kind = 'district'
WHERE d.additive AND d.kind = 'district' AND d.level = 'ward'
    AND NOT EXISTS (FROM leaf_sum l WHERE l.sl = d.sl AND l.ix = d.ix AND l.t = d.t)
GROUP BY d.sl, city.above, d.t, d.epoch"""

# The value of every measure at every area: what is reported, else the sum over leaves, else what a city leaves.
AT_AREA = """
CREATE OR REPLACE TEMP TABLE at_area AS
WITH summed AS (
    SELECT l.sl, l.ix, l.t, l.value + coalesce(s.value, 0) AS value, greatest(l.status, s.status) AS status,
        greatest(l.vintage, s.vintage) AS vintage, l.present + coalesce(s.present, 0) AS present, l.due,
        xor(l.leaves, coalesce(s.leaves, 0)) AS leaves
    FROM leaf_sum l LEFT JOIN stand_in s ON s.sl = l.sl AND s.ix = l.ix AND s.t = l.t
    UNION ALL
    SELECT s.sl, s.ix, s.t, s.value, s.status, s.vintage, s.present, d.due, s.leaves
    FROM stand_in s
    JOIN (SELECT above, epoch, any_value(due) AS due FROM below WHERE kind = 'ward' GROUP BY above, epoch) d
        ON d.above = s.ix AND d.epoch = s.epoch
    WHERE NOT EXISTS (FROM leaf_sum l WHERE l.sl = s.sl AND l.ix = s.ix AND l.t = s.t)
),
rest AS (SELECT sl, t, value, status, vintage FROM direct WHERE kind = 'residual'),
city AS (SELECT * FROM direct WHERE kind = 'city' AND additive AND level = 'district')
SELECT d.sl, d.ix, d.t, d.value, d.status, d.vintage,
    CASE WHEN d.additive AND d.kind IN ('city', 'district') AND d.kind <> d.level THEN coalesce(n.due, 1) ELSE 1 END
        AS present,
    present AS due, NULL::UBIGINT AS leaves, NULL::DOUBLE AS rest
FROM direct d
LEFT JOIN (SELECT above, kind, epoch, any_value(due) AS due FROM below GROUP BY above, kind, epoch) n
    ON n.above = d.ix AND n.kind = d.level AND n.epoch = d.epoch
UNION ALL
SELECT s.sl, s.ix, s.t, s.value + coalesce(r.value, 0), greatest(s.status, r.status), greatest(s.vintage, r.vintage),
    s.present, s.due, s.leaves, r.value
FROM summed s
JOIN area a ON a.ix = s.ix
LEFT JOIN rest r ON r.sl = s.sl AND r.t = s.t AND a.kind = 'city'
WHERE NOT EXISTS (FROM direct d WHERE d.sl = s.sl AND d.ix = s.ix AND d.t = s.t)
UNION ALL
SELECT c.sl, u.ix, c.t, c.value - l.value, greatest(c.status, l.status), greatest(c.vintage, l.vintage), 1, 1, NULL, NULL
FROM city c
JOIN leaf_sum l ON l.sl = c.sl AND l.ix = c.ix AND l.t = c.t AND l.present = l.due
JOIN area u ON u.kind = 'residual'
WHERE NOT EXISTS (FROM rest r WHERE r.sl = c.sl AND r.t = c.t)"""

# Weighted means: value and weight of every leaf and component, the weight the newest one if it comes more rarely.
PAIR = """
CREATE OR REPLACE TEMP TABLE pair AS
WITH mean AS (SELECT DISTINCT measure, weight FROM term WHERE shape = 'wmean'),
x AS (
    SELECT m.weight, d.sl, d.ix, d.t, d.value, d.status, d.vintage, d.epoch, d.kind, d.level, s.slice, mx.by_leaf,
        mw.freq AS weight_freq, mw.carry_forward, (p.last_month + 1) AS ends
    FROM mean m
    JOIN slice s ON s.measure = m.measure
    JOIN measure mx ON mx.measure = m.measure
    JOIN measure mw ON mw.measure = m.weight
    JOIN direct d ON d.sl = s.sl
    JOIN period p ON p.freq = mx.freq AND p.t = d.t
),
weighted AS (
    SELECT x.*, (x.ends - 1) // CASE x.weight_freq WHEN 'A' THEN 12 WHEN 'Q' THEN 3 ELSE 1 END AS newest, w.sl AS weight_sl
    FROM x JOIN slice w ON w.measure = x.weight AND w.slice = x.slice
)
SELECT x.sl, x.ix, x.t, x.epoch, x.kind, x.level, x.by_leaf, any_value(x.value) AS value, any_value(x.status) AS status,
    any_value(x.vintage) AS vintage, arg_max({'value': w.value, 'status': w.status, 'vintage': w.vintage}, w.t) AS w
FROM weighted x JOIN direct w ON w.sl = x.weight_sl AND w.ix = x.ix AND w.t BETWEEN x.newest - x.carry_forward AND x.newest
GROUP BY ALL"""

# What displayed slices of a weighted mean consist of: `_T`, one component, or the components of a coarser member.
PAIR_SLICE = """
CREATE OR REPLACE TEMP TABLE pair_slice AS
SELECT FIRST_PAIR + dense_rank() OVER (ORDER BY measure, shown) AS sl, measure, shown, component
FROM (
    SELECT s.measure, unnest([s.slice, '_T', m.parent_slice]) AS shown, s.sl AS component
    FROM slice s LEFT JOIN member m ON m.slice = s.slice
    WHERE s.measure IN (SELECT measure FROM term WHERE shape = 'wmean')
)
WHERE shown IS NOT NULL
GROUP BY measure, shown, component""".replace("FIRST_PAIR", str(FIRST_PAIR))

PAIR_PART = """
CREATE OR REPLACE TEMP TABLE pair_part AS
SELECT d.sl, p.ix, p.t, p.ix AS leaf, hash(p.ix, p.sl) AS member, p.value * p.w.value AS num, p.w.value AS den,
    greatest(p.status, p.w.status) AS status, greatest(p.vintage, p.w.vintage) AS vintage, 1 AS due
FROM pair p JOIN pair_slice d ON d.component = p.sl
UNION ALL
SELECT d.sl, b.above, p.t, p.ix, hash(p.ix, p.sl), p.value * p.w.value, p.w.value, greatest(p.status, p.w.status),
    greatest(p.vintage, p.w.vintage), b.due
FROM pair p JOIN pair_slice d ON d.component = p.sl
JOIN below b ON b.leaf = p.ix AND b.epoch = p.epoch AND b.kind = p.kind
WHERE p.by_leaf AND p.kind = p.level"""

PAIR_MEAN = """
CREATE OR REPLACE TEMP TABLE pair_mean AS
SELECT sl, ix, t, sum(num) AS num, sum(den) AS den, max(status) AS status, max(vintage) AS vintage,
    count(DISTINCT leaf) AS present, any_value(due) AS due, bit_xor(member) AS leaves
FROM pair_part GROUP BY sl, ix, t"""

SHOWN = """
CREATE OR REPLACE TEMP TABLE shown AS
SELECT ind, '_T' AS shown FROM indicator
UNION
SELECT f.ind, CASE f.how WHEN 'member' THEN s.slice ELSE m.parent_slice END
FROM follows f
JOIN term USING (ind, k)
JOIN slice s ON s.measure = term.measure AND s.dimension = f.of
LEFT JOIN member m ON m.slice = s.slice
WHERE f.how IN ('member', 'components') AND (f.how = 'member' OR m.parent_slice IS NOT NULL)
    AND NOT EXISTS (FROM follows n WHERE n.ind = f.ind AND n.dimension = f.dimension AND n.how = 'never')"""

# The slice of its measure that a term takes when a slice is displayed.
TERM_SLICE = """
CREATE OR REPLACE TEMP TABLE term_slice AS
SELECT w.ind, w.shown, term.k, term.kind, term.shape, term.measure, term.back, term.carried, term.freq,
    CASE WHEN term.shape = 'wmean' THEN w.shown WHEN f.how = 'member' THEN w.shown ELSE '_T' END AS slice
FROM shown w
JOIN term USING (ind)
LEFT JOIN follows f ON f.ind = w.ind AND f.k = term.k AND f.dimension = split_part(w.shown, '=', 1)"""

# What the terms that are not carried read, on the calendar of the figure.
OWN = """
CREATE OR REPLACE TEMP TABLE own AS
WITH read AS (
    SELECT ts.ind, ts.shown, v.ix, v.t + ts.back * i.per_year AS t, ts.k, v.value, NULL::DOUBLE AS weight, v.status,
        v.vintage, v.present, v.due, v.leaves, v.rest, v.sl
    FROM term_slice ts
    JOIN indicator i USING (ind)
    JOIN slice s ON s.measure = ts.measure AND s.slice = ts.slice
    JOIN at_area v ON v.sl = s.sl
    WHERE NOT ts.carried AND ts.shape = 'plain'
    UNION ALL
    SELECT ts.ind, ts.shown, v.ix, v.t, ts.k, CASE ts.kind WHEN 'mean' THEN v.num ELSE v.num / v.den END,
        CASE ts.kind WHEN 'mean' THEN v.den END, v.status, v.vintage, v.present, v.due, v.leaves, NULL, v.sl
    FROM term_slice ts
    JOIN (SELECT DISTINCT sl, measure, shown FROM pair_slice) s ON s.measure = ts.measure AND s.shown = ts.slice
    JOIN pair_mean v ON v.sl = s.sl
    WHERE NOT ts.carried AND ts.shape = 'wmean'
)
SELECT r.*
FROM read r
JOIN indicator i USING (ind)
JOIN area a USING (ix)
JOIN shown_level l ON l.level = i.level AND l.kind = a.kind AND (NOT l.residual OR i.residual_shown)"""

CARRIED = """
CREATE OR REPLACE TEMP TABLE carried AS
WITH wanted AS (
    SELECT DISTINCT o.ind, o.shown, o.ix, o.t, ts.k, s.sl, m.carry_forward,
        (p.last_month - 12 * ts.back) // CASE ts.freq WHEN 'A' THEN 12 WHEN 'Q' THEN 3 ELSE 1 END AS newest
    FROM (SELECT DISTINCT ind, shown, ix, t FROM own) o
    JOIN indicator i USING (ind)
    JOIN term_slice ts ON ts.ind = o.ind AND ts.shown = o.shown AND ts.carried
    JOIN measure m ON m.measure = ts.measure
    JOIN slice s ON s.measure = ts.measure AND s.slice = ts.slice
    JOIN period p ON p.freq = i.base AND p.t = o.t
)
SELECT w.ind, w.shown, w.ix, w.t, w.k, arg_max({'value': v.value, 'status': v.status, 'vintage': v.vintage,
    'present': v.present, 'due': v.due, 'leaves': v.leaves}, v.t) AS v
FROM wanted w JOIN at_area v ON v.sl = w.sl AND v.ix = w.ix AND v.t BETWEEN w.newest - w.carry_forward AND w.newest
GROUP BY ALL"""


def _columns(words, names=""):
    return ", ".join(words.format(k=k) for k in TERMS)


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


# Incomplete values again at what they are compared with, over just the leaves that they have.
LIKE_LEAVES = """
CREATE OR REPLACE TEMP TABLE like_leaves AS
WITH parts AS (
    SELECT sl, ix, t, member, num, den FROM pair_part
    UNION ALL
    SELECT d.sl, b.above, d.t, hash(d.ix), d.value, NULL
    FROM direct d JOIN below b ON b.leaf = d.ix AND b.epoch = d.epoch AND b.kind = d.level
    WHERE d.additive AND d.kind = d.level
),
here AS (
    SELECT DISTINCT o.sl, o.ix, o.t - term.back * i.per_year AS t, o.t AS shown_t, i.per_year, o.rest IS NOT NULL AS has_rest,
        term.back * i.per_year AS back
    FROM own o JOIN indicator i USING (ind) JOIN term USING (ind, k)
    WHERE o.present < o.due AND o.leaves IS NOT NULL
),
paired AS (
    SELECT *, unnest([shown_t - per_year, shown_t - 1, shown_t - 3, shown_t // per_year * per_year - 1]) - back AS there FROM here
)
SELECT h.sl, h.ix, h.t, h.there, sum(b.num) + coalesce(any_value(r.value), 0) AS num, sum(b.den) AS den
FROM (SELECT DISTINCT sl, ix, t, there, has_rest FROM paired) h
JOIN parts a ON a.sl = h.sl AND a.ix = h.ix AND a.t = h.t
LEFT JOIN parts b ON b.sl = h.sl AND b.ix = h.ix AND b.t = h.there AND b.member = a.member
LEFT JOIN direct r ON h.has_rest AND r.kind = 'residual' AND r.sl = h.sl AND r.t = h.there
GROUP BY h.sl, h.ix, h.t, h.there, h.has_rest
HAVING count(b.num) = count(*) AND (NOT h.has_rest OR any_value(r.value) IS NOT NULL)"""


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
    FROM read_parquet({_files(targets)}) WHERE org_code = '_T' GROUP BY ALL
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


# How many base periods are due, for every area that lives at their end: in a period, and since January.
DUE = """
CREATE TABLE living AS
SELECT a.ix, p.freq AS base, p.t, p.last_month + 1 AS ends, p.year
FROM area a JOIN period p ON p.last_day BETWEEN a.valid_from AND a.valid_to;
CREATE TABLE since AS
SELECT ix, base, t, count(*) OVER (PARTITION BY ix, base, year ORDER BY t) AS count FROM living;
CREATE TABLE due AS
SELECT l.ix, l.base, f.freq, (l.ends - 1) // f.months AS p, count(*) AS count, max(l.t) AS last_t
FROM living l JOIN (VALUES ('M', 1), ('Q', 3), ('A', 12)) f(freq, months) ON f.months >= CASE l.base WHEN 'M' THEN 1 WHEN 'Q' THEN 3 ELSE 12 END
GROUP BY ALL"""
