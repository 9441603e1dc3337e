"""Retrieval over a real catalog."""

from datetime import date

import pytest

from index.catalog import Catalog
from index.filters import Filters
from qa.fusion import ConvexCombination
from qa.hit import Hit
from qa.retrieve import Mode, Retriever
from qa.stopwatch import Stopwatch

ANY = Filters()


def retrieve(
    catalog: Catalog, question: str, mode: Mode = "hybrid", filters: Filters = ANY, k: int = 5
) -> tuple[Hit, ...]:
    retriever = Retriever(catalog.encoder, ConvexCombination(0.5), mode)
    return retriever.retrieve(catalog.snapshot(), question, filters, k, Stopwatch())


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_each_mode_finds_the_passage_and_says_its_scores(catalog: Catalog, mode: Mode) -> None:
    first = retrieve(catalog, "river rose", mode)[0]
    assert first.article.name == "rain"
    assert first.rank == 1
    assert (first.scores.dense is None) == (mode == "lexical")
    assert (first.scores.lexical is None) == (mode == "dense")
    assert first.scores.fused == first.score


def test_ranks_count_and_scores_fall(catalog: Catalog) -> None:
    hits = retrieve(catalog, "the town fair")
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(retrieve(catalog, "the town fair", k=1)) == 1


def test_filters_reach_both_indexes(catalog: Catalog) -> None:
    hits = retrieve(catalog, "town river fire", filters=Filters(published_from=date(2022, 1, 1)))
    assert [hit.article.name for hit in hits] == ["fire"]


def test_nothing_in_an_empty_catalog(empty_catalog: Catalog) -> None:
    assert retrieve(empty_catalog, "river") == ()


def test_every_stage_is_timed(catalog: Catalog) -> None:
    watch = Stopwatch()
    retriever = Retriever(catalog.encoder, ConvexCombination(0.5))
    retriever.retrieve(catalog.snapshot(), "river", Filters(), 3, watch)
    spent = watch.milliseconds()
    assert set(spent) == {"encode", "dense", "lexical", "fuse", "fetch", "total"}
    assert spent["total"] == pytest.approx(sum(ms for stage, ms in spent.items() if stage != "total"), abs=1.0)
