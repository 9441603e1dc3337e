"""The catalog: nothing lost, nothing mixed, everything rebuilt from the articles."""

import multiprocessing
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.derived
from index.catalog import Catalog
from index.filters import Filters
from index.generations import DATABASE
from index.manifest import Manifest
from sources.article import Article
from sources.errors import CatalogError, DamagedIndexError, UnknownArticleError
from tests.fakes import WordEncoder, article

ENCODER = WordEncoder()
RAIN = article("rain", "Rain fell on the town. The river rose by two metres.", publisher="Gazette")
FIRE = article("fire", "A fire closed the station. Nobody was hurt.", publisher="Herald")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "data", ENCODER) as opened:
        yield opened


def found(catalog: Catalog, question: str) -> list[str]:
    """The articles that both indexes find, by meaning and by words, which must agree."""
    snapshot = catalog.snapshot()
    dense = {key for key, _ in snapshot.dense(ENCODER.encode([question])[0], 50, Filters())}
    lexical = [key for key, _ in snapshot.lexical(question, 50, Filters())]
    assert set(lexical) <= dense
    return [snapshot.passages([key])[key][1].id for key in lexical]


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


@pytest.mark.parametrize("name", ["manifest.json", "vectors/base-*.faiss", "vectors/changes-*.npz", "terms/*.idx"])
@pytest.mark.parametrize("damage", ["gone", "cut", "changed"])
def test_damage_to_a_derived_file_is_said_and_mended(catalog: Catalog, name: str, damage: str) -> None:
    catalog.add([RAIN, FIRE])
    catalog.close()
    (path,) = catalog.directory.glob(name)
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        path.write_bytes(data[:-3] + bytes([data[-3] ^ 255]) + data[-2:])
    said: list[str] = []
    with Catalog.open(catalog.directory, ENCODER, notify=said.append) as again:
        assert found(again, "station") == [FIRE.id]
        assert found(again, "river") == [RAIN.id]
        assert "rebuilding" in said[0]
        assert again.status().warnings == (said[0],)


def test_another_model_is_said_and_everything_embedded_again(catalog: Catalog) -> None:
    catalog.add([RAIN])
    catalog.close()
    said: list[str] = []
    other = replace(ENCODER, name="other", fingerprint="words-2", dimension=32)
    with Catalog.open(catalog.directory, other, notify=said.append) as again:
        assert "made with words (words-1), the settings name other (words-2)" in said[0]
        assert len(again.snapshot().dense(other.encode(["river"])[0], 5, Filters())) == 1
    manifest = Manifest.read(catalog.directory)
    assert manifest
    assert (manifest.model, manifest.dimension, manifest.passages) == ("other", 32, 1)


def test_an_index_of_another_version_is_said_and_made_anew(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog.add([RAIN])
    catalog.close()
    recipe = index.derived.RECIPE
    monkeypatch.setattr(index.derived, "RECIPE", 99)
    said: list[str] = []
    with Catalog.open(catalog.directory, ENCODER, notify=said.append) as again:
        assert f"made by another version of Quotary (recipe {recipe}, this one has 99): rebuilding" in said[0]
        assert found(again, "river") == [RAIN.id]


def test_a_damaged_database_is_said_plainly_and_left_alone(catalog: Catalog) -> None:
    catalog.add([RAIN])
    catalog.close()
    path = catalog.directory / DATABASE
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(DamagedIndexError, match="restore it from a copy"):
        Catalog.open(catalog.directory, ENCODER)
    assert path.read_bytes() == b"no database at all" * 100


def test_a_missing_database_is_not_taken_for_an_empty_one(catalog: Catalog) -> None:
    catalog.add([RAIN])
    catalog.close()
    (catalog.directory / DATABASE).unlink()
    with pytest.raises(DamagedIndexError, match=r"articles\.sqlite is missing"):
        Catalog.open(catalog.directory, ENCODER)


def test_a_file_in_the_place_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(CatalogError, match="cannot be used as data directory"):
        Catalog.open(tmp_path / "data", ENCODER)


def test_a_commit_cut_short_is_completed_at_the_next_start(catalog: Catalog) -> None:
    catalog.add([RAIN])
    catalog.close()
    # What a crash leaves between the database's commit and the manifest: a store one generation ahead.
    with sqlite3.connect(catalog.directory / DATABASE) as database:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("DELETE FROM articles")
        database.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    database.close()
    said: list[str] = []
    with Catalog.open(catalog.directory, ENCODER, notify=said.append) as again:
        assert "completing the indexes" in said[0]
        assert found(again, "river") == []
        assert len(again.snapshot()) == 0


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
