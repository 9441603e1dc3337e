"""From scores to confidence: logistic regression and a threshold on questions the weights were not trained on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from qa.reader.training.examples import Asked, Context, Questions
from qa.reader.training.figures import auroc, f1
from qa.reader.training.predict import Found, Run, read

_RIGHT = 0.5
"""A quote counts as right from this word-overlap F1 on."""


@dataclass(frozen=True, slots=True)
class Fit:
    """confidence = 1 / (1 + exp(-(dense * cosine + reader * score + bias))); an answer is given from `threshold` on."""

    dense: float
    reader: float
    bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Top:
    """The best passage of a question: its reader score, its cosine to the question, and whether its quote is right."""

    score: float
    cosine: float
    right: bool


def tops(
    run: Run,
    questions: Questions,
    wanted: Sequence[int],
    negatives: NDArray[np.int32],
    cosine: Callable[[Asked, list[Context]], NDArray[np.float32]],
) -> list[Top]:
    """Each question twice: with its passage among the mined ones (answerable), and with these alone (not answerable).

    `cosine` gives each passage's cosine to the question, as the retriever does.
    """
    found: list[Top] = []
    for row, i in enumerate(wanted):
        q = questions.asked[i]
        others = [int(p) for p in negatives[row] if p >= 0]
        if not others:
            continue
        places = [q.context, *others]
        near = cosine(q, [questions.contexts[p] for p in places])
        read_all = read(run, [(q.ids, questions.contexts[p]) for p in places])
        for first in (0, 1):
            best = max(range(first, len(places)), key=lambda n: read_all[n].score)
            right = best == 0 and f1(_quote(read_all[best], questions.contexts[q.context]), q.answers) >= _RIGHT
            found.append(Top(read_all[best].score, float(near[best]), right))
    return found


def _quote(found: Found, home: Context) -> str:
    return home.text[found.start : found.end]


def fit(found: Sequence[Top], *, with_cosine: bool) -> Fit:
    """Platt's logistic regression (1999), and the threshold that gives the best mean of recall on right and wrong."""
    features = np.asarray([[t.cosine, t.score] if with_cosine else [t.score] for t in found])
    right = np.asarray([t.right for t in found])
    model = LogisticRegression(C=100.0, max_iter=1000).fit(features, right)
    weights = model.coef_[0]
    dense = float(weights[0]) if with_cosine else 0.0
    confidence = model.predict_proba(features)[:, 1]
    thresholds = np.linspace(0.02, 0.98, 97)
    balance = [(confidence[right] >= t).mean() + (confidence[~right] < t).mean() for t in thresholds]
    best = float(thresholds[int(np.argmax(balance))])
    return Fit(round(dense, 5), round(float(weights[-1]), 5), round(float(model.intercept_[0]), 5), round(best, 3))


def confidence(fitted: Fit, top: Top) -> float:
    """The probability, in [0, 1], that the best passage's quote is right."""
    return float(1 / (1 + np.exp(-(fitted.dense * top.cosine + fitted.reader * top.score + fitted.bias))))


def quality(fitted: Fit, found: Sequence[Top]) -> dict[str, float]:
    """Brier score, expected calibration error over ten bins of equal width, AUROC, and accuracy at the threshold."""
    guess = np.asarray([confidence(fitted, t) for t in found])
    right = np.asarray([t.right for t in found])
    bins = np.minimum((guess * 10).astype(int), 9)
    gaps = [abs(guess[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())]
    return {
        "brier": float(((guess - right) ** 2).mean()),
        "ece": float(sum(gaps)),
        "auroc": auroc(guess.tolist(), right.tolist()),
        "accuracy": float(((guess >= fitted.threshold) == right).mean()),
    }
