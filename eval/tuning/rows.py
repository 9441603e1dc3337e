"""Fits the calibration of a reader that reranks, on rows of the dev questions.

Run `quotary eval --split dev --rows sample.jsonl`, the same with `--corpus ../shared/seeds --rows seeds.jsonl`, then
`python -m eval.tuning.rows sample.jsonl seeds.jsonl`. It prints hit@1 by how many logits of the reader a cosine of 1 is
worth, and for the one chosen what belongs in the weights' reader.json. Rows of the test split are refused.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.questions import json_lines
from sources.errors import GoldError

WORTHS = (0.0, 3.0, 5.0, 8.0, 10.0, 12.0, 16.0, 25.0)


def main(
    paths: Annotated[list[Path], typer.Argument(help="Rows of `quotary eval --split dev --rows`.")],
    worth: Annotated[float, typer.Option(help="Reader logits that a cosine of 1 is worth.")] = 10.0,
) -> None:
    """Print the table and the fit."""
    rows = [row for path in paths for _, row in json_lines(path) if row["ranking"]]
    if any(str(row["id"]).startswith("test-") for row in rows):
        raise GoldError("these rows hold questions of the test split, on which nothing may be fitted")
    for candidate in WORTHS:
        answerable = [_best(row, candidate)[1] for row in rows if row["answerable"]]
        typer.echo(f"cosine worth {candidate:4.0f}: hit@1 {np.mean(answerable):.3f}")
    tops = [_best(row, worth) for row in rows]
    evidence = np.array([[score] for score, _ in tops])
    right = np.array([found and row["answerable"] for row, (_, found) in zip(rows, tops, strict=True)])
    fitted = LogisticRegression(C=1e6).fit(evidence, right)
    typer.echo(f"{len(rows)} rows, AUROC {roc_auc_score(right, fitted.predict_proba(evidence)[:, 1]):.3f}")
    scale, bias = float(fitted.coef_[0][0]), float(fitted.intercept_[0])
    numbers = {"dense": worth * scale, "reader": scale, "bias": bias}
    typer.echo(json.dumps({name: round(number, 4) for name, number in numbers.items()}))


def _best(row: dict[str, Any], worth: float) -> tuple[float, bool]:
    """The evidence for the passage that comes first at this worth, and whether it is a right one."""
    scored = [(worth * (hit["dense"] or 0.0) + hit["reader"], bool(hit["right"])) for hit in row["ranking"]]
    return max(scored, key=lambda pair: pair[0])


if __name__ == "__main__":
    typer.run(main)
