"""The commands that write weights: bundle, export, export-depths, mean."""
# Each option is a parameter of its command.

import json
import shutil
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from tokenizers import Tokenizer

from qa.reader.training.bundle import load_halves, open_model
from qa.reader.training.bundle import write as write_bundle
from qa.reader.training.data import encoder_folder, plain_tokenizer
from qa.reader.training.depths import export_depths
from qa.reader.training.examples import title_ids
from qa.reader.training.export import export, make_fusible, sha256, trained
from qa.reader.training.features import Feature, joined
from qa.reader.training.mean import mean, state_of
from qa.reader.training.predict import MAX_ANSWER
from qa.reader.training.vocabulary import kept, prune_model, prune_tokenizer, vocabulary
from qa.reader.weights import DEEP, DESCRIPTION, NETWORK, SKIM, TOKENIZER
from sources.sample import sample_directory

app = typer.Typer()
MAX_TOKENS = 384
HISTORY, BEFORE = "training.json", "before.json"
"""How shipped weights were made; in a run's folder, how those were that it began with."""
MEAN_OF = "mean_of.json"
"""In the folder of a mean: the share and the history of each part."""
_QUESTION, _SAMPLE_TOKENS = "When was the commissioner appointed?", 200
_UNFITTED = {"dense": 0.0, "reader": 1.0, "bias": 0.0, "threshold": 0.5}

Weights = Annotated[Path, typer.Argument(help="folder of networks, tokenizer.json and reader.json")]


def history(run: Path) -> dict[str, Any]:
    """How a run went, and the one before it: settings, the data's checksums, some losses, all figures.

    Of a mean: that of each part. Nothing where none was written.
    """
    if (run / MEAN_OF).exists():
        return {"mean_of": json.loads((run / MEAN_OF).read_text("utf-8"))}
    if (run / HISTORY).exists():
        kept: dict[str, Any] = json.loads((run / HISTORY).read_text("utf-8"))
        return kept
    if not (run / "record.jsonl").exists():
        return {}
    parts = [json.loads(line) for line in (run / "record.jsonl").read_text("utf-8").splitlines()]
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]
    losses = [line for line in lines if "loss" in line]
    before = run / BEFORE
    return {
        **({"before": json.loads(before.read_text("utf-8"))} if before.exists() else {}),
        "sha256": parts[-1]["sha256"],
        "stretches": [{name: value for name, value in part.items() if name != "sha256"} for part in parts],
        "losses": [[line["tokens"], line["loss"]] for line in losses[::5]],
        "figures": [line for line in lines if "f1" in line],
    }


@app.command("export")
def export_weights(
    checkpoint: Annotated[Path, typer.Argument(help="checkpoint.pt of a run")],
    weights: Weights,
    name: str = "quotary-reader",
) -> None:
    """Writes the int8 network, its tokenizer, a reader.json that is not calibrated yet, and how the run went."""
    weights.mkdir(parents=True, exist_ok=True)
    encoder = encoder_folder()
    stay = kept(vocabulary(plain_tokenizer(encoder / "tokenizer.json")))
    prune_tokenizer(encoder / "tokenizer.json", weights / TOKENIZER)
    model = prune_model(trained(checkpoint, encoder), stay, MAX_TOKENS)
    export(model, weights / NETWORK, _samples(plain_tokenizer(weights / TOKENIZER)))
    _describe(weights, (NETWORK,), {"name": name}, history(checkpoint.parent))


@app.command("bundle")
def bundle_weights(
    weights: Weights, out: Annotated[Path, typer.Argument(help="folder to write, for `accelerated`")]
) -> None:
    """Writes what a machine without the encoder's package needs to train."""
    write_bundle(weights, out)


@app.command("export-depths")
def export_two(
    run: Annotated[Path, typer.Argument(help="folder that `accelerated` wrote")],
    bundle: Annotated[Path, typer.Argument(help="the bundle that the run began with")],
    weights: Weights,
    share: Annotated[float, typer.Option(help="of a passage's tokens, how many are read on")] = 0.5,
    name: str = "quotary-reader",
) -> None:
    """The same for a student of two depths: its two int8 networks."""
    weights.mkdir(parents=True, exist_ok=True)
    model = open_model(bundle, "shipped", dropout=0.0)
    load_halves(model, run, "student")
    make_fusible(model)
    prune_model(model, list(range(model.bert.config.vocab_size)), MAX_TOKENS)
    shutil.copyfile(bundle / "tokenizer.json", weights / TOKENIZER)
    samples = _samples(plain_tokenizer(weights / TOKENIZER))
    export_depths(model, weights / SKIM, weights / DEEP, samples, share)
    log = [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]
    _describe(weights, (SKIM, DEEP), {"name": name, "share": share}, {"accelerated": log})


def _describe(weights: Path, networks: tuple[str, ...], own: dict[str, Any], made: dict[str, Any]) -> None:
    """Write reader.json, with what is these weights' `own`, and how they were `made`, if that is known."""
    fields = {
        **own,
        "max_tokens": MAX_TOKENS,
        "max_answer_tokens": MAX_ANSWER,
        "do_lower_case": True,
        "null": "cls",
        "titled": True,
        "calibration": _UNFITTED,
        "sha256": {file: sha256(weights / file) for file in (*networks, TOKENIZER)},
    }
    (weights / DESCRIPTION).write_text(json.dumps(fields, indent=1) + "\n", "utf-8")
    if made:
        (weights / HISTORY).write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    size = sum((weights / file).stat().st_size for file in networks)
    typer.echo(f"{size / 1e6:.2f} MB {' '.join(sha256(weights / file) for file in networks)}")


@app.command("mean")
def mean_of(
    out: Annotated[Path, typer.Argument(help="folder to write, as of a run")],
    parts: Annotated[list[str], typer.Argument(help="FOLDER=SHARE, of runs or exported weights")],
) -> None:
    """Writes the mean of several runs' weights as a checkpoint that `export` takes."""
    folders = [(Path(folder), float(share)) for folder, _, share in (part.rpartition("=") for part in parts)]
    made = mean([(state_of(folder, encoder_folder()), share) for folder, share in folders])
    out.mkdir(parents=True, exist_ok=True)
    torch.save({"model": made}, out / "checkpoint.pt")
    told = [{"share": share, "run": history(folder)} for folder, share in folders]
    (out / MEAN_OF).write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _samples(tokenizer: Tokenizer) -> list[Feature]:
    """Inputs like those the reader will get: a question and the beginning of each bundled brief."""
    question = np.asarray(tokenizer.encode(_QUESTION, add_special_tokens=False).ids, np.int32)
    made = []
    for path in sorted(sample_directory().glob("*.md")):
        text = path.read_text("utf-8")
        ids = np.asarray(tokenizer.encode(text, add_special_tokens=False).ids[:_SAMPLE_TOKENS], np.int32)
        made.append(joined(question, ids, None, title_ids(path.stem, tokenizer)))
    return made
