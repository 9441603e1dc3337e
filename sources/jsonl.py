"""JSON Lines (.jsonl): one article a line, read one at a time, so that a file of any length fits in memory."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from sources.article import Article
from sources.errors import SourceError
from sources.metadata import Metadata

_LONGEST_LINE = 50_000_000
_TEXT_KEYS = ("text", "body", "content")
_BOM = b"\xef\xbb\xbf"


def read_jsonl(stream: BinaryIO, *, origin: str, now: datetime) -> Iterator[Article | SourceError]:
    """The articles of a stream of lines; a line that is none is yielded as the error that names it.

    A record has `text` (or `body`, `content`) and may have id, title, url, publisher, author, date (or
    `published_at`) and language. Without an id it is named by its line's number.
    """
    number = 0
    while line := stream.readline(_LONGEST_LINE + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(_BOM)
        where = f"{origin}, line {number}"
        if len(line) > _LONGEST_LINE:
            _skip_line(stream, line)
            yield SourceError(where, f"is longer than {_LONGEST_LINE:,} bytes")
        elif line.strip():
            try:
                yield _article(line, origin, number, where, now)
            except SourceError as error:
                yield error


def _article(line: bytes, origin: str, number: int, where: str, now: datetime) -> Article:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SourceError(where, f"is not UTF-8 (byte {error.start} of the line)") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(where, f"is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise SourceError(where, f"must be a JSON object, not {type(record).__name__}")
    key = next((key for key in _TEXT_KEYS if record.get(key)), "text")
    text = record.get(key)
    if not isinstance(text, str):
        raise SourceError(where, f"needs the article's text as a string under {' or '.join(_TEXT_KEYS)}")
    identity = record.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int | None):
        raise SourceError(where, f"id must be a string or a whole number, not a {type(identity).__name__}")
    name = str(number) if identity in {None, ""} else str(identity)
    try:
        metadata = Metadata.of(record, where)
        return metadata.article(name=name, origin=f"{origin}#{name}", text=_newlines(text), now=now)
    except UnicodeEncodeError as error:
        raise SourceError(where, "id holds half of a surrogate pair, which is no character") from error
    except SourceError as error:
        raise SourceError(where, error.reason) from error


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(1 << 20)
