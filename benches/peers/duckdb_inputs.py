"""From the lake's files to what the terms of every indicator read, as steps in SQL. See duckdb_compute.py."""

# Numbers of displayed slices of weighted means, so that they never meet those of measures.
FIRST_PAIR = 1_000_000
RANK = "CASE obs_status WHEN 'A' THEN 4 WHEN 'B' THEN 4 WHEN 'P' THEN 3 WHEN 'E' THEN 2 WHEN 'F' THEN 1 ELSE 0 END"
FIRMNESS = "CASE obs_status WHEN 'A' THEN 0 WHEN 'B' THEN 1 WHEN 'P' THEN 2 WHEN 'E' THEN 3 WHEN 'F' THEN 4 ELSE 5 END"


def files(paths):
    return "[" + ", ".join("'" + str(p).replace("'", "''") + "'" for p in paths) + "]"


def counting(paths):
    """Of all vintages of a key the one that counts."""
    return f"""
CREATE OR REPLACE TEMP TABLE counting AS
SELECT measure_code AS measure, area_code AS code, org_code AS org, breakdown AS slice, period, value,
    {FIRMNESS} AS status, epoch_us(vintage) AS vintage
FROM read_parquet({files(paths)})
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
