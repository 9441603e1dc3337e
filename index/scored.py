"""A passage's key with a score, and the order of a ranking."""

from collections.abc import Iterable
from operator import itemgetter

Scored = tuple[int, float]
_score = itemgetter(1)


def best_first(found: Iterable[Scored]) -> list[Scored]:
    """The largest score first, equal scores in order of key.

    >>> best_first([(7, 0.5), (3, 0.5), (9, 0.8)])
    [(9, 0.8), (3, 0.5), (7, 0.5)]
    """
    ranked = list(found)
    # Most rankings have no equal scores, and those of an index come sorted: then that is a quarter of the work.
    if len(set(map(_score, ranked))) == len(ranked):
        ranked.sort(key=_score, reverse=True)
    else:
        ranked.sort(key=_falling_score)
    return ranked


def _falling_score(scored: Scored) -> tuple[float, int]:
    return -scored[1], scored[0]
