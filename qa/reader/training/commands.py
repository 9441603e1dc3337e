"""The command line of training."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from qa.reader.training.batches import Mix, Stream
from qa.reader.training.data import SEED, encoder_folder, load, plain_tokenizer, sides
from qa.reader.training.export import sha256
from qa.reader.training.exporting import BEFORE, HISTORY
from qa.reader.training.exporting import app as exporting
from qa.reader.training.loop import Schedule, Trainer
from qa.reader.training.lora import adapt
from qa.reader.training.model import ReaderModel, from_encoder
from qa.reader.training.narrowing import app as narrowing
from qa.reader.training.negatives import mine
from qa.reader.training.optimizers import Optimizers
from qa.reader.training.predict import torch_run
from qa.reader.training.restore import restore_weights
from qa.reader.training.shipping import app as shipping
from qa.reader.training.stories import STORIES, held_out, read_stories, write_gold, write_set
from qa.reader.training.validate import validate

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.add_typer(exporting)
app.add_typer(narrowing)
app.add_typer(shipping)

Data = Annotated[Path, typer.Argument(help="folder of the training sets")]
Stories = Annotated[Path | None, typer.Option(help="the set that `stories` wrote, to train on beside the others")]
Run = Annotated[Path, typer.Argument(help="folder of the run: checkpoint, log, record")]


@app.command()
def stories(out: Annotated[Path, typer.Argument(help="the folder to write")]) -> None:
    """Makes a training set of the stories beside this code, and gold questions of those that are held out."""
    training, held = held_out(read_stories(STORIES))
    passages, asked = write_set(training, out / "stories")
    typer.echo(f"{len(training)} stories: {passages} passages, {asked} questions")
    typer.echo(f"{len(held)} stories held out: {write_gold(held, out / 'held')} questions")


@app.command()
def negatives(
    data: Data, out: Annotated[Path, typer.Argument(help="the .npz file to write")], stories: Stories = None
) -> None:
    """Mines wrong passages for every question."""
    questions = load(data, plain_tokenizer(encoder_folder() / "tokenizer.json"), stories)
    train, held = sides(questions)
    np.savez(out, train=mine(questions, train, 8), held=mine(questions, held, 8))
    typer.echo(f"{len(train)} training and {len(held)} validation questions")


@app.command()
def train(
    data: Data,
    run: Run,
    stories: Stories = None,
    *,
    mined: Annotated[Path, typer.Option(help="what `negatives` wrote")],
    mix: Annotated[str, typer.Option(help="fields of Mix as JSON")] = "{}",
    peak: float = 2e-4,
    warm: int = 400_000,
    stable: int = 10_000_000,
    decay: int = 3_000_000,
    rank_weight: float = 0.0,
    budget: int = 4096,
    every: float = 600.0,
    look_at: int = 1000,
    seed: int = SEED,
    threads: int = 2,
    start: Annotated[Path | None, typer.Option(help="go on from these exported weights (a folder)")] = None,
    layers: Annotated[int, typer.Option(help="keep only the first so many layers (0: all)")] = 0,
    lora: Annotated[int, typer.Option(help="train low-rank changes of this rank instead of all weights (0: all)")] = 0,
    optimizer: Annotated[str, typer.Option(help="adamw or muon")] = "adamw",
    dropout: Annotated[float, typer.Option(help="share of each layer's outputs left out in a step")] = 0.0,
    limit: Annotated[int, typer.Option(help="train on only so many questions (0: all)")] = 0,
) -> None:
    """Trains, or goes on from the run's checkpoint (its place in the data is kept; the schedule may change)."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    run.mkdir(parents=True, exist_ok=True)
    encoder = encoder_folder()
    tokenizer = plain_tokenizer(encoder / "tokenizer.json")
    questions = load(data, tokenizer, stories)
    wrong = np.load(mined)
    training, held = sides(questions)
    chosen = Mix(**json.loads(mix))
    looked = [r for r, i in enumerate(held) if questions.asked[i].source != "qamr_devtest"]
    looked = np.random.default_rng(SEED).permutation(looked)[:look_at].tolist()
    model, begun = from_encoder(encoder, layers or None, dropout), None
    if start is not None:
        begun = sha256(restore_weights(model, start))
        if (start / HISTORY).exists():
            shutil.copyfile(start / HISTORY, run / BEFORE)
    if lora:
        adapt(model, lora)
    schedule = Schedule(peak, warm, stable, decay)
    trainer = Trainer(
        model,
        Optimizers(model, optimizer),
        schedule,
        rank_weight=rank_weight,
        checkpoint=run / "checkpoint.pt",
        log=run / "log.jsonl",
    )
    record = {"seed": seed, "budget": budget, "rank_weight": rank_weight, "schedule": asdict(schedule)}
    record |= {
        "from": asdict(trainer.progress),
        "mix": asdict(chosen),
        "limit": limit,
        "start": begun,
        "layers": layers,
        "lora": lora,
        "optimizer": optimizer,
        "dropout": dropout,
        "sha256": questions.sha256,
    }
    with (run / "record.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(record) + "\n")
    rows = slice(0, limit or len(training))
    if limit:
        order = np.random.default_rng(seed).permutation(len(training))[rows]
        training, hard = [training[i] for i in order], wrong["train"][order]
    else:
        hard = wrong["train"]
    stream = Stream(
        questions=questions, wanted=training, negatives=hard, tokenizer=tokenizer, mix=chosen, seed=seed, budget=budget
    )

    def look(current: ReaderModel) -> dict[str, float]:
        return validate(torch_run(current), questions, [held[r] for r in looked], wrong["held"][looked], tokenizer)

    trainer.run(stream, every, look)
    typer.echo(json.dumps(look(model)))
