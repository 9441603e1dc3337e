"""Fused operators in place of a traced transformer's many small ones, where the fused ones are the faster ones."""

from pathlib import Path

from index.onnx_attention import OPSET, standardise

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
    # Fused, a sum and its norm take five times as long as apart.
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
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
    standardise(network.graph)
    network.ir_version = max(network.ir_version, _IR_VERSION)
    onnx.save_model(network, str(path))
