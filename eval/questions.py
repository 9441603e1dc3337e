"""GoldQuestion: a question with the answers that count as right."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.errors import GoldError

_FIELDS = {"id", "question", "answers", "articles", "type", "answerable"}
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and what is right for it.

    Attributes:
        id: unique in a run.
        question: as a user would type it.
        answers: accepted wordings; empty when unanswerable, or when the set names passages only (BEIR).
        articles: beginnings of the names of the articles that answer; empty when `relevant` says it.
        kind: who, when, paraphrase, wrong year...
        answerable: whether the articles answer it.
        relevant: article name -> grade, 1 or more; for sets whose articles are single passages.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]
    kind: str
    answerable: bool
    relevant: dict[str, int] = field(default_factory=dict)

    def names(self, article: str) -> bool:
        """Whether `article` is the name of one that answers."""
        return article.startswith(self.articles) if self.articles else article in self.relevant


def read_gold(paths: Iterable[Path]) -> tuple[GoldQuestion, ...]:
    """The questions of gold files, in order.

    Raises:
        GoldError: a file cannot be read, or a line is no question; names file and line.
    """
    questions: list[GoldQuestion] = []
    seen: dict[str, str] = {}
    for path in paths:
        for where, record in json_lines(path):
            question = _question(record, where)
            if question.id in seen:
                raise GoldError(
                    f"{where}: the id {question.id!r} stands in {seen[question.id]} too; ids must be unique"
                )
            seen[question.id] = where
            questions.append(question)
    if not questions:
        raise GoldError("the gold files hold no question; give one JSON object a line")
    return tuple(questions)


def json_lines(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file, each with `file, line n` for messages; empty lines are skipped.

    Raises:
        GoldError: the file cannot be read, or a line is not a JSON object.
    """
    found = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except ValueError as error:
            raise GoldError(f"{where}: is not JSON ({error})") from error
        if not isinstance(record, dict):
            raise GoldError(f"{where}: must be a JSON object, not {_shown(record)}")
        found.append((where, record))
    return found


def read_text(path: Path) -> str:
    """The file's text; raises GoldError when it cannot be read or is not UTF-8."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise GoldError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: is not UTF-8 (byte {error.start})") from error


def string(record: dict[str, Any], key: str, where: str) -> str:
    """A field that must be a string with something in it."""
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise GoldError(f"{where}: {key!r} must be a string that is not empty, not {_shown(value)}")
    return value


def strings(record: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A field that must be a list of strings with something in them; left out, it is empty."""
    value = record.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise GoldError(f"{where}: {key!r} must be a list of strings that are not empty, not {_shown(value)}")
    return tuple(value)


def boolean(record: dict[str, Any], key: str, where: str) -> bool:
    """A field that must be true or false."""
    value = record.get(key)
    if not isinstance(value, bool):
        raise GoldError(f"{where}: {key!r} must be true or false, not {_shown(value)}")
    return value


def kind_of(question: str) -> str:
    """The kind of a question whose set does not say it, from its first question word; `other` without one."""
    words = question.lower().replace("?", " ").split()
    for place, word in enumerate(words):
        if word == "how":
            return f"how {words[place + 1]}" if words[place + 1 : place + 2] in (["many"], ["much"]) else "how"
        if word in ("who", "whom", "whose"):
            return "who"
        if word in ("when", "where", "why", "what", "which"):
            return word
    return "other"


def _question(record: dict[str, Any], where: str) -> GoldQuestion:
    unknown = record.keys() - _FIELDS
    if unknown:
        raise GoldError(f"{where}: unknown field {min(unknown)!r}; there are {', '.join(sorted(_FIELDS))}")
    question = GoldQuestion(
        id=string(record, "id", where),
        question=string(record, "question", where),
        answers=strings(record, "answers", where),
        articles=strings(record, "articles", where),
        kind=string(record, "type", where),
        answerable=boolean(record, "answerable", where),
    )
    filled: Sequence[bool] = (bool(question.answers), bool(question.articles))
    if question.answerable and not all(filled):
        raise GoldError(f"{where}: an answerable question needs 'answers' and 'articles'")
    if not question.answerable and any(filled):
        raise GoldError(f"{where}: an unanswerable question has neither 'answers' nor 'articles'")
    return question


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
