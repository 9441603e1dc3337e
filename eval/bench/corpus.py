"""What the benchmarks index and ask: public passages and questions beside the checkout, or the bundled sample."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from itertools import count, islice
from pathlib import Path

from sources.article import Article
from sources.files import read_paths
from sources.sample import sample_directory

# Not part of the project: the repository's neighbour, where it is there (its README names sources and licences).
PUBLIC = Path(__file__).resolve().parents[3] / "shared" / "data"
_READ_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts of the length of a passage, and questions about some of them.

    Attributes:
        name: where they are from, for the report.
        texts: distinct.
        questions: in random order.
    """

    name: str
    texts: tuple[str, ...]
    questions: tuple[str, ...]

    def grown(self, size: int) -> Iterator[str]:
        """`size` texts: these, then copies with their words changed: numbers anew and sentences in another order."""
        chance = random.Random(7)  # noqa: S311 (nothing secret)
        copies = (_perturbed(text, chance) for _ in count() for text in self.texts)
        return islice(_chain(self.texts, copies), size)

    def articles(self, size: int) -> Iterator[Article]:
        """`grown` texts as articles of one passage each, or a few where a text is long."""
        for number, text in enumerate(self.grown(size)):
            name = f"bench-{number:07}"
            yield Article.create(name=name, origin=name, title=f"Article {number}", text=text, added_at=_READ_AT)


def load_corpus() -> Corpus:
    """The public training passages where they are there, else the bundled sample."""
    folders = sorted((PUBLIC / "train").glob("squad*")) if PUBLIC.is_dir() else []
    if folders:
        texts = [row["text"] for folder in folders for row in _rows(folder / "corpus.jsonl")]
        questions = [row["question"] for folder in folders for row in _rows(folder / "queries.jsonl")]
        name = f"{len(texts):,} public passages (SQuAD 1.1 train slice, SQuADShifts)"
    else:
        articles = [item for item in read_paths([sample_directory()], _READ_AT) if isinstance(item, Article)]
        texts = [part for article in articles for part in article.text.split("\n\n") if len(part) > 80]
        gold = resources.files("eval.gold") / "dev.jsonl"
        questions = [json.loads(line)["question"] for line in gold.read_text("utf-8").splitlines() if line]
        name = f"{len(texts)} paragraphs of the bundled sample"
    random.Random(7).shuffle(questions)  # noqa: S311 (nothing secret)
    return Corpus(name, tuple(dict.fromkeys(texts)), tuple(questions))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _chain(texts: tuple[str, ...], more: Iterator[str]) -> Iterator[str]:
    yield from texts
    yield from more


def _perturbed(text: str, chance: random.Random) -> str:
    sentences = re.split(r"(?<=[.!?]) +", text)
    chance.shuffle(sentences)
    return (
        re.sub(r"\d+", lambda _: str(chance.randrange(1, 3000)), " ".join(sentences)) + f" Copy {chance.random():.9f}."
    )
