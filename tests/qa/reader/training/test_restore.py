"""From a float network to int8 and back."""

import copy
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import torch

from qa.reader.training import bundle
from qa.reader.training.bundle import open_model
from qa.reader.training.data import plain_tokenizer
from qa.reader.training.depths import depths_run, float_run
from qa.reader.training.export import export
from qa.reader.training.features import joined
from qa.reader.training.model import MASKED, ReaderModel, from_encoder
from qa.reader.training.predict import torch_run
from qa.reader.training.restore import restore
from qa.reader.training.vocabulary import prune_model

SHIPPED = Path(str(files("qa.reader") / "weights"))
FEATURES = [joined(np.asarray([110, 111], np.int32), np.arange(120, 150, dtype=np.int32), None)]


def test_restored_weights_score_as_the_shipped_ones(encoder: Path, model: ReaderModel, tmp_path: Path) -> None:
    expected = torch_run(model, fast=False)(FEATURES)
    export(prune_model(copy.deepcopy(model), list(range(1200)), positions=48), tmp_path / "model.onnx", FEATURES)
    fresh = from_encoder(encoder)
    restore(fresh, tmp_path / "model.onnx")
    for x, y in zip(torch_run(fresh, fast=False)(FEATURES), expected, strict=True):
        assert np.abs(x - y).max() < 0.2
    for name, value in fresh.state_dict().items():
        if "encoder" in name:
            step = value.abs().max() / 127
            assert (value - model.state_dict()[name]).abs().max() <= step, name


def test_the_weights_that_are_shipped_come_back(tmp_path: Path) -> None:
    """Their feed-forward blocks are narrower than the encoder's, from which the model is made."""
    tokenizer = plain_tokenizer(SHIPPED / "tokenizer.json")
    bundle.write(SHIPPED, tmp_path)
    model = open_model(tmp_path, "shipped", 0.0)
    ids = [
        np.asarray(tokenizer.encode(text, add_special_tokens=False).ids, np.int32)
        for text in ("When did the bridge open?", "The old bridge was closed. The new one opened on 3 May 2021.")
    ]
    features = [joined(ids[0], ids[1], None)]
    expected = depths_run(SHIPPED / "skim.onnx", SHIPPED / "deep.onnx", 1.0)(features)
    for found, side in zip(float_run(model, 1.0)(features), expected, strict=True):
        allowed = found > MASKED  # the question's tokens are masked in the one and not in the other
        assert np.abs(found - side)[allowed].max() < 1.5
        assert allowed.sum() > 12
        assert found[0].argmax() == side[0].argmax()


def test_a_network_of_another_size_is_refused(model: ReaderModel, tmp_path: Path) -> None:
    from transformers import BertConfig, BertModel

    export(model, tmp_path / "model.onnx", FEATURES)
    other = ReaderModel(
        BertModel(
            BertConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64),
            add_pooling_layer=False,
        )
    )
    before = {name: value.clone() for name, value in other.state_dict().items()}
    with pytest.raises(ValueError, match="has no weight that fits"):
        restore(other, tmp_path / "model.onnx")
    assert all(torch.equal(value, before[name]) for name, value in other.state_dict().items())
