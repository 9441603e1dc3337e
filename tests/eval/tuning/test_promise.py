"""What is not read, by hand."""

import math
from pathlib import Path

import pytest

from eval.row import Ranked, Row, write_rows
from eval.tuning.settled import LOG_ODDS, main
from qa.in_turn import FIRST
from qa.reader.weights import ReaderWeights
from sources.errors import GoldError

WEIGHTS = Path(__file__).parents[3] / "qa" / "reader" / "weights"


def row(name: str, *readers: float, right: int) -> Row:
    """Passages in retrieval order with these scores of the reader; the one at place `right` answers."""
    ranking = tuple(
        Ranked(f"p{place}", "a", place == right, place == right, 0.0, 0.9 - place / 100, None, score, 0)
        for place, score in enumerate(readers)
    )
    return Row(name, "who?", "who", answerable=True, expected=("x",), articles=("a",), ranking=ranking)


def test_a_late_passage_is_lost_where_an_early_one_settles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sure, unsure, late = 12.0, -12.0, 40.0
    rows = [
        row("early", sure, *[unsure] * 5, right=0),
        row("late", sure, *[unsure] * 4, late, right=FIRST),
        row("only-late", *[unsure] * 5, late, right=FIRST),
    ]
    write_rows(tmp_path / "rows.jsonl", rows)
    main([tmp_path / "rows.jsonl"], weights=WEIGHTS)
    lines = [line for line in capsys.readouterr().out.splitlines() if line[2:3].isdigit() or line.startswith("| inf")]
    found = dict(zip(LOG_ODDS, ([float(cell) for cell in line.split("|")[2:-1]] for line in lines), strict=True))
    # Five read for two of three; "late" then has another first, wrong and without the right one among five.
    assert found[0.0] == [0.667, 0.667, 0.667, 0.667]
    assert found[float("inf")] == [0.0, 1.0, 1.0, 1.0]


def test_the_weights_in_use_settle_somewhere_on_the_sure_side() -> None:
    calibration = ReaderWeights.load(WEIGHTS).calibration
    assert math.log(calibration.threshold / (1 - calibration.threshold)) < calibration.settled < math.inf


def test_rows_of_the_test_split_are_refused(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", [row("test-1", 1.0, right=0)])
    with pytest.raises(GoldError, match="test split"):
        main([tmp_path / "rows.jsonl"], weights=WEIGHTS)
