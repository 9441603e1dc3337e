"""Validation questions come from what training left out, with the passages that answer them."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.tuning.held import held_out
from qa.reader.training.data import SETS, encoder_folder, load, plain_tokenizer, sides
from sources.errors import GoldError

PASSAGES = 12


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All training sets, each of a few articles of one passage with one question."""
    folder = tmp_path_factory.mktemp("train")
    for name in SETS:
        corpus: list[dict[str, object]] = []
        queries: list[dict[str, object]] = []
        for n in range(PASSAGES):
            text = f"The mayor of {name} number {n} opened a bridge in {1900 + n}."
            answer = {"text": str(1900 + n), "start": text.index(str(1900 + n))}
            corpus.append({"id": f"{name}-{n}", "title": f"Town {n}", "text": text})
            asked = {"id": f"{name}-q{n}", "question": f"When did number {n} open?", "answers": [answer["text"]]}
            queries.append({**asked, "relevant": [f"{name}-{n}"], "answerable": True, "answer_spans": [answer]})
        (folder / name).mkdir()
        write(folder / name / "corpus.jsonl", corpus)
        write(folder / name / "queries.jsonl", queries)
    return folder


def write(path: Path, rows: Sequence[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_only_questions_that_were_held_out_are_asked(data: Path) -> None:
    read = load(data, plain_tokenizer(encoder_folder() / "tokenizer.json"))
    held = {read.asked[i].id: read.asked[i].source for i in sides(read)[1]}
    assert held
    for name in SETS:
        wanted = {id_ for id_, source in held.items() if source == name}
        if not wanted:
            with pytest.raises(GoldError, match=f"no question of {name} was held out"):
                held_out(data, name, 50, 3)
            continue
        corpus = held_out(data, name, 50, 3)
        assert {question.id for question in corpus.questions} == wanted
        answering = {passage for question in corpus.questions for passage in question.relevant}
        names = {article.name for article in corpus.articles}
        assert answering < names
        assert len(names) == len(answering) + 3
