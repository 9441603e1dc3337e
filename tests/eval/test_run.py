"""The real catalog and pipeline under a made encoder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.corpus import Corpus, check_gold, index_corpus
from eval.run import run
from index.catalog import Catalog
from index.split import split
from qa.build import build_pipeline
from sources.errors import GoldError
from tests.eval.builders import FIRE, FLOOD, gold, unanswerable
from tests.fakes import WordEncoder, article

CORPUS = Corpus("made", (FLOOD, FIRE), (), split)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with index_corpus(CORPUS, tmp_path, WordEncoder()) as opened:
        yield opened


def test_every_question_gives_a_row_in_order(catalog: Catalog) -> None:
    done: list[int] = []
    questions = [
        gold(question="How far did the river Ash rise?"),
        unanswerable(id="q2", question="Who was the mayor in 1850?"),
        gold(id="q3", question="x" * 2_000),
    ]
    rows = run(build_pipeline(catalog, "none"), questions, CORPUS.texts, catalog.snapshot(), progress=done.append)
    assert [row.id for row in rows] == ["q1", "q2", "q3"]
    assert done == [1, 2, 3]
    assert [rows[0].values[name] for name in ("hit@1", "mrr@10", "ndcg@10", "has_answer@1")] == [1.0] * 4
    assert rows[0].sentence or rows[0].quote == "The river Ash rose by two metres on 3 May 2021."
    assert rows[0].latency_ms > 0
    assert rows[0].quotes > 0
    assert all(row.inexact == () for row in rows)
    assert [rows[1].values[name] for name in ("hit@1", "mrr@10")] == [None, None]
    assert rows[2].problem.startswith("question: the question has 2,000 characters")
    assert [rows[2].values[name] for name in ("hit@1", "mrr@10", "ndcg@10", "f1", "verdict")] == [0.0] * 5


@pytest.mark.parametrize("k", [9, 51])
def test_the_metrics_need_ten_passages(catalog: Catalog, k: int) -> None:
    with pytest.raises(GoldError, match=f"k is {k}; the metrics need 10 passages or more, and 50 is the most"):
        run(build_pipeline(catalog, "none"), [gold()], {}, catalog.snapshot(), k=k)


def test_an_index_kept_is_used_again_but_not_for_another_corpus(tmp_path: Path) -> None:
    with index_corpus(CORPUS, tmp_path, WordEncoder()) as first:
        generation = first.snapshot().generation
    with index_corpus(CORPUS, tmp_path, WordEncoder()) as again:
        assert again.snapshot().generation == generation
    other = Corpus("other", (article("002-fair", "A fair."),), (), split)
    with pytest.raises(GoldError, match="holds other articles than other; name an empty directory"):
        index_corpus(other, tmp_path, WordEncoder())


def test_gold_must_fit_the_corpus() -> None:
    check_gold([gold(), unanswerable(), gold(articles=("007", "001"))], CORPUS)
    with pytest.raises(GoldError, match=r"question 'q1' is answered by articles named 007\.\.\., and made has none"):
        check_gold([gold(articles=("007",))], CORPUS)
