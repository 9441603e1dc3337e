"""The seam of the reader: question and passages in, marked spans and scores out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

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
