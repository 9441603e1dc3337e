"""Ranking: the reader's view of the passages laid over the retriever's."""

from collections.abc import Sequence
from dataclasses import replace

from qa.decide import Calibration
from qa.hit import Hit
from qa.reader.reader import Reading
from qa.specifics import missing


def rank(
    question: str, hits: Sequence[Hit], readings: Sequence[Reading], calibration: Calibration, *, reranks: bool
) -> tuple[tuple[Hit, Reading], ...]:
    """The hits with the readings' scores and highlights, in the final order, each beside its reading.

    A reader that reranks orders the passages by its score, the retriever's and what the passage lacks, weighed as was
    found best for that. Whether the first is an answer is another matter, for which the same scores weigh otherwise:
    BM25 tells the passages of one question apart, but not one question from another.

    Args:
        question: its words.
        hits: in retrieval order.
        readings: one per hit.
        calibration: of the reader.
        reranks: whether to leave the retrieval order.
    """
    read = [
        (_with_reading(hit, reading, place), reading)
        for place, (hit, reading) in enumerate(zip(hits, readings, strict=True), start=1)
    ]
    if not reranks:
        return tuple(read)
    read = [(_weighed(question, hit, calibration), reading) for hit, reading in read]
    read.sort(key=lambda pair: (-pair[0].score, pair[0].rank))
    return tuple((replace(hit, rank=place), reading) for place, (hit, reading) in enumerate(read, start=1))


def with_missing(question: str, hit: Hit) -> Hit:
    """The hit with the number of the question's names and numbers that its passage lacks, if that is not there yet."""
    if hit.scores.missing is not None:
        return hit
    return replace(hit, scores=replace(hit.scores, missing=missing(question, hit)))


def _with_reading(hit: Hit, reading: Reading, rank: int) -> Hit:
    scores = replace(hit.scores, reader=reading.score)
    return Hit(hit.passage, hit.article, rank, hit.score, scores, reading.spans)


def _weighed(question: str, hit: Hit, calibration: Calibration) -> Hit:
    hit = with_missing(question, hit)
    return replace(hit, score=calibration.place(hit.scores))
