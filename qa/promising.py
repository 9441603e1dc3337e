"""Which passages are read: all are skimmed, the promising ones are read on, the others follow in the skim's order."""

from collections.abc import Sequence
from dataclasses import replace

from qa.decide import Calibration
from qa.hit import Hit, Scores
from qa.rank import rank, with_missing
from qa.reader.reader import Reader, Reading, Skimmer

# As many as are shown by default.
READ_ON = 5


def read_promising(
    question: str, hits: Sequence[Hit], reader: Reader, calibration: Calibration, wanted: int
) -> tuple[tuple[Hit, Reading], ...]:
    """All hits, ranked, each beside its reading; those that were not read on come last, and without a span.

    A reader that does not skim reads all. One that does reads on what promises nearly as much as the best, by what
    `calibration.promise` weighs: at most half of the `wanted`, or `READ_ON` if that is more. How often another passage
    is first when all are read: docs/reader.md.

    Args:
        question: its words.
        hits: in retrieval order.
        reader: reads them.
        calibration: of the reader.
        wanted: how many of the ranked hits will be shown.
    """
    # Asking a protocol takes 30 microseconds: one that leaves the order as it is does not skim.
    if not reader.reranks or not isinstance(reader, Skimmer):
        return rank(question, hits, reader.read(question, hits), calibration, reranks=reader.reranks)
    glances = reader.skim(question, hits)
    seen = [
        with_missing(question, replace(hit, scores=replace(hit.scores, skim=glance.score)))
        for hit, glance in zip(hits, glances, strict=True)
    ]
    order, count = most_promising([hit.scores for hit in seen], calibration, max(READ_ON, wanted // 2))
    chosen = sorted(order[:count])
    readings = reader.read_on(question, [glances[place] for place in chosen])
    ranked = rank(question, [seen[place] for place in chosen], readings, calibration, reranks=reader.reranks)
    left = []
    for number, place in enumerate(order[count:], start=len(ranked) + 1):
        # Below all that were read: no score of a skim compares with a reading's. What it would quote is marked, but is
        # no answer.
        sentence = glances[place].sentence
        hit = replace(seen[place], rank=number, score=ranked[-1][0].score, highlights=(sentence,))
        left.append((hit, Reading(glances[place].score, (), sentence)))
    return (*ranked, *left)


def most_promising(scores: Sequence[Scores], calibration: Calibration, most: int) -> tuple[list[int], int]:
    """The places of the passages in the order of their promise, and how many of them are worth reading on.

    Args:
        scores: of each passage, in retrieval order.
        calibration: without `promise` all are worth it.
        most: how many at most.
    """
    if calibration.promise is None:
        return list(range(len(scores))), len(scores)
    promises = [calibration.promising(one) for one in scores]
    order = sorted(range(len(scores)), key=lambda place: (-promises[place], place))
    least = promises[order[0]] - calibration.margin if order else 0.0
    return order, sum(promises[place] >= least for place in order[:most])
