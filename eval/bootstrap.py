"""Confidence intervals by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13), seeded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000
LEVEL = 0.95
_SEED = 20_261_123

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95% interval.

    Attributes:
        value: the figure on the questions as they are.
        n: how many questions it is from.
        low, high: ends of the interval. With few questions, or all alike, it is narrower than the truth.
    """

    value: float
    n: int
    low: float
    high: float


def mean(values: Sequence[float]) -> Estimate:
    """The mean of at least one value."""
    array = np.asarray(values, np.float64)
    # Sums of resamples, one at a time: a [1000, n] matrix of indices would need much memory for large sets.
    rng = np.random.default_rng(_SEED)
    means = np.array([array[rng.integers(0, len(array), len(array))].mean() for _ in range(RESAMPLES)])
    return _estimate(float(array.mean()), len(array), means)


def two_groups(
    statistic: Callable[[Floats, Floats], float], first: Sequence[float], second: Sequence[float]
) -> Estimate:
    """A statistic of two groups, each resampled by itself, so that neither is ever empty."""
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    rng = np.random.default_rng(_SEED)
    found = np.array(
        [
            statistic(one[rng.integers(0, len(one), len(one))], two[rng.integers(0, len(two), len(two))])
            for _ in range(RESAMPLES)
        ]
    )
    return _estimate(statistic(one, two), len(one) + len(two), found)


def _estimate(value: float, n: int, resampled: Floats) -> Estimate:
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, n, float(low), float(high))
