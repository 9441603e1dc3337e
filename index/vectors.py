"""The vector index, by FAISS (the only file that imports it).

A `Vectors` never changes. It has a large *base* that FAISS searches, a small *delta* of newer vectors that one matrix
product searches, and marks for the base rows that are *dead*. A change makes a new `Vectors` that shares the base,
so that readers keep a whole generation while a writer makes the next, and adding one article costs what one
article costs. When the delta has grown, it is folded into a new base.

The base takes its form by size (figures: docs/performance.md): exact while that is fast; then lists around centres
found by k-means (IVF), vectors as one byte a dimension (SQ8), and a search looks into the lists nearest the question.
New vectors join the lists that are there, so growing needs no further training.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors as Matrix
from sources.errors import DamagedIndexError

Keys = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Exact search takes 5.7 ms at 100,000 vectors, IVF with SQ8 0.4 ms at recall@10 0.98; at 50,000 exact is still cheap.
EXACT_UP_TO = 50_000
# At a million vectors a search reads 1/16 of them: 3.3 ms. Recall@10 of that share rises with the number of lists: on
# 2,600 real passages 0.91 with 64, 0.95 with 128, 0.96 with 256, and then the first is always found. More lists take
# longer to fill.
LISTS = 1_024
LISTS_READ = 64
# FAISS asks for 39 vectors a list to find its centre from, and six rounds of k-means find them as well as more do.
TRAINED_ON = 40
ROUNDS = 6
# The delta costs a product with each of its rows: 4,096 x 384 floats are 6 MB, about 0.2 ms.
DELTA_ROWS = 4_096
DELTA_SHARE = 0.03


@dataclass(frozen=True, eq=False)
class Vectors:
    """Unit vectors by passage key; searched by inner product, which is the cosine.

    Attributes:
        dimension: length of a vector.
        base: a FAISS index whose row i belongs to `base_keys[i]`.
        base_keys: [rows] keys, in row order.
        dead: [rows] marks of removed base rows.
        delta_keys, delta: [n] keys and [n, dimension] vectors not yet in the base, live all.
    """

    dimension: int
    base: "faiss.Index"
    base_keys: Keys
    dead: Mask
    delta_keys: Keys
    delta: Matrix

    @classmethod
    def empty(cls, dimension: int) -> "Vectors":
        """No vectors yet."""
        none = np.empty(0, np.int64)
        return cls(dimension, faiss.IndexFlatIP(dimension), none, np.empty(0, np.bool_), *_nothing(dimension))

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
        most = max(DELTA_ROWS, DELTA_SHARE * len(self.base_keys))
        return len(self.delta_keys) > most or bool(np.count_nonzero(self.dead) > most)

    def folded(self) -> "Vectors":
        """The same vectors with everything live in the base, in the form that its size asks for."""
        live = ~self.dead
        keys = np.concatenate([self.base_keys[live], self.delta_keys])
        if isinstance(self.base, faiss.IndexIVF) and live.all():
            base = _copied(self.base)
            base.add(self.delta)
        else:
            stored = self.base.reconstruct_n(0, self.base.ntotal).reshape(-1, self.dimension)
            vectors = np.concatenate([stored[live], self.delta])
            base = _refilled(self.base, vectors) if isinstance(self.base, faiss.IndexIVF) else _formed(vectors)
        return Vectors(self.dimension, base, keys, np.zeros(len(keys), np.bool_), *_nothing(self.dimension))

    def search(self, vector: Matrix, k: int, allowed: Keys | None = None) -> list[tuple[int, float]]:
        """The k nearest to a [dimension] unit vector: (key, cosine), best first, equal scores in order of key.

        Args:
            vector: the question's vector.
            k: at most this many are returned.
            allowed: only these keys may be returned; None for all.
        """
        found = [*self._search_base(vector, k, allowed), *self._search_delta(vector, k, allowed)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _search_base(self, vector: Matrix, k: int, allowed: Keys | None) -> list[tuple[int, float]]:
        live = ~self.dead if allowed is None else ~self.dead & np.isin(self.base_keys, allowed)
        count = int(np.count_nonzero(live))
        if not count:
            return []
        chosen = faiss.IDSelectorBitmap(np.packbits(live, bitorder="little")) if count < len(live) else None
        parameters = faiss.SearchParameters(sel=chosen)
        if isinstance(self.base, faiss.IndexIVF):
            # Where few vectors are allowed, their lists may be far from the question: look into more of them.
            lists = min(self.base.nlist, math.ceil(LISTS_READ * len(live) / count))
            parameters = faiss.SearchParametersIVF(sel=chosen, nprobe=lists)
        # One question is too little work to share out: threads that wait for each other cost 40 ms on a busy machine.
        faiss.omp_set_num_threads(1)
        scores, rows = self.base.search(vector[None, :], min(k, count), params=parameters)
        found = rows[0] >= 0  # FAISS pads with row -1 where it has fewer results.
        return list(zip(self.base_keys[rows[0][found]].tolist(), scores[0][found].tolist(), strict=True))

    def _search_delta(self, vector: Matrix, k: int, allowed: Keys | None) -> list[tuple[int, float]]:
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
            faiss.write_index(self.base, str(directory / base_files[0]))
            np.save(directory / base_files[1], self.base_keys, allow_pickle=False)
        changes = f"changes-{generation}.npz"
        np.savez(directory / changes, dead=np.flatnonzero(self.dead), keys=self.delta_keys, vectors=self.delta)
        return (*base_files, changes)

    @classmethod
    def load(cls, directory: Path, names: tuple[str, ...], dimension: int) -> "Vectors":
        """Read what `save` named; the base is mapped into memory, not read.

        Raises:
            DamagedIndexError: a file is missing, malformed or of another dimension.
        """
        try:
            base_name, keys_name, changes_name = names
            base = faiss.read_index(str(directory / base_name), faiss.IO_FLAG_MMAP_IFC)
            base_keys = np.load(directory / keys_name, allow_pickle=False)
            empty = cls(dimension, base, base_keys, np.zeros(len(base_keys), np.bool_), *_nothing(dimension))
        except (OSError, ValueError, RuntimeError, EOFError) as error:
            raise DamagedIndexError(f"the vector index in {directory} cannot be read: {error}") from error
        if base.d != dimension or base.ntotal != len(base_keys):
            raise DamagedIndexError(
                f"the vector index in {directory} has {base.ntotal} vectors of dimension {base.d} for "
                f"{len(base_keys)} keys; expected dimension {dimension}"
            )
        return empty.with_changes_from(directory / changes_name)

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


def _formed(vectors: Matrix) -> "faiss.Index":
    """A FAISS index over [n, dimension] vectors in the form for n."""
    count, dimension = vectors.shape
    if count <= EXACT_UP_TO:
        index = faiss.IndexFlatIP(dimension)
    else:
        lists = min(LISTS, max(1, count // TRAINED_ON))
        centres = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(
            centres, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
        )
        index.cp.niter = ROUNDS
        index.cp.spherical = True
        index.train(np.ascontiguousarray(vectors[:: count // (TRAINED_ON * lists)]))
    index.add(np.ascontiguousarray(vectors))
    return index


def _refilled(former: "faiss.IndexIVF", vectors: Matrix) -> "faiss.IndexIVF":
    """The former's lists around the same centres, with these vectors in them and no others."""
    index = _copied(former)
    index.reset()
    index.add(vectors)
    return index


def _copied(index: "faiss.Index") -> "faiss.Index":
    """A copy with memory of its own; FAISS's `clone_index` of a mapped index crashes when something is added."""
    return faiss.deserialize_index(faiss.serialize_index(index))
