"""Settings: one frozen object, read once from an injected mapping (the environment, in production)."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sources.errors import SettingsError

PREFIX = "QUOTARY_"
DEFAULT_DATA = ".quotary"
DEFAULT_MODEL = "all-MiniLM-L6-v2"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured.

    Attributes:
        data: directory of the collection and its indexes; `.quotary` in the current directory unless told.
        cache: directory of prepared model files, which several collections share.
        host, port: where `quotary serve` listens.
        model: embedding model, a sentence-transformers name or a local directory.
        reader: `default`, `none` (retrieval alone) or a local directory or hub name of another model.
        threads: how many requests one process works on at the same time; None for `at_a_time`'s own choice.
        workers: how many processes `quotary serve` answers with.
    """

    data: Path
    cache: Path
    host: str = "127.0.0.1"
    port: int = 8000
    model: str = DEFAULT_MODEL
    reader: str = "default"
    threads: int | None = None
    workers: int = 1

    @classmethod
    def from_mapping(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings that `environ` gives; what it leaves out has the default.

        Raises:
            SettingsError: a value of the wrong type, or an unknown name; key, value and expectation are named.
        """
        known = {f"{PREFIX}{name.upper()}" for name in cls.__slots__}
        for key in sorted(environ):
            if key.startswith(PREFIX) and key not in known:
                raise SettingsError(f"{key} is not a setting; there are {', '.join(sorted(known))}")
        return cls(
            data=_read(environ, "DATA", Path(DEFAULT_DATA), _path, "a directory"),
            cache=_read(environ, "CACHE", _cache(environ), _path, "a directory"),
            host=_read(environ, "HOST", "127.0.0.1", _text, "a host name or address"),
            port=_read(environ, "PORT", 8000, _within(0, 65_535), "a whole number from 0 to 65535"),
            model=_read(environ, "MODEL", DEFAULT_MODEL, _text, "a model name or directory"),
            reader=_read(environ, "READER", "default", _text, "'default', 'none', or a model name or directory"),
            threads=_read(environ, "THREADS", None, _within(1, 256), "a whole number from 1 to 256"),
            workers=_read(environ, "WORKERS", 1, _within(1, 64), "a whole number from 1 to 64"),
        )

    @property
    def at_a_time(self) -> int:
        """How many requests one process works on at the same time: as set, else one more than its share of the cores.

        More of them would only push each other out of the caches: docs/performance.md, Many at once.
        """
        return self.threads or -(-_cores() // self.workers) + 1

    @property
    def in_place(self) -> bool:
        """Whether quick requests are worked on where they arrive, not in another thread.

        So it is where each of several processes has one core to itself: another thread would only wait for it, and
        handing over costs 7% of the questions a second (docs/performance.md, Many at once).
        """
        return self.workers > 1 and self.workers >= _cores()


def _read(environ: Mapping[str, str], name: str, default: Value, parse: Callable[[str], Value], expected: str) -> Value:
    key = f"{PREFIX}{name}"
    if key not in environ:
        return default
    try:
        return parse(environ[key])
    except ValueError as error:
        raise SettingsError(f"{key}={environ[key]!r} is not allowed; give {expected}") from error


def _text(value: str) -> str:
    if not value.strip() or "\0" in value:
        raise ValueError(value)
    return value


def _path(value: str) -> Path:
    return Path(_text(value)).expanduser()


def _within(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value)
        if not low <= number <= high:
            raise ValueError(value)
        return number

    return parse


def _cache(environ: Mapping[str, str]) -> Path:
    """As the XDG base directory specification has it."""
    return Path(environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "quotary"


def _cores() -> int:
    """Cores this process may use: in a container often fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
