"""Batches made ahead by other processes, in the order in which one process would make them."""

import itertools
import multiprocessing
from collections.abc import Iterator
from multiprocessing.queues import Queue

from qa.reader.training.batch import Packed
from qa.reader.training.batches import Stream


class Ahead:
    """The packed batches of a stream, without end.

    Made by `workers` processes that start at once: before anything touches an accelerator, which forked processes
    cannot use. They end with the process that made them.
    """

    def __init__(self, stream: Stream, workers: int, depth: int = 3) -> None:
        """`depth`: pools that each worker may be ahead."""
        context = multiprocessing.get_context("fork")
        self._queues: list[Queue[list[Packed]]] = [context.Queue(depth) for _ in range(workers)]
        for number, queue in enumerate(self._queues):
            context.Process(target=_fill, args=(stream, number, workers, queue), daemon=True).start()

    def __iter__(self) -> Iterator[Packed]:
        """Pool by pool."""
        for queue in itertools.cycle(self._queues):
            yield from queue.get()


def _fill(stream: Stream, first: int, step: int, queue: "Queue[list[Packed]]") -> None:
    for place in itertools.count(first, step):
        queue.put(list(stream.packed(place)))
