"""What may be asked, and what a person is told otherwise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.filters import Filters
from qa.question import Question
from sources.errors import QuestionError


def test_white_space_is_tidied_and_words_are_not() -> None:
    assert Question("  When\n was\tit?  ").text == "When was it?"
    assert Question("Où est Łódź 😀?").text == "Où est Łódź 😀?"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        (" \n ", "is empty"),
        ("x" * 10_000, "10,000 characters; at most 1,000"),
        ("when\x00was", r"U\+0000 at position 4"),
        ("a\x1b[31m", r"U\+001B"),
        ("\ud800 a", r"U\+D800"),
        ("?!", "no letter or digit"),
    ],
)
def test_a_bad_question_is_explained(text: str, told: str) -> None:
    with pytest.raises(QuestionError, match=told) as raised:
        Question(text)
    assert raised.value.field == "question"


@pytest.mark.parametrize("top_k", [0, -1, 51])
def test_top_k_is_bounded(top_k: int) -> None:
    with pytest.raises(QuestionError, match=f"top_k: {top_k} is out of range; give 1 to 50"):
        Question("when", top_k=top_k)


def test_dates_the_wrong_way_round() -> None:
    with pytest.raises(QuestionError, match="2023-01-02 is after published_to 2023-01-01"):
        Filters(published_from=date(2023, 1, 2), published_to=date(2023, 1, 1))


def test_as_of_is_a_last_day_of_publication() -> None:
    day, earlier = date(2022, 6, 1), date(2022, 1, 1)
    assert Question("a").effective_filters == Filters()
    assert Question("a", as_of=day).effective_filters == Filters(published_to=day)
    assert Question("a", as_of=day, filters=Filters(published_to=earlier)).effective_filters.published_to == earlier
    later = Filters(published_from=date(2023, 1, 1))
    with pytest.raises(QuestionError, match="is after"):
        _ = Question("a", as_of=day, filters=later).effective_filters


@given(st.text(max_size=1_100))
def test_any_text_is_a_question_or_a_clear_refusal(text: str) -> None:
    error = None
    asked = None
    try:
        asked = Question(text)
    except QuestionError as raised:
        error = str(raised)
    if asked is None:
        assert error is not None
        assert error.startswith("question: ")
    else:
        assert asked.text == " ".join(asked.text.split()) != ""
