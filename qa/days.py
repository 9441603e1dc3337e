"""Dates inside text: how they are written, and when two of them are the same."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sources.dates import parse_parts

_MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1[4-9]|20|21)\d\d\b"
_DAY_MONTH = rf"(?:{_DAY}(?:\s+of)?\s+{_MONTH}|{_MONTH}\s+{_DAY}\b(?!\s+(?:million|billion|per\s?cent|people)))"
_WHOLE = (
    rf"\d{{4}}-\d{{2}}-\d{{2}}\b|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}\b"
    rf"|{_DAY_MONTH}(?:,?\s+{_YEAR})?|{_MONTH}(?:,?\s+{_YEAR})?|{_YEAR}"
)
_ONE_DATE = re.compile(rf"(?<![\w/-])(?:{_WHOLE})(?![\w/-])")

# As people quote it: with the weekday, the other end of a run of days, or the season.
DATE = re.compile(
    rf"(?<![\w/])(?:{_WEEKDAY},?\s+)?(?:{_DAY}\s*(?:and|to|or|-|–)\s*(?={_DAY}(?:\s+of)?\s+{_MONTH}))?(?:{_DAY_MONTH}|{_MONTH})"
    rf"(?:,?\s+{_YEAR})?|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}\b|\b{_YEAR}[/–]\d\d\b|\b{_WEEKDAY}\b"
    rf"|\b(?:(?:early|late)\s+)?(?:spring|summer|autumn|winter)\s+(?:of\s+)?{_YEAR}"
)

# What may stand beside a date without changing which one it is; "before" and "since" do.
_BESIDE = re.compile(
    rf"\b(?:on|in|of|the|at|around|about|circa|early|late|mid|by|{_WEEKDAY})\b|[\s,.;:()-]", re.IGNORECASE
)

# The year of "3 November" follows from the day of publication where that day is nearer than this to one 3 November:
# the next candidate is then ten months off.
_NEAR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Day:
    """A date of which some parts may be unknown."""

    year: int | None
    month: int | None
    day: int | None

    def _parts(self) -> tuple[int | None, int | None, int | None]:
        return self.year, self.month, self.day

    def _given(self) -> int:
        return sum(part is not None for part in self._parts())

    def differs(self, other: "Day") -> bool:
        """Whether a part that both have is not the same."""
        pairs = zip(self._parts(), other._parts(), strict=True)
        return any(a is not None and b is not None and a != b for a, b in pairs)

    def agrees(self, other: "Day") -> bool:
        """Whether one has all that the other has: "February 2022" and "28 February 2022"."""
        pairs = list(zip(self._parts(), other._parts(), strict=True))
        return all(a is None or a == b for a, b in pairs) or all(b is None or a == b for a, b in pairs)

    def finer(self, other: "Day") -> "Day":
        """Of two that agree, the one with more parts."""
        return other if other._given() > self._given() else self


def day_of(quote: str, published: date | None) -> Day | None:
    """The one date that a quote is; None for no date, several, or a date with more said than its place in time.

    Args:
        quote: "on 28 February 2022", "Feb 2022", "2022".
        published: the article's day of publication, which may tell the year of "3 November".
    """
    found = _ONE_DATE.search(quote)
    if found is None or _BESIDE.sub("", quote[: found.start()] + " " + quote[found.end() :]):
        return None
    try:
        year, month, day = parse_parts(found.group())
    except ValueError:
        return None
    if year is None and month is not None and day is not None and published is not None:
        year = _year_of(month, day, published)
    return Day(year, month, day)


def _year_of(month: int, day: int, published: date) -> int | None:
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            candidate = date(year, month, day)
        except ValueError:  # 29 February of a common year
            continue
        if abs(candidate - published) <= _NEAR:
            return year
    return None
