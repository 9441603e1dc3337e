import pytest

from eval.judge import blank, judge, relevant_passages, with_rank_measures
from eval.row import Row
from tests.eval.builders import FIRE, FLOOD, RISE, TEXTS, answer, gold, hit, result, unanswerable


def values(row: Row, *names: str) -> list[float | None]:
    return [row.values[name] for name in names]


def test_an_answered_question() -> None:
    row = judge(gold(), result(hit(FIRE, 1), hit(FLOOD, 2), answers=(answer(),)), TEXTS, 12.5)
    assert (row.answered, row.quote, row.article, row.start, row.end) == (True, "two metres", "000-flood", 22, 32)
    assert row.sentence == "The river Ash rose by two metres on 3 May 2021."
    assert (row.confidence, row.threshold, row.latency_ms, row.timing_ms) == (0.9, None, 12.5, {"total": 1.0})
    assert [found.right for found in row.ranking] == [False, True]
    assert values(row, "hit@1", "hit@3", "hit@5", "hit@10") == [0.0, 1.0, 1.0, 1.0]
    assert values(row, "em", "f1", "quote_has_answer", "overall_em", "overall_f1", "verdict") == [1.0] * 6
    assert not row.right


def test_a_hit_is_of_a_named_article_and_has_an_answer() -> None:
    elsewhere = judge(gold(articles=("001",)), result(hit(FLOOD, 1), hit(FIRE, 2)), TEXTS, 0)
    assert values(elsewhere, "hit@10", "has_answer@1", "has_answer@10") == [0.0, 1.0, 1.0]
    otherwise = judge(gold(answers=("three metres",)), result(hit(FLOOD, 1)), TEXTS, 0)
    assert values(otherwise, "hit@10", "has_answer@10") == [0.0, 0.0]


def test_where_passages_are_judged_the_name_is_enough() -> None:
    row = judge(gold(articles=(), answers=(), relevant={"001-fire": 2}), result(hit(FIRE, 1)), TEXTS, 0)
    assert row.right
    assert values(row, "hit@1") == [1.0]
    # no answers are known (BEIR): nothing about the answer is defined
    assert values(row, "has_answer@1", "em", "f1", "overall_em", "overall_f1") == [None] * 5


def test_a_wrong_refusal_costs_the_overall_score_but_shows_what_it_had() -> None:
    row = judge(gold(), result(hit(FLOOD, 1, (RISE,))), TEXTS, 0)
    assert (row.answered, row.quote, row.confidence, row.threshold) == (False, "two metres", 0.2, 0.5)
    assert values(row, "em", "f1", "overall_em", "overall_f1", "verdict") == [1.0, 1.0, 0.0, 0.0, 0.0]


def test_a_refusal_with_nothing_found() -> None:
    row = judge(gold(), result(), TEXTS, 0)
    assert (row.quote, row.article, row.start, row.end) == ("", "", 0, 0)
    assert values(row, "hit@10", "em", "f1", "verdict") == [0.0] * 4


@pytest.mark.parametrize("answered", [True, False])
def test_an_unanswerable_question_is_right_when_refused(answered: bool) -> None:
    row = judge(unanswerable(), result(hit(FLOOD, 1), answers=(answer(),) if answered else ()), TEXTS, 0)
    assert values(row, "overall_em", "overall_f1", "verdict") == [float(not answered)] * 3
    assert values(row, "hit@1", "has_answer@1", "em", "f1") == [None] * 4
    assert not row.right


def test_a_question_that_was_not_asked_counts_0_wherever_it_counts() -> None:
    for question in (gold(), unanswerable()):
        asked = judge(question, result(hit(FLOOD, 1)), TEXTS, 0)
        missing = blank(question, problem="too long")
        assert missing.values == {name: None if value is None else 0.0 for name, value in asked.values.items()}
        assert missing.problem == "too long"


def test_every_passage_of_the_collection_is_judged() -> None:
    passages = [
        ("a", "000-flood", "It rose by two metres."),
        ("b", "000-flood", "Schools shut."),
        ("c", "000-more", "By 2 m, they said."),
        ("d", "001-fire", "Flames two metres high."),
    ]
    questions = [gold(), gold(id="q2", articles=("009",)), unanswerable(id="q3")]
    assert relevant_passages(questions, passages) == {"q1": {"a": 1, "c": 1}, "q2": {}}
    assert relevant_passages([gold(relevant={"p": 2})], []) == {"q1": {"p": 2}}


def test_rank_measures_are_put_into_the_rows() -> None:
    rows = [
        judge(gold(), result(hit(FIRE, 1), hit(FLOOD, 2)), TEXTS, 0),
        judge(unanswerable(id="q2"), result(hit(FIRE, 1)), TEXTS, 0),
    ]
    passage = rows[0].ranking[1].passage
    first, second = with_rank_measures(rows, {"q1": {passage: 1}})
    assert values(first, "mrr@10") == [1 / 2]
    assert values(second, "mrr@10", "ndcg@10") == [None, None]
    assert "mrr@10" not in rows[0].values
