"""The first real corpus, the five seed reports: each read whole, its furniture known, its sentences exact."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sources.article import Article
from sources.blocks import blocks
from sources.files import read_paths

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed reports are not beside this checkout")

BOILERPLATE = {"000": 3, "001": 3, "002": 5, "003": 4, "004": 4}
BULLETS = {"000": 0, "001": 12, "002": 0, "003": 5, "004": 7}


@pytest.fixture(scope="module")
def seeds() -> dict[str, Article]:
    items = list(read_paths([SEEDS], datetime.now(UTC)))
    return {item.name[:3]: item for item in items if isinstance(item, Article)}


def test_each_seed_is_read_with_its_title(seeds: dict[str, Article]) -> None:
    assert sorted(seeds) == ["000", "001", "002", "003", "004"]
    for article in seeds.values():
        assert article.title == article.text.split("\n", maxsplit=1)[0]
    assert seeds["004"].published_at == date(2022, 11, 8)


@pytest.mark.parametrize("number", sorted(BOILERPLATE))
def test_layout(seeds: dict[str, Article], number: str) -> None:
    article = seeds[number]
    kinds = [block.kind for block in blocks(article.text, article.title)]
    assert kinds[0] == "heading"
    assert (kinds.count("boilerplate"), kinds.count("bullet")) == (BOILERPLATE[number], BULLETS[number])


def test_no_furniture_is_a_sentence(seeds: dict[str, Article]) -> None:
    for article in seeds.values():
        for block in blocks(article.text, article.title):
            for sentence in block.sentences:
                words = sentence.of(article.text)
                assert not any(mark in words for mark in ("Credit:", "Image caption", "Tel:", "Comments are", "Follow"))


def test_lead_ins_and_captions_stay(seeds: dict[str, Article]) -> None:
    def sentences(number: str) -> list[str]:
        article = seeds[number]
        return [s.of(article.text) for block in blocks(article.text, article.title) for s in block.sentences]

    assert "The Joint inspection found:" in sentences("003")
    assert any(s.startswith("Solihull Council has been under the microscope") for s in sentences("002"))
    assert any(
        s.endswith("in situations of “unassessed and unknown risk”\xa0because of assessment delays at the front door.")
        for s in sentences("004")
    )
