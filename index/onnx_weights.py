"""The numeric form of a network's weights: int8, in two ways, chosen by what each weight's input looks like.

Most matrix products take their input rounded to int8 with one scale for the whole tensor, which is fastest. The
narrowing ones (in a transformer the second of each feed-forward block) have a few huge values in their input; one
scale for all costs 0.35 points of MRR@10 on SQuAD. They get a scale for each block of 128 values instead, in
weights and input (MatMulNBits): as exact as leaving them fp32, and a quarter faster. Tables of embeddings are
stored the same way, which halves the file. Figures: docs/performance.md.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

_FLOAT = 1  # onnx.TensorProto.FLOAT
# Longer blocks cost exactness, shorter ones time; onnxruntime takes powers of two from 16 on.
_BLOCKS = (128, 64, 32, 16)
# A table with fewer rows is a few kilobytes of positions or types.
_TABLE_ROWS = 1_000
# onnxruntime's operators store value + 128 where no zero points are given.
_ZERO = 128
_MICROSOFT = "com.microsoft"


def quantise(plain: Path, path: Path) -> None:
    """Write the fp32 network in `plain` to `path` with int8 weights."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    blockwise = _blockwise(onnx.load(str(plain)).graph)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        whole = Path(scratch) / path.name
        quantize_dynamic(
            str(plain),
            str(whole),
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=list(blockwise),
            extra_options={"DefaultTensorType": _FLOAT},
        )
        network = onnx.load(str(whole))
    weights = {weight.name: weight for weight in network.graph.initializer}
    for node in network.graph.node:
        if node.name in blockwise:
            name = blockwise[node.name]
            values = onnx.numpy_helper.to_array(weights[name])
            _replace(network.graph, node, name, values.T if node.op_type == "MatMul" else values)
    used = {name for node in network.graph.node for name in node.input}
    for name in blockwise.values():
        if name in weights and name not in used:
            network.graph.initializer.remove(weights.pop(name))
    onnx.save_model(network, str(path))


def _blockwise(graph: "GraphProto") -> dict[str, str]:
    """Names of the nodes whose weight gets a scale for each block, with the names of those weights."""
    shapes = {weight.name: tuple(weight.dims) for weight in graph.initializer}
    chosen = {}
    for node in graph.node:
        if node.op_type not in ("MatMul", "Gather"):
            continue
        name = node.input[1 if node.op_type == "MatMul" else 0]
        match node.op_type, shapes.get(name):
            case "MatMul", (rows, columns) if rows > columns and _block(rows):
                chosen[node.name] = name
            case "Gather", (rows, columns) if rows > _TABLE_ROWS and _block(columns):
                chosen[node.name] = name
    return chosen


def _block(length: int) -> int | None:
    return next((block for block in _BLOCKS if length % block == 0), None)


def _replace(graph: "GraphProto", node: "NodeProto", name: str, rows: NDArray[np.float32]) -> None:
    """Turn a MatMul or Gather into its blockwise counterpart; a row of `rows` is what is cut into blocks."""
    from onnx import helper, numpy_helper

    count, length = rows.shape
    block = _block(length) or length
    codes, scales = rounded(rows, block)
    if node.op_type == "MatMul":
        codes = codes.reshape(count, length // block, block)
        inputs = [node.input[0], f"{name}_codes", f"{name}_scales"]
        # accuracy_level 4: the input is rounded to int8 too, block by block, and the products are of integers.
        new = helper.make_node(
            "MatMulNBits", inputs, list(node.output), node.name, domain=_MICROSOFT,
            K=length, N=count, bits=8, block_size=block, accuracy_level=4,
        )  # fmt: skip
    else:
        inputs = [f"{name}_codes", node.input[1], f"{name}_scales"]
        new = helper.make_node(
            "GatherBlockQuantized", inputs, list(node.output), node.name, domain=_MICROSOFT,
            bits=8, block_size=block, gather_axis=0, quantize_axis=1,
        )  # fmt: skip
    if f"{name}_codes" not in {weight.name for weight in graph.initializer}:
        graph.initializer.append(numpy_helper.from_array(codes, f"{name}_codes"))
        graph.initializer.append(numpy_helper.from_array(scales, f"{name}_scales"))
    node.CopyFrom(new)


def rounded(rows: NDArray[np.float32], block: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Codes and scales of a matrix, symmetric: `rows` is about `(codes - 128) * scale`, each scale for `block` columns.

    Returns:
        codes of shape [rows, columns], 1 to 255; scales of shape [rows, columns / block].
    """
    count, length = rows.shape
    blocks = rows.reshape(count, length // block, block)
    scales = np.maximum(np.abs(blocks).max(axis=2, keepdims=True) / 127, np.finfo(np.float32).tiny)
    codes = (np.rint(blocks / scales) + _ZERO).astype(np.uint8)
    return codes.reshape(count, length), scales[:, :, 0].astype(np.float32)
