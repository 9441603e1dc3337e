"""The command as a user runs it: real model, real index, the bundled sample or a small set."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.row import read_rows
from tests.eval.builders import write_jsonl

QUOTARY = Path(sys.executable).with_name("quotary")
pytestmark = pytest.mark.skipif(not QUOTARY.exists(), reason="the quotary command is not installed beside this Python")


def quotary_eval(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [QUOTARY, "eval", *map(str, arguments)], capture_output=True, text=True, timeout=240, check=False
    )


@pytest.fixture
def rivers(tmp_path: Path) -> Path:
    """A question set in the JSON Lines layout."""
    folder = tmp_path / "rivers"
    passages = {
        "p1": "The river Ash rose by two metres after the storm of 3 May 2021.",
        "p2": "The bakery on Elm Street sells forty kinds of bread.",
    }
    write_jsonl(folder / "corpus.jsonl", [{"id": id_, "title": "", "text": text} for id_, text in passages.items()])
    write_jsonl(
        folder / "queries.jsonl",
        [
            {
                "id": "rise",
                "question": "How far did the Ash rise?",
                "answers": ["two metres"],
                "relevant": ["p1"],
                "answerable": True,
            },
            {"id": "moon", "question": "Who walked on the moon?", "answers": [], "relevant": [], "answerable": False},
        ],
    )
    return folder


def test_the_bundled_questions_over_the_bundled_sample(tmp_path: Path) -> None:
    rows, html = tmp_path / "rows.jsonl", tmp_path / "report.html"
    done = quotary_eval(
        "--reader", "none", "--json", "--rows", rows, "--html", html,
        "--fail-under", "exact_quote_rate=1", "--fail-under", "hit@10=0.8",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "") or "preparing" in done.stderr
    summary = json.loads(done.stdout)
    assert (summary["corpus"], summary["questions"], summary["answerable"]) == ("sample", 170, 115)
    assert summary["quotes"]["inexact"] == 0
    assert summary["quotes"]["checked"] > 170
    assert len(read_rows(rows)) == 170
    assert html.read_text("utf-8").startswith("<!doctype html>")


def test_a_run_against_its_own_baseline_changes_nothing(rivers: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    first = quotary_eval("--corpus", rivers, "--reader", "none", "--rows", rows)
    assert first.returncode == 0, first.stderr
    assert "rivers: 2 articles, 2 passages" in first.stdout
    again = quotary_eval("--corpus", rivers, "--reader", "none", "--baseline", rows, "--json")
    summary = json.loads(again.stdout)
    assert summary["metrics"]["hit@1"]["value"] == 1.0
    assert all(change["fixed"] == change["broken"] == [] for change in summary["baseline"]["changes"])


def test_a_metric_under_its_floor_fails_the_command(rivers: Path) -> None:
    done = quotary_eval("--corpus", rivers, "--reader", "none", "--mode", "lexical", "--fail-under", "em=1")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "quotary: em is 0.0000, under the floor of 1"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--gold", "none.jsonl"], "none.jsonl: cannot be read: No such file or directory"),
        (["--corpus", "none"], "none: there is no such file or folder"),
        (["--mode", "fuzzy"], "--mode 'fuzzy' is not known; use hybrid, dense, lexical"),
        (["--split", "train"], "--split 'train' is not known; use dev, test, all"),
        (["--fail-under", "hit@1"], "--fail-under 'hit@1' is not of the form METRIC=VALUE, as in hit@1=0.8"),
        (["--rows", "none/rows.jsonl"], "none/rows.jsonl: cannot be written: its folder does not exist"),
        (["--k", "3"], "k is 3; the metrics need 10 passages or more, and 50 is the most there is"),
    ],
)
def test_bad_input_is_one_line_and_status_2(arguments: list[str], complaint: str) -> None:
    done = quotary_eval(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"quotary: {complaint}\n")
