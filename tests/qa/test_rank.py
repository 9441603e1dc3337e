"""The final order, by hand."""

from dataclasses import replace

import pytest

from index.split import whole
from qa.decide import Calibration, Weights
from qa.hit import Hit, Scores
from qa.rank import rank
from qa.reader.reader import Reading
from tests.fakes import article

EVEN = Calibration(Weights(dense=2.0, reader=1.0), bias=-1.0, threshold=0.5)


def hits() -> list[Hit]:
    made = [article(name, f"About {name}.") for name in "abc"]
    return [
        Hit(whole(one)[0], one, place, 1 - place / 10, Scores(dense=dense, fused=1 - place / 10))
        for place, (one, dense) in enumerate(zip(made, (0.9, 0.5, 0.1), strict=True), start=1)
    ]


def readings(*scores: float) -> list[Reading]:
    return [Reading(score, (hit.passage.span,), hit.passage.span) for score, hit in zip(scores, hits(), strict=True)]


def test_a_reader_that_does_not_rerank_leaves_the_order_and_the_scores() -> None:
    ranked = rank("when was it?", hits(), readings(0.0, 5.0, 9.0), EVEN, reranks=False)
    assert [hit.article.name for hit, _ in ranked] == ["a", "b", "c"]
    assert [hit.score for hit, _ in ranked] == [0.9, 0.8, 0.7]
    assert [hit.scores.reader for hit, _ in ranked] == [0.0, 5.0, 9.0]


def test_log_odds_decide_the_order_by_hand() -> None:
    ranked = rank("when was it?", hits(), readings(0.0, 0.5, 2.0), EVEN, reranks=True)
    # 2 x 0.9 + 0 - 1, 2 x 0.5 + 0.5 - 1, 2 x 0.1 + 2 - 1
    assert [(hit.article.name, hit.rank) for hit, _ in ranked] == [("c", 1), ("a", 2), ("b", 3)]
    assert [hit.score for hit, _ in ranked] == [pytest.approx(1.2), pytest.approx(0.8), pytest.approx(0.5)]
    assert [reading.score for _, reading in ranked] == [2.0, 0.0, 0.5]


def test_equal_log_odds_keep_the_retrieval_order() -> None:
    flat = replace(EVEN, weights=Weights(dense=0.0, reader=0.0))
    ranked = rank("when was it?", hits(), readings(3.0, 2.0, 1.0), flat, reranks=True)
    assert [hit.article.name for hit, _ in ranked] == ["a", "b", "c"]


def test_highlights_come_from_the_readings() -> None:
    ((first, reading), *_) = rank("when was it?", hits(), readings(1.0, 0.0, 0.0), EVEN, reranks=True)
    assert first.highlights == reading.spans


def test_the_order_may_weigh_otherwise_than_the_confidence() -> None:
    apart = replace(EVEN, order=Weights(dense=0.0, reader=1.0))
    ranked = rank("when was it?", hits(), readings(3.0, 5.0, 4.0), apart, reranks=True)
    assert [(hit.article.name, hit.score) for hit, _ in ranked] == [("b", 5.0), ("c", 4.0), ("a", 3.0)]
    # 2 x 0.5 + 5 - 1
    assert apart.logit(ranked[0][0].scores) == pytest.approx(5.0)
