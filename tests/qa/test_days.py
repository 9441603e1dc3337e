"""Dates as articles write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.days import Day, day_of

LAST = Day(2022, 2, 28)


@pytest.mark.parametrize(
    "quote",
    [
        "28 February 2022",
        "February 28, 2022",
        "28 Feb 2022",
        "Feb. 28 2022",
        "the 28th of February, 2022",
        "on Monday 28 February 2022",
        "Monday, 28 February 2022.",
        "2022-02-28",
        "28/02/2022",
        "28.2.2022",
    ],
)
def test_one_day_written_in_many_ways(quote: str) -> None:
    assert day_of(quote, None) == LAST


@pytest.mark.parametrize(
    ("quote", "day"),
    [
        ("in February 2022", Day(2022, 2, None)),
        ("2022", Day(2022, None, None)),
        ("early 2022", Day(2022, None, None)),
        ("May", Day(None, 5, None)),
        ("3 November", Day(None, 11, 3)),
    ],
)
def test_parts_that_are_not_given_stay_unknown(quote: str, day: Day) -> None:
    assert day_of(quote, None) == day


@pytest.mark.parametrize(
    "quote",
    [
        "before 28 February 2022",
        "since 2022",
        "between 1997 and 2013",
        "28 February 2022 to 3 March 2022",
        "Mayor",
        "03/02/2022",  # two days: in London and in New York
        "30 February 2022",
        "1300",
        "2021/22",
        "29 years",
        "28 February 2022, when the council met",
        "",
    ],
)
def test_what_is_not_one_date(quote: str) -> None:
    assert day_of(quote, None) is None


@pytest.mark.parametrize(
    ("quote", "published", "year"),
    [
        ("3 November", date(2022, 11, 10), 2022),
        ("3 November", date(2022, 10, 1), 2022),  # what is to come
        ("28 December", date(2023, 1, 4), 2022),
        ("2 January", date(2022, 12, 28), 2023),
        ("3 November", date(2022, 5, 1), None),  # last year's or this year's
        ("3 November", None, None),
        ("November", date(2022, 11, 10), None),
        ("29 February", date(2023, 2, 20), None),
        ("29 February", date(2024, 2, 20), 2024),
        ("3 November 2019", date(2022, 11, 10), 2019),
    ],
)
def test_the_year_follows_from_the_day_of_publication_where_it_is_near(
    quote: str, published: date | None, year: int | None
) -> None:
    day = day_of(quote, published)
    assert day is not None
    assert day.year == year


def test_a_coarser_date_agrees_with_a_finer_one_and_the_finer_one_is_kept() -> None:
    month = Day(2022, 2, None)
    assert month.agrees(LAST)
    assert LAST.agrees(month)
    assert month.finer(LAST) == LAST.finer(month) == LAST
    assert not month.agrees(Day(2022, 3, 1))
    assert month.differs(Day(2022, 3, 1))
    assert LAST.differs(Day(2022, 2, 21))


def test_dates_that_only_may_be_the_same_neither_agree_nor_differ() -> None:
    assert not Day(2022, 11, None).agrees(Day(None, 11, 3))
    assert not Day(2022, 11, None).differs(Day(None, 11, 3))


@given(st.dates(date(1400, 1, 1), date(2199, 12, 31)))
def test_every_day_reads_the_same_in_each_form(day: date) -> None:
    whole = Day(day.year, day.month, day.day)
    forms = (f"{day:%d %B} {day.year}", f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", f"{day}")
    assert {day_of(form, None) for form in forms} == {whole}


@given(st.text(max_size=40), st.none() | st.dates())
def test_no_text_breaks_it(text: str, published: date | None) -> None:
    day = day_of(text, published)
    assert day is None or day.agrees(day)
    assert day is None or not day.differs(day)
