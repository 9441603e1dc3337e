"""The seam of the embedding model: text in, unit vectors out."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors, so that the inner product is the cosine."""

    @property
    def name(self) -> str:
        """The model's name as the settings gave it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would: a hash of weights and numeric form."""
        ...

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        ...

    @property
    def runtime(self) -> str:
        """What runs the model: "native layers", "ONNX Runtime" or "PyTorch"."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape [len(texts), dimension], float32, each of length 1; the order is kept."""
        ...
