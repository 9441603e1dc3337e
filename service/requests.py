"""What requests may hold: checked models, whose errors name the field and what would be right."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

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

    @property
    def is_quick(self) -> bool:
        """Whether it takes a few milliseconds whatever it says, so that others may wait for it."""
        return False

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

    @property
    def is_quick(self) -> bool:
        """Without a reader, and without filters, which may have to look at all articles."""
        return self.reader == "none" and not {"filters", "as_of"} & self.model_fields_set

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
