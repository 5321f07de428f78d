"""Working time and deadlines from the declared calendar and table. Moments are seconds of the wall clock since 1970."""

import bisect
import datetime
import tomllib
from functools import lru_cache

DAY = 86_400
EPOCH = datetime.date(1970, 1, 1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def day_number(text):
    """Days since 1970 of an ISO day."""
    return (datetime.date.fromisoformat(text) - EPOCH).days


def seconds_of(text):
    """Seconds after midnight of `07:30`."""
    hour, minute = text.split(":")
    return int(hour) * 3600 + int(minute) * 60


class WorkClock:
    """The working days of the declared years, one after the other on a line of working time."""

    def __init__(self, declared):
        weekend = {WEEKDAYS.index(name) for name in declared["weekend"]}
        self.hours = [tuple(map(seconds_of, span)) for span in declared["hours"]]
        self.length = sum(end - start for start, end in self.hours)
        self.close = self.hours[-1][1]
        self.days = []
        for year in sorted(declared["year"], key=lambda y: y["year"]):
            off = set(map(day_number, year.get("off", [])))
            extra = set(map(day_number, year.get("extra", [])))
            first, after = (day_number(f"{y}-01-01") for y in (year["year"], year["year"] + 1))
            self.days += [d for d in range(first, after)
                          if d in extra or (d not in off and (d + 3) % 7 not in weekend)]
        years = [y["year"] for y in declared["year"]]
        if sorted(years) != list(range(min(years), max(years) + 1)):
            raise ValueError("the declared years have a gap, which is not computed here")
        self.span = (day_number(f"{min(years)}-01-01") * DAY, day_number(f"{max(years) + 1}-01-01") * DAY)
        self.worked = lru_cache(maxsize=1 << 16)(self._worked)

    @classmethod
    def read(cls, project):
        return cls(tomllib.loads((project / "indicators" / "work_calendar.toml").read_text(encoding="utf-8")))

    def _worked(self, at):
        """Working seconds from the first declared day to a moment."""
        if not self.span[0] <= at < self.span[1]:
            raise ValueError(f"{at} lies outside the calendar, which is not computed here")
        day, second = divmod(at, DAY)
        before = bisect.bisect_left(self.days, day)
        today = 0
        if before < len(self.days) and self.days[before] == day:
            today = sum(max(0, min(second, end) - start) for start, end in self.hours)
        return before * self.length + today

    def between(self, start, end):
        """Working seconds from one moment to a later one."""
        return max(0, self.worked(end) - self.worked(start))

    def add(self, at, amount):
        """The earliest moment at which `amount` working seconds have passed since `at`."""
        if amount == 0:
            return at
        days, rest = divmod(self.worked(at) + amount - 1, self.length)
        rest += 1
        for start, end in self.hours:
            if rest <= end - start:
                return self.days[days] * DAY + start + rest
            rest -= end - start
        raise AssertionError("a working day is as long as its hours")

    def close_after(self, at, count):
        """The close of the `count`-th working day after the day of `at`."""
        if count == 0:
            raise ValueError("a deadline of no days is not computed here")
        return self.days[bisect.bisect_right(self.days, at // DAY) + count - 1] * DAY + self.close


class Deadlines:
    """The declared table: which rule a case has by the day on which its clock began."""

    def __init__(self, rules):
        # More specific first: an authority before a field, a field before a priority.
        self.rules = sorted(rules, key=lambda r: tuple(key not in r for key in ("org", "category", "priority")))
        self.has_orgs = any("org" in r for r in rules)

    @classmethod
    def read(cls, project):
        return cls(tomllib.loads((project / "indicators" / "deadlines.toml").read_text(encoding="utf-8"))["deadline"])

    def rule(self, start, category, priority, org):
        """The rule that counts, or None."""
        day = (EPOCH + datetime.timedelta(days=start // DAY)).isoformat()
        named = {"category": category, "priority": priority, "org": org}
        for rule in self.rules:
            if rule["valid_from"] <= day <= rule.get("valid_to", "9999") and all(
                    rule.get(key, value) == value for key, value in named.items()):
                return rule
        return None


def due_by(rule, start, clock):
    """When a clock that began at `start` runs out by a rule."""
    amount, unit = rule["amount"], rule["unit"]
    if unit == "minute":
        return start + amount * 60
    if unit == "hour":
        return start + amount * 3600
    if unit == "working_hour":
        return clock.add(start, amount * 3600)
    if unit == "working_day":
        return clock.close_after(start, amount)
    if unit == "calendar_day":
        return (start // DAY + amount + 1) * DAY - 1
    raise ValueError(f"unit {unit} is not known")


def is_working(rule):
    return rule["unit"].startswith("working_")
