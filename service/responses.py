"""What responses hold: plain dicts, right by construction, dumped once; the tests validate them.

Offsets are half-open Unicode code points into the stored article's text.
"""

from typing import Literal

from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12


class Range(TypedDict):
    """Half-open code points into the article's text."""

    start: int
    end: int


class TextRange(Range):
    """A range with its text."""

    text: str


class Source(TypedDict):
    """Where words come from."""

    title: str
    publisher: str | None
    url: str | None
    published_at: str | None
    author: str | None
    deep_link: str | None
    local_link: str


class Context(TypedDict):
    """The rest of the passage: `before + quote + after` is the passage, exactly."""

    before: str
    after: str


class Quoted(Range):
    """A quote with its place and source: `article.text[start:end] == quote`."""

    quote: str
    article_id: str
    offset_unit: Literal["codepoint"]
    article_sha256: str
    confidence: float
    sentence: TextRange
    context: Context
    source: Source


class AnswerItem(Quoted):
    """An answer with the other places that agree, differ or repeat."""

    agrees_with: list[Quoted]
    conflicts_with: list[Quoted]
    duplicates: list[Quoted]


class ScoresItem(TypedDict):
    """What each stage thought; null where it did not see the passage. Larger is better, except for `missing`: how many
    of the question's names and numbers the passage lacks."""

    dense: float | None
    lexical: float | None
    fused: float | None
    reader: float | None
    missing: int | None


class PassageItem(TextRange):
    """A passage in the ranking."""

    id: str
    rank: int
    article_id: str
    article_sha256: str
    highlights: list[Range]
    score: float
    scores: ScoresItem
    source: Source


class NoAnswerItem(TypedDict):
    """Why the articles do not answer: confidence stayed below threshold."""

    reason: str
    confidence: float
    threshold: float


class AskResponse(TypedDict):
    """Everything one question gave. Without an answer, `passages` are the nearest ones."""

    query_id: str
    question: str
    answerable: bool
    no_answer: NoAnswerItem | None
    answers: list[AnswerItem]
    passages: list[PassageItem]
    index_generation: int
    models: dict[str, str]
    timing_ms: dict[str, float]
    warnings: list[str]


class ArticleItem(TypedDict):
    """An article without its text."""

    id: str
    title: str
    publisher: str | None
    author: str | None
    published_at: str | None
    language: str | None
    url: str | None
    characters: int
    sha256: str
    added_at: str


class ArticleFull(ArticleItem):
    """An article with its text."""

    text: str


class ArticlePage(TypedDict):
    """One page of the list; `next` is the cursor of the following one, null on the last."""

    articles: list[ArticleItem]
    next: str | None


class StoredItem(TypedDict):
    """What storing an article did."""

    id: str
    status: Literal["added", "replaced", "unchanged"]
    sha256: str
    index_generation: int


class VerifyResponse(TypedDict):
    """Whether the quote stands in the stored article at that place."""

    holds: bool
    reason: str


class FieldProblem(TypedDict):
    """One field at fault, and what would be right."""

    field: str
    message: str


class ProblemBody(TypedDict):
    """An error, by RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldProblem]
