"""BEIR folders (Thakur et al. 2021): corpus.jsonl, queries.jsonl and qrels/*.tsv. They judge passages, not answers."""

from datetime import datetime
from pathlib import Path

from eval.datasets.dataset import Dataset, Document, assemble
from eval.questions import GoldQuestion, json_lines, kind_of, read_text, string
from sources.errors import GoldError

_COLUMNS = 3


def read_beir(folder: Path, now: datetime, split: str = "all") -> Dataset:
    """The passages, and the questions that have a judgement above 0.

    Args:
        folder: the set.
        now: the time to record.
        split: the name of a file in `qrels`; `all` takes test.tsv, or every file where there is no test.tsv.

    Raises:
        GoldError: a file cannot be read or a record lacks a field; names file and line.
    """
    documents = [
        Document(string(record, "_id", where), str(record.get("title") or ""), str(record.get("text") or ""))
        for where, record in json_lines(folder / "corpus.jsonl")
    ]
    relevant: dict[str, dict[str, int]] = {}
    for path in _judgement_files(folder / "qrels", split):
        for query, document, grade in _judgements(path):
            if grade > 0:
                relevant.setdefault(query, {})[document] = grade
    questions = []
    for where, record in json_lines(folder / "queries.jsonl"):
        name = string(record, "_id", where)
        if name in relevant:
            text = string(record, "text", where)
            questions.append(GoldQuestion(name, text, (), (), kind_of(text), answerable=True, relevant=relevant[name]))
    return assemble(folder, documents, questions, now)


def _judgement_files(folder: Path, split: str) -> list[Path]:
    wanted = "test" if split == "all" and (folder / "test.tsv").exists() else split
    found = sorted(folder.glob("*.tsv" if wanted == "all" else f"{wanted}.tsv"))
    if not found:
        raise GoldError(f"{folder}: holds no {'*' if wanted == 'all' else wanted}.tsv with judgements")
    return found


def _judgements(path: Path) -> list[tuple[str, str, int]]:
    """Rows of `query-id corpus-id score`, separated by tabs, after a line of headings."""
    found = []
    for number, line in enumerate(read_text(path).split("\n")[1:], start=2):
        if not line.strip():
            continue
        cells = line.rstrip("\r").split("\t")
        if len(cells) != _COLUMNS or not cells[2].lstrip("-").isdigit():
            raise GoldError(f"{path}, line {number}: needs query id, passage id and a whole number, separated by tabs")
        found.append((cells[0], cells[1], int(cells[2])))
    return found
