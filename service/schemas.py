"""The shapes on the wire: requests are checked models, responses plain dicts, dumped once.

Offsets are half-open Unicode code points into the stored article's text.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from index.filters import Filters
from qa.question import Question

ReaderChoice = Literal["default", "none"]


def _day(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("day", "{given} is not a day; write it as 2022-02-28", {"given": repr(value)[:60]})


Day = Annotated[date, BeforeValidator(_day)]


class Request(BaseModel):
    """Base of requests: frozen; wrong types and unknown fields are errors, and the message lists the known fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _only_known_fields(cls, given: Any) -> Any:
        if isinstance(given, dict):
            for name in given:
                if name not in cls.model_fields:
                    raise PydanticCustomError(
                        "unknown_field",
                        "there is no such field; the fields are {known}",
                        {"field": str(name)[:60], "known": ", ".join(cls.model_fields)},
                    )
        return given


class FiltersRequest(Request):
    """Which articles may answer; all given conditions hold together."""

    publisher: list[str] = Field(default_factory=list, max_length=100, description="Names, in any letter case.")
    published_from: Day | None = Field(None, description="First day, included.")
    published_to: Day | None = Field(None, description="Last day, included.")
    article_ids: list[str] = Field(default_factory=list, max_length=1000, description="Ids of stored articles.")

    def filters(self) -> Filters:
        """The domain object; raises QuestionError when the days are the wrong way round."""
        return Filters(tuple(self.publisher), self.published_from, self.published_to, tuple(self.article_ids))


class AskRequest(Request):
    """A question and how to answer it."""

    question: str = Field(description="1 to 1,000 characters.", examples=["When was the commissioner appointed?"])
    top_k: int = Field(5, description="How many passages to return, 1 to 50.")
    filters: FiltersRequest = Field(default_factory=lambda: FiltersRequest.model_validate({}))
    as_of: Day | None = Field(None, description="Answer from what was published up to this day.")
    highlight: bool = Field(True, description="Whether passages carry the ranges to mark.")
    reader: ReaderChoice = Field("default", description="`none` leaves out the reader: retrieval alone.")

    def to_question(self) -> Question:
        """The checked question; raises QuestionError."""
        return Question(self.question, self.top_k, self.filters.filters(), self.as_of)


class AskQuery(Request):
    """The same as AskRequest in a query string; repeat `publisher` and `article_id` for several."""

    model_config = ConfigDict(strict=False)

    q: str = Field(description="The question, 1 to 1,000 characters.")
    top_k: int = Field(5, description="How many passages to return, 1 to 50.")
    publisher: list[str] = Field(default_factory=list, max_length=100)
    published_from: Day | None = None
    published_to: Day | None = None
    article_id: list[str] = Field(default_factory=list, max_length=1000)
    as_of: Day | None = None
    highlight: bool = True
    reader: ReaderChoice = "default"

    def to_question(self) -> Question:
        """The checked question; raises QuestionError."""
        filters = Filters(tuple(self.publisher), self.published_from, self.published_to, tuple(self.article_id))
        return Question(self.q, self.top_k, filters, self.as_of)


class ArticleRequest(Request):
    """An article to store."""

    title: str = Field(min_length=1, max_length=1000)
    text: str = Field(min_length=1, description="The whole text; paragraphs separated by line breaks.")
    name: str | None = Field(None, min_length=1, max_length=200, description="Your own name; again: a new revision.")
    url: str | None = Field(None, max_length=2000, description="Where it was published; identifies the article.")
    publisher: str | None = Field(None, max_length=200)
    author: str | None = Field(None, max_length=500)
    published_at: Day | None = None
    language: str | None = Field(None, max_length=35)


class ListQuery(Request):
    """Which page of the list."""

    model_config = ConfigDict(strict=False)

    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="`next` of the page before.")


class VerifyRequest(Request):
    """A quote to check against the stored article."""

    article_id: str = Field(max_length=200)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str
    sha256: str | None = Field(None, description="Checksum of the article's text when the quote was made.")


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
    """What each stage thought; null where it did not see the passage. Larger is better."""

    dense: float | None
    lexical: float | None
    fused: float | None
    reader: float | None


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
