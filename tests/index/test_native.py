"""The native layers against their definition in numpy, and what they refuse."""

import ctypes
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.native import NativeLayers, Shape, library
from sources.errors import ModelError
from tests.index.native_reference import random_parts, states, write

SMALL = Shape(size=64, heads=2, words=40, positions=50, types=2, block=32, widths=(96, 32))
COMPILED = library()
needs_layers = pytest.mark.skipif(COMPILED is None, reason="no compiler was there, or no AVX-512 VNNI is here")


def opened(path: Path, shape: Shape, seed: int = 1) -> NativeLayers:
    assert COMPILED is not None
    write(path, shape, random_parts(shape, seed))
    return NativeLayers(path, COMPILED)


@needs_layers
@settings(deadline=None, max_examples=40)
@given(
    heads=st.integers(1, 3),
    columns=st.sampled_from([32, 64]),
    widths=st.lists(st.integers(1, 5).map(lambda panels: 32 * panels), min_size=1, max_size=3),
    tokens=st.integers(1, 50),
    seed=st.integers(0, 2**32 - 1),
)
def test_states_are_those_of_the_definition(
    heads: int, columns: int, widths: list[int], tokens: int, seed: int
) -> None:
    """Whatever the sizes: tiles of 1 to 14 rows, one after the other; heads of one or two columns of registers."""
    shape = replace(SMALL, size=heads * columns, heads=heads, widths=tuple(widths))
    random = np.random.default_rng(seed)
    ids, types = random.integers(0, shape.words, tokens), random.integers(0, shape.types, tokens)
    with tempfile.TemporaryDirectory() as folder:
        found = opened(Path(folder) / "weights", shape, seed).of_ids(ids, types)
    expected = states(shape, random_parts(shape, seed), ids, types)
    # A byte may be rounded the other way where a sum of floats was added up in another order.
    assert np.abs(found - expected).mean() < 0.002
    assert np.abs(found - expected).max() < 0.05


@needs_layers
def test_types_are_all_the_first_where_none_are_given(tmp_path: Path) -> None:
    layers, ids = opened(tmp_path / "weights", SMALL), np.arange(9)
    np.testing.assert_array_equal(layers.of_ids(ids), layers.of_ids(ids, np.zeros(9, np.int64)))
    assert np.abs(layers.of_ids(ids) - layers.of_ids(ids, np.ones(9, np.int64))).max() > 0.1


@needs_layers
def test_layers_without_tables_go_on_from_states(tmp_path: Path) -> None:
    """Two files, the second without tables, give what one with all layers gives, and leave their input alone."""
    whole, parts = opened(tmp_path / "whole", SMALL), random_parts(SMALL, 1)
    tables = len(SMALL.parts) - 2 * len(replace(SMALL, words=0, widths=(96,)).parts)
    layer = (len(parts) - tables) // 2
    write(tmp_path / "first", replace(SMALL, widths=(96,)), parts[: tables + layer])
    write(tmp_path / "second", replace(SMALL, words=0, positions=0, types=0, widths=(32,)), parts[tables + layer :])
    assert COMPILED is not None
    first, second = (NativeLayers(tmp_path / name, COMPILED) for name in ("first", "second"))
    between = first.of_ids(np.arange(20))
    kept = between.copy()
    np.testing.assert_array_equal(second.of_states(between), whole.of_ids(np.arange(20)))
    np.testing.assert_array_equal(between, kept)


@needs_layers
def test_many_threads_run_side_by_side(tmp_path: Path) -> None:
    layers = opened(tmp_path / "weights", SMALL)
    texts = [np.arange(start, start + 30) % 40 for start in range(40)]
    alone = [layers.of_ids(ids) for ids in texts]
    with ThreadPoolExecutor(4) as pool:
        for expected, found in zip(alone * 5, pool.map(layers.of_ids, texts * 5), strict=True):
            np.testing.assert_array_equal(found, expected)


@needs_layers
@pytest.mark.parametrize("ids", [[], [40], [-1], [0] * 51])
def test_ids_that_the_model_does_not_have_are_refused(tmp_path: Path, ids: list[int]) -> None:
    layers = opened(tmp_path / "weights", SMALL)
    with pytest.raises(ValueError, match="wanted are 1 to 50 below 40"):
        layers.of_ids(np.array(ids, np.int64))


@needs_layers
@pytest.mark.parametrize("types", [[0], [0, 2], [-1, 0]])
def test_types_that_the_model_does_not_have_are_refused(tmp_path: Path, types: list[int]) -> None:
    layers = opened(tmp_path / "weights", SMALL)
    with pytest.raises(ValueError, match="types for 2 ids; wanted is one below 2 for each"):
        layers.of_ids(np.arange(2), np.array(types))


@needs_layers
@pytest.mark.parametrize("shape", [(0, 64), (3, 32), (64,)])
def test_states_of_another_size_are_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    layers = opened(tmp_path / "weights", SMALL)
    with pytest.raises(ValueError, match=r"wanted are \[tokens, 64\]"):
        layers.of_states(np.zeros(shape, np.float32))


@pytest.mark.parametrize("damage", ["missing", "empty", "short", "long", "magic", "size"])
def test_a_damaged_file_is_refused_before_it_is_run(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "weights"
    write(path, SMALL, random_parts(SMALL, 1))
    data = bytearray(path.read_bytes())
    match damage:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "short":
            path.write_bytes(data[:-1])
        case "long":
            path.write_bytes(data + b"\0")
        case "magic":
            path.write_bytes(b"X" + data[1:])
        case "size":
            data[8:12] = b"\0\0\0\0"
            path.write_bytes(data)
    with pytest.raises(ModelError, match="weights"):
        NativeLayers(path, COMPILED or ctypes.CDLL(None))


@pytest.mark.parametrize(
    "change", [{"size": 48}, {"heads": 0}, {"heads": 4}, {"block": 48}, {"block": 0}, {"widths": (90,)}, {"size": 0}]
)
def test_sizes_that_are_no_whole_panels_do_not_fit(change: dict[str, int]) -> None:
    assert SMALL.fits
    assert not replace(SMALL, **change).fits  # type: ignore[arg-type]
