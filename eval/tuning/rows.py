"""Fits the calibration of a reader that reranks: what orders the passages, and what tells answers from misses.

Run `quotary eval --split dev --rows sample.jsonl`, the same with `--corpus ../shared/seeds --rows seeds.jsonl`, and
`python -m eval.tuning.held` for further rows; then `python -m eval.tuning.rows sample.jsonl seeds.jsonl --more
held.jsonl`. It prints, by what the reader's score is weighed with, hit@1 and AUROC, and for the weights chosen what
belongs in the weights' reader.json. Rows of the test split are refused.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.questions import json_lines
from eval.tuning.balance import threshold
from eval.tuning.frozen import refuse_test_split
from qa.decide import Weights
from qa.hit import Scores

COSINES = (0.0, 5.0, 10.0, 15.0, 20.0)
LEXICALS = (0.0, 0.15, 0.3, 0.45, 0.6)
MISSINGS = (0.0, 0.75, 1.5, 3.0)

Worth = tuple[float, float, float]
"""Reader logits that a cosine of 1, one unit of BM25 and a missing name or number are worth."""
Rows = list[dict[str, Any]]
_WORTH = "Reader logits that {} is worth: a cosine of 1, one unit of BM25, a missing name or number."


def main(
    paths: Annotated[list[Path], typer.Argument(help="Rows of `quotary eval --split dev --rows`.")],
    *,
    more: Annotated[list[Path] | None, typer.Option(help="Further rows, for the order alone.")] = None,
    order: Annotated[Worth, typer.Option(help=_WORTH.format("each for the order"))] = (10.0, 0.45, 1.5),
    decide: Annotated[Worth, typer.Option(help=_WORTH.format("each for the confidence"))] = (5.0, 0.15, 1.5),
) -> None:
    """Print the table and the fit."""
    rows, others = _read(paths), _read(more or [])
    answerable = np.array([row["answerable"] for row in rows])
    for worth in product(COSINES, LEXICALS, MISSINGS):
        shown = "cosine {:4.0f}, BM25 {:4.2f}, missing {:4.2f}".format(*worth)
        first = f"hit@1 {_hit(rows, worth):.3f}" + (f", of the further {_hit(others, worth):.3f}" if others else "")
        evidence, _ = _tops(rows, order, worth)
        auroc = roc_auc_score(answerable, evidence) if not answerable.all() else float("nan")
        typer.echo(f"{shown}: {first}; to decide, AUROC {auroc:.3f}")
    evidence, right = _tops(rows, order, decide)
    fitted = LogisticRegression(C=1e6).fit(evidence[:, None], right)
    scale, bias = float(fitted.coef_[0][0]), float(fitted.intercept_[0])
    numbers: dict[str, Any] = _shown(_weights(decide, scale))
    numbers |= {"bias": round(bias, 4), "threshold": threshold(fitted.predict_proba(evidence[:, None])[:, 1], right)}
    typer.echo(f"{len(rows)} rows: {json.dumps(numbers | {'order': _shown(_weights(order))})}")


def _read(paths: Sequence[Path]) -> Rows:
    rows = [row for path in paths for _, row in json_lines(path) if row["ranking"]]
    refuse_test_split(str(row["id"]) for row in rows)
    return rows


def _weights(worth: Worth, scale: float = 1.0) -> Weights:
    """A missing name counts against a passage."""
    cosine, lexical, missing = worth
    return Weights(dense=cosine * scale, reader=scale, lexical=lexical * scale, missing=-missing * scale)


def _shown(weights: Weights) -> dict[str, float]:
    """What stands in reader.json."""
    return {name: round(number, 4) for name, number in asdict(weights).items()}


def _evidence(hit: dict[str, Any], weights: Weights) -> float:
    return weights.total(Scores(**{name: hit[name] for name in ("dense", "lexical", "reader", "missing")}))


def _tops(rows: Rows, order: Worth, decide: Worth) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each row the evidence for the passage that `order` puts first, and whether it answers."""
    places, certainty = _weights(order), _weights(decide)
    tops = [max(row["ranking"], key=lambda hit: _evidence(hit, places)) for row in rows]
    right = [bool(top["right"] and row["answerable"]) for top, row in zip(tops, rows, strict=True)]
    return np.array([_evidence(top, certainty) for top in tops]), np.array(right)


def _hit(rows: Rows, order: Worth) -> float:
    """hit@1 over the answerable ones."""
    _, right = _tops(rows, order, order)
    return float(right[[bool(row["answerable"]) for row in rows]].mean())


if __name__ == "__main__":
    typer.run(main)
