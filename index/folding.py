"""Folding in the background: the vector index takes its next form while adding and asking go on."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from index.derived import Derived
from index.vectors import Vectors
from sources.errors import QuotaryError

# Where a fold writes until it is done; longer than that none takes.
STAGING = ".folding-"
STALE_SECONDS = 3_600


class Folding:
    """Re-forms the vectors of a data directory, at most once at a time, in a thread of its own.

    The long part is done without the writer's lock; a moment with it puts the outcome in place, with what was added and
    removed meanwhile carried over. Another process that re-forms the index at the same time may come first; then this
    one's work is dropped.

    Args:
        derived: the indexes.
        writing: holds the writer's lock, with everything taken up that others have committed.
        publish: saves the derived indexes and shows them to readers; called inside `writing`.
        warn: told in one line when re-forming fails; the index then serves as it is.
    """

    def __init__(
        self,
        derived: Derived,
        writing: Callable[[], AbstractContextManager[None]],
        publish: Callable[[], None],
        warn: Callable[[str], None],
    ) -> None:
        self._derived, self._writing, self._publish, self._warn = derived, writing, publish, warn
        self._thread: threading.Thread | None = None

    def begin(self, generation: int) -> None:
        """Fold the vectors of this generation, the newest, unless a fold is under way: the next change asks again."""
        if self._thread is not None and self._thread.is_alive():
            return
        # No daemon: a process that ends without closing its catalog finishes what it began.
        arguments = (self._derived.vectors, generation)
        self._thread = threading.Thread(target=self._fold, args=arguments, name="quotary-folding")
        self._thread.start()

    def wait(self) -> None:
        """Until no fold is under way."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _fold(self, vectors: Vectors, generation: int) -> None:
        try:
            with tempfile.TemporaryDirectory(dir=self._derived.directory, prefix=STAGING) as folder:
                staged = self._derived.stage(vectors, generation, Path(folder))
                with self._writing():
                    if self._derived.vectors.wants_folding:
                        self._derived.adopt(staged, Path(folder))
                        self._publish()
        except (QuotaryError, OSError, RuntimeError, ValueError) as error:
            self._warn(f"the vector index could not be re-formed and is used as it is: {error}")


def clear_staging(directory: Path) -> None:
    """Remove what a process that ended in the middle of re-forming left; younger folders may be at work."""
    for folder in directory.glob(f"{STAGING}*"):
        if time.time() - folder.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
