"""Batches whose words are changed for near ones, of which teachers alone can tell what they answer.

Questions and passages that nobody has asked or written, near those that somebody has (as Jiao et al. 2020, section 4,
do for TinyBERT): a student sees no input twice and learns what its teachers make of them, not what they know by heart.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from qa.reader.training.batch import Batch

_NEAR = 8
"""Tokens near each one of which one takes its place."""
_MOST = 0.25
"""The largest share of a row's tokens that are changed; each row's is drawn evenly from 0 to it."""
_ROWS = 2_048


class Variation:
    """Changes tokens for others whose word vectors are near theirs."""

    def __init__(self, words: Tensor, special: Sequence[int]) -> None:
        """`words`: vectors [vocabulary, size], where batches are; `special`: tokens that stay and are no other's."""
        self._special = torch.tensor(list(special), device=words.device)
        unit = functional.normalize(words.float(), dim=1)
        nearest = []
        for at in range(0, len(unit), _ROWS):
            likeness = unit[at : at + _ROWS] @ unit.T
            likeness[:, self._special] = -torch.inf
            rows = torch.arange(len(likeness), device=words.device)
            likeness[rows, rows + at] = -torch.inf
            nearest.append(likeness.topk(min(_NEAR, len(unit) - len(special) - 1), 1).indices)
        self._nearest = torch.cat(nearest)

    def varied(self, batch: Batch) -> Batch:
        """The batch with some of its tokens changed; nothing else is."""
        rate = torch.rand(len(batch.ids), 1, device=batch.ids.device) * _MOST
        changed = torch.rand(batch.ids.shape, device=batch.ids.device) < rate
        changed &= (batch.mask > 0) & ~torch.isin(batch.ids, self._special)
        which = torch.randint(self._nearest.shape[1], batch.ids.shape, device=batch.ids.device)
        return replace(batch, ids=torch.where(changed, self._nearest[batch.ids, which], batch.ids))
