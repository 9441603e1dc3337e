"""The threshold of a confidence."""

import numpy as np
from numpy.typing import NDArray

_THRESHOLDS = np.linspace(0.05, 0.95, 91)


def threshold(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The threshold with the best balance of both right decisions: to answer when right, to refuse when wrong.

    Args:
        confidence: [questions] of the best passage.
        right: [questions] whether it answers.
    """
    balance = [(np.mean(confidence[right] >= tried) + np.mean(confidence[~right] < tried)) / 2 for tried in _THRESHOLDS]
    return float(round(_THRESHOLDS[int(np.argmax(balance))], 2))
