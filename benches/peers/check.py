"""Whether a peer computed what the engine published: every figure, every column."""

from lake import active_files

COLUMNS = ("value", "numerator", "denominator", "obs_status", "complete", "periods_present", "periods_due", "areas_present",
           "areas_due", "prev_value", "yoy_value", "ytd_value", "ytd_complete", "ytd_yoy_value", "dec_value", "target_value")
FLOATS = {c for c in COLUMNS if c.endswith("value") or c in ("numerator", "denominator")}


def compare(connection, codes, lake):
    """(figures that are the same in every column, figures that are not) of some indicators; the peer's are the table
    `figures` of a DuckDB connection."""
    files = "[" + ", ".join(f"'{f}'" for f in active_files(lake / "indicator_values")) + "]"
    columns = ", ".join(COLUMNS)
    same = " AND ".join(_same(c) for c in COLUMNS)
    return connection.execute(f"""
WITH ours AS (
    SELECT indicator_code AS ind, area_code AS code, breakdown AS shown, freq, period, {columns},
        epoch_us(vintage) AS vintage
    FROM read_parquet({files}, hive_partitioning = false)
    WHERE org_code = '_T' AND list_contains(?, indicator_code)
)
SELECT count_if(equal), count_if(NOT equal) FROM (
    SELECT coalesce({same} AND ours.vintage = figures.vintage, false) AS equal
    FROM ours FULL JOIN figures USING (ind, code, shown, freq, period)
)""", [codes]).fetchone()


def _same(column):
    ours, theirs = f"ours.{column}", f"figures.{column}"
    if column not in FLOATS:
        return f"{ours} = {theirs}"
    close = f"abs({ours} - {theirs}) <= 1e-9 * greatest(abs({ours}), abs({theirs}))"
    return f"coalesce({close}, {ours} IS NULL AND {theirs} IS NULL)"
