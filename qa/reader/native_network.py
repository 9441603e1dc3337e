"""The bundled reader's two networks on the native layers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.native import NativeLayers, library
from index.native_file import NotNativeError, native_form
from qa.reader.network import HIDDEN, Network

if TYPE_CHECKING:
    from onnx import ModelProto

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Head:
    """From a token's state to its start and end logit.

    Attributes:
        weight, bias: [size, 2] and [2].
    """

    weight: Array
    bias: Array

    def logits(self, states: Array) -> list[Array]:
        """Start and end logits, each [1, tokens], of [tokens, size] states."""
        both = (states @ self.weight + self.bias).T
        return [both[:1], both[1:]]


@dataclass(frozen=True, eq=False)
class NativeSkim:
    """Implements `Network`: token ids to start and end logits and hidden states, normalised."""

    layers: NativeLayers
    head: Head
    inputs: tuple[str, ...] = ("input_ids", "token_type_ids")

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[Array]:
        """Of one text: logits, each [1, tokens], and states [1, tokens, size]."""
        states = self.layers.of_ids(feeds["input_ids"][0], feeds["token_type_ids"][0])
        return [*self.head.logits(states), states[None]]


@dataclass(frozen=True, eq=False)
class NativeDeep:
    """Implements `Network`: hidden states as `NativeSkim` gives them to start and end logits."""

    layers: NativeLayers
    head: Head
    inputs: tuple[str, ...] = (HIDDEN,)

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[Array]:
        """Of one text: logits, each [1, tokens]."""
        return self.head.logits(self.layers.of_states(feeds[HIDDEN][0]))


def native_pair(skim: Path, deep: Path) -> tuple[Network, Network] | None:
    """The networks in two ONNX files as `training/depths.py` writes them; None where the native layers do not run them.

    Between the two stands a norm. In the files the second begins with it; here the first ends with it, as any layer.
    """
    compiled = library()
    if compiled is None:
        return None
    import onnx

    networks = [onnx.load(str(path)) for path in (skim, deep)]
    try:
        (first, first_head), (second, second_head) = ((_form(network), _head(network)) for network in networks)
    except NotNativeError:
        return None
    skims, reads_on = NativeLayers(first, compiled), NativeLayers(second, compiled)
    return NativeSkim(skims, first_head), NativeDeep(reads_on, second_head)


def _form(network: "ModelProto") -> bytes:
    if all(weight.name != "norm.weight" for weight in network.graph.initializer):
        raise NotNativeError("no norm stands between the two networks")
    return native_form(network)


def _head(network: "ModelProto") -> Head:
    from onnx import numpy_helper

    weights = {weight.name: weight for weight in network.graph.initializer}
    names = [node.input[1] for node in network.graph.node if node.name == "/head/MatMul"]
    if len(names) != 1 or names[0] not in weights or "head.bias" not in weights:
        raise NotNativeError("there is no head")
    return Head(numpy_helper.to_array(weights[names[0]]), numpy_helper.to_array(weights["head.bias"]))
