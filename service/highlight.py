"""Cutting text at marked ranges, by code point offsets only: text is never searched, markup never built here."""

from collections.abc import Iterable
from dataclasses import dataclass

from sources.article import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is wholly marked or wholly not.

    Attributes:
        text: the characters.
        start: where they begin in the article's text.
        marked: whether a mark covers them.
    """

    text: str
    start: int
    marked: bool


def cut(text: str, window: Span, marks: Iterable[Span]) -> list[Piece]:
    """The pieces of `text[window]`, in order; joined they are exactly that text.

    Marks may overlap, touch or reach outside the window; touching marks become one piece.

    >>> [piece.text for piece in cut("appointed in May 2024.", Span(0, 22), [Span(13, 21)])]
    ['appointed in ', 'May 2024', '.']

    Raises:
        ValueError: the window ends after the text.
    """
    if window.end > len(text):
        raise ValueError(f"window {window} ends after the text ({len(text)} characters)")
    pieces: list[Piece] = []
    position = window.start
    for mark in _merged(marks, window):
        if position < mark.start:
            pieces.append(Piece(text[position : mark.start], position, marked=False))
        pieces.append(Piece(mark.of(text), mark.start, marked=True))
        position = mark.end
    if position < window.end:
        pieces.append(Piece(text[position : window.end], position, marked=False))
    return pieces


def lines(text: str, window: Span) -> list[Span]:
    """The lines of `text[window]` that have something in them, without their line breaks and outer white space."""
    spans: list[Span] = []
    start = window.start
    for line in window.of(text).split("\n"):
        inner = line.strip()
        if inner:
            left = start + len(line) - len(line.lstrip())
            spans.append(Span(left, left + len(inner)))
        start += len(line) + 1
    return spans


def _merged(marks: Iterable[Span], window: Span) -> list[Span]:
    merged: list[Span] = []
    for mark in sorted(marks):
        clipped_start, clipped_end = max(mark.start, window.start), min(mark.end, window.end)
        if clipped_start >= clipped_end:
            continue
        if merged and clipped_start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, clipped_end))
        else:
            merged.append(Span(clipped_start, clipped_end))
    return merged
