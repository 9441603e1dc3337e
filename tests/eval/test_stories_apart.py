"""What the reader was trained on has nothing of what its figures are taken on."""

import re
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from eval.questions import read_gold
from qa.reader.training.stories import STORIES, Story, read_stories
from sources.sample import sample_directory

GOLD = Path(__file__).parents[2] / "eval" / "gold"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
RUN = 9
"""Words; "the secretary of state for education said that the council" may well stand in two texts."""


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return read_stories(STORIES)


def test_no_gold_question_is_among_them(stories: list[Story]) -> None:
    asked = [question.text.lower() for story in stories for question in story.questions]
    gold = [question.question.lower() for question in read_gold([GOLD / "dev.jsonl", GOLD / "test.jsonl"])]
    near = {
        question: found
        for question in gold
        for found, likeness, _ in process.extract(question, asked, scorer=fuzz.ratio, limit=1)
        if likeness > 90
    }
    assert not near


@pytest.mark.parametrize("folder", [sample_directory(), SEEDS])
def test_they_share_no_sentence_with_what_is_asked(stories: list[Story], folder: Path) -> None:
    if not folder.exists():
        pytest.skip(f"{folder.name} is not beside this checkout")
    told = runs(" ".join(path.read_text("utf-8") for path in folder.iterdir() if path.suffix in (".md", ".txt")))
    assert told
    written = [report.text for story in stories for report in story.reports]
    assert not {run for text in written for run in runs(text) & told}


def runs(text: str) -> set[str]:
    """Every so many words in a row, in lower case."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}
