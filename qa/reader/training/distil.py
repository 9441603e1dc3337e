"""Learning by the clock on an accelerator, and learning from teachers.

The mean of several networks' log-probabilities is a better reader than any of them (Lakshminarayanan et al. 2017), and
one network can learn it beside the right answers (Hinton et al. 2015).
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from qa.reader.training.batch import Batch, Packed
from qa.reader.training.loss import hard_loss, odds, soft_rank_loss
from qa.reader.training.optimizers import Optimizers
from qa.reader.training.skim import Depths, SkimModel, wanted
from qa.reader.training.vary import Variation

_WARM = 0.03
SHARES = (0.3, 0.4, 0.5, 0.7)
"""Shares of a passage read on, one of them drawn for each step; what is used is chosen afterwards."""
Loss = Callable[[Packed, Batch], Tensor]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the student's loss is made of.

    Attributes:
        soft: share of what the teachers say in it; the rest are the right answers.
        rank: of a question's passages among themselves.
        skim: of all of the skim's.
        varied: share of the batches whose words are changed (`vary.Variation`); there the teachers alone are right.
    """

    soft: float = 0.6
    rank: float = 0.35
    skim: float = 0.4
    varied: float = 0.5


def soft_loss(student: tuple[Tensor, Tensor], teacher: tuple[Tensor, Tensor], seen: Tensor) -> Tensor:
    """Mean of start's and end's cross-entropy under the teacher's distribution over the tokens seen; [rows, tokens]."""
    losses = []
    for own, told in zip(student, teacher, strict=True):
        share = functional.softmax(told.masked_fill(~seen, -torch.inf), 1)
        losses.append(-(share * functional.log_softmax(own, 1).masked_fill(~seen, 0.0)).sum(1).mean())
    return torch.stack(losses).mean()


class Run:
    """Phases of training from one stream of batches on one device."""

    def __init__(self, device: str, batches: Iterator[Packed], log: Path) -> None:
        self._device, self._batches, self._log = device, batches, log

    def train(
        self, name: str, model: SkimModel, loss: Loss, *, seconds: float, peak: float, optimizer: str = "adamw"
    ) -> None:
        """Minimise `loss` for so long; the rate rises to `peak` over the first 3% and falls to 0 with the time."""
        model.train()
        optimizers = Optimizers(model, optimizer)
        began, steps, tokens = time.monotonic(), 0, 0
        while (gone := (time.monotonic() - began) / seconds) < 1:
            packed = next(self._batches)
            batch = Batch.of(packed, self._device)
            with torch.autocast(self._device, torch.bfloat16):
                value = loss(packed, batch)
            value.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizers.step(peak * min(1.0, gone / _WARM) * min(1.0, (1 - gone) / (1 - _WARM)))
            steps, tokens = steps + 1, tokens + packed.ids.size
            # Now and then: reading the loss waits for the accelerator.
            if steps % 100 == 0:
                self._progress(name, began, steps, tokens, value)
        self._progress(name, began, steps, tokens, value)

    def _progress(self, phase: str, began: float, steps: int, tokens: int, loss: Tensor) -> None:
        gone = time.monotonic() - began
        self.note(phase=phase, steps=steps, tokens=tokens, seconds=gone, loss=float(loss.detach()))

    def note(self, **figures: Any) -> None:
        """One line of the log, also printed."""
        line = json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()})
        print(line, flush=True)
        with self._log.open("a", encoding="utf-8") as log:
            log.write(line + "\n")


def teacher_loss(model: SkimModel, rank_weight: float) -> Loss:
    """What a teacher minimises."""

    def loss(_: Packed, batch: Batch) -> Tensor:
        return hard_loss(*model.whole(batch), batch, rank_weight)

    return loss


def student_loss(
    model: SkimModel, teachers: list[SkimModel], weighing: Weighing, variation: Variation, rng: np.random.Generator
) -> Loss:
    """What the student minimises; the teachers see every passage whole."""

    def loss(packed: Packed, batch: Batch) -> Tensor:
        soft = weighing.soft
        if rng.random() < weighing.varied:
            batch, soft = variation.varied(batch), 1.0
        with torch.no_grad():
            told = mean_logits(teachers, batch)

        def of(own: tuple[Tensor, Tensor], seen: Tensor) -> Tensor:
            ranked = soft_rank_loss(odds(*own), odds(*told), batch.group)
            learned = soft_loss(own, told, seen) + weighing.rank * ranked
            return learned if soft == 1 else soft * learned + (1 - soft) * hard_loss(*own, batch, weighing.rank)

        found = at_depth(model, packed, batch, float(rng.choice(SHARES)), sure=True)
        # [CLS], the null answer, is always among the tokens kept.
        deep = of((found.start, found.end), found.kept & batch.allowed)
        return deep + weighing.skim * of((found.skim_start, found.skim_end), batch.allowed)

    return loss


def mean_logits(teachers: list[SkimModel], batch: Batch) -> tuple[Tensor, Tensor]:
    """The mean of the teachers' log-probabilities, of start and of end."""
    sides = [[functional.log_softmax(side, 1) for side in teacher.whole(batch)] for teacher in teachers]
    return torch.stack([s for s, _ in sides]).mean(0), torch.stack([e for _, e in sides]).mean(0)


def at_depth(model: SkimModel, packed: Packed, batch: Batch, share: float, *, sure: bool = False) -> Depths:
    """Logits with so large a share of each passage read on; the answer in any case, if it is `sure`."""
    count, answer = wanted(packed, share), None
    if sure:
        count = np.maximum(count, packed.second + packed.last - packed.first + 1)
        places = torch.arange(batch.ids.shape[1], device=batch.ids.device)[None]
        answer = (places >= batch.first[:, None]) & (places <= batch.last[:, None]) & batch.answers[:, None]
    most = min(batch.ids.shape[1], int(count.max()))
    return model.depths(batch, most, torch.from_numpy(count).to(batch.ids.device), answer)
