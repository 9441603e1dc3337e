"""Any Hugging Face question-answering model as a `Network`, on torch: for models that a user names in the settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sources.errors import ModelError


class TorchNetwork:
    """Implements `Network` with transformers. Importing torch takes seconds, so it happens at construction.

    Args:
        directory: a folder with config.json and weights of a model for question answering.

    Attributes:
        inputs: what the model's tokenizer gives.
        max_tokens: the longest input that the model has positions for.

    Raises:
        ModelError: the folder holds no such model.
    """

    def __init__(self, directory: Path) -> None:
        import torch
        from transformers import AutoConfig, AutoModelForQuestionAnswering

        try:
            config = AutoConfig.from_pretrained(directory, local_files_only=True)
            self._model = AutoModelForQuestionAnswering.from_pretrained(directory, local_files_only=True).eval()
        except Exception as error:  # whatever a foreign model folder makes the library raise
            raise ModelError(f"{directory} holds no question-answering model: {error}") from error
        self._torch = torch
        # Models without segment embeddings (DistilBERT, RoBERTa) do not take token types, or take only one.
        typed = getattr(config, "type_vocab_size", 0) > 1
        self.inputs: tuple[str, ...] = ("input_ids", "attention_mask", *(["token_type_ids"] if typed else []))
        # RoBERTa's positions begin after its padding id: 512 of its 514 can be used.
        self.max_tokens = int(getattr(config, "max_position_embeddings", 512)) // 8 * 8

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        """Start and end logits, each [rows, tokens]."""
        with self._torch.inference_mode():
            outputs = self._model(**{name: self._torch.from_numpy(matrix) for name, matrix in feeds.items()})
        return [outputs.start_logits.float().numpy(), outputs.end_logits.float().numpy()]
