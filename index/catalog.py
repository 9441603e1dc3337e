"""The catalog: one data directory of articles that can be added to, removed from and searched."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from index.batch import Batch
from index.derived import Derived
from index.encoder import Encoder
from index.encoder import Vectors as Matrix
from index.lock import WriterLock
from index.manifest import FILE_NAME
from index.passage import Placed
from index.report import AddReport, CatalogStatus
from index.snapshot import Snapshot
from index.split import Splitter, split
from index.store import Store
from sources.article import Article
from sources.errors import CatalogError, DamagedIndexError, ModelMismatchError, UnknownArticleError

DATABASE = "articles.sqlite"
# Work that an interruption can lose; also what one commit makes visible together.
BATCH_PASSAGES = 1_024
# A database up to this size is read through at start for damage (about 0.1 s); `quotary doctor` checks any.
CHECKED_BYTES = 64_000_000

Notify = Callable[[str], None]
Progress = Callable[[int, int], None]


class Catalog:
    """Add, remove and search. Use `Catalog.open`; close it, or use it as a context manager.

    One writer at a time, across threads and processes, by a lock file; readers never wait for a writer.
    """

    def __init__(self, directory: Path, encoder: Encoder, splitter: Splitter, notify: Notify) -> None:
        self.directory = directory
        self.encoder = encoder
        self._splitter = splitter
        self._notify = notify
        self._warnings: list[str] = []
        self._lock = WriterLock(directory / ".lock")
        self._derived = Derived(directory, encoder)
        self._store: Store
        self._snapshot: Snapshot
        self._manifest_path = str(directory / FILE_NAME)
        self._seen: tuple[int, int] | None = None

    @classmethod
    def open(
        cls,
        directory: Path,
        encoder: Encoder,
        *,
        splitter: Splitter = split,
        notify: Notify = lambda _: None,
    ) -> "Catalog":
        """Open a data directory, making it when it does not exist, and rebuild what is damaged or out of date.

        Args:
            directory: holds the database, the vectors, the terms and the manifest.
            encoder: embeds passages; another model than the index was made with causes a rebuild.
            splitter: cuts articles into passages.
            notify: told in one line whatever was found wrong and what is done about it.

        Raises:
            DamagedIndexError: the article database itself is damaged; it cannot be rebuilt from anything.
            CatalogError: the directory cannot be used, or another process holds its lock for a minute.
        """
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogError(f"{directory} cannot be used as data directory: {error.strerror}") from error
        catalog = cls(directory, encoder, splitter, notify)
        with catalog._lock.held():
            catalog._start()
        return catalog

    def close(self) -> None:
        """End the database connections, that of the current snapshot too."""
        self._snapshot.close()
        self._store.close()

    def __enter__(self) -> "Catalog":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- reading ----------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The newest whole generation, also of changes that other processes made."""
        if self._stamp() != self._seen:
            self._refresh()
        return self._snapshot

    def article(self, article_id: str) -> Article:
        """The article with this id.

        Raises:
            UnknownArticleError: there is none.
        """
        found = self.snapshot().store.article(article_id)
        if found is None:
            raise UnknownArticleError(article_id)
        return found

    def articles(self, after: str = "", limit: int = -1) -> list[Article]:
        """Articles with an id greater than `after`, by id; all where limit is -1."""
        return self.snapshot().store.articles(after, limit)

    def count(self) -> int:
        """How many articles there are."""
        return self.snapshot().store.count_articles()

    def publishers(self) -> list[str]:
        """The names of all publishers, by name."""
        return self.snapshot().store.publishers()

    def status(self) -> CatalogStatus:
        """Counts, model and what was found wrong since opening."""
        snapshot = self.snapshot()
        return CatalogStatus(
            directory=str(self.directory),
            generation=snapshot.generation,
            articles=snapshot.store.count_articles(),
            passages=len(snapshot),
            model=self.encoder.name,
            fingerprint=self.encoder.fingerprint,
            dimension=self.encoder.dimension,
            warnings=tuple(self._warnings),
        )

    # -- writing ----------------------------------------------------------------------------------------------

    def add(self, articles: Iterable[Article], progress: Progress = lambda _a, _p: None) -> AddReport:
        """Add articles; an article already there in the same words changes nothing, other words replace it.

        Articles become visible batch by batch, each batch whole. An interruption loses the current batch only.

        Args:
            articles: may be a generator; it is read as the work goes on.
            progress: called with the numbers of articles and passages done so far.
        """
        report = AddReport()
        batch = Batch()
        passages = 0
        for article in articles:
            known = self._known(article, batch)
            if known:
                report += AddReport(unchanged=(known,))
            else:
                batch.put(article, self._splitter(article))
            if batch.passages >= BATCH_PASSAGES:
                report, passages, batch = report + self._add(batch), passages + batch.passages, Batch()
            progress(len(report) + len(batch.articles), passages + batch.passages)
        return report + self._add(batch)

    def remove(self, article_ids: Iterable[str]) -> None:
        """Remove articles, all of them or, where one is unknown, none.

        Raises:
            UnknownArticleError: names the first id that is not there.
        """
        ids = list(dict.fromkeys(article_ids))
        with self._lock.held():
            self._synchronise()
            for article_id in ids:
                if self._store.article(article_id) is None:
                    raise UnknownArticleError(article_id)
            removed = [key for article_id in ids for key in self._store.keys(article_id)]
            with self._store.transaction():
                for article_id in ids:
                    self._store.delete(article_id)
            self._commit(removed, [], np.empty((0, self.encoder.dimension), np.float32))

    def reindex(self, progress: Progress = lambda _done, _all: None) -> None:
        """Cut every article into passages anew and rebuild vectors and terms from them.

        Args:
            progress: called with the number of passages done and of all passages.
        """
        with self._lock.held():
            with self._store.transaction():
                for article_id in self._store.article_ids():
                    article = self._store.article(article_id)
                    if article:
                        self._store.put(article, self._splitter(article))
            self._derived.reset()
            self._reconcile(progress)

    # -- inner workings ---------------------------------------------------------------------------------------

    def _known(self, article: Article, batch: Batch) -> str | None:
        """The id under which just this article is there already, or comes in the same batch."""
        if batch.holds_same(article):
            return article.id
        store = self.snapshot().store
        stored = store.article(article.id)
        if stored is not None:
            return stored.id if article.same_content(stored) and article.id not in batch.articles else None
        return next((found.id for found in store.with_text(article.sha256) if article.same_content(found)), None)

    def _add(self, batch: Batch) -> AddReport:
        if not batch.articles:
            return AddReport()
        placed = batch.placed()
        # The long part, without the lock: readers and other writers go on.
        vectors = self._derived.encode(placed)
        with self._lock.held():
            self._synchronise()
            replaced = tuple(id_ for id_ in batch.articles if self._store.article(id_) is not None)
            removed = [key for id_ in replaced for key in self._store.keys(id_)]
            with self._store.transaction():
                for article, passages in batch.articles.values():
                    self._store.put(article, passages)
            self._commit(removed, placed, vectors)
        return AddReport(tuple(id_ for id_ in batch.articles if id_ not in replaced), replaced)

    def _commit(self, removed: list[int], added: list[Placed], vectors: Matrix) -> None:
        """Bring the derived indexes to the store's generation, and show it."""
        self._derived.apply(removed, added, vectors)
        self._derived.save(self._store)
        self._publish()

    def _start(self) -> None:
        """Open the store and check everything against it."""
        manifest_there = (self.directory / FILE_NAME).exists()
        database = self.directory / DATABASE
        if manifest_there and not database.exists():
            raise DamagedIndexError(
                f"{database} is missing; it holds the articles and cannot be rebuilt: restore it from a copy, "
                f"or remove {self.directory} and add the articles again"
            )
        self._store = Store(database)
        if database.stat().st_size <= CHECKED_BYTES:
            self._store.check()
        try:
            if manifest_there or self._store.count_articles():
                self._derived.load()
                self._synchronise()
                self._publish()
                return
            self._derived.reset()
        except ModelMismatchError as error:
            self._warn(f"{error}: embedding every passage again")
            self._derived.reset()
        except DamagedIndexError as error:
            self._warn(f"{error}: rebuilding vectors and terms from the articles")
            self._derived.reset()
        self._reconcile(lambda done, count: self._notify(f"rebuilt {done:,} of {count:,} passages"))

    def _synchronise(self) -> None:
        """Take up what another process has committed; finish what a crash has left half done."""
        if self._stamp() != self._seen and self._seen is not None:
            self._derived.load()
        manifest = self._derived.manifest
        if manifest is not None and manifest.generation != self._store.generation:
            self._warn(
                f"the indexes are of generation {manifest.generation}, the articles of {self._store.generation}: "
                "completing the indexes"
            )
            self._reconcile(lambda _done, _all: None)

    def _reconcile(self, progress: Progress) -> None:
        count = self._store.count_passages()
        self._derived.reconcile(self._store, lambda done: progress(done, count))
        self._publish()

    def _publish(self) -> None:
        """Make the current generation the one that new readers get."""
        store = Store(self.directory / DATABASE, readonly=True)
        self._snapshot = Snapshot(store, self._derived.vectors, self._derived.terms.searcher())
        self._seen = self._stamp()

    def _refresh(self) -> None:
        """Take up another process's commit, unless a writer is at it just now: then the old generation serves."""
        with self._lock.tried() as free:
            if free and self._stamp() != self._seen:
                self._derived.load()
                self._publish()

    def _stamp(self) -> tuple[int, int] | None:
        """Changes with every manifest: a replaced file has another inode or time."""
        try:
            found = os.stat(self._manifest_path)  # noqa: PTH116 (twice as fast as Path.stat, and on every ask)
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _warn(self, message: str) -> None:
        self._warnings.append(message)
        self._notify(message)
