"""Made rows, results and question files."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from eval.questions import GoldQuestion
from eval.row import Ranked, Row
from index.passage import Passage
from qa.answer import Answer, NoAnswer, Result
from qa.hit import Hit, Scores
from qa.question import Question
from sources.article import Article, Span
from tests.fakes import article

FLOOD = article("000-flood", "The river Ash rose by two metres on 3 May 2021. Schools shut for weeks.")
FIRE = article("001-fire", "A fire closed the station 😀. Nobody was hurt, the brigade said.")
TEXTS = {it.id: it.text for it in (FLOOD, FIRE)}
RIVER = Span(0, 47)
RISE = Span(22, 32)  # two metres


def gold(**fields: object) -> GoldQuestion:
    given: dict[str, object] = {
        "id": "q1",
        "question": "How far did the Ash rise?",
        "answers": ("two metres", "2 m"),
        "articles": ("000",),
        "kind": "how much",
        "answerable": True,
    }
    return GoldQuestion(**{**given, **fields})  # type: ignore[arg-type]


def unanswerable(**fields: object) -> GoldQuestion:
    return gold(**{"answers": (), "articles": (), "kind": "wrong year", "answerable": False, **fields})


def hit(source: Article, rank: int, highlights: tuple[Span, ...] = ()) -> Hit:
    whole = Span(0, len(source.text))
    scores = Scores(dense=1 / rank, fused=1 / rank)
    return Hit(Passage.of(source, whole, (whole,)), source, rank, 1 / rank, scores, highlights)


def answer(source: Article = FLOOD, place: Span = RISE, sentence: Span = RIVER, confidence: float = 0.9) -> Answer:
    passage = hit(source, 1).passage
    return Answer(source, place.start, place.end, sentence, passage, confidence, Scores())


def result(*hits: Hit, answers: tuple[Answer, ...] = ()) -> Result:
    outcome = answers or NoAnswer("too unlike", 0.2, 0.5, hits)
    return Result(Question("how far"), outcome, hits, 1, {}, {"total": 1.0})


def row(id_: str = "q1", **fields: object) -> Row:
    given: dict[str, object] = {
        "id": id_,
        "question": f"What is {id_}?",
        "kind": "what",
        "answerable": True,
        "expected": ("x",),
        "articles": ("000",),
    }
    return Row(**{**given, **fields})  # type: ignore[arg-type]


def scored(
    id_: str,
    *,
    confidence: float,
    right: bool,
    answerable: bool = True,
    values: Mapping[str, float | None] = MappingProxyType({}),
) -> Row:
    """A row whose best passage is right or not."""
    best = Ranked("p", "000-flood", right, right, 1.0, None, None, None)
    return row(id_, confidence=confidence, answerable=answerable, ranking=(best,), values=dict(values))


def write_jsonl(path: Path, records: Iterable[Mapping[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path
