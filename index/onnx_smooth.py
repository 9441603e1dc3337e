"""Evens out the inputs of a network's products, so that one int8 scale fits all of a product's input.

In a transformer a few channels of these inputs are several times as large as the rest; rounded with one scale for all,
the rest keeps few of its digits. Such a channel is divided by what it is too large by, and the weights that meet it are
multiplied by the same: the product stays what it was. What attention gives is divided where it comes from, in the
weights of its values. SmoothQuant (Xiao et al. 2023) does so to every channel, by the square root of its size, which
was worse here. Figures: docs/performance.md.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, TensorProto

Feeds = Mapping[str, NDArray[Any]]
# A channel is too large beyond so many times the median of the channels' largest values: for products that have fewer
# columns than rows (the second of each feed-forward block), and for the others.
_TOO_LARGE_NARROWING, _TOO_LARGE = 4 / 3, 2.0
FACTORS = "_factors"
"""What follows a product's name in that of what its input was multiplied by: a weight, or, for what attention gives, a
note in the file, since nothing else tells."""
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
    attended = _attended(graph)
    evened: dict[tuple[str, float], str] = {}
    nodes: list[NodeProto] = []
    for node in graph.node:
        if node.name in chosen:
            value, name = node.input
            rows, columns = weights[name].dims
            limit = _TOO_LARGE_NARROWING if rows > columns else _TOO_LARGE
            excess = _excess(largest[value], limit)
            factors, by = f"{node.name}{FACTORS}", np.reciprocal(excess)
            _scale(weights[name], excess[:, None])
            if value in attended:
                for behind in attended[value]:
                    _scale(weights[behind], by)
                network.metadata_props.add(key=factors, value=json.dumps(by.tolist()))
            else:
                if (value, limit) not in evened:  # a layer's three projections share their input
                    evened[value, limit] = f"{node.name}_evened"
                    graph.initializer.append(numpy_helper.from_array(by, factors))
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


def _attended(graph: "GraphProto") -> dict[str, tuple[str, str]]:
    """What attention gives, used once: the weight and the bias that its values are made with, [size, size] and [size].

    Each channel of it is a mean of that channel's values.
    """
    weights = {weight.name for weight in graph.initializer}
    makers = {output: node for node in graph.node for output in node.output}
    used = Counter(name for node in graph.node for name in node.input)
    found = {}
    for node in graph.node:
        total = makers.get(node.input[2]) if node.op_type == "Attention" and len(node.input) > 2 else None
        if total is None or total.op_type != "Add" or used[node.output[0]] > 1 or used[node.input[2]] > 1:
            continue
        product, bias = makers.get(total.input[0]), total.input[1]
        if product is not None and product.op_type == "MatMul" and product.input[1] in weights and bias in weights:
            found[node.output[0]] = (product.input[1], bias)
    return found


def _scale(weight: "TensorProto", factors: NDArray[np.float32]) -> None:
    from onnx import numpy_helper

    weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) * factors, weight.name))


def _excess(channels: NDArray[np.float32], limit: float) -> NDArray[np.float32]:
    """How many times each channel is as large as the limit allows; 1 for those within it."""
    most = max(float(np.median(channels)) * limit, float(np.finfo(np.float32).tiny))
    excess: NDArray[np.float32] = np.maximum(channels / most, 1.0).astype(np.float32)
    return excess


def _largest(network: "ModelProto", names: list[str], samples: Sequence[Feeds]) -> dict[str, NDArray[np.float32]]:
    """The largest magnitude in each channel of the named values over the samples."""
    import onnx
    from onnx import helper

    from index.onnx_session import Session

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
