"""Float weights back from an exported int8 network, so that training can go on from weights that were shipped."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from index.onnx_smooth import FACTORS
from index.onnx_weights import unrounded
from qa.reader.training.model import ReaderModel
from qa.reader.training.narrow import resize, widths_in, widths_of
from qa.reader.weights import DEEP, NETWORK, SKIM

_EVENED = "_evened"
_LAYER = "bert.encoder.layer."
_BIASED = "/encoder/layer."
"""How the names of biases that attention's inputs have begin (index/onnx_attention.py)."""
_ATTENDED = "/output/dense/MatMul"
_NARROWED = ".output.dense.weight"
"""A feed-forward block's second product, which has as many columns as the block has neurons (narrow.py)."""
_FUSED_BIAS = re.compile(r"Attention_(\d+)_qkv_bias")
Values = dict[str, NDArray[Any]]
Weights = dict[str, Tensor]


def restore(model: ReaderModel, path: Path) -> None:
    """Puts the network's weights into the model, in place. Word vectors, which training leaves alone, stay the model's.

    Raises:
        ValueError: the network is not an export of such a model; names the weight that does not fit.
    """
    _put(model, _found(path), str(path))


def restore_depths(model: ReaderModel, skim: Path, deep: Path) -> None:
    """The same from the two networks of a model of two depths; the skim's head is left out of a model without one.

    Raises:
        ValueError: as above.
    """
    first, second = _found(skim), _found(deep)
    skimmed = 1 + max((int(_layer(name)) for name in first if name.startswith(_LAYER)), default=-1)
    found = {name.replace("head.", "skim."): weight for name, weight in first.items()}
    for name, weight in second.items():
        if name.startswith(_LAYER):
            layer = _layer(name)
            found[name.replace(f"{_LAYER}{layer}.", f"{_LAYER}{int(layer) + skimmed}.")] = weight
        else:
            found[name.replace("norm.", f"{_LAYER}{skimmed - 1}.output.LayerNorm.")] = weight
    _put(model, found, f"{skim} with {deep}")


def restore_weights(model: ReaderModel, folder: Path) -> Path:
    """The same from a folder that either export wrote; returns the file of its (deep) network.

    Raises:
        ValueError: as above.
    """
    if (folder / DEEP).exists():
        restore_depths(model, folder / SKIM, folder / DEEP)
        return folder / DEEP
    restore(model, folder / NETWORK)
    return folder / NETWORK


def _layer(name: str) -> str:
    return name.removeprefix(_LAYER).partition(".")[0]


def _found(path: Path) -> Weights:
    """All weights of a network, by the names that the model has for them."""
    import onnx

    network = onnx.load(str(path))
    graph = network.graph
    values = {w.name: onnx.numpy_helper.to_array(w) for w in graph.initializer}
    own = ("bert.", "head.", "norm.")
    found = {name: torch.from_numpy(v.copy()) for name, v in values.items() if name.startswith(own)}
    factors = {node.output[0]: values[node.input[1]] for node in graph.node if node.output[0].endswith(_EVENED)}
    for node in graph.node:
        name = node.name.removesuffix("_quant").removesuffix("/MatMul").replace("/", ".").lstrip(".")
        owner = name if name == "head" else f"bert.{name}"
        match node.op_type:
            case "MatMulInteger":
                weight = _whole(values, node.input[1].removesuffix("_quantized"))
            case "MatMulNBits":  # the first weights shipped had products in blocks
                weight = _blockwise(values, node.input[1], node.input[2])
            case "MatMul" if node.input[1] in values:
                weight = values[node.input[1]]
            case _:
                continue
        # What the input was divided by, the weight was multiplied by (index/onnx_smooth.py).
        even = factors.get(node.input[0].removesuffix("_quantized"))
        found[f"{owner}.weight"] = _tensor((weight if even is None else weight * even[:, None]).T)
    for name, bias in values.items():
        if name.startswith(_BIASED) and name.endswith("/bias"):
            found["bert" + name.replace("/", ".")] = torch.from_numpy(bias.copy())
        # Until 26 November the three were one.
        if fused := _FUSED_BIAS.fullmatch(name):
            for part, some in zip(("query", "key", "value"), torch.from_numpy(bias.copy()).chunk(3), strict=True):
                found[f"{_LAYER}{fused[1]}.attention.self.{part}.bias"] = some
    _take_back(found, {note.key: note.value for note in network.metadata_props})
    return found


def _take_back(found: Weights, notes: dict[str, str]) -> None:
    """Make values and what reads them what they were before what attention gives was evened, in place."""
    for key, value in notes.items():
        if key.endswith(_ATTENDED + FACTORS):
            owner = "bert" + key.removesuffix(_ATTENDED + FACTORS).replace("/", ".")
            by = torch.tensor(json.loads(value))
            found[f"{owner}.output.dense.weight"] *= by
            found[f"{owner}.self.value.weight"] /= by[:, None]
            found[f"{owner}.self.value.bias"] /= by


def _put(model: ReaderModel, found: Weights, source: str) -> None:
    for name, old in _learned(model).items():
        narrower = name.endswith(_NARROWED) and "attention" not in name
        if name not in found or (found[name].shape[1:] != old.shape[1:] and not narrower):
            raise ValueError(f"{source} has no weight that fits {name} {tuple(old.shape)}")
    resize(model, widths_in(found)[: len(widths_of(model))])
    own = _learned(model)
    for name, old in own.items():
        # Positions past the longest input were left out of the file.
        old[: len(found[name])] = found[name]
    model.load_state_dict(own, strict=False)


def _learned(model: ReaderModel) -> Weights:
    """The model's weights but for word vectors and what is no weight."""
    aside = ("position_ids", "token_type_ids", "word_embeddings.weight")
    return {name: value for name, value in model.state_dict().items() if not name.endswith(aside)}


def _whole(values: Values, name: str) -> NDArray[np.float32]:
    """Of shape [inputs, outputs], as the next."""
    codes, zero = values[f"{name}_quantized"].astype(np.float32), values[f"{name}_zero_point"].astype(np.float32)
    weight: NDArray[np.float32] = (codes - zero) * values[f"{name}_scale"]
    return weight


def _blockwise(values: Values, codes_name: str, scales_name: str) -> NDArray[np.float32]:
    codes, scales = (values[name].reshape(len(values[name]), -1) for name in (codes_name, scales_name))
    return unrounded(codes, scales).T


def _tensor(weight: NDArray[np.float32]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(weight))
