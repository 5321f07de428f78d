"""What is written in a cell: Vietnamese numbers, dates, periods. Anything not understood is an error, never a guess."""

import datetime
import re
import unicodedata
from functools import lru_cache

CITY_TIME = datetime.timezone(datetime.timedelta(hours=7))
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
BLANK, MISSING = object(), object()


class Unreadable(Exception):
    """A value or label that must not become a figure; the text says why."""


def tidy(text):
    """One spelling: NFC, single spaces, no line breaks."""
    return _tidy(str(text))


@lru_cache(maxsize=100_000)
def _tidy(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_number(raw, vietnamese):
    """A float, BLANK (nothing reported) or MISSING (exists, but is not known)."""
    if raw is None:
        return BLANK
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return float(raw)
    text = tidy(raw)
    if text == "":
        return BLANK
    if text == "-":
        return 0.0
    if re.fullmatch(r"\.{2,6}", text):
        return MISSING
    sign, body = (-1.0, text[1:]) if text[0] in "-\u2212" else (1.0, text)
    if vietnamese and re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?|\d+(,\d+)?", body):
        return sign * float(body.replace(".", "").replace(",", "."))
    if not vietnamese and re.fullmatch(r"\d+(\.\d+)?", body):
        return sign * float(body)
    raise Unreadable(f"\"{text}\" is not a number")


@lru_cache(maxsize=None)
def read_period(label):
    """The period that a label names: (`M`|`Q`|`A`, index). A cumulative label is refused."""
    text = tidy(label)
    if m := re.fullmatch(r"(\d{4})[-M]?(\d{2})", text):
        return _month(m.group(1), m.group(2), text)
    if m := re.fullmatch(r"T(\d{1,2})/(\d{4})", text):
        return _month(m.group(2), m.group(1), text)
    if m := re.fullmatch(r"(\d{4})-?Q([1-4])", text):
        return ("Q", int(m.group(1)) * 4 + int(m.group(2)) - 1)
    if m := re.fullmatch(r"Quý (I|II|III|IV)/(\d{4})", text):
        return ("Q", int(m.group(2)) * 4 + ROMAN[m.group(1)] - 1)
    if m := re.fullmatch(r"(?:Năm )?(\d{4})", text):
        return ("A", int(m.group(1)))
    if re.fullmatch(r"\d{1,2}T/\d{4}", text):
        raise Unreadable(f"\"{text}\" counts from January")
    raise Unreadable(f"\"{text}\" is not a period")


def _month(year, month, text):
    if not 1 <= int(month) <= 12:
        raise Unreadable(f"\"{text}\" has no such month")
    return ("M", int(year) * 12 + int(month) - 1)


def read_day(text):
    """`24/06/2022`, `20220624` or `2022-06-24`."""
    text = tidy(text)
    found = re.fullmatch(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", text)
    found = found or re.fullmatch(r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})", text)
    try:
        return datetime.date(int(found["y"]), int(found["m"]), int(found["d"]))
    except (TypeError, ValueError):
        raise Unreadable(f"\"{text}\" is not a day") from None


def micros(instant):
    """Microseconds since 1970 UTC of an aware instant."""
    since = instant - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return since // datetime.timedelta(microseconds=1)


@lru_cache(maxsize=None)
def at_time(day, clock):
    """Microseconds of `HH:MM` on a day in the city's time."""
    hour, minute = clock.split(":")
    return micros(datetime.datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=CITY_TIME))


@lru_cache(maxsize=None)
def read_instant(text):
    """Microseconds of `20220629 09:00` (the city's time) or of an ISO instant with its zone."""
    text = tidy(text)
    if m := re.fullmatch(r"(\d{8}) (\d{2}:\d{2})", text):
        return at_time(read_day(m.group(1)), m.group(2))
    instant = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return micros(instant if instant.tzinfo else instant.replace(tzinfo=CITY_TIME))


def end_of_day(day):
    """The last microsecond of an ISO day in the city's time."""
    return at_time(read_day(day) + datetime.timedelta(days=1), "00:00") - 1
