"""The vector index against plain NumPy, through every change and form."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.faiss_index
from index.encoder import Vectors as Matrix
from index.vectors import Keys, Vectors
from sources.errors import DamagedIndexError

DIMENSION = 16


def unit(rng: np.random.Generator, count: int, dimension: int = DIMENSION) -> Matrix:
    vectors: Matrix = rng.standard_normal((count, dimension), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def keys(*numbers: int) -> Keys:
    return np.array(numbers, np.int64)


def oracle(live: dict[int, Matrix], query: Matrix, k: int) -> list[int]:
    scored = sorted((-float(vector @ query), key) for key, vector in live.items())
    return [key for _, key in scored[:k]]


def test_empty_finds_nothing() -> None:
    assert Vectors.empty(DIMENSION).search(np.ones(DIMENSION, np.float32), 5) == []


def test_scores_are_inner_products() -> None:
    vectors = Vectors.empty(2).changed([], keys(7, 8), np.array([[1, 0], [0, 1]], np.float32))
    hits = vectors.search(np.array([0.6, 0.8], np.float32), 5)
    assert [key for key, _ in hits] == [8, 7]
    assert [score for _, score in hits] == pytest.approx([0.8, 0.6])


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_history_of_changes_equals_the_oracle(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 1000), label="seed"))
    vectors = Vectors.empty(DIMENSION)
    live: dict[int, Matrix] = {}
    next_key = 1
    for _ in range(data.draw(st.integers(1, 6), label="steps")):
        count = data.draw(st.integers(0, 12), label="added")
        new = unit(rng, count)
        gone = data.draw(st.lists(st.sampled_from(sorted(live)), unique=True), label="removed") if live else []
        added = np.arange(next_key, next_key + count, dtype=np.int64)
        next_key += count
        vectors = vectors.changed(gone, added, new)
        for key in gone:
            del live[key]
        live.update(zip(added.tolist(), new, strict=True))
        if data.draw(st.booleans(), label="fold"):
            vectors = vectors.folded()
        assert vectors.keys() == set(live)
        assert len(vectors) == len(live)
    query = unit(rng, 1)[0]
    k = data.draw(st.integers(1, 20), label="k")
    assert [key for key, _ in vectors.search(query, k)] == oracle(live, query, k)
    some = {key: vector for key, vector in live.items() if key % 2}
    allowed = np.array(sorted(some), np.int64)
    assert [key for key, _ in vectors.search(query, k, allowed)] == oracle(some, query, k)


def test_a_change_leaves_the_former_generation_as_it_was() -> None:
    rng = np.random.default_rng(0)
    before = Vectors.empty(DIMENSION).changed([], np.arange(20), unit(rng, 20)).folded()
    query = unit(rng, 1)[0]
    found = before.search(query, 5)
    before.changed([found[0][0]], keys(99), query[None, :])
    assert before.search(query, 5) == found


def test_save_and_load_give_identical_hits(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vectors = Vectors.empty(DIMENSION).changed([], np.arange(50), unit(rng, 50)).folded()
    vectors = vectors.changed([3, 4], np.arange(100, 110), unit(rng, 10))
    names = vectors.save(tmp_path, 7)
    loaded = Vectors.load(tmp_path, names, DIMENSION)
    for query in unit(rng, 10):
        assert loaded.search(query, 12) == vectors.search(query, 12)


def test_a_base_already_saved_is_not_written_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vectors = Vectors.empty(DIMENSION).changed([], np.arange(50), unit(rng, 50)).folded()
    *base, _ = vectors.save(tmp_path, 1)
    names = vectors.changed([], keys(77), unit(rng, 1)).save(tmp_path, 2, tuple(base))
    assert sorted(path.name for path in tmp_path.glob("base-*")) == sorted(base)
    loaded = Vectors.load(tmp_path, names, DIMENSION)
    assert loaded.keys() == {*range(50), 77}


@pytest.mark.parametrize("name", ["base-1.faiss", "base-1.npy", "changes-1-over-base-1.npz"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    vectors = Vectors.empty(DIMENSION).changed([], np.arange(5), unit(np.random.default_rng(0), 5))
    names = vectors.save(tmp_path, 1)
    (tmp_path / name).write_bytes(b"not an index")
    with pytest.raises(DamagedIndexError, match="cannot be read"):
        Vectors.load(tmp_path, names, DIMENSION)


def test_another_dimension_is_refused(tmp_path: Path) -> None:
    names = Vectors.empty(DIMENSION).save(tmp_path, 1)
    with pytest.raises(DamagedIndexError, match="expected dimension 8"):
        Vectors.load(tmp_path, names, 8)


def test_vectors_must_fit_their_keys() -> None:
    with pytest.raises(ValueError, match=r"2 keys need vectors of shape \(2, 16\), got \(1, 16\)"):
        Vectors.empty(DIMENSION).changed([], keys(1, 2), np.zeros((1, DIMENSION), np.float32))


def test_the_large_form_recalls_what_the_exact_one_finds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(index.faiss_index, "EXACT_UP_TO", 1_000)
    rng = np.random.default_rng(2)
    centres = unit(rng, 40, 64)
    noise = rng.standard_normal((3_000, 64), np.float32) / np.float32(16)
    stored: Matrix = centres[rng.integers(0, 40, 3_000)] + noise
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    large = Vectors.empty(64).changed([], np.arange(3_000), stored).folded()
    large = large.changed(range(100), np.arange(3_000, 3_050), unit(rng, 50, 64))
    loaded = Vectors.load(tmp_path, large.save(tmp_path, 1), 64)
    live = dict(enumerate(stored[100:], start=100))
    recalled = []
    for query in stored[rng.integers(100, 3_000, 50)]:
        best = set(oracle(live, query, 10))
        recalled.append(len(best & {key for key, _ in loaded.search(query, 10)}) / 10)
        assert not {key for key, _ in loaded.search(query, 10)} & set(range(100))
    assert np.mean(recalled) >= 0.95
    assert large.folded().keys() == large.keys()


def test_the_large_form_grows_shrinks_and_filters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(index.faiss_index, "EXACT_UP_TO", 500)
    monkeypatch.setattr(index.faiss_index, "LISTS_READ", 2)
    rng = np.random.default_rng(3)
    stored = unit(rng, 1_040)
    large = Vectors.empty(DIMENSION).changed([], np.arange(1_000), stored[:1_000]).folded()
    grown = Vectors.load(
        tmp_path, large.changed([], np.arange(1_000, 1_040), stored[1_000:]).save(tmp_path, 1), DIMENSION
    )
    grown = grown.folded()
    assert grown.keys() == set(range(1_040))
    query = unit(rng, 1)[0]
    few = np.arange(0, 1_040, 100)
    assert [key for key, _ in grown.search(query, 11, few)] == oracle(
        {key: stored[key] for key in few.tolist()}, query, 11
    )
    shrunk = grown.changed(range(900), np.empty(0, np.int64), np.empty((0, DIMENSION), np.float32)).folded()
    assert shrunk.keys() == set(range(900, 1_040))
    for key in range(900, 1_040, 20):
        assert shrunk.search(stored[key], 1)[0][0] == key


def test_lists_grow_in_number_until_there_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.faiss_index, "EXACT_UP_TO", 400)
    monkeypatch.setattr(index.faiss_index, "LISTS", 32)
    rng = np.random.default_rng(4)
    stored = unit(rng, 2_000)
    vectors = Vectors.empty(DIMENSION)
    lists = []
    for start in range(0, 2_000, 100):
        new = np.arange(start, start + 100)
        vectors = vectors.changed([], new, stored[new]).folded()
        if not vectors.base.is_exact:
            lists.append(vectors.base._index.nlist)
    assert lists[0] == 500 // 40
    assert sorted(set(lists)) == [12, 25]
    assert vectors.keys() == set(range(2_000))
    (nearest,) = vectors.search(stored[777], 1)
    assert nearest[0] == 777
    assert nearest[1] == pytest.approx(1, abs=0.02)
