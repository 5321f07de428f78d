"""The same computation in Polars: lazy frames, one step after the other, as in duckdb_compute.py.

Weighted means are left out besides; the rest is the same, column by column.
"""

import polars as pl

from dimensions import TERMS_MAX, chosen, representatives, tables
from formula import Aggregate

TERMS = range(TERMS_MAX)
KEY = ["measure_code", "area_code", "org_code", "breakdown", "period"]
RANK = {"A": 4, "B": 4, "P": 3, "E": 2, "F": 1, "M": 0}
FIRMNESS = {"A": 0, "B": 1, "P": 2, "E": 3, "F": 4, "M": 5}
LAGS = ("year", "one", "three", "december")


class PolarsPeer:
    """The catalogue as frames."""

    def __init__(self, catalog):
        indicators, self.left_out = chosen(catalog)
        self.left_out.update({i.code: "weighted mean" for i in indicators if any(t.inner == "wmean" for t in i.terms)})
        self.indicators = [i for i in indicators if i.code not in self.left_out]
        self.formulas = representatives(indicators)
        frames = {name: pl.from_arrow(table) for name, table in tables(catalog).items()}
        codes = [i.code for i in self.indicators]
        for name in ("indicator", "term", "follows", "frequency"):
            frames[name] = frames[name].filter(pl.col("ind").is_in(codes))
        self.d = {name: frame.lazy() for name, frame in frames.items()}
        self.d.update({name: frame.lazy() for name, frame in _due(self.d).items()})

    def compute(self, observations, targets):
        """Everything from the lake's files to a frame of figures."""
        d = self.d
        counting = _counting(observations).collect()
        slices = counting.select("measure", slice="breakdown").unique().with_row_index("sl")
        direct = _direct(counting.lazy(), slices.lazy(), d).collect()
        at_area = _at_area(direct.lazy(), d).collect()
        term_slice = _term_slice(slices.lazy(), d).collect()
        own = _own(term_slice.lazy(), at_area.lazy(), d).collect()
        carried = _carried(own.lazy(), term_slice.lazy(), at_area.lazy(), d)
        base = _base(own.lazy(), carried, d).collect()
        compared = _compared(base, _like_leaves(own.lazy(), direct.lazy(), d).collect())
        running = _running(base.lazy(), compared.lazy())
        gathered = _gathered(base.lazy(), compared.lazy(), d)
        return self._figures(gathered, running, targets).collect()

    def _figures(self, gathered, running, targets):
        d = self.d
        rows = (
            gathered.join(running, left_on=["series", "last_t"], right_on=["series", "t"])
            .join(d["indicator"], on="ind")
            .join(d["area"], on="ix")
            .join(d["period"].select("freq", "last_day", p="t", period="name"), on=["freq", "p"])
            .filter(~pl.col("kind").is_in(["district", "ward"]) | pl.col("last_day").is_between("valid_from", "valid_to"))
            .join(d["due"], on=["ix", "base", "freq", "p"])
            .join(d["since"].select("ix", "base", due_last_t="t", since_due="count"), on=["ix", "base", "due_last_t"])
            .join(d["since"].select("ix", "base", last_t="t", so_far_due="count"), on=["ix", "base", "last_t"])
            .join(d["due"].select("ix", "base", "freq", p=pl.col("p") + 1, before_due="due"),
                  on=["ix", "base", "freq", "p"], how="left")
        )
        january = pl.col("since_january")
        rows = rows.with_columns(
            status=pl.max_horizontal(pl.when(january).then("r_status").otherwise("status_all"), "status_last"),
            newest=pl.max_horizontal(pl.when(january).then("r_vintage").otherwise("vintage_all"), "vintage_last"),
            periods_present=pl.when(january).then("r_present").otherwise("present"),
            periods_due=pl.when(january).then("since_due").otherwise("due"),
            by_last=(pl.col("last_ratio") < pl.col("all_ratio")) | pl.col("all_ratio").is_null(),
            **self._values(),
        ).with_columns(
            areas_present=pl.when("by_last").then("last_present").otherwise("all_present"),
            areas_due=pl.when("by_last").then("last_due").otherwise("all_due"),
        )
        before = rows.filter(january).select(
            "series", "freq", p=pl.col("p") + 1, b_value="value", b_whole=pl.col("r_whole")
            & (pl.col("periods_present") == pl.col("periods_due")))
        plan = (
            pl.scan_parquet(targets).filter(pl.col("org_code") == "_T").sort("vintage")
            .unique(["indicator_code", "area_code", "period"], keep="last")
            .select("period", ind="indicator_code", code="area_code", target_value="value", shown=pl.lit("_T"))
        )
        return (
            rows.join(before, on=["series", "freq", "p"], how="left")
            .join(plan, on=["ind", "code", "shown", "period"], how="left")
            .filter(pl.col("value").is_finite())
            .select(*_shown_columns(january))
        )

    def _values(self):
        """The formula over every window."""
        january = {"value": "r_value", "year": "r_year"}

        def over(source):
            def term(k):
                kind, other = pl.col(f"kind{k}"), pl.col(f"{source}{k}")
                words = pl.when(kind == "last").then(f"last_{source}{k}")
                words = words.when(kind == "avg").then(other / pl.col("present"))
                if source in january:
                    words = words.when(kind == "ytd").then(f"{january[source]}{k}")
                return words.otherwise(other)
            return term

        def so_far(source):
            def term(k):
                kind, total = pl.col(f"kind{k}"), pl.col(f"{january[source]}{k}")
                words = pl.when(kind == "last").then(f"last_{source}{k}")
                return words.when(kind == "avg").then(total / pl.col("r_present")).otherwise(total)
            return term

        base, quarter = pl.col("freq") == pl.col("base"), pl.col("freq") == "Q"
        previous = pl.when(base).then(self._formula(over("one"))).when(quarter).then(self._formula(over("three")))
        there = pl.when(base).then("one_there").when(quarter).then("three_there").otherwise("year_there")
        return {
            "value": self._formula(over("value")),
            "numerator": self._formula(over("value"), "numerator"),
            "denominator": self._formula(over("value"), "denominator"),
            "year_value": self._formula(over("year")),
            "previous_value": previous.otherwise(self._formula(over("year"))),
            "there": there,
            "so_far_value": self._formula(so_far("value")),
            "so_far_year": self._formula(so_far("year")),
            "december_value": self._formula(lambda k: pl.col(f"december{k}")),
        }

    def _formula(self, term, part="value"):
        words = pl.when(False).then(pl.lit(None, dtype=pl.Float64))
        for number, indicator in enumerate(self.formulas):
            if part == "value":
                expression = _expressions([indicator.tree], term)[0]
            elif indicator.ratio:
                expression = _expressions(indicator.ratio, term)[part == "denominator"]
            else:
                continue
            words = words.when(pl.col("formula") == number).then(expression)
        return words.otherwise(None)


def _expressions(trees, term):
    """Formulas over aggregated terms, which are numbered through all of them."""
    counter = iter(TERMS)

    def words(node):
        if isinstance(node, Aggregate):
            return term(next(counter))
        if node[0] == "num":
            return pl.lit(node[1])
        if node[0] == "neg":
            return -words(node[1])
        left, right = words(node[1]), words(node[2])
        return {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__, "^": left.__pow__}[node[0]](right)

    return [words(tree) for tree in trees]


def _shown_columns(january):
    """The columns of a figure, with what it may be compared with."""
    def finite(column, condition):
        return pl.when(condition & pl.col(column).is_finite()).then(column)

    timely = pl.col("periods_present") == pl.col("periods_due")
    previous = (pl.col("compares_prev") & ~january & (pl.col("present") == pl.col("due"))
                & (pl.col("there") == pl.col("before_due")) & (pl.col("there") == pl.col("present")))
    has_year = pl.when(january).then("r_year_there").otherwise(pl.col("year_there") == pl.col("present"))
    so_far = pl.col("compares_ytd")
    return [
        "ind", "code", "shown", "freq", "period", "value", "numerator", "denominator",
        pl.col("status").replace_strict({v: k for k, v in FIRMNESS.items()}).alias("obs_status"),
        (timely & (pl.col("areas_present") == pl.col("areas_due"))).alias("complete"),
        "periods_present", "periods_due", "areas_present", "areas_due",
        pl.when(previous).then(finite("previous_value", True))
        .when(january & timely & pl.col("r_whole") & pl.col("b_whole")).then("b_value").alias("prev_value"),
        finite("year_value", has_year).alias("yoy_value"),
        finite("so_far_value", so_far).alias("ytd_value"),
        (so_far & (pl.col("r_present") == pl.col("so_far_due")) & pl.col("r_whole")).alias("ytd_complete"),
        finite("so_far_year", pl.col("compares_ytd_yoy") & pl.col("r_year_there")).alias("ytd_yoy_value"),
        finite("december_value", pl.col("compares_dec") & pl.col("december_there")).alias("dec_value"),
        "target_value", pl.col("newest").alias("vintage"),
    ]


def _due(d):
    """How many base periods are due in a period, and since January."""
    living = (
        d["area"].join(d["period"], how="cross").filter(pl.col("last_day").is_between("valid_from", "valid_to"))
        .select("ix", "t", "year", "last_month", base="freq").sort("ix", "base", "t").collect()
    )
    since = living.with_columns(count=pl.int_range(1, pl.len() + 1).over("ix", "base", "year"))
    finer = {"M": [("M", 1), ("Q", 3), ("A", 12)], "Q": [("Q", 3), ("A", 12)], "A": [("A", 12)]}
    gathered = [
        living.filter(pl.col("base") == base).group_by("ix", "base", p=pl.col("last_month") // months)
        .agg(due=pl.len(), due_last_t=pl.col("t").max()).with_columns(freq=pl.lit(freq))
        for base, coarser in finer.items() for freq, months in coarser
    ]
    return {"since": since.select("ix", "base", "t", "count"), "due": pl.concat(gathered)}


def _counting(paths):
    """Of all vintages of a key the one that counts."""
    return (
        pl.scan_parquet(paths, hive_partitioning=False)
        .select(*KEY, "value", "obs_status", "vintage", "feed", "source_ref")
        .sort(pl.col("obs_status").replace_strict(RANK, return_dtype=pl.Int8), "vintage", "feed", "source_ref", descending=True)
        .unique(KEY, keep="first")
        .filter(pl.col("value").is_not_null())
        .select("breakdown", "period", "value", measure="measure_code", code="area_code",
                status=pl.col("obs_status").replace_strict(FIRMNESS, return_dtype=pl.Int8), vintage=pl.col("vintage").dt.epoch("us"))
    )


def _direct(counting, slices, d):
    return (
        counting.join(d["measure"], on="measure")
        .join(slices, left_on=["measure", "breakdown"], right_on=["measure", "slice"])
        .join(d["period"].select("freq", "t", "last_day", "epoch", period="name"), on=["freq", "period"])
        .join(d["area"], on="code")
        .filter(pl.col("last_day").is_between("valid_from", "valid_to"))
        .select("sl", "ix", "t", "value", "status", "vintage", "kind", "epoch", "additive", "level")
    )


SUMMED = [pl.col("value").sum(), pl.col("status").max(), pl.col("vintage").max()]


def _at_area(direct, d):
    """The value of every measure at every area: reported, else summed over leaves, else what a city leaves."""
    below = d["below"]
    due = below.group_by("above", "kind", "epoch").agg(pl.col("due").first())
    here = ["sl", "ix", "t"]
    leaves = (
        direct.filter(pl.col("additive") & (pl.col("kind") == pl.col("level")))
        .join(below, left_on=["ix", "epoch", "level"], right_on=["leaf", "epoch", "kind"])
        .group_by("sl", "t", "epoch", "level", ix_above="above")
        .agg(*SUMMED, present=pl.len(), due=pl.col("due").first(), leaves=pl.col("ix").hash().bitwise_xor())
        .rename({"ix_above": "ix"})
    )
    wards = below.filter(pl.col("kind") == "ward").group_by("epoch", ix="above").agg(
        present=pl.len(), leaves=pl.col("leaf").hash().bitwise_xor())
    stand_in = (
        direct.filter(pl.col("additive") & (pl.col("kind") == "district") & (pl.col("level") == "ward"))
        .join(leaves, on=here, how="anti").join(wards, on=["ix", "epoch"])
        .join(below.filter(pl.col("kind") == "district").select("above", "epoch", ix="leaf"), on=["ix", "epoch"])
        .group_by("sl", "t", "epoch", "level", ix_above="above")
        .agg(*SUMMED, pl.col("present").sum(), pl.col("leaves").bitwise_xor()).rename({"ix_above": "ix"})
        .join(due.rename({"above": "ix", "kind": "level"}), on=["ix", "level", "epoch"])
    )
    parts = ["sl", "ix", "t", "level", "value", "status", "vintage", "present", "due", "leaves"]
    summed = pl.concat([leaves.select(parts), stand_in.select(parts)]).group_by("sl", "ix", "t").agg(
        *SUMMED, pl.col("present").sum(), pl.col("due").first(), pl.col("leaves").bitwise_xor())
    rest = direct.filter(pl.col("kind") == "residual").select("sl", "t", rest="value", rest_status="status", rest_vintage="vintage")
    city = d["area"].filter(pl.col("kind") == "city").select("ix", is_city=pl.lit(True))
    reported = direct.join(due, left_on=["ix", "level", "epoch"], right_on=["above", "kind", "epoch"], how="left")
    above = pl.col("additive") & pl.col("kind").is_in(["city", "district"]) & (pl.col("kind") != pl.col("level"))
    count = pl.when(above).then(pl.col("due").fill_null(1)).otherwise(1).cast(pl.Int64)
    columns = ["sl", "ix", "t", "value", "status", "vintage", "present", "due", "leaves", "rest"]
    no_leaves, no_rest = pl.lit(None, dtype=pl.UInt64).alias("leaves"), pl.lit(None, dtype=pl.Float64).alias("rest")
    added = (
        summed.join(direct, on=here, how="anti").join(city, on="ix", how="left")
        .join(rest, on=["sl", "t"], how="left")
        .with_columns(rest=pl.when("is_city").then("rest"))
        .with_columns(
            value=pl.col("value") + pl.col("rest").fill_null(0.0),
            status=pl.when(pl.col("rest").is_null()).then("status").otherwise(pl.max_horizontal("status", "rest_status")),
            vintage=pl.when(pl.col("rest").is_null()).then("vintage").otherwise(pl.max_horizontal("vintage", "rest_vintage")),
        )
    )
    left = (
        direct.filter((pl.col("kind") == "city") & pl.col("additive") & (pl.col("level") == "district"))
        .join(leaves.filter(pl.col("present") == pl.col("due")), on=here)
        .join(rest, on=["sl", "t"], how="anti")
        .join(d["area"].filter(pl.col("kind") == "residual").select(ix_rest="ix"), how="cross")
        .select("sl", pl.col("ix_rest").alias("ix"), "t", pl.col("value") - pl.col("value_right"),
                pl.max_horizontal("status", "status_right"), pl.max_horizontal("vintage", "vintage_right"),
                pl.lit(1).cast(pl.Int64).alias("present"), pl.lit(1).cast(pl.Int64).alias("due"), no_leaves, no_rest)
    )
    whole = reported.select("sl", "ix", "t", "value", "status", "vintage", count.alias("present"), count.alias("due"), no_leaves, no_rest)
    counts = [pl.col("present", "due").cast(pl.Int64)]
    return pl.concat([whole, added.with_columns(counts).select(columns), left.select(columns)])


def _term_slice(slices, d):
    """The displayed slices, and the slice of its measure that a term takes."""
    observed = slices.with_columns(dimension=pl.col("slice").str.split("=").list.first())
    members = (
        d["follows"].filter(pl.col("how") == "member").join(d["term"], on=["ind", "k"])
        .join(observed, left_on=["measure", "of"], right_on=["measure", "dimension"]).select("ind", "dimension", shown="slice")
    )
    total = d["indicator"].select("ind", dimension=pl.lit("_T"), shown=pl.lit("_T"))
    never = d["follows"].filter(pl.col("how") == "never")
    return (
        pl.concat([total, members]).unique().join(never, on=["ind", "dimension"], how="anti")
        .join(d["term"], on="ind").join(d["follows"], on=["ind", "k", "dimension"], how="left")
        .with_columns(slice=pl.when(pl.col("how") == "member").then("shown").otherwise(pl.lit("_T")))
        .join(slices, on=["measure", "slice"])
        .select("ind", "shown", "k", "kind", "measure", "back", "carried", "freq", "sl")
    )


def _own(term_slice, at_area, d):
    """What the terms that are not carried read, on the calendar of the figure."""
    level = d["shown_level"].join(d["area"].select("ix", "kind"), on="kind")
    return (
        term_slice.filter(~pl.col("carried")).join(at_area, on="sl").join(d["indicator"], on="ind")
        .join(level, on=["level", "ix"]).filter(~pl.col("residual") | pl.col("residual_shown"))
        .select("ind", "shown", "ix", pl.col("t") + pl.col("back") * pl.col("per_year"), "k", "value", "status", "vintage",
                "present", "due", "leaves", "rest", "sl", pl.lit(False).alias("carried"), "kind")
    )


def _carried(own, term_slice, at_area, d):
    """The newest value of rarer terms."""
    months = pl.col("freq").replace_strict({"M": 1, "Q": 3, "A": 12}, return_dtype=pl.Int64)
    carrying = d["term"].filter(pl.col("carried")).select("ind").unique()
    wanted = (
        own.join(carrying, on="ind", how="semi").select("ind", "shown", "ix", "t").unique()
        .join(d["indicator"].select("ind", "base"), on="ind")
        .join(term_slice.filter("carried"), on=["ind", "shown"])
        .join(d["measure"].select("measure", "carry_forward"), on="measure")
        .join(d["period"].select("t", "last_month", base="freq"), on=["base", "t"])
        .with_columns(newest=(pl.col("last_month") - 12 * pl.col("back")) // months)
        .sort("newest")
    )
    found = wanted.join_asof(at_area.with_columns(at=pl.col("t")).drop("t").sort("at"), left_on="newest", right_on="at",
                             by=["sl", "ix"], strategy="backward", check_sortedness=False)
    return found.filter(pl.col("newest") - pl.col("at") <= pl.col("carry_forward")).select(
        "ind", "shown", "ix", "t", "k", "value", "status", "vintage", "present", "due", "leaves",
        pl.lit(None, dtype=pl.Float64).alias("rest"), pl.lit(None, dtype=pl.UInt32).alias("sl"), "carried", "kind")


def _base(own, carried, d):
    """One row per series and base period with its terms side by side, where all of them are there and alike."""
    by_term = [pl.col(c).filter(pl.col("k") == k).first().alias(f"{c}{k}")
               for c in ("value", "present", "due", "rest", "sl", "leaves", "status", "vintage", "kind", "carried") for k in TERMS]
    wide = (
        pl.concat([own, carried.cast({"sl": pl.UInt32})]).group_by("ind", "shown", "ix", "t").agg(*by_term, terms=pl.len())
        .drop("kind0", "kind1", "kind2").join(d["indicator"], on="ind").filter(pl.col("terms") == pl.col("all_terms"))
    )
    is_last = [pl.col(f"kind{k}") == "last" for k in TERMS]
    ratio = [pl.col(f"present{k}") / pl.col(f"due{k}") for k in TERMS]
    wide = wide.with_columns(
        whole=pl.all_horizontal([(r == 1).fill_null(True) | pl.col(f"carried{k}").fill_null(True) for k, r in enumerate(ratio)]),
        all_whole=pl.all_horizontal([(r == 1).fill_null(True) for r in ratio]),
        alike=pl.all_horizontal([pl.col(f"kind{k}").is_null() | (pl.col(f"leaves{k}") == pl.col("leaves0")).fill_null(False)
                                 for k in TERMS]),
        status_all=pl.max_horizontal([pl.when(~last).then(f"status{k}") for k, last in enumerate(is_last)]),
        status_last=pl.max_horizontal([pl.when(last).then(f"status{k}") for k, last in enumerate(is_last)]),
        vintage_all=pl.max_horizontal([pl.when(~last).then(f"vintage{k}") for k, last in enumerate(is_last)]),
        vintage_last=pl.max_horizontal([pl.when(last).then(f"vintage{k}") for k, last in enumerate(is_last)]),
        all_ratio=pl.min_horizontal([pl.when(~(last & pl.col(f"carried{k}"))).then(ratio[k]) for k, last in enumerate(is_last)]),
        last_ratio=pl.min_horizontal([pl.when(last & pl.col(f"carried{k}")).then(ratio[k]) for k, last in enumerate(is_last)]),
    ).filter(pl.col("all_whole") | pl.col("alike") | ~pl.col("divides"))

    def areas(what, lasts):
        words = pl.when(False).then(pl.lit(None, dtype=pl.Int64))
        for k in TERMS:
            mine = is_last[k] & pl.col(f"carried{k}")
            wanted = mine if lasts else ~mine
            words = words.when(wanted & (ratio[k] == pl.col("last_ratio" if lasts else "all_ratio"))).then(f"{what}{k}")
        return words

    wide = wide.with_columns(all_present=areas("present", False), all_due=areas("due", False),
                             last_present=areas("present", True), last_due=areas("due", True))
    numbers = wide.select("ind", "shown", "ix").unique().with_row_index("series")
    return wide.join(numbers, on=["ind", "shown", "ix"]).sort("series", "t")


def _like_leaves(own, direct, d):
    """Incomplete values again at what they are compared with, over just the leaves that they have."""
    parts = (
        direct.filter(pl.col("additive") & (pl.col("kind") == pl.col("level")))
        .join(d["below"], left_on=["ix", "epoch", "level"], right_on=["leaf", "epoch", "kind"])
        .select("sl", "t", "value", ix="above", member="ix")
    )
    here = (
        own.filter((pl.col("present") < pl.col("due")) & pl.col("leaves").is_not_null())
        .join(d["indicator"].select("ind", "per_year", "back0", "back1", "back2"), on="ind")
        .with_columns(back=pl.when(pl.col("k") == 0).then("back0").when(pl.col("k") == 1).then("back1").otherwise("back2"))
        .with_columns(there=pl.concat_list(
            pl.col("t") - pl.col("per_year"), pl.col("t") - 1, pl.col("t") - 3,
            pl.col("t") // pl.col("per_year") * pl.col("per_year") - 1))
        .explode("there")
        .select("sl", "ix", t=pl.col("t") - pl.col("back"), there=pl.col("there") - pl.col("back"),
                has_rest=pl.col("rest").is_not_null())
        .unique()
    )
    rest = direct.filter(pl.col("kind") == "residual").select("sl", there="t", rest="value")
    return (
        here.join(parts.drop("value"), on=["sl", "ix", "t"])
        .join(parts.rename({"t": "there"}), on=["sl", "ix", "there", "member"], how="left")
        .join(rest, on=["sl", "there"], how="left")
        .group_by("sl", "ix", "t", "there", "has_rest")
        .agg(like=pl.col("value").sum(), found=pl.col("value").count(), parts=pl.len(), rest=pl.col("rest").first())
        .filter((pl.col("found") == pl.col("parts")) & (~pl.col("has_rest") | pl.col("rest").is_not_null()))
        .select("sl", "ix", "t", "there", like=pl.col("like") + pl.when("has_rest").then("rest").otherwise(0.0))
    )


def _compared(base, like):
    """What every base period is compared with, at each distance: values of the terms, over like leaves."""
    lagged = {"year": pl.col("t") - pl.col("per_year"), "one": pl.col("t") - 1, "three": pl.col("t") - 3,
              "december": pl.col("t") // pl.col("per_year") * pl.col("per_year") - 1}
    out = base.lazy()
    for lag, at in lagged.items():
        there = base.lazy().select("series", pl.col("t").alias("at"), *[pl.col(f"value{k}").alias(f"{lag}{k}") for k in TERMS],
                                   pl.col("whole").alias("whole_there"), *[(pl.col(f"present{k}") == pl.col(f"due{k}"))
                                                                          .alias(f"fit{k}") for k in TERMS])
        out = out.with_columns(at=at).join(there, on=["series", "at"], how="left").with_columns(
            pl.col("whole_there").fill_null(False).alias(f"{lag}_there")).drop("whole_there")
        out = out.rename({f"fit{k}": f"{lag}_fit{k}" for k in TERMS}).drop("at")
    joined = out.collect()
    partly = joined.filter(~pl.col("whole")).lazy()
    for lag, at in lagged.items():
        fits = []
        for k in TERMS:
            own = pl.col(f"present{k}") == pl.col(f"due{k}")
            none, like_k = pl.col(f"sl{k}").is_null(), pl.col("like")
            keys = like.lazy().rename({"sl": f"sl{k}", "t": "like_t", "there": "like_at"})
            partly = (
                partly.with_columns(like_t=pl.col("t") - pl.col(f"back{k}"), like_at=at - pl.col(f"back{k}"))
                .join(keys, on=[f"sl{k}", "ix", "like_t", "like_at"], how="left")
                .with_columns(
                    pl.when(none | own).then(f"{lag}{k}").otherwise(like_k).alias(f"{lag}{k}"),
                    pl.when(none).then(True).when(own).then(pl.col(f"{lag}_fit{k}").fill_null(False))
                    .otherwise(like_k.is_not_null()).alias(f"ok{k}"))
                .drop("like", "like_t", "like_at")
            )
            fits.append(pl.col(f"ok{k}"))
        found = pl.col(f"{lag}_fit0").is_not_null()
        partly = partly.with_columns((found & pl.all_horizontal(fits)).alias(f"{lag}_there")).drop([f"ok{k}" for k in TERMS])
    columns = ["series", "t", *[f"{lag}{k}" for lag in LAGS for k in TERMS], *[f"{lag}_there" for lag in LAGS]]
    wholly = joined.lazy().filter("whole").with_columns(
        [pl.when(f"{lag}_there").then(f"{lag}{k}").alias(f"{lag}{k}") for lag in LAGS for k in TERMS])
    return pl.concat([wholly.select(columns), partly.select(columns)]).sort("series", "t").collect()


def _running(base, compared):
    """Since January, up to every base period."""
    year = ["series", pl.col("t") // pl.col("per_year")]
    sums = [pl.col(f"{c}{k}").cum_sum().over(year).alias(f"r_{c}{k}") for c in ("value", "year") for k in TERMS]
    return base.join(compared, on=["series", "t"]).sort("series", "t").select(
        "series", "t", *sums, pl.int_range(1, pl.len() + 1).over(year).alias("r_present"),
        pl.col("all_whole").cast(pl.Int8).cum_min().over(year).cast(pl.Boolean).alias("r_whole"),
        pl.col("year_there").cast(pl.Int8).cum_min().over(year).cast(pl.Boolean).alias("r_year_there"),
        pl.col("vintage_all").cum_max().over(year).alias("r_vintage"),
        pl.col("status_all").cum_max().over(year).alias("r_status"))


def _gathered(base, compared, d):
    """Base periods gathered into months, quarters and years."""
    summed = [f"{source}{k}" for source in ("value", "year", "one", "three") for k in TERMS]
    lasts = ["status_last", "vintage_last", "last_ratio", "last_present", "last_due", "december_there",
             *[f"december{k}" for k in TERMS]]
    least = pl.col("all_ratio").arg_min()
    return (
        base.join(compared, on=["series", "t"]).join(d["frequency"], on="ind").sort("series", "t")
        .with_columns(p=pl.col("t") * (12 // pl.col("per_year")) // pl.col("months"))
        .group_by("series", "freq", "p")
        .agg(
            pl.col("ind", "shown", "ix").first(), pl.len().alias("present"), pl.col("t").last().alias("last_t"),
            pl.col(summed).sum(), pl.col(summed).last().name.prefix("last_"), pl.col(lasts).last(),
            *[pl.col(f"{lag}_there").sum() for lag in ("year", "one", "three")],
            pl.col("status_all", "vintage_all").max(),
            pl.col("all_ratio").min().alias("all_ratio_min"), pl.col("all_present", "all_due").get(least),
        )
        .rename({"all_ratio_min": "all_ratio"})
    )
