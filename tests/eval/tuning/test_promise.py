"""What is not read on, by hand."""

import json
from pathlib import Path

import pytest

from eval.row import Ranked, Row, write_rows
from eval.tuning.promise import main
from qa.promising import READ_ON
from sources.errors import GoldError
from tests.qa.reader.tiny import make_reader


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Passages are ordered by the reader's score alone."""
    folder = make_reader(tmp_path / "weights", 1, skim=1)
    description = json.loads((folder / "reader.json").read_text("utf-8"))
    description["calibration"] |= {"dense": 0.0}
    (folder / "reader.json").write_text(json.dumps(description), "utf-8")
    return folder


def row(name: str, *scores: tuple[float, float | None], right: int) -> Row:
    """Passages with these scores of reader and skim; the one at place `right` answers."""
    ranking = tuple(
        Ranked(f"p{place}", "a", place == right, place == right, 0.0, 0.5, None, reader, 0, skim)
        for place, (reader, skim) in enumerate(scores)
    )
    return Row(name, "who?", "who", answerable=True, expected=("x",), articles=("a",), ranking=ranking)


def test_a_passage_that_promised_little_is_lost(
    tmp_path: Path, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [(0.0, 1.0)] * READ_ON
    rows = [
        row("promising", (5.0, 2.0), *others, right=0),
        row("not", (5.0, -2.0), *others, right=0),
    ]
    write_rows(tmp_path / "rows.jsonl", rows)
    main([tmp_path / "rows.jsonl"], weights=weights)
    lines = [line.split("|")[1:-1] for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    lines = [line for line in lines if line[1].strip()[0].isdigit()]
    found = {line[0].strip(): [float(cell) for cell in line[1:]] for line in lines}
    assert found["0, 0, 0"] == [5.0, 0.5, 0.5, 0.5]
    assert found["all read"] == [6.0, 1.0, 1.0, 1.0]
    # With a margin of two the passages of "promising" are within it of the best, and so are all but one of "not".
    assert found["2"] == [5.0, 0.5, 0.5, 0.5]


def test_a_margin_leaves_out_what_promises_less(
    tmp_path: Path, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rows(tmp_path / "rows.jsonl", [row("sure", (5.0, 9.0), (0.0, 6.5), (0.0, 1.0), right=0)])
    main([tmp_path / "rows.jsonl"], weights=weights)
    lines = [line.split("|")[1:-1] for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    counts = {line[0].strip(): line[1].strip() for line in lines}
    assert [counts[margin] for margin in ("2", "3", "8", "inf")] == ["1.00", "2.00", "3.00", "3.00"]


def test_rows_of_which_not_all_was_read_are_refused(tmp_path: Path, weights: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", [row("some", (1.0, None), right=0)])
    with pytest.raises(GoldError, match="not every passage was read"):
        main([tmp_path / "rows.jsonl"], weights=weights)


def test_rows_of_the_test_split_are_refused(tmp_path: Path, weights: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", [row("test-1", (1.0, 1.0), right=0)])
    with pytest.raises(GoldError, match="test split"):
        main([tmp_path / "rows.jsonl"], weights=weights)
