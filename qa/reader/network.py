"""The seam below the trained readers: matrices in, logits out."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

HIDDEN = "hidden_states"
"""What a network that reads on takes: the states of the tokens that it reads."""


class Network(Protocol):
    """A question-answering network, on whatever runs it; `index.onnx_session.Session` is one."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Which of input_ids, attention_mask and token_type_ids it takes."""
        ...

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        """Start and end logits, each [rows, tokens], and whatever else it gives."""
        ...
