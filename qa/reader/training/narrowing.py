"""The command that makes a bundle's shipped weights narrower, for a student to begin with."""

import itertools
from pathlib import Path
from typing import Annotated

import typer

from qa.reader.training.bundle import open_model, write_start
from qa.reader.training.data import SEED, plain_tokenizer
from qa.reader.training.material import Material
from qa.reader.training.narrow import narrow

app = typer.Typer()
_MOMENTS_OF, _BUDGET = 40, 8_192
"""Batches whose inner values are looked at, and tokens of each."""
_SHARE = 0.5
"""Of a passage's tokens, how many the deep layers see of them."""


@app.command("narrow")
def narrow_start(
    data: Annotated[Path, typer.Argument(help="folder of the training sets")],
    bundle: Annotated[Path, typer.Argument(help="what `bundle` wrote")],
    *,
    stories: Annotated[Path, typer.Option()],
    mined: Annotated[Path, typer.Option()],
    widths: Annotated[str, typer.Option(help="neurons of each layer's feed-forward block that stay")],
    mix: Annotated[str, typer.Option(help="fields of Mix as JSON")] = "{}",
    seed: int = SEED,
) -> None:
    """Adds `narrowed` to a bundle: its shipped weights less those neurons that the others can stand in for."""
    tokenizer = plain_tokenizer(bundle / "tokenizer.json")
    given = Material.open(data, tokenizer, stories, mined, mix, seed=seed, budget=_BUDGET)
    batches = itertools.islice(itertools.chain.from_iterable(map(given.stream.packed, itertools.count())), _MOMENTS_OF)
    model = open_model(bundle, "shipped", dropout=0.0)
    lost = narrow(model, list(batches), [int(width) for width in widths.split(",")], _SHARE)
    write_start(model.state_dict(), bundle, "narrowed")
    typer.echo("of the square of each block's output is lost: " + ", ".join(f"{part:.4f}" for part in lost))
