"""The training loop: warm-up, stable, decay; stopped and resumed at any step."""

import json
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from qa.reader.training.batch import Batch
from qa.reader.training.batches import Stream
from qa.reader.training.loss import hard_loss, masked
from qa.reader.training.model import ReaderModel
from qa.reader.training.optimizers import Optimizers

_SAVE = 90.0
"""Seconds between checkpoints."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning rate by tokens seen: linear warm-up, level, linear decay to 0 (Hu et al. 2024, WSD)."""

    peak: float
    warm: int
    stable: int
    decay: int

    def rate(self, tokens: int) -> float:
        """The learning rate after this many tokens; 0 when all are used up."""
        if tokens < self.warm:
            return self.peak * (tokens + 1) / self.warm
        past = tokens - self.warm - self.stable
        return self.peak * (1.0 if past < 0 else max(0.0, 1.0 - past / max(1, self.decay)))

    @property
    def total(self) -> int:
        """Tokens of the whole run."""
        return self.warm + self.stable + self.decay


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: steps and tokens done, pool of the stream and batch inside it to take next."""

    steps: int = 0
    tokens: int = 0
    pool: int = 0
    batch: int = 0


def step_loss(model: ReaderModel, batch: Batch, rank_weight: float) -> torch.Tensor:
    """Span loss of the batch, plus the ranking loss where its weight is not 0."""
    with torch.autocast("cpu", torch.bfloat16):
        start, end = model(batch.ids, batch.mask, batch.types)
    start, end = masked(start.float(), batch.allowed), masked(end.float(), batch.allowed)
    return hard_loss(start, end, batch, rank_weight)


class Trainer:
    """One run. Its state (weights, optimiser, progress) goes to `checkpoint`, and comes from it if there."""

    def __init__(
        self,
        model: ReaderModel,
        optimizers: Optimizers,
        schedule: Schedule,
        *,
        rank_weight: float,
        checkpoint: Path,
        log: Path,
    ) -> None:
        self.model, self._optimizers, self._schedule, self._rank_weight = model, optimizers, schedule, rank_weight
        self._checkpoint, self._log = checkpoint, log
        self.progress = Progress()
        self._stopped = False
        if checkpoint.exists():
            kept = torch.load(checkpoint, weights_only=True)
            model.load_state_dict(kept["model"])
            self._optimizers.restore(kept["optimizers"])
            self.progress = Progress(**kept["progress"])

    def stop(self) -> None:
        """Ends the run after the step under way, with a checkpoint."""
        self._stopped = True

    def run(self, stream: Stream, every: float, look: Callable[[ReaderModel], Mapping[str, float]]) -> None:
        """Trains to the schedule's end or `stop`; saves; each `every` seconds logs what `look` measures."""
        signal.signal(signal.SIGTERM, lambda *_: self.stop())
        began = looked = saved = time.monotonic()
        while not self._over():
            for number, batch in enumerate(stream.pool(self.progress.pool)):
                if number < self.progress.batch:
                    continue
                loss = self._step(batch)
                if self.progress.steps % 20 == 0:
                    self._note(loss=loss, seconds=time.monotonic() - began)
                if time.monotonic() - saved > min(every, _SAVE):
                    self.save()
                    saved = time.monotonic()
                if time.monotonic() - looked > every:
                    self._note(**look(self.model))
                    looked = time.monotonic()
                if self._over():
                    break
            else:
                p = self.progress
                self.progress = Progress(p.steps, p.tokens, p.pool + 1, 0)
        self.save()

    def _over(self) -> bool:
        return self._stopped or self.progress.tokens >= self._schedule.total

    def _step(self, batch: Batch) -> float:
        self.model.train()
        loss = step_loss(self.model, batch, self._rank_weight)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizers.step(self._schedule.rate(self.progress.tokens))
        p = self.progress
        self.progress = Progress(p.steps + 1, p.tokens + batch.ids.numel(), p.pool, p.batch + 1)
        return float(loss.detach())

    def save(self) -> None:
        """Writes the checkpoint whole: to a file beside it, then over it."""
        kept: dict[str, Any] = {"model": self.model.state_dict(), "optimizers": self._optimizers.state()}
        beside = self._checkpoint.with_suffix(".new")
        torch.save(kept | {"progress": asdict(self.progress)}, beside)
        beside.replace(self._checkpoint)

    def _note(self, **figures: float) -> None:
        rate = self._schedule.rate(self.progress.tokens)
        row = asdict(self.progress) | {"rate": rate} | {k: round(v, 5) for k, v in figures.items()}
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
