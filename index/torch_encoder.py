"""The encoder as sentence-transformers runs it, on torch (the only file that imports sentence_transformers).

It is what the ONNX form is made from and measured against, and what runs a model that has no ONNX form.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import Vectors
from sources.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


def load_sentence_transformer(directory: Path, *, traceable: bool = False) -> "SentenceTransformer":
    """The model in a directory, on the processor.

    Importing takes seconds and half a gigabyte, so it happens here and not at the top.

    Args:
        directory: the model's folder.
        traceable: compute attention step by step ("eager"), so that an exported graph can be fused.

    Raises:
        ModelError: the directory holds no sentence-transformers model.
    """
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(
            str(directory),
            device="cpu",
            local_files_only=True,
            model_kwargs={"attn_implementation": "eager"} if traceable else {},
        )
    except Exception as error:  # whatever a foreign model folder makes the libraries raise
        raise ModelError(f"{directory} holds no sentence-transformers model: {error}") from error


class SentenceTransformerEncoder:
    """Implements `Encoder` with a `SentenceTransformer`.

    Args:
        name: the model's name as the settings gave it.
        fingerprint: hash of the model's content.
        model: from `load_sentence_transformer`.
        batch_size: texts in one forward pass.
    """

    runtime = "PyTorch"

    def __init__(self, name: str, fingerprint: str, model: "SentenceTransformer", *, batch_size: int = 32) -> None:
        dimension = model.get_embedding_dimension()
        if not dimension:
            raise ModelError(f"{name} does not say how long its vectors are")
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = dimension
        self._model = model
        self._batch_size = batch_size

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape [len(texts), dimension], float32, each of length 1; the order is kept."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors: Vectors = self._model.encode(
            list(texts), batch_size=self._batch_size, normalize_embeddings=True, convert_to_numpy=True
        )
        return vectors.astype(np.float32, copy=False)
