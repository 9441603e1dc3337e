"""Re-forming beside the work: adding, removing and asking go on, and nothing is lost or doubled."""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.vectors
from index.catalog import Catalog
from index.filters import Filters
from index.folding import STAGING, STALE_SECONDS
from index.manifest import Manifest
from index.vectors import Vectors
from sources.article import Article
from tests.fakes import WordEncoder, article

ENCODER = WordEncoder()
SECONDS = 20.0


def some_articles(first: int, last: int) -> list[Article]:
    return [article(f"a{n}", f"River number{n} rose by two metres.") for n in range(first, last)]


def nearest(catalog: Catalog, question: str, k: int = 1) -> list[str]:
    snapshot = catalog.snapshot()
    hits = snapshot.dense(ENCODER.encode([question])[0], k, Filters())
    return [snapshot.passages([key])[key][1].name for key, _ in hits]


def base_rows(directory: Path) -> int:
    manifest = Manifest.read(directory)
    assert manifest is not None
    return len(np.load(directory / manifest.vectors[1].name))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folding from the ninth new passage on."""
    monkeypatch.setattr(index.vectors, "DELTA_ROWS", 8)


class Gate:
    """Holds folds back until it is opened, and tells when one has come."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        whole = Vectors.folded

        def folded(vectors: Vectors) -> Vectors:
            formed = whole(vectors)
            self.reached.set()
            assert self.opened.wait(SECONDS)
            return formed

        monkeypatch.setattr(Vectors, "folded", folded)


@pytest.mark.usefixtures("small")
def test_adding_removing_and_asking_go_on_while_the_index_is_re_formed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    with Catalog.open(tmp_path, ENCODER) as catalog:
        catalog.add(some_articles(0, 10))
        assert gate.reached.wait(SECONDS)
        catalog.add(some_articles(10, 14))
        catalog.remove([some_articles(3, 4)[0].id, some_articles(12, 13)[0].id])
        # What was in the base to come is removed and added again.
        again = some_articles(5, 6)
        catalog.remove([again[0].id])
        catalog.add(again)
        assert nearest(catalog, "number13") == ["a13"]
        assert "a3" not in nearest(catalog, "river number3", 50)
        assert base_rows(tmp_path) == 0
        gate.opened.set()
    assert base_rows(tmp_path) == 10
    with Catalog.open(tmp_path, ENCODER) as catalog:
        assert not catalog.status().warnings
        found = nearest(catalog, "river", 50)
        assert sorted(found) == sorted(f"a{n}" for n in range(14) if n not in (3, 12))
        assert nearest(catalog, "number5") == ["a5"]
    assert not list(tmp_path.glob(f"{STAGING}*"))


@pytest.mark.usefixtures("small")
def test_adding_waits_where_folding_is_overdue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    with Catalog.open(tmp_path, ENCODER) as catalog:
        catalog.add(some_articles(0, 40))
        assert gate.reached.wait(SECONDS)
        adding = threading.Thread(target=catalog.add, args=(some_articles(40, 41),))
        adding.start()
        adding.join(0.3)
        assert adding.is_alive()
        assert nearest(catalog, "number39") == ["a39"]
        gate.opened.set()
        adding.join(SECONDS)
        assert nearest(catalog, "number40") == ["a40"]


@pytest.mark.usefixtures("small")
def test_a_fold_that_fails_is_told_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: Vectors) -> Vectors:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Vectors, "folded", failing)
    with Catalog.open(tmp_path, ENCODER) as catalog:
        catalog.add(some_articles(0, 12))
        catalog._generations._folding.wait()
        (warning,) = catalog.status().warnings
        assert "could not be re-formed and is used as it is" in warning
        assert "No space left" in warning
        assert nearest(catalog, "number11") == ["a11"]
    monkeypatch.undo()
    monkeypatch.setattr(index.vectors, "DELTA_ROWS", 8)
    with Catalog.open(tmp_path, ENCODER) as catalog:
        catalog.add(some_articles(12, 13))
    assert base_rows(tmp_path) == 13


@pytest.mark.usefixtures("small")
def test_of_two_processes_that_re_form_it_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    with Catalog.open(tmp_path, ENCODER) as one, Catalog.open(tmp_path, ENCODER) as other:
        one.add(some_articles(0, 10))
        other.add(some_articles(10, 12))
        gate.opened.set()
        for catalog in (one, other):
            catalog._generations._folding.wait()
            assert not catalog.status().warnings
            assert sorted(nearest(catalog, "river", 50)) == sorted(f"a{n}" for n in range(12))


def test_what_a_crash_left_is_removed_later_and_what_is_at_work_stays(tmp_path: Path) -> None:
    old, young = tmp_path / f"{STAGING}old", tmp_path / f"{STAGING}young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "base-1.faiss").write_bytes(b"half")
    an_age_ago = time.time() - 2 * STALE_SECONDS
    os.utime(old, (an_age_ago, an_age_ago))
    Catalog.open(tmp_path, ENCODER).close()
    assert not old.exists()
    assert young.exists()


@pytest.mark.usefixtures("small")
def test_one_fold_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    with Catalog.open(tmp_path, ENCODER) as catalog:
        for start in (0, 10, 20):
            catalog.add(some_articles(start, start + 10))
        folding = [thread for thread in threading.enumerate() if thread.name == "quotary-folding"]
        assert len(folding) == 1
        gate.opened.set()
    assert base_rows(tmp_path) == 10


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_came_meanwhile_is_carried_over(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 99), label="seed"))
    vectors = {key: vector / np.linalg.norm(vector) for key, vector in enumerate(rng.normal(size=(30, 8)))}
    live: set[int] = set()

    def changed(state: Vectors) -> Vectors:
        for _ in range(data.draw(st.integers(0, 3), label="changes")):
            gone = data.draw(st.sets(st.sampled_from(sorted(live))), label="gone") if live else set()
            live.difference_update(gone)
            absent = sorted(set(vectors) - live)
            new = data.draw(st.sets(st.sampled_from(absent)), label="new") if absent else set()
            live.update(new)
            keys = np.array(sorted(new), np.int64)
            state = state.changed(gone, keys, np.array([vectors[k] for k in keys], np.float32).reshape(-1, 8))
        return state

    before = changed(Vectors.empty(8))
    if data.draw(st.booleans(), label="based"):
        before = changed(before.folded())
    formed = before.folded()
    after = changed(before).onto(formed)
    assert after.keys() == live
    assert len(after) == len(live)
    assert sorted(key for key, _ in after.search(np.ones(8, np.float32), 50)) == sorted(live)
