"""Which passages are read: all are skimmed, the most promising are read on, the others follow in the skim's order."""

from collections.abc import Sequence
from dataclasses import replace

from qa.decide import Calibration
from qa.hit import Hit
from qa.rank import rank, with_missing
from qa.reader.reader import Reader, Reading, Skimmer
from qa.reader.sentence_reader import sentences_of

# As many as are shown by default.
READ_ON = 5


def read_promising(
    question: str, hits: Sequence[Hit], reader: Reader, calibration: Calibration, wanted: int
) -> tuple[tuple[Hit, Reading], ...]:
    """All hits, ranked, each beside its reading; those that were not read on come last, and without a span.

    A reader that does not skim reads all. One that does reads on half of the `wanted`, and `READ_ON` at least: those
    with the most of what `calibration.promise` weighs. How often another passage is first when all are read:
    docs/reader.md.

    Args:
        question: its words.
        hits: in retrieval order.
        reader: reads them.
        calibration: of the reader.
        wanted: how many of the ranked hits will be shown.
    """
    if not isinstance(reader, Skimmer):
        return rank(question, hits, reader.read(question, hits), calibration, reranks=reader.reranks)
    glances = reader.skim(question, hits)
    seen = [
        with_missing(question, replace(hit, scores=replace(hit.scores, skim=glance.score)))
        for hit, glance in zip(hits, glances, strict=True)
    ]
    order = sorted(range(len(seen)), key=lambda place: (-calibration.promising(seen[place].scores), seen[place].rank))
    count = len(seen) if calibration.promise is None else max(READ_ON, wanted // 2)
    chosen = sorted(order[:count])
    readings = reader.read_on(question, [glances[place] for place in chosen])
    ranked = rank(question, [seen[place] for place in chosen], readings, calibration, reranks=reader.reranks)
    left = [
        (
            # Below all that were read: no score of a skim compares with a reading's.
            replace(seen[place], rank=number, score=ranked[-1][0].score),
            Reading(glances[place].score, (), sentences_of(seen[place])[0]),
        )
        for number, place in enumerate(order[count:], start=len(ranked) + 1)
    ]
    return (*ranked, *left)
