"""The worked examples of the catalogue, computed by this program: a check of its own reading of the formulas.

    examples.py --project .
"""

import argparse
import pathlib
import sys
import tomllib

from areas import CITY
from catalog import load_catalog
from figures import areas_of
from evaluate import Evaluator, Indicator, NoValue
from periods import containing, last_month, parse_period, print_period
from world import TOTAL, World


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=pathlib.Path, required=True)
    project = parser.parse_args().project
    catalog = load_catalog(project)
    examples = {}
    for path in sorted((project / "indicators").glob("group_*.toml")):
        for declared in tomllib.loads(path.read_text(encoding="utf-8"))["indicator"]:
            examples[declared["code"]] = declared["example"]
    failed = 0
    for declared in catalog["indicators"]:
        example = examples[declared["code"]]
        number = worked_out(catalog, declared, example)
        if not reads_as(number, example["expect"]):
            print(f"{declared['code']}: expected {example['expect']}, computed {number}")
            failed += 1
    print(f"worked examples: {len(catalog['indicators'])} computed, {failed} wrong")
    return 1 if failed else 0


def worked_out(catalog, declared, example):
    """The value of an indicator from the inputs of its example, or None."""
    period = parse_period(example["period"])
    code = example.get("area", CITY)
    observations = []
    for written, value in example["inputs"].items():
        name, _, at = written.partition("@")
        measure, _, member = name.partition("|")
        freq = catalog["measures"][measure]["freq"]
        at = at or print_period(containing(last_month(period), freq))
        observations.append({"measure": measure, "area": code, "breakdown": member or TOTAL, "period": at,
                             "value": float(value), "status": "A", "vintage": 0, "feed": "", "source_ref": ""})
    world = World(catalog, observations, [], 0)
    indicator = Indicator(declared, world.measures)
    area = [a for a in areas_of(world, indicator, period) if a[0] == code][0]
    try:
        return Evaluator(world, indicator, area, example.get("breakdown", TOTAL)).cell(period)["value"]
    except NoValue:
        return None


def reads_as(number, expected):
    """Whether a number reads as the expected one at the decimals in which that is written."""
    decimals = len(str(expected).partition(".")[2]) if isinstance(expected, float) else 0
    return number is not None and abs(number - expected) <= 0.5 * 10.0 ** -decimals * (1 + 1e-9)


if __name__ == "__main__":
    sys.exit(main())
