"""The commands after training: export, calibrate, figures."""
# Each option is a parameter of its command.
# ruff: noqa: PLR0917

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.models import load_encoder
from qa.reader.training.calibrate import fit, quality, tops
from qa.reader.training.data import SEED, encoder_folder, load, plain_tokenizer, sides
from qa.reader.training.evaluate import rows, summary
from qa.reader.training.examples import Asked, Context, title_ids
from qa.reader.training.export import export, onnx_run, sha256, trained
from qa.reader.training.features import Feature, joined
from qa.reader.training.mean import mean, state_of
from qa.reader.training.predict import MAX_ANSWER, Run, torch_run
from qa.reader.training.vocabulary import kept, prune_model, prune_tokenizer, vocabulary
from sources.sample import sample_directory

app = typer.Typer()
MAX_TOKENS = 384
HISTORY, BEFORE = "training.json", "before.json"
"""How shipped weights were made; in a run's folder, how those were that it began with."""
MEAN_OF = "mean_of.json"
"""In the folder of a mean: the share and the history of each part."""
_QUESTION, _SAMPLE_TOKENS = "When was the commissioner appointed?", 200
_TYPICAL_COSINE = 0.55
_UNFITTED = {"dense": 0.0, "reader": 1.0, "bias": 0.0, "threshold": 0.5}

Weights = Annotated[Path, typer.Argument(help="folder with model.onnx, tokenizer.json and reader.json")]


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
    prune_tokenizer(encoder / "tokenizer.json", weights / "tokenizer.json")
    model = prune_model(trained(checkpoint, encoder), stay, MAX_TOKENS)
    digest = export(model, weights / "model.onnx", _samples(plain_tokenizer(weights / "tokenizer.json")))
    fields = {
        "name": name,
        "max_tokens": MAX_TOKENS,
        "max_answer_tokens": MAX_ANSWER,
        "do_lower_case": True,
        "null": "cls",
        "titled": True,
        "sha256": {"model.onnx": digest, "tokenizer.json": sha256(weights / "tokenizer.json")},
        "calibration": _UNFITTED,
    }
    (weights / "reader.json").write_text(json.dumps(fields, indent=1) + "\n", "utf-8")
    if made := history(checkpoint.parent):
        (weights / HISTORY).write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    typer.echo(f"{(weights / 'model.onnx').stat().st_size / 1e6:.2f} MB {digest}")


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


@app.command()
def calibrate(
    data: Annotated[Path, typer.Argument(help="folder of the training sets")],
    weights: Weights,
    mined: Annotated[Path, typer.Option(help="what `negatives` wrote")],
    cache: Annotated[Path, typer.Option(help="where the encoder's ONNX form is kept")] = Path(".quotary/models"),
    limit: int = 600,
    passages: int = 4,
) -> None:
    """Fits confidence and threshold on validation questions and writes them into reader.json."""
    tokenizer = plain_tokenizer(weights / "tokenizer.json")
    questions = load(data, tokenizer)
    held = sides(questions)[1]
    chosen = [r for r, i in enumerate(held) if questions.asked[i].source != "qamr_devtest"]
    chosen = np.random.default_rng(SEED + 1).permutation(chosen)[:limit].tolist()
    hard = np.load(mined)["held"][chosen][:, :passages]
    encoder = load_encoder(cache_dir=cache)

    def cosine(asked: Asked, homes: list[Context]) -> NDArray[np.float32]:
        vectors = encoder.encode([asked.text, *(home.text for home in homes)])
        near: NDArray[np.float32] = vectors[1:] @ vectors[0]
        return near

    found = tops(onnx_run(weights / "model.onnx"), questions, [held[r] for r in chosen], hard, cosine)
    # Two folds tell how the fit does on questions it has not seen; what is stored is fitted on both.
    half = len(found) // 2
    halves = ((found[:half], found[half:]), (found[half:], found[:half]))
    tried = {}
    for with_cosine in (False, True):
        folds = [quality(fit(a, with_cosine=with_cosine), b) for a, b in halves]
        tried[with_cosine] = {name: round((folds[0][name] + folds[1][name]) / 2, 4) for name in folds[0]}
    best = tried[True]["brier"] < tried[False]["brier"]
    fitted = fit(found, with_cosine=best)
    path = weights / "reader.json"
    fields = json.loads(path.read_text("utf-8"))
    shown = {"reader_alone": tried[False], "with_cosine": tried[True], "cases": len(found)}
    fields |= {"calibration": asdict(fitted), "calibration_figures": shown}
    path.write_text(json.dumps(fields, indent=1) + "\n", "utf-8")
    typer.echo(json.dumps(fields["calibration"] | shown))


@app.command()
def figures(
    folder: Annotated[Path, typer.Argument(help="a set in the shared layout, such as ../shared/data/eval/squad11_dev")],
    weights: Annotated[Path, typer.Argument(help="a weights folder, or a run's checkpoint.pt (fp32, for comparison)")],
    limit: int = 0,
) -> None:
    """EM, F1 and answerability given the paragraph; the threshold is the calibrated one, as a score."""
    run: Run
    threshold = 0.0
    if weights.is_dir():
        tokenizer = plain_tokenizer(weights / "tokenizer.json")
        run = onnx_run(weights / "model.onnx")
        fit_ = json.loads((weights / "reader.json").read_text("utf-8"))["calibration"]
        logit = float(np.log(fit_["threshold"] / (1 - fit_["threshold"])))
        # There is no retriever here: its score counts as that of a typical passage.
        threshold = (logit - fit_["bias"] - fit_["dense"] * _TYPICAL_COSINE) / fit_["reader"]
    else:
        encoder = encoder_folder()
        tokenizer = plain_tokenizer(encoder / "tokenizer.json")
        run = torch_run(trained(weights, encoder), fast=False)
    found = summary(rows(run, folder, tokenizer, limit), threshold)
    typer.echo(json.dumps({name: round(value, 4) for name, value in found.items()}))
