"""The catalog: one data directory of articles that can be added to, removed from and searched."""

from collections.abc import Iterable
from pathlib import Path

from index.batch import Batch
from index.derived import embedded
from index.encoder import Encoder
from index.generations import Generations, Notify, Progress
from index.report import AddReport, CatalogStatus
from index.snapshot import Snapshot
from index.split import Splitter, split
from sources.article import Article
from sources.errors import UnknownArticleError

# Work that an interruption can lose; also what one commit makes visible together.
BATCH_PASSAGES = 1_024


class Catalog:
    """Add, remove and search. Use `Catalog.open`; close it, or use it as a context manager.

    One writer at a time, across threads and processes, by a lock file; readers never wait for a writer.
    """

    def __init__(self, generations: Generations, encoder: Encoder, splitter: Splitter) -> None:
        self.encoder = encoder
        self._generations = generations
        self._splitter = splitter

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
        return cls(Generations(directory, encoder, splitter, notify), encoder, splitter)

    @property
    def directory(self) -> Path:
        """Where everything is kept."""
        return self._generations.directory

    def close(self) -> None:
        """End the database connections, that of the current snapshot too."""
        self._generations.close()

    def __enter__(self) -> "Catalog":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- reading ----------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The newest whole generation, also of changes that other processes made."""
        return self._generations.current()

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
            runtime=self.encoder.runtime,
            warnings=tuple(self._generations.warnings),
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
        with self._generations.writing():
            store = self._generations.store
            for article_id in ids:
                if store.article(article_id) is None:
                    raise UnknownArticleError(article_id)
            removed = [key for article_id in ids for key in store.keys(article_id)]
            with store.transaction():
                for article_id in ids:
                    store.delete(article_id)
            self._generations.commit(removed, [], self.encoder.encode([]))

    def reindex(self, progress: Progress = lambda _done, _all: None) -> None:
        """Cut every article into passages anew and rebuild vectors and terms from them.

        Args:
            progress: called with the number of passages done and of all passages.
        """
        with self._generations.writing():
            self._generations.rebuild(progress)

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
        vectors = embedded(self.encoder, placed)
        with self._generations.writing():
            store = self._generations.store
            replaced = tuple(id_ for id_ in batch.articles if store.article(id_) is not None)
            removed = [key for id_ in replaced for key in store.keys(id_)]
            with store.transaction():
                for article, passages in batch.articles.values():
                    store.put(article, passages)
            self._generations.commit(removed, placed, vectors)
        return AddReport(tuple(id_ for id_ in batch.articles if id_ not in replaced), replaced)
