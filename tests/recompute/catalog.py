"""The declared catalogue as plain dictionaries: measures, dimensions, units, areas, indicators."""

import tomllib

from areas import Areas

# Indicators over case records are computed from cases (cases/figures.py), not from observations.
CASE_RECORDS = {f"14{n:02d}" for n in range(1, 15)}


def load_catalog(project):
    """Reads `indicators/` of a project folder."""
    folder = project / "indicators"
    measures, indicators, of_cases = {}, [], []
    for path in sorted(folder.glob("*.toml")):
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
        for m in declared.get("measure", []):
            measures[m["code"]] = _measure(m)
        for i in declared.get("indicator", []):
            of_what = of_cases if i["code"] in CASE_RECORDS else indicators
            of_what.append(_indicator(i, declared["group"]))
    dimensions = tomllib.loads((folder / "dimensions.toml").read_text(encoding="utf-8"))["dimension"]
    units = tomllib.loads((folder / "units.toml").read_text(encoding="utf-8"))["unit"]
    return {
        "measures": measures,
        "dimensions": {d["code"]: d for d in dimensions},
        "units": {u["code"]: u for u in units},
        "areas": Areas.read(folder / "areas.csv"),
        "indicators": sorted(indicators, key=lambda i: i["code"]),
        "case_indicators": sorted(of_cases, key=lambda i: i["code"]),
    }


def _measure(declared):
    wanted = ("code", "unit", "kind", "area_rule", "freq", "level", "weight", "components")
    measure = {k: declared.get(k) for k in wanted}
    measure["dimensions"] = declared.get("dimensions", [])
    measure["carry_forward"] = declared.get("carry_forward", 0)
    return measure


def _indicator(declared, group):
    wanted = ("code", "formula", "freq", "level", "geo_rollup", "comparisons")
    indicator = {k: declared[k] for k in wanted}
    indicator["group"] = group
    indicator["dimensions"] = declared.get("dimensions", [])
    indicator["freqs"] = _frequencies(declared)
    return indicator


def _frequencies(declared):
    """The frequencies at which an indicator is defined, finest first."""
    # A quantile is taken anew of the records of any period; nothing is derived from shorter ones.
    if declared["geo_rollup"] == "recompute_from_records":
        return ["M", "Q", "A"]
    freqs = [declared["freq"]]
    if declared["month_to_quarter"] != "not_available" and declared["freq"] == "M":
        freqs.append("Q")
    if declared["quarter_to_year"] != "not_available" and declared["freq"] != "A":
        freqs.append("A")
    return freqs
