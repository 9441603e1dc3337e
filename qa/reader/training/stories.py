"""Stories: several reports of one matter with questions, written for training (`stories/README.md`), as question sets.

A story file has a line `STORY: ...`, then for each report the lines `ARTICLE: title`, `PUBLISHER: name` and
`DATE: 2023-05-14` with its text after them, then a line `QUESTIONS`. There, `Q: question` is followed by one line
`A: number of the report | quote`, or `A: number | quote | longer piece that stands in it once`, for each report that
answers it; `N: question` is one that none of them answers.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer

from index.split import split
from sources.article import Article, Span
from sources.errors import SourceError

STORIES = Path(__file__).with_name("stories")
_ARTICLE = re.compile(r"^ARTICLE:(.*)\nPUBLISHER:(.*)\nDATE:(.*)\n", re.MULTILINE)
_FIELDS = re.compile(r"\s+\|\s+")
_NUMBER = re.compile(r"\d+$")
_HELD = 9
"""A story whose number this divides is held out."""
_HELD_FOLDER = "directions/"
"""So are all of one writer's: the others have habits that the network may learn."""
# Nothing depends on when a story was read.
_NOW = datetime(2026, 11, 25, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoryQuestion:
    """A question with the places that answer it, (number of the report from 0, code points in its text); or none."""

    text: str
    answers: tuple[tuple[int, Span], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Reports of one matter, with questions."""

    name: str
    reports: tuple[Article, ...]
    questions: tuple[StoryQuestion, ...]


def read_stories(folder: Path) -> list[Story]:
    """The stories in a folder and its folders, by name.

    Raises:
        SourceError: a story is not in the format; names its file and what is wrong.
    """
    found = sorted(folder.rglob("*.txt"))
    return [parse(path.relative_to(folder).with_suffix("").as_posix(), path.read_text("utf-8")) for path in found]


def held_out(stories: Sequence[Story]) -> tuple[list[Story], list[Story]]:
    """Those to train on and those to validate with; by a story's name, so that more stories move none.

    Raises:
        SourceError: a story's name does not end in a number.
    """
    sides: tuple[list[Story], list[Story]] = ([], [])
    for story in stories:
        number = _NUMBER.search(story.name)
        if number is None:
            raise SourceError(story.name, "a story's file is named with a number: story_01.txt")
        held = story.name.startswith(_HELD_FOLDER) or int(number[0]) % _HELD == 0
        sides[held].append(story)
    return sides


def parse(name: str, text: str) -> Story:
    """A story from its file's text.

    Raises:
        SourceError: it is not in the format.
    """
    told, mark, asked = text.partition("\nQUESTIONS\n")
    if not mark or not text.startswith("STORY:"):
        raise SourceError(name, "a story begins with a line STORY: and has a line QUESTIONS")
    _, *parts = _ARTICLE.split(told)
    reports = tuple(
        _report(f"{name}/{number + 1}", *parts[4 * number : 4 * number + 4]) for number in range(len(parts) // 4)
    )
    found: list[tuple[str, str, list[tuple[int, Span]]]] = []
    for line in filter(None, map(str.strip, asked.split("\n"))):
        kind, _, rest = line.partition(":")
        if kind in ("Q", "N"):
            found.append((kind, rest.strip(), []))
        elif kind == "A" and found:
            found[-1][2].append(_place(name, rest.strip(), reports))
        else:
            raise SourceError(name, f"this line is no Q, N or A: {line}")
    for kind, question, answers in found:
        if (kind == "Q") != bool(answers):
            raise SourceError(name, f"a Q has lines A and an N has none: {question}")
    return Story(name, reports, tuple(StoryQuestion(question, tuple(answers)) for _, question, answers in found))


def _report(name: str, title: str, publisher: str, day: str, text: str) -> Article:
    try:
        published_at = date.fromisoformat(day.strip())
    except ValueError as error:
        raise SourceError(name, f"DATE is written 2023-05-14, not {day.strip()!r}") from error
    return Article.create(
        name=name,
        origin=name,
        title=title.strip(),
        publisher=publisher.strip(),
        published_at=published_at,
        text=text.strip(),
        added_at=_NOW,
    )


def _place(name: str, line: str, reports: Sequence[Article]) -> tuple[int, Span]:
    fields = _FIELDS.split(line)
    if len(fields) not in (2, 3) or fields[0] not in map(str, range(1, len(reports) + 1)):
        raise SourceError(name, f"an answer is `number of a report | quote` or with `| longer piece`, not: {line}")
    number, quote, around = int(fields[0]) - 1, fields[1], fields[-1]
    text = reports[number].text
    if text.count(around) != 1 or around.count(quote) != 1:
        raise SourceError(name, f"the answer must stand once in its report: {line}")
    start = text.index(around) + around.index(quote)
    return number, Span(start, start + len(quote))


def write_set(stories: Iterable[Story], folder: Path) -> tuple[int, int]:
    """Write them in the layout of the public sets, cut into passages as in use; how many passages and questions.

    A question is there once for each passage that answers it; one that nothing answers, with the passage of its story
    that has most of its words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    passages, questions = [], []
    for story in stories:
        cut = [(number, p) for number, report in enumerate(story.reports) for p in split(report)]
        texts = [p.span.of(story.reports[number].text) for number, p in cut]
        ids = [f"{story.name}#{place}" for place in range(len(cut))]
        passages += [
            {"id": i, "title": story.reports[n].title, "text": text}
            for i, (n, _), text in zip(ids, cut, texts, strict=True)
        ]
        nearest = _nearest([question.text for question in story.questions], texts)
        for number, question in enumerate(story.questions):
            spans = {
                place: (span.start - p.start, span.of(story.reports[n].text))
                for n, span in question.answers
                for place, (home, p) in enumerate(cut)
                if home == n and p.start <= span.start and span.end <= p.end
            }
            row = {
                "question": question.text,
                "answers": sorted({text for _, text in spans.values()}),
                "answerable": bool(question.answers),
            }
            for place in spans if question.answers else [nearest[number]]:
                answer = [{"start": spans[place][0], "text": spans[place][1]}] if question.answers else []
                name = f"{story.name}?{number}.{place}"
                questions.append(row | {"id": name, "relevant": [ids[place]], "answer_spans": answer})
    _write_rows(folder / "corpus.jsonl", passages)
    _write_rows(folder / "queries.jsonl", questions)
    return len(passages), len(questions)


def write_gold(stories: Iterable[Story], folder: Path) -> int:
    """Write the reports as files of `articles` and the questions as `gold.jsonl`, for `quotary eval`; how many."""
    rows = []
    for story in stories:
        flat = story.name.replace("/", "-")
        names = [f"{flat}-{number + 1}" for number in range(len(story.reports))]
        (folder / "articles").mkdir(parents=True, exist_ok=True)
        for name, report in zip(names, story.reports, strict=True):
            head = {"title": report.title, "publisher": report.publisher, "date": report.published_at}
            text = f"---\n{yaml.safe_dump(head, allow_unicode=True)}---\n\n{report.text}\n"
            (folder / "articles" / f"{name}.md").write_text(text, "utf-8")
        for number, question in enumerate(story.questions):
            rows.append(
                {
                    "id": f"{flat}-{number:02}",
                    "question": question.text,
                    "answers": sorted({span.of(story.reports[n].text) for n, span in question.answers}),
                    "articles": sorted({names[n] for n, _ in question.answers}),
                    "type": "story",
                    "answerable": bool(question.answers),
                }
            )
    _write_rows(folder / "gold.jsonl", rows)
    return len(rows)


def _nearest(questions: list[str], texts: list[str]) -> list[int]:
    terms = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    documents = terms.fit_transform(texts)
    return [int(place) for place in np.asarray((terms.transform(questions) @ documents.T).argmax(1)).ravel()]


def _write_rows(path: Path, rows: Iterable[object]) -> None:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), "utf-8")
