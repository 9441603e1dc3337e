"""Generations: what a long run of commits leaves behind."""

from pathlib import Path

import pytest

import index.generations
from index.catalog import Catalog
from index.generations import DATABASE
from tests.fakes import WordEncoder, article


def test_the_log_does_not_grow_with_the_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.generations, "LOG_BYTES", 100_000)
    log = tmp_path / f"{DATABASE}-wal"
    largest = 0
    with Catalog.open(tmp_path, WordEncoder()) as catalog:
        for number in range(25):
            catalog.add([article(f"a{number}", f"Number {number} said something. " + "Much more was said. " * 200)])
            largest = max(largest, log.stat().st_size)
        held = catalog.snapshot()  # a reader that stays: the log may grow, and nothing may break
        for number in range(25, 30):
            catalog.add([article(f"a{number}", f"Number {number} said something else.")])
        assert held.store.count_articles() == 25
        assert catalog.count() == 30
    assert largest < 300_000
