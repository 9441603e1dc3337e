"""The proof of every quote: is it, character for character, what the source says at that place?"""

from collections.abc import Iterator, Mapping

from qa.answer import Answer, NoAnswer, Result
from sources.article import Article, Span


def inexact_quotes(result: Result, texts: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
    """How many spans of text a result holds, and descriptions of those that fail.

    A span passes when it is not empty, lies inside its passage and inside the article, and gives the same characters
    from the source as from the pipeline's copy.

    Args:
        result: what the pipeline returned.
        texts: article id -> the text as read from the source, not from the index.
    """
    count = 0
    failed = []
    for what, article, span, passage, quote in _spans(result):
        count += 1
        text = texts.get(article.id)
        reason = ""
        if text is None:
            reason = "its article is not among the sources"
        elif not 0 <= span.start < span.end <= len(text):
            reason = f"is empty or outside the text of {len(text)} characters"
        elif not passage.contains(span):
            reason = f"is outside its passage [{passage.start}, {passage.end})"
        elif span.of(text) != quote:
            reason = f"{quote[:40]!r} is not what the source says: {span.of(text)[:40]!r}"
        if reason:
            failed.append(f"{what} {article.name}[{span.start}:{span.end}] {reason}")
    return count, tuple(failed)


def _spans(result: Result) -> Iterator[tuple[str, Article, Span, Span, str]]:
    """What it is, the article, the span, its passage, and the words as they leave the pipeline."""
    nearest = result.outcome.nearest if isinstance(result.outcome, NoAnswer) else ()
    for hit in (*result.hits, *nearest):
        yield "passage", hit.article, hit.passage.span, hit.passage.span, hit.text
        for span in hit.highlights:
            yield "highlight", hit.article, span, hit.passage.span, span.of(hit.article.text)
    for answer in () if isinstance(result.outcome, NoAnswer) else result.outcome:
        yield from _answer_spans(answer)


def _answer_spans(answer: Answer) -> Iterator[tuple[str, Article, Span, Span, str]]:
    passage = answer.passage.span
    yield "quote", answer.article, Span(answer.start, answer.end), passage, answer.quote
    yield "sentence", answer.article, answer.sentence, passage, answer.sentence.of(answer.article.text)
    for other in (*answer.agrees_with, *answer.conflicts_with, *answer.duplicates):
        yield from _answer_spans(other)
