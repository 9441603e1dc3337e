"""Answer, NoAnswer and Result: what comes back for a question."""

from dataclasses import dataclass, field

from index.passage import Passage
from qa.hit import Hit, Scores
from qa.question import Question
from sources.article import Article, Span


@dataclass(frozen=True, slots=True)
class Answer:
    """A quote that answers, with its place: `article.text[start:end] == quote` always holds.

    Attributes:
        article: the article revision quoted.
        start, end: half-open code points into `article.text`.
        sentence: the sentence (or sentences) around the quote.
        passage: the passage it was found in.
        confidence: calibrated probability that this answers, in [0, 1].
        scores: the scores of its passage.
        agrees_with: the same answer in other places, best first.
        conflicts_with: other answers to the same question.
        duplicates: the same statement in near-identical passages (syndicated copy).
    """

    article: Article
    start: int
    end: int
    sentence: Span
    passage: Passage
    confidence: float
    scores: Scores
    agrees_with: tuple["Answer", ...] = ()
    conflicts_with: tuple["Answer", ...] = ()
    duplicates: tuple["Answer", ...] = ()

    @property
    def quote(self) -> str:
        """The article's own words."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The articles do not answer, as far as can be told.

    Attributes:
        reason: one sentence for the user.
        confidence: calibrated probability that the best passage answers, in [0, 1]; below the threshold.
        threshold: what would have been enough.
        nearest: the passages that came closest, best first.
    """

    reason: str
    confidence: float
    threshold: float
    nearest: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything one question gave, from one generation of the index.

    Attributes:
        question: as asked, checked.
        outcome: the answers, best first and never empty, or why there is none.
        hits: the passages, best first, with highlights.
        generation: the index generation that all of it was read from.
        models: stage -> model name, e.g. `{"encoder": ..., "reader": ...}`.
        timing_ms: stage -> milliseconds; `total` covers them all.
        warnings: what the user should know (articles without a date left out by a filter...).
    """

    question: Question
    outcome: tuple[Answer, ...] | NoAnswer
    hits: tuple[Hit, ...]
    generation: int
    models: dict[str, str]
    timing_ms: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles answer."""
        return not isinstance(self.outcome, NoAnswer)
