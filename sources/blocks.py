"""Blocks: the headings, paragraphs, bullets and boilerplate of an article's text, each with its sentences."""

import re
from dataclasses import dataclass
from typing import Literal

from sources.article import Span
from sources.boilerplate import caption_mark, credit_tail, is_boilerplate, is_contact
from sources.lines import MARKER, Line, lines, paragraph_lines
from sources.sentences import sentence_spans

Kind = Literal["heading", "paragraph", "bullet", "boilerplate"]

_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(?=\S)")
_LONGEST_HEADING = 90
_MOST_HEADING_WORDS = 12
_SENTENCE_END = re.compile(r"[.!;:,…][\"'”’)\]]*$")
_STOP = re.compile(r"[.!?…][\"'”’)\]]*$")
_RULE = re.compile(r"(?:=+|-{3,}|\*{3,}|_{3,})")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of an article's layout.

    Attributes:
        kind: what it is; boilerplate never answers, a heading names what follows it.
        span: code points into the article's text, without outer white space, a bullet's or heading's mark included.
        sentences: spans in order inside `span`, without the mark; empty for boilerplate.
    """

    kind: Kind
    span: Span
    sentences: tuple[Span, ...]


def blocks(text: str, title: str) -> list[Block]:
    """The blocks of `text` in order; together they hold every character that is not white space.

    A blank line always ends a block. A single newline does too, unless the text is hard-wrapped (`sources.lines`).
    """
    found = paragraph_lines(text, lines(text))
    footer = _footer_lines(found)
    result: list[Block] = []
    for at, line in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        before = found[at - 1].text if at else ""
        captions = 0 < caption_mark(before) == len(before)
        result.extend(_line_blocks(text, title, line, following, captions=captions, footer=at in footer))
    return result


def _line_blocks(
    text: str, title: str, line: Line, following: Line | None, *, captions: bool, footer: bool
) -> list[Block]:
    marker = _MARKDOWN_HEADING.match(line.text)
    if marker is not None:
        return [_block("heading", text, line.span, marker.end())]
    if _same_words(line.text, title):
        return [_block("heading", text, line.span)]
    marker = MARKER.match(line.text)
    label = caption_mark(line.text)
    begin = marker.end() if marker else label
    keep = credit_tail(line.text)
    if footer or keep <= begin or is_boilerplate(line.text[begin:]) or _RULE.fullmatch(line.text):
        return [Block("boilerplate", line.span, ())]
    if marker:
        kind: Kind = "bullet"
    else:
        kind = "heading" if not (captions or label) and _is_heading(line, following) else "paragraph"
    if keep == len(line.text):
        return [_block(kind, text, line.span, begin)]
    return [*_without_tail(text, line, begin, keep)]


def _block(kind: Kind, text: str, span: Span, mark: int = 0) -> Block:
    return Block(kind, span, tuple(sentence_spans(text, span.start + mark, span.end)))


def _without_tail(text: str, line: Line, begin: int, keep: int) -> tuple[Block, Block]:
    """A line whose last part, from `keep`, is a picture credit: what stands before it, and the credit."""
    cut = line.span.start + keep
    tail = Span(cut + len(line.text[keep:]) - len(line.text[keep:].lstrip()), line.span.end)
    kind: Kind = "bullet" if MARKER.match(line.text) else "paragraph"
    return _block(kind, text, Span(line.span.start, cut), begin), Block("boilerplate", tail, ())


def _is_heading(line: Line, following: Line | None) -> bool:
    """Whether a line is short, is no sentence and stands over other text."""
    words = line.text.split()
    return (
        following is not None
        and following.opens
        and line.opens
        and len(line.text) <= _LONGEST_HEADING
        and len(words) <= _MOST_HEADING_WORDS
        and not line.text[0].islower()
        and _SENTENCE_END.search(line.text) is None
        and not is_boilerplate(following.text)
    )


def _same_words(line: str, title: str) -> bool:
    return line.split() == title.split()


def _footer_lines(found: list[Line]) -> frozenset[int]:
    """Lines that stand, with no blank line between, beside contact details, if none of them ends as a sentence."""
    footer: set[int] = set()
    chunk: list[int] = []
    for at, line in enumerate(found):
        if line.opens:
            chunk = []
        chunk.append(at)
        last = at + 1 == len(found) or found[at + 1].opens
        if last and any(is_contact(found[i].text) for i in chunk):
            is_prose = any(_STOP.search(found[i].text) for i in chunk)
            footer.update(i for i in chunk if not is_prose)
    return frozenset(footer)
