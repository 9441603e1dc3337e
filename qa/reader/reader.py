"""The seam of the reader: question and passages in, marked spans and scores out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from qa.hit import Hit
from sources.article import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one passage.

    Attributes:
        score: larger when the passage is more likely to answer; comparable across the passages of one question.
        spans: spans of the article's text that answer, best first, inside the passage; empty when none was found.
        sentence: the sentence of the best span, or the most similar one when there is none.
    """

    score: float
    spans: tuple[Span, ...]
    sentence: Span


class Reader(Protocol):
    """Finds the exact words that answer."""

    @property
    def name(self) -> str:
        """For the response's `models`."""
        ...

    @property
    def reranks(self) -> bool:
        """Whether its scores should reorder the passages."""
        ...

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        """One reading per hit, in the order given."""
        ...


@runtime_checkable
class Skimmer(Reader, Protocol):
    """A reader that first skims passages, for a part of the time, and can leave it at that."""

    def skim(self, question: str, hits: Sequence[Hit]) -> "Sequence[Glance]":
        """One glance per hit, in the order given."""
        ...

    def read_on(self, question: str, glances: Sequence[Any]) -> tuple[Reading, ...]:
        """One reading per glance, each one that `skim` gave for this question."""
        ...


class Glance(Protocol):
    """What a skim found in one passage."""

    @property
    def score(self) -> float:
        """Larger when the passage is more likely to answer; comparable across the passages of one question."""
        ...

    @property
    def sentence(self) -> Span:
        """The sentence of the passage that is most likely to answer."""
        ...
