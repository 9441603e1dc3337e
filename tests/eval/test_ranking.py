from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.ranking import rank_measures


def test_by_hand() -> None:
    found = rank_measures({"q": {"b": 1, "d": 1}}, {"q": ["a", "b", "c", "d"]})["q"]
    assert found["mrr@10"] == pytest.approx(1 / 2)
    gained = 1 / log2(2 + 1) + 1 / log2(4 + 1)
    best = 1 / log2(1 + 1) + 1 / log2(2 + 1)
    assert found["ndcg@10"] == pytest.approx(gained / best)


def test_grades_are_gains() -> None:
    found = rank_measures({"q": {"a": 1, "b": 3}}, {"q": ["a", "b"]})["q"]
    assert found["ndcg@10"] == pytest.approx((1 / log2(2) + 3 / log2(3)) / (3 / log2(2) + 1 / log2(3)))


def test_what_has_no_ranking_or_no_relevant_passage_is_0_and_stays() -> None:
    zero = {"mrr@10": 0.0, "ndcg@10": 0.0}
    judged = {"missing": {"a": 1}, "empty": {"a": 1}, "nothing": {}, "found": {"a": 1}}
    found = rank_measures(judged, {"empty": [], "nothing": ["a"], "found": ["a"], "unanswerable": ["a"]})
    assert found == {"missing": zero, "empty": zero, "nothing": zero, "found": {"mrr@10": 1.0, "ndcg@10": 1.0}}


def test_only_the_first_ten_count() -> None:
    ranking = [f"p{place}" for place in range(1, 13)]
    assert rank_measures({"q": {"p10": 1}}, {"q": ranking})["q"]["mrr@10"] == pytest.approx(1 / 10)
    assert rank_measures({"q": {"p11": 1}}, {"q": ranking})["q"] == {"mrr@10": 0.0, "ndcg@10": 0.0}


@given(st.permutations(range(12)), st.sets(st.integers(0, 14), min_size=1))
def test_agrees_with_the_definitions(ranking: list[int], relevant: set[int]) -> None:
    found = rank_measures({"q": {str(it): 1 for it in relevant}}, {"q": [str(it) for it in ranking]})["q"]
    places = [place for place, it in enumerate(ranking[:10], start=1) if it in relevant]
    ideal = sum(1 / log2(place + 1) for place in range(1, min(len(relevant), 10) + 1))
    assert found["mrr@10"] == pytest.approx(1 / places[0] if places else 0)
    assert found["ndcg@10"] == pytest.approx(sum(1 / log2(place + 1) for place in places) / ideal)
