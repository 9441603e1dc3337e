"""Fits the calibration of a reader that reranks, on rows of the dev questions.

Run `quotary eval --split dev --rows sample.jsonl`, the same with `--corpus ../shared/seeds --rows seeds.jsonl`, then
`python -m eval.tuning.rows sample.jsonl seeds.jsonl`. It prints hit@1 and AUROC by what the reader's score is weighed
with, and for the weights chosen what belongs in the weights' reader.json. Rows of the test split are refused.
"""

import json
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.questions import json_lines
from sources.errors import GoldError

COSINES = (0.0, 5.0, 10.0, 15.0, 20.0)
LEXICALS = (0.0, 0.1, 0.15, 0.2, 0.4)
MISSINGS = (0.0, 0.5, 1.0, 1.5, 2.0)


def main(
    paths: Annotated[list[Path], typer.Argument(help="Rows of `quotary eval --split dev --rows`.")],
    cosine: Annotated[float, typer.Option(help="Reader logits that a cosine of 1 is worth.")] = 5.0,
    lexical: Annotated[float, typer.Option(help="Reader logits that one unit of BM25 is worth.")] = 0.15,
    missing: Annotated[float, typer.Option(help="Reader logits that a missing name or number costs.")] = 1.5,
) -> None:
    """Print the table and the fit."""
    rows = [row for path in paths for _, row in json_lines(path) if row["ranking"]]
    if any(str(row["id"]).startswith("test-") for row in rows):
        raise GoldError("these rows hold questions of the test split, on which nothing may be fitted")
    for weights in product(COSINES, LEXICALS, MISSINGS):
        evidence, right = _tops(rows, *weights)
        answerable = np.array([row["answerable"] for row in rows])
        shown = "cosine {:4.0f}, BM25 {:4.2f}, missing {:3.1f}".format(*weights)
        auroc = roc_auc_score(answerable, evidence) if not answerable.all() else float("nan")
        typer.echo(f"{shown}: hit@1 {right[answerable].mean():.3f}, AUROC {auroc:.3f}")
    evidence, right = _tops(rows, cosine, lexical, missing)
    fitted = LogisticRegression(C=1e6).fit(evidence[:, None], right)
    scale, bias = float(fitted.coef_[0][0]), float(fitted.intercept_[0])
    numbers = {
        "dense": cosine * scale,
        "lexical": lexical * scale,
        "missing": -missing * scale,
        "reader": scale,
        "bias": bias,
    }
    typer.echo(f"{len(rows)} rows: {json.dumps({name: round(number, 4) for name, number in numbers.items()})}")


def _tops(
    rows: list[dict[str, Any]], cosine: float, lexical: float, missing: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each row the evidence for the passage that these weights put first, and whether it answers."""
    evidence, right = [], []
    for row in rows:
        scored = [
            (
                hit["reader"]
                + cosine * (hit["dense"] or 0.0)
                + lexical * (hit["lexical"] or 0.0)
                - missing * hit["missing"],
                bool(hit["right"]),
            )
            for hit in row["ranking"]
        ]
        best, found = max(scored, key=lambda pair: pair[0])
        evidence.append(best)
        right.append(found and row["answerable"])
    return np.array(evidence), np.array(right)


if __name__ == "__main__":
    typer.run(main)
