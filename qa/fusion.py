"""Fusion: one ranking from the dense and the lexical one.

A fused score orders passages and means nothing else: no threshold is ever put on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.scored import Scored, best_first


class Fusion(Protocol):
    """Merges two rankings of passage keys."""

    def fuse(self, dense: Sequence[Scored], lexical: Sequence[Scored]) -> list[Scored]:
        """(key, fused score) of every passage in either ranking, best first, equal scores in order of key."""
        ...


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """cosine + `weight` x BM25, both as they are.

    Neither score is scaled by the other candidates': where no passage shares a telling word with the question, BM25 is
    small for all of them and the cosine decides, which rank fusion and scaling to [0, 1] both lose. Compared on
    training questions with both, and with each index alone, in docs/decisions.md.

    Attributes:
        weight: cosine that one unit of BM25 is worth.
    """

    weight: float

    def fuse(self, dense: Sequence[Scored], lexical: Sequence[Scored]) -> list[Scored]:
        """See `Fusion.fuse`."""
        near = dict(dense)
        # A passage beyond the dense list is at most as near as the last one in it.
        far = min(near.values(), default=0.0)
        both = {key: near.get(key, far) + self.weight * score for key, score in lexical}
        return best_first((near | both).items())


@dataclass(frozen=True, slots=True)
class ConvexCombination:
    """`weight` x dense + (1 - weight) x lexical, each scaled to [0, 1].

    Scaling by the theoretical lower bound and the largest score found, "tm2c2" of Bruch, Gai and Ingber 2023 (An
    Analysis of Fusion Functions for Hybrid Retrieval, ACM TOIS): a cosine is at least -1 and a BM25 score at least 0. A
    passage that one ranking lacks gets the lowest score of that ranking there, or its bound where that is lower.

    Attributes:
        weight: share of the dense score, in [0, 1].
    """

    weight: float

    def fuse(self, dense: Sequence[Scored], lexical: Sequence[Scored]) -> list[Scored]:
        """See `Fusion.fuse`."""
        near, words = _scaled(dense, lowest=-1.0), _scaled(lexical, lowest=0.0)
        # A passage beyond the dense list is at most as near as the last one in it; one beyond the words' list has few.
        far = min(near.values(), default=0.0)
        return best_first(
            (key, self.weight * near.get(key, far) + (1 - self.weight) * words.get(key, 0.0))
            for key in near.keys() | words.keys()
        )


@dataclass(frozen=True, slots=True)
class ReciprocalRank:
    """Sum of 1 / (k + rank) over the rankings (Cormack, Clarke and Buettcher, SIGIR 2009, where k is 60).

    Attributes:
        k: the larger, the less the first ranks count above the others.
    """

    k: int = 60

    def fuse(self, dense: Sequence[Scored], lexical: Sequence[Scored]) -> list[Scored]:
        """See `Fusion.fuse`."""
        fused: dict[int, float] = {}
        for ranking in (dense, lexical):
            for rank, (key, _) in enumerate(ranking, start=1):
                fused[key] = fused.get(key, 0.0) + 1 / (self.k + rank)
        return best_first(fused.items())


def _scaled(ranking: Sequence[Scored], lowest: float) -> dict[int, float]:
    highest = max((score for _, score in ranking), default=lowest)
    width = highest - lowest
    return {key: (score - lowest) / width if width > 0 else 0.0 for key, score in ranking}
