"""What the native layers should give, in numpy, and files of random weights for them."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.native import ALIGNED, HEAD, MAGIC, Shape

Array = NDArray[Any]
EPSILON = 1e-12
# Kinds of parts, in the order of `Shape.parts`.
_TABLES = ("codes", "steps", "floats", "floats", "floats", "floats")
_PRODUCT = ("even", "scale", "floats", "sums", "panels")
_LAYER = (*_PRODUCT, *_PRODUCT[1:], "floats", "floats", *_PRODUCT, *_PRODUCT, "floats", "floats")


def random_parts(shape: Shape, seed: int) -> list[Array]:
    """Weights that keep states of a usual size."""
    random = np.random.default_rng(seed)
    kinds = [*(_TABLES if shape.words else ()), *_LAYER * len(shape.widths)]
    parts: list[Array] = []
    for kind, size in zip(kinds, shape.parts, strict=True):
        match kind:
            case "codes":
                parts.append(random.integers(1, 256, size, np.uint8))
            case "panels":
                parts.append(random.integers(-127, 128, size, np.int8))
            case "sums":
                parts.append(np.zeros(size // 4, np.int32))  # written when the panels are known
            case "scale":
                parts.append(random.uniform(0.5, 1.5, size // 4).astype(np.float32) * np.float32(0.001))
            case "steps":
                parts.append(random.uniform(0.005, 0.02, size // 4).astype(np.float32))
            case "even":
                parts.append(random.uniform(0.2, 1, size // 4).astype(np.float32))
            case _:
                parts.append(random.normal(0.5, 0.5, size // 4).astype(np.float32))
    for place, kind in enumerate(kinds):
        if kind == "panels":
            columns = len(parts[place - 1])
            parts[place - 1] = _unpacked(parts[place], columns).sum(axis=0, dtype=np.int32)
    return parts


def write(path: Path, shape: Shape, parts: list[Array]) -> None:
    """The file of these parts."""
    numbers = (shape.size, shape.heads, len(shape.widths), shape.words, shape.positions, shape.types, shape.block)
    head = MAGIC + struct.pack("<7if", *numbers, EPSILON) + np.array(shape.widths, "<i4").tobytes()
    data = bytearray(head.ljust(HEAD, b"\0"))
    for part in parts:
        data += part.tobytes()
        data += bytes(-len(data) % ALIGNED)
    path.write_bytes(data)


def states(shape: Shape, parts: list[Array], ids: Array, types: Array) -> Array:
    """The last states by the definition, with products of states rounded row by row."""
    left = iter(parts)
    codes, scales, positions, kinds = (next(left).reshape(-1, shape.size // wide) for wide in (1, shape.block, 1, 1))
    x = (codes[ids].astype(np.float32) - 128) * np.repeat(scales[ids], shape.block, axis=1)
    x = _normalised(x + positions[: len(ids)] + kinds[types], next(left), next(left))
    for _ in shape.widths:
        query, key, value = np.split(_product(x, next(left), left), 3, axis=1)
        x = _normalised(x + _product(_attended(query, key, value, shape.heads), None, left), next(left), next(left))
        wide = _product(x, next(left), left)
        wide = 0.5 * wide * (1 + np.tanh(np.sqrt(2 / np.pi) * (wide + 0.044715 * wide**3)))
        x = _normalised(x + _product(wide, next(left), left), next(left), next(left))
    return x


def _normalised(x: Array, weight: Array, bias: Array) -> Array:
    off = x - x.mean(axis=1, keepdims=True)
    found: Array = off / np.sqrt((off**2).mean(axis=1, keepdims=True) + EPSILON) * weight + bias
    return found


def _product(x: Array, evening: Array | None, left: Any) -> Array:
    scale, bias, _, panels = (next(left) for _ in range(4))
    x = x if evening is None else x * evening
    low, high = np.minimum(x.min(axis=1), 0), np.maximum(x.max(axis=1), 0)
    step = ((high - low) / 255)[:, None]
    rounded = np.rint(x / step) * step
    found: Array = rounded @ (_unpacked(panels, len(scale)) * scale) + bias
    return found


def _unpacked(panels: Array, columns: int) -> Array:
    rows = len(panels) // columns
    return panels.reshape(columns // 32, rows // 4, 32, 4).transpose(1, 3, 0, 2).reshape(rows, columns)


def _attended(query: Array, key: Array, value: Array, heads: int) -> Array:
    found = []
    for q, k, v in zip(*(np.split(part, heads, axis=1) for part in (query, key, value)), strict=True):
        scores = q @ k.T / np.sqrt(q.shape[1])
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        found.append(shares / shares.sum(axis=1, keepdims=True) @ v)
    return np.concatenate(found, axis=1)
