"""Snapshot: one generation of the index, whole, for as long as someone reads it."""

from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np

from index.encoder import Vectors as Matrix
from index.filters import Filters
from index.passage import Passage
from index.scored import Scored
from index.store import Store
from index.terms import TermSearcher
from index.vectors import Keys, Vectors
from sources.article import Article

_FILTERS_KEPT = 64


class Snapshot:
    """Searches by passage key over one generation; later changes do not show. Safe to use from many threads.

    Args:
        store: a read-only store whose transaction began at this generation; it ends with the last who holds it.
        vectors, terms: the derived indexes of the same generation.
    """

    def __init__(self, store: Store, vectors: Vectors, terms: TermSearcher) -> None:
        self.generation = store.generation
        self.store = store
        self._vectors = vectors
        self._terms = terms
        # Bound to the store, not to self: a cycle would keep the connection open until the next collection.
        self._allowed = lru_cache(_FILTERS_KEPT)(partial(_matching, store))

    def __len__(self) -> int:
        return len(self._vectors)

    def dense(self, vector: Matrix, k: int, filters: Filters) -> list[Scored]:
        """The k passages nearest to a question's [dimension] unit vector: (key, cosine), best first."""
        return self._vectors.search(vector, k, self._allowed(filters) if filters else None)

    def lexical(self, question: str, k: int, filters: Filters) -> list[Scored]:
        """The k passages with the highest BM25 for the question's words: (key, score), best first."""
        return self._terms.search(question, k, filters)

    def passages(self, keys: Sequence[int]) -> dict[int, tuple[Passage, Article]]:
        """The passages with these keys, each with its article."""
        return self.store.passages(keys)

    def close(self) -> None:
        """End the read transaction now instead of with the last reference."""
        self.store.close()


def _matching(store: Store, filters: Filters) -> Keys:
    return np.array(store.matching_keys(filters), np.int64)
