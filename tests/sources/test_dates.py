"""Dates: whole days only, never a guess."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.dates import parse_date


@pytest.mark.parametrize(
    "value",
    [
        "2022-11-08",
        "2022-11-08T23:30:00Z",
        "2022-11-08 09:00:00+05:30",
        "8 November 2022",
        "8th November 2022",
        "Tuesday 8 November 2022",
        "November 8, 2022",
        "8 Nov 2022",
        "Tue, 08 Nov 2022 10:00:00 GMT",
        date(2022, 11, 8),
        datetime(2022, 11, 8, 12, tzinfo=UTC),
    ],
)
def test_one_day_written_in_many_ways(value: object) -> None:
    assert parse_date(value) == date(2022, 11, 8)


@pytest.mark.parametrize("value", ["28/02/2022", "2/28/2022", "02/02/2022"])
def test_numeric_dates_with_one_reading(value: str) -> None:
    assert parse_date(value) in {date(2022, 2, 28), date(2022, 2, 2)}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("08/11/2022", "could be two days"),
        ("2022-02-30", "not a date of the calendar"),
        ("November 2022", "not a whole date"),
        ("2022", "not a whole date"),
        ("Wednesday", "not a whole date"),
        ("yesterday", "not a date"),
        ("", "not a date"),
        ("9" * 80, "not a date"),
        (20221108, "not a date"),
        (True, "not a date"),
        (["2022-11-08"], "not a date"),
    ],
)
def test_what_is_no_day_is_named(value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_date(value)


@given(st.text(max_size=70))
def test_any_text_is_a_day_or_a_value_error(text: str) -> None:
    try:
        found = parse_date(text)
    except ValueError:
        return
    assert 1400 <= found.year <= 2200 or text[:4].isdigit()


@given(st.dates())
def test_iso_round_trip(day: date) -> None:
    assert parse_date(day.isoformat()) == day
