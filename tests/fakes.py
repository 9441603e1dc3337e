"""Deterministic stand-ins at the seams, for tests that need speed more than meaning."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from index.encoder import Vectors
from sources.article import Article

WHEN = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True)
class WordEncoder:
    """Each word is a fixed direction: texts that share words are near each other."""

    name: str = "words"
    fingerprint: str = "words-1"
    dimension: int = 64
    runtime: str = "Python"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension, np.float32)
            vectors[row] /= np.linalg.norm(vectors[row]) or 1.0
        return vectors


def article(name: str, text: str, **fields: object) -> Article:
    """An article with little said about it."""
    given = {"name": name, "origin": f"/archive/{name}", "title": name, "text": text, "added_at": WHEN, **fields}
    return Article.create(**given)  # type: ignore[arg-type]
