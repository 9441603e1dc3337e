"""The numeric form of a network's weights: int8, with the inputs of products rounded to int8 on the way.

A product's input gets one scale for the whole tensor, a weight one for each column: the fastest form there is. The
inputs are evened out first (`onnx_smooth`). Tables of embeddings get a scale for each block of 128
values, which quarters the file. Figures: docs/performance.md.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.onnx_smooth import Feeds, products, smooth

if TYPE_CHECKING:
    from onnx import GraphProto

_FLOAT = 1  # onnx.TensorProto.FLOAT
# Longer blocks cost exactness, shorter ones time; onnxruntime takes powers of two from 16 on.
_BLOCKS = (128, 64, 32, 16)
# A table with fewer rows is a few kilobytes of positions or types.
_TABLE_ROWS = 1_000
# onnxruntime's operators store value + 128 where no zero points are given.
_ZERO = 128
_MICROSOFT = "com.microsoft"


def quantise(plain: Path, path: Path, samples: Sequence[Feeds]) -> None:
    """Write the fp32 network in `plain` to `path` with int8 weights.

    Args:
        plain: an ONNX file.
        path: the file to write.
        samples: inputs like those that the network will get, for evening out.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network = onnx.load(str(plain))
    smooth(network, samples)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        even, whole = Path(scratch) / "even.onnx", Path(scratch) / path.name
        onnx.save_model(network, str(even))
        quantize_dynamic(
            str(even),
            str(whole),
            nodes_to_quantize=[node.name for node in products(network.graph)],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": _FLOAT},
        )
        network = onnx.load(str(whole))
    _store_tables(network.graph)
    onnx.save_model(network, str(path))


def _store_tables(graph: "GraphProto") -> None:
    """Turn each look-up in a large table into its blockwise counterpart."""
    from onnx import helper, numpy_helper

    weights = {weight.name: weight for weight in graph.initializer}
    for node in graph.node:
        table = weights.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.dims[0] <= _TABLE_ROWS or not _block(table.dims[1]):
            continue
        block = _block(table.dims[1]) or table.dims[1]
        codes, scales = rounded(numpy_helper.to_array(table), block)
        names = f"{table.name}_codes", f"{table.name}_scales"
        node.CopyFrom(
            helper.make_node(
                "GatherBlockQuantized", [names[0], node.input[1], names[1]], list(node.output), node.name,
                domain=_MICROSOFT, bits=8, block_size=block, gather_axis=0, quantize_axis=1,
            )
        )  # fmt: skip
        if names[0] not in {weight.name for weight in graph.initializer}:
            graph.initializer.append(numpy_helper.from_array(codes, names[0]))
            graph.initializer.append(numpy_helper.from_array(scales, names[1]))
    used = {name for node in graph.node for name in node.input}
    for name, weight in weights.items():
        if name not in used:
            graph.initializer.remove(weight)


def _block(length: int) -> int | None:
    return next((block for block in _BLOCKS if length % block == 0), None)


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


def unrounded(codes: NDArray[np.uint8], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """The matrix that codes and scales, as `rounded` gives them, stand for."""
    block = codes.shape[1] // scales.shape[1]
    rows: NDArray[np.float32] = (codes.astype(np.float32) - _ZERO) * np.repeat(scales, block, axis=1)
    return rows
