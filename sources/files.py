"""Files and folders in, articles out: one bad file costs one error and nothing else."""

import io
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sources.article import Article
from sources.errors import SourceError
from sources.html import read_html
from sources.jsonl import read_jsonl
from sources.markdown import read_markdown
from sources.text import read_text
from sources.walk import MEDIA, shown, walk

LARGEST_FILE = 50_000_000
"""Bytes that one file may have; a .jsonl file, read line by line, may be larger."""

_READERS = {"txt": read_text, "md": read_markdown, "html": read_html}


def read_paths(paths: Sequence[Path], now: datetime) -> Iterator[Article | SourceError]:
    """The articles in `paths` (files and folders), one at a time; what cannot be read is yielded as its error.

    Args:
        paths: files, and folders to be walked with all their folders.
        now: the time to record as when the articles were read (UTC).
    """
    for item in walk(paths):
        if isinstance(item, SourceError):
            yield item
        else:
            yield from _articles(item, now)


def count_files(paths: Sequence[Path]) -> int:
    """How many files `read_paths` would read, the ones with errors included."""
    return sum(1 for _ in walk(paths))


def read_file(path: Path, now: datetime) -> list[Article]:
    """All articles of one file.

    Raises:
        SourceError: the first thing in it that cannot be read.
    """
    return _all(read_paths([path], now))


def read_bytes(data: bytes, *, name: str, origin: str, media: str, now: datetime) -> list[Article]:
    """The articles in `data`, whose format is `media`: "txt", "md", "html" or "jsonl".

    Raises:
        SourceError: an unknown format, more than 50 MB, or the first thing that cannot be read.
    """
    if len(data) > LARGEST_FILE:
        raise _too_large(origin, len(data))
    if media == "jsonl":
        return _all(read_jsonl(io.BytesIO(data), origin=origin, now=now))
    if media not in _READERS:
        raise SourceError(origin, f"the format {media!r} is not known; use one of {', '.join(_READERS)}, jsonl")
    return [_READERS[media](data, name=name, origin=origin, now=now)]


def _articles(path: Path, now: datetime) -> Iterator[Article | SourceError]:
    """The articles of a file that was found, its errors named as the user named the file."""
    named = shown(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            yield SourceError(named, "is not a regular file")
            return
        origin, media = shown(path.resolve()), MEDIA[path.suffix.lower()]
        with path.open("rb") as stream:
            if media == "jsonl":
                empty = True
                for item in read_jsonl(stream, origin=origin, now=now):
                    empty = False
                    yield _renamed(item, origin, named) if isinstance(item, SourceError) else item
                if empty:
                    yield SourceError(named, "is empty: there is no record in it")
                return
            size = path.stat().st_size
            data = b"" if size > LARGEST_FILE else stream.read(LARGEST_FILE + 1)
        if max(size, len(data)) > LARGEST_FILE:
            yield _too_large(named, max(size, len(data)))
            return
        yield _READERS[media](data, name=shown(Path(path.stem)), origin=origin, now=now)
    except SourceError as error:
        yield _renamed(error, shown(path.resolve()), named)
    except OSError as error:
        yield SourceError(named, f"cannot be read: {error.strerror}")


def _renamed(error: SourceError, origin: str, named: str) -> SourceError:
    return SourceError(error.origin.replace(origin, named, 1), error.reason)


def _too_large(origin: str, size: int) -> SourceError:
    return SourceError(origin, f"has {size / 1e6:,.1f} MB; the limit is {LARGEST_FILE / 1e6:,.0f} MB a file")


def _all(items: Iterator[Article | SourceError]) -> list[Article]:
    articles: list[Article] = []
    for item in items:
        if isinstance(item, SourceError):
            raise item
        articles.append(item)
    return articles
