import copy
from pathlib import Path

import numpy as np

from index.onnx_session import Session
from qa.reader.training.export import INPUTS, OUTPUTS, export, onnx_run, sha256
from qa.reader.training.features import joined
from qa.reader.training.model import ReaderModel
from qa.reader.training.predict import torch_run
from qa.reader.training.vocabulary import prune_model

FEATURES = [
    joined(np.asarray([110, 111], np.int32), np.arange(120, 150, dtype=np.int32), None),
    joined(np.asarray([112], np.int32), np.arange(160, 171, dtype=np.int32), None),
]


def test_the_network_gives_what_the_model_gives(model: ReaderModel, tmp_path: Path) -> None:
    digest = export(model, tmp_path / "plain.onnx")
    assert digest == sha256(tmp_path / "plain.onnx")
    session = Session(tmp_path / "plain.onnx")
    assert (session.inputs, session.outputs) == (INPUTS, OUTPUTS)
    export(model, tmp_path / "int8.onnx", FEATURES)
    expected = torch_run(model, fast=False)(FEATURES)
    for name, allowed in (("plain", 1e-3), ("int8", 0.35)):
        found = onnx_run(tmp_path / f"{name}.onnx")(FEATURES)
        for x, y in zip(found, expected, strict=True):
            assert x.shape == y.shape
            # The second row is padded: past its 15 tokens there is nothing to compare.
            assert np.abs(x[0] - y[0]).max() < allowed
            assert np.abs(x[1, :15] - y[1, :15]).max() < allowed


def test_layers_are_fused_and_weights_are_int8(model: ReaderModel, tmp_path: Path) -> None:
    import onnx

    export(model, tmp_path / "int8.onnx", FEATURES)
    kinds = [node.op_type for node in onnx.load(str(tmp_path / "int8.onnx")).graph.node]
    assert kinds.count("Attention") == kinds.count("FastGelu") == 2
    assert kinds.count("LayerNormalization") == 5
    assert kinds.count("MatMul") == 1  # the two scores of a token


def test_pruning_keeps_the_scores_of_kept_words(model: ReaderModel) -> None:
    before = torch_run(model, fast=False)(FEATURES)
    stay = [i for i in range(1200) if i < 104 or i % 2 == 0 or 109 < i < 180]
    new_ids = {old: new for new, old in enumerate(stay)}
    model = prune_model(copy.deepcopy(model), stay, positions=48)
    moved = []
    for f in FEATURES:
        ids = np.asarray([new_ids[int(i)] for i in f.ids], np.int32)
        moved.append(joined(ids[1 : f.passage - 1], ids[f.passage : -1], None))
    after = torch_run(model, fast=False)(moved)
    assert np.allclose(before[0], after[0], atol=1e-5)
    assert model.bert.embeddings.word_embeddings.weight.shape == (len(stay), 64)
