"""Training on an accelerator: several teachers, then one network of two depths that learns from them.

    python -m qa.reader.training.accelerated DATA BUNDLE OUT --stories STORIES --mined mined.npz

It needs torch, transformers, tokenizers, onnx and onnxruntime there, and nothing else of this project's. Each phase has
a share of the seconds given; its learning rate falls to 0 with them.
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from torch import Tensor

from qa.reader.training.ahead import Ahead
from qa.reader.training.batch import Batch, Packed, even
from qa.reader.training.bundle import open_model, save_halves
from qa.reader.training.data import SEED, plain_tokenizer
from qa.reader.training.distil import SHARES, Run, Weighing, at_depth, mean_logits, student_loss, teacher_loss
from qa.reader.training.look import held_batches, look
from qa.reader.training.material import Material
from qa.reader.training.skim import SkimModel
from qa.reader.training.vary import Variation

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def distil(
    data: Annotated[Path, typer.Argument(help="folder of the training sets")],
    bundle: Annotated[Path, typer.Argument(help="what `bundle` wrote")],
    out: Annotated[Path, typer.Argument(help="folder for weights and log")],
    *,
    stories: Annotated[Path, typer.Option()],
    mined: Annotated[Path, typer.Option()],
    mix: Annotated[str, typer.Option(help="fields of Mix as JSON")] = "{}",
    starts: Annotated[
        str, typer.Option(help="of each teacher: base or shipped, @ its peak rate (0: as it is), @ muon or nothing")
    ] = "base@5e-4,base@5e-4@muon,shipped@0",
    student_start: Annotated[str, typer.Option(help="of the bundle: shipped, or narrowed")] = "narrowed",
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
    """Trains teachers and student; writes the student's weights."""
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    begins = [_start(told) for told in starts.split(",")]
    tokenizer = plain_tokenizer(bundle / "tokenizer.json")
    given = Material.open(data, tokenizer, stories, mined, mix, seed=seed, budget=budget)
    batches = map(even, Ahead(given.stream, workers))
    torch.manual_seed(seed)
    torch.set_float32_matmul_precision("high")
    # cuDNN plans anew for each shape: 8 ms a call, where the others take a fifth of one.
    torch.backends.cuda.enable_cudnn_sdp(enabled=False)
    run = Run(device, batches, out / "log.jsonl")
    looked = held_batches(given.questions, given.held, given.wrong["held"], rows=48)
    settings = {
        "starts": starts,
        "student_start": student_start,
        "student_peak": student_peak,
        "budget": budget,
        "rank_weight": rank_weight,
        "dropout": dropout,
        "seed": seed,
        "torch": torch.__version__,
    }
    run.note(ready=time.monotonic() - began, questions=len(given.training), mix=asdict(given.mix), **settings)
    run.note(sha256=given.questions.sha256)
    teachers: list[SkimModel] = []
    for number, (kind, peak, optimizer) in enumerate(begins):
        teacher = open_model(bundle, kind, dropout).to(device)
        if peak:
            loss = teacher_loss(teacher, rank_weight)
            run.train(f"teacher {number}", teacher, loss, seconds=teacher_seconds, peak=peak, optimizer=optimizer)
        teachers.append(teacher.eval().requires_grad_(requires_grad=False))
        run.note(teacher=number, **look(lambda _, b, t=teacher: t.whole(b), looked, device))  # type: ignore[misc]
    run.note(teachers=len(teachers), **look(lambda _, b: mean_logits(teachers, b), looked, device))
    student = open_model(bundle, student_start, dropout).to(device)
    specials = [i for i in map(tokenizer.token_to_id, _SPECIAL) if i is not None]
    variation = Variation(student.bert.embeddings.word_embeddings.weight.detach(), specials)
    weighing = Weighing(rank=rank_weight)
    run.note(weighing=asdict(weighing))
    run.train(
        "student",
        student,
        student_loss(student, teachers, weighing, variation, np.random.default_rng(seed)),
        seconds=student_seconds,
        peak=student_peak,
    )
    save_halves(student.eval(), out, "student")

    def reading(share: float, *, skim: bool = False) -> Callable[[Packed, Batch], tuple[Tensor, Tensor]]:
        def read(packed: Packed, batch: Batch) -> tuple[Tensor, Tensor]:
            found = at_depth(student, packed, batch, share)
            return (found.skim_start, found.skim_end) if skim else (found.start, found.end)

        return read

    for share in (1.0, *reversed(SHARES)):
        run.note(student=share, **look(reading(share), looked, device))
    run.note(skim=True, **look(reading(0.5, skim=True), looked, device))
    run.note(over=time.monotonic() - began)


def _start(told: str) -> tuple[str, float, str]:
    """What a teacher begins with, its peak rate and its optimiser, from `base@5e-4@muon`."""
    try:
        kind, peak, *optimizer = told.split("@")
        return kind, float(peak), optimizer[0] if optimizer else "adamw"
    except ValueError as error:
        raise typer.BadParameter(f"a teacher is told as base@5e-4 or base@5e-4@muon, not {told!r}") from error


if __name__ == "__main__":
    app()
