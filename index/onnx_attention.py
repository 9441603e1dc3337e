"""The standard's Attention operator in place of the one that onnxruntime's fusion writes.

Both do the same; the standard's is the faster one, and its inputs' biases become part of the products before it
(docs/performance.md).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

OPSET = 23
"""The first version of the standard that has the operator."""
_FUSED = "MultiHeadAttention"
_BOOL = 9  # onnx.TensorProto.BOOL


def standardise(graph: "GraphProto") -> None:
    """Exchange the operators, in place; one with other inputs than an encoder's stays as it is.

    Args:
        graph: fused, of a network of version `OPSET`, whose padding is told by a mask [batch, tokens], 0 for padding.
    """
    makers = {output: node for node in graph.node for output in node.output}
    masks: dict[str, str] = {}
    nodes: list[NodeProto] = []
    for node in graph.node:
        # Query, key and value, their biases in one, the mask.
        if node.op_type != _FUSED or len(node.input) not in {4, 5} or not node.input[3] or len(node.output) > 1:
            nodes.append(node)
            continue
        biased = _with_biases(graph, node, [makers[value].name for value in node.input[:3]])
        mask = node.input[4] if len(node.input) > 4 else ""
        if mask and mask not in masks:
            masks[mask] = f"{mask}_wide"
            nodes.extend(_widened(graph, mask, masks[mask]))
        inputs = [*(add.output[0] for add in biased), *([masks[mask]] if mask else [])]
        nodes += [*biased, _attention(node, inputs)]
    del graph.node[:]
    graph.node.extend(nodes)


def _with_biases(graph: "GraphProto", node: "NodeProto", products: Sequence[str]) -> "list[NodeProto]":
    """Sums of query, key and value with their biases, each named after its product."""
    from onnx import helper, numpy_helper

    fused = next(weight for weight in graph.initializer if weight.name == node.input[3])
    graph.initializer.remove(fused)
    sums = []
    for value, product, bias in zip(node.input[:3], products, np.split(numpy_helper.to_array(fused), 3), strict=True):
        name = product.removesuffix("MatMul") + "bias"
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(bias), name))
        sums.append(helper.make_node("Add", [value, name], [f"{name}_sum"], f"{name}_sum"))
    return sums


def _widened(graph: "GraphProto", mask: str, wide: str) -> "list[NodeProto]":
    """[batch, tokens] numbers as [batch, 1, tokens, tokens] truths: onnxruntime wants a row for each query."""
    from onnx import helper, numpy_helper

    numbers = {f"{mask}_axes": [1, 2], f"{mask}_one": [1]}
    graph.initializer.extend(numpy_helper.from_array(np.array(value), name) for name, value in numbers.items())
    truths, row, tokens, shape = (f"{mask}_{part}" for part in ("truths", "row", "tokens", "shape"))
    axes, one = numbers
    return [
        helper.make_node("Cast", [mask], [truths], truths, to=_BOOL),
        helper.make_node("Unsqueeze", [truths, axes], [row], row),
        helper.make_node("Shape", [mask], [tokens], tokens, start=1),
        helper.make_node("Concat", [tokens, one], [shape], shape, axis=0),
        helper.make_node("Expand", [row, shape], [wide], wide),
    ]


def _attention(node: "NodeProto", inputs: Sequence[str]) -> "NodeProto":
    from onnx import helper

    numbers = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    scale = {"scale": numbers["scale"]} if numbers.get("scale") else {}
    heads = {"q_num_heads": numbers["num_heads"], "kv_num_heads": numbers["num_heads"]}
    return helper.make_node("Attention", list(inputs), list(node.output), node.name, **heads, **scale)
