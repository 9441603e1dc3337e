"""When the first passages settle a question: what is saved and what is lost by not reading the others.

`python -m eval.tuning.settled rows.jsonl ...` takes rows of `quotary eval --rows` or of `eval.tuning.held`, for which
all passages were read. Each passage is read by itself, so that leaving some unread is found from these rows exactly.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from eval.bench.timing import table
from eval.row import Ranked, Row, read_rows
from eval.tuning.frozen import refuse_test_split
from qa.build import BM25_WEIGHT
from qa.decide import Calibration
from qa.hit import Scores
from qa.in_turn import FIRST
from qa.reader.weights import ReaderWeights

LOG_ODDS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, float("inf"))


def main(
    paths: Annotated[list[Path], typer.Argument(help="Files of rows.")],
    *,
    weights: Annotated[Path, typer.Option(help="The folder whose calibration is used.")] = Path("qa/reader/weights"),
) -> None:
    """Print a table a file: by the log-odds that settle a question, shares of questions."""
    calibration = ReaderWeights.load(weights).calibration
    for path in paths:
        rows = [row for row in read_rows(path) if row.ranking]
        refuse_test_split(row.id for row in rows)
        typer.echo(f"{path.name}: {len(rows)} questions\n")
        lines = [_line(rows, calibration, settled) for settled in LOG_ODDS]
        typer.echo(table(["settled at", "five read", "same passage first", "hit@1", "right among five"], lines) + "\n")


def _line(rows: Sequence[Row], calibration: Calibration, settled: float) -> list[str]:
    stopped = same = first = 0
    right: list[int] = []
    for row in rows:
        ranked = sorted(row.ranking, key=lambda hit: -_retrieved(hit))
        best = _best(ranked, calibration)
        some = _best(ranked[:FIRST], calibration)
        stops = len(ranked) > FIRST and calibration.logit(_scores(some[0])) >= settled
        shown = some if stops else best[:FIRST]
        stopped += stops
        same += shown[0] is best[0]
        if row.answerable:
            first += shown[0].right
            right.append(sum(hit.right for hit in shown))
    shares = (stopped / len(rows), same / len(rows), first / max(1, len(right)), sum(right) / max(1, len(right)))
    return [f"{settled:g}", *(f"{share:.3f}" for share in shares)]


def _best(hits: Sequence[Ranked], calibration: Calibration) -> list[Ranked]:
    return sorted(hits, key=lambda hit: -calibration.place(_scores(hit)))


def _scores(hit: Ranked) -> Scores:
    return Scores(hit.dense, hit.lexical, None, hit.reader, hit.missing)


def _retrieved(hit: Ranked) -> float:
    return (hit.dense or 0.0) + BM25_WEIGHT * (hit.lexical or 0.0)


if __name__ == "__main__":
    typer.run(main)
