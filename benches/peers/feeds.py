"""The same files taken into the same columns in DuckDB and in Polars: delimited text by unit code, and JSON.

Both read all files of the feeds, unpivot the declared columns, translate labels and periods, parse Vietnamese numbers,
drop what is not in the catalogue and write one Parquet file. The engine does that and more: it keeps the raw bytes,
judges every file by its contract, compares every value with what it knew before, and commits to its tables durably.
"""

import tomllib

import duckdb
import polars as pl

FEEDS = ("bhxh", "so_tttt", "so_xd", "so_yt", "vp_ubnd")
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
OBSERVED = ("measure_code", "area_code", "breakdown", "period", "value", "obs_status", "vintage", "feed")


class FeedFiles:
    """A declared feed: its files and what the mapping says of their columns."""

    def __init__(self, project, code):
        declared = tomllib.loads((project / "indicators" / "feeds" / f"{code}.toml").read_text(encoding="utf-8"))
        rule = {**declared.get("all", {}), **declared["map"][0]}
        self.code = code
        self.files = sorted(str(p) for p in (project / "data-samples").glob(declared["connector"]["glob"]))
        self.is_json = declared["format"] == "json"
        self.area, self.period = rule["area"]["column"], rule["period"]["column"]
        self.breakdown, self.published = rule["breakdown"]["column"], declared["published"]["column"]
        self.labels = list(declared["codes"]["breakdown"].items())
        self.measures = []
        for rule in declared["map"]:
            measure = rule["measure"]
            columns = measure["columns"] if isinstance(measure, dict) else {rule["value"]: measure}
            self.measures += [(column, code, rule.get("scale", 1.0)) for column, code in columns.items()]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def named(text):
    return '"' + text.replace('"', '""') + '"'


# -- DuckDB -------------------------------------------------------------------------------------------------------

PERIOD = """CASE WHEN period LIKE 'T%' THEN split_part(period, '/', 2) || '-' || lpad(split_part(period[2:], '/', 1), 2, '0')
    WHEN period LIKE 'Quý %' THEN split_part(period, '/', 2) || '-Q'
        || CASE split_part(period[5:], '/', 1) WHEN 'I' THEN 1 WHEN 'II' THEN 2 WHEN 'III' THEN 3 ELSE 4 END
    WHEN period LIKE 'Năm %' THEN period[5:]
    WHEN length(period) = 6 THEN period[1:4] || '-' || period[5:] ELSE period END"""


def ingest_duckdb(connection, feeds, target):
    """Reads all files of the feeds into one Parquet file, feed by feed; gives the number of rows."""
    connection.execute("DROP TABLE IF EXISTS observed")
    for feed in feeds:
        files = "[" + ", ".join(map(quoted, feed.files)) + "]"
        source = (f"(SELECT unnest(data, max_depth := 2) FROM read_json({files}, union_by_name = true))"
                  if feed.is_json else f"read_csv({files}, delim = ';', header = true, all_varchar = true, union_by_name = true,"
                       " quote = '\"', strict_mode = false, null_padding = true)")
        columns = ", ".join(f"{named(c)}::VARCHAR AS {named(c)}" for c, _, _ in feed.measures)
        labels = ", ".join(f"({quoted(said)}, {quoted(code)})" for said, code in feed.labels)
        measures = ", ".join(f"({quoted(c)}, {quoted(m)}, {scale})" for c, m, scale in feed.measures)
        thousands = "said" if feed.is_json else "replace(replace(said, '.', ''), ',', '.')"
        rows = f"""
SELECT m.code AS measure_code, area AS area_code, l.code AS breakdown, {PERIOD} AS period,
    CASE said WHEN '-' THEN 0.0 WHEN '...' THEN NULL ELSE {thousands}::DOUBLE * m.scale END AS value,
    CASE said WHEN '...' THEN 'M' ELSE 'A' END AS obs_status,
    strptime(published, ['%d/%m/%Y', '%Y%m%d']) + INTERVAL 2 HOUR AS vintage, {quoted(feed.code)} AS feed
FROM (UNPIVOT (SELECT {named(feed.area)} AS area, {named(feed.period)}::VARCHAR AS period, {named(feed.breakdown)} AS label,
                      {named(feed.published)}::VARCHAR AS published, {columns} FROM {source})
      ON COLUMNS(* EXCLUDE (area, period, label, published)) INTO NAME said_as VALUE said)
JOIN (VALUES {labels}) l(label, code) USING (label)
JOIN (VALUES {measures}) m(said_as, code, scale) USING (said_as)"""
        connection.execute(f"{'CREATE TEMP TABLE observed AS' if feed is feeds[0] else 'INSERT INTO observed'} {rows}")
    return connection.execute(f"""
COPY (SELECT o.* FROM observed o JOIN measure m ON m.measure = o.measure_code
      JOIN period p ON p.freq = m.freq AND p.name = o.period
      JOIN area a ON a.code = o.area_code AND p.last_day BETWEEN a.valid_from AND a.valid_to)
TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)""").fetchone()[0]


# -- Polars -------------------------------------------------------------------------------------------------------

def ingest_polars(feeds, dimensions, target):
    """The same with lazy frames; gives the number of rows."""
    measure, period, area = (pl.from_arrow(dimensions[name]).lazy() for name in ("measure", "period", "area"))
    rows = pl.concat([_polars_rows(feed) for feed in feeds])
    placed = (
        rows.join(measure.select(measure_code="measure", freq="freq"), on="measure_code")
        .join(period.select("freq", "last_day", period="name"), on=["freq", "period"])
        .join(area.select("valid_from", "valid_to", area_code="code"), on="area_code")
        .filter(pl.col("last_day").is_between("valid_from", "valid_to"))
        .select(OBSERVED)
        .collect()
    )
    placed.write_parquet(target, compression="zstd")
    return placed.height


def _polars_rows(feed):
    key = {feed.area: "area_code", feed.period: "period_said", feed.breakdown: "label", feed.published: "published"}
    columns = [c for c, _, _ in feed.measures]
    if feed.is_json:
        schema = {c: pl.String for c in key} | {c: pl.Float64 for c in columns}
        data = pl.List(pl.Struct(schema))
        frames = [pl.read_json(f, schema={"data": data}).explode("data").unnest("data").lazy() for f in feed.files]
    else:
        # A correction may name fewer columns than the year it corrects.
        frames = [pl.scan_csv(f, separator=";", infer_schema=False, encoding="utf8-lossy") for f in feed.files]
    table = pl.concat(frames, how="diagonal").rename(key)
    long = table.unpivot(on=columns, index=list(key.values()), variable_name="said_as", value_name="said").drop_nulls("said")
    return long.join(_frame(("label", "breakdown"), feed.labels), on="label").join(
        _frame(("said_as", "measure_code", "scale"), feed.measures), on="said_as"
    ).select(
        "measure_code", "area_code", "breakdown", _polars_period().alias("period"), _polars_value(feed).alias("value"),
        (pl.lit("A") if feed.is_json else pl.when(pl.col("said") == "...").then(pl.lit("M")).otherwise(pl.lit("A")))
        .alias("obs_status"),
        (pl.col("published").str.to_datetime("%Y%m%d" if feed.is_json else "%d/%m/%Y") + pl.duration(hours=2))
        .alias("vintage"),
        pl.lit(feed.code).alias("feed"),
    )


def _frame(names, rows):
    return pl.LazyFrame({name: [row[n] for row in rows] for n, name in enumerate(names)})


def _polars_period():
    said = pl.col("period_said")
    last = said.str.split("/").list.last()
    first = said.str.split("/").list.first()
    quarter = first.str.slice(4).replace_strict(ROMAN, default=None, return_dtype=pl.Int8).cast(pl.String)
    return (
        pl.when(said.str.starts_with("T")).then(last + "-" + first.str.slice(1).str.zfill(2))
        .when(said.str.starts_with("Quý ")).then(last + "-Q" + quarter)
        .when(said.str.starts_with("Năm ")).then(said.str.slice(4))
        .when(said.str.len_chars() == 6).then(said.str.slice(0, 4) + "-" + said.str.slice(4))
        .otherwise(said)
    )


def _polars_value(feed):
    said = pl.col("said")
    if feed.is_json:
        return said * pl.col("scale")
    number = said.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return pl.when(said == "-").then(0.0).otherwise(number) * pl.col("scale")
