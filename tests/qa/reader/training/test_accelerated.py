"""Training by the clock from a bundle, on the processor: a few seconds of a network of three layers."""

import itertools
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertModel
from typer.testing import CliRunner

from qa.reader.training import accelerated, data, distil, material
from qa.reader.training.ahead import Ahead
from qa.reader.training.batch import even, pack
from qa.reader.training.batches import Mix, Stream
from qa.reader.training.bundle import load_halves, open_model, write_start
from qa.reader.training.distil import soft_loss
from qa.reader.training.examples import read_sets
from qa.reader.training.features import joined
from qa.reader.training.narrow import narrow, widths_of
from qa.reader.training.negatives import mine

FEATURES = [joined(np.asarray([110, 111], np.int32), np.arange(104, 130, dtype=np.int32), None)]


def test_a_bundle_has_what_it_was_made_of(made: Path) -> None:
    encoder = BertModel.from_pretrained(made.parent / "encoder", add_pooling_layer=False).state_dict()
    base = open_model(made, "base", 0.0).state_dict()
    for name, value in base.items():
        whole = encoder.get(name.removeprefix("bert."))
        if whole is not None and "word_embeddings" not in name:
            assert (value - whole).abs().max() <= whole.abs().max() / 127, name
    shipped = open_model(made, "shipped", 0.0).state_dict()
    name = "bert.encoder.layer.1.intermediate.dense.weight"
    assert (shipped[name] - base[name]).abs().mean() > 0.005


def test_batches_made_ahead_are_those_of_one_process(tokenizer: Tokenizer, question_set: Path) -> None:
    questions = read_sets([question_set], tokenizer)
    wanted = list(range(len(questions.asked)))
    stream = Stream(
        questions=questions,
        wanted=wanted,
        negatives=mine(questions, wanted, 4),
        tokenizer=tokenizer,
        mix=Mix(shortest=8, longest=40, mined=0.9, wrongs=3, together=True),
        seed=3,
        budget=1200,
    )
    expected = [packed for place in range(3) for packed in stream.packed(place)]
    for found, packed in zip(iter(Ahead(stream, workers=2)), expected, strict=False):
        assert np.array_equal(found.ids, packed.ids)
        assert np.array_equal(found.group, packed.group)
    counts = np.concatenate([np.bincount(packed.group) for packed in expected])
    assert counts.max() > 3  # its own passage and three wrong ones


def test_even_pads_and_changes_nothing_else() -> None:
    packed = even(pack(FEATURES, [0]))
    assert packed.ids.shape == (1, 32)
    assert packed.length.tolist() == [len(FEATURES[0].ids)]
    assert packed.ids[0, len(FEATURES[0].ids) :].tolist() == [0] * (32 - len(FEATURES[0].ids))


def test_the_soft_loss_is_least_for_the_teachers_own_distribution() -> None:
    told = torch.tensor([[2.0, 0.0, -1.0, 50.0]])
    seen = torch.tensor([[True, True, True, False]])
    own = told.masked_fill(~seen, -1e4)
    entropy = -(torch.softmax(told[:, :3], 1) * torch.log_softmax(told[:, :3], 1)).sum()
    best = soft_loss((own, own), (told, told), seen)
    assert best == pytest.approx(float(entropy), abs=1e-5)
    assert soft_loss((own.flip(1), own), (told, told), seen) > best


def test_teachers_and_student_learn_and_their_weights_come_back(
    made: Path, question_set: Path, tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "SETS", (question_set.name,))
    read = read_sets([question_set], data.plain_tokenizer(made / "tokenizer.json"))
    training, held = data.sides(read)
    np.savez(tmp_path / "mined.npz", train=mine(read, training, 4), held=mine(read, held, 4))
    # A clock that a step moves by half a second, however busy the machine is.
    monkeypatch.setattr(distil, "time", SimpleNamespace(monotonic=itertools.count(0, 0.5).__next__))
    # The stories' place is taken by the set itself, which then is read twice.
    monkeypatch.setattr(material, "load", lambda *_: read)
    bundle = tmp_path / "bundle"
    shutil.copytree(made, bundle)
    narrowed = open_model(bundle, "shipped", 0.0)
    narrow(narrowed, [pack(FEATURES, [0])], [48, 56, 64], 0.5)
    write_start(narrowed.state_dict(), bundle, "narrowed")
    arguments = [str(question_set.parent), str(bundle), str(tmp_path / "out"), "--stories", str(question_set)]
    arguments += ["--mined", str(tmp_path / "mined.npz"), "--starts", "base@1e-2,base@1e-2@muon,shipped@0"]
    arguments += ["--teacher-seconds", "4", "--student-seconds", "6", "--budget", "1600", "--workers", "1"]
    arguments += ["--student-start", "narrowed", "--device", "cpu"]
    arguments += ["--mix", '{"shortest": 20, "longest": 60, "mined": 0.5}']
    done = CliRunner().invoke(accelerated.app, arguments)
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").read_text("utf-8").splitlines()]
    phases = {line["phase"]: line for line in lines if "phase" in line}
    assert set(phases) == {"teacher 0", "teacher 1", "student"}
    # The clock is read when a phase begins and before each step.
    assert [line["steps"] for line in phases.values()] == [7, 7, 11]
    assert [line["student"] for line in lines if "student" in line] == [1.0, 0.7, 0.5, 0.4, 0.3]
    assert [line["teacher"] for line in lines if "teacher" in line] == [0, 1, 2]
    student = open_model(made, "base", 0.0)
    before = student.skim.weight.detach().clone()
    load_halves(student, tmp_path / "out", "student")
    assert widths_of(student) == [48, 56, 64]
    assert not torch.equal(student.skim.weight, before)
    one = CliRunner().invoke(accelerated.app, [*arguments, "--mined", str(tmp_path / "none.npz")])
    assert one.exit_code != 0
    wrong = CliRunner().invoke(accelerated.app, [*arguments, "--starts", "base@fast"])
    assert wrong.exit_code == 2
    assert "base@fast" in wrong.output
