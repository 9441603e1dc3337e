"""Fused operators in place of a traced transformer's many small ones, where the fused ones are the faster ones."""

from pathlib import Path
from typing import TYPE_CHECKING

from index.onnx_attention import OPSET, standardise

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

_SKIP_NORM = "SkipLayerNormalization"
# Of the file format: the first that may hold operators of version `OPSET`.
_IR_VERSION = 11


def fuse(path: Path, *, heads: int, hidden: int) -> None:
    """Fuse the layers of the BERT network in `path`, in place; what does not match the patterns stays as it is.

    Args:
        path: an ONNX file as torch wrote it.
        heads: attention heads of a layer.
        hidden: length of a hidden state.
    """
    import onnx
    from onnx import version_converter
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("bert")
    # With its own quantised input projections it is 1.4 times as fast in int8 as the packed Attention operator.
    options.use_multi_head_attention = True
    options.use_raw_attention_mask()
    # By tanh instead of the error function: at most 0.0005 off, in two thirds of the time (docs/performance.md).
    options.enable_gelu_approximation = True
    # Fused, the table of words could not be stored in int8 block by block; it takes microseconds either way.
    options.enable_embed_layer_norm = False
    onnx.save_model(version_converter.convert_version(onnx.load(str(path)), OPSET), str(path))
    fused = optimize_model(
        str(path),
        model_type="bert",
        num_heads=heads,
        hidden_size=hidden,
        optimization_options=options,
        opt_level=0,  # onnxruntime optimises for the machine it runs on when it opens the file
    )
    fused.save_model_to_file(str(path))
    network = onnx.load(str(path))
    _split_norms(network.graph)
    standardise(network.graph)
    network.ir_version = max(network.ir_version, _IR_VERSION)
    onnx.save_model(network, str(path))


def _split_norms(graph: "GraphProto") -> None:
    """Make each sum with normalisation two operators again: the fused one takes five times as long as both.

    Measured for 5 x 175 tokens in 6 layers, one thread: 16.6 ms fused, 3.0 apart (docs/performance.md). The fusion of
    attention looks for the fused one, so that it cannot be left out in the first place.
    """
    nodes: list[NodeProto] = []
    for node in graph.node:
        nodes.extend(_sum_and_norm(node) if node.op_type == _SKIP_NORM else [node])
    del graph.node[:]
    graph.node.extend(nodes)


def _sum_and_norm(node: "NodeProto") -> "list[NodeProto]":
    from onnx import helper

    value, skipped, weight, bias, *more = node.input
    epsilon = next(attribute.f for attribute in node.attribute if attribute.name == "epsilon")
    made = []
    terms = [*more, skipped]
    # The fused operator's fourth output is the sum itself, where somebody else needs it.
    wanted = node.output[3] if len(node.output) > 3 else ""
    for number, term in enumerate(terms):
        total = wanted if wanted and number == len(terms) - 1 else f"{node.name}_sum{number}"
        made.append(helper.make_node("Add", [value, term], [total], total))
        value = total
    inputs = [value, weight, bias]
    made.append(helper.make_node("LayerNormalization", inputs, [node.output[0]], node.name, axis=-1, epsilon=epsilon))
    return made
