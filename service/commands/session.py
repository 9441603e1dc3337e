"""What most commands need: the settings, an open collection, a place for progress."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress

    from index.catalog import Catalog


def settings() -> Settings:
    """The settings of this process's environment; raises SettingsError."""
    return Settings.from_mapping(os.environ)


@contextmanager
def open_collection(chosen: Settings) -> Iterator["Catalog"]:
    """The collection, closed at the end; whatever is rebuilt at start is told on stderr."""
    from service.build import open_catalog

    with open_catalog(chosen, tell) as catalog:
        yield catalog


def tell(message: str) -> None:
    """One line on stderr: stdout is for results."""
    print(f"quotary: {message}", file=sys.stderr)


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr while the block runs, gone afterwards; nothing where stderr is no terminal.

    Yields:
        A function taking how much is done and, when it is known by then, of how much.
    """
    with _progress() as bar:
        task = bar.add_task(label, total=total)

        def update(done: int, all_: int | None = None) -> None:
            bar.update(task, completed=done, total=total if all_ is None else all_)

        yield update


def _progress() -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
