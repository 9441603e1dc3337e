"""The catalog: nothing lost, nothing mixed, everything rebuilt from the articles."""

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import Catalog
from index.filters import Filters
from sources.article import Article
from sources.errors import UnknownArticleError
from tests.fakes import WordEncoder, article
from tests.index.two_articles import ENCODER, FIRE, RAIN, found


def test_add_find_show_and_remove(catalog: Catalog) -> None:
    report = catalog.add([RAIN, FIRE])
    assert (report.added, report.replaced, report.unchanged) == ((RAIN.id, FIRE.id), (), ())
    assert found(catalog, "river") == [RAIN.id]
    assert catalog.article(RAIN.id) == RAIN
    assert catalog.publishers() == ["Gazette", "Herald"]
    catalog.remove([RAIN.id])
    assert found(catalog, "river") == []
    assert [left.id for left in catalog.articles()] == [FIRE.id]


def test_adding_twice_changes_nothing(catalog: Catalog) -> None:
    catalog.add([RAIN, FIRE])
    before = catalog.status()
    assert catalog.add([FIRE, RAIN]).unchanged == (FIRE.id, RAIN.id)
    assert catalog.status() == before


def test_the_same_content_from_another_file_is_there_already(catalog: Catalog) -> None:
    catalog.add([RAIN])
    copy = replace(RAIN, id="copy", origin="/elsewhere/rain", name="copy")
    assert catalog.add([copy]).unchanged == (RAIN.id,)
    assert catalog.count() == 1


def test_the_same_words_of_another_publisher_are_another_article(catalog: Catalog) -> None:
    other = article("rain2", RAIN.text, publisher="Herald", title=RAIN.title)
    assert catalog.add([RAIN, other]).added == (RAIN.id, other.id)


def test_changed_content_replaces_the_old_revision(catalog: Catalog) -> None:
    catalog.add([RAIN])
    revised = article("rain", "Snow fell instead.", publisher="Gazette")
    assert catalog.add([revised]).replaced == (RAIN.id,)
    assert found(catalog, "river") == []
    assert found(catalog, "snow") == [RAIN.id]
    back = catalog.add([RAIN])
    assert back.replaced == (RAIN.id,)
    assert found(catalog, "river") == [RAIN.id]


def test_new_metadata_alone_is_a_revision(catalog: Catalog) -> None:
    catalog.add([RAIN])
    assert catalog.add([replace(RAIN, publisher="Gazette on Sunday")]).replaced == (RAIN.id,)
    assert catalog.article(RAIN.id).publisher == "Gazette on Sunday"
    assert found(catalog, "river") == [RAIN.id]


def test_twice_in_one_call_the_last_one_counts(catalog: Catalog) -> None:
    revised = article("rain", "Snow fell instead.")
    catalog.add([RAIN, revised])
    assert catalog.article(RAIN.id).text == "Snow fell instead."
    assert catalog.count() == 1
    assert found(catalog, "river") == []


def test_removing_an_unknown_article_removes_none(catalog: Catalog) -> None:
    catalog.add([RAIN])
    before = catalog.status()
    with pytest.raises(UnknownArticleError, match="nobody"):
        catalog.remove([RAIN.id, "nobody"])
    assert catalog.status() == before


def test_a_snapshot_keeps_its_generation_whole(catalog: Catalog) -> None:
    catalog.add([RAIN])
    old = catalog.snapshot()
    catalog.add([article("rain", "Snow fell instead.")])
    catalog.remove([RAIN.id])
    ((key, _),) = old.lexical("river", 5, Filters())
    assert [key] == [key for key, _ in old.dense(ENCODER.encode(["river"])[0], 5, Filters())]
    passage, kept = old.passages([key])[key]
    assert kept == RAIN
    assert passage.span.of(kept.text) == RAIN.text
    assert catalog.snapshot().generation == old.generation + 2


def test_all_is_there_after_opening_again(catalog: Catalog) -> None:
    catalog.add([RAIN, FIRE])
    before = catalog.status()
    catalog.close()
    with Catalog.open(catalog.directory, ENCODER) as again:
        assert again.status() == before
        assert found(again, "station") == [FIRE.id]


def test_another_process_sees_a_change_and_both_may_write(catalog: Catalog) -> None:
    catalog.add([RAIN])
    with Catalog.open(catalog.directory, ENCODER) as other:
        other.add([FIRE])
        assert found(catalog, "station") == [FIRE.id]
        catalog.remove([RAIN.id])
        assert found(other, "river") == []
        assert other.snapshot().generation == catalog.snapshot().generation == 3


def test_an_error_while_encoding_changes_nothing(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog.add([RAIN])
    before = catalog.status()

    def broken(*_: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(WordEncoder, "encode", broken)
    with pytest.raises(RuntimeError, match="no memory"):
        catalog.add([FIRE])
    assert catalog.status() == before


def test_reindex_gives_the_same_answers(catalog: Catalog) -> None:
    catalog.add([RAIN, FIRE])
    query = ENCODER.encode(["river fire"])[0]
    before = catalog.snapshot().dense(query, 5, Filters())
    seen: list[tuple[int, int]] = []
    catalog.reindex(lambda done, count: seen.append((done, count)))
    assert seen == [(2, 2)]
    assert catalog.snapshot().dense(query, 5, Filters()) == before
    assert found(catalog, "river") == [RAIN.id]


def test_progress_counts_articles_and_passages(catalog: Catalog) -> None:
    seen: list[tuple[int, int]] = []
    catalog.add([RAIN, RAIN, FIRE], lambda articles, passages: seen.append((articles, passages)))
    assert seen[-1] == (2, 2)


def test_filters_agree_in_both_indexes(catalog: Catalog) -> None:
    catalog.add([RAIN, FIRE])
    filters = Filters(publishers=("HERALD",))
    snapshot = catalog.snapshot()
    assert len(snapshot.dense(ENCODER.encode(["river station"])[0], 5, filters)) == 1
    assert len(snapshot.lexical("river station", 5, filters)) == 1


def _add(directory: Path, name: str) -> None:
    with Catalog.open(directory, ENCODER) as catalog:
        for number in range(4):
            catalog.add([article(f"{name}-{number}", f"Report {number} of {name}.")])


def test_two_processes_adding_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add, args=(tmp_path, name)) for name in ("north", "south")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    with Catalog.open(tmp_path, ENCODER) as catalog:
        assert catalog.count() == 8
        assert catalog.snapshot().generation == 8
        assert len(found(catalog, "report")) == 8
        assert catalog.status().warnings == ()


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["one.", "two words.", "three more words."])), max_size=8
    )
)
def test_the_last_text_of_each_article_is_what_answers(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    last: dict[str, Article] = {}
    with Catalog.open(tmp_path_factory.mktemp("data"), ENCODER) as catalog:
        for name, text in steps:
            made = article(name, f"{name}: {text}")
            catalog.add([made])
            last[made.id] = made
        assert {kept.id: kept.text for kept in catalog.articles()} == {id_: made.text for id_, made in last.items()}
        assert len(catalog.snapshot()) == len(last)
