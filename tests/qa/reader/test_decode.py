"""From logits to spans, against trying every span."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.decode import MARGIN, MOST_SPANS, Logits, TokenSpan, best_spans, log_odds


def logits(*values: float) -> Logits:
    return np.array(values, np.float32)


def spans(start: Logits, end: Logits, allowed: list[bool] | None = None, longest: int = 10) -> list[TokenSpan]:
    return best_spans(start, end, np.array(allowed or [True] * len(start)), longest)


def test_the_best_span_by_hand() -> None:
    #        0 [CLS]  1    2    3
    start = logits(9, 1.0, 5.0, 0.0)
    end = logits(9, 8.0, 0.0, 4.0)
    # 2..3 is 5 + 4; 2..1 would be 13 but ends before it starts, 1..1 is 9 as well and comes first.
    assert spans(start, end, [False, True, True, True]) == [TokenSpan(1, 1, 9.0), TokenSpan(2, 3, 9.0)]


def test_the_odds_by_hand() -> None:
    three, two, one = (math.log(n) for n in (3, 2, 1))
    start, end = logits(1, three, two, 50), logits(2, one, three, 50)
    # e^three + e^two is 5, e^one + e^three is 4.
    found = log_odds(start, end, np.array([False, True, True, False]))
    assert found == pytest.approx(math.log(5) - 1 + math.log(4) - 2, abs=1e-5)
    assert log_odds(start, end, np.zeros(4, bool)) == -math.inf


def test_large_logits_do_not_overflow() -> None:
    huge = logits(0, 1e4, -1e4)
    assert log_odds(huge, huge, np.array([False, True, True])) == pytest.approx(2e4)


def test_a_span_has_a_longest_length() -> None:
    start, end = logits(5, 0, 0, 0), logits(0, 0, 1, 5)
    assert spans(start, end, longest=4)[0] == TokenSpan(0, 3, 10.0)
    assert spans(start, end, longest=3)[0] == TokenSpan(0, 2, 6.0)
    assert spans(start, end, longest=1)[0] == TokenSpan(0, 0, 5.0)


def test_several_answers_of_one_passage() -> None:
    # "Doncaster, Birmingham and Tower Hamlets": tokens 0, 2, 4-5
    start, end = logits(6, 0, 5.5, 0, 5.2, 0), logits(6, 0, 5.5, 0, 0, 5.2)
    found = spans(start, end, longest=2)
    assert [(span.first, span.last) for span in found] == [(0, 0), (2, 2)]
    assert found[0].score - found[1].score <= MARGIN  # 12 - 11
    start, end = logits(6, 0, 5.7, 0, 5.6, 0), logits(6, 0, 5.7, 0, 0, 5.6)
    assert [(span.first, span.last) for span in spans(start, end, longest=2)] == [(0, 0), (2, 2), (4, 5)]


def test_nothing_to_choose_from() -> None:
    assert spans(logits(1, 2), logits(1, 2), [False, False]) == []
    assert spans(logits(), logits()) == []


@pytest.mark.parametrize("count", [1, 5, 9])
def test_at_most_so_many(count: int) -> None:
    even = np.zeros(count, np.float32)
    assert len(spans(even, even, longest=1)) == min(count, MOST_SPANS)


SCORES = st.floats(-20, 20, width=32)
TOKENS = st.lists(st.tuples(SCORES, SCORES, st.booleans()), min_size=1, max_size=9)


@given(TOKENS, st.integers(1, 9))
def test_against_every_span(tokens: list[tuple[float, float, bool]], longest: int) -> None:
    start, end = (np.array(column, np.float32) for column in ([t[0] for t in tokens], [t[1] for t in tokens]))
    places = [place for place, token in enumerate(tokens) if token[2]]
    every = sorted(
        (-float(start[first] + end[last]), first, last)
        for order, first in enumerate(places)
        for last in places[order : order + longest]
    )
    expected: list[TokenSpan] = []
    for cost, first, last in every:
        near = not expected or -cost >= expected[0].score - MARGIN
        free = all(last < other.first or other.last < first for other in expected)
        if near and free and len(expected) < MOST_SPANS:
            expected.append(TokenSpan(first, last, -cost))
    assert best_spans(start, end, np.array([token[2] for token in tokens]), longest) == expected
