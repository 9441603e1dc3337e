"""Which passages are worth reading on: what is lost by reading the most promising ones instead of all.

`python -m eval.tuning.promise rows.jsonl ...` takes rows of `quotary eval --rows` or of `eval.tuning.held`, for which
all passages were read: with weights whose reader.json has no `promise`. Each passage is read by itself, so that leaving
some unread is found from these rows exactly.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Annotated

import typer

from eval.bench.timing import table
from eval.row import Ranked, Row, read_rows
from eval.tuning.frozen import refuse_test_split
from qa.decide import Calibration, Weights
from qa.hit import Scores
from qa.promising import READ_ON, most_promising
from qa.reader.weights import ReaderWeights
from sources.errors import GoldError

COSINES = (0.0, 5.0, 10.0)
LEXICALS = (0.0, 0.3, 0.6)
MISSINGS = (0.0, 1.5)
MARGINS = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, float("inf"))

_COLUMNS = ("read on", "same passage first", "hit@1", "right among those read")

Worth = tuple[float, float, float]
"""Skim logits that a cosine of 1, one unit of BM25 and a missing name or number are worth."""


def main(
    paths: Annotated[list[Path], typer.Argument(help="Files of rows.")],
    *,
    weights: Annotated[Path, typer.Option(help="The folder whose calibration is used.")] = Path("qa/reader/weights"),
    worth: Annotated[Worth, typer.Option(help="What the margins are tried with.")] = (10.0, 0.3, 1.5),
) -> None:
    """Print two tables a file: by what the skim's score is weighed with, and by margin; shares of questions."""
    calibration = ReaderWeights.load(weights).calibration
    for path in paths:
        rows = [row for row in read_rows(path) if row.ranking]
        refuse_test_split(row.id for row in rows)
        if any(found.reader is None or found.skim is None for row in rows for found in row.ranking):
            raise GoldError(f"{path}: not every passage was read; take weights without a promise")
        typer.echo(f"{path.name}: {len(rows)} questions\n")
        all_read = _line("all read", rows, replace(calibration, promise=None))
        lines = [
            _line("{:g}, {:g}, {:g}".format(*tried), rows, _promising(calibration, tried))
            for tried in product(COSINES, LEXICALS, MISSINGS)
        ]
        typer.echo(table(["cosine, BM25, missing", *_COLUMNS], [*lines, all_read]) + "\n")
        lines = [
            _line(f"{margin:g}", rows, replace(_promising(calibration, worth), margin=margin)) for margin in MARGINS
        ]
        typer.echo(table(["margin", *_COLUMNS], [*lines, all_read]) + "\n")


def _promising(calibration: Calibration, worth: Worth) -> Calibration:
    cosine, lexical, missing = worth
    return replace(calibration, promise=Weights(cosine, 1.0, lexical, -missing), margin=math.inf)


def _line(name: str, rows: Sequence[Row], calibration: Calibration) -> list[str]:
    same = first = count = 0
    right: list[int] = []
    for row in rows:
        order, most = most_promising([_scores(hit) for hit in row.ranking], calibration, READ_ON)
        some = _best([row.ranking[place] for place in order[:most]], calibration)
        count += most
        same += some[0] is _best(row.ranking, calibration)[0]
        if row.answerable:
            first += some[0].right
            right.append(sum(hit.right for hit in some[:READ_ON]))
    shares = (same / len(rows), first / max(1, len(right)), sum(right) / max(1, len(right)))
    return [name, f"{count / len(rows):.2f}", *(f"{share:.3f}" for share in shares)]


def _best(hits: Sequence[Ranked], calibration: Calibration) -> list[Ranked]:
    return sorted(hits, key=lambda hit: -calibration.place(_scores(hit)))


def _scores(hit: Ranked) -> Scores:
    return Scores(hit.dense, hit.lexical, None, hit.reader, hit.missing, hit.skim)


if __name__ == "__main__":
    typer.run(main)
