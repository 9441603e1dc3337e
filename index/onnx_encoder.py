"""The encoder of the hot path: onnxruntime and tokenizers, without torch."""

from collections.abc import Sequence

import numpy as np

from index.encoder import Vectors
from index.onnx_form import OnnxForm
from index.onnx_session import Session
from index.tokens import TextTokenizer

# Ids in one run. Larger batches gain nothing here and fall out of the cache; 16 passages of 130 words fit.
TOKEN_BUDGET = 4_096
# Texts tokenized at once: bounds memory, and is long enough for sorting by length to pay.
CHUNK = 1_024


class OnnxEncoder:
    """Implements `Encoder` over the files that `onnx_export` made; safe to use from many threads.

    The network ends in pooling and normalisation, so that it gives [n, dimension] unit vectors itself.

    Raises:
        ModelError: a file cannot be loaded.
    """

    def __init__(self, name: str, form: OnnxForm, *, threads: int = 2) -> None:
        self.name = name
        self.fingerprint = form.fingerprint
        self.dimension = form.dimension
        self._prompt = form.prompt
        self._tokenizer = TextTokenizer(form.tokenizer, max_tokens=form.max_tokens, pad_id=form.pad_id)
        self._session = Session(form.network, threads=threads)
        self._typed = "token_type_ids" in self._session.inputs

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape [len(texts), dimension], float32, each of length 1; the order is kept."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), CHUNK):
            chunk = [self._prompt + text for text in texts[start : start + CHUNK]]
            for batch in self._tokenizer.batches(chunk, TOKEN_BUDGET):
                feeds = {"input_ids": batch.ids, "attention_mask": batch.mask}
                if self._typed:
                    feeds["token_type_ids"] = np.zeros_like(batch.ids)
                vectors[start + batch.rows] = self._session.run(feeds)[0]
        return vectors
