"""Periods as (frequency, index since year 0), and nothing else: no clock, no time zone."""

import datetime
from functools import lru_cache

MONTHS = {"M": 1, "Q": 3, "A": 12}


def parse_period(text):
    """`2022-05`, `2022-Q2` or `2022`."""
    if "-Q" in text:
        year, quarter = text.split("-Q")
        return ("Q", int(year) * 4 + int(quarter) - 1)
    if "-" in text:
        year, month = text.split("-")
        return ("M", int(year) * 12 + int(month) - 1)
    return ("A", int(text))


def print_period(p):
    freq, i = p
    if freq == "M":
        return f"{i // 12:04d}-{i % 12 + 1:02d}"
    if freq == "Q":
        return f"{i // 4:04d}-Q{i % 4 + 1}"
    return f"{i:04d}"


def first_month(p):
    return p[1] * MONTHS[p[0]]


def last_month(p):
    return first_month(p) + MONTHS[p[0]] - 1


def year_of(p):
    return first_month(p) // 12


def containing(month, freq):
    """The period of a frequency that holds a month."""
    return (freq, month // MONTHS[freq])


def inside(start_month, end_month, freq):
    """The periods of a frequency that lie wholly between two months, both included."""
    n = MONTHS[freq]
    return [(freq, i) for i in range(-(-start_month // n), (end_month + 1) // n)]


def shift_years(p, n):
    return (p[0], p[1] + n * 12 // MONTHS[p[0]])


@lru_cache(maxsize=None)
def last_day(p):
    """ISO date of the last day of a period."""
    year, month = divmod(last_month(p) + 1, 12)
    return (datetime.date(year, month + 1, 1) - datetime.timedelta(days=1)).isoformat()
