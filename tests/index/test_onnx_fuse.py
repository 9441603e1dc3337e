"""The operators that the real encoder's network consists of, once it is made."""

from collections import Counter
from pathlib import Path

import onnx

from index.encoder import Encoder


def test_layers_are_fused_where_that_is_faster(minilm: Encoder, encoder_cache: Path) -> None:
    assert minilm.dimension == 384
    path = max(encoder_cache.glob("*/network.onnx"), key=lambda found: found.stat().st_size)
    kinds = Counter(node.op_type for node in onnx.load(str(path)).graph.node)
    layers = 6
    assert kinds["Attention"] == kinds["FastGelu"] == layers
    assert kinds["MatMulInteger"] == 6 * layers
    assert kinds["LayerNormalization"] == 2 * layers + 1
    assert not {"MultiHeadAttention", "SkipLayerNormalization", "BiasGelu", "Softmax", "Erf", "MatMul"} & set(kinds)
    # One vector is made unit length once.
    assert kinds["ReduceL2"] == 1
