"""Evens out the inputs of a network's products, so that one int8 scale fits all of a product's input.

In a transformer a few channels of these inputs are several times as large as the rest; rounded with one scale for all,
the rest keeps few of its digits. Such a channel is divided by what it is too large by, and the weights that meet it are
multiplied by the same: the product stays what it was. SmoothQuant (Xiao et al. 2023) does so to every channel, by the
square root of its size, which was worse here. Figures: docs/performance.md.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.onnx_session import Session

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto

Feeds = Mapping[str, NDArray[Any]]
# A channel is too large beyond so many times the median of the channels' largest values: for products that have fewer
# columns than rows (the second of each feed-forward block), and for the others.
_TOO_LARGE_NARROWING, _TOO_LARGE = 4 / 3, 2.0
# Products with fewer columns, such as a reader's two scores a token, stay as they are.
NARROWEST = 16


def smooth(network: "ModelProto", samples: Sequence[Feeds]) -> None:
    """Even out the inputs of the products with a weight, in place.

    Args:
        network: fp32.
        samples: inputs like those that the network will get; a dozen texts tell which channels are large.
    """
    from onnx import helper, numpy_helper

    graph = network.graph
    weights = {weight.name: weight for weight in graph.initializer}
    chosen = {node.name: node for node in products(graph)}
    largest = _largest(network, sorted({node.input[0] for node in chosen.values()}), samples)
    evened: dict[tuple[str, float], str] = {}
    nodes: list[NodeProto] = []
    for node in graph.node:
        if node.name in chosen:
            value, name = node.input
            rows, columns = weights[name].dims
            limit = _TOO_LARGE_NARROWING if rows > columns else _TOO_LARGE
            excess = _excess(largest[value], limit)
            weights[name].CopyFrom(
                numpy_helper.from_array(numpy_helper.to_array(weights[name]) * excess[:, None], name)
            )
            if (value, limit) not in evened:  # a layer's three projections share their input
                factors, evened[value, limit] = f"{node.name}_factors", f"{node.name}_evened"
                graph.initializer.append(numpy_helper.from_array(1 / excess, factors))
                nodes.append(helper.make_node("Mul", [value, factors], [evened[value, limit]], f"{node.name}_even"))
            node.input[0] = evened[value, limit]
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def products(graph: "GraphProto") -> "list[NodeProto]":
    """The products of a value with a weight that is large enough to round."""
    shapes = {weight.name: tuple(weight.dims) for weight in graph.initializer}
    found = []
    for node in graph.node:
        match node.op_type, shapes.get(node.input[1]) if len(node.input) == 2 else None:
            case "MatMul", (_, columns) if columns >= NARROWEST:
                found.append(node)
    return found


def _excess(channels: NDArray[np.float32], limit: float) -> NDArray[np.float32]:
    """How many times each channel is as large as the limit allows; 1 for those within it."""
    most = max(float(np.median(channels)) * limit, float(np.finfo(np.float32).tiny))
    excess: NDArray[np.float32] = np.maximum(channels / most, 1.0).astype(np.float32)
    return excess


def _largest(network: "ModelProto", names: list[str], samples: Sequence[Feeds]) -> dict[str, NDArray[np.float32]]:
    """The largest magnitude in each channel of the named values over the samples."""
    import onnx
    from onnx import helper

    probe = onnx.ModelProto()
    probe.CopyFrom(network)
    probe.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "probe.onnx"
        onnx.save_model(probe, str(path))
        session = Session(path)
    found: dict[str, NDArray[np.float32]] = {}
    for feeds in samples:
        values = dict(zip(session.outputs, session.run({name: feeds[name] for name in session.inputs}), strict=True))
        for name in names:
            channels = np.abs(values[name]).reshape(-1, values[name].shape[-1]).max(axis=0)
            found[name] = np.maximum(found.get(name, channels), channels)
    return found
