"""Best spans from start and end logits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from qa.reader.decode import log_odds
from qa.reader.training.batch import collate
from qa.reader.training.examples import Context, Ids
from qa.reader.training.features import Feature, joined
from qa.reader.training.model import ReaderModel

Logits = tuple[NDArray[np.float32], NDArray[np.float32]]
Run = Callable[[list[Feature]], Logits]
"""Features in, start and end logits [rows, tokens] out."""
MAX_ANSWER = 40
"""Longest answer in tokens."""


@dataclass(frozen=True, slots=True)
class Found:
    """Best span, half-open code points into the passage, and the log-odds that the passage answers."""

    start: int
    end: int
    score: float


def torch_run(model: ReaderModel, *, fast: bool = True) -> Run:
    """Runs the torch model, in bfloat16 if `fast`."""

    def run(features: list[Feature]) -> Logits:
        model.eval()
        batch = collate(features, [0] * len(features))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=fast):
            start, end = model(batch.ids, batch.mask, batch.types)
        return start.float().numpy(), end.float().numpy()

    return run


def best_span(start: NDArray[np.float32], end: NDArray[np.float32]) -> tuple[int, int, float]:
    """First and last token (both inside) with the largest sum, not backwards and at most MAX_ANSWER long."""
    sums = start[:, None] + end[None, :]
    sums = np.where(np.triu(np.ones_like(sums, bool)) & ~np.triu(np.ones_like(sums, bool), MAX_ANSWER), sums, -np.inf)
    at = int(sums.argmax())
    return at // len(end), at % len(end), float(sums.flat[at])


def read(run: Run, pairs: Sequence[tuple[Ids, Context]], longest: int = 384, budget: int = 6144) -> list[Found]:
    """The best span of each (question's token ids, passage); a passage is cut for the input to have `longest`."""
    features = [joined(q[:64], c.ids[: longest - 4 - len(q[:64]) - len(c.above)], None, c.above) for q, c in pairs]
    found: list[Found | None] = [None] * len(pairs)
    order = sorted(range(len(pairs)), key=lambda i: len(features[i].ids))
    while order:
        rows = max(1, budget // len(features[order[-1]].ids))
        some, order = order[-rows:], order[:-rows]
        start, end = run([features[i] for i in some])
        for row, i in enumerate(some):
            f, home = features[i], pairs[i][1]
            span = slice(f.passage, len(f.ids) - 1)
            first, last, _ = best_span(start[row, span], end[row, span])
            allowed = np.zeros(start.shape[1], bool)
            allowed[span] = True
            odds = log_odds(start[row], end[row], allowed)
            found[i] = Found(int(home.starts[first]), int(home.ends[last]), odds)
    return [f for f in found if f is not None]
