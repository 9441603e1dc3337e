from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from qa.reader.training.batches import Mix, Stream
from qa.reader.training.examples import read_sets
from qa.reader.training.loop import Schedule, Trainer
from qa.reader.training.model import ReaderModel
from qa.reader.training.negatives import mine
from qa.reader.training.optimizers import Optimizers
from tests.qa.reader.training.tiny import bert_config


@pytest.fixture(scope="module")
def stream(tokenizer: Tokenizer, question_set: Path) -> Stream:
    questions = read_sets([question_set], tokenizer)
    wanted = list(range(len(questions.asked)))
    mix = Mix(shortest=8, longest=40, mined=0.5, changed=0.3)
    mined = mine(questions, wanted, 4)
    return Stream(
        questions=questions, wanted=wanted, negatives=mined, tokenizer=tokenizer, mix=mix, seed=3, budget=1200
    )


def model(tokenizer: Tokenizer) -> ReaderModel:
    torch.manual_seed(5)
    config = bert_config(tokenizer.get_vocab_size(), 24, layers=1, heads=2, dropout=0.0)
    return ReaderModel(BertModel(config, add_pooling_layer=False))


def run(tokenizer: Tokenizer, stream: Stream, folder: Path, steps: int, optimizer: str = "adamw") -> Trainer:
    schedule = Schedule(peak=1e-3, warm=1, stable=10**9, decay=1)
    made = model(tokenizer)
    files = {"checkpoint": folder / "checkpoint.pt", "log": folder / "log.jsonl"}
    trainer = Trainer(made, Optimizers(made, optimizer), schedule, rank_weight=0.0, **files)

    def look(_: ReaderModel) -> Mapping[str, float]:
        if trainer.progress.steps >= steps:
            trainer.stop()
        return {}

    trainer.run(stream, -1.0, look)
    return trainer


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_a_resumed_run_ends_as_one_that_never_stopped(
    tokenizer: Tokenizer, stream: Stream, tmp_path: Path, optimizer: str
) -> None:
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    whole.mkdir()
    halves.mkdir()
    once = run(tokenizer, stream, whole, 24, optimizer)
    run(tokenizer, stream, halves, 11, optimizer)
    twice = run(tokenizer, stream, halves, 24, optimizer)
    assert once.progress == twice.progress
    assert once.progress.steps == 24
    for name, value in once.model.state_dict().items():
        assert torch.equal(value, twice.model.state_dict()[name]), name


def test_a_checkpoint_of_other_optimisers_is_refused(tokenizer: Tokenizer, stream: Stream, tmp_path: Path) -> None:
    run(tokenizer, stream, tmp_path, 2, "muon")
    with pytest.raises(ValueError, match="the checkpoint has 2 optimisers, the run 1"):
        run(tokenizer, stream, tmp_path, 4, "adamw")


def test_an_unknown_optimiser_is_named(tokenizer: Tokenizer) -> None:
    with pytest.raises(ValueError, match="there is no optimiser 'sgd'; there are adamw, muon"):
        Optimizers(model(tokenizer), "sgd")


def test_batches_are_the_same_again_and_keep_the_budget(stream: Stream) -> None:
    first, again = list(stream.pool(1)), list(stream.pool(1))
    assert len(first) == len(again) > 1
    for a, b in zip(first, again, strict=True):
        assert torch.equal(a.ids, b.ids)
        assert a.ids.numel() <= 1200
        rows = torch.arange(len(a.ids))
        assert a.allowed[rows, a.first].all()
        assert a.allowed[rows, a.last].all()
        assert bool((a.last >= a.first).all())


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_training_learns(tokenizer: Tokenizer, stream: Stream, tmp_path: Path, optimizer: str) -> None:
    trainer = run(tokenizer, stream, tmp_path, 60, optimizer)
    lines = (tmp_path / "log.jsonl").read_text("utf-8").splitlines()
    losses = [float(line.split('"loss": ')[1].split(",")[0]) for line in lines if '"loss"' in line]
    assert losses[-1] < losses[0] * 0.9
    assert trainer.progress.tokens > 0


def test_the_schedule_warms_up_stays_and_decays() -> None:
    schedule = Schedule(peak=1.0, warm=10, stable=20, decay=40)
    assert [schedule.rate(t) for t in (0, 9, 10, 29, 50, 70, 99)] == [0.1, 1.0, 1.0, 1.0, 0.5, 0.0, 0.0]
    assert schedule.total == 70


def test_mined_passages_hold_no_accepted_answer(tokenizer: Tokenizer, question_set: Path) -> None:
    questions = read_sets([question_set], tokenizer)
    wanted = list(range(len(questions.asked)))
    found = mine(questions, wanted, 4)
    for row, q in zip(found, questions.asked, strict=True):
        assert len(set(row.tolist()) - {-1}) == 4
        assert all(p != q.context and q.answers[0] not in questions.contexts[p].text for p in row)
    assert np.array_equal(found, mine(questions, wanted, 4))
