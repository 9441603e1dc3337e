"""Question: what a user asks, checked."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date

from index.filters import Filters
from sources.errors import QuestionError

MAX_QUESTION_CHARACTERS = 1_000
MAX_TOP_K = 50


@dataclass(frozen=True, slots=True)
class Question:
    """A question and how it is to be answered.

    Attributes:
        text: the question, stripped, 1 to 1,000 characters, no control characters.
        top_k: how many passages to return, 1 to 50.
        filters: which articles may answer.
        as_of: answer from what was published up to this day; None for everything.
    """

    text: str
    top_k: int = 5
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", checked_text(self.text))
        if not 1 <= self.top_k <= MAX_TOP_K:
            raise QuestionError("top_k", f"{self.top_k} is out of range; give 1 to {MAX_TOP_K}")

    @property
    def effective_filters(self) -> Filters:
        """The filters with `as_of` taken in as the last day of publication."""
        if self.as_of is None:
            return self.filters
        last = min(self.as_of, self.filters.published_to or self.as_of)
        return replace(self.filters, published_to=last)


def checked_text(text: str) -> str:
    """The question with outer white space removed and inner line breaks and tabs as spaces.

    Raises:
        QuestionError: empty, too long, without a letter or digit, or with a control character.
    """
    stripped = " ".join(text.split())
    if not stripped:
        raise QuestionError("question", "the question is empty; type what you want to know")
    if len(stripped) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            "question", f"the question has {len(stripped):,} characters; at most {MAX_QUESTION_CHARACTERS:,} are read"
        )
    for position, character in enumerate(stripped):
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise QuestionError(
                "question", f"control character U+{ord(character):04X} at position {position}; remove it and ask again"
            )
    if not any(character.isalnum() for character in stripped):
        raise QuestionError("question", f"{stripped[:40]!r} has no letter or digit; type words")
    return stripped
