"""The command that makes a trained student of two depths narrower, and trains it on with what it was for a teacher."""

import copy
import itertools
import json
import shutil
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from torch import Tensor

from qa.reader.training.ahead import Ahead
from qa.reader.training.batch import Batch, Packed, even
from qa.reader.training.batches import Mix, Stream
from qa.reader.training.bundle import load_halves, open_model, save_halves
from qa.reader.training.data import SEED, load, plain_tokenizer, sides
from qa.reader.training.distil import Run, Weighing, at_depth, student_loss
from qa.reader.training.look import held_batches, look
from qa.reader.training.narrow import narrow
from qa.reader.training.skim import SkimModel

app = typer.Typer()
_MOMENTS_OF = 100
"""Batches."""


@app.command("narrow")
def narrow_student(
    data: Annotated[Path, typer.Argument(help="folder of the training sets")],
    bundle: Annotated[Path, typer.Argument(help="what `bundle` wrote")],
    run: Annotated[Path, typer.Argument(help="folder that `accelerated` wrote")],
    out: Annotated[Path, typer.Argument(help="folder for weights and log, as of a run")],
    *,
    stories: Annotated[Path, typer.Option()],
    mined: Annotated[Path, typer.Option()],
    mix: Annotated[str, typer.Option(help="fields of Mix as JSON")] = "{}",
    width: Annotated[int, typer.Option(help="neurons of a feed-forward block that stay")] = 1280,
    share: Annotated[float, typer.Option(help="of a passage's tokens, how many are read on")] = 0.5,
    seconds: Annotated[float, typer.Option(help="of training afterwards")] = 2400.0,
    peak: float = 1e-4,
    budget: int = 8_192,
    looked_at: Annotated[int, typer.Option(help="batches of validation questions, before and after")] = 16,
    seed: int = SEED,
) -> None:
    """Takes neurons from a student's blocks and trains the rest; on processors, by the clock."""
    began = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(run / "log.jsonl", out / "log.jsonl")
    tokenizer = plain_tokenizer(bundle / "tokenizer.json")
    questions = load(data, tokenizer, stories)
    wrong = np.load(mined)
    training, held = sides(questions)
    if len(training) != len(wrong["train"]):
        raise typer.BadParameter(f"{mined} has {len(wrong['train'])} questions, the sets have {len(training)}")
    chosen = Mix(**json.loads(mix) | {"together": True})
    stream = Stream(
        questions=questions, wanted=training, negatives=wrong["train"], tokenizer=tokenizer, mix=chosen, seed=seed,
        budget=budget,
    )  # fmt: skip
    batches = map(even, Ahead(stream, workers=1))
    torch.manual_seed(seed)
    log = Run("cpu", batches, out / "log.jsonl")
    teacher = open_model(bundle, "shipped", dropout=0.0)
    load_halves(teacher, run, "student")
    teacher.eval().requires_grad_(requires_grad=False)
    looks = held_batches(questions, held, wrong["held"], rows=48)
    looks = [looks[int(place)] for place in np.linspace(0, len(looks) - 1, looked_at)]

    def noted(name: str, model: SkimModel) -> None:
        def read(packed: Packed, batch: Batch) -> tuple[Tensor, Tensor]:
            found = at_depth(model, packed, batch, share)
            return found.start, found.end

        log.note(looked=name, **look(read, looks, "cpu"))

    noted("as it was", teacher)
    student = copy.deepcopy(teacher).requires_grad_(requires_grad=True)
    student.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    lost = narrow(student, list(itertools.islice(batches, _MOMENTS_OF)), width, share)
    settings = {"width": width, "peak": peak, "budget": budget, "seed": seed, "torch": torch.__version__}
    log.note(lost=[round(part, 4) for part in lost], mix=asdict(chosen), weighing=asdict(Weighing()), **settings)
    log.note(sha256=questions.sha256)
    noted("narrowed", student)
    save_halves(student, out, "student")
    if seconds:
        loss = student_loss(student, [teacher], Weighing(), np.random.default_rng(seed))
        log.train("narrowed", student, loss, seconds=seconds, peak=peak)
        save_halves(student.eval(), out, "student")
        noted("trained on", student)
    log.note(over=time.monotonic() - began)
