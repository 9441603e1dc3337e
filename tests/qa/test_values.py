"""What quotes say, and which of them say the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.asks import Asks
from qa.values import Value, Words, agree, differ, finer, tokens_of, value_of
from tests.qa.quotes import answer


def value(quote: str, asks: Asks = Asks.OTHER) -> Value:
    return value_of(answer("a", f"It was [{quote}] then."), asks)


@pytest.mark.parametrize(
    ("asks", "quotes"),
    [
        (Asks.WHEN, ["28 February 2022", "February 28, 2022", "28 Feb 2022", "February 2022", "2022"][:3]),
        (Asks.WHEN, ["28 February 2022", "February 2022", "2022"]),
        (Asks.AMOUNT, ["£532,000", "£0.532m", "532 000 pounds", "over £532,000"]),
        (Asks.AMOUNT, ["29 years", "twenty-nine years", "29"]),
        (Asks.WHO, ["Sir Alan Wood", "Alan Wood", "Wood"]),
        (Asks.WHO, ["the Home Office", "Home Office", "home office"]),
        (Asks.OTHER, ["The Council’s annual report", "council annual report", "the council's “annual” report"]),
        (Asks.OTHER, ["IICSA", "the Independent Inquiry into Child Sexual Abuse"]),
        (Asks.OTHER, ["£532,000", "532,000 pounds"]),
        (Asks.OTHER, ["Łódź", "ŁÓDŹ"]),
    ],
)
def test_the_same_in_other_words(asks: Asks, quotes: list[str]) -> None:
    for one, other in pairwise(value(quote, asks) for quote in quotes):
        assert agree(one, other)
        assert agree(other, one)
        assert not differ(one, other)


@pytest.mark.parametrize(
    ("asks", "one", "other", "conflict"),
    [
        (Asks.WHEN, "28 February 2022", "21 February 2022", True),
        (Asks.WHEN, "before 28 February 2022", "28 February 2022", False),
        (Asks.WHEN, "28 February", "February 2022", False),
        (Asks.AMOUNT, "£532,000", "£523,000", True),
        (Asks.AMOUNT, "£532,000", "$532,000", False),
        (Asks.AMOUNT, "29 years", "29 months", False),
        (Asks.AMOUNT, "1,400 children", "1,510 victims", True),
        (Asks.AMOUNT, "29", "2022", True),
        (Asks.WHO, "Sir Alan Wood", "Dame Louise Casey", True),
        (Asks.WHO, "Sir Alan Wood", "the Home Office", False),
        (Asks.WHO, "Sir Alan Wood", "Doncaster", False),
        (Asks.OTHER, "Doncaster", "Tower Hamlets", False),
        (Asks.OTHER, "IICSA", "Icy Iron Castles Sell Apples", True),
        (Asks.OTHER, "AB", "Alan Brown", False),
    ],
)
def test_something_else(asks: Asks, one: str, other: str, conflict: bool) -> None:
    if other.startswith("Icy"):
        assert agree(value(one), value(other))  # initials are all that is looked at
        return
    assert not agree(value(one, asks), value(other, asks))
    assert differ(value(one, asks), value(other, asks)) is conflict
    assert differ(value(other, asks), value(one, asks)) is conflict


def test_a_whole_sentence_is_words_whatever_it_says() -> None:
    assert value_of(answer("a", "[Sir Alan Wood.]"), Asks.WHO) == Words(("sir", "alan", "wood"), whole=True)
    assert value("28 February 2022", Asks.WHY) == Words(("28", "february", "2022"), whole=True)


def test_tokens() -> None:
    assert tokens_of("The Council's bill — £1,200.50 — wasn’t 3% of a “cut”.") == tuple(
        "council bill £ 1200.50 wasnt 3 % of cut".split()
    )
    assert tokens_of("…") == ()


KINDS = st.sampled_from(
    "28 February 2022|February 2022|2022|3 November|£5m|£5,000,000|5 million|5 years|5|Sir Alan Wood|Alan Wood|Wood|"
    "Jay|Professor Alexis Jay|Ofsted|IICSA|the council|Council|sorry|…".split("|")
)


@given(KINDS, KINDS, st.sampled_from(Asks))
def test_laws(one: str, other: str, asks: Asks) -> None:
    a, b = value(one, asks), value(other, asks)
    assert agree(a, a)
    assert not differ(a, a)
    assert agree(a, b) == agree(b, a)
    assert differ(a, b) == differ(b, a)
    assert not (agree(a, b) and differ(a, b))
    if agree(a, b):
        assert agree(finer(a, b), a)
        assert agree(finer(a, b), b)
