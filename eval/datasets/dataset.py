"""Dataset: the passages of a question set as articles, with its questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from eval.questions import GoldQuestion
from sources.article import Article
from sources.errors import GoldError


@dataclass(frozen=True, slots=True)
class Dataset:
    """A question set over passages that somebody else has cut.

    Attributes:
        name: for the report: the name of the folder or file.
        articles: one a passage, its name the id in the set; to be indexed as one passage each.
        questions: with `relevant` naming those ids.
    """

    name: str
    articles: tuple[Article, ...]
    questions: tuple[GoldQuestion, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A passage as a set gives it."""

    name: str
    title: str
    text: str


def assemble(path: Path, documents: Iterable[Document], questions: Iterable[GoldQuestion], now: datetime) -> Dataset:
    """The dataset, with passages that occur twice taken as one and empty ones left out.

    A catalog keeps one copy of equal articles; the questions must name that one.

    Raises:
        GoldError: two passages have the same id, nothing is left, or a question names a passage that is not there.
    """
    kept: dict[tuple[str, str], Article] = {}
    stands_for: dict[str, str] = {}
    for document in documents:
        if document.name in stands_for:
            raise GoldError(f"{path}: the passage id {document.name!r} occurs twice; ids must be unique")
        key = (document.title, document.text)
        if document.text.strip() and key not in kept:
            kept[key] = Article.create(
                name=document.name,
                origin=f"{path.resolve()}#{document.name}",
                title=document.title,
                text=document.text,
                added_at=now,
            )
        stands_for[document.name] = kept[key].name if key in kept else document.name
    asked = tuple(_renamed(path, question, stands_for) for question in questions)
    if not kept or not asked:
        raise GoldError(f"{path}: holds {len(kept):,} passages and {len(asked):,} questions; both are needed")
    return Dataset(path.resolve().name, tuple(kept.values()), asked)


def _renamed(path: Path, question: GoldQuestion, stands_for: Mapping[str, str]) -> GoldQuestion:
    for name in question.relevant:
        if name not in stands_for:
            raise GoldError(f"{path}: question {question.id!r} names the passage {name!r}, which is not in the corpus")
    relevant: dict[str, int] = {}
    for name, grade in question.relevant.items():
        relevant[stands_for[name]] = max(grade, relevant.get(stands_for[name], 0))
    return replace(question, relevant=relevant)
