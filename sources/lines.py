"""Lines of a text and the layout they show: which line ends only because the page was narrow."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from sources.article import Span

_NARROWEST, _WIDEST = 40, 100
_ENOUGH_FULL_LINES = 3
_SHARE_OF_FULL_LINES = 0.4
_LINE = re.compile(r"[^\n]+")
MARKER = re.compile(r"(?:[•▪●‣◦·∙*–-]|\d{1,2}[.)]|\(?(?:[a-z]|[ivx]{1,4})\))(?=\s)\s+|[•▪●‣◦]")
"""What opens a bullet: a dot, a dash, a number or a letter with its bracket."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its outer white space, `text` as long as `span`; `opens`: a blank line stands before it."""

    span: Span
    text: str
    opens: bool


def lines(text: str) -> list[Line]:
    """The lines of `text` that are not blank, in order."""
    found: list[Line] = []
    previous_end = -2
    for match in _LINE.finditer(text):
        raw = match.group()
        stripped = raw.strip()
        if stripped:
            start = match.start() + len(raw) - len(raw.lstrip())
            found.append(Line(Span(start, start + len(stripped)), stripped, match.start() != previous_end + 1))
            previous_end = match.end()
    return found


def paragraph_lines(text: str, found: list[Line]) -> list[Line]:
    """The same lines of `text`, those broken only by a page's width joined into one.

    A text is taken as hard-wrapped if no line is longer than 100 characters and many lines could not have held the
    next line's first word; only such full lines, and lines that go on in lower case, are joined. In any other text
    without a single blank line, each line opens a paragraph.
    """
    width = max((len(line.text) for line in found), default=0)
    pairs = [(one, two) for one, two in pairwise(found) if not two.opens]
    full = sum(_is_full(one, two, width) for one, two in pairs)
    if not (_NARROWEST <= width <= _WIDEST and full >= max(_ENOUGH_FULL_LINES, _SHARE_OF_FULL_LINES * len(pairs))):
        return found if any(line.opens for line in found[1:]) else [replace(line, opens=True) for line in found]
    result = found[:1]
    for last, line in pairwise(found):
        if line.opens or MARKER.match(line.text) or not (_is_full(last, line, width) or line.text[0].islower()):
            result.append(line)
        else:
            span = Span(result[-1].span.start, line.span.end)
            result[-1] = Line(span, span.of(text).replace("\n", " "), result[-1].opens)
    return result


def _is_full(line: Line, following: Line, width: int) -> bool:
    """Whether `following`'s first word would not have fitted on `line` in a page of `width` characters."""
    return len(line.text) + 1 + len(following.text.split(None, 1)[0]) > width
