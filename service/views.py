"""What the templates show: quotes cut into pieces, with their sources and links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.answer import Answer, NoAnswer, Result
from qa.hit import Hit
from service.deep_link import deep_link
from service.highlight import Piece, cut, lines
from service.wire import local_link
from sources.article import Article, Span
from sources.blocks import blocks


@dataclass(frozen=True, slots=True)
class Card:
    """A quote in its surroundings.

    Attributes:
        rank: place in the list, from 1.
        before, after: the rest of the paragraph, shown quietly.
        sentence: the pieces of the sentence, the quote marked.
        passage: the whole passage, line by line, where it is more than that; or for a passage that is no answer.
        title, publisher, author, published_at: of the article.
        original: link to the words on the publisher's page, None without a web address.
        stored: link to the words in the stored article.
        confidence: in [0, 1], None for a passage that is no answer.
        agrees, conflicts, duplicates: the same, another, or a repeated answer elsewhere.
    """

    rank: int
    before: str
    sentence: tuple[Piece, ...]
    after: str
    passage: tuple[tuple[Piece, ...], ...]
    title: str
    publisher: str | None
    author: str | None
    published_at: date | None
    original: str | None
    stored: str
    confidence: float | None = None
    agrees: tuple["Card", ...] = ()
    conflicts: tuple["Card", ...] = ()
    duplicates: tuple["Card", ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question's page: answers, or the reason for none; then the other passages."""

    answers: tuple[Card, ...]
    reason: str | None
    passages: tuple[Card, ...]
    warnings: tuple[str, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of an article: its kind (`heading`, `paragraph`, `bullet`, `boilerplate`) and its pieces."""

    kind: str
    pieces: tuple[Piece, ...]
    first_mark: int


def outcome(result: Result) -> Outcome:
    """The view of a result; a passage that an answer already shows is not repeated."""
    found = result.outcome
    if isinstance(found, NoAnswer):
        answers: tuple[Card, ...] = ()
        hits = found.nearest or result.hits
    else:
        marks = {hit.passage.key: hit.highlights for hit in result.hits}
        answers = tuple(
            answer_card(answer, rank, marks.get(answer.passage.key, ())) for rank, answer in enumerate(found, 1)
        )
        shown = {one.passage.key for head in found for one in (head, *head.agrees_with, *head.duplicates)}
        hits = tuple(hit for hit in result.hits if hit.passage.key not in shown)
    return Outcome(
        answers,
        found.reason if isinstance(found, NoAnswer) else None,
        tuple(hit_card(hit) for hit in hits),
        result.warnings,
        result.timing_ms.get("total", 0.0),
    )


def answer_card(answer: Answer, rank: int, others: tuple[Span, ...] = ()) -> Card:
    """An answer: the quote marked in its sentence, the passage around it.

    Args:
        answer: what to show.
        rank: its place in the list, from 1.
        others: further answers in its passage ("Doncaster, Birmingham"), marked too; a near one is shown as clearly.
    """
    text, passage = answer.article.text, answer.passage
    quote = Span(answer.start, answer.end)
    marks = (quote, *others)
    shown = Span(min(answer.sentence.start, quote.start), max(answer.sentence.end, quote.end))
    whole = lines(text, passage.span)
    near = [line for line in whole if line.start < shown.end and shown.start < line.end]
    if near:
        paragraph = Span(near[0].start, near[-1].end)
        inside = [shown, *(mark for mark in others if paragraph.contains(mark))]
        shown = Span(min(span.start for span in inside), max(span.end for span in inside))
    return _card(
        rank,
        answer.article,
        quote,
        before=text[near[0].start : shown.start] if near else "",
        sentence=cut(text, shown, marks),
        after=text[shown.end : near[-1].end] if near else "",
        passage=[cut(text, line, marks) for line in whole] if len(whole) > len(near) else [],
        confidence=answer.confidence,
        related=(answer.agrees_with, answer.conflicts_with, answer.duplicates),
    )


def hit_card(hit: Hit) -> Card:
    """A passage with its highlights."""
    best = hit.highlights[0] if hit.highlights else hit.passage.span
    text = hit.article.text
    passage = [cut(text, line, hit.highlights) for line in lines(text, hit.passage.span)]
    return _card(hit.rank, hit.article, best, passage=passage)


def paragraphs(article: Article, mark: Span | None) -> list[Paragraph]:
    """The article's blocks, in order, with the marked range cut out; `first_mark` is its first code point, else -1."""
    marks = [mark] if mark else []
    result: list[Paragraph] = []
    seen = False
    for block in blocks(article.text, article.title):
        pieces = tuple(cut(article.text, block.span, marks))
        first = next((piece.start for piece in pieces if piece.marked), -1)
        if first < 0 and block.span.of(article.text) == article.title:
            continue  # The page has it as its heading.
        result.append(Paragraph(block.kind, pieces, -1 if seen else first))
        seen = seen or first >= 0
    return result


def _card(
    rank: int,
    article: Article,
    span: Span,
    *,
    passage: Sequence[Sequence[Piece]],
    sentence: Sequence[Piece] = (),
    before: str = "",
    after: str = "",
    confidence: float | None = None,
    related: tuple[tuple[Answer, ...], ...] = ((), (), ()),
) -> Card:
    agrees, conflicts, duplicates = (
        tuple(answer_card(other, place) for place, other in enumerate(others, 1)) for others in related
    )
    return Card(
        rank=rank,
        before=before,
        sentence=tuple(sentence),
        after=after,
        passage=tuple(tuple(line) for line in passage),
        title=article.title,
        publisher=article.publisher,
        author=article.author,
        published_at=article.published_at,
        original=deep_link(article.url, article.text, span),
        stored=local_link(article.id, span),
        confidence=confidence,
        agrees=agrees,
        conflicts=conflicts,
        duplicates=duplicates,
    )
