"""Each way by itself: only one of them fits the question."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from qa.reader.training.changes import Changer, opposites
from qa.reader.training.examples import Asked, Context, context, token_span

TEXT = "In 1998 the bridge of London opened. In 1874 it was new. The mayor of Paris crossed it."


@pytest.fixture(scope="module")
def changer() -> Changer:
    return Changer()


def pair(tokenizer: Tokenizer, question: str, answer: str, text: str = TEXT) -> tuple[Asked, Context]:
    home = context("", text, tokenizer.encode(text, add_special_tokens=False))
    target = token_span(home.starts, home.ends, text.index(answer), text.index(answer) + len(answer))
    assert target is not None
    return Asked("q", question, np.zeros(1, np.int32), 0, target, (answer,), "set"), home


def all_changes(changer: Changer, asked: Asked, home: Context, others: list[str]) -> set[str]:
    found = {changer.changed(asked, home, others, np.random.default_rng(seed)) for seed in range(60)}
    return {text for text in found if text is not None}


def test_a_number_becomes_another_that_the_answering_sentence_lacks(changer: Changer, tokenizer: Tokenizer) -> None:
    asked, home = pair(tokenizer, "What opened in 1998?", "bridge")
    years = {t.removeprefix("What opened in ").removesuffix("?") for t in all_changes(changer, asked, home, [])}
    years = {year for year in years if year.isdigit()}
    assert "1874" in years
    assert "1999" in years
    assert "1998" not in years


def test_a_name_becomes_one_of_another_sentence_or_question(changer: Changer, tokenizer: Tokenizer) -> None:
    asked, home = pair(tokenizer, "Which part of London?", "bridge")
    changed = all_changes(changer, asked, home, ["Who came to Rome?"])
    assert changed == {"Which part of Paris?", "Which part of Rome?"}


def test_opposites_go_both_ways_but_not_after_how(changer: Changer, tokenizer: Tokenizer) -> None:
    assert opposites()["fell"] == ["rose"]
    asked, home = pair(tokenizer, "the first bridge", "London")
    assert "the last bridge" in all_changes(changer, asked, home, [])
    asked, home = pair(tokenizer, "how long", "London")
    assert all_changes(changer, asked, home, []) == set()


def test_a_question_can_be_negated_once(changer: Changer, tokenizer: Tokenizer) -> None:
    asked, home = pair(tokenizer, "who was it", "London")
    assert all_changes(changer, asked, home, []) == {"who wasn't it", "who was never it"}
    asked, home = pair(tokenizer, "who was not it", "London")
    assert all_changes(changer, asked, home, []) == set()


def test_a_word_becomes_one_of_the_same_ending(changer: Changer, tokenizer: Tokenizer) -> None:
    asked, home = pair(tokenizer, "who crossed", "mayor")
    assert all_changes(changer, asked, home, ["who painted the river"]) == {"who painted"}


@given(seed=st.integers(0, 10**6))
def test_one_part_of_the_question_changes(changer: Changer, tokenizer: Tokenizer, seed: int) -> None:
    question = "When was the first bridge of London opened in 1998?"
    asked, home = pair(tokenizer, question, "bridge")
    changed = changer.changed(asked, home, ["Who was the mayor of Rome?"], np.random.default_rng(seed))
    assert changed is not None
    assert changed != question
    gone = set(question.split()) - set(changed.split())
    assert len(gone) <= 1  # none where "never" came in
