"""Does the confidence know? AUROC of answerability, the reliability diagram and the risk-coverage curve."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.bootstrap import Estimate, Floats, two_groups
from eval.row import Row

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of similar confidence.

    Attributes:
        low, high: ends of the bin; the last one includes its end.
        n: how many questions.
        confidence, right: their mean confidence, and the share whose best passage answers.
    """

    low: float
    high: float
    n: int
    confidence: float
    right: float


def auroc(rows: Sequence[Row]) -> Estimate | None:
    """The chance that an answerable question has the higher confidence of a pair; None when one class is missing."""
    yes = [row.confidence for row in rows if row.answerable]
    no = [row.confidence for row in rows if not row.answerable]
    return two_groups(area, yes, no) if yes and no else None


def reliability(rows: Sequence[Row]) -> tuple[Bin, ...]:
    """Ten bins of equal width, the empty ones left out (DeGroot and Fienberg 1983)."""
    bins = []
    for place in range(BINS):
        low, high = place / BINS, (place + 1) / BINS
        inside = [row for row in rows if min(int(row.confidence * BINS), BINS - 1) == place]
        if inside:
            n = len(inside)
            bins.append(
                Bin(low, high, n, sum(row.confidence for row in inside) / n, sum(row.right for row in inside) / n)
            )
    return tuple(bins)


def calibration_error(rows: Sequence[Row]) -> float:
    """The mean distance of confidence and share right over the bins, by their questions (ECE, Guo et al. 2017)."""
    return sum(bin_.n * abs(bin_.confidence - bin_.right) for bin_ in reliability(rows)) / len(rows)


def risk_coverage(rows: Sequence[Row]) -> tuple[tuple[float, float], ...]:
    """(coverage, risk) for each number of most confident questions answered (El-Yaniv and Wiener 2010).

    Risk is the share of them whose best passage does not answer. Questions of equal confidence enter together, since
    no threshold tells them apart.
    """
    ordered = sorted(rows, key=lambda row: -row.confidence)
    points = []
    wrong = 0
    for place, row in enumerate(ordered, start=1):
        wrong += not row.right
        if place == len(ordered) or ordered[place].confidence < row.confidence:
            points.append((place / len(ordered), wrong / place))
    return tuple(points)


def area(yes: Floats, no: Floats) -> float:
    """AUROC as the Mann-Whitney statistic: the share of pairs in order, a tie for half (Hanley and McNeil 1982)."""
    below = np.sort(no)
    in_order = np.searchsorted(below, yes, "left") + np.searchsorted(below, yes, "right")
    return float(in_order.sum() / (2 * len(yes) * len(no)))
