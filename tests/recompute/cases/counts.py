"""Rounds and stints in DuckDB, counted there by plain SQL as of one instant.

A span is a round or a stint. `flows` is what happens to spans and when; `stocks` is what is open right before the end
of each month (or before the cut) and how late that is. Everything else is grouping.
"""

import csv
import pathlib
import tempfile

import duckdb

from cases.fold import fold

MEASURES = ("received", "closed", "closed_on_time", "overdue", "due", "dispatched_5min", "dispatched",
            "closed_reopened_30d", "rated_satisfied", "rated", "rerouted")

TABLES = """
CREATE TABLE cases (id VARCHAR, channel VARCHAR, category VARCHAR, place VARCHAR, place_span INT, district VARCHAR,
    district_span INT, is_ward BOOLEAN, org VARCHAR, received BIGINT);
CREATE TABLE spans (span INT, kind VARCHAR, case_id VARCHAR, number INT, round INT, org VARCHAR, origin VARCHAR,
    start BIGINT, finish BIGINT, ending VARCHAR, dispatched BIGINT, returned BIGINT, reopened BIGINT, rated BIGINT,
    satisfied BOOLEAN, worked BIGINT, original BIGINT, due BIGINT, last_org VARCHAR);
CREATE TABLE steps (span INT, since BIGINT, due BIGINT);
CREATE TABLE work_days (day INT, nth INT);
"""

# What happens, at which second; `basis` is 'original' for what is counted by the first deadline only.
FLOWS = """
CREATE VIEW happened AS
WITH s AS (SELECT *, kind = 'round' AS is_round, coalesce(finish, 1000000000000) AS until FROM spans),
by_due AS (
    SELECT *, 'effective' AS basis, due AS d FROM s WHERE due IS NOT NULL
    UNION ALL SELECT *, 'original', original FROM s WHERE original IS NOT NULL),
-- A deadline that came while the span had not been given up.
fell AS (SELECT * FROM by_due WHERE d < getvariable('cut')
         AND NOT (ending IN ('rejected', 'merged', 'transferred', 'returned') AND until < d))
SELECT span, origin AS measure, '' AS basis, start AS moment FROM s
UNION ALL SELECT span, 'closed', '', finish FROM s WHERE ending = 'answered'
UNION ALL SELECT span, 'rejected', '', finish FROM s WHERE ending = 'rejected'
UNION ALL SELECT span, 'merged', '', finish FROM s WHERE ending = 'merged'
UNION ALL SELECT span, 'transferred_out', '', finish FROM s WHERE ending IN ('transferred', 'returned')
UNION ALL SELECT span, 'closed_on_time', 'effective', finish FROM s
    WHERE ending = 'answered' AND NOT coalesce(finish > due, false)
UNION ALL SELECT span, 'closed_on_time', 'original', finish FROM s
    WHERE ending = 'answered' AND NOT coalesce(finish > original, false)
UNION ALL SELECT span, 'due', basis, d FROM fell
UNION ALL SELECT span, 'overdue', basis, d FROM fell WHERE until > d
UNION ALL SELECT span, 'dispatched', '', dispatched FROM s WHERE dispatched IS NOT NULL
UNION ALL SELECT span, 'dispatched_5min', '', dispatched FROM s WHERE dispatched - start <= 300
UNION ALL SELECT span, 'rerouted', '', dispatched FROM s WHERE dispatched IS NOT NULL AND returned IS NOT NULL
UNION ALL SELECT span, 'closed_reopened_30d', '', finish FROM s
    WHERE ending = 'answered' AND reopened - finish <= 30 * 86400
UNION ALL SELECT span, 'rated', '', rated FROM s WHERE rated IS NOT NULL
UNION ALL SELECT span, 'rated_satisfied', '', rated FROM s WHERE rated IS NOT NULL AND satisfied;

-- Months since year 0 of a second of the wall clock.
CREATE MACRO month_of(moment) AS
    year(make_timestamp(moment * 1000000)) * 12 + month(make_timestamp(moment * 1000000)) - 1;
CREATE MACRO start_of(m) AS epoch(make_timestamp((m // 12)::INT, (m % 12 + 1)::INT, 1, 0, 0, 0.0))::BIGINT;

CREATE TABLE flows AS SELECT *, month_of(moment) AS month FROM happened;
CREATE TABLE months AS SELECT month, least(start_of(month + 1), getvariable('cut')) AS e
    FROM range((SELECT min(month) FROM flows), month_of(getvariable('cut') - 1) + 1) t(month);
"""

STOCKS = """
CREATE MACRO open_at(moments) AS TABLE
    WITH looks AS (SELECT * FROM query_table(moments)),
    stands AS (
        SELECT l.month, l.e, s.span, s.start FROM looks l JOIN spans s ON s.start < l.e
        AND (s.finish IS NULL OR s.finish >= l.e)),
    dated AS (
        SELECT o.*, p.due FROM (SELECT *, e - 1 AS look FROM stands) o
        ASOF LEFT JOIN steps p ON o.span = p.span AND o.look >= p.since)
    SELECT d.month, d.e, d.span,
        CASE WHEN (e - start) // 86400 < 5 THEN 'under_5d' WHEN (e - start) // 86400 <= 15 THEN '5_15d'
            WHEN (e - start) // 86400 <= 30 THEN '16_30d' ELSE 'over_30d' END AS age_band,
        coalesce(d.due < e, false) AS is_overdue,
        CASE WHEN d.due < e THEN
            (SELECT count(*) FROM work_days w WHERE w.day > d.due // 86400 AND w.day <= (e - 1) // 86400) END
            AS late_days
    FROM dated d;
CREATE TABLE stocks AS SELECT *,
    CASE WHEN late_days IS NULL THEN NULL WHEN late_days <= 5 THEN '1_5d' WHEN late_days <= 10 THEN '6_10d'
        WHEN late_days <= 30 THEN '11_30d' ELSE 'over_30d' END AS late_band
    FROM open_at('months');
"""

# Every count by month, area, authority and breakdown as the table of figures has them.
CELLS = """
CREATE VIEW counted AS
    SELECT month, span, 'cases_' || measure AS measure, basis, '' AS age_band, '' AS late_band FROM flows
    UNION ALL SELECT month, span, 'cases_open', '', age_band, '' FROM stocks
    UNION ALL SELECT month, span, 'cases_open_overdue', '', '', late_band FROM stocks WHERE is_overdue;
CREATE TABLE wide AS
    SELECT c.month, c.measure, c.basis, c.age_band, c.late_band, s.kind, s.org, k.channel, k.category, k.place,
        k.place_span, k.is_ward, k.district, k.district_span
    FROM counted c JOIN spans s USING (span) JOIN cases k ON k.id = s.case_id;
CREATE TABLE cells AS
WITH r AS (SELECT * FROM wide WHERE kind = 'round'),
total AS (SELECT * FROM r WHERE basis <> 'original'),
broken AS (
    SELECT month, measure, district, district_span, '_T' AS breakdown FROM total
    UNION ALL SELECT month, measure, district, district_span, 'channel=' || channel FROM total
    UNION ALL SELECT month, measure, district, district_span, 'field=' || category FROM total
    UNION ALL SELECT month, measure, district, district_span, 'age_band=' || age_band FROM r WHERE age_band <> ''
    UNION ALL SELECT month, measure, district, district_span, 'overdue_days_band=' || late_band FROM r
        WHERE late_band <> ''
    UNION ALL SELECT month, measure, district, district_span, 'deadline_basis=' || basis FROM r WHERE basis <> '')
SELECT measure, '79' AS area, 0 AS area_span, '_T' AS org, breakdown, month, count(*) AS n FROM broken GROUP BY ALL
UNION ALL SELECT measure, district, district_span, '_T', breakdown, month, count(*) FROM broken
    WHERE district IS NOT NULL GROUP BY ALL
UNION ALL SELECT measure, '79-U', 0, '_T', '_T', month, count(*) FROM total WHERE district IS NULL GROUP BY ALL
UNION ALL SELECT measure, place, place_span, '_T', '_T', month, count(*) FROM total WHERE is_ward GROUP BY ALL
UNION ALL SELECT measure, '79', 0, org, '_T', month, count(*) FROM wide
    WHERE kind = 'stint' AND basis <> 'original' GROUP BY ALL;
"""

# Handling hours of answered spans: exact quantiles over every month, quarter, year and year to date.
QUANTILES = """
CREATE TABLE hours AS
WITH answered AS (
    SELECT month_of(s.finish) AS month, s.worked / 3600 AS h, s.kind, s.org, k.* EXCLUDE (org)
    FROM spans s JOIN cases k ON k.id = s.case_id WHERE s.ending = 'answered'),
grouped AS (
    SELECT month, h, '79' AS area, 0 AS area_span, '_T' AS org, unnest(['_T', 'channel=' || channel,
        'field=' || category]) AS breakdown FROM answered WHERE kind = 'round'
    UNION ALL SELECT month, h, district, district_span, '_T', unnest(['_T', 'channel=' || channel,
        'field=' || category]) FROM answered WHERE kind = 'round' AND district IS NOT NULL
    UNION ALL SELECT month, h, '79-U', 0, '_T', '_T' FROM answered WHERE kind = 'round' AND district IS NULL
    UNION ALL SELECT month, h, place, place_span, '_T', '_T' FROM answered WHERE kind = 'round' AND is_ward
    UNION ALL SELECT month, h, '79', 0, org, '_T' FROM answered WHERE kind = 'stint'),
windows AS (
    SELECT month, 'M' AS freq, month AS nth FROM months UNION ALL SELECT month, 'Q', month // 3 FROM months
    UNION ALL SELECT month, 'A', month // 12 FROM months
    UNION ALL SELECT m.month, 'ytd', t.month FROM months m JOIN months t
        ON m.month // 12 = t.month // 12 AND m.month <= t.month)
SELECT area, area_span, org, breakdown, freq, nth, quantile_cont(h, 0.5) AS median, quantile_cont(h, 0.9) AS p90,
    count(*) AS n FROM grouped JOIN windows USING (month) GROUP BY ALL;
"""


class Book:
    """All cases as of a moment (seconds of the wall clock), folded and laid into DuckDB."""

    def __init__(self, export, deadlines, clock, until):
        self.until, self.db = until, duckdb.connect()
        self.db.execute("SET threads = 2; SET TimeZone = 'UTC'")
        self.db.execute(TABLES)
        self.db.execute(f"SET VARIABLE cut = {until + 1}::BIGINT")
        with tempfile.TemporaryDirectory() as folder:
            self.write(pathlib.Path(folder), export, deadlines, clock)
            for table in ("cases", "spans", "steps", "work_days"):
                self.db.execute(f"COPY {table} FROM '{folder}/{table}.csv' (FORMAT csv, NULL '~')")
        self.db.execute(FLOWS)
        self.db.execute(STOCKS)

    def write(self, folder, export, deadlines, clock):
        files = {name: open(folder / f"{name}.csv", "w", encoding="utf-8", newline="")
                 for name in ("cases", "spans", "steps", "work_days")}
        put = {name: csv.writer(f).writerow for name, f in files.items()}
        spans = 0
        for case in export.cases.values():
            if case.received > self.until:
                continue
            put["cases"](filled(case.id, case.channel, case.category, *(case.place or (None, None)),
                                *(case.district or (None, None)), bool(case.place) and case.place != case.district,
                                case.org, case.received))
            rounds, stints = fold(case, deadlines, clock, self.until)
            for span in rounds + stints:
                spans += 1
                last_org = next((s.org for s in reversed(stints) if s.round == span.number), None)
                put["spans"](span_row(spans, case, span, rounds, last_org if span.org is None else span.org))
                # Of two steps at one moment the later counts.
                for since, due in dict(span.timer.steps).items():
                    put["steps"](filled(spans, since, due))
        for nth, day in enumerate(clock.days):
            put["work_days"]((day, nth))
        for f in files.values():
            f.close()

    def count(self):
        """Lays out every count by month as `cells` and the quantiles as `hours`."""
        self.db.execute(CELLS)
        self.db.execute(QUANTILES)
        return self

    def rows(self, question, *values):
        return self.db.execute(question, values).fetchall()


def origin_of(span, rounds):
    if span.org is None:
        return "received" if span.number == 1 else "reopened"
    if span.first_of_org:
        return "received"
    begun = rounds[span.round - 1].start == span.start
    return "reopened" if span.round > 1 and begun else "transferred_in"


def span_row(number, case, span, rounds, last_org):
    steps = span.timer.steps
    return filled(number, "round" if span.org is None else "stint", case.id, span.number, span.round, span.org,
                  origin_of(span, rounds), span.start, span.end, span.ending, span.dispatched, span.returned,
                  span.reopened, span.rated, span.satisfied, span.worked, steps[0][1] if steps else None,
                  steps[-1][1] if steps else None, last_org)


def filled(*values):
    return ["~" if v is None else v for v in values]
