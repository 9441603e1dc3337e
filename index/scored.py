"""A passage's key with a score, and the order of a ranking."""

from collections.abc import Iterable

Scored = tuple[int, float]


def best_first(found: Iterable[Scored]) -> list[Scored]:
    """The largest score first, equal scores in order of key.

    >>> best_first([(7, 0.5), (3, 0.5), (9, 0.8)])
    [(9, 0.8), (3, 0.5), (7, 0.5)]
    """
    # Pairs sort in half of the time that a key function takes.
    return [(key, -below) for below, key in sorted((-score, key) for key, score in found)]
