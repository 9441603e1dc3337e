"""The writer's lock of a data directory, across threads and processes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sources.errors import CatalogError

SECONDS = 60.0
# Between two tries while another process has it; most have it for a few milliseconds.
POLL_SECONDS = 0.01


class WriterLock:
    """One writer at a time. The same thread may take it again.

    Args:
        path: the lock file; it stays there, empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = FileLock(path, thread_local=False, poll_interval=POLL_SECONDS)
        # One process's file lock does not part its threads.
        self._threads = threading.RLock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lock and hold it.

        Raises:
            CatalogError: another writer keeps it for a minute.
        """
        with self.tried(SECONDS) as got:
            if not got:
                raise CatalogError(f"another process has been writing for {SECONDS:.0f} s (lock: {self._path})")
            yield

    @contextmanager
    def tried(self, seconds: float = 0) -> Iterator[bool]:
        """Hold the lock if it comes free within `seconds`; gives whether it did."""
        with self.parting_threads(seconds) as got:
            if not got:
                yield False
                return
            try:
                self._file.acquire(timeout=seconds)
            except Timeout:
                yield False
                return
            try:
                yield True
            finally:
                self._file.release()

    @contextmanager
    def parting_threads(self, seconds: float) -> Iterator[bool]:
        """Hold off this process's other threads alone, if that can be had within `seconds`; gives whether it could."""
        if not self._threads.acquire(timeout=seconds):
            yield False
            return
        try:
            yield True
        finally:
            self._threads.release()
