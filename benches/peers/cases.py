"""Cases counted from the same Parquet files by the engine, DuckDB and Polars.

The work is the engine's: received, closed, closed on time, due and overdue by month for every ward, ward and category,
ward and channel, authority, authority and category. The engine counts open and overdue stocks and their age bands
besides; the peers do not.
"""

import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

import duckdb
import polars as pl

ROUNDS = 5
GROUPS = [
    ["area_code"],
    ["area_code", "category_code"],
    ["area_code", "channel"],
    ["org_code"],
    ["org_code", "category_code"],
]
#: As of this instant, in UTC: the end of 2023 in the city.
CUT = "2023-12-31 17:00:00"


def median_of(work):
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - began)
    return sorted(times)[ROUNDS // 2], result


def ours(binary, folder, project):
    """Seconds that the engine says, without process start; and the totals it prints."""
    times, rows = [], None
    for _ in range(ROUNDS):
        done = subprocess.run(
            [binary, "count", folder, "--as-of", "2023-12-31T23:59:59+07:00", "--format", "csv"],
            cwd=project, check=True, capture_output=True, text=True,
        )
        times.append(float(re.search(r"counted in ([0-9.]+) s", done.stderr).group(1)))
        rows = done.stdout
    lines = [line.split(",") for line in rows.strip().splitlines()]
    names, lines = lines[0], lines[1:]
    totals = {name: sum(int(line[k]) for line in lines) for k, name in enumerate(names) if k > 1}
    return sorted(times)[ROUNDS // 2], totals


def duck(folder):
    """Set-based SQL, the fastest of the ways that were tried: per timestamp one aggregate over all keys together, straight
    from the files, and the groups from that."""
    con = duckdb.connect()
    con.execute("SET threads = 2; SET TimeZone = 'UTC'")
    con.execute(f"""
        CREATE VIEW base AS
        SELECT area_code, org_code, category_code, channel, received_at::TIMESTAMP AS received_at,
               due_at::TIMESTAMP AS due_at, given_up,
               CASE WHEN given_up THEN coalesce(resolved_at, least(closed_at, source_updated_at))::TIMESTAMP
                   ELSE answered END AS ended,
               CASE WHEN NOT given_up THEN answered END AS answered
        FROM (SELECT *, status IN ('rejected', 'merged') AS given_up,
                     CASE WHEN resolved_at < '{CUT}' THEN resolved_at::TIMESTAMP END AS answered
              FROM read_parquet('{folder}/*.parquet'))
        WHERE received_at < '{CUT}'""")
    stamps = {
        "received_at": ({"received": "count(*)"}, "true"),
        "answered": (
            {"closed": "count(*)", "closed_on_time": "count(*) FILTER (WHERE due_at IS NULL OR answered <= due_at)"}, "true"),
        "due_at": (
            {"due": "count(*)", "overdue": "count(*) FILTER (WHERE ended IS NULL OR ended > due_at)"},
            f"due_at < '{CUT}' AND NOT coalesce(given_up AND ended < due_at, false)"),
    }

    def work():
        totals = {}
        for stamp, (counts, where) in stamps.items():
            local = f"({stamp} + INTERVAL 7 HOUR)"
            fine = ", ".join(f"{count} AS {name}" for name, count in counts.items())
            con.execute(f"""
                CREATE OR REPLACE TEMP TABLE fine AS
                SELECT area_code, org_code, category_code, channel, (year({local}) * 12 + month({local}))::INTEGER AS m, {fine}
                FROM base WHERE {stamp} IS NOT NULL AND {where} GROUP BY ALL""")
            sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in counts)
            for group in GROUPS:
                con.execute(f"CREATE OR REPLACE TEMP TABLE out AS SELECT {', '.join(group)}, m, {sums} FROM fine GROUP BY ALL")
                if group == ["area_code"]:
                    totals.update(zip(counts, con.execute(f"SELECT {sums} FROM out").fetchone()))
        return totals

    return median_of(work)


def polars(folder):
    month = lambda c: (pl.col(c).dt.year().cast(pl.Int32) * 12
                       + pl.col(c).dt.month().cast(pl.Int32))
    cut = pl.lit(CUT).str.to_datetime(time_unit="us").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Ho_Chi_Minh")
    given_up = pl.col("status").cast(pl.String).is_in(["rejected", "merged"])
    answered = pl.when(~given_up & (pl.col("resolved_at") < cut)).then(pl.col("resolved_at"))
    ended = pl.when(given_up).then(pl.coalesce("resolved_at", pl.min_horizontal("closed_at", "source_updated_at"))).otherwise(answered)
    columns = ["area_code", "org_code", "category_code", "channel", "received_at", "due_at", "resolved_at", "closed_at", "source_updated_at", "status"]

    def work():
        base = (
            pl.scan_parquet(f"{folder}/*.parquet").select(columns).filter(pl.col("received_at") < cut)
            .with_columns(ended=ended, answered=answered, given_up=given_up)
            .with_columns(mr=month("received_at"), mc=month("answered"), md=month("due_at"))
            .collect()
        )
        on_time = pl.col("due_at").is_null() | (pl.col("answered") <= pl.col("due_at"))
        late = pl.col("ended").is_null() | (pl.col("ended") > pl.col("due_at"))
        falls = (pl.col("due_at") < cut) & ~(pl.col("given_up") & (pl.col("ended") < pl.col("due_at")).fill_null(False))
        totals = {}
        for group in GROUPS:
            received = base.lazy().group_by(group + ["mr"]).agg(received=pl.len())
            closed = (base.lazy().filter(pl.col("answered").is_not_null()).group_by(group + ["mc"])
                      .agg(closed=pl.len(), closed_on_time=on_time.sum()))
            due = base.lazy().filter(falls).group_by(group + ["md"]).agg(due=pl.len(), overdue=late.sum())
            results = pl.collect_all([received, closed, due])
            if group == ["area_code"]:
                for frame in results:
                    totals.update({n: frame[n].sum() for n in frame.columns if n not in ("area_code", "mr", "mc", "md")})
        return totals

    return median_of(work)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", required=True)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--cases", type=int, default=10_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([options.binary, "sample", folder, "--cases", str(options.cases), "--months", "60",
                        "--case-format", "parquet"], cwd=options.project, check=True, capture_output=True)
        cases = str(Path(folder) / "cases")
        subprocess.run(["cat", *map(str, Path(cases).glob("*.parquet"))], stdout=subprocess.DEVNULL, check=True)
        us, totals = ours(options.binary, cases, options.project)
        them, duck_totals = duck(cases)
        polar, polars_totals = polars(cases)
    for name, peer in (("DuckDB", duck_totals), ("Polars", polars_totals)):
        wrong = {n: (totals[n], peer[n]) for n in ("received", "closed", "closed_on_time", "due", "overdue") if totals[n] != peer[n]}
        print(f"cases counted: totals equal {name}'s" if not wrong else f"cases counted: {name} differs: {wrong}")
    rate = options.cases / us / 1e6
    print(f"cases, full count of {options.cases / 1e6:g} million ({rate:.1f} million/s): ours {us:.2f} s, DuckDB {them:.2f} s, "
          f"Polars {polar:.2f} s, ratio {us / them:.2f}")


if __name__ == "__main__":
    main()
