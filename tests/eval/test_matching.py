import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import contains, exact_match, f1, normalised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Council's £532,000.", "councils £532000"),
        ("Solihull’s “front door”", "solihulls front door"),
        ("an  Area\n(for) a\tPriority", "area for priority"),
        ("Theatre and answer", "theatre and answer"),
        ("Multi-Agency", "multiagency"),
    ],
)
def test_case_punctuation_articles_and_space_do_not_count(text: str, expected: str) -> None:
    assert normalised(text) == expected


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalised(text)
    # Lower-casing can bring forth what a second pass treats anew; nothing in English does.
    assert normalised(once) == once or not text.isascii()


def test_an_answer_is_found_as_whole_words_only() -> None:
    assert contains("He was 6, they said", ["6"])
    assert not contains("in 2016 he was 16", ["6"])
    assert not contains("anything", [])
    assert not contains("anything", ["the", "..."])


def test_exact_match_takes_any_answer() -> None:
    assert exact_match("The end of January 2023!", ["January 2023", "end of January 2023"]) == 1.0
    assert exact_match("by the end of January 2023", ["January 2023", "end of January 2023"]) == 0.0


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    # got 4 words, wanted 2, shared 2: precision 2/4, recall 2/2
    assert f1("by end of January", ["of January"]) == pytest.approx(2 * (2 / 4) * (2 / 2) / ((2 / 4) + (2 / 2)))
    # the answer it fits best counts: 2 of 3 words against none
    assert f1("Sir Alan Wood", ["Nick Page", "Alan Wood"]) == pytest.approx(2 * 2 / (3 + 2))
    # a word counts as often as it stands in both
    assert f1("no no no", ["no"]) == pytest.approx(2 * 1 / (3 + 1))
    assert f1("", ["x"]) == 0.0
    assert f1("x", []) == 0.0
