"""The native layers of a BERT: int8 products for AVX-512, nearer to what the processor can do than a runtime for all
networks. Only this file loads the compiled library, whose source is in `index/bert`.

Optional: where no compiler was there when Quotary was installed, or the processor lacks the instructions, `library`
says so, and onnxruntime runs the same weights.
"""

import ctypes
import importlib.util
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sources.errors import ModelError

MAGIC = b"QBERT\0\0\1"
ALIGNED, PANEL, MOST_LAYERS = 64, 32, 24
NUMBERS = struct.Struct("<7if")
HEAD = 192
"""Bytes before the first part: magic, eight numbers, the widths of up to `MOST_LAYERS` layers, padding."""
_MODULE = "index._native"

States = NDArray[np.float32]
Ids = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT.

    Attributes:
        size: length of a state.
        heads: attention heads of a layer.
        words, positions, types: rows of the tables; all 0 where the network takes states, not ids.
        block: values of a word that share a scale.
        widths: of each layer's feed-forward block.
    """

    size: int
    heads: int
    words: int
    positions: int
    types: int
    block: int
    widths: tuple[int, ...]

    @property
    def fits(self) -> bool:
        """Whether every product is whole panels and every head whole columns."""
        sizes = (self.size, *self.widths)
        if min(self.heads, self.block, *sizes) < 1 or any(size % PANEL for size in sizes):
            return False
        return self.size % (self.heads * PANEL) == 0 and self.size % self.block == 0

    @property
    def parts(self) -> list[int]:
        """The bytes of each part behind the head, in order."""
        size, floats = self.size, 4
        found = []
        if self.words:
            found = [self.words * size, self.words * (size // self.block) * floats, self.positions * size * floats]
            found += [self.types * size * floats, size * floats, size * floats]
        for width in self.widths:
            found += _product(size, 3 * size) + _product(size, size)[1:] + [size * floats] * 2
            found += _product(size, width) + _product(width, size) + [size * floats] * 2
        return found


def _product(rows: int, columns: int) -> list[int]:
    return [4 * rows, 4 * columns, 4 * columns, 4 * columns, rows * columns]


def library() -> "ctypes.CDLL | None":
    """The compiled layers, ready to be called; None where they are not there or cannot run."""
    found = importlib.util.find_spec(_MODULE)
    if found is None or found.origin is None:
        return None
    try:
        loaded = ctypes.CDLL(found.origin)
    except OSError:  # made for another machine
        return None
    loaded.quotary_layers.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_int, ctypes.c_void_p]
    return loaded if loaded.quotary_runs_here() else None


class NativeLayers:
    """The layers of one BERT; safe to use from many threads, and side by side.

    Args:
        form: what `native_file.native_form` gave, or a file of it: that is mapped, so that processes share it.
        compiled: what `library` gave.

    Attributes:
        shape: the sizes of the network.

    Raises:
        ModelError: the file cannot be read, or is not what it should be.
    """

    def __init__(self, form: Path | bytes, compiled: "ctypes.CDLL") -> None:
        self._weights = _aligned(form) if isinstance(form, bytes) else _mapped(form)
        self.shape = _shape(self._weights, f"{len(form)} bytes" if isinstance(form, bytes) else str(form))
        self._address = self._weights.ctypes.data
        self._compiled = compiled

    def of_ids(self, ids: Ids, types: Ids | None = None) -> States:
        """The last states of a text, [tokens, size].

        Args:
            ids: [tokens] token ids.
            types: [tokens] which segment each token is of; all of the first by default.

        Raises:
            ValueError: an id or a type that the model does not have, or too many tokens.
        """
        shape = self.shape
        if not 0 < len(ids) <= shape.positions or int(ids.min()) < 0 or int(ids.max()) >= shape.words:
            raise ValueError(
                f"{len(ids)} ids up to {int(ids.max(initial=0))}; wanted are 1 to {shape.positions} below {shape.words}"
            )
        if types is not None and (len(types) != len(ids) or int(types.min()) < 0 or int(types.max()) >= shape.types):
            raise ValueError(f"{len(types)} types for {len(ids)} ids; wanted is one below {shape.types} for each")
        states = np.empty((len(ids), shape.size), np.float32)
        self._run(np.ascontiguousarray(ids), None if types is None else np.ascontiguousarray(types), states)
        return states

    def of_states(self, states: States) -> States:
        """The last states, [tokens, size], from those that the first layer takes; these are not changed.

        Raises:
            ValueError: no token, or states of another size.
        """
        if states.ndim != 2 or not len(states) or states.shape[1] != self.shape.size:
            raise ValueError(f"states of shape {states.shape}; wanted are [tokens, {self.shape.size}]")
        found = np.array(states, np.float32, order="C")
        self._run(None, None, found)
        return found

    def _run(self, ids: Ids | None, types: Ids | None, states: States) -> None:
        addresses = (None if array is None else array.ctypes.data for array in (ids, types))
        if self._compiled.quotary_layers(self._address, *addresses, len(states), states.ctypes.data):
            raise MemoryError(f"no memory for {len(states)} tokens")


def _mapped(path: Path) -> Bytes:
    try:
        with path.open("rb") as file:
            return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error


def _aligned(form: bytes) -> Bytes:
    """A copy that begins where a line of the cache does, as a mapped file does anyway."""
    room = np.empty(len(form) + ALIGNED, np.uint8)
    begin = -room.ctypes.data % ALIGNED
    room[begin : begin + len(form)] = np.frombuffer(form, np.uint8)
    return room[begin : begin + len(form)]


def _shape(weights: Bytes, name: str) -> Shape:
    if len(weights) < HEAD or weights[: len(MAGIC)].tobytes() != MAGIC:
        raise ModelError(f"{name} holds no native layers of this version; remove it and start again")
    head = weights[:HEAD].tobytes()
    size, heads, layers, words, positions, types, block, _ = NUMBERS.unpack_from(head, len(MAGIC))
    widths = np.frombuffer(head, "<i4", MOST_LAYERS, len(MAGIC) + NUMBERS.size)[:layers].tolist()
    shape = Shape(size, heads, words, positions, types, block, tuple(widths))
    expected = HEAD + sum(-(-part // ALIGNED) * ALIGNED for part in shape.parts) if shape.fits else 0
    if len(weights) != expected:
        raise ModelError(f"{name} has {len(weights):,} bytes; expected are {expected:,} for {shape}")
    return shape
