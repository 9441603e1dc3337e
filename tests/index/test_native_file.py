"""What the native form is made of, and which networks get none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import NodeProto

from index.models import load_encoder
from index.native import NativeLayers, library
from index.native_file import NotNativeError, native_form
from index.onnx_session import Session
from index.torch_encoder import load_sentence_transformer


@pytest.fixture(scope="module")
def network(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = tmp_path_factory.mktemp("cache")
    load_encoder(str(small_model), cache_dir=cache)
    (found,) = cache.glob("*/network.onnx")
    return found


@pytest.mark.skipif(library() is None, reason="no compiler was there, or no AVX-512 VNNI is here")
def test_its_states_are_those_of_the_model(network: Path, small_model: Path) -> None:
    """Token by token, against torch in fp32; and their mean against the int8 network on onnxruntime."""
    compiled = library()
    assert compiled is not None
    layers = NativeLayers(native_form(onnx.load(str(network))), compiled)
    session = Session(network)
    model: Any = load_sentence_transformer(small_model)
    for text in ("The bridge opened in the north.", "a judge and a court", "rain?"):
        tokens = model.tokenizer([text], truncation=True, max_length=8, return_tensors="pt")
        expected = model[0].auto_model(**tokens).last_hidden_state[0].detach().numpy()
        ids = tokens["input_ids"].numpy()
        found = layers.of_ids(ids[0])
        cosines = np.sum(found * expected, axis=1) / np.linalg.norm(found, axis=1) / np.linalg.norm(expected, axis=1)
        assert cosines.mean() > 0.98
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        vector = session.run({name: feeds[name] for name in session.inputs})[0][0]
        mean = found.mean(axis=0)
        assert vector @ mean / np.linalg.norm(mean) > 0.995


def _rename(node: NodeProto) -> None:
    node.name = node.name.replace("encoder/layer", "blocks")


def _float(node: NodeProto) -> None:
    node.op_type = "MatMul"


@pytest.mark.parametrize(
    ("change", "said"),
    [(_rename, "it has 0 layers of a BERT"), (_float, "it has 0 layers of a BERT")],
)
def test_another_network_gets_none(network: Path, change: Callable[[NodeProto], None], said: str) -> None:
    model = onnx.load(str(network))
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            change(node)
    with pytest.raises(NotNativeError, match=said):
        native_form(model)


def test_a_weight_that_is_not_there_is_named(network: Path) -> None:
    model = onnx.load(str(network))
    (bias,) = (w for w in model.graph.initializer if w.name.endswith("layer.1.intermediate.dense.bias"))
    model.graph.initializer.remove(bias)
    with pytest.raises(NotNativeError, match=r"there is no .*layer\.1\.intermediate\.dense\.bias"):
        native_form(model)


def test_heads_that_are_no_whole_columns_are_named(network: Path) -> None:
    model = onnx.load(str(network))
    for attribute in (one for node in model.graph.node for one in node.attribute if one.name == "q_num_heads"):
        attribute.i = 4
    with pytest.raises(NotNativeError, match=r"no multiples .*heads=4"):
        native_form(model)


def test_layers_that_differ_in_their_heads_are_named(network: Path) -> None:
    model = onnx.load(str(network))
    next(one for node in model.graph.node for one in node.attribute if one.name == "q_num_heads").i = 1
    with pytest.raises(NotNativeError, match="nodes differ in q_num_heads"):
        native_form(model)
