"""Any sentence-transformers cross-encoder as a reader: it orders the passages, the sentence reader marks them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from qa.hit import Hit
from qa.reader.reader import Reader, Reading
from sources.errors import ModelError


class PairScorer(Protocol):
    """What is needed of `sentence_transformers.CrossEncoder`."""

    def predict(
        self, sentences: list[tuple[str, str]], *, show_progress_bar: bool
    ) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
        """A score for each pair."""
        ...


@dataclass(frozen=True)
class CrossEncoderReader:
    """Implements `Reader`.

    Attributes:
        name: of the cross-encoder.
        scorer: the cross-encoder.
        marker: finds the sentence to mark.
    """

    name: str
    scorer: PairScorer
    marker: Reader
    reranks: bool = field(default=True, init=False)

    def read(self, question: str, hits: Sequence[Hit]) -> tuple[Reading, ...]:
        """One reading per hit: the cross-encoder's score, the marker's spans."""
        if not hits:
            return ()
        scores = self.scorer.predict([(question, hit.text) for hit in hits], show_progress_bar=False)
        marked = self.marker.read(question, hits)
        return tuple(replace(found, score=float(score)) for found, score in zip(marked, scores, strict=True))


def load_cross_encoder(directory: Path) -> PairScorer:
    """The cross-encoder in a folder, giving logits, not probabilities.

    Raises:
        ModelError: the folder holds none, or one with several labels.
    """
    import torch
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(str(directory), device="cpu", local_files_only=True, activation_fn=torch.nn.Identity())
    except Exception as error:  # whatever a foreign model folder makes the libraries raise
        raise ModelError(f"{directory} holds no cross-encoder: {error}") from error
    if model.num_labels != 1:
        raise ModelError(f"{directory} gives {model.num_labels} scores for a pair; a cross-encoder with one is needed")
    scorer: PairScorer = model
    return scorer
