import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from eval.datasets.dataset import Dataset
from eval.datasets.detect import read_dataset
from sources.errors import GoldError
from tests.eval.builders import gold, write_jsonl

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def read(path: Path, split: str = "all") -> Dataset:
    found = read_dataset(path, NOW, split)
    assert found is not None
    return found


def layout(folder: Path, **changes: object) -> Path:
    passages = [
        {"id": "p1", "title": "Ash", "text": "The Ash rose.", "url": ""},
        {"id": "p2", "title": "Ash", "text": "The Ash rose."},
        {"id": "p3", "title": "Elm", "text": "The Elm fell."},
    ]
    query = {"id": "q", "question": "What rose?", "answers": ["The Ash"], "relevant": ["p2"], "answerable": True}
    write_jsonl(folder / "corpus.jsonl", passages)
    write_jsonl(folder / "queries.jsonl", [{**query, "label": "official", **changes}])
    return folder


def test_the_json_lines_layout(tmp_path: Path) -> None:
    found = read(layout(tmp_path / "rivers"))
    assert found.name == "rivers"
    # p2 says the same as p1: one article, and the question means it
    assert [(it.name, it.title, it.text) for it in found.articles] == [
        ("p1", "Ash", "The Ash rose."),
        ("p3", "Elm", "The Elm fell."),
    ]
    expected = gold(id="q", question="What rose?", answers=("The Ash",), articles=(), kind="what", relevant={"p1": 1})
    assert found.questions == (expected,)


def test_a_question_about_a_passage_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="question 'q' names the passage 'p9', which is not in the corpus"):
        read(layout(tmp_path, relevant=["p9"]))


def test_a_passage_id_stands_once(tmp_path: Path) -> None:
    write_jsonl(layout(tmp_path) / "corpus.jsonl", [{"id": "p2", "text": "a"}, {"id": "p2", "text": "b"}])
    with pytest.raises(GoldError, match="the passage id 'p2' occurs twice"):
        read(tmp_path)


def test_a_set_without_questions_is_refused(tmp_path: Path) -> None:
    (layout(tmp_path) / "queries.jsonl").write_text("", "utf-8")
    with pytest.raises(GoldError, match="holds 2 passages and 0 questions; both are needed"):
        read(tmp_path)


def beir(folder: Path, **files: str) -> Path:
    write_jsonl(folder / "corpus.jsonl", [{"_id": "d1", "title": "", "text": "one"}, {"_id": "d2", "text": "two"}])
    write_jsonl(folder / "queries.jsonl", [{"_id": "1", "text": "first?"}, {"_id": "2", "text": "second?"}])
    (folder / "qrels").mkdir()
    for name, rows in files.items():
        (folder / "qrels" / f"{name}.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}", "utf-8")
    return folder


def test_beir_asks_what_has_a_judgement_above_0(tmp_path: Path) -> None:
    found = read(beir(tmp_path, test="1\td1\t2\n1\td2\t0\n2\td2\t0\n", train="2\td1\t1\n"))
    expected = gold(id="1", question="first?", answers=(), articles=(), kind="other", relevant={"d1": 2})
    assert found.questions == (expected,)
    assert [it.name for it in found.articles] == ["d1", "d2"]


def test_beir_reads_the_split_named_or_all_where_there_is_no_test(tmp_path: Path) -> None:
    folder = beir(tmp_path, dev="1\td1\t1\n", train="2\td1\t1\n")
    assert [it.id for it in read(folder, "dev").questions] == ["1"]
    assert [it.id for it in read(folder).questions] == ["1", "2"]
    with pytest.raises(GoldError, match=r"holds no test\.tsv with judgements"):
        read(folder, "test")


def test_a_bad_judgement_is_named_by_line(tmp_path: Path) -> None:
    folder = beir(tmp_path, test="1\td1\tgood\n")
    with pytest.raises(GoldError, match=re.escape("test.tsv, line 2: needs query id, passage id and a whole number")):
        read(folder)


def squad(path: Path, paragraphs: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"version": "v2.0", "data": [{"title": "Rivers", "paragraphs": paragraphs}]}), "utf-8")
    return path


PARAGRAPHS: list[dict[str, Any]] = [
    {
        "context": "The Ash rose.",
        "qas": [
            {"id": "a", "question": "Who rose?", "answers": [{"text": "Ash"}, {"text": "The Ash"}, {"text": "Ash"}]},
            {"id": "b", "question": "Who fell?", "is_impossible": True, "answers": [], "plausible_answers": []},
        ],
    }
]


def test_squad_as_a_file_and_as_a_folder(tmp_path: Path) -> None:
    path = squad(tmp_path / "dev-v2.0.json", PARAGRAPHS)
    expected = (
        gold(
            id="a",
            question="Who rose?",
            answers=("Ash", "The Ash"),
            articles=(),
            kind="who",
            relevant={"dev-v2.0-00000": 1},
        ),
        gold(
            id="b",
            question="Who fell?",
            answers=(),
            articles=(),
            kind="who",
            answerable=False,
            relevant={"dev-v2.0-00000": 1},
        ),
    )
    assert read(path).questions == expected
    assert read(tmp_path).questions == expected
    assert [(it.name, it.title) for it in read(path).articles] == [("dev-v2.0-00000", "Rivers")]


@pytest.mark.parametrize("content", ['{"data": [{}]}', '{"data": 3}', '{"data": [1]}'])
def test_json_that_is_not_laid_out_as_squad_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, "utf-8")
    with pytest.raises(GoldError, match=r"x\.json: is not laid out as SQuAD"):
        read(path)


def test_articles_are_no_question_set(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("A note.", "utf-8")
    (tmp_path / "other.json").write_text('{"a": 1}', "utf-8")
    assert read_dataset(tmp_path, NOW) is None
    assert read_dataset(tmp_path / "note.txt", NOW) is None
