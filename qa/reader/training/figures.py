"""SQuAD's exact match and F1, and the area under the ROC curve."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.metrics import roc_auc_score

from qa.reader.training.negatives import normal


def exact(found: str, answers: Sequence[str]) -> float:
    """1 when the found text equals an accepted answer after SQuAD's normalisation (Rajpurkar et al. 2016)."""
    return float(any(normal(found) == normal(a) for a in answers))


def f1(found: str, answers: Sequence[str]) -> float:
    """Best word-overlap F1 with an accepted answer (Rajpurkar et al. 2016)."""
    return max((_f1(normal(found).split(), normal(a).split()) for a in answers), default=0.0)


def _f1(found: list[str], answer: list[str]) -> float:
    if not found or not answer:
        return float(found == answer)
    common = sum((Counter(found) & Counter(answer)).values())
    return 2 * common / (len(found) + len(answer))


def auroc(scores: Sequence[float], answerable: Sequence[bool]) -> float:
    """Chance that an answerable question scores above an unanswerable one."""
    return float(roc_auc_score(np.asarray(answerable), np.asarray(scores)))
