"""The JSON Lines layout: corpus.jsonl and queries.jsonl.

A passage has id, title and text; a question has id, question, answers, relevant (passage ids) and answerable.
"""

from datetime import datetime
from pathlib import Path

from eval.datasets.dataset import Dataset, Document, assemble
from eval.questions import GoldQuestion, boolean, json_lines, kind_of, string, strings


def read_layout(folder: Path, now: datetime) -> Dataset:
    """The passages and questions of a folder. Other fields are not looked at.

    Raises:
        GoldError: a file cannot be read or a record lacks a field; names file and line.
    """
    documents = [
        Document(string(record, "id", where), str(record.get("title") or ""), str(record.get("text") or ""))
        for where, record in json_lines(folder / "corpus.jsonl")
    ]
    questions = [
        GoldQuestion(
            id=string(record, "id", where),
            question=string(record, "question", where),
            # Some annotators' answers are blank (20 of nq_qed_train): the others count.
            answers=strings({"answers": [a for a in record.get("answers", []) if a != ""]}, "answers", where),
            articles=(),
            kind=kind_of(string(record, "question", where)),
            answerable=boolean(record, "answerable", where),
            relevant=dict.fromkeys(strings(record, "relevant", where), 1),
        )
        for where, record in json_lines(folder / "queries.jsonl")
    ]
    return assemble(folder, documents, questions, now)
