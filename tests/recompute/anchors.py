"""Published figures that the samples must give back, to the decimals in which they were published.

Kinds: `value`; `ytd`; `target`; and growth in percent on the previous period (`prev`), on the same period of the year
before (`yoy`), since January on the same months (`ytd_yoy`), on December of the year before (`dec`). For a growth rate
(0503) the value itself is the percentage. Sources: design notes, domain.md section 8.
"""

# (indicator, period, kind, published, decimals)
ANCHORS = [
    ("0101", "2019", "value", 9038.60, 2),
    ("0101", "2020", "value", 9227.60, 2),
    ("0101", "2021", "value", 9166.84, 2),
    ("0205", "2022", "target", 300_000, 0),
    ("0206", "2021", "value", 122_127, 0),
    ("0301", "2021", "value", 30_829, 0),
    ("0302", "2021", "value", 517_695, 0),
    ("0404", "2021", "value", 3_738.14, 2),
    ("0501", "2021", "value", 1_298_791, 0),
    ("0502", "2021", "value", 937_259, 0),
    ("0503", "2022-Q1", "value", 1.87, 2),
    ("0503", "2022-Q2", "value", 5.73, 2),
    ("0503", "2022-Q2", "ytd", 3.82, 2),
    ("0601", "2021", "value", 383_703, 0),
    ("0601", "2022-05", "ytd", 209_824.5, 1),
    ("0601", "2022", "target", 386_568, 0),
    ("0901", "2021", "yoy", -14.3, 1),
    ("0901", "2021-04", "ytd_yoy", 9.7, 1),
    ("0901", "2022-05", "yoy", 9.0, 1),
    ("0901", "2022-05", "prev", 6.5, 1),
    ("0901", "2022-05", "ytd_yoy", 2.6, 1),
    ("1001", "2021", "value", 822_592, 0),
    ("1002", "2022-05", "value", 57_757, 0),
    ("1002", "2022-05", "ytd", 275_967, 0),
    ("1004", "2022-05", "ytd", 20_700, -2),
    ("1005", "2022-05", "ytd", 28_400, -2),
    ("1101", "2021", "yoy", 2.36, 2),
    ("1101", "2022-01", "prev", 0.25, 2),
    ("1101", "2022-01", "yoy", 1.42, 2),
    ("1101", "2022-05", "prev", 0.22, 2),
    ("1101", "2022-05", "yoy", 2.30, 2),
    ("1101", "2022-05", "dec", 2.32, 2),
    ("1701", "2021", "value", 0, 0),
    ("1701", "2022-05", "value", 147_362, 0),
    ("1701", "2022-06", "ytd", 478_000, 0),
    ("1702", "2021", "value", 9_300_000, 0),
    ("1702", "2022-05", "value", 2_150_000, 0),
    ("1702", "2022-06", "ytd", 11_000_000, 0),
    ("1703", "2022-05", "value", 10_371, 0),
    ("1703", "2022-06", "ytd", 49_681, 0),
]

# (indicator, period, day of knowledge, published, decimals): one figure, told three times.
VINTAGES = [
    ("0503", "2021", "2021-12-15", -5.06, 2),
    ("0503", "2021", "2021-12-31", -6.78, 2),
    ("0503", "2021", "2022-06-30", -5.36, 2),
    ("0502", "2021", "2021-12-31", 924_367, 0),
]

BASES = {"prev": ("value", "prev_value"), "yoy": ("value", "yoy_value"), "dec": ("value", "dec_value"),
         "ytd_yoy": ("ytd_value", "ytd_yoy_value")}
COLUMNS = {"value": "value", "ytd": "ytd_value", "target": "target_value"}


def freq_of(period):
    return "Q" if "Q" in period else "M" if "-" in period else "A"


def told(cells, code, period, kind):
    """The number that the cells give for an anchor, or None."""
    cell = cells.get((code, "79", "_T", freq_of(period), period))
    if cell is None:
        return None
    if kind in COLUMNS:
        return cell[COLUMNS[kind]]
    now, base = (cell[column] for column in BASES[kind])
    return 100.0 * (now / base - 1.0) if now is not None and base else None


def agrees(number, published, decimals):
    """Whether a number reads as the published one at its decimals."""
    return number is not None and abs(number - published) <= 0.5 * 10.0 ** -decimals * (1 + 1e-9)


def check_anchors(cells):
    """(anchor, number, agrees) for every published figure."""
    out = []
    for code, period, kind, published, decimals in ANCHORS:
        number = told(cells, code, period, kind)
        out.append(((code, period, kind, published, decimals), number, agrees(number, published, decimals)))
    return out
