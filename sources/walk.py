"""Paths to files: folders are walked in order, hidden names skipped, loops noticed."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from sources.errors import SourceError

MEDIA = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
"""The format that each file-name ending stands for."""

_Place = tuple[int, int]


def walk(paths: Sequence[Path]) -> Iterator[Path | SourceError]:
    """Every file of a known format under `paths`, each once; what cannot be used is yielded as its error.

    A folder is read in the order of its names, without hidden ones; a file of another format is an error only if it
    is named itself.
    """
    seen: set[_Place] = set()
    for path in paths:
        status = _status(path)
        if isinstance(status, SourceError):
            yield status
        elif stat.S_ISDIR(status.st_mode):
            found = False
            for item in _folder(path, ((status.st_dev, status.st_ino),)):
                found = True
                if isinstance(item, SourceError) or _is_new(item, seen):
                    yield item
            if not found:
                yield SourceError(shown(path), f"holds no file of a known format ({', '.join(MEDIA)})")
        elif path.suffix.lower() not in MEDIA:
            kind = f"files ending in {path.suffix!r}" if path.suffix else "files without an ending"
            yield SourceError(shown(path), f"{kind} are not read; known are {', '.join(MEDIA)}")
        elif _is_new(path, seen):
            yield path


def shown(path: Path) -> str:
    """The path as it can be printed and stored: bytes that are no text are written as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def _folder(folder: Path, above: tuple[_Place, ...]) -> Iterator[Path | SourceError]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names only; Path objects of a large folder cost more
    except OSError as error:
        yield SourceError(shown(folder), f"cannot be read: {error.strerror}")
        return
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        status = _status(path)
        if isinstance(status, SourceError):
            if path.suffix.lower() in MEDIA:
                yield status
        elif not stat.S_ISDIR(status.st_mode):
            if path.suffix.lower() in MEDIA:
                yield path
        elif (status.st_dev, status.st_ino) in above:
            yield SourceError(shown(path), "is a link to a folder that holds it; left out")
        else:
            yield from _folder(path, (*above, (status.st_dev, status.st_ino)))


def _status(path: Path) -> os.stat_result | SourceError:
    try:
        return path.stat()
    except FileNotFoundError:
        return SourceError(shown(path), "there is no such file or folder")
    except (OSError, ValueError) as error:
        return SourceError(shown(path), f"cannot be read: {getattr(error, 'strerror', None) or error}")


def _is_new(path: Path, seen: set[_Place]) -> bool:
    status = _status(path)
    if isinstance(status, SourceError):
        return True
    place = (status.st_dev, status.st_ino)
    if place in seen:
        return False
    seen.add(place)
    return True
