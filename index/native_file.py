"""The weights of a BERT as one block that the native layers read where it lies (`index/bert`).

Made of an int8 network as `onnx_weights` leaves it, with the same integers: products are found by the names that torch
gives a BERT's modules. The block: a head of `HEAD` bytes, then, each part at the next multiple of 64 bytes:

- tables, where the network begins with words: words' codes and scales, positions, types, weight and bias of their norm;
- for each layer: the product for query, key and value as one, the one behind attention, a norm, the widening and the
  narrowing product, a norm.

A product is: its input's evening (but for the one behind attention), scales, bias, sums of its columns' integers, and
these in panels of 32 columns with four rows of a column side by side.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.native import ALIGNED, HEAD, MAGIC, MOST_LAYERS, NUMBERS, PANEL, Shape
from index.onnx_smooth import FACTORS

if TYPE_CHECKING:
    from onnx import ModelProto

Array = NDArray[Any]
_QUERY = re.compile(r"(.*)encoder/layer\.(\d+)/attention/self/query/MatMul_quant")
_GROUP = 4


class NotNativeError(ValueError):
    """The network is no BERT of the kind that the native layers run."""


@dataclass(frozen=True)
class _Source:
    """An int8 network's weights by name.

    Attributes:
        weights: initializers.
        integers: product -> the name of its int8 weights.
        prefix: what comes before "encoder/" in the names of nodes.
        module: the same in the names of weights.
    """

    weights: dict[str, Array]
    integers: dict[str, str]
    prefix: str
    module: str

    def weight(self, *names: str) -> Array:
        """The first of these weights that there is."""
        for name in names:
            if name in self.weights:
                return self.weights[name]
        raise NotNativeError(f"there is no {' or '.join(names)}")

    def of_module(self, name: str) -> Array:
        """A weight under its module's name."""
        return self.weight(self.module + name)


def native_form(network: "ModelProto") -> bytes:
    """The native form of an int8 network.

    Args:
        network: as `onnx_weights.quantise` leaves it. Where its last layer does not end in a norm of its own, `norm`,
            which follows in a reader's, is taken for it.

    Raises:
        NotNativeError: it has other parts, or sizes that do not fit the native layers' panels.
    """
    source, layers = _source(network)
    heads = int(_attribute(network, "Attention", "q_num_heads", 0))
    epsilon = _attribute(network, "LayerNormalization", "epsilon", 1e-5)
    names = [f"encoder/layer.{layer}/" for layer in range(layers)]
    widths = tuple(len(_bias(source, f"{name}intermediate/dense")) for name in names)
    size = len(_bias(source, f"{names[0]}attention/output/dense"))
    tables = [np.ascontiguousarray(table) for table in _tables(source)]
    words, positions, types = (len(tables[place]) for place in (0, 2, 3)) if tables else (0, 0, 0)
    block = size // tables[1].shape[1] if tables else size
    shape = Shape(size, heads, words, positions, types, block, widths)
    if not shape.fits:
        raise NotNativeError(f"sizes are no multiples of what the native layers take: {shape}")
    parts = [*tables, *(part for name in names for part in _layer(source, name))]
    numbers = NUMBERS.pack(size, heads, layers, words, positions, types, block, epsilon)
    form = bytearray((MAGIC + numbers + np.array(widths, "<i4").tobytes()).ljust(HEAD, b"\0"))
    for part in parts:
        form += part.tobytes()
        form += bytes(-len(form) % ALIGNED)
    return bytes(form)


def _source(network: "ModelProto") -> tuple[_Source, int]:
    """The weights, and how many layers they are of."""
    from onnx import numpy_helper

    weights = {weight.name: numpy_helper.to_array(weight) for weight in network.graph.initializer}
    products = [node for node in network.graph.node if node.op_type == "MatMulInteger"]
    found = [match for node in products if (match := _QUERY.fullmatch(node.name))]
    prefixes = {match[1] for match in found}
    if len(prefixes) != 1 or not 0 < len(found) <= MOST_LAYERS:
        raise NotNativeError(f"it has {len(found)} layers of a BERT; wanted are 1 to {MOST_LAYERS}")
    module = next((name.split("encoder.layer.")[0] for name in weights if "encoder.layer.0." in name), "")
    integers = {node.name.removesuffix("_quant"): node.input[1].removesuffix("_quantized") for node in products}
    return _Source(weights, integers, prefixes.pop(), module), len(found)


def _attribute(network: "ModelProto", kind: str, name: str, default: float) -> float:
    """What all nodes of a kind have as this number."""
    from onnx import helper

    attributes = [one for node in network.graph.node if node.op_type == kind for one in node.attribute]
    found = {helper.get_attribute_value(one) for one in attributes if one.name == name}
    if len(found) > 1:
        raise NotNativeError(f"its {kind} nodes differ in {name}: {found}")
    return found.pop() if found else default


def _tables(source: _Source) -> list[Array]:
    """Words (codes, scales), positions, types and the norm of their sum; none where the network takes states."""
    names = ("word_embeddings.weight_codes", "word_embeddings.weight_scales", "position_embeddings.weight")
    if source.module + f"embeddings.{names[0]}" not in source.weights:
        return []
    further = ("token_type_embeddings.weight", "LayerNorm.weight", "LayerNorm.bias")
    return [source.of_module(f"embeddings.{name}") for name in (*names, *further)]


def _layer(source: _Source, name: str) -> Iterator[Array]:
    own = name.replace("/", ".")
    yield from _product(source, [f"{name}attention/self/{part}" for part in ("query", "key", "value")])
    yield from _product(source, [f"{name}attention/output/dense"], evened=False)
    yield from (source.of_module(f"{own}attention.output.LayerNorm.{part}") for part in ("weight", "bias"))
    yield from _product(source, [f"{name}intermediate/dense"])
    yield from _product(source, [f"{name}output/dense"])
    last = (f"{source.module}{own}output.LayerNorm.{part}" for part in ("weight", "bias"))
    yield from (source.weight(name, f"norm.{name.rpartition('.')[2]}") for name in last)


def _product(source: _Source, names: Sequence[str], *, evened: bool = True) -> Iterator[Array]:
    """The parts of one product, or of several that share their input, side by side."""
    integers = [source.integers.get(f"{source.prefix}{name}/MatMul", "") for name in names]
    weights = np.concatenate([source.weight(f"{name}_quantized") for name in integers], axis=1)
    if any(np.any(source.weight(f"{name}_zero_point")) for name in integers):
        raise NotNativeError(f"the weights of {names[0]} have zero points")
    factors = f"{source.prefix}{names[0]}/MatMul{FACTORS}"
    if evened:
        yield source.weight(factors).astype(np.float32)
    elif factors in source.weights:
        raise NotNativeError(f"what {names[0]} takes is evened by a product of its own")
    yield np.concatenate([source.weight(f"{name}_scale") for name in integers]).astype(np.float32)
    yield np.concatenate([_bias(source, name) for name in names]).astype(np.float32)
    yield weights.sum(axis=0, dtype=np.int32)
    rows, columns = weights.shape
    panels = weights.reshape(rows // _GROUP, _GROUP, columns // PANEL, PANEL).transpose(2, 0, 3, 1)
    yield np.ascontiguousarray(panels)


def _bias(source: _Source, name: str) -> Array:
    # Attention's biases are written by `onnx_attention`, the others by torch.
    return source.weight(f"{source.prefix}{name}/bias", f"{source.module}{name.replace('/', '.')}.bias")
