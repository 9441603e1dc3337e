"""A small catalog with a word encoder, for the parts of the pipeline."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.catalog import Catalog
from tests.fakes import WordEncoder, article

ARTICLES = (
    article(
        "rain",
        "Rain fell on the town of Wexcombe. The river Ash rose by two metres on 3 May 2021.\n\nSchools shut for weeks.",
        publisher="Gazette",
        published_at=date(2021, 5, 4),
    ),
    article(
        "fire",
        "A fire closed the station 😀. Nobody was hurt, the brigade said.",
        publisher="Herald",
        published_at=date(2022, 2, 2),
    ),
    article("fair", "The summer fair returns to the town. It costs £3 to enter."),
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path, WordEncoder()) as opened:
        opened.add(ARTICLES)
        yield opened


@pytest.fixture
def empty_catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "empty", WordEncoder()) as opened:
        yield opened
