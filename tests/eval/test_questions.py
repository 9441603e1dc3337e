import json
import re
from pathlib import Path

import pytest

from eval.questions import kind_of, read_gold
from sources.errors import GoldError
from tests.eval.builders import gold, write_jsonl

GOOD = {"id": "a", "question": "Who?", "answers": ["x"], "articles": ["000"], "type": "who", "answerable": True}


def test_a_line_is_a_question(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "gold.jsonl", [GOOD])
    path.write_text(path.read_text("utf-8") + "\n\n", "utf-8")
    expected = gold(id="a", question="Who?", answers=("x",), articles=("000",), kind="who")
    assert read_gold([path]) == (expected,)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"id": ""}, "'id' must be a string that is not empty, not \"\""),
        ({"question": 3}, "'question' must be a string that is not empty, not 3"),
        ({"answers": "x"}, "'answers' must be a list of strings that are not empty, not \"x\""),
        ({"answers": [""]}, "'answers' must be a list of strings that are not empty, not [\"\"]"),
        ({"answerable": "yes"}, "'answerable' must be true or false, not \"yes\""),
        ({"answers": []}, "an answerable question needs 'answers' and 'articles'"),
        ({"answerable": False}, "an unanswerable question has neither 'answers' nor 'articles'"),
        ({"kind": "who"}, "unknown field 'kind'"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, changes: dict[str, object], complaint: str) -> None:
    path = write_jsonl(tmp_path / "gold.jsonl", [{**GOOD, "id": "first"}, {**GOOD, **changes}])
    with pytest.raises(GoldError, match=re.escape(f"{path}, line 2: {complaint}")):
        read_gold([path])


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    one, two = (write_jsonl(tmp_path / name, [GOOD]) for name in ("one.jsonl", "two.jsonl"))
    with pytest.raises(GoldError, match=re.escape(f"{two}, line 1: the id 'a' stands in {one}, line 1 too")):
        read_gold([one, two])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "line 1: is not JSON"),
        (b"[1]\n", "line 1: must be a JSON object, not [1]"),
        (b"\xff\n", "is not UTF-8 (byte 0)"),
        (b"\n", "the gold files hold no question"),
    ],
)
def test_a_file_that_holds_no_questions_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(GoldError, match=re.escape(complaint)):
        read_gold([path])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"none\.jsonl: cannot be read: No such file"):
        read_gold([tmp_path / "none.jsonl"])


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({**GOOD, "question": "Who\u2028else?"}, ensure_ascii=False), "utf-8")
    assert read_gold([path])[0].question == "Who\u2028else?"


def test_articles_are_matched_by_the_beginning_of_their_name_and_relevant_ones_by_the_whole() -> None:
    assert gold(articles=("000",)).names("000-flood")
    assert not gold(articles=("000",)).names("1000-flood")
    assert gold(articles=(), relevant={"p1": 1}).names("p1")
    assert not gold(articles=(), relevant={"p1": 1}).names("p10")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many cases?", "how many"),
        ("how much was paid", "how much"),
        ("How old is he?", "how"),
        ("Of whom is it said?", "who"),
        ("In which year?", "which"),
        ("name the town", "other"),
        ("", "other"),
    ],
)
def test_the_kind_of_a_question_follows_from_its_first_question_word(question: str, kind: str) -> None:
    assert kind_of(question) == kind
