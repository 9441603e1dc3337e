"""The fit of a calibration, on rows made so that the right weights are known."""

import json
from pathlib import Path

import numpy as np
import pytest

from eval.tuning.rows import main
from sources.errors import GoldError


def row(name: str, *hits: tuple[float, int, bool]) -> dict[str, object]:
    """Hits are (reader's score, missing, right); cosine and BM25 say nothing."""
    ranking = [{"reader": r, "missing": m, "right": y, "dense": 0.5, "lexical": None} for r, m, y in hits]
    return {"id": name, "answerable": any(y for *_, y in hits), "ranking": ranking}


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return path


def test_what_is_missing_counts_against_a_passage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(1)
    rows = []
    for n in range(200):
        answers = bool(rng.random() < 0.6)
        rows.append(row(f"dev-{n}", (rng.normal() + 1, 2, False), (rng.normal() + answers, 0, answers)))
    main([write(tmp_path / "rows.jsonl", rows)], order=(0.0, 0.0, 3.0), decide=(0.0, 0.0, 3.0))
    lines = capsys.readouterr().out.splitlines()

    def hit_at_1(missing: float) -> float:
        (line,) = [x for x in lines if x.startswith(f"cosine    0, BM25 0.00, missing {missing:4.2f}:")]
        return float(line.split("hit@1 ")[1].split(";")[0])

    assert hit_at_1(3.0) > hit_at_1(0.0) + 0.2
    fitted = json.loads(lines[-1].split("rows: ")[1])
    assert fitted["reader"] > 0.3
    assert fitted["missing"] == pytest.approx(-3 * fitted["reader"], abs=1e-3)
    assert fitted["dense"] == fitted["lexical"] == 0
    assert fitted["order"] == {"dense": 0, "lexical": 0, "missing": -3, "reader": 1}
    assert 0 < fitted["threshold"] < 1


def test_further_rows_count_for_the_order_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dev = write(tmp_path / "dev.jsonl", [row("dev-1", (1.0, 0, True)), row("dev-2", (0.0, 0, False))] * 5)
    held = write(tmp_path / "held.jsonl", [row("h-1", (1.0, 1, False), (0.0, 0, True))])
    main([dev], more=[held])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("missing 0.00: hit@1 1.000, of the further 0.000; to decide, AUROC 1.000")
    assert lines[2].endswith("missing 1.50: hit@1 1.000, of the further 1.000; to decide, AUROC 1.000")
    assert lines[-1].startswith("10 rows: ")


def test_rows_of_the_test_split_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", [row("dev-1", (1.0, 0, True)), row("test-1", (1.0, 0, False))])
    with pytest.raises(GoldError, match="test split"):
        main([path])
