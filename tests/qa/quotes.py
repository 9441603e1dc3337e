"""Answers made by hand: a sentence with the quote in brackets is all that a test has to write."""

from datetime import date

from index.passage import Passage
from qa.answer import Answer
from qa.hit import Scores
from sources.article import Span
from tests.fakes import article


def answer(
    name: str,
    marked: str,
    confidence: float = 0.9,
    *,
    published: date | None = None,
    around: tuple[str, str] = ("", ""),
) -> Answer:
    """The answer in `marked`, one sentence such as "It rose by [£3]."

    Args:
        name: of the article.
        marked: the sentence, its quote in brackets.
        confidence: in [0, 1].
        published: the article's day.
        around: sentences before and after, of the same passage.
    """
    before, _, rest = marked.partition("[")
    quote, _, after = rest.partition("]")
    first, last = (around[0] + " " if around[0] else ""), (" " + around[1] if around[1] else "")
    text = first + before + quote + after + last
    sentence = Span(len(first), len(text) - len(last))
    found = article(name, text, published_at=published)
    passage = Passage.of(found, Span(0, len(text)), (sentence,))
    start = len(first) + len(before)
    return Answer(found, start, start + len(quote), sentence, passage, confidence, Scores())
