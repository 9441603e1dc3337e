"""FAISS (the only file that imports it): rows of unit vectors, searched by inner product, in the form for their number.

Exact while that is fast; then lists around centres found by k-means (IVF), vectors as one byte a dimension with one
range of values for all (SQ8, uniform), and a search looks into the lists nearest the question. New vectors join the
lists that are there, until there are vectors for twice as many lists. Figures: docs/performance.md.
"""

import math
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors as Matrix

Mask = NDArray[np.bool_]

# Exact search reads every vector: at 11,000 that is 17 MB, 0.9 ms, and pushes the encoder's weights out of the cache,
# which costs its next question another 0.7 ms (docs/performance.md). Lists begin where that would start to show.
EXACT_UP_TO = 5_000
# At a million vectors a search reads 1/16 of them: 3.3 ms. Recall@10 of that share rises with the number of lists: on
# 2,600 real passages 0.91 with 64, 0.95 with 128, 0.96 with 256, and then the first is always found. More lists take
# longer to fill.
LISTS = 1_024
LISTS_READ = 64
# FAISS asks for 39 vectors a list to find its centre from, and six rounds of k-means find them as well as more do.
TRAINED_ON = 40
ROUNDS = 6
# Of the values, so many at each end are cut off, so that the others have finer steps. All dimensions have one range:
# with a range for each, a search takes 1.8 times as long and recall@10 on real text is 0.959 instead of 0.957.
CUT_OFF = 1e-4
# Rows taken out of an index at a time, 100 MB of floats.
_CHUNK = 65_536


class FaissIndex:
    """Rows that never change; `folded` gives another index.

    Args:
        index: a FAISS index for inner products.
        lists_read: lists that a search looks into, where there are lists; `LISTS_READ` by default.
    """

    def __init__(self, index: "faiss.Index", lists_read: int | None = None) -> None:
        self._index = index
        self._lists_read = lists_read or LISTS_READ
        self.dimension: int = index.d
        self._whole = self._parameters(1.0, None)

    @classmethod
    def empty(cls, dimension: int) -> "FaissIndex":
        """No rows yet."""
        return cls(faiss.IndexFlatIP(dimension))

    @classmethod
    def read(cls, path: Path) -> "FaissIndex":
        """An index that `write` wrote, mapped into memory, not read.

        Raises:
            RuntimeError: FAISS cannot read the file.
        """
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def write(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def is_exact(self) -> bool:
        """Whether a search compares the question with every row."""
        return not isinstance(self._index, faiss.IndexIVF)

    def reading(self, lists: int) -> "FaissIndex":
        """The same rows; a search looks into so many lists."""
        return FaissIndex(self._index, lists)

    def search(self, vector: Matrix, k: int, live: Mask | None = None) -> tuple[NDArray[np.int64], Matrix]:
        """Rows and inner products of the k best among the `live` rows, best first; fewer where there are fewer.

        Args:
            vector: [dimension], of length 1.
            k: at most this many are returned.
            live: [rows] marks those that may be returned; None for all.
        """
        count = len(self) if live is None else int(np.count_nonzero(live))
        if not count:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = self._whole
        if live is not None and count < len(live):
            chosen = faiss.IDSelectorBitmap(np.packbits(live, bitorder="little"))
            parameters = self._parameters(len(live) / count, chosen)
        # One question is too little work to share out: threads that wait for each other cost 40 ms on a busy machine.
        faiss.omp_set_num_threads(1)
        scores, rows = self._index.search(vector[None, :], min(k, count), params=parameters)
        found = int(np.count_nonzero(rows >= 0))  # FAISS ends with rows -1 where it has fewer results.
        return rows[0, :found], scores[0, :found]

    def _parameters(self, share: float, chosen: "faiss.IDSelector | None") -> "faiss.SearchParameters":
        """Of a search for the chosen rows, of which so many of all are one."""
        if self.is_exact:
            return faiss.SearchParameters(sel=chosen)
        # Where few vectors are allowed, their lists may be far from the question: look into more of them.
        return faiss.SearchParametersIVF(sel=chosen, nprobe=min(self._index.nlist, math.ceil(self._lists_read * share)))

    def folded(self, live: Mask, more: Matrix) -> "FaissIndex":
        """The `live` rows, then `more` ([n, dimension]), in the form that their number asks for."""
        faiss.omp_set_num_threads(1)  # the other core answers meanwhile
        count = int(np.count_nonzero(live)) + len(more)
        if self.is_exact or _lists(count) >= 2 * self._index.nlist:
            kept = [self._rows(start)[live[start : start + _CHUNK]] for start in range(0, len(live), _CHUNK)]
            return FaissIndex(_formed(np.concatenate([*kept, more])))
        # A copy with memory of its own: FAISS's `clone_index` of a mapped index crashes when something is added.
        index = faiss.deserialize_index(faiss.serialize_index(self._index))
        if not live.all():
            index.reset()
            for start in range(0, len(live), _CHUNK):
                index.add(self._rows(start)[live[start : start + _CHUNK]])
        index.add(more)
        return FaissIndex(index)

    def _rows(self, start: int) -> Matrix:
        """The next rows from `start` on, [n, dimension]; n is the size of a chunk, or what is left."""
        count = min(_CHUNK, len(self) - start)
        rows: Matrix = self._index.reconstruct_n(start, count).reshape(count, self.dimension)
        return rows


def _lists(count: int) -> int:
    """How many lists so many vectors are kept in."""
    return min(LISTS, max(1, count // TRAINED_ON))


def _formed(vectors: Matrix) -> "faiss.Index":
    """A FAISS index over [n, dimension] vectors in the form for n."""
    count, dimension = vectors.shape
    if count <= EXACT_UP_TO:
        index = faiss.IndexFlatIP(dimension)
    else:
        lists = _lists(count)
        centres = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(
            centres, dimension, lists, faiss.ScalarQuantizer.QT_8bit_uniform, faiss.METRIC_INNER_PRODUCT, False
        )
        index.sq.rangestat, index.sq.rangestat_arg = faiss.ScalarQuantizer.RS_quantiles, CUT_OFF
        index.cp.niter = ROUNDS
        index.cp.spherical = True
        index.train(np.ascontiguousarray(vectors[:: count // (TRAINED_ON * lists)]))
    index.add(np.ascontiguousarray(vectors))
    return index
