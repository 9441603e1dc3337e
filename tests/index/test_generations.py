"""Generations: what a long run of commits leaves behind."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import index.generations
from index.catalog import Catalog
from index.generations import DATABASE, Generations
from index.split import split
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


def test_all_who_ask_after_a_commit_of_another_process_see_it(tmp_path: Path) -> None:
    """Two catalogs stand for two processes; taking up a commit needs the lock, for which the others wait."""
    with Catalog.open(tmp_path, WordEncoder()) as ours, Catalog.open(tmp_path, WordEncoder()) as theirs:
        for number in range(5):
            theirs.add([article(f"a{number}", f"Number {number} said something.")])
            newest = theirs.snapshot().generation
            together = threading.Barrier(8)

            def ask(together: threading.Barrier = together) -> int:
                together.wait()
                return ours.snapshot().generation

            with ThreadPoolExecutor(8) as pool:
                seen = [pool.submit(ask) for _ in range(8)]
            assert {one.result() for one in seen} == {newest}


def test_a_writer_at_work_is_waited_for_once_and_not_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.generations, "TAKING_UP_SECONDS", 0.2)
    encoder = WordEncoder()
    with Catalog.open(tmp_path, encoder) as theirs:
        ours = Generations(tmp_path, encoder, split, print)
        old = ours.current().generation
        theirs.add([article("new", "Something new was said.")])
        begun = threading.Event()
        done = threading.Event()

        def write() -> None:
            with theirs._generations.writing():
                begun.set()
                done.wait(20)

        with ThreadPoolExecutor(1) as pool:
            pool.submit(write)
            begun.wait(20)
            start = time.monotonic()
            assert [ours.current().generation for _ in range(200)] == [old] * 200
            assert time.monotonic() - start < 10, "each of 200 waited as long as the first"
            done.set()
        assert ours.current().generation == theirs.snapshot().generation
        ours.close()
