"""Reading in turn: the first passages, and the others only where these do not settle the question."""

from collections.abc import Sequence

from qa.decide import Calibration
from qa.hit import Hit
from qa.rank import rank
from qa.reader.reader import Reader, Reading

# As many as are shown by default: whoever asks for more gets all of them read.
FIRST = 5


def read_in_turn(
    question: str, hits: Sequence[Hit], reader: Reader, calibration: Calibration, wanted: int
) -> tuple[tuple[Hit, Reading], ...]:
    """The hits that were read, ranked, each beside its reading.

    These are the first `FIRST` alone where the best of them is as surely an answer as `calibration.settled` says and
    no more are `wanted`. How often that leaves another passage on top than reading all: docs/reader.md.

    Args:
        question: its words.
        hits: in retrieval order.
        reader: reads them.
        calibration: of the reader.
        wanted: how many of the ranked hits will be shown.
    """
    if not reader.reranks or wanted > FIRST or calibration.settled == float("inf"):
        return rank(question, hits, reader.read(question, hits), calibration, reranks=reader.reranks)
    first = reader.read(question, hits[:FIRST])
    ranked = rank(question, hits[:FIRST], first, calibration, reranks=True)
    if len(hits) <= FIRST or calibration.logit(ranked[0][0].scores) >= calibration.settled:
        return ranked
    return rank(question, hits, (*first, *reader.read(question, hits[FIRST:])), calibration, reranks=True)
