"""A layer small enough to compare number by number."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from index.onnx_fuse import _split_norms
from index.onnx_session import Session

WIDTH = 8


@pytest.mark.parametrize("biased", [True, False])
def test_apart_the_operators_give_what_the_fused_one_gave(tmp_path: Path, *, biased: bool) -> None:
    rng = np.random.default_rng(3)
    names = ["weight", "shift", *(["bias"] if biased else [])]
    constants = [numpy_helper.from_array(rng.normal(size=WIDTH).astype(np.float32), name) for name in names]
    fused = helper.make_node(
        "SkipLayerNormalization", ["x", "skipped", *names], ["y"], "norm", domain="com.microsoft", epsilon=1e-3
    )
    inputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["rows", 2, WIDTH]) for n in ("x", "skipped")]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 2, WIDTH])
    graph = helper.make_graph([fused], "layer", inputs, [output], constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    network = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    feeds = {name: rng.normal(size=(3, 2, WIDTH)).astype(np.float32) for name in ("x", "skipped")}
    onnx.save_model(network, str(tmp_path / "fused.onnx"))
    expected = Session(tmp_path / "fused.onnx").run(feeds)[0]
    _split_norms(network.graph)
    assert {node.op_type for node in network.graph.node} == {"Add", "LayerNormalization"}
    onnx.save_model(network, str(tmp_path / "apart.onnx"))
    np.testing.assert_allclose(Session(tmp_path / "apart.onnx").run(feeds)[0], expected, atol=1e-5)
