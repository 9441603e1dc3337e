"""From start and end logits to spans, the best ones that do not overlap, and to the odds that there is an answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float32]

# Further spans of a passage are marked when their score comes within this of the best: e^-1.5 is a fifth as likely.
MARGIN = 1.5
MOST_SPANS = 5


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A run of tokens, both ends included, with start logit + end logit."""

    first: int
    last: int
    score: float


def best_spans(start: Logits, end: Logits, allowed: NDArray[np.bool_], longest: int) -> list[TokenSpan]:
    """Spans of allowed tokens, best first, none overlapping another, at most `MOST_SPANS` within `MARGIN`.

    Args:
        start, end: [tokens] logits.
        allowed: [tokens] marks the tokens of the passage.
        longest: tokens a span may have.
    """
    tokens = np.flatnonzero(allowed)
    if not len(tokens):
        return []
    sums = start[tokens][:, None] + end[tokens][None, :]
    # Only spans that end where they start or later, and are not too long.
    sums = np.where(np.tri(len(tokens), k=-1, dtype=bool), -np.inf, sums)
    sums = np.where(~np.tri(len(tokens), k=longest - 1, dtype=bool), -np.inf, sums)
    spans: list[TokenSpan] = []
    while len(spans) < MOST_SPANS:
        first, last = divmod(int(np.argmax(sums)), len(tokens))
        score = float(sums[first, last])
        if score == -np.inf or (spans and score < spans[0].score - MARGIN):
            break
        spans.append(TokenSpan(int(tokens[first]), int(tokens[last]), score))
        # Whatever touches this span is out: it starts before its end and ends after its start.
        sums[: last + 1, first:] = -np.inf
    return spans


def log_odds(start: Logits, end: Logits, allowed: NDArray[np.bool_]) -> float:
    """The log-odds that the passage answers: all spans against none, start and end taken as independent.

    "None" is the first token's two logits, as in SQuAD 2.0 (Devlin et al. 2019). All spans, not the best one alone: a
    passage with two places that may answer is more likely to than one with either, and training compares passages by
    this (`training/loss.py`). Minus infinity where no token is allowed.
    """
    if not allowed.any():
        return float("-inf")
    return float(sum(_log_sum(side[allowed]) - float(side[0]) for side in (start, end)))


def _log_sum(logits: Logits) -> float:
    largest = float(logits.max())
    return largest + float(np.log(np.exp(logits - largest).sum()))
