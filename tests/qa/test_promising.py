"""Which passages are read on, and that the others follow."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from index.split import whole
from qa.decide import Calibration, Weights
from qa.hit import Hit, Scores
from qa.promising import READ_ON, read_promising
from qa.reader.reader import Reading
from sources.article import Span
from tests.fakes import article

ALL = Calibration(Weights(dense=0.0, reader=1.0), bias=0.0, threshold=0.5)
SKIMS = replace(ALL, promise=Weights(dense=0.0, reader=1.0))


@dataclass
class Plain:
    """A reader that gives the passage at each place a set score."""

    scores: Sequence[float]
    reranks: bool = True
    name: str = "plain"

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        return tuple(Reading(self.scores[hit.rank - 1], (hit.passage.span,), hit.passage.span) for hit in hits)


@dataclass(frozen=True)
class Seen:
    hit: Hit
    score: float

    @property
    def sentence(self) -> Span:
        return Span(self.hit.passage.start, self.hit.passage.start + 5)


@dataclass
class Skimming(Plain):
    """The same after a skim with scores of its own; notes which places it read on."""

    skimmed: Sequence[float] = (0.0,) * 10
    read_on_places: list[int] = field(default_factory=list)

    def skim(self, question: str, hits: Sequence[Hit]) -> tuple[Seen, ...]:
        return tuple(Seen(hit, self.skimmed[hit.rank - 1]) for hit in hits)

    def read_on(self, question: str, glances: Sequence[Seen]) -> tuple[Reading, ...]:
        self.read_on_places += [glance.hit.rank for glance in glances]
        return self.read(question, [glance.hit for glance in glances])


def hits(count: int) -> list[Hit]:
    made = [article(f"a{place:02}", f"About {place}.") for place in range(1, count + 1)]
    return [Hit(whole(one)[0], one, place, -place, Scores()) for place, one in enumerate(made, start=1)]


def shown(reader: Plain, calibration: Calibration = SKIMS, wanted: int = READ_ON, count: int = 10) -> list[str]:
    ranked = read_promising("who?", hits(count), reader, calibration, wanted)
    assert [hit.rank for hit, _ in ranked] == list(range(1, len(ranked) + 1))
    assert sorted((hit.score for hit, _ in ranked), reverse=True) == [hit.score for hit, _ in ranked]
    return [hit.article.name for hit, _ in ranked]


def test_the_most_promising_are_read_on_and_the_others_follow_in_the_order_of_the_skim() -> None:
    reader = Skimming([0, 1, 2, 3, 4, 9, 9, 9, 9, 8], skimmed=[9, 8, 7, 6, 1, 5, 2, 3, 4, 10])
    assert shown(reader) == ["a10", "a04", "a03", "a02", "a01", "a06", "a09", "a08", "a07", "a05"]
    assert reader.read_on_places == [1, 2, 3, 4, 10]


def test_what_was_not_read_on_has_no_score_and_no_span_but_a_sentence_marked() -> None:
    ranked = read_promising("who?", hits(10), Skimming([1] * 10), SKIMS, READ_ON)
    for hit, reading in ranked[READ_ON:]:
        assert (hit.scores.reader, hit.scores.skim, reading.spans) == (None, 0, ())
        assert hit.highlights == (reading.sentence,)


def test_what_promises_much_less_than_the_best_is_not_read_on() -> None:
    reader = Skimming([1] * 10, skimmed=[0, 7, 3, 6, 2, 4, 9, 4, 3.9, 1])
    assert shown(reader, replace(SKIMS, margin=5.0))[:4] == ["a02", "a04", "a06", "a07"]
    assert reader.read_on_places == [2, 4, 6, 7, 8]
    few = Skimming([1] * 3, skimmed=[0, 9, 5])
    shown(few, replace(SKIMS, margin=2.0), count=3)
    assert few.read_on_places == [2]


def test_equal_promises_leave_the_order_of_retrieval() -> None:
    reader = Skimming([1] * 10)
    assert shown(reader) == [f"a{place:02}" for place in range(1, 11)]
    assert reader.read_on_places == list(range(1, READ_ON + 1))


def test_whoever_wants_many_gets_half_of_them_read() -> None:
    reader = Skimming([1] * 40, skimmed=[0] * 40)
    shown(reader, wanted=30, count=40)
    assert len(reader.read_on_places) == 15


@pytest.mark.parametrize("count", [0, 1, READ_ON])
def test_few_passages_are_all_read(count: int) -> None:
    reader = Skimming([0] * 10)
    assert len(shown(reader, count=count)) == count
    assert len(reader.read_on_places) == count


def test_all_are_read_on_where_the_calibration_does_not_say_what_promises() -> None:
    reader = Skimming([1] * 9 + [2])
    assert shown(reader, ALL)[0] == "a10"
    assert len(reader.read_on_places) == 10


def test_a_reader_that_does_not_skim_reads_all() -> None:
    assert shown(Plain([0] * 9 + [9]))[0] == "a10"
    assert shown(Plain([0, 9] + [0] * 8, reranks=False))[:2] == ["a01", "a02"]
