"""Row: everything one question of a run gave. Rows are written first; every figure is derived from them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eval.questions import json_lines
from sources.errors import GoldError


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage in the ranking.

    Attributes:
        passage: its id; the article's name where each article is one passage.
        article: the article's name.
        right: it is a hit: of a named article with an accepted answer in it, or judged relevant.
        has_answer: it holds an accepted answer, whatever its article.
        score, dense, lexical, reader, missing, skim: as the pipeline gave them.
    """

    passage: str
    article: str
    right: bool
    has_answer: bool
    score: float
    dense: float | None
    lexical: float | None
    reader: float | None
    missing: int | None = None
    skim: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One question and what came of it.

    Attributes:
        id, question, kind, answerable: the question's.
        expected: accepted answers.
        articles: names (or beginnings of names) of the articles that answer.
        answered: whether the pipeline gave an answer, not a refusal.
        quote, sentence, article, start, end: the top answer, or what it would have been without the refusal.
        confidence: of the top answer; threshold: what the pipeline demanded (None when it answered).
        ranking: the passages, best first.
        values: metric -> its value for this question; None where it is not defined (recall of an unanswerable).
        quotes: how many quotes, sentences, highlights and passages left the pipeline.
        inexact: those among them that are not the source's words, described.
        latency_ms: wall-clock time of the whole ask; timing_ms: stage -> time.
        problem: why the question could not be asked; empty otherwise. Its values are 0.
    """

    id: str
    question: str
    kind: str
    answerable: bool
    expected: tuple[str, ...]
    articles: tuple[str, ...]
    answered: bool = False
    quote: str = ""
    sentence: str = ""
    article: str = ""
    start: int = 0
    end: int = 0
    confidence: float = 0.0
    threshold: float | None = None
    ranking: tuple[Ranked, ...] = ()
    values: dict[str, float | None] = field(default_factory=dict)
    quotes: int = 0
    inexact: tuple[str, ...] = ()
    latency_ms: float = 0.0
    timing_ms: dict[str, float] = field(default_factory=dict)
    problem: str = ""

    @property
    def right(self) -> bool:
        """The best passage answers: what the confidence claims. Never so for an unanswerable question."""
        return self.answerable and bool(self.ranking) and self.ranking[0].right


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """One JSON object a line, with `hit_ranks` for the reader's convenience.

    Raises:
        GoldError: the file cannot be written.
    """
    lines = []
    for row in rows:
        record = asdict(row)
        record["hit_ranks"] = [rank for rank, found in enumerate(row.ranking, start=1) if found.right]
        lines.append(json.dumps(record, ensure_ascii=False))
    try:
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise GoldError(f"{path}: cannot be written: {error.strerror}") from error


def read_rows(path: Path) -> tuple[Row, ...]:
    """The rows of a former run.

    Raises:
        GoldError: the file cannot be read, or was not written by `write_rows`; names file and line.
    """
    rows = tuple(_row(record, where) for where, record in json_lines(path))
    if not rows:
        raise GoldError(f"{path}: holds no rows; give a file written by 'quotary eval --rows'")
    return rows


def _row(record: dict[str, Any], where: str) -> Row:
    try:
        record.pop("hit_ranks", None)
        ranking = tuple(Ranked(**found) for found in record.pop("ranking"))
        sequences: dict[str, Any] = {key: tuple(record.pop(key)) for key in ("expected", "articles", "inexact")}
        values = {str(name): None if value is None else float(value) for name, value in record.pop("values").items()}
        return Row(ranking=ranking, values=values, **sequences, **record)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise GoldError(f"{where}: is not a row written by 'quotary eval --rows' ({error})") from error
