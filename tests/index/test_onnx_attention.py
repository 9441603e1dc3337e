"""Attention over a few tokens, compared number by number."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.onnx_attention import OPSET, standardise
from index.onnx_session import Session
from index.onnx_smooth import smooth

WIDTH, HEADS = 32, 4
PARTS = ("query", "key", "value")


def layer(*, masked: bool = True, scale: float | None = None) -> onnx.ModelProto:
    """Three products of one input, attention over them, and a product of what it gives."""
    rng = np.random.default_rng(2)
    constants = [
        numpy_helper.from_array(rng.normal(size=(WIDTH, WIDTH)).astype(np.float32) / 4, name)
        for name in (*PARTS, "out")
    ]
    constants.append(numpy_helper.from_array(rng.normal(size=3 * WIDTH).astype(np.float32), "biases"))
    nodes = [helper.make_node("MatMul", ["x", part], [f"{part}_x"], f"/{part}/MatMul") for part in PARTS]
    given = [*(f"{part}_x" for part in PARTS), "biases", *(["mask"] if masked else [])]
    nodes.append(
        helper.make_node(
            "MultiHeadAttention", given, ["mixed"], "attention", domain="com.microsoft", num_heads=HEADS, scale=scale
        )
    )
    nodes.append(helper.make_node("MatMul", ["mixed", "out"], ["y"], "/out/MatMul"))
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", "tokens", WIDTH])]
    if masked:
        inputs.append(helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "tokens"]))
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", "tokens", WIDTH])
    graph = helper.make_graph(nodes, "layer", inputs, [output], constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=11)


def run(network: onnx.ModelProto, path: Path, feeds: dict[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    onnx.save_model(network, str(path))
    session = Session(path)
    return session.run({name: feeds[name] for name in session.inputs})[0]


@pytest.fixture
def feeds() -> dict[str, NDArray[np.generic]]:
    mask = np.ones((3, 5), np.int32)
    mask[1, 3:] = mask[2, 1:] = 0
    return {"x": np.random.default_rng(4).normal(size=(3, 5, WIDTH)).astype(np.float32), "mask": mask}


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("scale", [None, 0.5])
def test_the_standard_operator_gives_what_the_fused_one_gave(
    tmp_path: Path, feeds: dict[str, NDArray[np.generic]], scale: float | None, *, masked: bool
) -> None:
    network = layer(masked=masked, scale=scale)
    expected = run(network, tmp_path / "fused.onnx", feeds)
    standardise(network.graph)
    kinds = [node.op_type for node in network.graph.node]
    assert (kinds.count("Attention"), kinds.count("Add"), kinds.count("MultiHeadAttention")) == (1, 3, 0)
    names = {weight.name for weight in network.graph.initializer}
    assert {"/query/bias", "/key/bias", "/value/bias"} <= names
    assert "biases" not in names
    # Rows of padding attend as they like.
    kept = feeds["mask"].astype(bool) if masked else np.ones((3, 5), bool)
    np.testing.assert_allclose(run(network, tmp_path / "standard.onnx", feeds)[kept], expected[kept], atol=1e-5)


def test_an_operator_with_other_inputs_stays(tmp_path: Path, feeds: dict[str, NDArray[np.generic]]) -> None:
    network = layer(masked=False)
    attention = next(node for node in network.graph.node if node.op_type == "MultiHeadAttention")
    attention.input[3] = ""
    before = run(network, tmp_path / "before.onnx", feeds)
    standardise(network.graph)
    assert [node.op_type for node in network.graph.node].count("MultiHeadAttention") == 1
    np.testing.assert_array_equal(run(network, tmp_path / "after.onnx", feeds), before)


def test_what_attention_gives_is_evened_in_the_weights_of_its_values(
    tmp_path: Path, feeds: dict[str, NDArray[np.generic]]
) -> None:
    network = layer(masked=False)
    standardise(network.graph)
    weights = {weight.name: weight for weight in network.graph.initializer}
    large = numpy_helper.to_array(weights["value"]).copy()
    large[:, 5] *= 50
    weights["value"].CopyFrom(numpy_helper.from_array(large, "value"))
    before = run(network, tmp_path / "before.onnx", feeds)
    smooth(network, [{"x": feeds["x"]}])
    np.testing.assert_allclose(run(network, tmp_path / "after.onnx", feeds), before, rtol=1e-3, atol=1e-3)
    # None but the input's own three products, which share one.
    assert [node.op_type for node in network.graph.node].count("Mul") <= 1
    values = numpy_helper.to_array(weights["value"])
    assert np.abs(values[:, 5]).max() < 5 * np.median(np.abs(values).max(axis=0))
    network.graph.output.append(helper.make_tensor_value_info("mixed", TensorProto.FLOAT, None))
    onnx.save_model(network, str(tmp_path / "probe.onnx"))
    mixed = Session(tmp_path / "probe.onnx").run({"x": feeds["x"]})[1].reshape(-1, WIDTH)
    channels = np.abs(mixed).max(axis=0)
    assert channels.max() < 2.5 * np.median(channels)
