"""The tables of the store, and how articles, sentences and filters are written in them."""

import struct
from collections.abc import Sequence
from datetime import date, datetime

from index.filters import Filters
from sources.article import Article, Span
from sources.errors import DamagedIndexError

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema', 1), ('generation', 0);
CREATE TABLE articles (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, origin TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, sha256 TEXT NOT NULL, added_at TEXT NOT NULL,
    url TEXT, publisher TEXT COLLATE NOCASE, author TEXT, published_at TEXT, language TEXT
);
CREATE INDEX articles_sha256 ON articles (sha256);
CREATE INDEX articles_publisher ON articles (publisher);
CREATE INDEX articles_published ON articles (published_at);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences BLOB NOT NULL
);
CREATE INDEX passages_article ON passages (article);
"""
ARTICLE_COLUMNS = "id, name, origin, title, text, sha256, added_at, url, publisher, author, published_at, language"


def where(filters: Filters) -> tuple[str, list[str]]:
    """An SQL condition on the articles table under the name `a`, and its parameters."""
    conditions: list[str] = ["1"]
    values: list[str] = []
    for column, allowed in (("publisher", filters.publishers), ("id", filters.article_ids)):
        if allowed:
            conditions.append(f"a.{column} IN ({','.join('?' * len(allowed))})")
            values.extend(allowed)
    for comparison, day in ((">=", filters.published_from), ("<=", filters.published_to)):
        if day:
            conditions.append(f"a.published_at {comparison} ?")
            values.append(day.isoformat())
    return " AND ".join(conditions), values


def row_of(article: Article) -> tuple[str | None, ...]:
    """The article as a row of `ARTICLE_COLUMNS`."""
    return (
        article.id,
        article.name,
        article.origin,
        article.title,
        article.text,
        article.sha256,
        article.added_at.isoformat(),
        article.url,
        article.publisher,
        article.author,
        article.published_at.isoformat() if article.published_at else None,
        article.language,
    )


def article_of(row: Sequence[str | None]) -> Article:
    """The article of one row of `ARTICLE_COLUMNS`.

    Raises:
        DamagedIndexError: a required field is empty.
    """
    id_, name, origin, title, text, sha256, added_at, url, publisher, author, published_at, language = row
    if None in (id_, name, origin, title, text, sha256, added_at):
        raise DamagedIndexError(f"article {id_!r} in the database lacks a required field")
    return Article(
        id=str(id_),
        name=str(name),
        origin=str(origin),
        title=str(title),
        text=str(text),
        sha256=str(sha256),
        added_at=datetime.fromisoformat(str(added_at)),
        url=url,
        publisher=publisher,
        author=author,
        published_at=date.fromisoformat(published_at) if published_at else None,
        language=language,
    )


def pack(sentences: tuple[Span, ...]) -> bytes:
    """Little-endian unsigned 32-bit pairs: 8 bytes a sentence."""
    numbers = [number for span in sentences for number in (span.start, span.end)]
    return struct.pack(f"<{len(numbers)}I", *numbers)


def unpack(data: bytes) -> tuple[Span, ...]:
    """The sentences that `pack` made."""
    return tuple(Span(start, end) for start, end in struct.iter_unpack("<II", data))
