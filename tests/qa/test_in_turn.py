"""Which passages are read, and that what is shown is what reading all of them would show, or says why not."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from index.split import whole
from qa.decide import Calibration, Weights
from qa.hit import Hit, Scores
from qa.in_turn import FIRST, read_in_turn
from qa.reader.reader import Reading
from tests.fakes import article

SURE = Calibration(Weights(dense=0.0, reader=1.0), bias=0.0, threshold=0.5, settled=4.0)
LATE = FIRST + 3


@dataclass
class Scored:
    """A reader that gives the passage at each place a set score, and notes how many it was given."""

    scores: Sequence[float]
    reranks: bool = True
    name: str = "scored"
    read_at_once: list[int] = field(default_factory=list)

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        self.read_at_once.append(len(hits))
        return tuple(Reading(self.scores[hit.rank - 1], (hit.passage.span,), hit.passage.span) for hit in hits)


def hits(count: int) -> list[Hit]:
    made = [article(f"a{place:02}", f"About {place}.") for place in range(1, count + 1)]
    return [Hit(whole(one)[0], one, place, -place, Scores()) for place, one in enumerate(made, start=1)]


def shown(reader: Scored, calibration: Calibration = SURE, wanted: int = FIRST, count: int = 10) -> list[str]:
    ranked = read_in_turn("who?", hits(count), reader, calibration, wanted)
    assert [hit.rank for hit, _ in ranked] == list(range(1, len(ranked) + 1))
    return [hit.article.name for hit, _ in ranked]


def test_a_sure_answer_among_the_first_spares_the_rest() -> None:
    reader = Scored([0, 1, 4, 2, 3, 0, 0, 9, 0, 0])
    assert shown(reader) == ["a03", "a05", "a04", "a02", "a01"]
    assert reader.read_at_once == [FIRST]


def test_without_one_all_are_read_and_ranked_together() -> None:
    reader = Scored([0, 1, 3.9, 2, 3, 0, 0, 9, 0, 0])
    assert shown(reader)[:3] == [f"a{LATE:02}", "a03", "a05"]
    assert reader.read_at_once == [FIRST, 10 - FIRST]


@pytest.mark.parametrize("change", [{"wanted": FIRST + 1}, {"calibration": replace(SURE, settled=float("inf"))}])
def test_all_are_read_at_once_where_more_are_wanted_or_nothing_settles(change: dict[str, object]) -> None:
    reader = Scored([9] + [0] * 9)
    assert len(shown(reader, **change)) == 10  # type: ignore[arg-type]
    assert reader.read_at_once == [10]


def test_a_reader_that_does_not_rerank_reads_all_and_leaves_the_order() -> None:
    reader = Scored([0, 9] + [0] * 8, reranks=False)
    assert shown(reader)[:2] == ["a01", "a02"]
    assert reader.read_at_once == [10]


@pytest.mark.parametrize("count", [0, 1, FIRST])
def test_few_passages_are_all_there_is(count: int) -> None:
    reader = Scored([0] * 10)
    assert len(shown(reader, count=count)) == count
    assert reader.read_at_once == [count]
