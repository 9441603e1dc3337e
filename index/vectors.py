"""The vector index: a large base, a small delta, and marks for what is gone.

A `Vectors` never changes. It has a *base* that FAISS searches, a *delta* of newer vectors that are searched one by
one, and marks for the base rows that are *dead*. A change makes a new `Vectors` that shares the base, so that readers
keep a whole generation while a writer makes the next, and adding one article costs what one article costs. When the
delta has grown, it is folded into a new base.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors as Matrix
from index.faiss_index import FaissIndex
from index.scored import Scored, best_first
from sources.errors import DamagedIndexError

Keys = NDArray[np.int64]
Mask = NDArray[np.bool_]

# The delta costs a product with each of its rows: 1,024 x 384 floats are 1.6 MB, about 0.1 ms.
DELTA_ROWS = 1_024
DELTA_SHARE = 0.03
# Beyond so many times that, adding waits for the fold that is under way.
OVERDUE = 4


@dataclass(frozen=True, eq=False)
class Vectors:
    """Unit vectors by passage key; searched by inner product, which is the cosine.

    Attributes:
        dimension: length of a vector.
        base: the index whose row i belongs to `base_keys[i]`.
        base_keys: [rows] keys, in row order.
        dead: [rows] marks of removed base rows.
        delta_keys, delta: [n] keys and [n, dimension] vectors not yet in the base, live all.
    """

    dimension: int
    base: FaissIndex
    base_keys: Keys
    dead: Mask
    delta_keys: Keys
    delta: Matrix

    @classmethod
    def empty(cls, dimension: int) -> "Vectors":
        """No vectors yet."""
        none = np.empty(0, np.int64)
        return cls(dimension, FaissIndex.empty(dimension), none, np.empty(0, np.bool_), *_nothing(dimension))

    def __len__(self) -> int:
        return int(len(self.base_keys) - np.count_nonzero(self.dead) + len(self.delta_keys))

    def keys(self) -> set[int]:
        """The keys of all live vectors."""
        return set(self.base_keys[~self.dead].tolist()) | set(self.delta_keys.tolist())

    def changed(self, removed: Iterable[int], keys: Keys, vectors: Matrix) -> "Vectors":
        """These vectors without the `removed` keys and with the new ones ([n] keys, [n, dimension] vectors).

        Raises:
            ValueError: shapes that do not fit each other or this index.
        """
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError(
                f"{len(keys)} keys need vectors of shape {(len(keys), self.dimension)}, got {vectors.shape}"
            )
        gone = np.fromiter(removed, np.int64)
        kept = ~np.isin(self.delta_keys, gone)
        return replace(
            self,
            dead=self.dead | np.isin(self.base_keys, gone) if len(gone) else self.dead,
            delta_keys=np.concatenate([self.delta_keys[kept], keys]),
            delta=np.concatenate([self.delta[kept], vectors.astype(np.float32, copy=False)]),
        )

    @property
    def wants_folding(self) -> bool:
        """Whether delta or dead rows have grown past what is cheap to carry."""
        return self._carried > 1

    @property
    def is_overdue(self) -> bool:
        """Whether they have grown to several times that."""
        return self._carried > OVERDUE

    @property
    def _carried(self) -> float:
        most = max(DELTA_ROWS, DELTA_SHARE * len(self.base_keys))
        return max(len(self.delta_keys), int(np.count_nonzero(self.dead))) / most

    def folded(self) -> "Vectors":
        """The same vectors with everything live in the base, in the form that its size asks for."""
        live = ~self.dead
        keys = np.concatenate([self.base_keys[live], self.delta_keys])
        base = self.base.folded(live, self.delta)
        return Vectors(self.dimension, base, keys, np.zeros(len(keys), np.bool_), *_nothing(self.dimension))

    def onto(self, formed: "Vectors") -> "Vectors":
        """These vectors over another base: one that an earlier state of them was folded into.

        A key stands for the same words and so for the same vector wherever it is; what the base has is taken from
        there, what it has too much is dead, what it lacks is carried on.
        """
        dead = ~np.isin(formed.base_keys, np.fromiter(self.keys(), np.int64, len(self)))
        new = ~np.isin(self.delta_keys, formed.base_keys)
        missing = self.base_keys[~self.dead & ~np.isin(self.base_keys, formed.base_keys)]
        if len(missing):
            raise ValueError(f"{len(missing)} vectors are neither in the delta nor in the new base")
        return replace(formed, dead=dead, delta_keys=self.delta_keys[new], delta=self.delta[new])

    def search(self, vector: Matrix, k: int, allowed: Keys | None = None) -> list[Scored]:
        """The k nearest to a [dimension] unit vector: (key, cosine), best first, equal scores in order of key.

        Args:
            vector: the question's vector.
            k: at most this many are returned.
            allowed: only these keys may be returned; None for all.
        """
        found = self._search_base(vector, k, allowed)
        if len(self.delta_keys):
            found += self._search_delta(vector, k, allowed)
        return best_first(found)[:k]

    @cached_property
    def _live(self) -> Mask | None:
        """Marks the base rows that are not dead; None where none is."""
        return ~self.dead if self.dead.any() else None

    def _search_base(self, vector: Matrix, k: int, allowed: Keys | None) -> list[Scored]:
        live = self._live if allowed is None else ~self.dead & np.isin(self.base_keys, allowed)
        rows, scores = self.base.search(vector, k, live)
        return list(zip(self.base_keys[rows].tolist(), scores.tolist(), strict=True))

    def _search_delta(self, vector: Matrix, k: int, allowed: Keys | None) -> list[Scored]:
        keys, vectors = self.delta_keys, self.delta
        if allowed is not None:
            chosen = np.flatnonzero(np.isin(keys, allowed))
            keys, vectors = keys[chosen], vectors[chosen]
        # Row by row: a matrix product would share itself out over threads, which wait long for each other on a busy
        # machine (measured: 50 ms instead of 1).
        scores = np.vecdot(vectors, vector)
        best = np.argpartition(-scores, k)[:k] if len(scores) > k else np.arange(len(scores))
        return list(zip(keys[best].tolist(), scores[best].tolist(), strict=True))

    # -- on disk ----------------------------------------------------------------------------------------------

    def save(self, directory: Path, generation: int, base_files: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Write the files of this generation and return their names, base first.

        Args:
            directory: made when it does not exist.
            generation: goes into the names, so that no file of an older generation is touched.
            base_files: the base's files where they are already there; then they are not written again.
        """
        directory.mkdir(parents=True, exist_ok=True)
        if not base_files:
            base_files = (f"base-{generation}.faiss", f"base-{generation}.npy")
            self.base.write(directory / base_files[0])
            np.save(directory / base_files[1], self.base_keys, allow_pickle=False)
        # Re-forming gives a generation another base, and with it other changes.
        changes = f"changes-{generation}-over-{Path(base_files[0]).stem}.npz"
        np.savez(directory / changes, dead=np.flatnonzero(self.dead), keys=self.delta_keys, vectors=self.delta)
        return (*base_files, changes)

    @classmethod
    def load(cls, directory: Path, names: tuple[str, ...], dimension: int) -> "Vectors":
        """Read what `save` named; the base is mapped into memory, not read.

        Raises:
            DamagedIndexError: a file is missing, malformed or of another dimension.
        """
        base_name, keys_name, changes_name = names
        empty = cls.load_base(directory, base_name, keys_name, dimension)
        return empty.with_changes_from(directory / changes_name)

    @classmethod
    def load_base(cls, directory: Path, base_name: str, keys_name: str, dimension: int) -> "Vectors":
        """The base alone, as it was saved, with nothing dead and no delta.

        Raises:
            DamagedIndexError: a file is missing, malformed or of another dimension.
        """
        try:
            base = FaissIndex.read(directory / base_name)
            base_keys = np.load(directory / keys_name, allow_pickle=False)
        except (OSError, ValueError, RuntimeError, EOFError) as error:
            raise DamagedIndexError(f"the vector index in {directory} cannot be read: {error}") from error
        if base.dimension != dimension or len(base) != len(base_keys):
            raise DamagedIndexError(
                f"the vector index in {directory} has {len(base)} vectors of dimension {base.dimension} for "
                f"{len(base_keys)} keys; expected dimension {dimension}"
            )
        return cls(dimension, base, base_keys, np.zeros(len(base_keys), np.bool_), *_nothing(dimension))

    def with_changes_from(self, path: Path) -> "Vectors":
        """The same base with the dead rows and the delta of a saved generation.

        Raises:
            DamagedIndexError: the file is missing, malformed or belongs to another base.
        """
        dead = np.zeros(len(self.base_keys), np.bool_)
        try:
            with np.load(path, allow_pickle=False) as changes:
                dead[changes["dead"]] = True
                keys, vectors = changes["keys"], changes["vectors"]
            return replace(self, dead=dead, delta_keys=keys, delta=vectors.reshape(len(keys), self.dimension))
        except (OSError, ValueError, KeyError, IndexError, EOFError) as error:
            raise DamagedIndexError(f"{path} cannot be read: {error}") from error


def _nothing(dimension: int) -> tuple[Keys, Matrix]:
    return np.empty(0, np.int64), np.empty((0, dimension), np.float32)
