"""Figures on the held-out part of the training sets."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.reader.training.examples import Questions
from qa.reader.training.figures import auroc, exact, f1
from qa.reader.training.predict import Run, read


def validate(run: Run, questions: Questions, wanted: Sequence[int], negatives: NDArray[np.int32]) -> dict[str, float]:
    """Given the passage: EM and F1; against one mined wrong passage each: AUROC, and how often the right one wins."""
    asked = [questions.asked[i] for i in wanted]
    right = read(run, [(q.ids, questions.contexts[q.context]) for q in asked])
    quotes = [questions.contexts[q.context].text[r.start : r.end] for q, r in zip(asked, right, strict=True)]
    paired = [n for n in range(len(asked)) if negatives[n][0] >= 0]
    wrong = read(run, [(asked[n].ids, questions.contexts[int(negatives[n][0])]) for n in paired])
    scores = [r.score for r in right] + [w.score for w in wrong]
    return {
        "em": float(np.mean([exact(t, q.answers) for t, q in zip(quotes, asked, strict=True)])),
        "f1": float(np.mean([f1(t, q.answers) for t, q in zip(quotes, asked, strict=True)])),
        "auroc": auroc(scores, [True] * len(right) + [False] * len(wrong)),
        "wins": float(np.mean([right[n].score > w.score for n, w in zip(paired, wrong, strict=True)])),
    }
