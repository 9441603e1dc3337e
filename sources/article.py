"""Article and Span: what every format is parsed into, and how places in it are named."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of Unicode code points in an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]

    def contains(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of one article. `text` never changes; offsets everywhere are code points into it.

    Attributes:
        id: stable for the same origin; changed content under the same id is a new revision.
        name: short name in its source: the file's stem, or the record's id.
        origin: where it was read: absolute path (plus `#record`) or URL. The id derives from it.
        title: the headline.
        text: the whole text as stored, never modified.
        sha256: hex digest of the text's UTF-8 bytes.
        added_at: when this revision was read (UTC).
        url, publisher, author, published_at, language: as the source gives them, else None.
    """

    id: str
    name: str
    origin: str
    title: str
    text: str
    sha256: str
    added_at: datetime
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_at: date | None = None
    language: str | None = None

    @classmethod
    def create(
        cls,
        *,
        name: str,
        origin: str,
        title: str,
        text: str,
        added_at: datetime,
        url: str | None = None,
        publisher: str | None = None,
        author: str | None = None,
        published_at: date | None = None,
        language: str | None = None,
        identity: str | None = None,
    ) -> "Article":
        """An article whose id and checksum follow from what is given.

        The same origin always gives the same id. An article that names its URL is known by the URL, so that the same
        page read from two files is one article; one that names its `identity` is known by that, wherever it lies.
        """
        return cls(
            id=article_id(name, identity or url or origin),
            name=name,
            origin=origin,
            title=title,
            text=text,
            sha256=text_sha256(text),
            added_at=added_at,
            url=url,
            publisher=publisher,
            author=author,
            published_at=published_at,
            language=language,
        )

    def same_content(self, other: "Article") -> bool:
        """Whether `other` says the same under the same headings: equal but for origin, name, id and time."""
        return replace(self, id="", name="", origin="", added_at=other.added_at) == replace(
            other, id="", name="", origin=""
        )


def text_sha256(text: str) -> str:
    """Hex SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def article_id(name: str, origin: str) -> str:
    """A readable id, stable for an origin: a slug of the name (at most 48 characters) and 8 hex digits.

    >>> article_id("Council report.txt", "/archive/Council report.txt")[:18]
    'council-report-txt'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48].strip("-")
    digest = hashlib.sha256(origin.encode("utf-8")).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest
