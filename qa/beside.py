"""A part of a question's work done beside another part, on the core that is idle while only one question is asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, Protocol, TypeVar

from qa.workers import Workers

_T = TypeVar("_T")
_P = ParamSpec("_P")


class Start(Protocol):
    """Begins work and gives what waits for its result."""

    def __call__(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Callable[[], _T]:
        """The work is done by the time that the result is asked for."""
        ...


class Beside:
    """Counts who is asking in this process; safe to use from many threads.

    Where several ask at the same time, every core has work: a second thread for one of them would only take a core from
    another, at the cost of handing over. So then work is done where its result is asked for.
    """

    def __init__(self) -> None:
        self._workers = Workers(1)
        self._lock = threading.Lock()
        self._asking = 0

    @contextmanager
    def asking(self, wanted: bool = True) -> Iterator[Start]:
        """While a question is worked on: begins work on another thread if that is `wanted` and no other is asked."""
        with self._lock:
            self._asking += 1
            alone = self._asking == 1
        try:
            yield self._beside if wanted and alone else _later
        finally:
            with self._lock:
                self._asking -= 1

    def _beside(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Callable[[], _T]:
        return self._workers.start(work, *args, **kwargs).result


def _later(work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Callable[[], _T]:
    return lambda: work(*args, **kwargs)
