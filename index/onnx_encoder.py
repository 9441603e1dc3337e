"""The encoder of the hot path: onnxruntime and tokenizers, without torch."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from index.encoder import Vectors
from index.onnx_form import OnnxForm
from index.onnx_session import Session
from index.tokens import CHUNK, Batch, TextTokenizer

# Ids in one run. 4,096 take 14% more time a passage, 2,048 3%: the activations of 1,024 stay in the cache.
TOKEN_BUDGET = 1_024


class OnnxEncoder:
    """Implements `Encoder` over the files that `onnx_export` made; safe to use from many threads.

    The network ends in pooling and normalisation, so that it gives [n, dimension] unit vectors itself. One run uses
    one thread, and several batches run side by side: nothing waits at every layer for the slowest thread, and a
    server's questions do not fight over cores.

    Args:
        name: the model's name as the settings gave it.
        form: where the files are and what they hold.
        threads: batches that run at the same time when there are many texts.

    Raises:
        ModelError: a file cannot be loaded.
    """

    runtime = "ONNX Runtime"

    def __init__(self, name: str, form: OnnxForm, *, threads: int = 2) -> None:
        self.name = name
        self.fingerprint = form.fingerprint
        self.dimension = form.dimension
        self._prompt = form.prompt
        self._threads = threads
        self._tokenizer = TextTokenizer(form.tokenizer, max_tokens=form.max_tokens, pad_id=form.pad_id)
        self._session = Session(form.network, threads=1)
        self._typed = "token_type_ids" in self._session.inputs

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape [len(texts), dimension], float32, each of length 1; the order is kept."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), CHUNK):
            chunk = [self._prompt + text for text in texts[start : start + CHUNK]]
            batches = list(self._tokenizer.batches(chunk, TOKEN_BUDGET))
            if len(batches) == 1:
                vectors[start + batches[0].rows] = self._run(batches[0])
                continue
            with ThreadPoolExecutor(self._threads) as pool:
                for batch, found in zip(batches, pool.map(self._run, batches), strict=True):
                    vectors[start + batch.rows] = found
        return vectors

    def _run(self, batch: Batch) -> Vectors:
        feeds = {"input_ids": batch.ids, "attention_mask": batch.mask}
        if self._typed:
            feeds["token_type_ids"] = np.zeros_like(batch.ids)
        return self._session.run(feeds)[0]
