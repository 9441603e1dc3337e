"""Hit: a passage with the reasons it was found."""

from dataclasses import dataclass

from index.passage import Passage
from sources.article import Article, Span


@dataclass(frozen=True, slots=True)
class Scores:
    """What each stage thought of a passage; larger is better; None where the stage did not see it.

    Attributes:
        dense: cosine of question and passage vectors, in [-1, 1].
        lexical: BM25.
        fused: the retrieval score that ordered the passages before reading. Never a threshold: its scale means nothing.
        reader: the reader's score of the passage.
        missing: how many of the question's names and numbers it lacks.
        skim: the score of a reader's skim, which says what is worth reading on.
    """

    dense: float | None = None
    lexical: float | None = None
    fused: float | None = None
    reader: float | None = None
    missing: int | None = None
    skim: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage in a ranking.

    Attributes:
        passage, article: the passage and the article revision its offsets refer to.
        rank: 1 for the best.
        score: the score that this ranking is sorted by, falling; ties by passage key.
        scores: the score of every stage.
        highlights: spans of the article's text to mark, best first, each inside the passage.
    """

    passage: Passage
    article: Article
    rank: int
    score: float
    scores: Scores
    highlights: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The passage's words."""
        return self.passage.span.of(self.article.text)
