"""Dates as sources write them. The only file that imports dateutil."""

import re
from datetime import date, datetime

from dateutil import parser

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}")
_LONGEST = 64
_EARLIEST, _LATEST = 1400, 2200
_FILLERS = (datetime(2000, 1, 1), datetime(2004, 2, 2))


def parse_date(value: object) -> date:
    """The day that `value` names: a date, a datetime, ISO 8601, or a full date in English words.

    >>> parse_date("8 November 2022"), parse_date("2022-11-08T09:30:00Z")
    (datetime.date(2022, 11, 8), datetime.date(2022, 11, 8))

    Raises:
        ValueError: no date, not a whole date ("November 2022"), or one that two countries read differently.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError(f"a {type(value).__name__} is not a date; write it as 2022-11-08")  # noqa: TRY004
    text = value.strip()
    if not text or len(text) > _LONGEST:
        raise ValueError(f"{text[:_LONGEST]!r} is not a date; write it as 2022-11-08")
    if _ISO.fullmatch(text):
        try:
            return date.fromisoformat(text[:10])
        except ValueError as error:
            raise ValueError(f"{text!r} is not a date of the calendar") from error
    numeric = _NUMERIC.match(text)
    if numeric and numeric[1] != numeric[2] and int(numeric[1]) <= 12 and int(numeric[2]) <= 12:
        raise ValueError(f"{text!r} could be two days; write it as 2022-11-08")
    try:
        one, other = (parser.parse(text, default=filler, ignoretz=True).date() for filler in _FILLERS)
    except (ValueError, OverflowError, TypeError) as error:
        raise ValueError(f"{text!r} is not a date; write it as 2022-11-08") from error
    if one != other or not _EARLIEST <= one.year <= _LATEST:
        raise ValueError(f"{text!r} is not a whole date; write it as 2022-11-08")
    return one


def parse_parts(text: str) -> tuple[int | None, int | None, int | None]:
    """Year, month and day of a date that may be partial, None for each that is not given.

    >>> parse_parts("February 2022"), parse_parts("3 Nov."), parse_parts("2022")
    ((2022, 2, None), (None, 11, 3), (2022, None, None))

    Raises:
        ValueError: no date, or one that two countries read differently.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"{text[:_LONGEST]!r} is not a date")
    if _ISO.fullmatch(text) or _NUMERIC.match(text):
        whole = parse_date(text)
        return whole.year, whole.month, whole.day
    try:
        one, other = (parser.parse(text, default=filler, ignoretz=True).date() for filler in _FILLERS)
    except (ValueError, OverflowError, TypeError) as error:
        raise ValueError(f"{text!r} is not a date") from error
    # What differs came from the fillers, which share no part.
    year = one.year if one.year == other.year else None
    if year is not None and not _EARLIEST <= year <= _LATEST:
        raise ValueError(f"{text!r} is outside the years {_EARLIEST} to {_LATEST}")
    return year, one.month if one.month == other.month else None, one.day if one.day == other.day else None
