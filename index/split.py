"""An article cut into passages that follow its paragraphs and sentences."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.passage import Passage
from sources.article import Article, Span
from sources.blocks import Block, blocks

Splitter = Callable[[Article], tuple[Passage, ...]]

# The encoder reads 256 word pieces, about 190 English words; DESIGN section 4 asks for about 120 words a passage.
TARGET_WORDS = 120
MOST_WORDS = 190
# A new section starts a new passage once the current one can stand by itself.
SECTION_WORDS = 40

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Unit:
    """Blocks that must stay together: a heading with what follows it, a lead-in with its first bullets."""

    span: Span
    sentences: tuple[Span, ...]
    words: int
    opens_section: bool = False
    # A unit after boilerplate cannot join the passage before it: the boilerplate would lie inside.
    detached: bool = False


def split(article: Article) -> tuple[Passage, ...]:
    """The passages of an article, in order, none overlapping.

    Whole paragraphs are joined to about 120 words; a longer paragraph is cut between sentences. A heading stays with
    the paragraph after it, a list with its lead-in sentence. Boilerplate is in no passage.
    """
    passages: list[Passage] = []
    current: list[_Unit] = []
    for unit in _units(article):
        if current and not _fits(current, unit):
            passages.append(_joined(article, current))
            current = []
        current.append(unit)
    if current:
        passages.append(_joined(article, current))
    return tuple(passages)


def whole(article: Article) -> tuple[Passage, ...]:
    """The whole article as one passage: for question sets whose corpus is already cut into passages."""
    found = blocks(article.text, article.title)
    sentences = tuple(sentence for block in found for sentence in block.sentences)
    text = article.text
    span = Span(len(text) - len(text.lstrip()), len(text.rstrip()))
    return (Passage.of(article, span, sentences or (span,)),) if text.strip() else ()


def _fits(current: list[_Unit], unit: _Unit) -> bool:
    words = sum(member.words for member in current)
    if unit.detached or (unit.opens_section and words >= SECTION_WORDS):
        return False
    return words + unit.words <= TARGET_WORDS


def _joined(article: Article, units: list[_Unit]) -> Passage:
    sentences = tuple(sentence for unit in units for sentence in unit.sentences)
    return Passage.of(article, Span(units[0].span.start, units[-1].span.end), sentences)


def _units(article: Article) -> Iterator[_Unit]:
    """The article's blocks grouped into what may not be torn apart."""
    found = blocks(article.text, article.title)
    group: list[Block] = []
    detached = False
    produced = False
    for block in found:
        if block.kind == "boilerplate":
            if _answers(group):
                yield from _cut(article.text, group, detached=detached)
                produced = True
            # Headings over boilerplate (a headline over a picture credit) head nothing: their words are the title's.
            group, detached = [], True
        elif _stays(group, block):
            group.append(block)
        else:
            yield from _cut(article.text, group, detached=detached)
            group, detached, produced = [block], False, True
    if _answers(group) or not produced:
        yield from _cut(article.text, group or _headings(found), detached=detached)


def _headings(found: list[Block]) -> list[Block]:
    return [block for block in found if block.kind == "heading"][:1]


def _answers(group: list[Block]) -> bool:
    return any(block.kind != "heading" for block in group)


def _stays(group: list[Block], block: Block) -> bool:
    """Whether `block` belongs with the group before it."""
    if not group or group[-1].kind == "heading":
        return True
    # The paragraph right before a list leads it in, whether or not it ends with a colon.
    return block.kind == "bullet"


def _cut(text: str, group: list[Block], *, detached: bool) -> Iterator[_Unit]:
    """One unit, or several where the group is longer than a passage may be: cut between sentences."""
    pieces: list[tuple[Span, Span | None]] = []
    lead: int | None = None
    for block in group:
        if block.kind == "heading" and _answers(group):
            lead = block.span.start if lead is None else lead
            continue
        for number, sentence in enumerate(block.sentences):
            start = block.span.start if number == 0 else sentence.start
            for part in _parts(text, sentence):
                begin = start if part.start == sentence.start else part.start
                pieces.append((Span(begin if lead is None else lead, part.end), part))
                lead = None
    opens = bool(group) and group[0].kind == "heading"
    unit: list[tuple[Span, Span | None]] = []
    words = 0
    for piece in pieces:
        more = len(_WORD.findall(piece[0].of(text)))
        if unit and words + more > MOST_WORDS:
            yield _unit(unit, words, opens_section=opens, detached=detached)
            unit, words, opens, detached = [], 0, False, False
        unit.append(piece)
        words += more
    if unit:
        yield _unit(unit, words, opens_section=opens, detached=detached)


def _unit(pieces: list[tuple[Span, Span | None]], words: int, *, opens_section: bool, detached: bool) -> _Unit:
    span = Span(pieces[0][0].start, pieces[-1][0].end)
    return _Unit(span, tuple(part for _, part in pieces if part), words, opens_section, detached)


def _parts(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence itself, or runs of at most `MOST_WORDS` words of one that no passage could hold."""
    words = list(_WORD.finditer(text, sentence.start, sentence.end))
    if len(words) <= MOST_WORDS:
        yield sentence
        return
    for start in range(0, len(words), MOST_WORDS):
        run = words[start : start + MOST_WORDS]
        yield Span(run[0].start(), run[-1].end())
