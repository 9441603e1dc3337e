"""Which of a passage's tokens are read on: those nearest to where an answer may begin or end."""

import math

import numpy as np
from numpy.typing import NDArray

FADE = 0.15
"""What a token's likelihood loses for each token between it and the likely one, in logits."""
LEAST = 80
"""Tokens of a passage that are read on in any case: a short one is read whole."""
_UNREAD = np.float32(-1e4)
"""The logit of a token that was not read on: nothing begins or ends there."""


def kept(
    start: NDArray[np.float32], end: NDArray[np.float32], allowed: NDArray[np.bool_], share: float
) -> NDArray[np.int64]:
    """Places of the allowed tokens to read on, ascending.

    Args:
        start, end: [tokens] logits of the skim.
        allowed: [tokens] marks the tokens of the passage.
        share: of these, how many are read on.
    """
    places = np.flatnonzero(allowed)
    count = min(len(places), max(LEAST, math.ceil(share * len(places))))
    score = np.maximum(start, end)[places]
    slope = FADE * (places - places[0] if len(places) else places)
    before = np.maximum.accumulate(score + slope) - slope
    after = np.maximum.accumulate((score - slope)[::-1])[::-1] + slope
    near = np.maximum(before, after)
    best: NDArray[np.int64] = np.sort(places[np.argpartition(-near, count - 1)[:count]]) if count else places
    return best


def spread(logits: NDArray[np.float32], places: NDArray[np.int64], tokens: int) -> NDArray[np.float32]:
    """Logits of the tokens at these places as those of all [tokens]."""
    whole = np.full(tokens, _UNREAD)
    whole[places] = logits
    return whole
