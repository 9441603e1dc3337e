"""Generations: the state of a data directory from one commit to the next, opened, repaired, committed and shown."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.derived import Derived
from index.encoder import Encoder
from index.encoder import Vectors as Matrix
from index.folding import Folding, clear_staging
from index.lock import WriterLock
from index.manifest import FILE_NAME, Manifest
from index.passage import Placed
from index.snapshot import Snapshot
from index.split import Splitter
from index.store import Store
from sources.errors import CatalogError, DamagedIndexError, ModelMismatchError, OutdatedIndexError, QuotaryError

DATABASE = "articles.sqlite"
# A database up to this size is read through at start for damage (about 0.1 s); `quotary doctor` checks any.
CHECKED_BYTES = 64_000_000
# A write-ahead log up to this size is left to SQLite.
LOG_BYTES = 16_000_000

# Who asks while another process's commit is to be taken up, and a thread of this process is writing, waits so long for
# that thread, once for each commit: it may be at work for minutes.
WAITING_SECONDS = 0.25

Notify = Callable[[str], None]
Progress = Callable[[int, int], None]


class Generations:
    """The store with its derived indexes, as a line of generations. Each commit writes the store first, which is the
    truth, then the indexes, then the manifest; whatever is cut short in between is found and completed.

    Args:
        directory: made when it does not exist.
        encoder, splitter, notify: as `Catalog.open` says.

    Attributes:
        store: for the writer, inside `writing`.
        warnings: what was found wrong, in order.

    Raises:
        DamagedIndexError: the article database itself is damaged or gone.
        CatalogError: the directory cannot be used, or another process holds its lock for a minute.
    """

    def __init__(self, directory: Path, encoder: Encoder, splitter: Splitter, notify: Notify) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogError(f"{directory} cannot be used as data directory: {error.strerror}") from error
        self.directory = directory
        self.warnings: list[str] = []
        self._splitter = splitter
        self._notify = notify
        self._lock = WriterLock(directory / ".lock")
        self._derived = Derived(directory, encoder)
        self._manifest_path = str(directory / FILE_NAME)
        self._folding = Folding(self._derived, self.writing, self._publish, self._warn)
        self._taking_up = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._given_up: tuple[int, int] | None = None
        with self._lock.held():
            clear_staging(directory)
            self.store = self._open_store()
            self._snapshot = self._start()

    def close(self) -> None:
        """Finish re-forming the index, then end the database connections, that of the current snapshot too."""
        self._folding.wait()
        self._snapshot.close()
        self.store.close()

    def current(self) -> Snapshot:
        """The newest whole generation, also of changes that other processes made.

        While a writer is at work, the generation before it serves.
        """
        if self._stamp() != self._seen:
            with self._taking_up:
                stamp = self._stamp()
                with self._lock.parting_threads(0 if stamp == self._given_up else WAITING_SECONDS) as free:
                    if free:
                        self._take_up()
                    else:
                        self._given_up = stamp
        return self._snapshot

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock, with everything taken up that others have committed or left half done."""
        if self._derived.vectors.is_overdue:
            self._folding.wait()
        with self._lock.held():
            newer = self._stamp() != self._seen
            if newer:
                self._derived.load()
            self._complete()
            if newer:
                self._snapshot = self._published()
            yield

    def commit(self, removed: list[int], added: list[Placed], vectors: Matrix) -> None:
        """Bring the indexes to the generation that the store was just brought to, and show it.

        Args:
            removed: keys of passages that are gone.
            added: new passages, with their [n, dimension] `vectors`.
        """
        self._derived.apply(removed, added, vectors)
        self._publish()
        # There is always a snapshot, which keeps SQLite from starting its log anew: 650 MB at 100,000 passages. So the
        # former snapshot is let go first, then the log moved, then a snapshot begun that does without it.
        if self.store.log_bytes > LOG_BYTES and self.store.checkpoint():
            self._snapshot = self._published()
        if self._derived.vectors.wants_folding:
            self._folding.begin(self.store.generation)

    def rebuild(self, progress: Progress) -> None:
        """Cut the passages anew and make both indexes from them; `progress` gets passages done and in all."""
        with self.store.transaction():
            for article_id in self.store.article_ids():
                article = self.store.article(article_id)
                if article:
                    self.store.put(article, self._splitter(article))
        self._derived.reset()
        self._reconcile(progress)

    def _open_store(self) -> Store:
        database = self.directory / DATABASE
        if Path(self._manifest_path).exists() and not database.exists():
            raise DamagedIndexError(
                f"{database} is missing; it holds the articles and cannot be rebuilt: restore it from a copy, "
                f"or remove {self.directory} and add the articles again"
            )
        store = Store(database)
        if database.stat().st_size <= CHECKED_BYTES:
            store.check()
        return store

    def _start(self) -> Snapshot:
        """The generation that is there, made whole."""
        if self._stamp() is None and not self.store.count_articles():
            self._derived.reset()
            self._derived.save(self.store)
        elif problem := self._problem():
            self._warn(problem)
            self.rebuild(lambda done, count: self._notify(f"rebuilt {done:,} of {count:,} passages"))
        else:
            self._complete()
        return self._published()

    def _take_up(self) -> None:
        """Show what other processes have committed, without their lock.

        A commit writes the store first and the manifest last. So where the manifest read first and the store opened
        last are of one generation, all that was read in between is of that generation too.
        """
        while (stamp := self._stamp()) != self._seen and not self._is_midway():
            try:
                self._derived.load()
                snapshot = self._opened()
            except QuotaryError:
                if self._stamp() == stamp and not self._is_midway():
                    raise
                continue  # the files went as the next commit came
            if self._derived.manifest and snapshot.generation == self._derived.manifest.generation:
                self._snapshot, self._seen = snapshot, stamp

    def _is_midway(self) -> bool:
        """Whether the store is ahead of the indexes: a commit is under way, or was cut short."""
        manifest = Manifest.read(self.directory)
        return manifest is not None and manifest.generation != self.store.generation

    def _problem(self) -> str | None:
        """Load the indexes; what is wrong with them and what is to be done, in one line, where something is."""
        try:
            self._derived.load()
        except ModelMismatchError as error:
            return f"{error}: embedding every passage again"
        except (DamagedIndexError, OutdatedIndexError) as error:
            return f"{error}: rebuilding vectors and terms from the articles"
        return None

    def _complete(self) -> None:
        """Finish a commit that a crash cut short after the store's part."""
        manifest = self._derived.manifest
        if manifest is not None and manifest.generation != self.store.generation:
            self._warn(
                f"the indexes are of generation {manifest.generation}, the articles of {self.store.generation}: "
                "completing the indexes"
            )
            self._reconcile(lambda _done, _all: None)

    def _reconcile(self, progress: Progress) -> None:
        count = self.store.count_passages()
        self._derived.reconcile(self.store, lambda done: progress(done, count))
        self._snapshot = self._published()

    def _publish(self) -> None:
        self._derived.save(self.store)
        self._snapshot = self._published()

    def _published(self) -> Snapshot:
        """What new readers get from now on."""
        self._seen = self._stamp()
        return self._opened()

    def _opened(self) -> Snapshot:
        """What is loaded, with the store as it is after that."""
        terms = self._derived.terms.searcher()
        return Snapshot(Store(self.directory / DATABASE, readonly=True), self._derived.vectors, terms)

    def _stamp(self) -> tuple[int, int] | None:
        """Changes with every manifest: a replaced file has another inode or time."""
        try:
            found = os.stat(self._manifest_path)  # noqa: PTH116 (twice as fast as Path.stat, and on every ask)
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _warn(self, message: str) -> None:
        self.warnings.append(message)
        self._notify(message)
