"""From trained weights to the files that are shipped: an int8 ONNX network of fused BERT layers, and its tokenizer."""

import hashlib
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AttentionInterface, BertConfig, BertModel

from index.onnx_fuse import fuse
from index.onnx_smooth import Feeds
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
    attention_mask: torch.Tensor | None,
    **_kwargs: object,
) -> tuple[torch.Tensor, None]:
    """The same as `model.plain_attention`, in the one order of operations that the fusion recognises."""
    scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    if attention_mask is not None:
        scores = scores + attention_mask
    return (torch.softmax(scores, -1) @ value).transpose(1, 2), None


def make_fusible(model: ReaderModel) -> None:
    """Lets the model's layers attend by `divided_attention`."""
    AttentionInterface.register("divided", divided_attention)
    model.bert.config._attn_implementation = "divided"


def trained(checkpoint: Path, encoder: Path) -> ReaderModel:
    """The model of a checkpoint, in a form that can be fused."""
    model = ReaderModel(BertModel(BertConfig.from_pretrained(str(encoder)), add_pooling_layer=False))
    make_fusible(model)
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["model"])
    return model.eval()


def export(model: ReaderModel, path: Path, samples: Sequence[Feature] = ()) -> str:
    """Writes the network, [batch, tokens] ids, mask and types to start and end logits; returns its SHA-256.

    The weights become int8 where there are `samples`, inputs like those the network will get; else they stay fp32.
    """
    ids = torch.tensor([[101, 110, 102, 120, 102], [101, 111, 102, 121, 102]])
    types = torch.tensor([[0, 0, 0, 1, 1]] * 2)
    config = model.bert.config
    given = (ids, torch.ones_like(ids), types)
    shape = Shape(given, INPUTS, OUTPUTS, config.num_attention_heads, config.hidden_size)
    return written(model, shape, path, [feeds([sample]) for sample in samples])


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """How a network is traced and fused.

    Attributes:
        given: inputs to trace it with.
        inputs, outputs: names; all have the axes batch and tokens first.
        heads, hidden: attention heads of a layer, and the length of a hidden state.
    """

    given: tuple[torch.Tensor, ...]
    inputs: Sequence[str]
    outputs: Sequence[str]
    heads: int
    hidden: int


def written(network: torch.nn.Module, shape: Shape, path: Path, samples: Sequence[Feeds]) -> str:
    """Traces a network of BERT layers, fuses it and writes it, in int8 where there are samples; its SHA-256."""
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        fused = Path(scratch) / "fused.onnx"
        torch.onnx.export(
            network,
            shape.given,
            str(fused),
            input_names=list(shape.inputs),
            output_names=list(shape.outputs),
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in (*shape.inputs, *shape.outputs)},
            opset_version=_OPSET,
            dynamo=False,  # the newer exporter's graph does not match the fusions
        )
        fuse(fused, heads=shape.heads, hidden=shape.hidden)
        if samples:
            quantise(fused, path, samples)
        else:
            shutil.copyfile(fused, path)
    return sha256(path)


def sha256(path: Path) -> str:
    """Hexadecimal checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def onnx_run(path: Path, threads: int = 2) -> Run:
    """Runs an exported network on features, as the reader will."""
    from index.onnx_session import Session

    session = Session(path, threads=threads)

    def run(features: list[Feature]) -> Logits:
        given = feeds(features)
        start, end = session.run({name: given[name] for name in session.inputs})
        return start, end

    return run


def feeds(features: Sequence[Feature]) -> dict[str, NDArray[np.int64]]:
    """The features as an exported network's inputs, padded."""
    shape = (len(features), max(len(f.ids) for f in features))
    ids, mask, types = (np.zeros(shape, np.int64) for _ in INPUTS)
    for row, f in enumerate(features):
        n = len(f.ids)
        ids[row, :n], mask[row, :n], types[row, f.second : n] = f.ids, 1, 1
    return dict(zip(INPUTS, (ids, mask, types), strict=True))
