"""Spans people like: the whole date, the amount with its unit, the full name with its title, the sentence for a why.

A span only ever grows, over the article's own text, and never out of the sentences it is in.
"""

import re
import unicodedata

from index.passage import Passage
from qa.asks import Asks, asked
from qa.days import DATE
from qa.names import NAME
from qa.quantities import AMOUNT
from sources.article import Span

# Words that begin sentences with a capital and are no part of a name.
_NO_NAME = frozenset(
    "The A An In On At By For From After Before When While As It He She They We His Her Their Our This That These "
    "Those However But And Or Since During Under Meanwhile Last Now Then There Both Some Many All Former "
    "Inspectors Ministers Officials January February March April June July August September October November "
    "December Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)
_FIRST_WORD = re.compile(r"([\w’'-]+)\s*")
_POSSESSIVES = ("'s", "’s")


def widened(question: str, text: str, span: Span, passage: Passage) -> Span:
    """The span grown to what a person would quote.

    Args:
        question: decides what kind of expression is wanted.
        text: the article's text.
        span: a non-empty span inside the passage.
        passage: gives the sentence around the span, which is never left.
    """
    sentence = _sentence(passage, span)
    asks = asked(question)
    if asks in (Asks.WHY, Asks.LIST):
        return sentence
    span = _whole_words(text, span, sentence)
    if asks is Asks.WHEN:
        return _grown(text, span, sentence, DATE)
    if asks is Asks.AMOUNT:
        return _grown(text, span, sentence, AMOUNT)
    if asks is Asks.WHO:
        return _name(text, span, sentence)
    return span


def _sentence(passage: Passage, span: Span) -> Span:
    """The run of the passage's sentences that the span touches, at least the span."""
    touched = [found for found in passage.sentences if found.start < span.end and span.start < found.end]
    if not touched:
        return span
    return Span(min(span.start, touched[0].start), max(span.end, touched[-1].end))


def _whole_words(text: str, span: Span, sentence: Span) -> Span:
    """Word pieces may begin or end inside a word or a number; a quote may not."""
    start, end = span.start, span.end
    while start > sentence.start and _joined(text, start):
        start -= 1
    while end < sentence.end and _joined(text, end):
        end += 1
    # A currency sign before, a percent sign after, belong to their number.
    if start > sentence.start and text[start].isdigit() and text[start - 1] in "£$€":
        start -= 1
    if end < sentence.end and text[end - 1].isdigit() and text[end] == "%":
        end += 1
    return Span(start, end)


def _joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of a place are of one word or one number ("532,000", "3.5")."""
    before, after = text[place - 1], text[place]
    if unicodedata.combining(after):
        return True
    if before.isdigit() and after in ".,":
        return text[place + 1 : place + 2].isdigit()
    if before in ".," and after.isdigit():
        return text[place - 2 : place - 1].isdigit()
    return (before.isalnum() or unicodedata.combining(before) > 0) and after.isalnum()


def _grown(text: str, span: Span, sentence: Span, expression: re.Pattern[str]) -> Span:
    """The span joined with the expressions it overlaps."""
    start, end = span.start, span.end
    for found in expression.finditer(text, sentence.start, sentence.end):
        if found.start() < span.end and span.start < found.end():
            start, end = min(start, found.start()), max(end, found.end())
    return Span(start, end)


def _name(text: str, span: Span, sentence: Span) -> Span:
    """The span joined with the names that it lies in, titles included, without a sentence's capitalised first word."""
    start, end = span.start, span.end
    for found in NAME.finditer(text, sentence.start, sentence.end):
        begin, close = found.span()
        while begin < close and (first := _FIRST_WORD.match(text, begin, close)) and first[1] in _NO_NAME:
            begin = first.end()
        if close > span.end and text[begin:close].endswith(_POSSESSIVES):
            close = max(span.end, close - 2)
        if begin < span.end and span.start < close:
            start, end = min(start, begin), max(end, close)
    return Span(start, end)
