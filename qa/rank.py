"""Ranking: the reader's view of the passages laid over the retriever's."""

from collections.abc import Sequence
from dataclasses import replace

from qa.hit import Hit
from qa.reader.reader import Reading


def rank(hits: Sequence[Hit], readings: Sequence[Reading], *, reranks: bool) -> tuple[tuple[Hit, Reading], ...]:
    """The hits with the readings' scores and highlights, in the final order, each beside its reading.

    Args:
        hits: in retrieval order.
        readings: one per hit; hits beyond them were not read and follow in retrieval order, without highlights.
        reranks: whether the readings' scores order the passages that were read.
    """
    read = [
        (replace(hit, scores=replace(hit.scores, reader=reading.score), highlights=reading.spans), reading)
        for hit, reading in zip(hits, readings, strict=True)
    ]
    if reranks:
        read.sort(key=lambda pair: (-pair[1].score, pair[0].rank))
        read = [(replace(hit, score=reading.score), reading) for hit, reading in read]
    return tuple((replace(hit, rank=place), reading) for place, (hit, reading) in enumerate(read, start=1))
