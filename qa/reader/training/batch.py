"""One batch: as it travels between processes, and as tensors where it is used."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from qa.reader.training.features import Feature

_MULTIPLE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """Inputs of one batch as they travel between processes: token ids [rows, tokens], padded, and numbers [rows].

    Attributes:
        ids: token ids.
        length, second, passage: how many are no padding; where the second part and the passage's own text begin.
        first, last: the answer's tokens, both inside; 0, 0 is null.
        group: numbers the question.
    """

    ids: NDArray[np.int32]
    length: NDArray[np.int32]
    second: NDArray[np.int32]
    passage: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    group: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Tensors of shape [rows, tokens] (ids, types, mask, allowed) or [rows] (first, last, group: the question)."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    allowed: Tensor
    first: Tensor
    last: Tensor
    group: Tensor

    @classmethod
    def of(cls, packed: Packed, device: torch.device | str = "cpu") -> "Batch":
        """The tensors of a packed batch, made where they are used."""
        ids, length, second, passage, first, last, group = (
            torch.from_numpy(getattr(packed, side.name)).to(device, torch.long, non_blocking=True)
            for side in fields(packed)
        )
        places = torch.arange(ids.shape[1], device=device)[None]
        mask = places < length[:, None]
        allowed = (places == 0) | ((places >= passage[:, None]) & (places < length[:, None] - 1))
        return cls(ids, ((places >= second[:, None]) & mask).long(), mask.long(), allowed, first, last, group)

    @property
    def answers(self) -> Tensor:
        """Which rows have an answer, shape [rows]."""
        return self.first > 0


def pack(features: Sequence[Feature], groups: Sequence[int], pad: int = 0) -> Packed:
    """Pads the features to the longest; `groups` numbers each one's question."""
    ids = np.full((len(features), max(len(f.ids) for f in features)), pad, np.int32)
    for row, f in enumerate(features):
        ids[row, : len(f.ids)] = f.ids
    numbers = [
        (len(f.ids), f.second, f.passage, f.start, f.end, group) for f, group in zip(features, groups, strict=True)
    ]
    return Packed(ids, *np.asarray(numbers, np.int32).T.copy())


def pack_groups(groups: Sequence[Sequence[Feature]]) -> Packed:
    """The features of several questions, each with its passages, as one batch."""
    flat = [(number, feature) for number, group in enumerate(groups) for feature in group]
    return pack([feature for _, feature in flat], [number for number, _ in flat])


def collate(features: Sequence[Feature], groups: Sequence[int], pad: int = 0) -> Batch:
    """The same as tensors."""
    return Batch.of(pack(features, groups, pad))


def even(packed: Packed) -> Packed:
    """The same, its tokens padded to a multiple of what an accelerator's kernels like."""
    more = -packed.ids.shape[1] % _MULTIPLE
    return replace(packed, ids=np.pad(packed.ids, ((0, 0), (0, more))))
