"""SQuAD 1.1 and 2.0 JSON (Rajpurkar et al. 2016, 2018): each paragraph is a passage."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from eval.datasets.dataset import Dataset, Document, assemble
from eval.questions import GoldQuestion, kind_of, read_text
from sources.errors import GoldError


def is_squad(path: Path) -> bool:
    """Whether the file begins like SQuAD's: an object with `data` or `version`."""
    try:
        with path.open("rb") as stream:
            head = stream.read(200)
    except OSError:
        return False
    return head.lstrip().startswith(b"{") and (b'"data"' in head or b'"version"' in head)


def read_squad(path: Path, now: datetime) -> Dataset:
    """The paragraphs and questions of a file, or of every .json file in a folder.

    Raises:
        GoldError: a file is not JSON, or not laid out as SQuAD; names the file.
    """
    documents: list[Document] = []
    questions: list[GoldQuestion] = []
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        try:
            for entry in json.loads(read_text(file))["data"]:
                for paragraph in entry["paragraphs"]:
                    name = f"{file.stem}-{len(documents):05d}"
                    documents.append(Document(name, entry.get("title", ""), paragraph["context"]))
                    questions.extend(_question(item, name) for item in paragraph["qas"])
        except ValueError as error:
            raise GoldError(f"{file}: is not JSON ({error})") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise GoldError(f"{file}: is not laid out as SQuAD: data, paragraphs, context, qas ({error!r})") from error
    return assemble(path, documents, questions, now)


def _question(item: dict[str, Any], passage: str) -> GoldQuestion:
    impossible = bool(item.get("is_impossible", False))
    return GoldQuestion(
        id=str(item["id"]),
        question=item["question"],
        answers=() if impossible else tuple(dict.fromkeys(answer["text"] for answer in item["answers"])),
        articles=(),
        kind=kind_of(item["question"]),
        answerable=not impossible,
        relevant={passage: 1},
    )
