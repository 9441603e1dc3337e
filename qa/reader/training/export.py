"""From trained weights to the files that are shipped: an int8 ONNX network of fused BERT layers, and its tokenizer."""

import hashlib
import shutil
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from transformers import AttentionInterface, BertConfig, BertModel

from index.onnx_weights import quantise
from qa.reader.training.features import Feature
from qa.reader.training.model import ReaderModel
from qa.reader.training.predict import Logits, Run

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start_logits", "end_logits")
_OPSET = 17


def divided_attention(
    _: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor,
    **_kwargs: object,
) -> tuple[torch.Tensor, None]:
    """The same as `model.plain_attention`, in the one order of operations that the fusion recognises."""
    scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5 + attention_mask
    return (torch.softmax(scores, -1) @ value).transpose(1, 2), None


def trained(checkpoint: Path, encoder: Path) -> ReaderModel:
    """The model of a checkpoint, in a form that can be fused."""
    AttentionInterface.register("divided", divided_attention)
    config = BertConfig.from_pretrained(str(encoder), attn_implementation="divided")
    model = ReaderModel(BertModel(config, add_pooling_layer=False))
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["model"])
    return model.eval()


def export(model: ReaderModel, path: Path, *, int8: bool = True) -> str:
    """Writes the network, [batch, tokens] ids, mask and types to start and end logits; returns its SHA-256."""
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fused = Path(scratch) / "fused.onnx"
        _trace(model, fused)
        _fuse(model, fused)
        if int8:
            quantise(fused, path)
        else:
            shutil.copyfile(fused, path)
    return sha256(path)


def sha256(path: Path) -> str:
    """Hexadecimal checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _trace(model: ReaderModel, path: Path) -> None:
    ids = torch.tensor([[101, 110, 102, 120, 102], [101, 111, 102, 121, 102]])
    types = torch.tensor([[0, 0, 0, 1, 1]] * 2)
    axes = {name: {0: "batch", 1: "tokens"} for name in (*INPUTS, *OUTPUTS)}
    with torch.no_grad():
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids), types),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,  # the newer exporter's graph does not match the fusions
        )


def _fuse(model: ReaderModel, path: Path) -> None:
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("bert")
    # As in index/onnx_export.py: faster in int8 than the packed operator, and the word table can be int8.
    options.use_multi_head_attention = True
    options.enable_embed_layer_norm = False
    config = model.bert.config
    fused = optimize_model(
        str(path),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    fused.save_model_to_file(str(path))


def onnx_run(path: Path, threads: int = 2) -> Run:
    """Runs an exported network on features, as the reader will."""
    from index.onnx_session import Session

    session = Session(path, threads=threads)

    def run(features: list[Feature]) -> Logits:
        shape = (len(features), max(len(f.ids) for f in features))
        ids, mask, types = (np.zeros(shape, np.int64) for _ in INPUTS)
        for row, f in enumerate(features):
            n = len(f.ids)
            ids[row, :n], mask[row, :n], types[row, f.passage : n] = f.ids, 1, 1
        feeds = dict(zip(INPUTS, (ids, mask, types), strict=True))
        start, end = session.run({name: feeds[name] for name in session.inputs})
        return start, end

    return run
