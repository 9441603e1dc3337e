"""A span reader small enough to work out by hand: each word piece has a start logit and an end logit of its own."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from index.passage import Passage
from qa.hit import Hit, Scores
from sources.article import Span
from sources.sentences import sentence_spans
from tests.fakes import article

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WORDS = ("28", "february", "2022", "sir", "alan", "wood", "council", "river", "when", "who", "was", "it", "the", "on")
PIECES = (*SPECIAL, *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS), *"£%.,'’-?!()&😀")
VOCABULARY = {piece: place for place, piece in enumerate(dict.fromkeys(PIECES))}
CALIBRATION = {"dense": 1.0, "reader": 1.0, "bias": 0.0, "threshold": 0.5}

Logits = Mapping[str, tuple[float, float]]
"""Word piece -> its start and end logit; 0 for all others."""


def make_reader(
    folder: Path,
    logits: Logits | int,
    *,
    skim: Logits | int | None = None,
    share: float = 0.5,
    max_tokens: int = 64,
    max_answer_tokens: int = 8,
    titled: bool = False,
) -> Path:
    """A folder as `ReaderWeights.load` wants it.

    Args:
        folder: is made.
        logits: of the pieces, or the seed of random ones.
        skim: the same for a first network that skims; without it there is only one.
        share, max_tokens, max_answer_tokens, titled: for reader.json.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _tokenizer().save(str(folder / "tokenizer.json"))
    if skim is None:
        networks = {"model.onnx": _network(_table(logits))}
    else:
        networks = {"skim.onnx": _network(_table(skim), states=_table(logits)), "deep.onnx": _deep()}
    for name, network in networks.items():
        onnx.save(network, str(folder / name))
    description = {
        "name": "tiny",
        "max_tokens": max_tokens,
        "max_answer_tokens": max_answer_tokens,
        "titled": titled,
        "calibration": CALIBRATION,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (*networks, "tokenizer.json")
        },
    }
    (folder / "reader.json").write_text(
        json.dumps(description | ({"share": share} if skim is not None else {})), "utf-8"
    )
    return folder


def make_hit(text: str, *, before: str = "", sentences: bool = True, title: str = "") -> Hit:
    """A hit on the passage `text` of an article that begins with `before`."""
    found = replace(article("a", before + text), title=title)
    span = Span(len(before), len(found.text))
    inside = tuple(sentence_spans(found.text, span.start, span.end)) if sentences else ()
    return Hit(Passage.of(found, span, inside), found, 1, 0.5, Scores(fused=0.5))


def _table(logits: Logits | int) -> "Table":
    if isinstance(logits, int):
        return np.random.default_rng(logits).normal(0, 2, (len(VOCABULARY), 2)).astype(np.float32)
    table = np.zeros((len(VOCABULARY), 2), np.float32)
    for piece, pair in logits.items():
        table[VOCABULARY[piece]] = pair
    return table


Table = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def _network(table: Table, states: Table | None = None) -> onnx.ModelProto:
    """Looks up both logits; padding, were it not cut off, would win over everything. Looks up states too, if given."""
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["rows", "tokens"]) for name in names]
    sides = ("start", "end")
    outputs = [helper.make_tensor_value_info(side, TensorProto.FLOAT, ["rows", "tokens"]) for side in sides]
    nodes = [
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["token_type_ids"], ["types"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["one", "mask"], ["padding"]),
        helper.make_node("Mul", ["padding", "large"], ["bait"]),
        helper.make_node("Mul", ["types", "zero"], ["nothing"]),
        helper.make_node("Add", ["bait", "nothing"], ["extra"]),
    ]
    for side in sides:
        nodes.append(helper.make_node("Gather", [f"{side}_table", "input_ids"], [f"{side}_looked_up"]))
        nodes.append(helper.make_node("Add", [f"{side}_looked_up", "extra"], [side]))
    constants = {"one": 1.0, "zero": 0.0, "large": 1000.0}
    arrays = {name: np.array(value, np.float32) for name, value in constants.items()}
    arrays |= {f"{side}_table": np.ascontiguousarray(table[:, column]) for column, side in enumerate(sides)}
    if states is not None:
        arrays["states_table"] = states
        nodes.append(helper.make_node("Gather", ["states_table", "input_ids"], ["hidden_states"]))
        outputs.append(helper.make_tensor_value_info("hidden_states", TensorProto.FLOAT, ["rows", "tokens", 2]))
    return _model(nodes, inputs, outputs, arrays)


def _deep() -> onnx.ModelProto:
    """The two numbers of each state are its logits."""
    inputs = [helper.make_tensor_value_info("hidden_states", TensorProto.FLOAT, ["rows", "tokens", 2])]
    sides = ("start", "end")
    outputs = [helper.make_tensor_value_info(side, TensorProto.FLOAT, ["rows", "tokens"]) for side in sides]
    nodes = [helper.make_node("Split", ["hidden_states", "halves"], ["first", "second"], axis=2)]
    for side, half in zip(sides, ("first", "second"), strict=True):
        nodes.append(helper.make_node("Squeeze", [half, "axis"], [side]))
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "halves": np.array([1, 1], np.int64),
        "axis": np.array([2], np.int64),
    }
    return _model(nodes, inputs, outputs, arrays)


def _model(
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    arrays: Mapping[str, np.ndarray[Any, Any]],
) -> onnx.ModelProto:
    tensors = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(VOCABULARY, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(piece, VOCABULARY[piece]) for piece in ("[CLS]", "[SEP]")],
    )
    return tokenizer
