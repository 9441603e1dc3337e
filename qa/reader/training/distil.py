"""Training on an accelerator, by the clock: several teachers, then one network of two depths that learns from them.

    python -m qa.reader.training.distil DATA BUNDLE OUT --stories STORIES --mined mined.npz

The teachers are networks of the reader's own size, from different starts; the mean of their log-probabilities is a
better reader than any of them (Lakshminarayanan et al. 2017), and the student learns it beside the right answers (Hinton
et al. 2015). Each phase has a share of the seconds given, and its learning rate falls to 0 with them.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from torch import Tensor
from torch.nn import functional

from qa.reader.training.ahead import Ahead
from qa.reader.training.batches import Batch, Mix, Packed, Stream, pack
from qa.reader.training.bundle import open_model
from qa.reader.training.data import SEED, load, plain_tokenizer, sides
from qa.reader.training.examples import Questions
from qa.reader.training.features import Feature, joined
from qa.reader.training.loss import odds, rank_loss, span_loss
from qa.reader.training.optimizers import Optimizers
from qa.reader.training.skim import Depths, SkimModel, wanted

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_WARM = 0.03
_SHARES = (0.3, 0.4, 0.5, 0.7)
"""Shares of a passage read on, one of them drawn for each step; what is used is chosen afterwards."""
_MULTIPLE = 16
"""Tokens of a batch are padded to a multiple of this, for the accelerator's kernels."""
Loss = Callable[[Packed, Batch], Tensor]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the student's loss is made of, beside the deep span's cross-entropy (1 - soft).

    Attributes:
        soft: of the teachers' distribution.
        rank: of the right passage among its question's.
        skim: of all of the skim's.
    """

    soft: float = 0.6
    rank: float = 0.35
    skim: float = 0.4


def even(packed: Packed) -> Packed:
    """The same, its tokens padded to a multiple."""
    more = -packed.ids.shape[1] % _MULTIPLE
    values = {**{f: getattr(packed, f) for f in packed.__slots__}, "ids": np.pad(packed.ids, ((0, 0), (0, more)))}
    return Packed(**values)


def hard_loss(start: Tensor, end: Tensor, batch: Batch, rank_weight: float) -> Tensor:
    """Span loss and ranking loss."""
    return span_loss(start, end, batch.first, batch.last) + rank_weight * rank_loss(odds(start, end), batch.group, batch.answers)


def soft_loss(student: Tensor, teacher: Tensor, seen: Tensor) -> Tensor:
    """Cross-entropy of the student under the teacher's distribution over the tokens seen; logits [rows, tokens]."""
    log_student = functional.log_softmax(student, 1)
    share = functional.softmax(teacher.masked_fill(~seen, -torch.inf), 1)
    return -(share * log_student.masked_fill(~seen, 0.0)).sum(1).mean()


class Run:
    """Phases of training from one stream of batches on one device."""

    def __init__(self, device: str, batches: Iterator[Packed], log: Path) -> None:
        self._device, self._batches, self._log = device, batches, log

    def train(self, name: str, model: SkimModel, loss: Loss, seconds: float, peak: float, kind: str = "adamw") -> None:
        """Minimise `loss` for so long; the rate rises to `peak` over the first 3% and falls to 0 with the time."""
        model.train()
        optimizers = Optimizers(model, kind)
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
            if steps % 100 == 0:
                self.note(phase=name, steps=steps, tokens=tokens, seconds=time.monotonic() - began, loss=float(value.detach()))
        self.note(phase=name, steps=steps, tokens=tokens, seconds=time.monotonic() - began, loss=float(value.detach()))

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


def student_loss(model: SkimModel, teachers: list[SkimModel], weighing: Weighing, rng: np.random.Generator) -> Loss:
    """What the student minimises; the teachers see every passage whole."""

    def loss(packed: Packed, batch: Batch) -> Tensor:
        with torch.no_grad():
            told = mean_logits(teachers, batch)
        found = _at_depth(model, packed, batch, float(rng.choice(_SHARES)), sure=True)
        hard = span_loss(found.start, found.end, batch.first, batch.last)
        # [CLS], the null answer, is always among the tokens kept.
        soft = sum((soft_loss(s, t, found.kept & batch.allowed) for s, t in zip((found.start, found.end), told, strict=True)), hard * 0) / 2
        rank = rank_loss(odds(found.start, found.end), batch.group, batch.answers)
        skim = hard_loss(found.skim_start, found.skim_end, batch, weighing.rank)
        soft_skim = sum((soft_loss(s, t, batch.allowed) for s, t in zip((found.skim_start, found.skim_end), told, strict=True)), hard * 0) / 2
        return (
            (1 - weighing.soft) * hard + weighing.soft * soft + weighing.rank * rank
            + weighing.skim * ((1 - weighing.soft) * skim + weighing.soft * soft_skim)
        )  # fmt: skip

    return loss


def mean_logits(teachers: list[SkimModel], batch: Batch) -> tuple[Tensor, Tensor]:
    """The mean of the teachers' log-probabilities, of start and of end."""
    sides = [[functional.log_softmax(side, 1) for side in teacher.whole(batch)] for teacher in teachers]
    return torch.stack([s for s, _ in sides]).mean(0), torch.stack([e for _, e in sides]).mean(0)


def _at_depth(model: SkimModel, packed: Packed, batch: Batch, share: float, *, sure: bool = False) -> Depths:
    count = wanted(packed, share)
    places = torch.arange(batch.ids.shape[1], device=batch.ids.device)[None]
    answer = (places >= batch.first[:, None]) & (places <= batch.last[:, None]) & batch.answers[:, None]
    most = min(batch.ids.shape[1], int(count.max()))
    return model.depths(batch, most, torch.from_numpy(count).to(batch.ids.device), answer if sure else None)


def held_batches(questions: Questions, held: list[int], negatives: np.ndarray[Any, Any], rows: int, wrongs: int = 4) -> list[Packed]:
    """Held-out questions with an answer, each with its own passage first and a few mined ones."""
    groups: list[list[Feature]] = []
    for place, i in enumerate(held):
        asked = questions.asked[i]
        if asked.target is None or asked.source == "qamr_devtest":
            continue
        homes = [questions.contexts[asked.context], *(questions.contexts[int(n)] for n in negatives[place][:wrongs] if n >= 0)]
        longest = 300
        if asked.target[1] >= longest:
            continue
        groups.append([joined(asked.ids[:64], h.ids[:longest], asked.target if n == 0 else None, h.above) for n, h in enumerate(homes)])
    groups.sort(key=lambda g: max(len(f.ids) for f in g))
    made = []
    for at in range(0, len(groups), rows):
        flat = [(n, f) for n, group in enumerate(groups[at : at + rows]) for f in group]
        made.append(even(pack([f for _, f in flat], [n for n, _ in flat])))
    return made


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
        reach = torch.ones(sums.shape[1:], dtype=torch.bool, device=device).triu().tril(39)
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


def save(model: SkimModel, out: Path, name: str) -> None:
    """The weights that learn, in two files of half precision: the word vectors are as they were."""
    state = {k: v.detach().half().cpu() for k, v in model.state_dict().items() if "word_embeddings" not in k}
    names = sorted(state)
    for part, some in enumerate((names[: len(names) // 2], names[len(names) // 2 :])):
        torch.save({k: state[k] for k in some}, out / f"{name}.{part}.pt")


@app.command()
def distil(
    data: Annotated[Path, typer.Argument(help="folder of the training sets")],
    bundle: Annotated[Path, typer.Argument(help="what `bundle` wrote")],
    out: Annotated[Path, typer.Argument(help="folder for weights and log")],
    *,
    stories: Annotated[Path, typer.Option()],
    mined: Annotated[Path, typer.Option()],
    mix: Annotated[str, typer.Option(help="fields of Mix as JSON")] = "{}",
    starts: Annotated[str, typer.Option(help="of each teacher: base or shipped, @ its peak rate")] = "base@5e-4,base@4e-4,shipped@3e-4",
    teacher_seconds: float = 75.0,
    student_seconds: float = 290.0,
    student_peak: float = 3e-4,
    budget: int = 49_152,
    rank_weight: float = 0.35,
    dropout: float = 0.1,
    workers: int = 14,
    seed: int = SEED,
    device: str = "cuda",
) -> None:
    """Trains teachers and student; writes the student's weights and the last teacher's."""
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    tokenizer = plain_tokenizer(bundle / "tokenizer.json")
    questions = load(data, tokenizer, stories)
    wrong = np.load(mined)
    training, held = sides(questions)
    if len(training) != len(wrong["train"]):
        raise typer.BadParameter(f"{mined} has {len(wrong['train'])} questions, the sets have {len(training)}")
    chosen = Mix(**json.loads(mix) | {"together": True})
    stream = Stream(questions=questions, wanted=training, negatives=wrong["train"], tokenizer=tokenizer, mix=chosen, seed=seed, budget=budget)
    batches = map(even, Ahead(stream, workers))
    torch.manual_seed(seed)
    torch.set_float32_matmul_precision("high")
    # cuDNN plans anew for each shape: 8 ms a call, where the others take a fifth of one.
    torch.backends.cuda.enable_cudnn_sdp(enabled=False)
    run = Run(device, batches, out / "log.jsonl")
    looked = held_batches(questions, held, wrong["held"], rows=48)
    run.note(ready=time.monotonic() - began, questions=len(training), mix=asdict(chosen), starts=starts, sha256=questions.sha256,
             student_peak=student_peak, budget=budget, rank_weight=rank_weight, dropout=dropout, seed=seed, torch=torch.__version__)  # fmt: skip
    teachers: list[SkimModel] = []
    for number, start in enumerate(starts.split(",")):
        kind, _, peak = start.partition("@")
        teacher = open_model(bundle, kind, dropout).to(device)
        run.train(f"teacher {number}", teacher, teacher_loss(teacher, rank_weight), teacher_seconds, float(peak))
        teachers.append(teacher.eval().requires_grad_(requires_grad=False))
        run.note(teacher=number, **look(lambda _, b, t=teacher: t.whole(b), looked, device))  # type: ignore[misc]
    run.note(teachers=len(teachers), **look(lambda _, b: mean_logits(teachers, b), looked, device))
    save(teachers[-1], out, "teacher")
    student = open_model(bundle, "shipped", dropout)
    student.load_state_dict(teachers[-1].state_dict())
    student = student.to(device)
    weighing = Weighing(rank=rank_weight)
    run.note(weighing=asdict(weighing))
    run.train("student", student, student_loss(student, teachers, weighing, np.random.default_rng(seed)), student_seconds, student_peak)
    save(student.eval(), out, "student")

    def reading(share: float, *, skim: bool = False) -> Callable[[Packed, Batch], tuple[Tensor, Tensor]]:
        def read(packed: Packed, batch: Batch) -> tuple[Tensor, Tensor]:
            found = _at_depth(student, packed, batch, share)
            return (found.skim_start, found.skim_end) if skim else (found.start, found.end)

        return read

    for share in (1.0, *reversed(_SHARES)):
        run.note(student=share, **look(reading(share), looked, device))
    run.note(skim=True, **look(reading(0.5, skim=True), looked, device))
    run.note(over=time.monotonic() - began)


if __name__ == "__main__":
    app()
