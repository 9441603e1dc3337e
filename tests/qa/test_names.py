"""Names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.names import name_of, names_a_person


def same(one: str, other: str) -> bool:
    first, second = name_of(one), name_of(other)
    assert first is not None
    assert second is not None
    assert first.agrees(second) == second.agrees(first)
    return first.agrees(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sir Alan Wood", "Alan Wood"),
        ("Sir Alan Wood", "Wood"),
        ("Sir Alan Wood", "Sir Alan"),
        ("Alan Wood", "Mr Wood"),
        ("Dr. Alan Wood", "A. Wood"),
        ("Alan Wood’s", "Alan Wood"),
        ("Jane van der Berg", "Councillor van der Berg"),
        ("the home secretary Theresa May", "Theresa May"),
        ("Alan Paul Wood", "Alan Wood"),
        ("Émile Zola", "Zola"),
        ("Jay", "Professor Alexis Jay"),
    ],
)
def test_one_person(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alan Wood", "John Wood"),
        ("Alan Wood", "Alan Woods"),
        ("Sir Alan Wood", "Dame Louise Casey"),
        ("Sir Alan Wood", "Sir John Good"),
        ("Alan Wood", "Wood Green"),
    ],
)
def test_two_people(one: str, other: str) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    "quote",
    [
        "Birmingham City Council",
        "Ofsted",
        "Home Secretary",
        "the Prime Minister",
        "he",
        "commissioners",
        "Wood and Jay",
        "",
    ],
)
def test_no_person(quote: str) -> None:
    assert name_of(quote) is None


@pytest.mark.parametrize(("quote", "whole"), [("Mr Wood", True), ("Alan Wood", True), ("Wood", False)])
def test_a_word_alone_may_be_no_person(quote: str, whole: bool) -> None:
    name = name_of(quote)
    assert name is not None
    assert names_a_person(name) is whole


@given(st.text(max_size=30) | st.text("Sir Alan.Wood’s J-", max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    name = name_of(text)
    assert name is None or name.differs(name) != name.agrees(name)
