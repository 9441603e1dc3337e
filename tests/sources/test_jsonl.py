"""JSON Lines: one record at a time, bad lines named."""

import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import BinaryIO, cast

import pytest

from sources.article import Article
from sources.errors import SourceError
from sources.jsonl import read_jsonl

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def read(data: bytes) -> list[Article | SourceError]:
    return list(read_jsonl(io.BytesIO(data), origin="/a.jsonl", now=NOW))


def one(record: dict[str, object]) -> Article | SourceError:
    return read(json.dumps(record).encode())[0]


def test_a_full_record() -> None:
    article = one(
        {
            "id": "r1",
            "title": "T",
            "text": "A\r\nB",
            "url": "https://example.org/a",
            "date": "2022-11-08",
            "publisher": "P",
            "author": ["Ann", "Bo"],
            "language": "en",
            "other": [1],
        }
    )
    assert isinstance(article, Article)
    assert (article.name, article.origin, article.title, article.text) == ("r1", "/a.jsonl#r1", "T", "A\nB")
    assert (article.url, article.publisher, article.author) == ("https://example.org/a", "P", "Ann, Bo")
    assert (article.published_at, article.language) == (date(2022, 11, 8), "en")


@pytest.mark.parametrize("key", ["text", "body", "content"])
def test_names_of_the_text(key: str) -> None:
    article = one({key: "First line\nSecond", "url": "", "date": None, "published_at": "8 November 2022"})
    assert isinstance(article, Article)
    assert (article.title, article.name, article.url) == ("First line", "1", None)
    assert article.published_at == date(2022, 11, 8)


def test_bad_lines_are_named_and_the_others_go_in() -> None:
    good = b'{"id": 7, "text": "Good."}'
    items = read(
        b"\xef\xbb\xbf" + good + b'\n\n{"text": "x"\n[1]\n\xff\n{"text": 5}\n{"text": "y", "date": "soon"}\r\n' + good
    )
    assert [item.name for item in items if isinstance(item, Article)] == ["7", "7"]
    errors = [str(item) for item in items if isinstance(item, SourceError)]
    assert [error.split(": ")[0] for error in errors] == [f"/a.jsonl, line {n}" for n in (3, 4, 5, 6, 7)]
    for error, reason in zip(
        errors,
        ["is not JSON", "must be a JSON object", "is not UTF-8", "text as a string", "'soon' is not"],
        strict=True,
    ):
        assert reason in error
        assert "\n" not in error


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"text": ""},
        {"text": "  "},
        {"text": "a", "id": True},
        {"text": "a", "id": [1]},
        {"text": "a", "title": ["t"]},
        {"text": "a", "url": "file:///etc/passwd"},
        {"text": "\ud800"},
        {"text": "a", "title": "\ud800"},
        {"text": "a", "id": "\ud800"},
        {"text": "a", "language": "\udfff"},
        {"text": "a\0b"},
    ],
)
def test_records_that_cannot_be_articles(record: dict[str, object]) -> None:
    item = one(record)
    assert isinstance(item, SourceError)
    str(item).encode()


def test_deep_json_is_an_error() -> None:
    assert isinstance(read(b'{"text": ' + b"[" * 100_000)[0], SourceError)


class Endless(io.RawIOBase):
    """A stream of `count` equal lines that are never in memory together."""

    def __init__(self, line: bytes, count: int) -> None:
        self._lines: Iterator[bytes] = (line for _ in range(count))

    def readline(self, size: int | None = -1, /) -> bytes:
        return next(self._lines, b"")


def test_a_long_file_takes_no_more_memory_than_a_line() -> None:
    stream = cast("BinaryIO", Endless(json.dumps({"text": "word " * 200}).encode() + b"\n", 5_000))
    tracemalloc.start()
    count = sum(1 for _ in read_jsonl(stream, origin="/a.jsonl", now=NOW))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 5_000
    assert peak < 200_000


def test_a_line_over_the_limit_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.jsonl._LONGEST_LINE", 50)
    long = json.dumps({"text": "x" * 100}).encode()
    items = read(long + b'\n{"text": "Good."}\n' + long)
    assert [type(item) for item in items] == [SourceError, Article, SourceError]
    assert "/a.jsonl, line 1: is longer than 50 bytes" in str(items[0])
