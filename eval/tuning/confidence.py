"""Fits the confidence of a reader: from the best passage's scores to the probability that it answers.

Run `python -m eval.tuning.confidence sentence ../shared/data/train/squad11_du_test ...`; it prints what belongs in
qa/calibration.json. Half of the answering passages are left out of the index, so that their questions, asked of
passages on the same subject, are near misses.
"""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.tuning.balance import threshold
from eval.tuning.sample import training_sample
from index.catalog import Catalog
from index.models import load_encoder
from qa.build import build_pipeline
from qa.decide import Calibration, Weights
from qa.question import Question
from sources.errors import QuestionError

_ANYTHING = Calibration(Weights(dense=1.0, reader=1.0), bias=0.0, threshold=0.0)


def main(
    reader: Annotated[str, typer.Argument(help="none or sentence.")],
    folders: Annotated[list[Path], typer.Argument(help="Training sets.")],
    questions: Annotated[int, typer.Option(help="Questions drawn from each.")] = 400,
    others: Annotated[int, typer.Option(help="Passages beside those that answer.")] = 400,
    cache: Annotated[Path, typer.Option(help="Where the encoder's ONNX form is kept.")] = Path(".quotary/models"),
) -> None:
    """Print the fitted numbers, and how well they tell answers from misses on the questions they were fitted on."""
    encoder = load_encoder(cache_dir=cache)
    rows: list[tuple[float, float, bool]] = []
    for folder in folders:
        corpus = training_sample(folder, questions, others, absent=0.5)
        with (
            tempfile.TemporaryDirectory() as directory,
            Catalog.open(Path(directory), encoder, splitter=corpus.splitter) as catalog,
        ):
            catalog.add(corpus.articles)
            pipeline = replace(build_pipeline(catalog, reader), calibration=_ANYTHING)
            for gold in corpus.questions:
                try:
                    hits = pipeline.ask(Question(gold.question, top_k=1)).hits
                except QuestionError:
                    continue
                if hits:
                    scores = hits[0].scores
                    rows.append((scores.dense or 0.0, scores.reader or 0.0, gold.names(hits[0].article.name)))
    features = np.array([row[:2] for row in rows])
    right = np.array([row[2] for row in rows])
    fitted = LogisticRegression(C=1e6).fit(features, right)
    confidence = fitted.predict_proba(features)[:, 1]
    typer.echo(f"{len(rows)} questions, {right.mean():.3f} right first, AUROC {roc_auc_score(right, confidence):.3f}")
    dense, score = fitted.coef_[0]
    numbers = {
        "dense": dense,
        "reader": score,
        "bias": fitted.intercept_[0],
        "threshold": threshold(confidence, right),
    }
    typer.echo(json.dumps({reader: {name: round(float(number), 3) for name, number in numbers.items()}}))


if __name__ == "__main__":
    typer.run(main)
