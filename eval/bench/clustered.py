"""An encoder for growth: real vectors for questions and made ones for passages, since embedding a million takes hours.

The vector of a passage is a mixture of two real passage vectors with some noise, chosen by a hash of the text. So it
lies where text lies, has near neighbours as text has, and the same text always has the same vector.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from index.encoder import Encoder, Vectors

_NOISE_ROWS = 65_536
# A mixture's second part weighs up to this, noise this much: neighbours then have cosines of 0.6 to 0.9, like text.
_SECOND, _NOISE = 0.8, 0.4


class ClusteredEncoder:
    """Implements `Encoder`.

    Args:
        real: embeds what is no passage of `Corpus.articles`.
        kinds: [n, dimension] real passage vectors to mix.
        record: gets every made vector as float16, in order, for exact search.
    """

    def __init__(self, real: Encoder, kinds: Vectors, record: BinaryIO | None = None) -> None:
        self.name = f"made vectors around {len(kinds)} real ones"
        self.fingerprint = f"made-{real.fingerprint}"
        self.dimension = real.dimension
        self.runtime = real.runtime
        self._real = real
        self._kinds = kinds
        self._record = record
        noise = np.random.default_rng(7).normal(size=(_NOISE_ROWS, real.dimension)).astype(np.float32)
        self._noise = noise * (_NOISE / np.sqrt(real.dimension))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder.encode`."""
        if not all(text.startswith("Article ") for text in texts):
            return self._real.encode(texts)
        digests = b"".join(hashlib.blake2b(text.encode(), digest_size=32).digest() for text in texts)
        numbers = np.frombuffer(digests, np.uint64).reshape(-1, 4)
        first, second = (self._kinds[numbers[:, column] % len(self._kinds)] for column in (0, 1))
        weights = (numbers[:, 2] % 1_000 / 1_000 * _SECOND).astype(np.float32)
        mixed = first + weights[:, None] * second + self._noise[numbers[:, 3] % _NOISE_ROWS]
        vectors: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        if self._record:
            self._record.write(vectors.astype(np.float16).tobytes())
        return vectors


def real_vectors(encoder: Encoder, texts: Sequence[str], kept: Path) -> Vectors:
    """The texts' vectors, from the file `kept` where it is there."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, encoder.encode(texts))
    vectors: Vectors = np.load(kept)
    return vectors
