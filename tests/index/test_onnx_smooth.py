"""A product whose input has a channel that is far larger than the rest."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.onnx_session import Session
from index.onnx_smooth import products, smooth
from index.onnx_weights import quantise

ROWS, COLUMNS = 64, 32


def network(weight: NDArray[np.float32], scores: NDArray[np.float32]) -> onnx.ModelProto:
    nodes = [
        helper.make_node("MatMul", ["x", "weight"], ["hidden"], "narrowing"),
        helper.make_node("MatMul", ["hidden", "scores"], ["y"], "scores"),
    ]
    constants = [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(scores, "scores")]
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", ROWS])
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 2])
    graph = helper.make_graph(nodes, "tiny", [value], [out], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.fixture
def made() -> tuple[onnx.ModelProto, dict[str, NDArray[np.float32]]]:
    rng = np.random.default_rng(5)
    weight = rng.normal(size=(ROWS, COLUMNS)).astype(np.float32)
    x = rng.uniform(-1, 1, (40, ROWS)).astype(np.float32)
    x[:, 9] *= 30
    weight[9] /= 30
    return network(weight, rng.normal(size=(COLUMNS, 2)).astype(np.float32)), {"x": x}


def run(model: onnx.ModelProto, path: Path, feeds: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    onnx.save_model(model, str(path))
    return Session(path).run(feeds)[0]


def test_the_product_stays_and_its_input_becomes_even(
    made: tuple[onnx.ModelProto, dict[str, NDArray[np.float32]]], tmp_path: Path
) -> None:
    model, feeds = made
    before = run(model, tmp_path / "before.onnx", feeds)
    smooth(model, [feeds])
    np.testing.assert_allclose(run(model, tmp_path / "after.onnx", feeds), before, rtol=1e-4, atol=1e-4)
    model.graph.output.append(helper.make_tensor_value_info("narrowing_evened", TensorProto.FLOAT, None))
    onnx.save_model(model, str(tmp_path / "probe.onnx"))
    channels = np.abs(Session(tmp_path / "probe.onnx").run(feeds)[1]).max(axis=0)
    assert channels.max() < 1.5 * np.median(channels)


def test_int8_loses_less_when_evened(
    made: tuple[onnx.ModelProto, dict[str, NDArray[np.float32]]], tmp_path: Path
) -> None:
    model, feeds = made
    exact = run(model, tmp_path / "plain.onnx", feeds)
    quantise(tmp_path / "plain.onnx", tmp_path / "even.onnx", [feeds])
    quantise(tmp_path / "plain.onnx", tmp_path / "uneven.onnx", [{"x": feeds["x"] * 0}])

    def lost(name: str) -> float:
        return float(np.abs(Session(tmp_path / name).run(feeds)[0] - exact).mean())

    assert lost("even.onnx") < lost("uneven.onnx") / 3


def test_a_product_that_gives_a_few_scores_is_left_alone(
    made: tuple[onnx.ModelProto, dict[str, NDArray[np.float32]]],
) -> None:
    assert [node.name for node in products(made[0].graph)] == ["narrowing"]
