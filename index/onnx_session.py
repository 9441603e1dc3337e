"""Running a network on onnxruntime (the only file that opens a session; the reader's network runs here too)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from sources.errors import ModelError

_ERRORS_ONLY = 3
# What onnxruntime would fuse at load and is faster apart: index/onnx_fuse.py.
_SLOWER = ("SkipLayerNormFusion",)


class Session:
    """One network, ready to run; safe to use from many threads.

    Args:
        model: an ONNX file, or its bytes.
        threads: threads one run may use. With more than one they wait for each other at every layer: worth it
            only for long inputs on a machine that does nothing else.

    Attributes:
        inputs, outputs: names, in the order of the graph.

    Raises:
        ModelError: the file is missing or is no network that onnxruntime runs.
    """

    def __init__(self, model: Path | bytes, *, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        # Waiting threads sleep: polling gains some microseconds a run and burns a core between runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session: Any = onnxruntime.InferenceSession(
                model if isinstance(model, bytes) else str(model),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=list(_SLOWER),
            )
        except Exception as error:  # onnxruntime's own exceptions share no base but Exception
            named = f"{len(model)} bytes of model" if isinstance(model, bytes) else str(model)
            raise ModelError(f"{named} cannot be run: {error}") from error
        self.inputs: tuple[str, ...] = tuple(node.name for node in self._session.get_inputs())
        self.outputs: tuple[str, ...] = tuple(node.name for node in self._session.get_outputs())

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        """All outputs for the named inputs, in the order of `outputs`."""
        results: list[NDArray[np.float32]] = self._session.run(None, dict(feeds))
        return results
