"""Taking neurons from a network's blocks: against least squares, and on the way to weights."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from typer.testing import CliRunner

from qa.reader.training import data, narrowing
from qa.reader.training.batch import Batch, Packed, pack
from qa.reader.training.bundle import load_halves, open_model, save_halves
from qa.reader.training.commands import app
from qa.reader.training.depths import export_depths
from qa.reader.training.examples import read_sets
from qa.reader.training.export import make_fusible
from qa.reader.training.features import joined
from qa.reader.training.narrow import fewest_missed, narrow, resize, width_of
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
    before, width = logits(model), width_of(model)
    whole = copy.deepcopy(model)
    losses = narrow(model, batches, width, 0.5)
    assert max(losses) < 1e-9
    assert torch.allclose(logits(model), before, atol=1e-5)
    losses = narrow(model, batches, width - 8, 0.5)
    assert len(losses) == 3
    assert 0 <= max(losses) < 0.05
    assert width_of(model) == model.bert.config.intermediate_size == width - 8
    allowed = before > -1e3
    assert (logits(model) - before)[allowed].abs().max() < 0.2 * before[allowed].abs().max()
    # Taken at random, as many matter more.
    resize(whole, width - 8)
    assert (logits(whole) - before)[allowed].abs().max() > (logits(model) - before)[allowed].abs().max()


def test_narrow_weights_come_back_from_halves_and_from_what_is_shipped(
    model: SkimModel, made: Path, tmp_path: Path
) -> None:
    narrow(model, [pack(FEATURES, [0, 1])], 40, 0.5)
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
    assert width_of(wide) == 40


def test_the_command_narrows_a_student_and_trains_it_on(
    made: Path, question_set: Path, tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "SETS", (question_set.name,))
    read = read_sets([question_set], data.plain_tokenizer(made / "tokenizer.json"))
    training, held = data.sides(read)
    np.savez(tmp_path / "mined.npz", train=mine(read, training, 4), held=mine(read, held, 4))
    monkeypatch.setattr(narrowing, "load", lambda *_: read)
    run = tmp_path / "run"
    run.mkdir()
    (run / "log.jsonl").write_text('{"phase": "student"}\n', "utf-8")
    student = open_model(made, "shipped", 0.0)
    save_halves(student, run, "student")
    arguments = ["narrow", str(question_set.parent), str(made), str(run), str(tmp_path / "out"), "--width", "48"]
    arguments += ["--stories", str(question_set), "--mined", str(tmp_path / "mined.npz"), "--seconds", "2"]
    arguments += ["--budget", "1600", "--looked-at", "1", "--peak", "1e-2"]
    arguments += ["--mix", '{"shortest": 20, "longest": 60, "mined": 0.5}']
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").read_text("utf-8").splitlines()]
    assert lines[0] == {"phase": "student"}
    assert [line["looked"] for line in lines if "looked" in line] == ["as it was", "narrowed", "trained on"]
    (told,) = (line for line in lines if "lost" in line)
    assert (told["width"], len(told["lost"])) == (48, 3)
    load_halves(student, tmp_path / "out", "student")
    assert width_of(student) == 48
    np.savez(tmp_path / "few.npz", train=np.zeros((1, 4), np.int32), held=np.zeros((1, 4), np.int32))
    wrong = CliRunner().invoke(app, [*arguments, "--mined", str(tmp_path / "few.npz")])
    assert wrong.exit_code == 2
    assert "has1questions" in "".join(filter(str.isalnum, wrong.output))  # in a box, broken over lines
