"""Which passages are worth reading on: what is lost by reading the most promising ones instead of all.

`python -m eval.tuning.promise rows.jsonl ...` takes rows of `quotary eval --rows` or of `eval.tuning.held`, for which
all passages were read: with weights whose reader.json has no `promise`. Each passage is read by itself, so that leaving
some unread is found from these rows exactly.
"""

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
from qa.promising import READ_ON
from qa.reader.weights import ReaderWeights
from sources.errors import GoldError

COSINES = (0.0, 5.0, 10.0)
LEXICALS = (0.0, 0.3, 0.6)
MISSINGS = (0.0, 1.5)


def main(
    paths: Annotated[list[Path], typer.Argument(help="Files of rows.")],
    *,
    weights: Annotated[Path, typer.Option(help="The folder whose calibration is used.")] = Path("qa/reader/weights"),
    most: Annotated[int, typer.Option(help="How many are read on.")] = READ_ON,
) -> None:
    """Print a table a file: by what the skim's score is weighed with, shares of questions."""
    calibration = ReaderWeights.load(weights).calibration
    for path in paths:
        rows = [row for row in read_rows(path) if row.ranking]
        refuse_test_split(row.id for row in rows)
        if any(found.reader is None or found.skim is None for row in rows for found in row.ranking):
            raise GoldError(f"{path}: not every passage was read; take weights without a promise")
        typer.echo(f"{path.name}: {len(rows)} questions\n")
        lines = [
            _line(rows, replace(calibration, promise=Weights(cosine, 1.0, lexical, -missing)), most)
            for cosine, lexical, missing in product(COSINES, LEXICALS, MISSINGS)
        ]
        lines.append(_line(rows, calibration, most=max(len(row.ranking) for row in rows)))
        typer.echo(table(["cosine, BM25, missing", "same passage first", "hit@1", "right among five"], lines) + "\n")


def _line(rows: Sequence[Row], calibration: Calibration, most: int) -> list[str]:
    same = first = 0
    right: list[int] = []
    for row in rows:
        read = sorted(row.ranking, key=lambda hit: -calibration.promising(_scores(hit)))[:most]
        best, some = _best(row.ranking, calibration), _best(read, calibration)
        same += some[0] is best[0]
        if row.answerable:
            first += some[0].right
            right.append(sum(hit.right for hit in some[:READ_ON]))
    shares = (same / len(rows), first / max(1, len(right)), sum(right) / max(1, len(right)))
    told = calibration.promise
    how = "all read" if told is None else f"{told.dense:g}, {told.lexical:g}, {-told.missing:g}"
    return [how, *(f"{share:.3f}" for share in shares)]


def _best(hits: Sequence[Ranked], calibration: Calibration) -> list[Ranked]:
    return sorted(hits, key=lambda hit: -calibration.place(_scores(hit)))


def _scores(hit: Ranked) -> Scores:
    return Scores(hit.dense, hit.lexical, None, hit.reader, hit.missing, hit.skim)


if __name__ == "__main__":
    typer.run(main)
