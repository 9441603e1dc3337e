"""Deep links to the original page: `url#:~:text=[prefix-,]start[,end][,-suffix]`.

Syntax and matching: https://wicg.github.io/scroll-to-text-fragment/. A browser matches whole words without regard to
case; each of the four parts lies in one block of the page, prefix and suffix may lie in the neighbouring one. A block
is a line of the article's text here.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from sources.article import Span

EXACT_CHARACTERS = 120
"""Longer quotes, and those over several blocks, name only their first and last words: a link stays short."""
EDGE_WORDS = 5
CONTEXT_WORDS = 12
"""So many words before and after are tried before giving up on a unique match."""

_WORD = re.compile(r"[^\s]+")
_JOINERS = ".,:'’·"
"""Between letters or digits these do not end a word (Unicode TR29: MidNum, MidLetter, MidNumLet)."""


@dataclass(frozen=True, slots=True)
class TextDirective:
    """The parts of one text directive, not yet encoded; an empty part is left out."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def encoded(self) -> str:
        """The directive as it stands in a URL, after `:~:`.

        >>> TextDirective("a, b", suffix="well-known").encoded()
        'text=a%2C%20b,-well%2Dknown'
        """
        parts = [_encoded(self.prefix) + "-"] if self.prefix else []
        parts.append(_encoded(self.start))
        parts += [_encoded(self.end)] if self.end else []
        parts += ["-" + _encoded(self.suffix)] if self.suffix else []
        return "text=" + ",".join(parts)

    def first_match(self, text: str) -> Span | None:
        """Where a browser would land in a page with this text, or None."""
        between = rf"(?:(?s:.)*?){_pattern(self.end)}" if self.end else ""
        before = rf"{_pattern(self.prefix)}\s*" if self.prefix else ""
        after = rf"(?=\s*{_pattern(self.suffix)})" if self.suffix else ""
        found = re.search(rf"{before}({_pattern(self.start)}{between}){after}", text, re.IGNORECASE)
        return Span(*found.span(1)) if found else None


def deep_link(url: str | None, text: str, span: Span) -> str | None:
    """The link to `span` on the page at `url`; None unless the URL is http or https.

    Where no context makes the words unique in `text`, the link leads to their first occurrence.
    """
    if url is None or not is_web_url(url):
        return None
    directive = text_directive(text, span)
    if directive is None:
        return url
    page, hash_sign, fragment = url.partition("#")
    element = fragment.split(":~:")[0]
    return f"{page}{hash_sign or '#'}{element}:~:{directive.encoded()}"


def is_web_url(url: str) -> bool:
    """Whether a browser may be sent there: http or https with a host, nothing else (`javascript:`, `file:`)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def text_directive(text: str, span: Span) -> TextDirective | None:
    """The shortest directive tried that a browser resolves to `span` in `text`; None for a span without a word."""
    span = _whole_words(text, span)
    words = [Span(found.start(), found.end()) for found in _WORD.finditer(text, span.start, span.end)]
    if not words:
        return None
    inner = span.of(text)
    if "\n" not in inner and len(inner) <= EXACT_CHARACTERS:
        plain = TextDirective(start=" ".join(inner.split()))
        if _occurs_once(inner, text):
            return plain
    else:
        plain = TextDirective(
            start=_edge(text, words[:EDGE_WORDS], first=True),
            end=_edge(text, words[-EDGE_WORDS:], first=False),
        )
    for size in range(CONTEXT_WORDS + 1):
        prefix, suffix = _before(text, span.start, size), _after(text, span.end, size)
        for candidate in (
            TextDirective(plain.start, plain.end, suffix=suffix),
            TextDirective(plain.start, plain.end, prefix=prefix),
            TextDirective(plain.start, plain.end, prefix, suffix),
        ):
            if candidate.first_match(text) == span:
                return candidate
    return plain


def _encoded(part: str) -> str:
    return quote(part, safe="").replace("-", "%2D")


def _pattern(part: str) -> str:
    """Whole words, any white space but a line break between them."""
    spaced = r"[^\S\n]+".join(re.escape(word) for word in part.split())
    return rf"(?<!\w){spaced}(?!\w)" if part[:1].isalnum() and part[-1:].isalnum() else spaced


def _occurs_once(inner: str, text: str) -> bool:
    """Cheaper than the pattern, and never true when it would match twice."""
    return " ".join(text.lower().split()).count(" ".join(inner.lower().split())) == 1


def _whole_words(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and start > 0 and _inside_word(text, start):
        start -= 1
    while start < end < len(text) and _inside_word(text, end):
        end += 1
    return Span(start, end)


def _inside_word(text: str, position: int) -> bool:
    """Whether a cut before `position` would part a word that a browser takes as one."""
    left, right = text[position - 1], text[position]
    if _wordy(left) and _wordy(right):
        return True
    if left in _JOINERS and _wordy(right):
        return position >= 2 and _wordy(text[position - 2])
    if right in _JOINERS and _wordy(left):
        return position + 1 < len(text) and _wordy(text[position + 1])
    return False


def _wordy(character: str) -> bool:
    return character.isalnum() or character == "_"


def _edge(text: str, words: list[Span], *, first: bool) -> str:
    """The words of the block at the quote's outer side; a part never crosses a block boundary."""
    parts = text[words[0].start : words[-1].end].split("\n")
    return " ".join((parts[0] if first else parts[-1]).split())


def _before(text: str, start: int, size: int) -> str:
    """Up to `size` whole words of the nearest line before `start` that has any."""
    line = text[:start].rstrip().rpartition("\n")[2]
    return _context(line.split()[-size:] if size else [])


def _after(text: str, end: int, size: int) -> str:
    line = text[end:].lstrip().partition("\n")[0]
    return _context(line.split()[:size])


def _context(words: list[str]) -> str:
    """Nothing where there is no letter or digit: a lone full stop is no context to rely on."""
    return " ".join(words) if any(map(str.isalnum, "".join(words))) else ""
