"""Taking neurons from a network's blocks: against least squares, and on the way to weights."""

import copy
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from typer.testing import CliRunner

from qa.reader.training import data, material
from qa.reader.training.batch import Batch, Packed, pack
from qa.reader.training.bundle import load_halves, open_model, save_halves
from qa.reader.training.commands import app
from qa.reader.training.depths import export_depths
from qa.reader.training.examples import read_sets
from qa.reader.training.export import make_fusible
from qa.reader.training.features import joined
from qa.reader.training.narrow import fewest_missed, narrow, resize, widths_of
from qa.reader.training.negatives import mine
from qa.reader.training.restore import restore_depths
from qa.reader.training.skim import SkimModel, wanted

FEATURES = [
    joined(np.asarray([110, 111], np.int32), np.arange(104, 150, dtype=np.int32), (3, 5)),
    joined(np.asarray([112], np.int32), np.arange(120, 140, dtype=np.int32), None),
]


@pytest.fixture
def model(made: Path) -> SkimModel:
    torch.manual_seed(6)
    opened = open_model(made, "base", 0.0)
    for name, parameter in opened.named_parameters():
        if "word_embeddings" not in name:
            parameter.data += torch.randn_like(parameter) * 0.05
    return opened.eval()


def logits(model: SkimModel) -> torch.Tensor:
    packed = pack(FEATURES, [0, 1])
    count = wanted(packed, 0.5)
    with torch.no_grad():
        found = model.depths(Batch.of(packed), int(count.max()), torch.from_numpy(count))
    return torch.stack([found.skim_start, found.skim_end])


def test_what_stays_does_what_it_can_for_what_is_gone() -> None:
    torch.manual_seed(3)
    inputs = torch.randn(2_000, 24, dtype=torch.float64) @ torch.randn(24, 24, dtype=torch.float64)
    weight = torch.randn(5, 24, dtype=torch.float64)
    stay, found, lost = fewest_missed(weight, inputs.T @ inputs, 18)
    assert len(stay) == 18
    target = inputs @ weight.T
    best = torch.linalg.lstsq(inputs[:, stay], target).solution.T
    missed = ((inputs[:, stay] @ found.T - target) ** 2).sum() / (target**2).sum()
    least = ((inputs[:, stay] @ best.T - target) ** 2).sum() / (target**2).sum()
    assert lost == pytest.approx(float(missed), rel=1e-6)
    assert missed < least * 1.02
    # Those with the smallest weights alone, left as they are, lose far more.
    small = (weight**2).sum(0).topk(18).indices
    assert ((inputs[:, small] @ weight[:, small].T - target) ** 2).sum() / (target**2).sum() > 3 * missed


def test_of_two_that_are_the_same_one_goes_and_nothing_is_lost() -> None:
    torch.manual_seed(3)
    inputs = torch.randn(500, 6)
    inputs[:, 4] = inputs[:, 1] * 2
    weight = torch.randn(3, 6)
    stay, found, lost = fewest_missed(weight, inputs.T @ inputs, 5)
    assert sorted({1, 4} - set(stay.tolist())) in ([1], [4])
    assert lost < 1e-5
    assert torch.allclose(inputs[:, stay] @ found.T, inputs @ weight.T, atol=0.02)


def test_a_narrower_network_gives_nearly_the_same(model: SkimModel) -> None:
    batches: list[Packed] = [pack(FEATURES, [0, 1])] * 3
    before, widths = logits(model), widths_of(model)
    whole = copy.deepcopy(model)
    losses = narrow(model, batches, widths, 0.5)
    assert max(losses) < 1e-9
    assert torch.allclose(logits(model), before, atol=1e-5)
    fewer = [widths[0] - 8, widths[1] - 4, widths[2] - 8]
    losses = narrow(model, batches, fewer, 0.5)
    assert len(losses) == 3
    assert 0 <= max(losses) < 0.05
    assert widths_of(model) == fewer
    allowed = before > -1e3
    assert (logits(model) - before)[allowed].abs().max() < 0.2 * before[allowed].abs().max()
    # Taken at random, as many matter more.
    resize(whole, fewer)
    assert (logits(whole) - before)[allowed].abs().max() > (logits(model) - before)[allowed].abs().max()


def test_narrow_weights_come_back_from_halves_and_from_what_is_shipped(
    model: SkimModel, made: Path, tmp_path: Path
) -> None:
    narrow(model, [pack(FEATURES, [0, 1])], [40, 48, 40], 0.5)
    expected = logits(model)
    save_halves(model, tmp_path, "student")
    again = open_model(made, "shipped", 0.0).eval()
    load_halves(again, tmp_path, "student")
    again.bert.embeddings.word_embeddings.load_state_dict(model.bert.embeddings.word_embeddings.state_dict())
    assert torch.allclose(logits(again), expected, atol=0.02)
    make_fusible(model)
    export_depths(model, tmp_path / "skim.onnx", tmp_path / "deep.onnx", FEATURES, 0.5)
    wide = open_model(made, "shipped", 0.0).eval()
    restore_depths(wide, tmp_path / "skim.onnx", tmp_path / "deep.onnx")
    assert widths_of(wide) == [40, 48, 40]


def test_the_command_adds_a_narrower_start_to_a_bundle(
    made: Path, question_set: Path, tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "SETS", (question_set.name,))
    read = read_sets([question_set], data.plain_tokenizer(made / "tokenizer.json"))
    training, held = data.sides(read)
    np.savez(tmp_path / "mined.npz", train=mine(read, training, 4), held=mine(read, held, 4))
    monkeypatch.setattr(material, "load", lambda *_: read)
    bundle = tmp_path / "bundle"
    shutil.copytree(made, bundle)
    arguments = [
        "narrow",
        str(question_set.parent),
        str(bundle),
        "--widths",
        "40,48,64",
        "--stories",
        str(question_set),
    ]
    arguments += ["--mined", str(tmp_path / "mined.npz"), "--mix", '{"shortest": 20, "longest": 60}']
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert done.output.count("0.") == 3
    assert widths_of(open_model(bundle, "narrowed", 0.0)) == [40, 48, 64]
    wide = open_model(bundle, "shipped", 0.0)
    assert widths_of(wide) == [64, 64, 64]
    # The last block loses nothing, and is left as it was but for what is rounded.
    for found, whole in zip(
        open_model(bundle, "narrowed", 0.0).bert.encoder.layer[2].parameters(),
        wide.bert.encoder.layer[2].parameters(),
        strict=True,
    ):
        assert (found - whole).abs().max() <= whole.abs().max() / 100
