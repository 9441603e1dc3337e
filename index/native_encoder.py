"""The encoder of the hot path where the native layers run: without onnxruntime, each text by itself."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from index.encoder import Vectors
from index.native import NativeLayers
from index.onnx_form import OnnxForm
from index.tokens import CHUNK, Ids, TextTokenizer

# Of a vector without length; what torch's `normalize` divides by at the least.
_SHORTEST = 1e-12


class NativeEncoder:
    """Implements `Encoder` over the native form that `onnx_export` made; safe to use from many threads.

    It has the weights of `OnnxEncoder` and so its fingerprint: what the two give differs by the rounding of states
    (docs/performance.md). A text takes one thread, and no padding; texts go side by side.

    Args:
        name: the model's name as the settings gave it.
        form: where the files are and what they hold.
        layers: those of the form.
        threads: texts that run at the same time when there are many.

    Raises:
        ModelError: the tokenizer cannot be loaded.
    """

    runtime = "native layers"

    def __init__(self, name: str, form: OnnxForm, layers: NativeLayers, *, threads: int = 2) -> None:
        self.name = name
        self.fingerprint = form.fingerprint
        self.dimension = form.dimension
        self._prompt = form.prompt
        self._layers = layers
        self._threads = threads
        self._tokenizer = TextTokenizer(form.tokenizer, max_tokens=form.max_tokens, pad_id=form.pad_id)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape [len(texts), dimension], float32, each of length 1; the order is kept."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), CHUNK):
            chunk = self._tokenizer.ids([self._prompt + text for text in texts[start : start + CHUNK]])
            if len(chunk) == 1 or self._threads == 1:
                for place, ids in enumerate(chunk, start):
                    vectors[place] = self._vector(ids)
                continue
            with ThreadPoolExecutor(self._threads) as pool:
                for place, vector in enumerate(pool.map(self._vector, chunk), start):
                    vectors[place] = vector
        return vectors

    def _vector(self, ids: Ids) -> Vectors:
        # Of length 1, a sum is what a mean is.
        total: Vectors = np.add.reduce(self._layers.of_ids(ids))
        total /= max(float(np.sqrt(total @ total)), _SHORTEST)
        return total
