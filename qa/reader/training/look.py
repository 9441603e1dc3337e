"""Held-out questions on an accelerator: how often the span is exact, and the right passage first."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from qa.reader.training.batch import Batch, Packed, even, pack_groups
from qa.reader.training.examples import Questions
from qa.reader.training.features import Feature, joined
from qa.reader.training.loss import odds
from qa.reader.training.predict import MAX_ANSWER

_LONGEST = 300
"""Tokens of a passage; its question is left out where the answer lies beyond them."""


def held_batches(
    questions: Questions, held: list[int], negatives: NDArray[np.int32], rows: int, wrongs: int = 4
) -> list[Packed]:
    """Held-out questions with an answer, each with its own passage first and a few mined ones."""
    groups: list[list[Feature]] = []
    for place, i in enumerate(held):
        asked = questions.asked[i]
        if asked.target is None or asked.source == "qamr_devtest":
            continue
        homes = [
            questions.contexts[asked.context],
            *(questions.contexts[int(n)] for n in negatives[place][:wrongs] if n >= 0),
        ]
        if asked.target[1] >= _LONGEST:
            continue
        groups.append(
            [
                joined(asked.ids[:64], h.ids[:_LONGEST], asked.target if n == 0 else None, h.above)
                for n, h in enumerate(homes)
            ]
        )
    groups.sort(key=lambda g: max(len(f.ids) for f in g))
    return [even(pack_groups(groups[at : at + rows])) for at in range(0, len(groups), rows)]


@torch.no_grad()
def look(read: Callable[[Packed, Batch], tuple[Tensor, Tensor]], held: list[Packed], device: str) -> dict[str, float]:
    """Shares of held-out questions whose span's tokens are exact, and whose own passage has the best odds."""
    exact, first, count = 0.0, 0.0, 0
    for packed in held:
        batch = Batch.of(packed, device)
        with torch.autocast(device, torch.bfloat16):
            start, end = read(packed, batch)
        own = batch.answers
        sums = start[own][:, :, None] + end[own][:, None, :]
        reach = torch.ones(sums.shape[1:], dtype=torch.bool, device=device).triu().tril(MAX_ANSWER - 1)
        sums[:, :, 0], sums[:, 0, :] = -torch.inf, -torch.inf
        best = sums.masked_fill(~reach, -torch.inf).flatten(1).argmax(1)
        right = (best // sums.shape[1] == batch.first[own]) & (best % sums.shape[1] == batch.last[own])
        score = odds(start, end)
        same = batch.group[own][:, None] == batch.group[None, :]
        rival = score[None].masked_fill(~same | own[None], -torch.inf).amax(1)
        exact += float(right.sum())
        first += float((score[own] > rival).sum())
        count += int(own.sum())
    return {"exact": exact / count, "first": first / count, "count": count}
