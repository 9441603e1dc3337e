"""Threads that stay: as many pieces of work at a time as there are threads, whoever asks."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_T = TypeVar("_T")
_Item = TypeVar("_Item")
_P = ParamSpec("_P")


class Workers:
    """Threads that stay from question to question: to start them anew takes half a millisecond each time.

    A forked process starts its own, since threads do not survive a fork. Safe to use from many threads; what one does
    must not wait for another.

    Args:
        count: how many.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool, self._process = ThreadPoolExecutor(count), os.getpid()

    def start(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
        """Have the work done after what was started before."""
        if self._process != os.getpid():
            self._pool, self._process = ThreadPoolExecutor(self.count), os.getpid()
        return self._pool.submit(work, *args, **kwargs)

    def side_by_side(
        self, work: Callable[[_Item], _T], items: Sequence[_Item], size: Callable[[_Item], int]
    ) -> tuple[_T, ...]:
        """The work done for each item: the largest first, so that no thread is left with it at the end."""
        if self.count < 2 or len(items) < 2:
            return tuple(work(item) for item in items)
        running = {place: self.start(work, items[place]) for place in largest_first(items, size)}
        return tuple(running[place].result() for place in range(len(items)))


def largest_first(items: Sequence[_Item], size: Callable[[_Item], int]) -> list[int]:
    """The items' places, the largest's first."""
    return sorted(range(len(items)), key=lambda place: size(items[place]), reverse=True)
