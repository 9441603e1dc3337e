from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.hit import Hit
from qa.specifics import missing, specifics
from tests.qa.reader.tiny import make_hit

PASSAGE = "Sir Alan Wood was made commissioner of Solihull. Arthur Labinjo-Hughes died in 2020; it cost £1,200.50."


def hit(text: str = PASSAGE) -> Hit:
    from dataclasses import replace

    made = make_hit(text, title="Council rated by Ofsted")
    return replace(made, article=replace(made.article, published_at=date(2023, 3, 7)))


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("When did Sir Alan Wood leave Solihull's council in 2021?", ("sir", "alan", "wood", "solihull", "2021")),
        ("Ofsted rated what?", ("ofsted",)),
        ("who pays £1,200.50 on 3/4/2020?", ("1,200.50", "3/4/2020")),
        ("who was it", ()),
        ("Which Labinjo-Hughes, Which?", ("labinjo-hughes",)),
    ],
)
def test_names_and_numbers(question: str, wanted: tuple[str, ...]) -> None:
    assert specifics(question) == wanted


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("When was Alan Wood made commissioner?", 0),
        ("When was Alan Wood made commissioner of Birmingham?", 1),
        ("When did Arthur Hughes die, in 2019 or 2020?", 1),
        ("Who paid 1200.50?", 0),
        ("What did Ofsted say?", 0),  # the title has it
        ("What happened in March 2023?", 0),  # the article is of that month
        ("What happened in Marsh 2024?", 1),  # one slip is forgiven in a word, not in a number
        ("what happened", 0),
        ("Did Solihul pay?", 0),
        ("Did ALAN pay?", 0),
        ("Did Alba pay?", 1),  # too short to be a slip of anything
    ],
)
def test_what_a_passage_lacks(question: str, count: int) -> None:
    assert missing(question, hit()) == count


@given(st.text(max_size=60))
def test_a_passage_lacks_nothing_of_itself(text: str) -> None:
    assert missing(text, hit(f"x {text}")) == 0
