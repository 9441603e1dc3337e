"""The bundled briefs: complete headings, the promised shape, and no sentence of the reports they retell."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.article import Article
from sources.blocks import blocks
from sources.files import read_paths
from sources.sample import sample_directory

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
WORD = re.compile(r"[\w£]+(?:['’-]\w+)*")
LONGEST_SHARED_RUN = 7


@pytest.fixture(scope="module")
def briefs() -> list[Article]:
    found = [item for item in read_paths([sample_directory()], datetime.now(UTC)) if isinstance(item, Article)]
    assert len(found) == len(list(sample_directory().glob("*.md")))
    return found


def words(text: str) -> list[str]:
    return [word.replace("’", "'").lower() for word in WORD.findall(text)]


def test_at_least_two_briefs_for_each_report(briefs: list[Article]) -> None:
    assert len(briefs) >= 12
    for number in ("000", "001", "002", "003", "004"):
        assert sum(brief.name.startswith(number) for brief in briefs) >= 2


def test_each_brief_says_what_it_is(briefs: list[Article]) -> None:
    for brief in briefs:
        assert brief.publisher == "Quotary sample"
        assert brief.published_at is not None
        assert brief.title != ""
        assert 150 <= len(words(brief.text)) <= 350
        assert sum(block.kind == "paragraph" for block in blocks(brief.text, brief.title)) >= 4
        source = (sample_directory() / f"{brief.name}.md").read_text(encoding="utf-8")
        assert re.search(rf"^summarises: .+ \({brief.name[:3]}\)$", source, re.MULTILINE)


def test_no_brief_repeats_a_report(briefs: list[Article]) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the seed reports are not beside this checkout (../shared/seeds)")
    length = LONGEST_SHARED_RUN + 1
    runs = {
        tuple(seen[at : at + length])
        for seed in SEEDS.glob("*.txt")
        for seen in [words(seed.read_text(encoding="utf-8"))]
        for at in range(len(seen) - length + 1)
    }
    for brief in briefs:
        own = words(brief.text)
        shared = [" ".join(own[at : at + length]) for at in range(len(own)) if tuple(own[at : at + length]) in runs]
        assert shared == [], f"{brief.name} repeats a report word for word"
