"""The network of two depths: in torch, as the two networks that are shipped, and back."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel

from index.onnx_session import Session
from qa.reader.network import HIDDEN
from qa.reader.skimming import kept
from qa.reader.training.batch import Batch, pack
from qa.reader.training.depths import SKIM_INPUTS, SKIM_OUTPUTS, depths_run, export_depths, float_run
from qa.reader.training.export import OUTPUTS, feeds, make_fusible, sha256
from qa.reader.training.features import Feature, joined
from qa.reader.training.model import MASKED, ReaderModel
from qa.reader.training.restore import restore_depths, restore_weights
from qa.reader.training.skim import SkimModel, wanted
from tests.qa.reader.training.tiny import bert_config

SHARE = 0.4
FEATURES = [
    joined(
        np.asarray([110, 111], np.int32), np.arange(120, 370, dtype=np.int32), (3, 5), np.asarray([150, 120], np.int32)
    ),
    joined(np.asarray([112], np.int32), np.arange(160, 171, dtype=np.int32), None),
]


@pytest.fixture(scope="module")
def model() -> SkimModel:
    torch.manual_seed(2)
    config = bert_config(1200, 64, layers=4, positions=300, dropout=0.0)
    made = SkimModel(BertModel(config, add_pooling_layer=False))
    make_fusible(made)
    for name, parameter in made.named_parameters():
        # As after training: no two weights are equal, which the exporter would keep once; logits tell tokens apart.
        if "word_embeddings" not in name:
            parameter.data += torch.randn_like(parameter) * (0.5 if "head" in name or "skim" in name else 0.05)
    return made.eval()


def read(model: SkimModel, share: float) -> tuple[Batch, "np.ndarray[tuple[int, ...], np.dtype[np.float32]]"]:
    packed = pack(FEATURES, [0, 1])
    batch, count = Batch.of(packed), wanted(packed, share)
    with torch.no_grad():
        found = model.depths(batch, int(count.max()), torch.from_numpy(count))
    assert found.kept.sum(1).tolist() == count.tolist()
    return batch, torch.stack([found.skim_start, found.skim_end, found.start, found.end]).numpy()


def test_the_deep_layers_see_the_question_and_a_share_of_the_passage(model: SkimModel) -> None:
    batch, logits = read(model, SHARE)
    # Three markers' worth and the question: [CLS], two words, [SEP]; and 100 of 250 tokens, or all of a short passage.
    assert (logits[2] > MASKED).sum(1).tolist() == [1 + 100, 1 + 11]
    assert not (logits[2][~batch.allowed.numpy()] > MASKED).any()


def test_what_is_sure_is_kept(model: SkimModel) -> None:
    packed = pack(FEATURES[:1], [0])
    sure = torch.zeros(1, packed.ids.shape[1], dtype=torch.bool)
    sure[0, -3:-1] = True
    with torch.no_grad():
        found = model.depths(Batch.of(packed), 36, torch.tensor([36]), sure)
    assert found.kept[0, -3:-1].all()


def test_the_two_networks_give_what_the_model_gives(model: SkimModel, tmp_path: Path) -> None:
    _, expected = read(model, SHARE)
    skim, deep = tmp_path / "skim.onnx", tmp_path / "deep.onnx"
    digests = export_depths(model, skim, deep, FEATURES, SHARE)
    assert digests[0] != digests[1]
    first, second = Session(skim), Session(deep)
    assert (first.inputs, first.outputs) == (SKIM_INPUTS, SKIM_OUTPUTS)
    assert (second.inputs, second.outputs) == ((HIDDEN,), OUTPUTS)
    for row, feature in enumerate(FEATURES):
        start, end, hidden = first.run({name: feeds([feature])[name] for name in SKIM_INPUTS})
        allowed = _allowed(feature)
        assert np.abs(np.stack([start[0], end[0]]) - expected[:2, row, : len(allowed)])[:, allowed].max() < 0.35
        # The float model's choice of tokens, so that only the numbers differ.
        places = np.flatnonzero(expected[2, row] > MASKED)
        places = np.concatenate((np.arange(feature.second), places[places > 0]))
        found = second.run({HIDDEN: hidden[:, places]})
        answerable = np.isin(places, np.flatnonzero(allowed))
        for side, logits in zip(expected[2:, row], found, strict=True):
            assert np.abs(logits[0] - side[places])[answerable].max() < 0.5


def test_the_choice_in_use_is_that_of_training(model: SkimModel) -> None:
    _, logits = read(model, SHARE)
    allowed = _allowed(FEATURES[0])
    mine = kept(logits[0, 0], logits[1, 0], allowed, SHARE)
    theirs = np.flatnonzero(logits[2, 0] > MASKED)[1:]
    # Tokens as near as the last one that fits may be chosen otherwise.
    assert len(np.setdiff1d(mine, theirs)) <= 1


def test_figures_are_taken_of_what_is_shipped_and_of_its_floats(model: SkimModel, tmp_path: Path) -> None:
    _, expected = read(model, SHARE)
    exact = float_run(model, SHARE)(FEATURES)
    assert np.abs(np.stack(exact) - expected[2:]).max() < 1e-4
    export_depths(model, tmp_path / "skim.onnx", tmp_path / "deep.onnx", FEATURES, SHARE)
    for side, rounded in zip(
        exact, depths_run(tmp_path / "skim.onnx", tmp_path / "deep.onnx", SHARE)(FEATURES), strict=True
    ):
        assert rounded.shape == side.shape
        both = (side > MASKED) & (rounded > MASKED) & (np.arange(side.shape[1]) > 0)
        # Rounding may change which tokens are read on, at the edge.
        assert both.sum() >= (side > MASKED).sum() - 2 * 4
        assert np.abs(rounded - side)[both].max() < 0.8


def test_layers_are_fused(model: SkimModel, tmp_path: Path) -> None:
    import onnx

    export_depths(model, tmp_path / "skim.onnx", tmp_path / "deep.onnx", FEATURES, SHARE)
    for name in ("skim", "deep"):
        kinds = [node.op_type for node in onnx.load(str(tmp_path / f"{name}.onnx")).graph.node]
        assert kinds.count("Attention") == kinds.count("FastGelu") == 2
        assert kinds.count("MatMulInteger") == 12
        assert "Softmax" not in kinds


def test_restored_weights_are_the_shipped_ones(model: SkimModel, tmp_path: Path) -> None:
    export_depths(model, tmp_path / "skim.onnx", tmp_path / "deep.onnx", FEATURES, SHARE)
    fresh = copy.deepcopy(model)
    for name, parameter in fresh.named_parameters():
        if "word_embeddings" not in name:
            parameter.data.zero_()
    restore_depths(fresh, tmp_path / "skim.onnx", tmp_path / "deep.onnx")
    own = model.state_dict()
    for name, value in fresh.state_dict().items():
        assert (value - own[name]).abs().max() <= own[name].abs().max() / 100, name
    with pytest.raises(ValueError, match="has no weight that fits"):
        restore_depths(fresh, tmp_path / "deep.onnx", tmp_path / "deep.onnx")


def test_a_model_of_one_depth_goes_on_from_weights_of_two(model: SkimModel, tmp_path: Path) -> None:
    digests = export_depths(model, tmp_path / "skim.onnx", tmp_path / "deep.onnx", FEATURES, SHARE)
    plain = ReaderModel(BertModel(model.bert.config, add_pooling_layer=False))
    assert sha256(restore_weights(plain, tmp_path)) == digests[1]
    own = model.state_dict()
    for name, value in plain.state_dict().items():
        if "word_embeddings" not in name:
            assert (value - own[name]).abs().max() <= own[name].abs().max() / 100, name


def _allowed(feature: Feature) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    allowed = np.zeros(len(feature.ids), bool)
    allowed[feature.passage : -1] = True
    return allowed
