"""The catalog and what is wrong on disk: said, mended where it can be, and left alone where it cannot."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

import index.derived
from index.catalog import Catalog
from index.filters import Filters
from index.generations import DATABASE
from index.manifest import Manifest
from sources.errors import CatalogError, DamagedIndexError
from tests.index.two_articles import ENCODER, FIRE, RAIN, found


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
