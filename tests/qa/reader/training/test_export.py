from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig

from index.onnx_session import Session
from qa.reader.training.export import INPUTS, OUTPUTS, export, onnx_run, sha256, trained
from qa.reader.training.features import joined
from qa.reader.training.model import ReaderModel, from_encoder
from qa.reader.training.predict import torch_run
from qa.reader.training.vocabulary import prune_model


@pytest.fixture(scope="module")
def encoder(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like an encoder's: a tiny BERT without a question-answering head."""
    from transformers import BertModel

    torch.manual_seed(2)
    folder = tmp_path_factory.mktemp("encoder")
    config = BertConfig(
        vocab_size=1200,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=64,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> ReaderModel:
    checkpoint = tmp_path_factory.mktemp("run") / "checkpoint.pt"
    made = from_encoder(encoder)
    torch.nn.init.normal_(made.head.weight)
    torch.save({"model": made.state_dict()}, checkpoint)
    return trained(checkpoint, encoder)


FEATURES = [
    joined(np.asarray([110, 111], np.int32), np.arange(120, 150, dtype=np.int32), None),
    joined(np.asarray([112], np.int32), np.arange(160, 171, dtype=np.int32), None),
]


def test_the_network_gives_what_the_model_gives(model: ReaderModel, tmp_path: Path) -> None:
    digest = export(model, tmp_path / "plain.onnx", int8=False)
    assert digest == sha256(tmp_path / "plain.onnx")
    session = Session(tmp_path / "plain.onnx")
    assert (session.inputs, session.outputs) == (INPUTS, OUTPUTS)
    export(model, tmp_path / "int8.onnx")
    expected = torch_run(model, fast=False)(FEATURES)
    for name, allowed in (("plain", 1e-4), ("int8", 0.35)):
        found = onnx_run(tmp_path / f"{name}.onnx")(FEATURES)
        for x, y in zip(found, expected, strict=True):
            assert x.shape == y.shape
            # The second row is padded: past its 15 tokens there is nothing to compare.
            assert np.abs(x[0] - y[0]).max() < allowed
            assert np.abs(x[1, :15] - y[1, :15]).max() < allowed


def test_layers_are_fused_and_weights_are_int8(model: ReaderModel, tmp_path: Path) -> None:
    import onnx

    export(model, tmp_path / "int8.onnx")
    kinds = [node.op_type for node in onnx.load(str(tmp_path / "int8.onnx")).graph.node]
    assert kinds.count("MultiHeadAttention") == kinds.count("BiasGelu") == 2
    assert kinds.count("SkipLayerNormalization") == 4
    assert "MatMul" not in kinds


def test_pruning_keeps_the_scores_of_kept_words(model: ReaderModel) -> None:
    before = torch_run(model, fast=False)(FEATURES)
    stay = [i for i in range(1200) if i < 104 or i % 2 == 0 or 109 < i < 180]
    new_ids = {old: new for new, old in enumerate(stay)}
    prune_model(model, stay, positions=48)
    moved = []
    for f in FEATURES:
        ids = np.asarray([new_ids[int(i)] for i in f.ids], np.int32)
        moved.append(joined(ids[1 : f.passage - 1], ids[f.passage : -1], None))
    after = torch_run(model, fast=False)(moved)
    assert np.allclose(before[0], after[0], atol=1e-5)
    assert model.bert.embeddings.word_embeddings.weight.shape == (len(stay), 64)
