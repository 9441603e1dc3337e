"""The commands on exported weights: calibrate, figures."""
# Each option is a parameter of its command.
# ruff: noqa: PLR0917

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from index.models import load_encoder
from qa.reader.training.bundle import load_halves, open_model
from qa.reader.training.calibrate import fit, quality, tops
from qa.reader.training.data import SEED, encoder_folder, load, plain_tokenizer, sides
from qa.reader.training.depths import depths_run, float_run
from qa.reader.training.evaluate import rows, summary
from qa.reader.training.examples import Asked, Context
from qa.reader.training.export import onnx_run, trained
from qa.reader.training.exporting import Weights
from qa.reader.training.predict import Run, torch_run
from qa.reader.weights import DEEP, NETWORK, SKIM

app = typer.Typer()
_TYPICAL_COSINE = 0.55


def _run(weights: Path) -> Run:
    """The networks in a weights folder, as the reader runs them."""
    if (weights / DEEP).exists():
        share = float(json.loads((weights / "reader.json").read_text("utf-8"))["share"])
        return depths_run(weights / SKIM, weights / DEEP, share)
    return onnx_run(weights / NETWORK)


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

    found = tops(_run(weights), questions, [held[r] for r in chosen], hard, cosine)
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
    bundle: Annotated[Path | None, typer.Option(help="of the run that WEIGHTS then is, also fp32")] = None,
    share: Annotated[float, typer.Option(help="of a passage's tokens, how many such a run reads on")] = 0.5,
) -> None:
    """EM, F1 and answerability given the paragraph; the threshold is the calibrated one, as a score."""
    run: Run
    threshold = 0.0
    if bundle is not None:
        tokenizer = plain_tokenizer(bundle / "tokenizer.json")
        student = open_model(bundle, "shipped", dropout=0.0)
        load_halves(student, weights, "student")
        run = float_run(student, share)
    elif weights.is_dir():
        tokenizer = plain_tokenizer(weights / "tokenizer.json")
        run = _run(weights)
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
