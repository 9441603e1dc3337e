"""Articles and passages in SQLite: the single truth, from which vectors and terms can be rebuilt."""

import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from index.filters import Filters
from index.passage import Passage, Placed
from index.rows import ARTICLE_COLUMNS, SCHEMA, article_of, pack, row_of, unpack, where
from sources.article import Article
from sources.errors import CatalogError, DamagedIndexError

# SQLite takes at most 32,766 parameters in a statement; well under it keeps statements short.
_BATCH = 500


class Store:
    """One connection to the article database. Writes happen inside `with store.transaction():`.

    Args:
        path: the database file, made when it does not exist unless `readonly`.
        readonly: hold one read transaction for the life of this object, so that every read sees one generation.

    Raises:
        DamagedIndexError: the file is not a Quotary database or is malformed.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        # A snapshot is read by many threads; sqlite3 serialises calls on one connection itself.
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        try:
            self._db.execute("PRAGMA foreign_keys = ON")
            if readonly:
                self._db.execute("PRAGMA query_only = ON")
                self._db.execute("BEGIN")
            else:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                    self._db.executescript(f"BEGIN; {SCHEMA} COMMIT;")
            schema = self._meta("schema")
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise DamagedIndexError(
                f"{path} cannot be read ({error}); it holds the articles and cannot be rebuilt: "
                "restore it from a copy, or remove the data directory and add the articles again"
            ) from error
        if schema != 1:
            self._db.close()
            raise CatalogError(f"{path} has schema {schema}; this version of Quotary reads schema 1")
        # Readers come and go on their own threads; the connection ends with the last one that holds this object, and
        # not before: SQLite crashes when a connection ends in the middle of another thread's query.
        self._finalizer = weakref.finalize(self, self._db.close)

    def close(self) -> None:
        """End the connection now; open read transactions end with it. Nobody else may be reading."""
        self._finalizer()

    @property
    def generation(self) -> int:
        """Counts committed changes, from 0."""
        return self._meta("generation")

    def check(self) -> None:
        """Read the whole file for structural damage.

        Raises:
            DamagedIndexError: SQLite finds the file malformed.
        """
        try:
            (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            found = str(error)
        if found != "ok":
            raise DamagedIndexError(f"{self.path} is damaged: {found}; restore it from a copy")

    @property
    def log_bytes(self) -> int:
        """Size of the write-ahead log."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.stat().st_size if log.exists() else 0

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the database as far as readers allow; gives whether all of it is there.

        The next commit can start the log anew only if no reader needs it: those that begin after this read the
        database alone.
        """
        busy, frames, moved = self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return not busy and bool(frames == moved)

    def transaction(self) -> "_Transaction":
        """All writes inside become one new generation, or none of them."""
        return _Transaction(self._db)

    # -- writing ----------------------------------------------------------------------------------------------

    def put(self, article: Article, passages: Iterable[Passage]) -> None:
        """Store an article with its passages in place of any former revision."""
        self.delete(article.id)
        row = self._db.execute(
            f"INSERT INTO articles ({ARTICLE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            row_of(article),
        ).lastrowid
        try:
            self._db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
                [(p.key, row, p.start, p.end, pack(p.sentences)) for p in passages],
            )
        except sqlite3.IntegrityError as error:
            raise CatalogError(f"two passages have the same key while adding {article.id}: {error}") from error

    def delete(self, article_id: str) -> None:
        """Remove an article and its passages; an unknown id changes nothing."""
        self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    # -- reading ----------------------------------------------------------------------------------------------

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        found = self._db.execute(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,)).fetchone()  # noqa: S608
        return article_of(found) if found else None

    def articles(self, after: str = "", limit: int = -1) -> list[Article]:
        """Articles with an id greater than `after`, by id; all of them where limit is -1."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
        return [article_of(row) for row in self._db.execute(query, (after, limit))]

    def article_ids(self) -> list[str]:
        """The ids of all articles, in order."""
        return [id_ for (id_,) in self._db.execute("SELECT id FROM articles ORDER BY id")]

    def with_text(self, sha256: str) -> list[Article]:
        """Articles whose text has this checksum."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE sha256 = ? ORDER BY id"  # noqa: S608
        return [article_of(row) for row in self._db.execute(query, (sha256,))]

    def passages(self, keys: Sequence[int]) -> dict[int, Placed]:
        """The passages with these keys, each with its article; keys not there are left out."""
        marks = ",".join("?" * len(keys))
        query = (
            'SELECT p.key, p.start, p."end", p.sentences, p.article FROM passages p '  # noqa: S608
            f"WHERE p.key IN ({marks})"
        )
        found = self._db.execute(query, list(keys)).fetchall()
        rows = sorted({row for *_, row in found})
        marks = ",".join("?" * len(rows))
        query = f"SELECT row, {ARTICLE_COLUMNS} FROM articles WHERE row IN ({marks})"  # noqa: S608
        articles = {row: article_of(rest) for row, *rest in self._db.execute(query, rows)}
        return {
            key: (Passage(key, articles[row].id, start, end, unpack(sentences)), articles[row])
            for key, start, end, sentences, row in found
        }

    def keys(self, article_id: str | None = None) -> list[int]:
        """The keys of all passages, or of one article's, in rising order."""
        if article_id is None:
            rows = self._db.execute("SELECT key FROM passages ORDER BY key")
        else:
            rows = self._db.execute(
                "SELECT key FROM passages WHERE article = (SELECT row FROM articles WHERE id = ?) ORDER BY key",
                (article_id,),
            )
        return [key for (key,) in rows]

    def matching_keys(self, filters: Filters) -> list[int]:
        """The keys of the passages that the filters let through."""
        condition, values = where(filters)
        query = f"SELECT p.key FROM articles a JOIN passages p ON p.article = a.row WHERE {condition}"  # noqa: S608
        return [key for (key,) in self._db.execute(query, values)]

    def undated(self, filters: Filters) -> int:
        """How many articles would match but for having no publication date."""
        if not (filters.published_from or filters.published_to):
            return 0
        condition, values = where(Filters(publishers=filters.publishers, article_ids=filters.article_ids))
        query = f"SELECT count(*) FROM articles a WHERE published_at IS NULL AND {condition}"  # noqa: S608
        return int(self._db.execute(query, values).fetchone()[0])

    def publishers(self) -> list[str]:
        """The names of all publishers, by name."""
        rows = self._db.execute("SELECT DISTINCT publisher FROM articles WHERE publisher NOT NULL ORDER BY publisher")
        return [name for (name,) in rows]

    def count_articles(self) -> int:
        """How many articles there are."""
        return int(self._db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def count_passages(self) -> int:
        """How many passages there are."""
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def iter_passages(self, keys: Sequence[int]) -> Iterator[Placed]:
        """The passages with these keys in the order given, read a batch at a time."""
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            found = self.passages(batch)
            yield from (found[key] for key in batch)

    def _meta(self, name: str) -> int:
        found = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if not found:
            raise sqlite3.DatabaseError(f"no {name} in it")
        return int(found[0])


class _Transaction:
    """Begins at once, counts the generation up and commits at a clean exit; rolls back otherwise."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._db.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
            self._db.execute("COMMIT")
        else:
            self._db.execute("ROLLBACK")
