import json
import re
from pathlib import Path

import pytest

from eval.judge import judge
from eval.row import read_rows, write_rows
from sources.errors import GoldError
from tests.eval.builders import FIRE, FLOOD, TEXTS, answer, gold, hit, result, unanswerable


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = (
        judge(gold(), result(hit(FIRE, 1), hit(FLOOD, 2), answers=(answer(),)), TEXTS, 1.5),
        judge(unanswerable(id="q2", question="Naïve 😀?"), result(), {}, 2.5),
    )
    path = tmp_path / "rows.jsonl"
    write_rows(path, rows)
    assert read_rows(path) == rows
    assert [json.loads(line)["hit_ranks"] for line in path.read_text("utf-8").splitlines()] == [[2], []]


@pytest.mark.parametrize("line", ['{"id": "a"}', '{"ranking": [], "values": 3}', '{"ranking": [{"x": 1}]}'])
def test_what_is_no_row_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(GoldError, match=re.escape(f"{path}, line 1: is not a row written by 'quotary eval --rows'")):
        read_rows(path)


def test_an_empty_file_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").touch()
    with pytest.raises(GoldError, match="holds no rows"):
        read_rows(tmp_path / "rows.jsonl")
    with pytest.raises(GoldError, match="cannot be written: No such file or directory"):
        write_rows(tmp_path / "none" / "rows.jsonl", [])
