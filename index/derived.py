"""Vectors and terms as one thing: both derived from the store, both of the same generation, one manifest over them."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.encoder import Encoder
from index.encoder import Vectors as Matrix
from index.manifest import Checksum, Manifest
from index.passage import Placed
from index.store import Store
from index.terms import Terms
from index.vectors import Vectors
from sources.errors import DamagedIndexError, ModelMismatchError, OutdatedIndexError

Progress = Callable[[int], None]

VECTORS = "vectors"
TERMS = "terms"
# Counts up whenever the same articles would give other passages, other vectors or other terms: an index with another
# number is rebuilt at start.
RECIPE = 2
# Tantivy rewrites these two at every commit; every other file of its directory is written once.
_REWRITTEN = frozenset({"meta.json", ".managed.json"})
# Passages encoded and committed together when an index is rebuilt: a few seconds of work.
REBUILD_BATCH = 1_024


class Derived:
    """The derived indexes of one data directory, for the process that holds its lock.

    Args:
        directory: the data directory.
        encoder: makes the vectors.

    Attributes:
        vectors: the current, immutable vectors.
        terms: the lexical index on disk.
        manifest: what is on disk, or None before the first save.
    """

    def __init__(self, directory: Path, encoder: Encoder) -> None:
        self.directory = directory
        self.encoder = encoder
        self.vectors = Vectors.empty(encoder.dimension)
        self.terms: Terms
        self.manifest: Manifest | None = None
        self._base: tuple[Checksum, ...] = ()

    def load(self) -> None:
        """Read what the manifest names, after checking it; a base that is already loaded is kept.

        Raises:
            DamagedIndexError: manifest or a file is missing, or fails its checksum.
            ModelMismatchError: the vectors are another model's.
            OutdatedIndexError: another version's code made them.
        """
        manifest = Manifest.read(self.directory)
        if manifest is None:
            raise DamagedIndexError(f"{self.directory} has no manifest")
        if manifest.recipe != RECIPE:
            raise OutdatedIndexError(
                f"the index was made by another version of Quotary (recipe {manifest.recipe}, this one has {RECIPE})"
            )
        if manifest.fingerprint != self.encoder.fingerprint:
            raise ModelMismatchError(
                f"the index was made with {manifest.model} ({manifest.fingerprint[:12]}), "
                f"the settings name {self.encoder.name} ({self.encoder.fingerprint[:12]})"
            )
        folder = self.directory / VECTORS
        names = tuple(Path(file.name).name for file in manifest.vectors)
        if self.manifest and self.manifest.vectors[:2] == manifest.vectors[:2]:
            vectors = self.vectors.with_changes_from(folder / names[-1])
        else:
            manifest.verify(self.directory)
            vectors = Vectors.load(folder, names, self.encoder.dimension)
        self.terms = Terms(self.directory / TERMS)
        self.vectors, self.manifest, self._base = vectors, manifest, manifest.vectors[:2]

    def reset(self) -> None:
        """Forget and delete both indexes; the store is not touched."""
        for name in (VECTORS, TERMS):
            shutil.rmtree(self.directory / name, ignore_errors=True)
        self.vectors = Vectors.empty(self.encoder.dimension)
        self.terms = Terms(self.directory / TERMS)
        self.manifest, self._base = None, ()

    def apply(self, removed: list[int], added: list[Placed], vectors: Matrix) -> None:
        """Change both indexes; on disk only after `save`."""
        keys = np.array([passage.key for passage, _ in added], np.int64)
        self.terms.apply(removed, added)
        self.vectors = self.vectors.changed(removed, keys, vectors)

    def stage(self, vectors: Vectors, generation: int, folder: Path) -> tuple[Checksum, ...]:
        """Fold vectors and write their base into `folder`; the long part of re-forming, done without the lock."""
        names = vectors.folded().save(folder, generation)[:2]
        return tuple(replace(Checksum.of(folder, name), name=f"{VECTORS}/{name}") for name in names)

    def adopt(self, staged: tuple[Checksum, ...], folder: Path) -> None:
        """Put the newest vectors onto a staged base and move its files where they belong; then `save`."""
        for file in staged:
            (folder / Path(file.name).name).replace(self.directory / file.name)
        base, keys = (Path(file.name).name for file in staged)
        # Mapped anew, the base no longer takes memory of its own.
        formed = Vectors.load_base(self.directory / VECTORS, base, keys, self.encoder.dimension)
        self.vectors = self.vectors.onto(formed)
        self._base = staged

    def save(self, store: Store) -> None:
        """Write the vectors and a manifest that names the store's generation; then drop what no manifest names."""
        base_files = tuple(Path(file.name).name for file in self._base)
        names = self.vectors.save(self.directory / VECTORS, store.generation, base_files)
        known = {file.name: file for file in (*self.manifest.vectors, *self.manifest.terms)} if self.manifest else {}
        known |= {file.name: file for file in self._base}
        self.manifest = Manifest(
            generation=store.generation,
            recipe=RECIPE,
            model=self.encoder.name,
            fingerprint=self.encoder.fingerprint,
            dimension=self.encoder.dimension,
            articles=store.count_articles(),
            passages=len(self.vectors),
            vectors=tuple(self._checksum(f"{VECTORS}/{name}", known) for name in names),
            terms=tuple(self._checksum(f"{TERMS}/{name}", known) for name in self.terms.files()),
        )
        self._base = self.manifest.vectors[:2]
        self.manifest.write(self.directory)
        for path in (self.directory / VECTORS).iterdir():
            if path.name not in names:
                path.unlink()

    def reconcile(self, store: Store, progress: Progress) -> None:
        """Make both indexes hold exactly the store's passages, embedding only what is missing, and save.

        Args:
            store: the truth.
            progress: called with the number of passages done so far.
        """
        wanted = store.keys()
        live = set(wanted)
        with_vector, with_terms = self.vectors.keys(), self.terms.searcher().keys()
        nothing: Matrix = np.empty((0, self.encoder.dimension), np.float32)
        self.vectors = self.vectors.changed(with_vector - live, np.empty(0, np.int64), nothing)
        self.terms.apply(sorted(with_terms - live), store.iter_passages([k for k in wanted if k not in with_terms]))
        missing = [key for key in wanted if key not in with_vector]
        for start in range(0, len(missing), REBUILD_BATCH):
            keys = missing[start : start + REBUILD_BATCH]
            vectors = embedded(self.encoder, list(store.iter_passages(keys)))
            self.vectors = self.vectors.changed([], np.array(keys, np.int64), vectors)
            progress(start + len(keys))
        if self.vectors.wants_folding:
            self.vectors, self._base = self.vectors.folded(), ()
        self.save(store)

    def _checksum(self, name: str, known: dict[str, Checksum]) -> Checksum:
        """Files written once keep the checksum they had: at a million passages, reading them all takes a second."""
        if name in known and Path(name).name not in _REWRITTEN:
            return known[name]
        return Checksum.of(self.directory, name)


def embedded(encoder: Encoder, passages: list[Placed]) -> Matrix:
    """Vectors [n, dimension] of passages, each under its article's title.

    A passage that says "the council" is found for a question that names it: docs/decisions.md has the figures.
    """
    return encoder.encode([f"{article.title}\n{passage.span.of(article.text)}" for passage, article in passages])
