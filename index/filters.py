"""Filters: which articles a question may be answered from."""

from dataclasses import dataclass
from datetime import date

from sources.errors import QuestionError


@dataclass(frozen=True, slots=True)
class Filters:
    """All given conditions hold together; an empty tuple or None does not restrict.

    Attributes:
        publishers: names as stored, compared without regard to case.
        published_from, published_to: first and last day, both included; articles without a date never match.
        article_ids: ids of live articles.
    """

    publishers: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    article_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise QuestionError(
                "filters.published_from",
                f"{self.published_from} is after published_to {self.published_to}; swap them or leave one out",
            )

    def __bool__(self) -> bool:
        return bool(self.publishers or self.published_from or self.published_to or self.article_ids)
